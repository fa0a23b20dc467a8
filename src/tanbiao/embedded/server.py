"""Start and stop one PostgreSQL server on one home folder, whatever became of the run before.

Runs share a server: whoever comes first starts it, whoever leaves last stops it. Each run holds a shared lock on
`users.lock`, which the kernel lets go when the run ends in any way, `kill -9` included; a server left behind by such
a run is taken over by the next one. Starting and stopping happen one at a time, under `change.lock`.
"""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import psycopg

from tanbiao.embedded.binaries import Binaries, binaries_for
from tanbiao.embedded.errors import DatabaseError
from tanbiao.embedded.home import Home, elsewhere, home_at
from tanbiao.embedded.postmaster import Postmaster, forget_stranger, running_postmaster
from tanbiao.words import Text

DATABASE = "tanbiao"  # the database of the platform, and the role that owns it
SUPERUSER = "postgres"
PORT = 5432  # only part of the socket's name: the server listens on no network address
PLAIN_PATH = re.compile(r"[A-Za-z0-9._/-]+")  # what a settings list and a shell leave alone
LONGEST_SOCKET = 103  # bytes of a socket's path: macOS 103, Linux 107
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": PORT,
    "timezone": "UTC",
    "random_page_cost": "1.1",  # our data lie in memory or on flash; the price of a turning disk keeps it off indexes
}
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}  # outlives a killed process, but not a power cut
RECOVERY_SECONDS = 600
LAST_BACKENDS_SECONDS = 60


class Server:
    """A PostgreSQL server with its data below `home`, reached by a Unix socket only, as long as the block runs.

    `durable=False` is for tests: faster, and a power cut may lose everything. Not for use by two threads.
    """

    def __init__(self, home: Path, *, durable: bool = True):
        self._wanted = home
        self._durable = durable
        self._home: Home | None = None
        self._users: int | None = None  # our open file on users.lock, while we use the server

    def start(self) -> None:
        """Start the server, or join the one that runs on this home. Recovers from any kind of end of the run before.

        Raises DatabaseError.
        """
        if self._users is not None:
            return
        self._home = home_at(self._wanted)
        with self._one_at_a_time(self._home):
            self._users = _lock(self._home, "users.lock", fcntl.LOCK_SH)
            try:
                if not self._settled_postmaster(self._home):
                    self._launch(self._home)
                self._make_database()
            except BaseException:
                self._leave()
                raise

    def stop(self) -> bool:
        """Leave the server; stop it if nobody else uses it. Says whether it was stopped. Safe to call twice."""
        if self._home is None or self._users is None:
            return False
        with self._one_at_a_time(self._home):
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._leave()
                return False
            try:
                self._shut_down(self._home)
            finally:
                self._leave()
            return True

    def url(self, database: str = DATABASE, *, role: str = DATABASE) -> str:
        """The address of a database, in the form DATABASE_URL takes. Only of a started server."""
        postmaster = running_postmaster(self._home.data) if self._home else None
        if postmaster is None:
            raise DatabaseError(Text("内置数据库没有运行。", "The embedded database is not running."))
        return f"postgresql://{role}@/{database}?" + urlencode({"host": postmaster.socket_folder, "port": PORT})

    @property
    def folder(self) -> Path:
        """Where everything of this server really is. Known once it has been started."""
        return self._home.folder if self._home else self._wanted

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _leave(self) -> None:
        if self._users is not None:
            os.close(self._users)
            self._users = None

    @contextmanager
    def _one_at_a_time(self, home: Home) -> Iterator[None]:
        lock = _lock(home, "change.lock", fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(lock)

    def _settled_postmaster(self, home: Home) -> Postmaster | None:
        """The server that runs on this home, once it is ready; None when there is none, or it has finished stopping."""
        deadline = time.monotonic() + RECOVERY_SECONDS
        while (postmaster := running_postmaster(home.data)) and not postmaster.ready:
            if time.monotonic() > deadline:
                raise _failure(home, "启动未完成", "did not get ready")
            time.sleep(0.05)
        return postmaster

    def _binaries(self, home: Home) -> Binaries:
        binaries = binaries_for(home.data)
        if home.account.reaches(binaries.program("postgres")):
            return binaries
        return binaries.copied_to(elsewhere(f"postgresql-{binaries.version}"))

    def _launch(self, home: Home) -> None:
        binaries = self._binaries(home)
        if not home.data.exists():
            self._create_data(home, binaries)
        forget_stranger(home.data)
        settings = SETTINGS | {"unix_socket_directories": _socket_folder(home)}
        if not self._durable:
            settings |= NOT_DURABLE
        options = " ".join(f"-c {name}={shlex.quote(str(value))}" for name, value in settings.items())
        log = home.folder / "server.log"
        deadline = time.monotonic() + LAST_BACKENDS_SECONDS
        while True:
            if log.exists():
                log.replace(log.with_suffix(".log.before"))
            started = _pg_ctl(
                home, binaries, "start", f"--log={log}", f"--timeout={RECOVERY_SECONDS}", f"--options={options}"
            )
            if started.returncode == 0:
                return
            # After kill -9 of the server its connections may work on for a moment; PostgreSQL rightly waits for them.
            if "is still in use" not in _tail(log) or time.monotonic() > deadline:
                raise _failure(home, "无法启动", "did not start")
            time.sleep(0.2)

    def _shut_down(self, home: Home) -> None:
        if postmaster := running_postmaster(home.data):
            stopped = _pg_ctl(home, self._binaries(home), "stop", "--mode=fast", f"--timeout={RECOVERY_SECONDS}")
            if stopped.returncode:
                raise _failure(home, "未能停止", "did not stop")
            with suppress(OSError):  # the socket is gone; an empty folder in /tmp would stay for ever
                Path(postmaster.socket_folder).rmdir()

    def _create_data(self, home: Home, binaries: Binaries) -> None:
        """Make the data folder; a killed run leaves only the unfinished one, which the next run makes anew."""
        unfinished = home.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        words = ["--encoding=UTF8", "--locale=C", f"--username={SUPERUSER}", "--auth-local=trust", "--auth-host=reject"]
        made = _run(
            home,
            [binaries.program("initdb"), f"--pgdata={unfinished}", *words, *([] if self._durable else ["--no-sync"])],
        )
        if made.returncode:
            said = (made.stderr or made.stdout).strip()
            raise DatabaseError(Text(f"无法建立数据库 {home.folder}：{said}", f"Cannot create {home.folder}: {said}"))
        unfinished.rename(home.data)

    def _make_database(self) -> None:
        """The platform's role, which is no superuser, and its database."""
        with psycopg.connect(self.url("postgres", role=SUPERUSER), autocommit=True) as connection:
            if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [DATABASE]).rowcount:
                connection.execute(f"CREATE ROLE {DATABASE} LOGIN CREATEDB")
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {DATABASE}")


def _lock(home: Home, name: str, kind: int) -> int:
    """Open and lock a file of the home; waits for its turn. Closing it lets go."""
    handle = os.open(home.folder / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    if os.fstat(handle).st_nlink == 1:
        home.account.own(handle)
    fcntl.flock(handle, kind)
    return handle


def _socket_folder(home: Home) -> Path:
    """A new, closed folder for the socket: in the home, or in /tmp where the home's path is too long or too unusual."""
    folder = home.folder / "socket"
    path = str(folder / f".s.PGSQL.{PORT}")
    if len(path) > LONGEST_SOCKET or not PLAIN_PATH.fullmatch(path):
        folder = Path(tempfile.mkdtemp(prefix="tanbiao-", dir="/tmp"))
    else:
        shutil.rmtree(folder, ignore_errors=True)  # what a killed server left
        folder.mkdir(mode=0o700)
    home.account.own(folder)
    return folder


def _pg_ctl(home: Home, binaries: Binaries, verb: str, *words: str) -> subprocess.CompletedProcess[str]:
    return _run(home, [binaries.program("pg_ctl"), verb, f"--pgdata={home.data}", "--wait", "--silent", *words])


def _run(home: Home, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL as the server's account, out of reach of the terminal's Ctrl-C and our environment.

    Its output goes to files, not pipes: the server inherits them, and a pipe would not end before the server does.
    """
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        done = subprocess.run(  # noqa: S603
            command,
            cwd=home.folder,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
            umask=0o077,
            **home.account.switch(),
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())


def _tail(log: Path) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-12:])
    except FileNotFoundError:
        return ""


def _failure(home: Home, zh: str, en: str) -> DatabaseError:
    log = home.folder / "server.log"
    return DatabaseError(
        Text(
            f"内置数据库{zh}。日志 {log} 的末尾：\n{_tail(log)}",
            f"The embedded database {en}. The end of its log {log}:\n{_tail(log)}",
        )
    )
