"""Intensities: what one unit of every product releases itself, and with all that stands behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.engine import solve_network

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Intensities:
    """All that contributions are drawn from; per unit of product as the network counts it (a waste: its treatment).

    inputs  (n, n) CSR  those of the network, entries of one place added up: one link a pair of products
    direct  (n,)        c = flows @ characterisation
    total   (n,)        y = c + inputs @ y
    """

    network: Network
    inputs: sparse.csr_array
    direct: Vector
    total: Vector

    def amount_of(self, product: int, amount: float) -> float:
        """An amount as the source counts it, as the network counts it."""
        return float(self.network.demand({product: amount})[product])


def intensities(network: Network, characterisation: ArrayLike, footprints: ArrayLike | None = None) -> Intensities:
    """Direct and total intensities of every product by one method.

    characterisation  (m,)  impact per unit of flow
    footprints        (n,)  what `engine.unit_footprints` found for it; None: solved here
    Raises as `unit_footprints`. Heijungs & Suh 2002, ch. 2; Miller & Blair 2009, ch. 10.
    """
    direct = network.direct(characterisation)
    if footprints is None:
        total = solve_network(network, direct).values
    else:
        total = network.as_counted(np.asarray(footprints, dtype=float))
    return Intensities(network, _merged(network.inputs), direct, total)


def _merged(matrix: sparse.csr_array) -> sparse.csr_array:
    if matrix.has_canonical_format:
        return matrix
    merged = matrix.copy()
    merged.sum_duplicates()
    return merged
