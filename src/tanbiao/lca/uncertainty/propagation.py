"""Uncertainty without drawing: first-order propagation from the adjoint, and which data it comes from.

    d y_p / d R_ij = s_i y_j      d y_p / d E_ik = s_i c_k      d y_p / d m_i = -s_i y_i
    Var(y_p) = sum (d y_p / d x)^2 Var(x)          ln^2 GSD(y_p) = sum (x / y_p d y_p / d x)^2 ln^2 GSD(x)

with R recipes, E elementary flows, m yields (mean 1), s the supply of one unit of p. Exact for a sum of independent
normals (first) and for a product of lognormals (second); elsewhere good while spreads are small: compare with
`monte_carlo`. Heijungs & Lenzen 2014; JCGM 100:2008 5.1.2; the second is the formula of DOMAIN 3.12.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tanbiao.lca.distributions.columns import Distributions, Kind
from tanbiao.lca.frames import Table, share
from tanbiao.lca.network.arrays import Network, rows_of_entries
from tanbiao.lca.network.engine import solve_network
from tanbiao.lca.uncertainty.draws import no_uncertainty
from tanbiao.lca.uncertainty.montecarlo import MonteCarlo
from tanbiao.words import Text

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Source:
    """One datum and what it adds: sensitivity = x / y d y / d x; share of the variance of ln y (0..1)."""

    kind: str  # "input", "flow" or "yield"
    product: int  # whose recipe, flow or yield
    other: int  # the product taken, or the flow; -1 for a yield
    said: str
    sensitivity: float
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class Propagated(Table):
    """First-order uncertainty of the footprint of one unit of a product.

    footprint  of the amounts as given, for the product as the source counts it;  sd, gsd: (geometric) standard
               deviation
    sources    the data that bring most of ln^2 gsd, largest first, and how much the rest brings (`rest`)
    """

    product: int
    footprint: float
    sd: float
    gsd: float
    sources: tuple[Source, ...]
    rest: float

    def caption(self) -> Text:
        return Text(
            f"不确定性来源：几何标准差 {self.gsd:.4g}，标准差 {self.sd:.4g}",
            f"Sources of uncertainty: GSD {self.gsd:.4g}, standard deviation {self.sd:.4g}",
        )

    def rows(self) -> list[dict[str, object]]:
        lines: list[dict[str, object]] = [
            {"source": s.said, "kind": s.kind, "sensitivity": s.sensitivity, "share": s.share} for s in self.sources
        ]
        return [*lines, {"source": str(Text("其余", "rest")), "kind": "", "sensitivity": None, "share": self.rest}]


def propagate(network: Network, characterisation: ArrayLike, product: int | str, *, top: int = 20) -> Propagated:
    """First-order uncertainty of one unit of a product (by index or name), by one method (m,).

    Raises NoUncertainty, UnknownProduct, and as `unit_footprints`.
    """
    cf, product = np.asarray(characterisation, dtype=float), network.index(product)
    y = solve_network(network, network.direct(cf)).values
    one = np.zeros(network.size)
    one[product] = 1.0
    s = solve_network(network, one, forward=True).values
    inputs, flows = network.inputs, network.flows
    rows, flow_rows = rows_of_entries(inputs), rows_of_entries(flows)
    parts = [
        ("input", network.input_spread, inputs.data, s[rows] * y[inputs.indices], rows, inputs.indices),
        ("flow", network.flow_spread, flows.data, s[flow_rows] * cf[flows.indices], flow_rows, flows.indices),
        ("yield", network.made_spread, np.ones(network.size), -s * y, np.arange(network.size), None),
    ]
    kinds: list[str] = []
    sd2, logs, elastic, owners, others = [], [], [], [], []
    for kind, spread, amounts, slope, owner, other in parts:
        if spread is None:
            continue
        sd2.append(slope**2 * spread.variance())
        elastic.append(slope * amounts / y[product] if y[product] else np.zeros(amounts.size))
        logs.append((elastic[-1] * log_spread(spread)) ** 2)
        kinds += [kind] * amounts.size
        owners.append(owner)
        others.append(np.full(amounts.size, -1) if other is None else other)
    variance = math.fsum(float(v.sum()) for v in sd2)
    if not variance > 0:
        raise no_uncertainty()
    log_variance = np.concatenate(logs)
    total = float(log_variance.sum())
    largest = np.argsort(-log_variance, kind="stable")[:top]
    where = np.concatenate(owners), np.concatenate(others), np.concatenate(elastic)
    sources = tuple(
        Source(
            kinds[k],
            i := int(where[0][k]),
            j := int(where[1][k]),
            _said(network, kinds[k], i, j),
            float(where[2][k]),
            share(float(log_variance[k]), total),
        )
        for k in largest.tolist()
        if log_variance[k] > 0
    )
    rest = max(0.0, 1 - math.fsum(source.share for source in sources)) if total else 0.0
    footprint = float(network.as_counted(y)[product])
    return Propagated(product, footprint, math.sqrt(variance), math.exp(math.sqrt(total)), sources, rest)


def log_spread(spread: Distributions) -> Array:
    """ln GSD of each (N,): exact for lognormals, that of a lognormal with the same mean and variance for others."""
    mean, variance = spread.mean(), spread.variance()
    with np.errstate(divide="ignore", invalid="ignore"):
        alike = np.sqrt(np.log1p(np.where(mean != 0, variance / mean**2, 0.0)))
    return np.where((spread.kind == Kind.LOGNORMAL) & ~spread.cut, np.where(spread.varies, spread.scale, 0.0), alike)


@dataclass(frozen=True, slots=True)
class ComparedPropagation:
    """Drawn beside propagated: standard deviations and GSDs of one product, and the error of the first order."""

    sd_drawn: float
    sd_propagated: float
    gsd_drawn: float
    gsd_propagated: float

    @property
    def sd_error(self) -> float:
        return self.sd_propagated / self.sd_drawn - 1

    @property
    def gsd_error(self) -> float:
        return math.log(self.gsd_propagated) / math.log(self.gsd_drawn) - 1


def compare_propagation(draws: MonteCarlo, propagated: Propagated) -> ComparedPropagation:
    """Both ways for one product of the draws."""
    sample = draws.of(propagated.product)
    return ComparedPropagation(
        float(sample.std(ddof=1)),
        propagated.sd,
        float(np.exp(np.log(abs(sample)).std(ddof=1))),
        propagated.gsd,
    )


def _said(network: Network, kind: str, product: int, other: int) -> str:
    name = network.name(product)
    if kind == "yield":
        return name
    return f"{network.name(other) if kind == 'input' else network.flow_name(other)} → {name}"
