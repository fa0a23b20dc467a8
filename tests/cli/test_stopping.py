"""However the site is told to stop, its own database stops with it."""

import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest


@pytest.fixture
def a_site(own_environment, free_port):
    @contextmanager
    def start(*before):
        with subprocess.Popen(
            [*before, sys.executable, "-m", "tanbiao.cli.main", "serve", "--port", str(free_port)],
            env=own_environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as site:
            try:
                yield site
            finally:
                site.kill()

    return start


def wait_for(site, words):
    assert any(words in line for line in site.stdout)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_site_stops_its_database(a_site, var, stop):
    process_file = var / "postgres/data/postmaster.pid"
    with a_site() as site:
        wait_for(site, "listening")
        assert process_file.exists()
        site.send_signal(stop)
        assert site.wait(timeout=60) == 0
    assert not process_file.exists()


def test_a_start_that_is_broken_off_stops_the_database_too(a_site, var):
    with a_site() as site:
        wait_for(site, "starting")
        site.send_signal(signal.SIGTERM)
        assert site.wait(timeout=60) == 130
        assert "Traceback" not in site.stderr.read()
    assert not (var / "postgres/data/postmaster.pid").exists()


def test_a_site_in_the_background_of_a_script_stops_too(a_site, var):
    """A shell starts its background jobs deaf to Ctrl-C."""
    with a_site("env", "--ignore-signal=INT") as site:
        wait_for(site, "listening")
        site.send_signal(signal.SIGINT)
        assert site.wait(timeout=60) == 0
    assert not (var / "postgres/data/postmaster.pid").exists()


def test_a_site_started_to_outlive_its_window_does(a_site):
    with a_site("nohup") as site:
        wait_for(site, "listening")
        site.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            site.wait(timeout=2)
        site.send_signal(signal.SIGTERM)
        assert site.wait(timeout=60) == 0
