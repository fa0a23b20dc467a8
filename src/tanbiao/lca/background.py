"""A frozen background database: what one unit of every product releases, solved once, and used as factors thereafter.

The kilograms of every gas and class of every product are found in one solution. From them come footprints under any
number of GWP sets, the positions A to H with both totals (T1, T2), and a `Factor` for a product system, so that a
foreground of some tens of processes is answered from what is kept, without solving the background again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tanbiao.lca.allocation.shares import avoided_inputs
from tanbiao.lca.faults import NoFactor, Unbuildable, raise_faults
from tanbiao.lca.gases.gwp import GwpSet, characterisation
from tanbiao.lca.gases.gwp import gwp_set as gwp_set_of
from tanbiao.lca.gases.positions import Positions, positions
from tanbiao.lca.model import Emission, Factor, FactorKind, GasClass, GasScope, LifeCycleScope, ProductSystem
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.engine import Solver, solve_network
from tanbiao.lca.record import Record, gwp_label, sha256_of_arrays
from tanbiao.lca.units import UNITS, Quantity, exact, unit
from tanbiao.words import Text

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gas:
    """What an elementary flow is: `kg` kilograms of a substance in a class per unit of flow (1000 for a flow in t).

    Of a class that is a removal the flow counts what is taken up, as `Emission` does.
    """

    substance: str
    gas_class: GasClass
    kg: float = 1.0


@dataclass(frozen=True, slots=True)
class Dataset:
    """A product of the background as a product system names it; `unit` is what the network counts it in."""

    id: str
    name: Text
    unit: str
    kind: FactorKind = FactorKind.MATERIAL
    region: str = ""
    year: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """labels (p): substance and class; kg (n, p): of each per unit of every product, removals negative.

    A waste counts by its treatment: what comes with treating one unit of it.
    """

    network: Network
    labels: tuple[tuple[str, GasClass], ...]
    kg: Array
    solver: Solver
    datasets: Mapping[str, tuple[int, Dataset]]  # by id: index of the product, and what it is

    def footprints(self, gwp_sets: Sequence[str | GwpSet]) -> Array:
        """kg CO2e (n, k) of one unit of every product under each set."""
        return np.asarray(self.kg @ characterisation(self.labels, gwp_sets))

    def positions(self, gwp_set: str | GwpSet) -> Positions:
        """Letters A to H of every product, with T1 and T2."""
        return positions(self.labels, self.kg * characterisation(self.labels, [gwp_set])[:, 0])

    def record(self, gwp_set: str | GwpSet) -> Record:
        """What has to be known to get the same footprints under a set again."""
        labels = "|".join(f"{substance} {gas_class}" for substance, gas_class in self.labels)
        return Record(
            sha256_of_arrays(self.network.sha256, labels, self.kg), gwp_label(gwp_set_of(gwp_set)), self.solver
        )

    def product(self, id: str) -> int:
        """Index of the product of a dataset. Raises NoFactor."""
        if id not in self.datasets:
            raise NoFactor(
                "",
                f"背景数据库中没有数据集“{id}”。请核对编号。",
                f'The background has no dataset "{id}". Check the id.',
            )
        return self.datasets[id][0]

    def factor(self, id: str) -> Factor:
        """One dataset as a factor of a product system; amounts below zero are net credits. Raises NoFactor."""
        product = self.product(id)
        dataset = self.datasets[id][1]
        released = [
            Emission(substance, gas_class, Quantity(exact(-kg if gas_class.removal else kg), UNITS["kg"]))
            for (substance, gas_class), kg in zip(self.labels, self.kg[product].tolist(), strict=True)
            if kg
        ]
        return Factor(
            id=id,
            name=dataset.name,
            unit=unit(dataset.unit),
            emissions=tuple(released),
            kind=dataset.kind,
            gas_scope=GasScope.ALL_GHG,
            life_cycle_scope=LifeCycleScope.CRADLE_TO_GATE,
            region=dataset.region,
            year=dataset.year,
            source=dataset.source,
        )


def solve_background(network: Network, gases: Mapping[int, Gas], datasets: Mapping[int, Dataset]) -> Background:
    """Solve a database for every gas and class at once.

    gases     index of an elementary flow -> what it is; flows that are not named are no greenhouse gases
    datasets  index of a product -> what a product system may use it as
    Raises as `unit_footprints`.
    """
    labels = tuple(dict.fromkeys((gas.substance, gas.gas_class) for gas in gases.values()))
    column = {label: k for k, label in enumerate(labels)}
    kg_per_flow = np.zeros((network.flows.shape[1], len(labels)))
    for flow, gas in gases.items():
        sign = -1.0 if gas.gas_class.removal else 1.0
        kg_per_flow[flow, column[gas.substance, gas.gas_class]] += sign * gas.kg
    found = solve_network(network, network.direct(kg_per_flow))  # in its own sense: treatment is a service taken
    by_id = {dataset.id: (product, dataset) for product, dataset in datasets.items()}
    return Background(network, labels, found.values, found.solver, by_id)


def on_background(system: ProductSystem, background: Background) -> ProductSystem:
    """The system with the factors it names and does not bring taken from the background.

    Raises NoFactor (Problems where several) with the place of the row for what is in neither, Unbuildable where the
    system brings a factor of its own under the id of a dataset.
    """
    own = {factor.id: factor for factor in system.factors}
    raise_faults(
        Unbuildable(
            factor.name.zh,
            f"系统自带的因子“{id}”与背景数据库中同编号的数据集内容不同。请改用不同的编号。",
            f'The system brings a factor "{id}" that differs from the dataset of the same id in the background. '
            "Give it another id.",
        )
        for id, factor in own.items()
        if id in background.datasets and background.factor(id) != factor
    )
    named = {
        id: row.place or f"{process.name} · {row.name}"
        for process in system.processes
        for row in (*process.inputs, *avoided_inputs(process))
        for id in (row.factor, row.use_factor)
        if id and id not in own
    }
    raise_faults(
        NoFactor(
            place,
            f"系统和背景数据库中都没有因子“{id}”。请核对编号，或补充该因子。",
            f'neither the system nor the background has the factor "{id}". Check the id, or add the factor.',
        )
        for id, place in named.items()
        if id not in background.datasets
    )
    return replace(system, factors=(*system.factors, *(background.factor(id) for id in named)))
