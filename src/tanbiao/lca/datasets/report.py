"""What a reader says of a source: counts, and notices with their place; nothing is dropped without one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tanbiao.words import TanbiaoError, Text

KEPT = 200  # notices kept of one code; all are counted


class SourceRefused(TanbiaoError):
    """The source as a whole cannot be taken: says which entry, row or process, what is wrong and what to do."""


class Severity(StrEnum):
    NOTE = "note"  # converted, assumed: said, nothing to do
    WARNING = "warning"  # taken, but somebody should look
    REFUSED = "refused"  # this one data set, exchange or row was left out


@dataclass(frozen=True, slots=True)
class Notice:
    code: str  # stable, e.g. "unlinked", "no_reference", "unknown_unit"
    severity: Severity
    place: str  # entry, process, exchange, row or cell
    text: Text


@dataclass(slots=True)
class Report:
    """Filled while a source is read and linked.

    counts   "processes", "flows", "exchanges", "methods", "factors", "declarations", ... what was read
    seen     how often each code of a notice was met; of `notices` the first KEPT of each code are kept
    facts    what was found out about the source: format, encoding, header, versions, ...
    """

    counts: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    notices: list[Notice] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def note(self, code: str, place: str, zh: str, en: str) -> None:
        self._add(Notice(code, Severity.NOTE, place, Text(zh, en)))

    def warn(self, code: str, place: str, zh: str, en: str) -> None:
        self._add(Notice(code, Severity.WARNING, place, Text(zh, en)))

    def refuse(self, code: str, place: str, zh: str, en: str) -> None:
        """One data set, exchange or row is left out; the rest of the source is taken."""
        self.refused += 1
        self._add(Notice(code, Severity.REFUSED, place, Text(zh, en)))

    def _add(self, notice: Notice) -> None:
        self.seen[notice.code] += 1
        if self.seen[notice.code] <= KEPT:
            self.notices.append(notice)

    @property
    def warnings(self) -> list[Notice]:
        return [n for n in self.notices if n.severity is not Severity.NOTE]

    def document(self) -> dict[str, Any]:
        """The report as plain JSON."""
        return {
            "counts": dict(self.counts),
            "seen": dict(self.seen),
            "refused": self.refused,
            "facts": self.facts,
            "notices": [
                {"code": n.code, "severity": n.severity.value, "place": n.place, "zh": n.text.zh, "en": n.text.en}
                for n in self.notices
            ],
        }


def refused(place: str, zh: str, en: str) -> SourceRefused:
    """A refusal of the whole source, at a place."""
    return SourceRefused(Text(zh, en).at(place) if place else Text(zh, en))
