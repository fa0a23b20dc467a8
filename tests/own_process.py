"""What a `tanbiao` that runs in a process of its own needs: a data folder with its own database, a port."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def data_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tanbiao-var-"))
    folder.chmod(0o711)  # as root, the database runs as nobody, who must be able to walk in
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def environment_in(folder: Path) -> dict[str, str]:
    """The environment of such a process."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    return inherited | {"TANBIAO_VAR": str(folder)}


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
