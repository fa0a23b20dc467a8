"""Footprints of all products of a network, supplies and inventories of demands.

Iteration first; where it does not arrive the matrix is factorised, and the result says so. Every answer carries the
residual it was checked by (see `iteration.backward_error`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from tanbiao.lca.faults import NotConverged, WrongAmount
from tanbiao.lca.frames import Table
from tanbiao.lca.network.arrays import Network, named
from tanbiao.lca.network.direct import supply
from tanbiao.lca.network.iteration import TOLERANCE, backward_error, iterate, magnitudes
from tanbiao.lca.network.productivity import check_productive, components, productive
from tanbiao.words import Text

Array = NDArray[np.float64]
Demand = ArrayLike | Mapping[int, float] | Mapping[str, float]

# Above, a factorisation may take hours and all memory; such networks come from supply chains and converge when sound.
_FACTORISED_AT_MOST = 100_000
_LOOSEST = 1e-3  # a tolerance beyond it would not be an answer


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


@dataclass(frozen=True, slots=True, eq=False)
class Inventory(Table):
    """values  (m,) of one demand, (m, k) of several: units of every elementary flow of the network."""

    values: Array
    solver: Solver
    network: Network

    def caption(self) -> Text:
        return Text("生命周期清单", "Life-cycle inventory")

    def rows(self) -> list[dict[str, object]]:
        """One dict a flow and demand that has any of it."""
        columns = self.values.reshape(self.values.shape[0], -1)
        return [
            {"demand": int(k), "flow": self.network.flow_name(int(flow)), "amount": float(columns[flow, k])}
            for k, flow in np.argwhere(columns.T)
        ]


def unit_footprints(network: Network, characterisation: ArrayLike, *, tolerance: float = TOLERANCE) -> Solved:
    """Footprint of one unit of every product: y with y = c + inputs @ y, c = flows @ characterisation.

    characterisation  (m,) or (m, k)  impact per unit of flow: one column a method, a gas, a class of gases
    Returns (n,) or (n, k), for the product as the source counts it (a waste: minus what its treatment has).
    Raises WrongShape, NotConverged, Singular, NotProductive. Heijungs & Suh 2002, ch. 2; ISO 14067:2018 6.5.
    """
    found = solve_network(network, network.direct(characterisation), tolerance=tolerance)
    return Solved(network.as_counted(found.values), found.solver)


def total_supply(network: Network, demand: Demand, *, tolerance: float = TOLERANCE) -> Solved:
    """How much of every product a demand takes in all: s with s = f + inputs^T @ s.

    demand  amounts by product, as the source counts them; or (n,), (n, k) as `Network.demand` gives it
    Returns s of that shape, in the network's own sense; raises as `unit_footprints`, and UnknownProduct.
    """
    return solve_network(network, network.as_demand(demand), forward=True, tolerance=tolerance)


def inventory_of(network: Network, demand: Demand, *, tolerance: float = TOLERANCE) -> Inventory:
    """What a demand releases in all, flow by flow: g = flows^T s; demand and errors as in `total_supply`."""
    found = total_supply(network, demand, tolerance=tolerance)
    return Inventory(network.flows.T @ found.values, found.solver, network)


def solve_network(network: Network, c: Array, *, forward: bool = False, tolerance: float = TOLERANCE) -> Solved:
    """y = c + M y, with M = inputs, or its transpose when `forward`; c (n,) or (n, k), in the network's own sense."""
    if not np.isfinite(c).all():
        raise WrongAmount(
            "",
            "需求、基本流或特征化因子中有非有限数（NaN 或无穷）。请改为有限的数。",
            "The demand, the flows or the characterisation hold NaN or infinity. Give finite numbers.",
        )
    if not 0 < tolerance <= _LOOSEST:
        raise WrongAmount(
            "tolerance",
            f"容差 {tolerance} 应大于 0、不超过 {_LOOSEST}。",
            f"the tolerance {tolerance} must be above 0 and at most {_LOOSEST}.",
        )
    M = network.inputs.T if forward else network.inputs
    if not c.size:
        return Solved(np.zeros(c.shape), Solver("iteration", 0, 0.0, tolerance))
    columns = c.reshape(c.shape[0], -1)
    found = iterate(M, columns, tolerance=tolerance)
    y, residual = (found.y, found.residual) if found.converged else _factorise(network, M, columns)
    plain = columns.min() >= 0 and M.data.min(initial=0) >= 0
    if not plain or y.min() < 0:  # where nothing is below zero, only a hungry loop turns plus into minus
        check_network(network)
    method = "iteration" if found.converged else "factorisation"
    return Solved(y.reshape(c.shape), Solver(method, found.steps, residual, tolerance))


def _factorise(network: Network, M: sparse.csr_array | sparse.csc_array, c: Array) -> tuple[Array, float]:
    if network.size > _FACTORISED_AT_MOST:
        check_network(network)
        raise NotConverged(
            (),
            f"迭代没有收敛，而 {network.size} 个产品的网络太大，不能直接分解。请核对过长的单一供应链和抵扣。",
            f"The iteration does not converge, and a network of {network.size} products is too large to factorise. "
            "Look at very long chains of supply, and at credits.",
        )
    names = [network.name(i) for i in range(network.size)]
    A = sparse.csc_array(sparse.eye_array(network.size, format="csc") - M)
    y = supply(A, c, names).s
    return y, backward_error(y, c + M @ y, abs(c) + magnitudes(M) @ abs(y))


def check_network(network: Network) -> None:
    """Refuse a network with a loop that uses up at least what it makes. Raises NotProductive naming its processes.

    A loop with a credit within it is not judged: what it displaces may be what keeps it going.
    """
    inputs, names = network.inputs, network.names
    if inputs.data.min(initial=0.0) >= 0:
        check_productive(inputs, names)
        return
    taken = sparse.csr_array((np.maximum(inputs.data, 0), inputs.indices, inputs.indptr), shape=inputs.shape)
    if productive(taken):
        return
    for members in components(taken):
        if inputs[members][:, members].data.min(initial=0.0) >= 0:
            check_productive(sparse.csr_array(taken[members][:, members]), [named(names, i) for i in members.tolist()])
