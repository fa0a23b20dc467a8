"""Where a footprint comes from: the contribution table, and the same as flows for a Sankey diagram."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from tanbiao.lca.contributions.diagram import Key, Links, Sankey, diagram
from tanbiao.lca.footprint import Contribution, Footprint
from tanbiao.lca.matrices import demand, interventions, technology
from tanbiao.lca.model import Stage
from tanbiao.lca.network.direct import supply
from tanbiao.words import Text


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """One line of the table, its gases added up. `share` is of the total; negative for removals."""

    process: str
    process_name: str
    line: str
    part: str  # "supply", "use", "direct" or "avoided"
    stage: Stage
    factor: str  # id
    primary: bool
    place: str
    kg_co2e: float
    share: float


def contribution_table(footprint: Footprint) -> list[ContributionRow]:
    """The lines of a footprint, the largest (by absolute value) first; they sum to the total."""
    total = footprint.total_kg_co2e
    names = {process.id: process.name for process in footprint.system.processes}
    rows: defaultdict[tuple[str, str, str, Stage, str, bool, str], list[float]] = defaultdict(list)
    for c in footprint.contributions:
        rows[c.process, c.line, c.part, c.stage, c.factor, c.primary, c.place].append(c.kg_co2e)
    table = [
        ContributionRow(
            process, names[process], line, part, stage, factor, primary, place, (kg := math.fsum(values)),
            kg / total if total else 0.0,
        )
        for (process, line, part, stage, factor, primary, place), values in rows.items()
    ]  # fmt: skip
    return sorted(table, key=lambda row: -abs(row.kg_co2e))


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
