"""A row of an inventory: an elementary flow in one direction."""

from __future__ import annotations

from dataclasses import dataclass

from tanbiao.lca.datasets.records import Direction
from tanbiao.words import Text


@dataclass(frozen=True, slots=True)
class FlowRow:
    """An elementary flow into nature (out) or out of it (in); amounts are positive in that direction."""

    id: str
    name: Text
    direction: Direction
    unit: str
    category: tuple[str, ...] = ()
    cas: str = ""
