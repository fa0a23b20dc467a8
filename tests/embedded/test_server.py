"""One server on one folder: what was committed is there again, however the run before ended."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tanbiao.embedded import DatabaseError, Server
from tanbiao.embedded.postmaster import running_postmaster

OWNER = """
import signal, sys, time
from pathlib import Path
from tanbiao.embedded import Server
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores Ctrl-C
with Server(Path(sys.argv[1]), durable=False) as server:
    print(server.url(), flush=True)
    time.sleep(600)
"""


def write(server, *names):
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS label (name text)")
        for name in names:
            connection.execute("INSERT INTO label VALUES (%s)", [name])


def read(server):
    with psycopg.connect(server.url()) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM label ORDER BY name")]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def owner(place):
    """Another process that holds the server on the same folder."""
    process = subprocess.Popen([sys.executable, "-c", OWNER, place / "postgres"], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().startswith("postgresql://")
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_data_stay_from_one_run_to_the_next(server):
    with server:
        write(server, "螺纹钢")
    with server:
        assert read(server) == ["螺纹钢"]


def test_a_stopped_server_is_gone_and_may_be_stopped_again(server):
    server.start()
    data = server.folder / "data"
    assert running_postmaster(data)
    assert server.stop()
    assert running_postmaster(data) is None
    assert not server.stop()
    with pytest.raises(DatabaseError, match="not running"):
        server.url()


def test_the_platforms_role_owns_its_database_and_is_no_superuser(server):
    with server, psycopg.connect(server.url()) as connection:
        row = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, pg_get_userbyid(datdba), rolsuper, rolcreatedb"
            " FROM pg_database, pg_roles WHERE datname = current_database() AND rolname = current_user"
        ).fetchone()
    assert row == ("UTF8", "C", "tanbiao", False, True)


def test_durable_unless_told_otherwise(place):
    with Server(place / "kept") as kept, psycopg.connect(kept.url()) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_folders_are_closed_to_everybody_else(server):
    server.start()
    assert [mode(server.folder / name) for name in (".", "data", "socket")] == [0o700] * 3
    assert mode(server.folder / "socket" / ".s.PGSQL.5432") == 0o700
    assert mode(server.folder / "server.log") == 0o600


@pytest.mark.parametrize("durable", [True, False])
def test_a_killed_database_recovers_all_that_was_committed(place, durable):
    server = Server(place / "postgres", durable=durable)
    server.start()
    write(server, "before")
    with psycopg.connect(server.url()):  # its process outlives the server for a moment
        os.kill(running_postmaster(server.folder / "data").pid, signal.SIGKILL)
        again = Server(server.folder, durable=durable)
        again.start()
    assert read(again) == ["before"]
    assert not again.stop()  # the first one still holds it
    assert server.stop()


def test_a_killed_owner_leaves_a_server_that_the_next_run_takes_over(server, owner, place):
    pid = running_postmaster(place / "postgres" / "data").pid
    owner.kill()
    owner.wait()
    server.start()
    write(server, "kept")
    assert running_postmaster(server.folder / "data").pid == pid
    assert server.stop()
    assert running_postmaster(server.folder / "data") is None


def test_killed_together_with_its_owner_it_recovers(server, owner, place):
    os.kill(running_postmaster(place / "postgres" / "data").pid, signal.SIGKILL)
    owner.kill()
    owner.wait()
    with server:
        write(server, "after")
        assert read(server) == ["after"]


def test_ctrl_c_stops_the_owner_first_and_then_the_server(owner, place):
    pid = running_postmaster(place / "postgres" / "data").pid
    assert os.getsid(pid) != os.getsid(owner.pid)  # the terminal's Ctrl-C does not reach the server
    owner.send_signal(signal.SIGINT)
    owner.wait(timeout=60)
    assert running_postmaster(place / "postgres" / "data") is None
    assert "database system is shut down" in (place / "postgres" / "server.log").read_text()


def test_two_runs_share_a_server_and_the_last_stops_it(server, owner, place):
    server.start()
    assert not server.stop()
    assert running_postmaster(place / "postgres" / "data")
    server.start()
    owner.send_signal(signal.SIGINT)
    owner.wait(timeout=60)
    write(server, "still here")
    assert server.stop()


def test_a_process_number_that_now_belongs_to_another_program_is_no_obstacle(server):
    with server:
        write(server, "before")
    stale = server.folder / "data" / "postmaster.pid"
    sleeper = subprocess.Popen(["sleep", "60"], **server._home.account.switch())
    try:
        stale.write_text(f"{sleeper.pid}\n{server.folder / 'data'}\n")
        with server:
            assert read(server) == ["before"]
    finally:
        sleeper.kill()
        sleeper.wait()


def test_an_empty_process_file_is_no_obstacle(server):
    with server:
        write(server, "before")
    (server.folder / "data" / "postmaster.pid").touch()
    with server:
        assert read(server) == ["before"]


def test_a_run_killed_while_creating_the_data_is_no_obstacle(server, place):
    unfinished = place / "postgres" / "data.new" / "base"
    unfinished.mkdir(parents=True)
    with server:
        write(server, "new")
    assert not unfinished.exists()


@pytest.mark.parametrize("name", ["a" * 120, "碳标 with spaces, commas and 'quotes'"])
def test_a_long_or_unusual_path_puts_the_socket_elsewhere_and_leaves_nothing_there(place, name):
    (place / name).mkdir()
    (place / name).chmod(0o755)
    server = Server(place / name / "postgres", durable=False)
    with server:
        write(server, "far away")
        socket_folder = Path(running_postmaster(server.folder / "data").socket_folder)
        assert len(str(socket_folder)) < 40
        assert mode(socket_folder) == 0o700
    assert not socket_folder.exists()


def test_variables_of_the_callers_environment_do_not_matter(server, monkeypatch):
    for name, value in {"PGPORT": "7777", "PGHOST": "example.invalid", "PGDATA": "/nowhere", "PGUSER": "eve"}.items():
        monkeypatch.setenv(name, value)
    with server:
        write(server, "mine")


def test_a_server_that_cannot_start_shows_the_end_of_its_log(server):
    with server:
        pass
    with (server.folder / "data" / "postgresql.conf").open("a") as settings:
        settings.write("\nno_such_setting = 1\n")
    began = time.monotonic()
    with pytest.raises(DatabaseError, match="no_such_setting"):
        server.start()
    assert time.monotonic() - began < 30  # a wrong setting is not waited for
    assert not server.stop()
