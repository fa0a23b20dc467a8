"""Contributions folded to one's own processes: what each releases, and one line a background product it takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tanbiao.lca.contributions.intensities import Intensities
from tanbiao.lca.frames import Table, share
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.engine import Demand, solve_network
from tanbiao.words import Text

Index = NDArray[np.intp]

NONE = -1  # no own process: demanded straight from the background; no product: released by the process itself
_DIRECT = Text("直接排放", "Direct emissions")
_DEMAND = Text("需求", "Demand")


@dataclass(frozen=True, slots=True)
class FoldedLine:
    """process: one of one's own, or NONE; product: of the background, with the amount taken in all, or NONE."""

    process: int
    product: int
    amount: float
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Folded(Table):
    """Lines, the largest first by absolute value; they sum to the total."""

    network: Network
    lines: tuple[FoldedLine, ...]
    total: float

    def caption(self) -> Text:
        return Text("自有过程的贡献", "Contributions of own processes")

    def rows(self) -> list[dict[str, object]]:
        name = self.network.name
        return [
            {
                "process": str(_DEMAND) if line.process == NONE else name(line.process),
                "line": str(_DIRECT) if line.product == NONE else name(line.product),
                "amount": line.amount,
                "value": line.value,
                "share": share(line.value, self.total),
            }
            for line in self.lines
        ]


def fold(x: Intensities, demand: Demand, own: Iterable[int | str]) -> Folded:
    """The impact of a demand f (n,), as `Network.demand` gives it, by own processes and what they take.

        f.y = sum over own i of  sigma_i (c_i + sum over background j of  inputs[i, j] y_j)  +  what f asks of j itself

    with sigma = f + R^T sigma solved among the own processes alone. A background that takes own products in turn is
    whole in y_j: nothing is lost or counted twice, and what own processes release for it stands in the line of j.

    own  indexes or names.  Raises as `total_supply`.
    """
    f = x.network.as_demand(demand)
    chosen = np.unique(np.array([x.network.index(product) for product in own], dtype=np.intp))
    rows = x.inputs[chosen]
    among = _among(x.network, rows, chosen)
    sigma = solve_network(among, f[chosen], forward=True).values if chosen.size else f[chosen]
    entries = sparse.coo_array(rows)
    process, product = entries.coords
    background = ~np.isin(product, chosen)
    process, product = process[background].astype(np.intp), product[background].astype(np.intp)
    amount = sigma[process] * entries.data[background]
    asked = f.copy()
    asked[chosen] = 0
    straight = np.flatnonzero(asked)
    columns = (
        np.concatenate((chosen, chosen[process], np.full(straight.size, NONE))),
        np.concatenate((np.full(chosen.size, NONE), product, straight)),
        np.concatenate((sigma, amount, asked[straight])),
        np.concatenate((sigma * x.direct[chosen], amount * x.total[product], (asked * x.total)[straight])),
    )
    value = columns[3]
    order = np.argsort(-abs(value), kind="stable")
    order = order[value[order] != 0]
    lines = zip(*(column[order].tolist() for column in columns), strict=True)
    return Folded(x.network, tuple(FoldedLine(*line) for line in lines), float(value.sum()))


def _among(network: Network, rows: sparse.csr_array, own: Index) -> Network:
    """The network of some products, without all others: `rows` are theirs."""
    inputs = sparse.csr_array(rows[:, own])
    flows = sparse.csr_array((own.size, 0))
    return Network(inputs, flows, tuple(network.name(i) for i in own.tolist()))
