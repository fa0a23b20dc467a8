"""The ground that commands of the platform stand on: a running, migrated database, and Django on it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tanbiao.words import TanbiaoError, Text


def say(text: str) -> None:
    print(text, flush=True)


def say_aside(text: str) -> None:
    """For commands whose standard output is their answer alone."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def platform(port: int = 8000, tell: Callable[[str], None] = say) -> Iterator[None]:
    """Django on a running, migrated database: that of DATABASE_URL, else the embedded one (stopped at the end)."""
    from tanbiao.site.place import var_folder

    os.environ.setdefault("TANBIAO_URL", f"http://localhost:{port}")  # where labels and QR codes lead
    os.umask(os.umask(0o022) | 0o022)  # whatever we make, only our own account may change
    if os.environ.get("DATABASE_URL"):
        set_up()
        yield
        return
    from tanbiao.embedded import Server

    when_told_to_stop(signal.default_int_handler)
    tell("启动内置数据库 / starting the embedded database …")
    with Server(var_folder() / "postgres") as server:
        os.environ["DATABASE_URL"] = server.url("tanbiao")
        set_up()
        yield


def when_told_to_stop(do: Callable[[int, Any], object]) -> None:
    """A service manager, a closed window: as with Ctrl-C, which a shell's background job would not hear of."""
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if stop != signal.SIGHUP or signal.getsignal(stop) is not signal.SIG_IGN:  # nohup
            signal.signal(stop, do)


def set_up() -> None:
    """Raises TanbiaoError where the database does not answer."""
    import django
    from django.core.management import call_command
    from django.db import OperationalError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanbiao.site.settings")
    django.setup()
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise TanbiaoError(
            Text(
                f"数据库不可用，请检查 DATABASE_URL：{error}",
                f"The database cannot be used; check DATABASE_URL: {error}",
            )
        ) from error
