"""What the tests of execution give to workers, who must be able to import it: small functions, some of them deadly."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tanbiao.lca.faults import NotProductive


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    seed: int
    numbers: np.ndarray


class Announced:
    """Data that writes down each arrival: one line a time it is unpacked, with the process."""

    def __init__(self, register: Path, numbers: np.ndarray):
        self.register, self.numbers = register, numbers

    def __reduce__(self):
        return _arrived, (self.register, self.numbers)


def _arrived(register, numbers):
    with register.open("a") as lines:
        lines.write(f"{os.getpid()}\n")
    return Announced(register, numbers)


def draw(data, task):
    """The mean of a chunk of draws, which depend on the seed and the number of the chunk only."""
    chance = np.random.Generator(np.random.Philox(key=data.seed, counter=[0, 0, 0, task]))
    return float(chance.normal(size=1000) @ data.numbers)


def double(_, task):
    return 2 * task


def worker_and_sum(announced, _):
    return os.getpid(), float(announced.numbers.sum())


def write_to_shared(data, _):
    data.numbers[0] = 1


def threads_and_environment(_, __):
    size = 300
    np.ones((size, size)) @ np.ones((size, size))
    return len(list(Path("/proc/self/task").iterdir())), os.environ["OPENBLAS_NUM_THREADS"]


def fail_at(bad, task):
    if task == bad:
        raise NotProductive(["甲", "乙"], "循环", "loop", gain=1.25)
    return task


class Stubborn(Exception):
    """Cannot be made anew from its arguments."""

    def __init__(self, left, right):
        super().__init__(f"{left} and {right}")


def fail_stubbornly(_, __):
    raise Stubborn("left", "right")


def die_the_first_time(folder, task):
    """Killed at the first attempt at every third task; the second attempt succeeds."""
    tried = folder / f"tried-{task}"
    with (folder / f"runs-{task}").open("a") as lines:
        lines.write("run\n")
    if task % 3 == 0 and not tried.exists():
        tried.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * task


def die_of(bad, task):
    if task == bad:
        os._exit(7)
    return task


def big_parcel(size, task):
    return np.full(size, task, dtype=float)


def unserializable(_, __):
    return threading.Lock()


def wait_for_ever(folder, task):
    """Say who is at work, then wait for a minute (far longer than any test should take)."""
    (folder / f"at-work-{os.getpid()}").touch()
    threading.Event().wait(60)
    return task


def at_work(folder):
    return [int(path.name.rpartition("-")[2]) for path in folder.glob("at-work-*")]
