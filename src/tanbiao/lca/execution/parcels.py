"""What travels between processes: a function with its shared data, a task, a result or the exception instead of it."""

from __future__ import annotations

import pickle
import reprlib
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np

from tanbiao.lca.faults import CannotTravel

Function = Callable[[Any, Any], Any]

_PROTOCOL = 5
_ALIGNMENT = 64  # bytes


@dataclass(frozen=True, slots=True, eq=False)
class Cargo:
    """A function and its shared data, pickled once: `head` goes to each worker, `body` (the arrays) is mapped by all.

    `body` is memory shared between processes without a name in any folder, so nothing is left even by a SIGKILL.
    `places` are the (start, end) of the arrays in it.
    """

    head: bytes
    body: Any
    places: tuple[tuple[int, int], ...]

    @classmethod
    def packed(cls, function: Function, shared: Any) -> Cargo:
        """Raises CannotTravel where function or data cannot be pickled."""
        buffers: list[pickle.PickleBuffer] = []
        try:
            head = pickle.dumps((function, shared), _PROTOCOL, buffer_callback=buffers.append)
        except Exception as error:
            raise cannot_travel(function, error) from error
        arrays = [np.frombuffer(buffer.raw(), np.uint8) for buffer in buffers]
        places, size = [], 0
        for array in arrays:
            places.append((size, size + array.size))
            size += -(-array.size // _ALIGNMENT) * _ALIGNMENT
        body = get_context("spawn").RawArray("B", size or 1)
        space = np.frombuffer(body, np.uint8)
        for (start, end), array in zip(places, arrays, strict=True):
            space[start:end] = array
        return cls(head, body, tuple(places))

    def unpacked(self) -> tuple[Function, Any]:
        """(function, shared); its arrays cannot be written to, lest one task change what another reads."""
        space = np.frombuffer(self.body, np.uint8)
        space.flags.writeable = False
        function, shared = pickle.loads(self.head, buffers=[space[start:end] for start, end in self.places])  # noqa: S301
        return function, shared


def packed_task(tasks: Sequence[Any], index: int) -> bytes:
    """The task, pickled; raises what pickling raises, with the task named."""
    try:
        return pickle.dumps(tasks[index], _PROTOCOL)
    except Exception as error:
        raise named(error, index, tasks)


def on_packed_tasks(function: Function) -> Function:
    """The same function, of a task still packed."""
    return lambda shared, parcel: function(shared, pickle.loads(parcel))  # noqa: S301  # packed by our own parent


def answer(function: Function, shared: Any, task: Any) -> bytes:
    """(True, function(shared, task)), or (False, the exception), pickled."""
    try:
        return pickle.dumps((True, function(shared, task)), _PROTOCOL)
    except Exception as error:
        return pickle.dumps((False, _portable(error)), _PROTOCOL)


def opened(said: bytes) -> Any:
    """The result out of an `answer`; raises the exception in it."""
    fine, value = pickle.loads(said)  # noqa: S301  # packed by our own worker
    if not fine:
        raise value
    return value


def named(error: Exception, index: int, tasks: Sequence[Any]) -> Exception:
    """The same exception, with a note of the task it comes from."""
    error.add_note(f"任务 / task: tasks[{index}] (0..{len(tasks) - 1}) = {reprlib.repr(tasks[index])}")
    return error


def cannot_travel(function: Function, error: Exception) -> CannotTravel:
    name = getattr(function, "__qualname__", repr(function))
    return CannotTravel(
        name,
        f"函数或其共享数据无法交给其他进程（{error!r}）。请把函数放在可导入的模块（.py 文件）的顶层，或改用线程。",
        f"The function or its shared data cannot be handed to another process ({error!r}). Put the function at the top "
        "level of a module (.py file) that can be imported, or use threads.",
    )


def _portable(error: Exception) -> Exception:
    """The exception itself, with a note of where it was raised; one that pickling would break, quoted by a fault."""
    note = f"工作进程中 / in the worker:\n{''.join(traceback.format_exception(error))}"
    try:
        whole = str(pickle.loads(pickle.dumps(error, _PROTOCOL))) == str(error)  # noqa: S301
    except Exception:
        whole = False
    if not whole:
        error = CannotTravel(
            type(error).__qualname__,
            f"任务出错：{error}（此异常无法在进程之间传递，现转述）。",
            f"A task failed: {error} (that exception cannot be handed between processes, so it is quoted).",
        )
    error.add_note(note)
    return error
