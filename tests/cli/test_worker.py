"""The worker beside the site: it lives with it and dies with it, and begins again when it dies alone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def threads_children(pid):
    """Children of every thread: the worker is started by one of its own."""
    return [int(c) for task in Path(f"/proc/{pid}/task").iterdir() for c in (task / "children").read_text().split()]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(met, seconds=30):
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def workers(site):
    return [pid for pid in threads_children(site.pid) if b"--with-parent" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.fixture
def site(own_environment, free_port):
    with subprocess.Popen(
        [sys.executable, "-m", "tanbiao.cli.main", "serve", "--port", str(free_port)],
        env=own_environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert any("listening" in line for line in process.stdout)
        until(lambda: workers(process))
        yield process
        process.kill()


def test_it_ends_with_the_site(site):
    [worker] = workers(site)
    site.send_signal(signal.SIGTERM)
    assert site.wait(timeout=60) == 0
    assert not alive(worker)
    assert "Traceback" not in site.stderr.read()


def test_it_ends_when_the_site_is_killed(site):
    [worker] = workers(site)
    site.kill()
    site.wait()
    until(lambda: not alive(worker))


def test_it_is_begun_again_when_it_dies(site):
    [worker] = workers(site)
    os.kill(worker, signal.SIGKILL)
    until(lambda: workers(site) not in ([], [worker]))
    site.send_signal(signal.SIGINT)
    assert site.wait(timeout=60) == 0


def test_a_worker_apart_stops_when_told(own_environment):
    with subprocess.Popen(
        [sys.executable, "-m", "tanbiao.cli.main", "worker"],
        env=own_environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as worker:  # fmt: skip
        assert any("worker started" in line for line in worker.stdout)
        time.sleep(1)
        worker.send_signal(signal.SIGINT)
        assert worker.wait(timeout=60) == 0
        assert "Traceback" not in worker.stderr.read()
