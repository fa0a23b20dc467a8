"""How far a long piece of work is, on standard error: a bar in a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

WIDTH = 24
PHASES = {
    "reading": "读取 reading",
    "linking": "连接与求解 linking and solving",
    "storing": "保存 storing",
    "checking": "质量检查 quality gate",
    "writing": "写出 writing",
}
BAR_EVERY, LINE_EVERY = 0.1, 10.0  # seconds


class Progress:
    """Told phase, done and total (0: not known); leaves a line for every phase."""

    def __init__(self) -> None:
        self._bar = sys.stderr.isatty()
        self._phase = ""
        self._said = 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        now = time.monotonic()
        if phase != self._phase:
            self._end_of_line()
            self._phase, self._said = phase, now
        elif done < total and now - self._said < (BAR_EVERY if self._bar else LINE_EVERY):
            return
        elif done >= total and not self._bar:
            return  # the phase has been named; its end is the beginning of the next
        self._said = now
        words = f"{PHASES.get(phase, phase)} {_share(done, total) if self._bar else _count(done, total)}".rstrip()
        print(f"\r\x1b[2K{words}" if self._bar else words, end="" if self._bar else "\n", file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_of_line()

    def _end_of_line(self) -> None:
        if self._bar and self._phase:
            print(file=sys.stderr, flush=True)


def _share(done: int, total: int) -> str:
    if not total:
        return _count(done, total)
    full = WIDTH * min(done, total) // total
    return f"[{'#' * full}{'.' * (WIDTH - full)}] {100 * min(done, total) // total:3d}% {_count(done, total)}"


def _count(done: int, total: int) -> str:
    return f"{done}/{total}" if total else str(done or "")
