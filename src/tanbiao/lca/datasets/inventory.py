"""The life-cycle inventory of one product: everything taken from and released to nature, flow by flow.

Only what stands upstream of the product is solved, directly (a very large system by iteration, where that arrives), and
checked by the residual.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tanbiao.lca.datasets.compiled import Compiled
from tanbiao.lca.datasets.gases import fossil_is_assumed, has_no_potential
from tanbiao.lca.datasets.intensities import RELEASED, TAKEN_UP, gases_of, kg_per_flow, labels_of, missing_uptake
from tanbiao.lca.datasets.loops import find_loops, upstream_of
from tanbiao.lca.datasets.rows import FlowRow
from tanbiao.lca.datasets.source_units import in_base
from tanbiao.lca.faults import UnknownProduct, WrongAmount, WrongDimension
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
    units = amount * _in_units_of(compiled, i, unit)
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


def find_product(compiled: Compiled, product: str) -> int:
    """Index of a product by the id of its process, by an exact name, or by its flow. Raises UnknownProduct."""
    if product in compiled.index:
        return compiled.index[product]
    asked = product.strip()
    for matches in (
        [i for i, name in enumerate(compiled.names) if asked in (name.zh, name.en)],
        [i for i, flow in enumerate(compiled.product_flows) if flow == asked],
        [i for i, name in enumerate(compiled.product_names) if asked in (name.zh, name.en)],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            ids = ", ".join(compiled.processes[i] for i in matches[:5])
            raise UnknownProduct(
                product,
                f"有 {len(matches)} 个产品符合“{product}”；请用编号，例如：{ids}。",
                f'{len(matches)} products match "{product}"; use an id, such as {ids}.',
            )
    raise UnknownProduct(product, *_near(compiled, asked))


def _near(compiled: Compiled, asked: str) -> tuple[str, str]:
    names = {t.zh: t for t in (*compiled.names, *compiled.product_names)}
    english = {t.en: t for t in names.values()}
    near = difflib.get_close_matches(asked, [*names, *english], n=3, cutoff=0.5)
    holding = [name for name in (*names, *english) if asked and asked.lower() in name.lower()]
    said = list(dict.fromkeys([*near, *holding]))[:4]
    zh = f"是否指：{'、'.join(said)}？" if said else "请先用 tanbiao library search 查找。"
    en = f"Did you mean: {'; '.join(said)}?" if said else "Look for it with tanbiao library search."
    return f"数据库中没有产品“{asked}”。{zh}", f'There is no product "{asked}" in the database. {en}'


def _in_units_of(compiled: Compiled, i: int, unit: str) -> float:
    """How many units of the product one `unit` is. Raises WrongDimension."""
    own = compiled.units[i]
    if unit in ("", own):
        return 1.0
    asked, counted = in_base(unit), in_base(own)
    if asked is None or counted is None or asked[0] != counted[0]:
        raise WrongDimension(
            compiled.names[i].zh,
            f"单位“{unit}”不能换算为该产品的单位“{own}”。请改用同类单位。",
            f'the unit "{unit}" cannot be converted to "{own}", the unit of the product. Use one of its kind.',
        )
    return asked[1] / counted[1]
