"""What people and accidents do to an import and to a review: given up half way, begun twice, by the wrong person."""

import pytest
from library_cast import factor

from tanbiao.lca.datasets.report import refused
from tanbiao.platform.accounts.models import Membership, User
from tanbiao.platform.kernel.actions import Invalid, Refused
from tanbiao.platform.kernel.models import EvidenceFile
from tanbiao.platform.library import intake
from tanbiao.platform.library.actions import (
    discard_version,
    ensure_starter,
    import_into,
    open_source,
    publish_version,
    review_factor,
    start_import,
)
from tanbiao.platform.library.models import Compiled, Dataset, Flag, Source, Version
from tanbiao.platform.library.policies import ADMINISTRATOR
from tanbiao.platform.library.queries import dataset_for
from tanbiao.platform.library.tasks import give_up_import, import_version

ROWS = [factor(str(number), f"钢 {number}", f"Steel {number}") for number in range(5)]


@pytest.mark.parametrize("end", [(), (refused("x", "不能读取。", "not readable."),), (RuntimeError("broken"),)])
@pytest.mark.parametrize("batch", [2, 500])
def test_an_import_given_up_half_way_leaves_nothing(cast, begin, reads, a_file, monkeypatch, batch, end):
    monkeypatch.setattr(intake, "BATCH", batch)
    reads(*ROWS, *end)
    version = begin(cast.researcher)

    def tell(phase, done, total):
        if (phase, done) == ("reading", 3):
            discard_version(cast.researcher, version, reason="导错了文件")

    given_up = import_into(cast.researcher, version, a_file(), tell)
    assert given_up.state == "failed" and "导错了文件" in given_up.progress["zh"]
    assert not Dataset.objects.exists() and not Flag.objects.exists() and not Compiled.objects.exists()
    assert not EvidenceFile.objects.exists()


def test_an_import_given_up_at_its_very_end_leaves_nothing(cast, begin, reads, a_file, monkeypatch):
    reads(*ROWS)
    version = begin(cast.researcher)
    flag = intake.Intake._flag

    def flag_late(self):
        flag(self)
        discard_version(cast.researcher, version, reason="导错了文件")

    monkeypatch.setattr(intake.Intake, "_flag", flag_late)
    assert import_into(cast.researcher, version, a_file()).state == "failed"
    assert not Dataset.objects.exists() and not EvidenceFile.objects.exists()


def test_a_version_that_another_process_has_staged_meanwhile_is_left_as_it_is(cast, begin, reads, a_file):
    reads(*ROWS, factor("x", "异常", "Odd", value=-3.0))
    stale = begin(cast.researcher)
    staged = import_into(cast.researcher, Version.objects.get(pk=stale.pk), a_file())
    flags = set(staged.flags.values_list("pk", flat=True))
    again = import_into(cast.researcher, stale, a_file())
    assert flags and again.state == "staged" and set(again.flags.values_list("pk", flat=True)) == flags


def test_a_data_set_of_a_version_that_is_still_filled_has_no_page(cast, begin, reads, a_file, monkeypatch):
    monkeypatch.setattr(intake, "BATCH", 1)
    reads(*ROWS)
    seen = []

    def tell(phase, done, total):
        seen.extend(dataset_for(cast.researcher, pk) for pk in Dataset.objects.values_list("pk", flat=True))

    version = import_into(cast.researcher, begin(cast.researcher), a_file(), tell)
    assert seen and set(seen) == {None}
    assert dataset_for(cast.researcher, version.datasets.first().pk)


@pytest.fixture
def uploaded(cast, a_file):
    def start(filename):
        source = open_source(cast.researcher, None, name=f"库 {filename[:40]}")
        return start_import(cast.researcher, source, path=a_file(filename.encode()), filename=filename)

    return start


@pytest.mark.parametrize("filename", ["长" * 190 + ".csv", "..", "a/../../b.csv", "x" * 300])
def test_a_file_of_any_name_is_read_under_its_ending(reads, uploaded, filename):
    reads(*ROWS)
    version = uploaded(filename)
    import_version(str(version.pk))
    version.refresh_from_db()
    assert version.state == "staged"


def test_an_import_whose_person_has_left_ends(cast, reads, uploaded):
    reads(*ROWS)
    version = uploaded("a.csv")
    Membership.objects.filter(user_id=cast.researcher.user_id).delete()
    import_version(str(version.pk))
    version.refresh_from_db()
    assert version.state == "failed" and not Dataset.objects.exists() and not EvidenceFile.objects.exists()


def test_an_import_that_kills_its_workers_is_given_up_though_its_person_has_left(cast, uploaded):
    version = uploaded("a.csv")
    Membership.objects.filter(user_id=cast.researcher.user_id).delete()
    give_up_import(str(version.pk))
    version.refresh_from_db()
    assert version.state == "failed"


def test_an_import_can_be_given_up_on_its_page_while_it_runs(cast, begin, signed_in):
    version = begin(cast.researcher)
    address = f"/library/versions/{version.pk}/"
    assert f'href="{address}discard/"' in signed_in(cast.researcher).get(address).content.decode()


def test_the_same_file_under_another_link_rule_is_another_version(cast, staged, a_file):
    other = start_import(
        cast.researcher,
        staged.source,
        path=a_file(),
        filename="factors.csv",
        link_rule="main-product",
        in_background=False,
    )
    assert (other.number, other.link_rule, other.state) == (2, "main-product", "importing")


@pytest.mark.parametrize("name", ["measured", "starter"])
@pytest.mark.parametrize("access", ["open", "own"])
def test_nobody_opens_a_source_of_the_platforms_own(cast, name, access):
    with pytest.raises(Invalid, match="已有"):
        open_source(cast.operator, None, name=name, access=access)
    assert not Source.objects.exists()


def test_nobody_imports_into_a_source_of_the_platforms_own(cast, a_file, signed_in):
    source = ensure_starter().source
    for actor in (cast.operator, ADMINISTRATOR):
        with pytest.raises(Refused, match="自动维护"):
            start_import(actor, source, path=a_file(), filename="a.csv")
    assert str(source.pk) not in signed_in(cast.operator).get("/library/import/").content.decode()


def test_a_very_long_name_is_cut(db):
    assert len(open_source(ADMINISTRATOR, None, name="长" * 500).title) == 200


def test_a_blocking_flag_without_a_place_blocks(cast, staged):
    Flag.objects.create(version=staged, check_code="unit", severity="blocking", place="", zh="单位", en="unit")
    with pytest.raises(Refused, match="未决定"):
        publish_version(cast.researcher, staged)


def test_a_long_reason_is_kept_as_far_as_it_fits(cast, staged):
    from django.utils.translation import override

    dataset = staged.datasets.get(uid="a")
    about = {"check_code": "unit", "severity": "blocking", "state": "upheld", "zh": "单位", "en": "unit"}
    Flag.objects.create(version=staged, dataset=dataset, reason="r" * 400, **about)
    with override("en"):
        publish_version(cast.researcher, staged)
    dataset.refresh_from_db()
    assert dataset.state == "retired" and len(dataset.retired_reason) == 400


def test_a_colleague_of_the_submitter_at_another_organisation_does_not_review(cast, submission):
    Membership.objects.create(
        user=User.objects.get(pk=submission.submitted_by_id),
        organisation_id=cast.data_reviewer.organisation_id,
        roles=["researcher"],
    )
    with pytest.raises(Refused, match="不得审核"):
        review_factor(cast.data_reviewer, submission, verdict="agree", note="同意")


def test_who_worked_on_an_open_database_is_not_told_to_the_public(cast, open_version, staged, signed_in, client):
    publish_version(cast.operator, open_version)
    assert cast.operator.name not in client.get(f"/library/versions/{open_version.pk}/").content.decode()
    assert cast.researcher.name in signed_in(cast.maker).get(f"/library/versions/{staged.pk}/").content.decode()
