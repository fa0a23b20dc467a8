"""The upstream tree of a product: its supply chain unrolled, loops and all, down to what is too small to show."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from tanbiao.lca.contributions.intensities import Intensities
from tanbiao.lca.frames import Table, share
from tanbiao.lca.network.arrays import Network
from tanbiao.words import Text

REST = -1  # in place of a product: the inputs of a node that are not shown, as one


@dataclass(frozen=True, slots=True)
class Node:
    """One product at one place of the tree; total = direct + the totals of its children.

    product  index, or REST;  amount  units taken there, None for REST
    total, direct  impact with all that stands behind it, and its own
    parent   place of the parent in the tree, -1 at the root
    tag      its own, or that of the nearest node below it that has one
    links    of REST: how many inputs it gathers
    """

    product: int
    amount: float | None
    total: float
    direct: float
    depth: int
    parent: int
    tag: str = ""
    links: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class UpstreamTree(Table):
    """Nodes in reading order: each followed by its branches, the largest first, REST last.

    full  whether `max_nodes` left out nodes that the cut-off would have shown
    """

    network: Network
    nodes: tuple[Node, ...]
    full: bool

    @property
    def total(self) -> float:
        return self.nodes[0].total

    def by_tag(self) -> dict[str, float]:
        """Impact by tag; what is not shown counts for the tag of the node that takes it. The sum is the total."""
        sums: dict[str, list[float]] = {}
        for node in self.nodes:
            sums.setdefault(node.tag, []).append(node.total if node.product == REST else node.direct)
        return {tag: math.fsum(values) for tag, values in sums.items()}

    def caption(self) -> Text:
        name = self.network.name(self.nodes[0].product)
        return Text(f"“{name}”的上游", f'Upstream of "{name}"')

    def rows(self) -> list[dict[str, object]]:
        return [
            {
                "depth": node.depth,
                "product": self.network.name(node.product)
                if node.product != REST
                else str(Text(f"其余 {node.links} 项", f"{node.links} others")),
                "amount": node.amount,
                "total": node.total,
                "share": share(node.total, self.total),
                "direct": node.direct,
                "parent": node.parent,
                "tag": node.tag,
            }
            for node in self.nodes
        ]


def upstream_tree(
    x: Intensities,
    product: int | str,
    amount: float = 1.0,
    *,
    cutoff: float = 0.01,
    max_nodes: int = 1000,
    max_depth: int = 50,
    tags: Sequence[str] = (),
) -> UpstreamTree:
    """The supply chain of `amount` of a product (as the source counts it), the largest branches first.

    cutoff  share of the total, by absolute value, below which inputs of a node are gathered in one
    tags    (n,) of the products, "" for none: stage, region, site, ...; () where nothing is tagged
    Loops go round until they fall below the cut-off (or `max_depth`). Every node is the sum of its parts to rounding.
    Raises UnknownProduct: products go by index or name.
    """
    product = x.network.index(product)
    found, full = _grow(x, product, x.amount_of(product, amount), cutoff, max_nodes, max_depth)
    branches: list[list[int]] = [[] for _ in found]
    for i, one in enumerate(found[1:], 1):
        branches[one.parent].append(i)
    nodes: list[Node] = []
    pending: list[Node | tuple[int, int]] = [(0, -1)]  # what is drawn as it stands, or (found, place of its parent)
    while pending:
        following = pending.pop()
        if isinstance(following, Node):
            nodes.append(following)
            continue
        i, parent = following
        one, place = found[i], len(nodes)
        total, direct = one.amount * float(x.total[one.product]), one.amount * float(x.direct[one.product])
        tag = (tags[one.product] if len(tags) else "") or (nodes[parent].tag if parent >= 0 else "")
        nodes.append(Node(one.product, one.amount, total, direct, one.depth, parent, tag))
        if left := one.links - len(branches[i]):
            shown = (found[j].amount * float(x.total[found[j].product]) for j in branches[i])
            rest = math.fsum((total, -direct, *(-value for value in shown)))
            pending.append(Node(REST, None, rest, 0.0, one.depth + 1, place, tag, left))
        pending += [(j, place) for j in reversed(branches[i])]
    return UpstreamTree(x.network, tuple(nodes), full)


@dataclass(frozen=True, slots=True)
class _Found:
    """A node while the tree grows; parent by order of finding, links: how many of its inputs carry an impact."""

    product: int
    amount: float
    depth: int
    parent: int
    links: int


def _grow(
    x: Intensities, product: int, amount: float, cutoff: float, max_nodes: int, max_depth: int
) -> tuple[list[_Found], bool]:
    """Nodes in the order of their size, and whether there are more than `max_nodes` of them."""
    indptr, indices, data = x.inputs.indptr, x.inputs.indices, x.inputs.data
    least = cutoff * abs(amount * float(x.total[product]))
    found: list[_Found] = []
    order = count()
    heap = [(0.0, next(order), product, amount, 0, -1)]
    while heap and len(found) < max_nodes:
        _, _, product, amount, depth, parent = heapq.heappop(heap)
        taken = slice(indptr[product], indptr[product + 1])
        suppliers, amounts = indices[taken], amount * data[taken]
        sizes = abs(amounts * x.total[suppliers])
        if depth < max_depth:
            for k in np.flatnonzero((sizes >= least) & (sizes > 0)).tolist():
                entry = (-float(sizes[k]), next(order), int(suppliers[k]), float(amounts[k]), depth + 1, len(found))
                heapq.heappush(heap, entry)
        found.append(_Found(product, amount, depth, parent, int(np.count_nonzero(sizes))))
    return found, bool(heap)
