"""Flows as nodes and links of a Sankey diagram that can be drawn: all forward, none in circles, every name once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TypedDict

from tanbiao.words import Text


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


Key = tuple[str, str]  # kind, id
Links = dict[tuple[Key, Key], float]

_KINDS = {
    "line": Text("投入", "input"),
    "process": Text("过程", "process"),
    "product": Text("产品", "product"),
}


def diagram(links: Mapping[tuple[Key, Key], float], labels: Mapping[Key, str], language: str) -> Sankey:
    """Nodes and links as ECharts draws them, for as many flows as a person can look at.

    A negative flow (a removal, a credit) is turned round; what runs in circles is netted, so that the graph is
    acyclic; balances stay as they were. A node without a label goes by its id.
    """
    drawn = _acyclic(_forward(links))
    keys = list(dict.fromkeys(key for pair in drawn for key in pair))
    names = _unique({key: labels.get(key, key[1]) for key in keys}, language)
    return {
        "nodes": [{"name": names[key], "kind": key[0]} for key in keys],
        "links": [{"source": names[a], "target": names[b], "value": value} for (a, b), value in drawn.items()],
    }


def _forward(links: Mapping[tuple[Key, Key], float]) -> Links:
    """Turn negative flows round, and drop what is too thin to mean anything."""
    turned: defaultdict[tuple[Key, Key], float] = defaultdict(float)
    least = 1e-12 * max((abs(value) for value in links.values()), default=0.0)
    for (source, target), value in links.items():
        if value > least:
            turned[source, target] += value
        elif value < -least:
            turned[target, source] -= value
    return dict(turned)


def _acyclic(links: Links) -> Links:
    """Take from each circle its thinnest flow all around, until none is left; balances stay as they were."""
    links = dict(links)
    while circle := _circle(links):
        thinnest = min(links[pair] for pair in circle)
        for pair in circle:
            links[pair] -= thinnest
            if links[pair] <= 0:
                del links[pair]
    return links


def _circle(links: Links) -> list[tuple[Key, Key]]:
    """The links of one circle, or nothing."""
    order: TopologicalSorter[Key] = TopologicalSorter()
    for source, target in links:
        order.add(target, source)
    try:
        order.prepare()
    except CycleError as error:
        return list(pairwise(error.args[1]))
    return []


def _unique(labels: Mapping[Key, str], language: str) -> dict[Key, str]:
    """Names of nodes must differ: where two are alike, say the kind, and number what is still alike."""
    often = Counter(labels.values())
    names: dict[Key, str] = {}
    seen: Counter[str] = Counter()
    for key, label in labels.items():
        name = label if often[label] == 1 else f"{label} ({_KINDS[key[0]].said_in(language)})"
        seen[name] += 1
        names[key] = name if seen[name] == 1 else f"{name} {seen[name]}"
    return names
