"""Entries of the matrices of a datapackage, process by process, with their uncertainties."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tanbiao.formats.datasets.uncertainties import Uncertainty, scaled
from tanbiao.lca.distributions.columns import Distributions, Kind
from tanbiao.lca.network.conventions import Entries


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """An entry of a column of a matrix."""

    row: int
    amount: float
    uncertainty: Uncertainty

    def turned(self) -> Entry:
        """With the other sign."""
        return Entry(self.row, -self.amount, scaled(self.uncertainty, -1.0))


def by_column(entries: Entries, size: int) -> list[list[Entry]]:
    columns: list[list[Entry]] = [[] for _ in range(size)]
    for e, (row, column, amount) in enumerate(zip(entries.rows, entries.columns, entries.amounts, strict=True)):
        uncertainty = uncertainty_of(entries.spread, e) if entries.spread is not None else {}
        columns[column].append(Entry(int(row), float(amount), uncertainty))
    return columns


def uncertainty_of(of: Distributions, e: int) -> Uncertainty:
    loc, scale = float(of.loc[e]), float(of.scale[e])
    low, high = float(of.minimum[e]), float(of.maximum[e])
    match of.kind[e]:
        case Kind.LOGNORMAL:
            return {"kind": "lognormal", "mean": math.exp(loc) * (-1 if of.negative[e] else 1), "gsd": math.exp(scale)}
        case Kind.NORMAL:
            return {"kind": "normal", "mean": loc, "sd": scale}
        case Kind.UNIFORM:
            return {"kind": "uniform", "minimum": low, "maximum": high}
        case Kind.TRIANGULAR:
            return {"kind": "triangular", "minimum": low, "mode": loc, "maximum": high}
    return {}
