"""A place for servers: a short path that every account can walk to, and nothing left in /var/lib."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tanbiao.embedded import Server, home


@pytest.fixture
def place(monkeypatch):
    folder = Path(tempfile.mkdtemp(prefix="tanbiao-test-"))
    folder.chmod(0o755)
    monkeypatch.setattr(home, "ELSEWHERE", folder / "elsewhere")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server(place):
    server = Server(place / "postgres", durable=False)
    yield server
    server.stop()
