"""The starter library as a source: there once, and its keys stay what workbooks name."""

import pytest

from tanbiao.formats.starter import Library, starter_library
from tanbiao.platform.accounts.actor import PASSER_BY
from tanbiao.platform.library.actions import ensure_starter
from tanbiao.platform.library.models import Dataset, Version
from tanbiao.platform.library.queries import dataset_by_key, factor_of

pytestmark = pytest.mark.django_db


def test_every_row_is_there_under_its_bare_id_with_the_same_factor(starter):
    library = starter_library()
    assert starter.state == "published"
    assert set(starter.datasets.values_list("key", flat=True)) == set(library)
    for id in library:
        assert factor_of(dataset_by_key(PASSER_BY, id)) == library[id]


def test_entering_it_again_changes_nothing(starter):
    assert ensure_starter() == starter
    assert Version.objects.count() == 1


def test_a_new_version_takes_the_keys_over_and_retires_the_old(starter, monkeypatch):
    old = dict(starter_library())
    gone, changed, *_ = old
    new = Library({id: factor for id, factor in old.items() if id != gone}, "f" * 64)
    monkeypatch.setattr("tanbiao.platform.library.actions.starter.starter_library", lambda: new)
    second = ensure_starter()
    assert second.number == 2
    kept = Dataset.objects.get(key=changed)
    assert kept.version == second and kept.state == "current"
    before = Dataset.objects.get(key=f"starter@1:{changed}")
    assert (before.state, before.successor) == ("retired", kept)
    vanished = Dataset.objects.get(key=gone)
    assert (vanished.state, vanished.successor, vanished.version) == ("retired", None, starter)
    starter.refresh_from_db()
    assert starter.state == "retired"


def test_a_grid_factor_is_not_permitted_in_a_footprint(starter):
    grid = Dataset.objects.get(key="cn-bj-grid-co2-2021")
    assert (grid.permitted_use, grid.use_instead) == ("not_in_footprint", "cn-electricity-footprint-2024")
