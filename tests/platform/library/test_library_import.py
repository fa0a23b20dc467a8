"""Importing: all or nothing, the same file once, interrupted and gone on with, refused with a reason."""

import pytest
from django.db import IntegrityError, transaction
from library_cast import factor

from tanbiao.lca.datasets.report import refused
from tanbiao.platform.kernel.actions import Invalid, Refused
from tanbiao.platform.kernel.bilingual import text_of
from tanbiao.platform.kernel.models import EvidenceFile
from tanbiao.platform.kernel.queries import events_of
from tanbiao.platform.library import intake
from tanbiao.platform.library.actions import (
    discard_version,
    ensure_starter,
    import_into,
    publish_version,
    start_import,
)
from tanbiao.platform.library.models import Dataset, Flag, Version
from tanbiao.platform.library.policies import ADMINISTRATOR
from tanbiao.platform.library.queries import verdict_of
from tanbiao.platform.library.tasks import give_up_import


class Killed(BaseException):
    pass


def test_an_import_is_staged_with_its_content_hash_and_report(cast, staged):
    assert (staged.state, staged.number, staged.format) == ("staged", 1, "table")
    assert len(staged.content_sha256) == 64 and staged.report["counts"]["factors"] == 2
    row = staged.datasets.get(uid="a")
    assert row.key == f"{staged.source.name}@1:a" and row.value == 2.1 and row.factor
    assert verdict_of(staged) == "accept"
    verbs = [event.verb for event in events_of(staged)]
    assert verbs == ["library.start_import", "library.stage_version"]


def test_the_content_hash_does_not_depend_on_the_order(cast, staged, begin, reads, a_file):
    reads(factor("b", "冷轧钢板", "Cold rolled plate"), factor("a"))
    again = import_into(cast.researcher, begin(cast.researcher, content=b"other"), a_file(b"other"))
    assert (again.number, again.content_sha256) == (2, staged.content_sha256)


def test_the_same_file_again_answers_with_the_same_version(cast, staged, begin):
    assert begin(cast.researcher) == staged
    assert Version.objects.count() == 1


def test_the_files_of_a_refused_source_go_when_it_is_committed(
    cast, begin, reads, a_file, settings, django_capture_on_commit_callbacks
):
    reads(factor("a"), refused("", "损坏。", "Damaged."))
    with django_capture_on_commit_callbacks(execute=True):
        import_into(cast.researcher, begin(cast.researcher), a_file())
    assert not [file for file in (settings.VAR / "files").rglob("*") if file.is_file()]


def test_a_refused_source_leaves_nothing_behind(cast, begin, reads, a_file):
    reads(factor("a"), refused("表!A3", "单位“斗”不认识。", 'The unit "dou" is not known.'))
    version = import_into(cast.researcher, begin(cast.researcher), a_file())
    assert version.state == "failed" and verdict_of(version) == "reject"
    assert version.progress == {"zh": "表!A3：单位“斗”不认识。", "en": '表!A3: The unit "dou" is not known.'}
    assert version.upload is None
    assert not Dataset.objects.exists() and not Flag.objects.exists() and not EvidenceFile.objects.exists()


def test_a_refused_file_may_be_brought_again(cast, begin, reads, a_file):
    reads(refused("", "损坏。", "Damaged."))
    import_into(cast.researcher, begin(cast.researcher), a_file())
    reads(factor("a"))
    assert import_into(cast.researcher, begin(cast.researcher), a_file()).number == 2


def test_an_unexpected_error_fails_the_version_and_is_raised(cast, begin, reads, a_file):
    reads(factor("a"), ValueError("a bug"))
    version = begin(cast.researcher)
    with pytest.raises(ValueError):
        import_into(cast.researcher, version, a_file())
    version.refresh_from_db()
    assert version.state == "failed" and "ValueError" in version.progress["zh"]
    assert not Dataset.objects.exists()


def test_a_killed_import_goes_on_where_it_stopped(cast, begin, reads, a_file, monkeypatch):
    monkeypatch.setattr(intake, "BATCH", 2)
    rows = [factor(str(number), f"钢 {number}", f"Steel {number}") for number in range(5)]
    reads(*rows[:3], Killed())
    version = begin(cast.researcher)
    with pytest.raises(Killed):
        import_into(cast.researcher, version, a_file())
    version.refresh_from_db()
    assert version.state == "importing"
    before = dict(version.datasets.values_list("uid", "pk"))
    assert set(before) == {"0", "1"}
    reads(*rows)
    done = import_into(cast.researcher, begin(cast.researcher), a_file())
    assert done == version and done.state == "staged"
    after = dict(done.datasets.values_list("uid", "pk"))
    assert set(after) == set("01234") and after | before == after  # what was there has stayed


def test_progress_shows_while_it_runs(cast, begin, reads, a_file):
    reads(factor("a"), factor("b", "冷", "cold"))
    version, seen = begin(cast.researcher), []

    def tell(phase, done, total):
        seen.append((phase, done, total))
        if phase == "reading":
            assert Version.objects.get(pk=version.pk).state == "importing"

    import_into(cast.researcher, version, a_file(), tell)
    assert ("reading", 2, 2) in seen
    version.refresh_from_db()
    assert version.progress == {}


def test_a_table_without_factors_is_read_but_nothing_is_stored(cast, begin, reads, a_file):
    reads()
    version = import_into(cast.researcher, begin(cast.researcher), a_file())
    assert (version.state, version.progress["nothing"], verdict_of(version)) == ("failed", True, "accept")
    assert not EvidenceFile.objects.exists()


def test_two_data_sets_of_one_id_are_refused(cast, begin, reads, a_file):
    reads(factor("a"), factor("a", value=3.0))
    version = import_into(cast.researcher, begin(cast.researcher), a_file())
    assert version.state == "failed" and "“a”" in version.progress["zh"]


def test_a_link_rule_that_there_is_not(cast, staged, a_file):
    with pytest.raises(Invalid, match="guess"):
        start_import(cast.researcher, staged.source, path=a_file(b"x"), filename="x.csv", link_rule="guess")


def test_texts_that_databases_or_terminals_do_not_take_are_cleaned(cast, begin, reads, a_file):
    reads(factor("a\0", "钢\0\x1b\x9b\x07板\ud800", "plate"))
    version = import_into(cast.researcher, begin(cast.researcher), a_file())
    assert version.datasets.get().name == "钢板?"


def test_a_staged_version_can_be_given_up(cast, staged):
    version = discard_version(cast.researcher, staged, reason="导错了文件")
    assert version.state == "failed" and "导错了文件" in version.progress["zh"]
    assert not Dataset.objects.exists() and not EvidenceFile.objects.exists()


def test_an_import_whose_workers_died_says_so_in_both_languages(begin, cast):
    version = begin(cast.researcher)
    give_up_import(str(version.pk))
    version.refresh_from_db()
    assert (version.state, version.progress["zh"]) == ("failed", "已放弃：读取时多次中断（内存或时间不足）。")
    assert version.progress["en"] == "Given up: Reading broke off several times (memory or time)."


def test_nobody_imports_where_the_platform_itself_enters_and_is_told_in_both_languages(cast, a_file):
    with pytest.raises(Refused) as refusal:
        start_import(ADMINISTRATOR, ensure_starter().source, path=a_file(b"x"), filename="x.csv")
    said = text_of(refusal.value)
    assert "不能导入" in said.zh and said.en.isascii()


def test_a_published_version_never_changes(cast, published):
    with pytest.raises(Refused):
        discard_version(cast.researcher, published, reason="不要了")
    row = published.datasets.first()
    for change in (
        lambda: published.datasets.update(value=1),
        lambda: published.datasets.all()._raw_delete("default"),
        lambda: Version.objects.filter(pk=published.pk).update(state="staged"),
        lambda: Version.objects.filter(pk=published.pk).update(content_sha256="0" * 64),
        lambda: Dataset.objects.filter(pk=row.pk).update(key="other"),
        lambda: Dataset.objects.create(version=published, uid="new", key="new", form="factor", name="new"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_version_is_published_once(cast, published):
    with pytest.raises(Refused, match="已发布"):
        publish_version(cast.researcher, published)
