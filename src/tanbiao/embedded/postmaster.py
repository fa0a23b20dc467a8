"""What `postmaster.pid` says, and whether it is true.

The file stays behind when a server is killed, and its process number may by then belong to another program (after a
restart of the machine, or in a container, where few numbers are in use) or to a zombie. PostgreSQL would then refuse
to start for ever.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Postmaster:
    pid: int
    socket_folder: str
    ready: bool


def running_postmaster(data: Path) -> Postmaster | None:
    """The server that runs on this data folder now, or None."""
    lines = _pid_file(data)
    if not lines or not _serves(int(lines[0]), data):
        return None
    lines += [""] * 8  # a server that has just begun has not written them all
    return Postmaster(int(lines[0]), socket_folder=lines[4], ready=lines[7].strip() == "ready")


def forget_stranger(data: Path) -> None:
    """Remove a pid file that is empty or names a living process that is not this server. Nothing may run here.

    A file that names a dead process stays: from it PostgreSQL knows that connections of a killed server may live on.
    """
    lines = _pid_file(data)
    if lines == [] or (lines and (PROC / lines[0]).exists()):
        (data / "postmaster.pid").unlink()


def _pid_file(data: Path) -> list[str] | None:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    return lines if lines and lines[0].isdecimal() else []


def _serves(pid: int, data: Path) -> bool:
    if PROC.is_dir():
        try:
            return (PROC / str(pid) / "cwd").readlink() == data.resolve()  # where a server works
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
