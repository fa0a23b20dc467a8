"""Work in processes of their own, some of which may die.

One pipe and one task at a time for each worker, so that a death has one suspect and costs one task. Workers are
spawned, never forked: that is right in a notebook and beside the threads of a server.
"""

from __future__ import annotations

import os
import reprlib
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from tanbiao.lca.execution.parcels import (
    Cargo,
    Function,
    answer,
    cannot_travel,
    named,
    on_packed_tasks,
    opened,
    packed_task,
)
from tanbiao.lca.faults import Cancelled, WorkerLost

BLINK = 0.05  # seconds between two looks at whether the work was called off

_LAST_BREATH = 1.0  # seconds a worker whose pipe is closed may take to leave its exit code
_SPAWN = get_context("spawn")
_ONE_BY_ONE = threading.Lock()  # starting and ending touch the environment and the list of children of this process
_BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(slots=True, eq=False)
class _Worker:
    process: SpawnProcess
    connection: Connection
    task: int | None = None  # index of the task in hand; None while it unpacks


def in_processes(
    function: Function, tasks: Sequence[Any], shared: Any, stop: Callable[[], bool], count: int, attempts: int
) -> Generator[tuple[int, Any]]:
    """Yield (index, function(shared, task)) as tasks finish, from at most `count` workers.

    A task whose worker dies is given to a new one; `attempts` deaths are enough. However this ends, no worker is left.
    Raises Cancelled, WorkerLost, CannotTravel, or what a task raises.
    """
    cargo = Cargo.packed(function, shared)
    waiting, deaths = deque(range(len(tasks))), Counter[int | None]()
    workers: list[_Worker] = []
    done = 0
    try:
        while done < len(tasks):
            while len(workers) < min(count, len(tasks) - done):
                workers.append(_started(cargo))
            if stop():
                raise Cancelled(done, len(tasks))
            ready = wait([worker.connection for worker in workers], BLINK)
            for worker in [worker for worker in workers if worker.connection in ready]:
                index = worker.task
                try:
                    said = worker.connection.recv_bytes()
                except (EOFError, OSError):
                    workers.remove(worker)
                    code = _ended(worker, _LAST_BREATH)
                    deaths[index] += 1
                    if deaths[index] >= attempts:
                        raise _died_starting(attempts, code) if index is None else lost(index, tasks, attempts, code)
                    if index is not None:
                        waiting.appendleft(index)
                    continue
                try:
                    result = opened(said)
                except Exception as error:
                    if index is None:
                        raise cannot_travel(function, error) from error
                    named(error, index, tasks)
                    raise
                if waiting:
                    worker.task = waiting.popleft()
                    parcel = packed_task(tasks, worker.task)
                    with suppress(OSError):  # dead since its answer: the next look finds that out
                        worker.connection.send_bytes(parcel)
                else:
                    workers.remove(worker)
                    _ended(worker)
                if index is None:
                    deaths[None] = 0  # only deaths in a row say that starting is what fails
                else:
                    done += 1
                    yield index, result
    finally:
        for worker in workers:
            _ended(worker)


def lost(index: int, tasks: Sequence[Any], attempts: int, end: int | str | None) -> WorkerLost:
    """The fault of a task that its workers die of; `end` is the last exit code (negative: a signal), or a word."""
    if isinstance(end, int):
        end = signal.Signals(-end).name if end < 0 else f"exit code {end}"
    return WorkerLost(
        f"tasks[{index}]",
        f"执行任务 {reprlib.repr(tasks[index])} 的工作进程已 {attempts} 次意外终止（{end}），不再重试。"
        "常见原因是内存不足：请减少并行数，或把任务分小。",
        f"Workers died {attempts} times of task {reprlib.repr(tasks[index])} ({end}); it is not tried again. "
        "Most often memory ran out: use fewer workers, or make the tasks smaller.",
        index,
    )


def _died_starting(attempts: int, code: int | None) -> WorkerLost:
    return WorkerLost(
        "",
        f"工作进程 {attempts} 次在启动时终止（退出码 {code}），原因见标准错误输出。"
        '若从脚本运行，请把调用放在 if __name__ == "__main__": 之下。',
        f"Workers died {attempts} times while starting (exit code {code}); standard error says why. In a script, put "
        'the call under if __name__ == "__main__":.',
        None,
    )


def _started(cargo: Cargo) -> _Worker:
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_serve, args=(theirs, cargo), daemon=True)
    with _ONE_BY_ONE, theirs, _one_blas_thread():
        process.start()
    return _Worker(process, ours)


def _ended(worker: _Worker, patience: float = 0) -> int | None:
    """End a worker for certain, after `patience` seconds if it is not dead by then; its exit code."""
    with _ONE_BY_ONE:
        worker.connection.close()
        worker.process.join(patience)
        worker.process.kill()
        worker.process.join()
        code = worker.process.exitcode
        worker.process.close()
    return code


@contextmanager
def _one_blas_thread() -> Iterator[None]:
    """As many workers as cores, each with as many threads, would stand in each other's way; read when numpy loads."""
    before = {name: os.environ.get(name) for name in _BLAS_THREADS}
    os.environ.update(dict.fromkeys(_BLAS_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _serve(connection: Connection, cargo: Cargo) -> None:
    """The life of a worker: unpack, say how that went, then an answer to each task until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asked, which ends its workers
    threading.Thread(target=_die_with_the_parent, daemon=True).start()
    unpacked = []
    with suppress(EOFError, OSError):
        connection.send_bytes(answer(lambda cargo, _: unpacked.extend(cargo.unpacked()), cargo, None))
        if unpacked:
            function, shared = unpacked
            work = on_packed_tasks(function)
            while True:
                connection.send_bytes(answer(work, shared, connection.recv_bytes()))


def _die_with_the_parent() -> None:
    """Whoever asked may be killed without a chance to end its workers, even in the midst of a long task."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
