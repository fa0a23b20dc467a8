"""Where the server lives, and as whom."""

import os
import shutil
import stat

import psycopg
import pytest

from tanbiao.embedded import DatabaseError, Server, home, server
from tanbiao.embedded.binaries import available_binaries

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")


@pytest.fixture
def closed(place):
    """A checkout that nobody but its owner can enter."""
    folder = place / "closed"
    folder.mkdir(mode=0o700)
    return folder


def test_as_ourselves_when_we_are_not_root(monkeypatch, place):
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    assert home.home_at(place / "postgres").account == home.Account(4711, os.getegid())


@as_root
def test_root_runs_it_as_nobody(place):
    with Server(place / "postgres", durable=False) as running:
        owner = (running.folder / "data").stat()
        assert owner.st_uid == home.pwd.getpwnam("nobody").pw_uid
        assert running.folder == place / "postgres"


@as_root
def test_root_runs_it_as_the_owner_of_its_folder(place):
    (place / "postgres").mkdir(mode=0o700)
    os.chown(place / "postgres", 1, 1)
    with Server(place / "postgres", durable=False) as running:
        assert (running.folder / "data").stat().st_uid == 1


@as_root
def test_a_closed_checkout_keeps_its_data_elsewhere_and_says_so(closed):
    wanted = closed / "var" / "postgres"
    with Server(wanted, durable=False) as running, psycopg.connect(running.url()) as connection:
        connection.execute("CREATE TABLE label ()")
        assert running.folder.parent == home.ELSEWHERE
        assert stat.S_IMODE(running.folder.stat().st_mode) == 0o700
    assert wanted.read_text().startswith(f"{running.folder}\n")
    assert "nobody" in wanted.read_text()
    closed.chmod(0o755)  # opened later, it still finds its data
    with Server(wanted, durable=False) as again, psycopg.connect(again.url()) as connection:
        assert connection.execute("SELECT count(*) FROM label").fetchone() == (0,)


@as_root
def test_programs_out_of_reach_are_copied(closed, place, monkeypatch):
    wheel = available_binaries()[0]
    out_of_reach = wheel.copied_to(closed / "site-packages")
    monkeypatch.setattr(server, "binaries_for", lambda data: out_of_reach)
    with Server(place / "postgres", durable=False) as running, psycopg.connect(running.url()) as connection:
        connection.execute("SELECT 1")
    copy = home.ELSEWHERE / f"postgresql-{wheel.version}"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o755
    assert copy.stat().st_uid == 0  # the account runs the programs, it cannot change them


@as_root
def test_data_that_their_account_can_no_longer_reach_are_an_error_and_stay(closed):
    closed.chmod(0o755)
    with Server(closed / "postgres", durable=False):
        pass
    closed.chmod(0o700)
    with pytest.raises(DatabaseError, match="chmod"):
        Server(closed / "postgres").start()
    assert (closed / "postgres" / "data" / "PG_VERSION").exists()


@as_root
def test_a_lock_file_that_is_a_link_is_not_followed(place):
    """The home belongs to an account trusted less than root: its links must not lead root anywhere."""
    target = place / "precious"
    target.write_text("root's own")
    folder = home.home_at(place / "postgres").folder
    (folder / "users.lock").symlink_to(target)
    with pytest.raises(OSError, match="symbolic links"):
        Server(folder, durable=False).start()
    assert target.stat().st_uid == 0


def test_a_folder_of_another_account_is_a_clear_error(monkeypatch, place):
    def refused(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(home.Path, "chmod", refused)
    with pytest.raises(DatabaseError, match="run as that account"):
        home.home_at(place / "postgres")
    monkeypatch.undo()
    shutil.rmtree(place / "postgres")
