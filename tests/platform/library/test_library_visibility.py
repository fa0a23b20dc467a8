"""What is under one organisation's licence does not exist for another: in lists, counts, keys, names, messages."""

import pytest
from library_cast import factor

from tanbiao.platform.kernel.actions import Invalid, Refused
from tanbiao.platform.library.actions import (
    import_into,
    open_source,
    publish_version,
    retire_dataset,
    start_import,
    submit_factor,
)
from tanbiao.platform.library.policies import ADMINISTRATOR
from tanbiao.platform.library.queries import (
    Filters,
    dataset_by_key,
    dataset_for,
    datasets_of,
    datasets_visible_to,
    find_datasets,
    history_of,
    source_named,
    sources_visible_to,
    submissions_visible_to,
    versions_visible_to,
)

OUTSIDERS = ["rival", "acceptance", "other_body", "institute", "data_reviewer", "regulator", "bank", "operator",
             "passer_by"]  # fmt: skip


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_own_database_does_not_exist_for_others(cast, published, dataset, who):
    actor = getattr(cast, who)
    assert not sources_visible_to(actor).exists()
    assert not versions_visible_to(actor).exists()
    assert not datasets_visible_to(actor).exists()
    assert not datasets_of(actor, published).exists()
    assert dataset_by_key(actor, dataset.key) is None
    assert dataset_for(actor, dataset.pk) is None
    assert not history_of(actor, dataset).exists()
    for text in ("热轧", "plate", dataset.key, ""):
        found = find_datasets(actor, text, filters=Filters(state=""))
        assert (found.rows, found.total) == ((), 0)
        assert not any(found.facets.values())


@pytest.mark.parametrize("who", ["maker", "researcher"])
def test_its_own_people_see_it(cast, published, dataset, who):
    actor = getattr(cast, who)
    assert dataset_by_key(actor, dataset.key) == dataset
    assert find_datasets(actor, "热轧").total == 1
    assert dict(find_datasets(actor).facets["source"]) == {str(published.source_id): 2}


def test_whoever_has_the_database_in_hand_sees_all(published, dataset):
    assert dataset_by_key(ADMINISTRATOR, dataset.key) == dataset


def test_a_staged_own_version_is_seen_by_its_people_only_and_not_to_be_chosen(cast, staged):
    assert list(versions_visible_to(cast.maker)) == [staged]
    assert datasets_of(cast.maker, staged).count() == 2
    assert not datasets_visible_to(cast.maker).exists()
    assert not versions_visible_to(cast.operator).exists()


def test_an_open_version_is_seen_by_everybody_once_published(cast, open_version):
    for name, actor in cast.everybody().items():
        seen = name in ("operator", "data_reviewer", "second_data_reviewer")
        assert versions_visible_to(actor).exists() is seen
        assert not datasets_visible_to(actor).exists()
    publish_version(cast.operator, open_version)
    for actor in cast.everybody().values():
        assert datasets_visible_to(actor).count() == 1
        assert find_datasets(actor, "公开").total == 1


def test_the_name_of_anothers_database_is_free(cast, published):
    same = open_source(cast.rival, None, name="我的数据库")
    assert same.name != published.source.name
    assert source_named(cast.rival, "我的数据库", "own", cast.rival.organisation_id) == same
    with pytest.raises(Invalid, match="已有"):
        open_source(cast.rival, None, name="我的数据库")


def test_a_message_about_anothers_data_set_is_that_of_none(cast, published, dataset, begin, a_file, reads):
    reads(factor("r", "对手钢板", "Rival plate"))
    mine = import_into(cast.rival, begin(cast.rival, "对手数据库", b"rival"), a_file(b"rival"))
    publish_version(cast.rival, mine)
    said = {}
    for key in (dataset.key, "nothing@1:a"):
        with pytest.raises(Invalid) as fault:
            retire_dataset(cast.rival, mine.datasets.get(), reason="旧", successor=key)
        said[key] = str(fault.value).replace(key, "KEY")
    assert len(set(said.values())) == 1


def test_another_may_not_import_into_it(cast, published, a_file):
    for actor in (cast.rival, cast.operator, cast.institute, cast.passer_by):
        with pytest.raises(Refused):
            start_import(actor, published.source, path=a_file(), filename="x.csv")


def test_only_the_operator_opens_a_source_to_all(cast):
    with pytest.raises(Refused, match="平台管理员"):
        open_source(cast.researcher, None, name="公开", access="open")


def test_the_operators_own_database_is_the_operators(cast, begin, a_file, reads):
    reads(factor("p"))
    version = import_into(cast.operator, begin(cast.operator, "平台自用", b"p"), a_file(b"p"))
    publish_version(cast.operator, version)
    assert version.source.owner_id is not None or datasets_visible_to(cast.operator).count() == 1
    assert not datasets_visible_to(cast.maker).exists()


def test_submissions_are_seen_by_their_people_and_reviewers(cast, submission):
    seen = {name for name, actor in cast.everybody().items() if submissions_visible_to(actor).exists()}
    assert seen == {"maker", "researcher", "data_reviewer", "second_data_reviewer", "operator"}


def test_a_rival_cannot_replace_anothers_factor(cast, published, dataset, measured):
    with pytest.raises(Invalid, match="没有找到"):
        submit_factor(cast.rival, None, replaces=dataset.key, **measured)
