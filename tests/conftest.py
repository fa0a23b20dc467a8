"""What all rooms' tests share: the materials beside the checkout, and a database for those that ask for one."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from own_process import a_free_port, data_folder, environment_in

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def chinese_again():
    """A page asked for in English leaves its language behind in the thread; the next test begins in Chinese."""
    yield
    if translation := sys.modules.get("django.utils.translation"):
        translation.deactivate()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared cases and seeds beside the checkout; a test that needs it is skipped where it is absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared, the folder of shared cases beside the checkout")
    return folder


@pytest.fixture(scope="module")
def var():
    """A data folder for a `tanbiao` that runs in a process of its own, with its own database."""
    with data_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def own_environment(var) -> dict[str, str]:
    """The environment of such a process."""
    return environment_in(var)


@pytest.fixture(scope="module")
def free_port() -> int:
    return a_free_port()


@pytest.fixture(scope="session")
def database_url():
    """DATABASE_URL if it is set; else an embedded server of this test run, started at the first test that needs it.

    Parallel workers (pytest -n) share one server, and one database each.
    """
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    from tanbiao.embedded import Server

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", os.getpid())
    server = Server(Path(tempfile.gettempdir()) / f"tanbiao-tests-{run}", durable=False)
    with server:
        yield server.url()
        if server.stop():
            shutil.rmtree(server.folder)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, database_url) -> None:
    """Called by pytest-django before it creates the test database, and only when a test needs one."""
    import dj_database_url
    from django.db import connection

    connection.settings_dict |= dj_database_url.parse(database_url)
