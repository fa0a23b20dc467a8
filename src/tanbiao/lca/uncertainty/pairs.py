"""Two products, or two versions of one, compared draw by draw: what they share cancels.

The comparison of separate distributions overstates the uncertainty of a difference, because both products draw on the
same background; pairs of draws do not (Henriksson et al. 2015; ISO 14067:2018 annex B on comparisons).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tanbiao.lca.frames import Table
from tanbiao.lca.uncertainty.montecarlo import QUANTILES, MonteCarlo
from tanbiao.words import Text

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pair(Table):
    """difference (d,) = amount_a a - amount_b b, draw by draw; lower: share of the draws in which a is the lower."""

    names: tuple[str, str]
    difference: Array
    lower: float
    correlation: float

    def caption(self) -> Text:
        a, b = self.names
        return Text(
            f"{a} 减 {b}：{self.lower:.1%} 的抽样中前者更低",
            f"{a} less {b}: the first is lower in {self.lower:.1%} of draws",
        )

    def rows(self) -> list[dict[str, object]]:
        found: dict[str, object] = {"mean": float(self.difference.mean()), "sd": float(self.difference.std(ddof=1))}
        return [found | {f"q{q * 100:g}": float(np.quantile(self.difference, q)) for q in QUANTILES}]


def pair(draws: MonteCarlo, a: int, b: int, amount_a: float = 1.0, amount_b: float = 1.0) -> Pair:
    """Compare amounts of two products of the same draws. Raises UnknownProduct for what was not drawn."""
    first, second = amount_a * draws.of(a), amount_b * draws.of(b)
    spread = first.std() * second.std()
    correlation = float(np.mean((first - first.mean()) * (second - second.mean())) / spread) if spread else 0.0
    return Pair((draws.name(a), draws.name(b)), first - second, float(np.mean(first < second)), correlation)
