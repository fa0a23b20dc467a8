"""Large work, cut into tasks: one interface for this process, threads, processes, and a cluster of machines.

>>> from operator import mul
>>> InProcess().run(mul, [1, 2, 3], shared=10)
[10, 20, 30]

An executor decides where a task runs, never what comes of it: a function(shared, task) whose result depends on
nothing but its arguments (its chance counter-based, as in `distributions.sampling`) gives the same digits under each
of them.
"""

from __future__ import annotations

import importlib
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Protocol, TypeVar

from tanbiao.lca.execution.parcels import answer, named, opened
from tanbiao.lca.execution.workers import BLINK, in_processes, lost
from tanbiao.lca.faults import Cancelled, NoRay

Task = TypeVar("Task")
Result = TypeVar("Result")
Function = Callable[[Any, Task], Result]


class Flag(Protocol):
    """What can be raised from elsewhere, such as a threading.Event."""

    def is_set(self) -> bool: ...


Cancel = Callable[[], bool] | Flag | None


class Executor(ABC):
    """Gives each task to function(shared, task), a function at the top level of a module.

    `shared` is what all tasks read and none may write, best a frozen dataclass of arrays: it reaches each worker once.
    `cancel` is asked in the thread of the caller about twenty times a second, or between two tasks.
    An exception of a task comes out as itself, with a note of the task; no further task is begun.
    """

    __slots__ = ()

    @abstractmethod
    def iterate(
        self, function: Function[Task, Result], tasks: Iterable[Task], *, shared: Any = None, cancel: Cancel = None
    ) -> Generator[tuple[int, Result]]:
        """Yield (index of the task, result) as tasks finish, in whatever order; hold no more than is under way.

        Raises Cancelled, WorkerLost, CannotTravel, or what a task raises. Close the iterator to stop the work.
        """

    def run(
        self,
        function: Function[Task, Result],
        tasks: Iterable[Task],
        *,
        shared: Any = None,
        progress: Callable[[int, int], object] | None = None,
        cancel: Cancel = None,
    ) -> list[Result]:
        """All results, in the order of the tasks; progress(done, total) is called in this thread after each of them.

        Raises as `iterate`.
        """
        tasks = tuple(tasks)
        results: dict[int, Result] = {}
        with closing(self.iterate(function, tasks, shared=shared, cancel=cancel)) as finished:
            for index, result in finished:
                results[index] = result
                if progress is not None:
                    progress(len(results), len(tasks))
        return [results[index] for index in range(len(tasks))]


@dataclass(frozen=True, slots=True)
class InProcess(Executor):
    """One task after another, here: for small work and for tests."""

    def iterate(
        self, function: Function[Task, Result], tasks: Iterable[Task], *, shared: Any = None, cancel: Cancel = None
    ) -> Generator[tuple[int, Result]]:
        tasks, stop = tuple(tasks), _asked(cancel)
        for index, task in enumerate(tasks):
            if stop():
                raise Cancelled(index, len(tasks))
            try:
                result = function(shared, task)
            except Exception as error:
                named(error, index, tasks)
                raise
            yield index, result


@dataclass(frozen=True, slots=True)
class Threads(Executor):
    """Threads of this process: for work inside numpy and scipy, which let other threads run meanwhile.

    BLAS keeps the threads it has (it cannot be told later on), and a task under way is waited for, never broken off.
    """

    workers: int

    def iterate(
        self, function: Function[Task, Result], tasks: Iterable[Task], *, shared: Any = None, cancel: Cancel = None
    ) -> Generator[tuple[int, Result]]:
        with ThreadPoolExecutor(self.workers) as pool:
            yield from _streamed(
                tuple(tasks),
                _asked(cancel),
                self.workers,
                submit=lambda task: pool.submit(function, shared, task),
                settled=lambda futures: wait(futures, BLINK, FIRST_COMPLETED).done,
                collect=lambda future, _: future.result(),
                drop=Future.cancel,
            )


@dataclass(frozen=True, slots=True)
class Processes(Executor):
    """Processes of this machine, with one BLAS thread each: for large work. `workers` None: one a core.

    A worker that dies (killed, out of memory) loses nothing: a new one is given its task. A task of which `attempts`
    workers died is named by WorkerLost. Function, tasks and results are pickled; the arrays of `shared` are copied
    once, into memory that all workers see and none can write to.
    """

    workers: int | None = None
    attempts: int = 3

    def iterate(
        self, function: Function[Task, Result], tasks: Iterable[Task], *, shared: Any = None, cancel: Cancel = None
    ) -> Generator[tuple[int, Result]]:
        return in_processes(
            function, tuple(tasks), shared, _asked(cancel), self.workers or _cores(), attempts=self.attempts
        )


@dataclass(frozen=True, slots=True)
class Ray(Executor):
    """The machines of a Ray cluster, each with this library installed. `workers` None: two tasks a core at a time.

    `address` is "host:port" of the head, "auto" for the cluster this machine belongs to, or "local" for one of this
    machine alone. A connection that is already there is used, and left open. Workers that die are dealt with as in
    `Processes`, by Ray. Workers have one BLAS thread (Ray says so to them) and read the arrays of `shared` from the
    store of their machine. At an address where nobody answers Ray tries for minutes; RAY_NUM_REDIS_GET_RETRIES=1 in
    the environment makes it 40 seconds.
    """

    address: str
    workers: int | None = None
    attempts: int = 3

    def iterate(
        self, function: Function[Task, Result], tasks: Iterable[Task], *, shared: Any = None, cancel: Cancel = None
    ) -> Generator[tuple[int, Result]]:
        tasks = tuple(tasks)
        with _cluster(self.address) as ray:
            deadly = ray.exceptions.WorkerCrashedError, ray.exceptions.NodeDiedError, ray.exceptions.OutOfMemoryError

            def collect(reference: Any, index: int) -> Result:
                try:
                    said = ray.get(reference)
                except deadly as error:
                    raise lost(index, tasks, self.attempts, type(error).__name__) from error
                result: Result = opened(said)
                return result

            work, hold = ray.remote(max_retries=self.attempts - 1)(answer), ray.put(shared)
            yield from _streamed(
                tasks,
                _asked(cancel),
                self.workers or 2 * int(ray.cluster_resources().get("CPU", 1)),
                submit=lambda task: work.remote(function, hold, task),
                settled=lambda references: ray.wait(references, num_returns=1, timeout=BLINK)[0],
                collect=collect,
                drop=partial(ray.cancel, force=True),
            )


def executor_for(address: str | None = None, workers: int | None = None) -> Executor:
    """Where large work runs: a Ray cluster where its address is given, else processes; one worker is this process."""
    if address:
        return Ray(address, workers)
    return InProcess() if workers == 1 else Processes(workers)


def _streamed(
    tasks: Sequence[Task],
    stop: Callable[[], bool],
    width: int,
    *,
    submit: Callable[[Task], Any],
    settled: Callable[[list[Any]], Iterable[Any]],
    collect: Callable[[Any, int], Result],
    drop: Callable[[Any], object],
) -> Generator[tuple[int, Result]]:
    """Keep at most `width` tasks under way; yield (index, result) as they settle; drop the rest at the end."""
    todo, running, done = iter(enumerate(tasks)), dict[Any, int](), 0
    try:
        while True:
            for index, task in islice(todo, width - len(running)):
                running[submit(task)] = index
            if not running:
                return
            if stop():
                raise Cancelled(done, len(tasks))
            for handle in settled(list(running)):
                index = running.pop(handle)
                try:
                    result = collect(handle, index)
                except Exception as error:
                    named(error, index, tasks)
                    raise
                done += 1
                yield index, result
    finally:
        for handle in running:
            drop(handle)


def _asked(cancel: Cancel) -> Callable[[], bool]:
    if cancel is None:
        return lambda: False
    return cancel if callable(cancel) else cancel.is_set


def _cores() -> int:
    """The cores this process may use, which a container or a queue can make fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    """The module `ray`, connected; the connection is closed at the end unless it was there before."""
    try:
        ray = importlib.import_module("ray")
    except ModuleNotFoundError:
        raise NoRay(
            address,
            "给出了 Ray 集群的地址，但未安装 ray。请运行 pip install ray，或不给地址（在本机以多进程计算）。",
            "The address of a Ray cluster is given, but ray is not installed. Run pip install ray, or give no address "
            "(and compute in processes of this machine).",
        ) from None
    if ray.is_initialized():
        yield ray
        return
    try:
        ray.init(address=address, logging_level="WARNING", log_to_driver=False)
    except ConnectionError as error:
        raise NoRay(
            address,
            f"此地址没有 Ray 集群应答（{error}）。请核对地址和端口，或用 ray start --head 启动集群。",
            f"No Ray cluster answers at this address ({error}). Check host and port, or start one: ray start --head.",
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()
