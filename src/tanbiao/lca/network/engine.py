"""Footprints of all products of a network, supplies and inventories of demands.

Iteration first; where it does not arrive the matrix is factorised, and the result says so. Every answer carries the
residual it was checked by (see `iteration.backward_error`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from tanbiao.lca.faults import NotConverged, WrongAmount
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.direct import supply
from tanbiao.lca.network.iteration import TOLERANCE, backward_error, iterate
from tanbiao.lca.network.productivity import check_coefficients

Array = NDArray[np.float64]

# Above, a factorisation may take hours and all memory; such networks come from supply chains and converge when sound.
_FACTORISED_AT_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Solver:
    """How an answer was found: method "iteration" or "factorisation", products with the matrix, residual, tolerance."""

    method: str
    steps: int
    residual: float
    tolerance: float


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """values  (n,) or (n, k): footprints per unit of every product, or supplies for every demand."""

    values: Array
    solver: Solver


def unit_footprints(network: Network, characterisation: ArrayLike, *, tolerance: float = TOLERANCE) -> Solved:
    """Footprint of one unit of every product: y with y = c + inputs @ y, c = flows @ characterisation.

    characterisation  (m,) or (m, k)  impact per unit of flow: one column a method, a gas, a class of gases
    Returns (n,) or (n, k), for the product as the source counts it (a waste: minus what its treatment has).
    Raises NotConverged, Singular, NotProductive. Heijungs & Suh 2002, ch. 2; ISO 14067:2018 6.5.
    """
    C = np.asarray(characterisation, dtype=float)
    found = solve_network(network, network.flows @ C, tolerance=tolerance)
    values = found.values if network.sense is None else (found.values.T * network.sense).T
    return Solved(values, found.solver)


def total_supply(network: Network, demand: ArrayLike, *, tolerance: float = TOLERANCE) -> Solved:
    """How much of every product a demand takes in all: s with s = f + inputs^T @ s.

    demand  (n,) or (n, k)  as `Network.demand` gives it.  Returns s of the same shape; raises as `unit_footprints`.
    """
    return solve_network(network, np.asarray(demand, dtype=float), forward=True, tolerance=tolerance)


def inventory_of(network: Network, demand: ArrayLike, *, tolerance: float = TOLERANCE) -> Solved:
    """What a demand releases in all, flow by flow: g = flows^T s, (m,) or (m, k) for several demands."""
    found = total_supply(network, demand, tolerance=tolerance)
    return Solved(network.flows.T @ found.values, found.solver)


def solve_network(network: Network, c: Array, *, forward: bool = False, tolerance: float = TOLERANCE) -> Solved:
    """y = c + M y, with M = inputs, or its transpose when `forward`; c (n,) or (n, k), in the network's own sense."""
    if not np.isfinite(c).all():
        raise WrongAmount(
            "",
            "需求、基本流或特征化因子中有非有限数（NaN 或无穷）。",
            "The demand, the flows or the characterisation hold NaN or infinity.",
        )
    M = network.inputs.T if forward else network.inputs
    columns = c.reshape(c.shape[0], -1)
    found = iterate(M, columns, tolerance=tolerance)
    y, residual = (found.y, found.residual) if found.converged else _factorise(network, M, columns)
    if y.min(initial=0) < 0 <= columns.min(initial=0) and M.data.min(initial=0) >= 0:
        check_coefficients(network.inputs, network.names)  # only a loop that is not productive turns plus into minus
    method = "iteration" if found.converged else "factorisation"
    return Solved(y.reshape(c.shape), Solver(method, found.steps, residual, tolerance))


def _factorise(network: Network, M: sparse.csr_array | sparse.csc_array, c: Array) -> tuple[Array, float]:
    if network.size > _FACTORISED_AT_MOST:
        raise NotConverged(
            (),
            f"迭代没有收敛，而 {network.size} 个产品的网络太大，不能直接分解。"
            "请先用 check_coefficients 查找消耗不少于产出的循环。",
            f"The iteration does not converge, and a network of {network.size} products is too large to factorise. "
            "Look for loops that use up what they make: see check_coefficients.",
        )
    names = [network.name(i) for i in range(network.size)]
    A = sparse.csc_array(sparse.eye_array(network.size, format="csc") - M)
    y = supply(A, c, names).s
    return y, backward_error(y, c + M @ y, abs(c) + abs(M) @ abs(y))
