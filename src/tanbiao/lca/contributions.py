"""Where a footprint comes from: the contribution table, and the same as flows for a Sankey diagram."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TypedDict

import numpy as np

from tanbiao.lca.footprint import Contribution, Footprint
from tanbiao.lca.gwp import gwp_set
from tanbiao.lca.matrices import demand, interventions, technology
from tanbiao.lca.model import Stage
from tanbiao.lca.solve import supply, unit_footprints
from tanbiao.words import Text


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """One line of the table, its gases added up. `share` is of the total; negative for removals."""

    process: str
    process_name: str
    line: str
    part: str  # "supply", "use" or "direct"
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


class Node(TypedDict):
    name: str
    kind: str  # "line", "process" or "product"


class Link(TypedDict):
    source: str
    target: str
    value: float


class Sankey(TypedDict):
    nodes: list[Node]
    links: list[Link]


_Key = tuple[str, str]  # kind, id
_Links = dict[tuple[_Key, _Key], float]
_PRODUCT: _Key = ("product", "")
_DIRECT = Text("直接排放：", "Direct emission: ")


def sankey(footprint: Footprint, language: str = "zh", smallest: float = 0.0) -> Sankey:
    """The footprint as flows of kg CO2e per declared unit: line -> process -> process -> product.

    What a process hands on is the burden of its product, so at each process as much flows in as out. A negative flow
    (a removal) is drawn backwards with its absolute value; what runs in circles is netted, so the graph is acyclic.
    Lines of a process that are each below the share `smallest` of the total run together into one.
    Node names are unique.
    """
    lines: defaultdict[tuple[_Key, _Key], float] = defaultdict(float)
    for c in footprint.contributions:
        lines[("line", _label(c, language)), ("process", c.process)] += c.kg_co2e
    processes = {("process", p.id): p.name for p in footprint.system.processes}
    least = smallest * abs(footprint.total_kg_co2e)
    links = defaultdict(float, _thin_ones_together(lines, least, processes, language))
    for source, target, value in _handed_on(footprint):
        links[source, target] += value
    product = footprint.system.product
    links[("process", product.process), _PRODUCT] += footprint.total_kg_co2e
    drawn = _acyclic(_forward(links))
    keys = list(dict.fromkeys(key for pair in drawn for key in pair))
    labels = dict(processes)
    english = product.name_en if language.lower().startswith("en") else ""
    labels[_PRODUCT] = english or product.name
    names = _unique({key: labels.get(key, key[1]) for key in keys}, language)
    return {
        "nodes": [{"name": names[key], "kind": key[0]} for key in keys],
        "links": [{"source": names[a], "target": names[b], "value": value} for (a, b), value in drawn.items()],
    }


def _thin_ones_together(lines: _Links, least: float, processes: dict[_Key, str], language: str) -> _Links:
    """Lines thinner than `least` as one line a process; a lone one keeps its name."""
    thin: defaultdict[_Key, list[_Key]] = defaultdict(list)
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


def _handed_on(footprint: Footprint) -> list[tuple[_Key, _Key, float]]:
    """Burden that each process hands to each other one: footprint per unit x amount taken."""
    system, gwp = footprint.system, gwp_set(footprint.gwp_set)
    tech = technology(system)
    burden = interventions(system, tech.shares)
    c = np.array([gwp.of(substance, gas_class) for substance, gas_class in burden.substances])
    y = unit_footprints(tech.A, burden.B.T @ c)
    s = supply(tech.A, demand(system)).s
    taken = tech.taken.tocoo()
    return [
        (("process", tech.processes[i]), ("process", tech.processes[j]), float(y[i] * amount * s[j]))
        for i, j, amount in zip(*(index.tolist() for index in taken.coords), taken.data.tolist(), strict=True)
        if i != j
    ]


def _forward(links: _Links) -> _Links:
    """Turn negative flows round, and drop what is too thin to mean anything."""
    turned: defaultdict[tuple[_Key, _Key], float] = defaultdict(float)
    least = 1e-12 * max((abs(value) for value in links.values()), default=0.0)
    for (source, target), value in links.items():
        if value > least:
            turned[source, target] += value
        elif value < -least:
            turned[target, source] -= value
    return dict(turned)


def _acyclic(links: _Links) -> _Links:
    """Take from each circle its thinnest flow all around, until none is left; balances stay as they were."""
    links = dict(links)
    while circle := _circle(links):
        thinnest = min(links[pair] for pair in circle)
        for pair in circle:
            links[pair] -= thinnest
            if links[pair] <= 0:
                del links[pair]
    return links


def _circle(links: _Links) -> list[tuple[_Key, _Key]]:
    """The links of one circle, or nothing."""
    order: TopologicalSorter[_Key] = TopologicalSorter()
    for source, target in links:
        order.add(target, source)
    try:
        order.prepare()
    except CycleError as error:
        return list(pairwise(error.args[1]))
    return []


def _unique(labels: dict[_Key, str], language: str) -> dict[_Key, str]:
    """Names of nodes must differ: where two are alike, say the kind, and number what is still alike."""
    kinds = {
        "line": Text("投入", "input"),
        "process": Text("过程", "process"),
        "product": Text("产品", "product"),
    }
    often = Counter(labels.values())
    names: dict[_Key, str] = {}
    seen: Counter[str] = Counter()
    for key, label in labels.items():
        name = label if often[label] == 1 else f"{label} ({kinds[key[0]].said_in(language)})"
        seen[name] += 1
        names[key] = name if seen[name] == 1 else f"{name} {seen[name]}"
    return names
