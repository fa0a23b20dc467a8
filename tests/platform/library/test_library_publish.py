"""From staged to published to retired: the gate's flags decided, data sets followed by their successors."""

import pytest
from library_cast import factor

from tanbiao.platform.kernel.actions import Invalid, Refused
from tanbiao.platform.library.actions import (
    decide_flags,
    import_into,
    publish_version,
    retire_dataset,
    retire_version,
)
from tanbiao.platform.library.models import Flag
from tanbiao.platform.library.queries import dataset_by_key, find_datasets, history_of


@pytest.fixture
def flagged(staged):
    """One blocking flag on each data set of the staged version."""
    for row in staged.datasets.all():
        Flag.objects.create(
            version=staged, dataset=row, check_code="odd", severity="blocking", place=row.name, zh="异常", en="odd"
        )
    return staged


def test_blocking_flags_are_decided_before_publication(cast, flagged):
    with pytest.raises(Refused, match="热轧钢板"):
        publish_version(cast.researcher, flagged)
    decide_flags(cast.researcher, flagged, check_code="odd", state="accepted", reason="已核对原始文献")
    assert publish_version(cast.researcher, flagged).state == "published"


def test_a_data_set_whose_flag_is_upheld_goes_in_as_retired(cast, flagged):
    wrong = flagged.flags.get(place="热轧钢板", check_code="odd")
    decide_flags(cast.maker, flagged, check_code="odd", state="accepted", reason="已核对")
    decide_flags(cast.maker, flagged, flags=[wrong.pk], state="upheld", reason="单位错误")
    publish_version(cast.researcher, flagged)
    row = flagged.datasets.get(uid="a")
    assert row.state == "retired" and "单位错误" in row.retired_reason
    assert flagged.datasets.get(uid="b").state == "current"
    assert find_datasets(cast.maker, "热轧钢板").total == 0


@pytest.mark.parametrize(
    "given",
    [{"state": "accepted", "reason": " ", "check_code": "odd"}, {"state": "accepted", "reason": "好"},
     {"state": "open", "reason": "好", "check_code": "odd"}],
)  # fmt: skip
def test_a_decision_names_flags_and_says_why(cast, flagged, given):
    with pytest.raises(Invalid):
        decide_flags(cast.researcher, flagged, **given)


def test_flags_of_a_published_version_stay(cast, flagged):
    decide_flags(cast.researcher, flagged, check_code="odd", state="accepted", reason="已核对")
    publish_version(cast.researcher, flagged)
    with pytest.raises(Refused, match="已发布"):
        decide_flags(cast.researcher, flagged, check_code="odd", state="upheld", reason="又想了想")


def test_the_flags_of_an_open_version_are_for_data_reviewers(cast, open_version):
    flag = Flag.objects.create(
        version=open_version, check_code="odd", severity="blocking", place="公开钢板", zh="异常", en="odd"
    )
    with pytest.raises(Refused):
        decide_flags(cast.maker, open_version, flags=[flag.pk], state="accepted", reason="好")
    decide_flags(cast.data_reviewer, open_version, flags=[flag.pk], state="accepted", reason="来源可靠")
    assert publish_version(cast.second_data_reviewer, open_version).state == "published"


def test_the_gate_judges_factors_of_an_import(cast, begin, reads, a_file):
    reads(factor("kJ", "电", "power", 17.8, "kJ"), factor("ok"))
    version = import_into(cast.researcher, begin(cast.researcher), a_file())
    assert version.flags.filter(dataset__uid="kJ", severity="blocking").exists()


def test_a_data_set_is_retired_with_a_successor(cast, published, dataset):
    successor = published.datasets.get(uid="b")
    retire_dataset(cast.researcher, dataset, reason="数值过时", successor=successor.key)
    dataset.refresh_from_db()
    assert (dataset.state, dataset.successor, dataset.retired_reason) == ("retired", successor, "数值过时")
    assert dataset_by_key(cast.maker, dataset.key).successor == successor  # what names it still finds it


@pytest.mark.parametrize(("key", "said"), [("itself", "自己"), ("nothing", "没有找到")])
def test_a_successor_is_another_data_set(cast, dataset, key, said):
    with pytest.raises(Invalid, match=said):
        retire_dataset(cast.researcher, dataset, reason="旧", successor=dataset.key if key == "itself" else key)


def test_a_retired_data_set_is_no_successor(cast, published, dataset):
    other = published.datasets.get(uid="b")
    retire_dataset(cast.researcher, other, reason="旧")
    with pytest.raises(Invalid, match="已停用"):
        retire_dataset(cast.researcher, dataset, reason="旧", successor=other.key)


def test_an_open_data_set_is_not_followed_by_a_licensed_one(cast, open_version, published, begin, reads, a_file):
    publish_version(cast.operator, open_version)
    reads(factor("p"))
    own = import_into(cast.operator, begin(cast.operator, "平台自用", b"own"), a_file(b"own"))
    publish_version(cast.operator, own)
    with pytest.raises(Invalid, match="公开"):
        retire_dataset(cast.operator, open_version.datasets.get(), reason="旧", successor=own.datasets.get().key)


def test_a_retired_version_is_followed_by_the_newer_one(cast, published, dataset, begin, reads, a_file):
    reads(factor("a", value=2.0), factor("c", "镀锌板", "Galvanised"))
    newer = import_into(cast.researcher, begin(cast.researcher, content=b"2025"), a_file(b"2025"))
    publish_version(cast.researcher, newer)
    assert retire_version(cast.researcher, published, reason="已有 2025 版").state == "retired"
    dataset.refresh_from_db()
    assert dataset.successor == newer.datasets.get(uid="a")
    assert published.datasets.get(uid="b").successor is None
    assert [row.version.number for row in history_of(cast.maker, dataset)] == [2, 1]
    assert find_datasets(cast.maker, "钢板").total == 1  # of the newer version only
