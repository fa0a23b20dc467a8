"""The life-cycle inventory of one product: everything taken from and released to nature, flow by flow.

Only what stands upstream of the product is solved, directly (a very large system by iteration, where that arrives), and
checked by the residual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tanbiao.lca.datasets.compiled import Compiled
from tanbiao.lca.datasets.finding import find_product, units_of
from tanbiao.lca.datasets.gases import fossil_is_assumed, has_no_potential
from tanbiao.lca.datasets.intensities import RELEASED, TAKEN_UP, gases_of, kg_per_flow, labels_of, missing_uptake
from tanbiao.lca.datasets.loops import find_loops, upstream_of
from tanbiao.lca.datasets.rows import FlowRow
from tanbiao.lca.faults import WrongAmount
from tanbiao.lca.gases.gwp import GwpSet, characterisation
from tanbiao.lca.model import GasClass
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.direct import supply
from tanbiao.lca.network.iteration import backward_error, iterate, magnitudes
from tanbiao.words import Text

_DIRECT = 3000  # processes; the factors of large, closely knit systems take minutes and gigabytes


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """One elementary flow; the amount is positive in its direction unless the source's are not."""

    flow: FlowRow
    amount: float


@dataclass(frozen=True, slots=True)
class GasAmount:
    """kg of a substance in a class (removals negative), and what they count."""

    substance: str
    gas_class: GasClass
    kg: float
    kg_co2e: float


@dataclass(frozen=True, slots=True)
class LifeCycleInventory:
    """What an amount of a product takes and releases in all.

    rows            by flow and direction, those that are not zero, in the order of the database
    gases           by substance and class, of biogenic uptake with what is assumed
    uptake_assumed  kg CO2 of uptake that the database does not give (see `intensities`)
    assumed_fossil  names of flows of CO2 or CH4 that do not say where they come from and count as fossil
    uncounted       names of greenhouse gases that no GWP set has a value for
    processes       ids of the processes that stand behind it, and `runs`: how often each runs
    incomplete      something upstream is not linked, so that the result is too low
    unproductive    the loop that uses up what it makes: then no footprint may be shown; None where all is well
    negative        names of processes that run a negative number of times although nothing is credited
    residual        backward error of the solution
    """

    product: str
    name: Text
    amount: float
    unit: str
    rows: tuple[InventoryRow, ...]
    gwp_set: str
    kg_co2e: float
    by_class: dict[GasClass, float]
    gases: tuple[GasAmount, ...]
    uptake_assumed: float
    assumed_fossil: tuple[Text, ...]
    uncounted: tuple[Text, ...]
    processes: tuple[str, ...]
    runs: tuple[float, ...]
    incomplete: bool
    unproductive: Text | None
    negative: tuple[Text, ...]
    residual: float

    @property
    def without_uptake(self) -> float:
        """kg CO2e with biogenic CO2 neither taken up nor released (0/0)."""
        return self.kg_co2e - sum(g.kg_co2e for g in self.gases if (g.substance, g.gas_class) in (RELEASED, TAKEN_UP))


def life_cycle_inventory(
    compiled: Compiled, product: str, amount: float = 1.0, unit: str = "", gwp_set: str | GwpSet = "AR6"
) -> LifeCycleInventory:
    """The inventory of an amount of a product; of a waste, of its treatment.

    product  id of a process, or the exact name of a process or product, or the id of a flow, where only one has it
    unit     "" the unit of the product; else one of its kind
    Raises UnknownProduct (with near names), WrongDimension, WrongAmount; Singular naming the loop.
    """
    i = find_product(compiled, product)
    units = amount * units_of(compiled, i, unit)
    if not np.isfinite(units):
        raise WrongAmount(product, f"数量“{amount}”应为有限数。", f'the amount "{amount}" must be finite.')
    network = compiled.network
    upstream = upstream_of(network.inputs, np.array([i]))
    inputs = network.inputs[upstream][:, upstream]
    part = Network(
        inputs,
        network.flows[upstream],
        tuple(network.name(j) for j in upstream.tolist()),
        made=compiled.made[upstream],
    )
    demand = np.where(upstream == i, units, 0.0)
    s = _supply(part, demand)
    residual = backward_error(s, demand + inputs.T @ s, abs(demand) + magnitudes(sparse.csr_array(inputs.T)) @ abs(s))
    released = part.flows.T @ s
    if not np.isfinite(released).all():
        raise WrongAmount(
            product,
            "结果不是有限数：上游的数量过大。请核对数据中的数量和单位。",
            "the result is not finite: amounts upstream are too large. Check amounts and units in the data.",
        )
    loops = find_loops(part)
    credited = inputs.data.min(initial=0.0) < 0
    backwards = [] if credited and not loops else np.flatnonzero(s * np.sign(units) < 0).tolist()
    return _told(
        compiled,
        i,
        (amount, unit or compiled.units[i]),
        released,
        gwp_set,
        processes=tuple(compiled.processes[j] for j in upstream.tolist()),
        runs=tuple(part.runs(s).tolist()),
        unproductive=loops[0].text if loops else None,
        negative=tuple(compiled.names[upstream[j]] for j in backwards),
        residual=residual,
    )


def _supply(network: Network, demand: NDArray[np.float64]) -> NDArray[np.float64]:
    """s = f + R^T s. Raises Singular naming the loop."""
    if network.size > _DIRECT:
        found = iterate(network.inputs.T, demand[:, None])
        if found.converged:
            return found.y[:, 0]
    equations = sparse.csc_array(sparse.eye_array(network.size, format="csc") - network.inputs.T)
    return supply(equations, demand, network.names).s


def _told(
    compiled: Compiled,
    i: int,
    demand: tuple[float, str],
    released: NDArray[np.float64],
    gwp_set: str | GwpSet,
    *,
    processes: tuple[str, ...],
    runs: tuple[float, ...],
    unproductive: Text | None,
    negative: tuple[Text, ...],
    residual: float,
) -> LifeCycleInventory:
    gases = gases_of(compiled.flow_rows)
    labels = labels_of(gases)
    kg = released @ kg_per_flow(gases, labels, released.size)
    missing = float(missing_uptake(labels, kg[None], compiled.made[[i]])[0])
    kg[labels.index(TAKEN_UP)] -= missing
    kg_co2e = kg * characterisation(labels, [gwp_set])[:, 0]
    by_class: dict[GasClass, float] = {}
    for (_, gas_class), value in zip(labels, kg_co2e.tolist(), strict=True):
        by_class[gas_class] = by_class.get(gas_class, 0.0) + value
    there = np.flatnonzero(released).tolist()
    rows = tuple(InventoryRow(compiled.flow_rows[k], float(released[k])) for k in there)
    return LifeCycleInventory(
        product=compiled.processes[i],
        name=compiled.names[i],
        amount=demand[0],
        unit=demand[1],
        rows=rows,
        gwp_set=gwp_set if isinstance(gwp_set, str) else gwp_set.id,
        kg_co2e=float(kg_co2e.sum()),
        by_class={gas_class: value for gas_class, value in by_class.items() if value},
        gases=tuple(
            GasAmount(substance, gas_class, mass, value)
            for (substance, gas_class), mass, value in zip(labels, kg.tolist(), kg_co2e.tolist(), strict=True)
            if mass
        ),
        uptake_assumed=missing,
        assumed_fossil=tuple(dict.fromkeys(row.flow.name for row in rows if fossil_is_assumed(row.flow))),
        uncounted=tuple(dict.fromkeys(row.flow.name for row in rows if has_no_potential(row.flow))),
        processes=processes,
        runs=runs,
        incomplete=bool(compiled.incomplete[i]),
        unproductive=unproductive,
        negative=negative,
        residual=residual,
    )
