"""State tables: what may follow what. Pure data: drawn into the docs, walked by a test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transition:
    """One verb that changes a state, and the role whose verb it is; the policy takes the role from here."""

    name: str
    source: tuple[str, ...]
    target: str
    role: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """All states of a thing and the transitions between them."""

    start: str
    transitions: tuple[Transition, ...]

    @property
    def states(self) -> tuple[str, ...]:
        found = [self.start]
        for transition in self.transitions:
            found += [*transition.source, transition.target]
        return tuple(dict.fromkeys(found))

    def following(self, state: str) -> Iterable[Transition]:
        return (t for t in self.transitions if state in t.source)
