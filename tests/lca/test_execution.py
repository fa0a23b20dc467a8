import doctest
import os
import pickle
import signal
import subprocess
import sys
import threading
from functools import partial
from multiprocessing import active_children
from operator import mul
from pathlib import Path
from types import SimpleNamespace

import lca_chores as chores
import numpy as np
import pytest
from scipy import sparse

from tanbiao.lca.execution import executors as execution
from tanbiao.lca.execution.executors import InProcess, Processes, Ray, Threads, executor_for
from tanbiao.lca.execution.parcels import Cargo
from tanbiao.lca.faults import Cancelled, CannotTravel, NoRay, NotProductive, WorkerLost
from tanbiao.lca.units import UnknownUnit, unit

EVERYWHERE = [InProcess(), Threads(3), Processes(2)]
everywhere = pytest.mark.parametrize("executor", EVERYWHERE, ids=lambda executor: type(executor).__name__)
needs_proc = pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")


@pytest.fixture(autouse=True)
def no_worker_and_no_environment_left():
    before = dict(os.environ)
    yield
    assert active_children() == []
    assert {k: v for k, v in os.environ.items() if "THREADS" in k} == {
        k: v for k, v in before.items() if "THREADS" in k
    }


def alive(pid):
    """A zombie is dead: the one who asked may be gone, and nobody have looked at how its workers ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(condition, seconds=30):
    for _ in range(50 * seconds):
        if condition():
            return
        threading.Event().wait(0.02)
    raise AssertionError("waited in vain")


def test_the_example_is_true():
    assert doctest.testmod(execution).attempted >= 2
    assert doctest.testmod(execution).failed == 0


@everywhere
def test_results_come_in_the_order_of_the_tasks(executor):
    seen = []
    results = executor.run(
        mul, range(20), shared=3, progress=lambda *counts: seen.append((*counts, threading.get_ident()))
    )
    assert results == [3 * task for task in range(20)]
    assert seen == [(done, 20, threading.get_ident()) for done in range(1, 21)]


@everywhere
def test_no_tasks_no_results(executor):
    assert executor.run(mul, (), shared=3) == []


def test_the_same_digits_whatever_the_number_of_workers():
    data = chores.Data(seed=7, numbers=np.linspace(0, 1, 1000))
    alone = InProcess().run(chores.draw, range(8), shared=data)
    assert len(set(alone)) == 8
    for executor in [Threads(1), Threads(4), Processes(1), Processes(3)]:
        assert executor.run(chores.draw, range(8), shared=data) == alone


@everywhere
def test_an_exception_comes_out_as_itself_with_the_task_named_and_stops_the_rest(executor):
    done = []
    with pytest.raises(NotProductive) as caught:
        executor.run(chores.fail_at, range(1000), shared=4, progress=lambda *counts: done.append(counts))
    assert len(done) < 500
    assert caught.value.names == ("甲", "乙")
    assert caught.value.gain == 1.25
    assert caught.value.problems[0].text.en == "loop"
    notes = "\n".join(caught.value.__notes__)
    assert "tasks[4] (0..999) = 4" in notes
    assert ("in fail_at" in notes) == isinstance(executor, Processes)  # else the traceback itself says so


def test_an_exception_that_pickling_would_break_is_quoted():
    with pytest.raises(CannotTravel, match="Stubborn: .*left and right") as caught:
        Processes(1).run(chores.fail_stubbornly, [0])
    assert any("fail_stubbornly" in note for note in caught.value.__notes__)


def test_our_own_exceptions_travel_whole():
    with pytest.raises(UnknownUnit) as caught:
        unit("furlong")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), vars(again)) == (UnknownUnit, str(caught.value), vars(caught.value))


@pytest.mark.parametrize(
    ("function", "tasks", "kind"),
    [
        (lambda shared, task: task, [0], CannotTravel),
        (chores.unserializable, [0], TypeError),
        (chores.double, [1, threading.Lock()], TypeError),
    ],
    ids=["function", "result", "task"],
)
def test_what_cannot_be_pickled_is_said(function, tasks, kind):
    with pytest.raises(kind, match="pickle"):
        Processes(1).run(function, tasks)


def test_killed_workers_lose_nothing(tmp_path):
    assert Processes(3).run(chores.die_the_first_time, range(10), shared=tmp_path) == [2 * task for task in range(10)]
    runs = [(tmp_path / f"runs-{task}").read_text().count("run") for task in range(10)]
    assert runs == [2, 1, 1, 2, 1, 1, 2, 1, 1, 2]


def test_a_task_that_kills_its_workers_is_named():
    kept = {}
    with pytest.raises(WorkerLost, match=r"tasks\[3\].*Workers died 2 times of task 3 \(exit code 7\)") as caught:
        for index, result in Processes(2, attempts=2).iterate(chores.die_of, range(6), shared=3):
            kept[index] = result
    assert caught.value.task == 3
    assert kept.items() <= {0: 0, 1: 1, 2: 2, 4: 4, 5: 5}.items()
    assert {0, 1, 2} <= kept.keys()


@everywhere
def test_cancelled_between_two_tasks(executor):
    event, done = threading.Event(), []

    def progress(*counts):
        done.append(counts)
        if len(done) == 3:
            event.set()

    with pytest.raises(Cancelled) as caught:
        executor.run(mul, range(100), shared=3, progress=progress, cancel=event)
    assert caught.value.total == 100
    assert 3 <= caught.value.done == len(done) < 100


@needs_proc
def test_cancelled_in_the_midst_of_a_task(tmp_path):
    with pytest.raises(Cancelled):
        Processes(2).run(
            chores.wait_for_ever, range(5), shared=tmp_path, cancel=lambda: len(chores.at_work(tmp_path)) == 2
        )
    assert not any(alive(pid) for pid in chores.at_work(tmp_path))


def test_whoever_stops_listening_stops_the_work():
    finished = Processes(2).iterate(chores.double, range(1000))
    index, result = next(finished)
    assert result == 2 * index
    finished.close()
    assert active_children() == []


def test_results_do_not_pile_up_before_a_slow_listener():
    begun = []
    finished = Threads(2).iterate(lambda _, task: begun.append(task), range(1000))
    next(finished)
    assert len(begun) <= 2
    finished.close()
    assert len(begun) <= 2


def test_shared_data_reaches_each_worker_once(tmp_path):
    register = tmp_path / "register"
    numbers = np.arange(100_000.0)
    found = Processes(2).run(chores.worker_and_sum, range(30), shared=chores.Announced(register, numbers))
    arrivals = register.read_text().split()
    assert len(arrivals) == len(set(arrivals)) <= 2
    assert {str(pid) for pid, _ in found} <= set(arrivals)
    assert str(os.getpid()) not in arrivals
    assert {total for _, total in found} == {numbers.sum()}


def test_no_task_can_change_what_another_reads():
    with pytest.raises(ValueError, match="read-only"):
        Processes(1).run(chores.write_to_shared, [0], shared=chores.Data(1, np.zeros(3)))


def test_arrays_travel_beside_the_pickle_and_arrive_the_same():
    matrix = sparse.random_array((2000, 300), density=0.01, rng=1, format="csr")
    shared = matrix, np.arange(7, dtype=np.int8), np.zeros((0, 3)), np.asfortranarray(np.eye(3)), np.arange(9)[::2], "x"
    cargo = Cargo.packed(mul, shared)
    function, (matrix_again, *others) = cargo.unpacked()
    assert function is mul
    assert len(cargo.head) < 3000 < len(cargo.body)
    assert abs(matrix_again - matrix).max() == 0
    for one, other in zip(shared[1:-1], others[:-1], strict=True):
        assert (one.dtype, one.tolist()) == (other.dtype, other.tolist())
        assert other.flags.aligned
    assert others[-1] == "x"


def test_results_larger_than_a_pipe_holds():
    for index, result in Processes(2).iterate(chores.big_parcel, range(4), shared=300_000):
        assert result.shape == (300_000,)
        assert (result == index).all()


@needs_proc
def test_a_worker_has_one_blas_thread():
    [(threads, said)] = Processes(1).run(chores.threads_and_environment, [0])
    assert threads <= 2  # itself, and the one that watches for the end of the parent
    assert said == "1"


def test_beside_the_threads_of_a_server():
    results = {}

    def request(number):
        results[number] = Processes(1).run(mul, range(5), shared=number)

    threads = [threading.Thread(target=partial(request, number)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: [number * task for task in range(5)] for number in range(3)}


SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {folder!r})
import lca_chores as chores
from tanbiao.lca.execution.executors import Processes
{guard}
    print(Processes(1, attempts=1).run(chores.{function}, range(2), shared=Path(sys.argv[1])))
"""


def script(tmp_path, function, guard='if __name__ == "__main__":'):
    path = tmp_path / "script.py"
    path.write_text(SCRIPT.format(folder=str(Path(__file__).parent), function=function, guard=guard))
    return subprocess.Popen(
        [sys.executable, path, tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@needs_proc
@pytest.mark.parametrize("said", [signal.SIGINT, signal.SIGKILL], ids=lambda said: said.name)
def test_no_worker_outlives_the_one_who_asked(tmp_path, said):
    asking = script(tmp_path, "wait_for_ever")
    until(lambda: chores.at_work(tmp_path))
    if said == signal.SIGINT:
        os.killpg(asking.pid, said)  # as a terminal does: to all of them
    else:
        asking.send_signal(said)
    _, errors = asking.communicate(timeout=30)
    assert asking.returncode == -said
    assert errors.count("KeyboardInterrupt") == (said == signal.SIGINT)
    until(lambda: not any(alive(pid) for pid in chores.at_work(tmp_path)))


def test_a_script_without_its_guard_is_told_so(tmp_path):
    _, errors = script(tmp_path, "double", guard="if True:").communicate(timeout=60)
    assert "WorkerLost" in errors
    assert 'put the call under if __name__ == "__main__"' in errors


NOTEBOOK = """
import operator
from tanbiao.lca.execution.executors import Processes
def written_in_the_notebook(shared, task):
    return task
print(Processes(1).run(operator.mul, [1, 2], shared=2))
Processes(1).run(written_in_the_notebook, [1, 2])
"""


def test_a_notebook_which_is_no_file_that_workers_could_import():
    done = subprocess.run([sys.executable, "-c", NOTEBOOK], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[2, 4]\n"
    assert "CannotTravel: written_in_the_notebook" in done.stderr
    assert "Put the function at the top level of a module" in done.stderr


def test_which_executor():
    assert executor_for() == Processes(None)
    assert executor_for(workers=1) == InProcess()
    assert executor_for(workers=6) == Processes(6)
    assert executor_for("10.0.0.1:6379", 8) == Ray("10.0.0.1:6379", 8)


def test_an_address_without_ray_is_told_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(NoRay, match="pip install ray"):
        executor_for("auto").run(mul, [1], shared=1)


def test_an_address_where_no_cluster_answers_is_told_so(monkeypatch):
    def init(**_):
        raise ConnectionError("nobody")

    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace(is_initialized=lambda: False, init=init))
    with pytest.raises(NoRay, match=r"10.0.0.1:1: No Ray cluster answers at this address \(nobody\)"):
        executor_for("10.0.0.1:1").run(mul, [1], shared=1)
