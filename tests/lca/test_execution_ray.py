"""The same laws as in test_execution, on a cluster of this machine; needs `pip install ray`."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import lca_chores as chores
import numpy as np
import pytest

from tanbiao.lca.execution.executors import InProcess, Ray
from tanbiao.lca.faults import Cancelled, NotProductive, WorkerLost

ray = pytest.importorskip("ray")


@pytest.fixture(scope="module", autouse=True)
def cluster():
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", str(Path(__file__).parent))  # workers import lca_chores
        environment.setenv("RAY_AUTH_MODE", "disabled")
        ray.init(address="local", num_cpus=2, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
        yield
        ray.shutdown()


def test_order_progress_and_the_same_digits():
    data, seen = chores.Data(seed=7, numbers=np.linspace(0, 1, 1000)), []
    results = Ray("auto").run(chores.draw, range(8), shared=data, progress=lambda *counts: seen.append(counts))
    assert results == InProcess().run(chores.draw, range(8), shared=data)
    assert seen == [(done, 8) for done in range(1, 9)]


def test_a_connection_that_is_there_stays_open():
    assert Ray("auto").run(chores.double, [1]) == [2]
    assert ray.is_initialized()


def test_no_task_can_change_what_another_reads():
    with pytest.raises(ValueError, match="read-only"):
        Ray("auto").run(chores.write_to_shared, [0], shared=chores.Data(1, np.zeros(100_000)))


def test_an_exception_comes_out_as_itself_with_the_task_named():
    with pytest.raises(NotProductive) as caught:
        Ray("auto").run(chores.fail_at, range(6), shared=4)
    assert caught.value.gain == 1.25
    assert "tasks[4] (0..5) = 4" in "\n".join(caught.value.__notes__)


def test_killed_workers_lose_nothing(tmp_path):
    assert Ray("auto").run(chores.die_the_first_time, range(6), shared=tmp_path) == [2 * task for task in range(6)]
    assert [(tmp_path / f"runs-{task}").read_text().count("run") for task in range(6)] == [2, 1, 1, 2, 1, 1]


def test_a_task_that_kills_its_workers_is_named():
    with pytest.raises(WorkerLost, match=r"tasks\[3\].*Workers died 2 times of task 3") as caught:
        Ray("auto", attempts=2).run(chores.die_of, range(6), shared=3)
    assert caught.value.task == 3


def test_cancelled_in_the_midst_of_a_task(tmp_path):
    with pytest.raises(Cancelled):
        Ray("auto").run(
            chores.wait_for_ever, range(5), shared=tmp_path, cancel=lambda: len(chores.at_work(tmp_path)) == 2
        )
    for _ in range(500):
        if not any(Path(f"/proc/{pid}").exists() for pid in chores.at_work(tmp_path)):
            break
        threading.Event().wait(0.02)
    else:
        raise AssertionError("still at work")


def test_one_blas_thread_a_worker():
    def blas_threads(_, __):
        return os.environ.get("OPENBLAS_NUM_THREADS") or os.environ.get("OMP_NUM_THREADS")

    assert Ray("auto").run(blas_threads, [0]) == ["1"]
