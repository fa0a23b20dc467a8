"""Supply-chain paths: along which chains of supply the impact of a product arises (structural path analysis).

A path leads from the product by links of supply to a process that releases something; what it contributes is the
product of its amounts times what one unit of its end releases itself. All paths together sum to the footprint:
y = c + R c + R R c + ...; a loop is a geometric series. Defourny & Thorbecke 1984; Treloar 1997; Lenzen 2007.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from itertools import count

import numpy as np

from tanbiao.lca.contributions.intensities import Intensities, Vector
from tanbiao.lca.frames import Table, share
from tanbiao.lca.network.arrays import Network
from tanbiao.words import Text


@dataclass(frozen=True, slots=True)
class Path:
    """products from the one asked for to the one that releases; amounts taken of each; impact released at the end."""

    products: tuple[int, ...]
    amounts: tuple[float, ...]
    contribution: float


@dataclass(frozen=True, slots=True, eq=False)
class Paths(Table):
    """Paths, the largest first by absolute value; total is the impact of all there are."""

    network: Network
    paths: tuple[Path, ...]
    total: float

    @property
    def covered(self) -> float:
        """Share of the total that these paths make up."""
        return share(math.fsum(path.contribution for path in self.paths), self.total)

    def caption(self) -> Text:
        return Text(f"供应链路径，覆盖 {self.covered:.1%}", f"Supply-chain paths, covering {self.covered:.1%}")

    def rows(self) -> list[dict[str, object]]:
        return [
            {
                "path": " → ".join(self.network.name(product) for product in path.products),
                "length": len(path.products) - 1,
                "amount": path.amounts[-1],
                "contribution": path.contribution,
                "share": share(path.contribution, self.total),
            }
            for path in self.paths
        ]


_Trail = tuple["_Trail | None", int, float]  # the way here, the product reached, its amount


def supply_paths(
    x: Intensities,
    product: int | str,
    amount: float = 1.0,
    *,
    limit: int = 20,
    least_share: float = 0.0,
    max_length: int = 20,
) -> Paths:
    """The `limit` paths of `amount` of a product (as the source counts it) that contribute most, exactly.

    least_share  paths below this share of the total, by absolute value, are left out
    max_length   links that a path has at most
    Best first: what is still to come of a path begun is bounded by the largest contribution that any end of it can
    make, which `_reach` knows exactly, so that every step leads to a path that is wanted.
    Raises UnknownProduct: products go by index or name.
    """
    product = x.network.index(product)
    start = x.amount_of(product, amount)
    total = start * float(x.total[product])
    least = least_share * abs(total)
    reach = _reach(x, max_length)
    order = count()  # of paths alike the first found comes first
    heap: list[tuple[float, int, bool, int, _Trail]] = []

    def offer(size: float, ended: bool, links: int, trail: _Trail) -> None:
        if size >= least and size > 0:
            heapq.heappush(heap, (-size, next(order), ended, links, trail))

    offer(abs(start) * float(reach[-1][product]), False, 0, (None, product, start))
    indptr, indices, data = x.inputs.indptr, x.inputs.indices, x.inputs.data
    found: list[Path] = []
    while heap and len(found) < limit:
        _, _, ended, links, trail = heapq.heappop(heap)
        _, here, taken = trail
        if ended:
            found.append(_path(trail, taken * float(x.direct[here])))
            continue
        offer(abs(taken * float(x.direct[here])), True, links, trail)
        if links == max_length:
            continue
        ahead = reach[min(max_length - links, len(reach)) - 1]
        row = slice(indptr[here], indptr[here + 1])
        suppliers, amounts = indices[row], taken * data[row]
        for supplier, of_it, size in zip(
            suppliers.tolist(), amounts.tolist(), (abs(amounts) * ahead[suppliers]).tolist(), strict=True
        ):
            offer(size, False, links + 1, (trail, supplier, of_it))
    return Paths(x.network, tuple(found), total)


def _reach(x: Intensities, max_length: int) -> list[Vector]:
    """reach[r][i]: the largest |contribution| of a path of at most r links that begins with one unit of product i.

    Ends early where no more links reach further, as they do not when every loop hands on less than it takes.
    """
    sizes, indices = abs(x.inputs.data), x.inputs.indices
    takers = np.flatnonzero(np.diff(x.inputs.indptr))
    starts = x.inputs.indptr[takers]
    reach = [abs(x.direct)]
    with np.errstate(over="ignore", invalid="ignore"):  # loops without bound reach infinity: no bound, yet no error
        for _ in range(max_length if takers.size else 0):
            further = reach[-1].copy()
            further[takers] = np.fmax(further[takers], np.fmax.reduceat(sizes * reach[-1][indices], starts))
            if np.array_equal(further, reach[-1]):
                break
            reach.append(further)
    return reach


def _path(trail: _Trail, contribution: float) -> Path:
    steps: list[tuple[int, float]] = []
    way: _Trail | None = trail
    while way is not None:
        way, product, amount = way
        steps.append((product, amount))
    products, amounts = zip(*reversed(steps), strict=True)
    return Path(products, amounts, contribution)
