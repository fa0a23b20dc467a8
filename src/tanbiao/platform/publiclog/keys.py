"""What the log keeps outside the database: its signing key, and how far it has come. 0600 files in var/keys."""

from __future__ import annotations

import fcntl
from pathlib import Path

from django.conf import settings

from tanbiao.trust import FileSigner


def key_file() -> Path:
    return settings.VAR / "keys" / "log.key"


def log_signer() -> FileSigner:
    """Raises KeyFileError where the log has not been opened."""
    return FileSigner(key_file())


def _size_file() -> Path:
    return settings.VAR / "keys" / "log.size"


def size_reached() -> int:
    """The largest size the log ever had, as far as this installation knows."""
    try:
        return int(_size_file().read_text())
    except FileNotFoundError:
        return 0


def remember_size(size: int) -> None:
    """Note the size of the log, once the entry is committed; it only ever grows."""
    with _size_file().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if size > size_reached():
            fresh = _size_file().with_suffix(".new")
            fresh.write_text(str(size))
            fresh.replace(_size_file())
