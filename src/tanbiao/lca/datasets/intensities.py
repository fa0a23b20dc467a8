"""What one unit of every product of a database releases, gas by gas: solved once, kept, used as factors.

Products in a loop that uses up what it makes, and all that take from them, have no meaningful footprint: they are set
aside and named, and everything else is solved all the same.

Biogenic carbon dioxide is counted as it was taken up and released (-1/+1, ISO 14067:2018 6.4.9). Databases often give
the release and not the uptake. What biomass releases it has taken up, so where more is released than taken up, the
uptake that is missing is assumed, and said (`uptake_assumed`); not for treatments of waste, whose carbon was taken up
in another life cycle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tanbiao.lca.background import Gas
from tanbiao.lca.datasets.compiled import Compiled
from tanbiao.lca.datasets.gases import gas_of
from tanbiao.lca.datasets.loops import find_loops, upstream_of
from tanbiao.lca.datasets.rows import FlowRow
from tanbiao.lca.gases.gwp import GwpSet, characterisation
from tanbiao.lca.model import GasClass
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.engine import Solver, solve_network
from tanbiao.words import Text

Array = NDArray[np.float64]
Label = tuple[str, GasClass]
RELEASED, TAKEN_UP = ("CO2", GasClass.BIOGENIC_EMISSION), ("CO2", GasClass.BIOGENIC_REMOVAL)


@dataclass(frozen=True, slots=True, eq=False)
class Intensities:
    """labels (p): substance and class; kg (n, p): of each per unit of every product, removals negative.

    A waste counts by its treatment: what comes with treating one unit of it. Rows of products without a meaningful
    solution are nan, and `unsolved` says why.
    uptake_assumed  (n,) kg CO2 of uptake per unit that the database does not give
    """

    labels: tuple[Label, ...]
    kg: Array
    unsolved: Mapping[int, Text]
    uptake_assumed: Array
    solver: Solver

    def co2e(self, gwp_set: str | GwpSet, *, with_uptake: bool = True) -> Array:
        """kg CO2e (n,) of one unit of every product; nan where there is no meaningful solution.

        with_uptake  biogenic CO2 as taken up and released (-1/+1); else neither of them (0/0)
        """
        factors = characterisation(self.labels, [gwp_set])[:, 0]
        if not with_uptake:
            factors = np.where([label in (RELEASED, TAKEN_UP) for label in self.labels], 0.0, factors)
        return np.asarray(self.kg @ factors)


def intensities(compiled: Compiled) -> Intensities:
    """Solve a database for every gas and class at once. Raises NotConverged for one too large to be solved."""
    network = compiled.network
    gases = gases_of(compiled.flow_rows)
    labels = labels_of(gases)
    unsolved = _unsolved(compiled)
    sound = np.setdiff1d(np.arange(network.size), list(unsolved))
    part = replace(
        network,
        inputs=network.inputs[sound][:, sound],
        flows=network.flows[sound],
        names=[network.name(i) for i in sound.tolist()],
        made=compiled.made[sound],
    )
    found = solve_network(part, part.direct(kg_per_flow(gases, labels, len(compiled.flow_rows))))
    kg = np.full((network.size, len(labels)), np.nan)
    kg[sound] = found.values
    missing = missing_uptake(labels, kg, compiled.made)
    kg[:, labels.index(TAKEN_UP)] -= missing
    return Intensities(labels, kg, unsolved, missing, found.solver)


def gases_of(rows: Sequence[FlowRow]) -> dict[int, Gas]:
    """Index of a row -> what greenhouse gas it is."""
    return {i: gas for i, row in enumerate(rows) if (gas := gas_of(row))}


def labels_of(gases: Mapping[int, Gas]) -> tuple[Label, ...]:
    """Every substance and class there is, sorted, and always the two of biogenic carbon dioxide."""
    return tuple(sorted({RELEASED, TAKEN_UP} | {(gas.substance, gas.gas_class) for gas in gases.values()}))


def kg_per_flow(gases: Mapping[int, Gas], labels: Sequence[Label], flows: int) -> Array:
    """(flows, labels) kilograms per unit of flow, removals negative."""
    column = {label: k for k, label in enumerate(labels)}
    kg = np.zeros((flows, len(labels)))
    for flow, gas in gases.items():
        kg[flow, column[gas.substance, gas.gas_class]] = -gas.kg if gas.gas_class.removal else gas.kg
    return kg


def missing_uptake(labels: Sequence[Label], kg: Array, made: Array) -> Array:
    """(n,) kg CO2 that more biogenic carbon dioxide is released than was taken up; 0 for treatments."""
    net = kg[:, labels.index(RELEASED)] + kg[:, labels.index(TAKEN_UP)]
    return np.where(made > 0, np.maximum(net, 0.0), 0.0)


def _unsolved(compiled: Compiled) -> dict[int, Text]:
    """Products in loops without a meaningful solution, then those that take from them."""
    network: Network = compiled.network
    loops = find_loops(network)
    found: dict[int, Text] = {i: loop.text for loop in loops for i in loop.members.tolist()}
    takers = network.inputs.T
    for loop in loops:
        name = compiled.names[int(loop.members[0])]
        said = Text(
            f"上游有无合理解的循环（含“{name.zh}”）：{loop.text.zh}",
            f'upstream there is a loop without a meaningful solution (with "{name.en}"): {loop.text.en}',
        )
        for i in upstream_of(takers, loop.members).tolist():
            found.setdefault(i, said)
    return found
