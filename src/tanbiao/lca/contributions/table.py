"""Where a footprint comes from: the contribution table, and the same as flows for a Sankey diagram."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tanbiao.lca.contributions.diagram import Key, Link, Links, Sankey, diagram
from tanbiao.lca.footprint import Footprint
from tanbiao.lca.frames import Table, share
from tanbiao.lca.matrices import demand, interventions, technology
from tanbiao.lca.network.direct import supply
from tanbiao.lca.views import Contribution, ContributionRow
from tanbiao.words import Text


def contribution_table(footprint: Footprint) -> list[ContributionRow]:
    """The lines of a footprint, the largest (by absolute value) first; they sum to the total."""
    return footprint.table()


_PRODUCT: Key = ("product", "")
_DIRECT = Text("直接排放：", "Direct emission: ")


def sankey(footprint: Footprint, language: str = "zh", smallest: float = 0.0) -> Sankey:
    """The footprint as flows of kg CO2e per declared unit: line -> process -> process -> product.

    What a process hands on is the burden of its product, so at each process as much flows in as out. A negative flow
    (a removal) is drawn backwards with its absolute value; what runs in circles is netted, so the graph is acyclic.
    Lines of a process that are each below the share `smallest` of the total run together into one.
    Node names are unique.
    """
    lines: defaultdict[tuple[Key, Key], float] = defaultdict(float)
    for c in footprint.contributions:
        lines[("line", _label(c, language)), ("process", c.process)] += c.kg_co2e
    processes = {("process", p.id): p.name for p in footprint.system.processes}
    least = smallest * abs(footprint.total_kg_co2e)
    links = defaultdict(float, _thin_ones_together(lines, least, processes, language))
    for source, target, value in _handed_on(footprint):
        links[source, target] += value
    product = footprint.system.product
    links[("process", product.process), _PRODUCT] += footprint.total_kg_co2e
    labels = dict(processes)
    english = product.name_en if language.lower().startswith("en") else ""
    labels[_PRODUCT] = english or product.name
    return diagram(links, labels, language)


@dataclass(frozen=True, slots=True)
class SankeyLinks(Table):
    """The links of Sankey diagrams as an edge list to export; values in kg CO2e per declared unit."""

    links: tuple[tuple[str, Link, float], ...]  # scenario, link, share of the total

    def caption(self) -> Text:
        return Text("桑基图的流，kg CO2e", "Flows of the Sankey diagrams, kg CO2e")

    def rows(self) -> list[dict[str, object]]:
        return [{"scenario": scenario, **link, "share": part} for scenario, link, part in self.links]


def sankey_links(footprints: Mapping[str, Footprint], language: str = "zh", smallest: float = 0.0) -> SankeyLinks:
    """The links of `sankey` of several footprints in one list: scenario -> footprint."""
    return SankeyLinks(
        tuple(
            (scenario, link, share(link["value"], footprint.total_kg_co2e))
            for scenario, footprint in footprints.items()
            for link in sankey(footprint, language, smallest)["links"]
        )
    )


def _thin_ones_together(lines: Links, least: float, processes: dict[Key, str], language: str) -> Links:
    """Lines thinner than `least` as one line a process; a lone one keeps its name."""
    thin: defaultdict[Key, list[Key]] = defaultdict(list)
    for (line, process), value in lines.items():
        if abs(value) < least:
            thin[process].append(line)
    together = dict(lines)
    for process, members in thin.items():
        if len(members) > 1:
            others = Text(f"其他 {len(members)} 项", f"{len(members)} others").said_in(language)
            name = f"{others} → {processes[process]}"
            together[("line", name), process] = sum(together.pop((m, process)) for m in members)
    return together


def _label(c: Contribution, language: str) -> str:
    return _DIRECT.said_in(language) + c.line if c.part == "direct" else c.line


def _handed_on(footprint: Footprint) -> list[tuple[Key, Key, float]]:
    """Burden that each process hands to each other one: footprint per unit x amount taken."""
    system, gwp = footprint.system, footprint.gwp
    tech = technology(system)
    burden = interventions(system, tech.shares)
    c = np.array([gwp.of(substance, gas_class) for substance, gas_class in burden.substances])
    y = supply(tech.A.T, burden.B.T @ c).s
    s = supply(tech.A, demand(system)).s
    taken = (tech.taken - tech.avoided).tocoo()
    return [
        (("process", tech.processes[i]), ("process", tech.processes[j]), float(y[i] * amount * s[j]))
        for i, j, amount in zip(*(index.tolist() for index in taken.coords), taken.data.tolist(), strict=True)
        if i != j
    ]
