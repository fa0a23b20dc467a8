"""The flows of impact through a network as an edge list: data of a Sankey diagram, for one or several scenarios.

For a demand f with supplies s, product j hands  s_i inputs[i, j] y_j  on to product i. At every product what comes in
and what it releases itself leave again: to other products or to the demand. Loops stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tanbiao.lca.contributions.diagram import Sankey, diagram
from tanbiao.lca.contributions.intensities import Intensities, Vector
from tanbiao.lca.faults import NotComparable
from tanbiao.lca.frames import Table, share
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.engine import Demand, total_supply
from tanbiao.words import Text

Index = NDArray[np.intp]

DIRECT, DEMAND, OTHERS = -1, -2, -3  # ends of edges that are no product
_ENDS = {
    DIRECT: Text("直接排放", "Direct emissions"),
    DEMAND: Text("需求", "Demand"),
    OTHERS: Text("其他产品", "Other products"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Edges(Table):
    """Columns of the list, one entry an edge, the largest of a scenario first.

    scenarios  names, and `scenario` (E,) which of them;  totals  impact of each
    source, target  (E,)  products, or DIRECT, DEMAND, OTHERS;  value  (E,)  impact handed on, negative for credits
    """

    network: Network
    scenarios: tuple[str, ...]
    totals: tuple[float, ...]
    scenario: Index
    source: Index
    target: Index
    value: Vector

    def caption(self) -> Text:
        return Text("产品之间传递的影响", "Impact handed on between products")

    def rows(self) -> list[dict[str, object]]:
        """One dict an edge; `source_product` and `target_product` are indexes, as names need not be unique."""
        return [
            {
                "scenario": self.scenarios[k],
                "source": self._name(j),
                "target": self._name(i),
                "value": value,
                "share": share(value, self.totals[k]),
                "source_product": j,
                "target_product": i,
            }
            for k, j, i, value in zip(
                self.scenario.tolist(), self.source.tolist(), self.target.tolist(), self.value.tolist(), strict=True
            )
        ]

    def sankey(self, scenario: str = "", language: str = "zh") -> Sankey:
        """The edges of one scenario to be drawn: credits turned round, circles netted (see `diagram`)."""
        if scenario not in self.scenarios:
            raise NotComparable(
                scenario,
                f"没有情景“{scenario}”；有：{'、'.join(self.scenarios)}。",
                f'there is no scenario "{scenario}"; there are: {", ".join(self.scenarios)}.',
            )
        chosen = self.scenario == self.scenarios.index(scenario)
        ends = [[(_kind(end), str(end)) for end in ends[chosen].tolist()] for ends in (self.source, self.target)]
        links = dict(zip(zip(*ends, strict=True), self.value[chosen].tolist(), strict=True))
        labels = {key: self._name(int(key[1]), language) for pair in links for key in pair}
        return diagram(links, labels, language)

    def _name(self, end: int, language: str = "") -> str:
        if end not in _ENDS:
            return self.network.name(end)
        return _ENDS[end].said_in(language) if language else str(_ENDS[end])


def _kind(end: int) -> str:
    return {DIRECT: "line", DEMAND: "product"}.get(end, "process")


def edge_list(x: Intensities, demand: Demand, *, cutoff: float = 0.01) -> Edges:
    """The flows that a demand f (n,), as `Network.demand` gives it, sets going; see `edge_lists`."""
    return edge_lists({"": (x, demand)}, cutoff=cutoff)


def edge_lists(scenarios: Mapping[str, tuple[Intensities, Demand]], *, cutoff: float = 0.01) -> Edges:
    """One list of several scenarios (methods, demands, changed networks of the same products), to be compared.

    cutoff  share of the total of a scenario, by absolute value: products that are below it in all of them run together
            as OTHERS, and flows between two products that are below it in all of them go by way of OTHERS
    At each product, and at OTHERS, what comes in equals what goes out. Raises NotComparable, and as `total_supply`.
    """
    sizes = {x.network.size for x, _ in scenarios.values()}
    if not sizes:
        raise NotComparable("", "没有给出情景。请至少给出一个。", "No scenario is given. Give at least one.")
    if len(sizes) != 1:
        raise NotComparable(
            "",
            f"各情景的产品数不同（{'、'.join(map(str, sorted(sizes)))}），不能列在一张表中。请用同一网络的各个版本。",
            f"The scenarios have different numbers of products ({', '.join(map(str, sorted(sizes)))}) and cannot stand "
            "in one list. Give versions of one network.",
        )
    flows = [_flows(x, x.network.as_demand(demand)) for x, demand in scenarios.values()]
    thick = np.unique(np.concatenate([flow.thick(cutoff) for flow in flows]))
    shown = np.logical_or.reduce([flow.large(cutoff) for flow in flows])
    shown[np.concatenate(np.divmod(thick, shown.size))] = True
    parts = [flow.folded(shown, thick) for flow in flows]
    counts = [value.size for _, _, value in parts]
    source, target, value = (np.concatenate(same) for same in zip(*parts, strict=True))
    return Edges(
        next(iter(scenarios.values()))[0].network,
        tuple(scenarios),
        tuple(flow.total for flow in flows),
        np.repeat(np.arange(len(flows)), counts),
        source,
        target,
        value,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Flows:
    """All flows of one scenario: between products (supplier -> taker), and of each product from and to outside."""

    supplier: Index
    taker: Index
    value: Vector
    direct: Vector
    demanded: Vector

    @property
    def total(self) -> float:
        return float(self.demanded.sum())

    @property
    def pair(self) -> Index:
        """One number a pair of products: supplier and taker by divmod."""
        return self.supplier * self.direct.size + self.taker

    def thick(self, cutoff: float) -> Index:
        """The pairs between which the flow reaches the cut-off."""
        return self.pair[abs(self.value) >= cutoff * abs(self.total)]

    def large(self, cutoff: float) -> NDArray[np.bool_]:
        """The products that as much goes through, or as much comes from or goes to outside."""
        through = self.direct + np.bincount(self.taker, self.value, self.direct.size)
        largest = np.maximum.reduce([abs(through), abs(self.direct), abs(self.demanded)])
        return np.asarray((largest >= cutoff * abs(self.total)) & (largest > 0))

    def folded(self, shown: NDArray[np.bool_], thick: Index) -> tuple[Index, Index, Vector]:
        """source, target, value with all products not shown as OTHERS, and flows of no thick pair by way of it."""
        n, kept = self.direct.size, np.flatnonzero(shown)
        thin = ~np.isin(self.pair, thick)
        onward = np.bincount(self.supplier[thin], self.value[thin], n)[kept]
        back = np.bincount(self.taker[thin], self.value[thin], n)[kept]
        others, direct, demand = (np.full(kept.size, end) for end in (OTHERS, DIRECT, DEMAND))
        source = np.concatenate((self.supplier[~thin], kept, others, direct, [DIRECT], kept, [OTHERS]))
        target = np.concatenate((self.taker[~thin], others, kept, kept, [OTHERS], demand, [DEMAND]))
        value = np.concatenate(
            (
                self.value[~thin],
                onward,
                back,
                self.direct[kept],
                [self.direct[~shown].sum()],
                self.demanded[kept],
                [self.demanded[~shown].sum()],
            )
        )
        order = np.argsort(-abs(value), kind="stable")
        order = order[value[order] != 0]
        return source[order], target[order], value[order]


def _flows(x: Intensities, demand: Vector) -> _Flows:
    s = total_supply(x.network, demand).values
    entries = sparse.coo_array(x.inputs)
    taker, supplier = entries.coords
    value = s[taker] * entries.data * x.total[supplier]
    carrying = value != 0
    return _Flows(
        supplier[carrying].astype(np.intp),
        taker[carrying].astype(np.intp),
        value[carrying],
        s * x.direct,
        demand * x.total,
    )
