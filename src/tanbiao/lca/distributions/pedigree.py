"""From scores of data quality to uncertainty: the pedigree matrix of ecoinvent.

Five indicators, each scored 1 (best) to 5 (worst), add to the variance of ln x that an exchange has by its nature (its
basic uncertainty): sigma² = basic + sum of the five. In the words of the sources
    GSD  = exp(sigma)     geometric standard deviation: median / GSD to median x GSD holds 68.27 %
    GSD² = exp(2 sigma)   its square, "SD95": 95.45 % (± 2 sigma; exactly 95 % would be GSD to the power 1.95996)
A factor U of ecoinvent 2 is a share of GSD², so sigma_i = ln(U) / 2 and GSD² = exp(sqrt(sum ln² U_i)); ecoinvent 3
publishes the sigma_i² themselves; the empirical factors of Ciroth et al. are GSDs. All are kept here as variances.
The coefficients are data (data/pedigree.csv, each with its source); a matrix of one's own is made by `PedigreeMatrix`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tanbiao.lca.distributions.checks import checked
from tanbiao.lca.distributions.columns import Distributions, Kind
from tanbiao.lca.distributions.making import lognormal
from tanbiao.lca.faults import NoPedigree, WrongDistribution, WrongScore

Vector = NDArray[np.float64]

INDICATORS = ("reliability", "completeness", "temporal", "geographical", "technological")
_NAMES_ZH = ("可靠性", "完整性", "时间相关性", "地理相关性", "技术相关性")


class PedigreeScores(NamedTuple):
    """Scores 1 (best) to 5 (worst), in the order of ecoinvent: (2, 3, 1, 1, 4)."""

    reliability: int
    completeness: int
    temporal: int
    geographical: int
    technological: int


@dataclass(frozen=True, slots=True, eq=False)
class PedigreeMatrix:
    """What each score adds to sigma² of ln x.

    variances  (5, 5)  indicator x score - 1; NaN where the source gives none
    basic      sigma² by kind of exchange, where the source gives it
    """

    id: str
    source: str
    variances: Vector
    basic: Mapping[str, float]

    def variance(self, scores: ArrayLike, basic: float | str | Vector = 0.0) -> Vector:
        """sigma² of ln x, () or (N,), from scores (5,) or (N, 5) and the basic sigma² or kind of exchange.

        Raises WrongScore for what is not a whole number from 1 to 5 or has no coefficient in this matrix, NoPedigree
        for a kind without basic uncertainty.
        """
        given = np.asarray(scores, dtype=np.float64)
        if given.ndim not in (1, 2) or given.shape[-1] != len(INDICATORS):
            raise WrongScore("", "谱系评分须为五个。", "a pedigree has five scores.")
        rows = np.atleast_2d(given)
        whole = (rows >= 1) & (rows <= 5) & (rows == np.rint(rows))
        added = self.variances[np.arange(len(INDICATORS)), np.where(whole, rows, 1).astype(np.intp) - 1]
        for row, column in np.argwhere(~whole | np.isnan(added)):
            place = "" if given.ndim == 1 else f"#{row + 1}"
            value, zh, en = rows[row, column], _NAMES_ZH[column], INDICATORS[column]
            if not whole[row, column]:
                raise WrongScore(
                    place,
                    f"{zh}评分 {value:g} 须为 1 到 5 的整数。",
                    f"the score {value:g} of {en} must be a whole 1 to 5.",
                )
            raise WrongScore(
                place,
                f"矩阵 {self.id} 没有{zh}评分 {value:g} 的系数，请改用其他评分或矩阵。",
                f"matrix {self.id} has no coefficient for score {value:g} of {en}; take another score or matrix.",
            )
        total = added.sum(axis=1) + (self.basic_variance(basic) if isinstance(basic, str) else basic)
        return np.asarray(total[0] if given.ndim == 1 and total.shape == (1,) else total)

    def basic_variance(self, kind: str) -> float:
        found = self.basic.get(kind)
        if found is None:
            known = ", ".join(self.basic) or "-"
            raise NoPedigree(
                "",
                f"矩阵 {self.id} 没有“{kind}”的基本不确定性；可用：{known}。",
                f'matrix {self.id} has no basic uncertainty of "{kind}"; available: {known}.',
            )
        return found

    def gsd2(self, scores: ArrayLike, basic: float | str | Vector = 0.0) -> Vector:
        """GSD² = exp(2 sigma), () or (N,)."""
        return gsd2_of_variance(self.variance(scores, basic))

    def lognormal(self, median: ArrayLike, scores: ArrayLike, basic: float | str | Vector = 0.0) -> Distributions:
        """The amounts as lognormals with their pedigree."""
        return lognormal(median, np.exp(np.sqrt(self.variance(scores, basic))))


def variance_of_gsd2(gsd2: ArrayLike) -> Vector:
    """sigma² of ln x from GSD² (or from a factor U of ecoinvent 2)."""
    return np.asarray((np.log(gsd2) / 2) ** 2)


def gsd2_of_variance(variance: ArrayLike) -> Vector:
    return np.asarray(np.exp(2 * np.sqrt(variance)))


def widen(distributions: Distributions, variance: ArrayLike) -> Distributions:
    """Distributions (N,) made wider by an additional sigma² () or (N,), of whatever kind they are.

    Lognormal: sigma² add up. Others: CV² + 1 is multiplied by exp(sigma²), as for the product with an independent
    factor of mean 1 (Muller et al. 2016, Int J LCA 21:1327), the mean and the shape are kept. What has no spread of
    its own and is not lognormal or normal stays as it is.
    """
    d = distributions
    more = np.broadcast_to(np.asarray(variance, dtype=np.float64), (len(d),))
    if not np.all(more >= 0):
        raise WrongDistribution("", "附加方差不能为负。", "an additional variance cannot be negative.")
    mean, own = d.mean(), d.variance()
    wider = np.sqrt(own + np.expm1(more) * (own + mean**2))
    ratio = np.divide(wider, np.sqrt(own), out=np.ones(len(d)), where=own > 0)
    bounded = np.isin(d.kind, (Kind.UNIFORM, Kind.TRIANGULAR))
    logs = d.kind == Kind.LOGNORMAL

    def stretched(column: Vector) -> Vector:
        return np.where(bounded, mean + ratio * (column - mean), column)

    scale = np.where(logs, np.sqrt(d.scale**2 + more), np.where(d.kind == Kind.NORMAL, wider, d.scale))
    return checked(
        replace(d, loc=stretched(d.loc), scale=scale, minimum=stretched(d.minimum), maximum=stretched(d.maximum))
    )


_AS_VARIANCE: Mapping[str, Callable[[Vector], Vector]] = {
    "gsd2": variance_of_gsd2,
    "gsd": lambda gsd: np.asarray(np.log(gsd) ** 2),
    "variance": np.asarray,
}


@cache
def pedigree_matrices() -> Mapping[str, PedigreeMatrix]:
    """The matrices we carry, by id: "ecoinvent2", "ecoinvent3", "empirical"."""
    rows: dict[str, dict[str, Vector]] = {}
    sources: dict[str, str] = {}
    for row in _table("pedigree.csv"):
        numbers = np.array([float(row[score] or "nan") for score in "12345"])
        rows.setdefault(row["set"], {})[row["indicator"]] = _AS_VARIANCE[row["means"]](numbers)
        sources.setdefault(row["set"], row["source"])
    basic: dict[str, dict[str, float]] = {id: {} for id in rows}
    for row in _table("basic_uncertainty.csv"):
        basic["ecoinvent2"][row["kind"]] = float(variance_of_gsd2(float(row["ecoinvent2"])))
        basic["ecoinvent3"][row["kind"]] = float(row["ecoinvent3"])
    return {
        id: PedigreeMatrix(id, sources[id], np.array([table[name] for name in INDICATORS]), basic[id])
        for id, table in rows.items()
    }


def pedigree_matrix(id: str = "ecoinvent3") -> PedigreeMatrix:
    """Raises NoPedigree."""
    found = pedigree_matrices().get(id)
    if found is None:
        known = ", ".join(pedigree_matrices())
        raise NoPedigree("", f"没有谱系矩阵“{id}”；可用：{known}。", f'no pedigree matrix "{id}"; available: {known}.')
    return found


def _table(name: str) -> list[dict[str, str]]:
    with files("tanbiao.lca").joinpath(f"data/{name}").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
