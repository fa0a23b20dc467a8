"""A product system whose amounts are formulas of parameters: its scenarios, side by side or one by one.

amount of a row = its formula of parameters, or the amount given        in the unit of the row
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tanbiao.lca.allocation.shares import avoided_inputs
from tanbiao.lca.distributions.columns import Distributions
from tanbiao.lca.distributions.pedigree import PedigreeMatrix, pedigree_matrix
from tanbiao.lca.faults import NotProductive, UnknownRow, raise_faults
from tanbiao.lca.frames import Table
from tanbiao.lca.gases.gwp import GwpSet
from tanbiao.lca.gases.gwp import gwp_set as gwp_set_of
from tanbiao.lca.model import Emission, Input, ProductSystem
from tanbiao.lca.uncertainty.foreground import Evaluated, Foreground, evaluate
from tanbiao.lca.uncertainty.formulas import Formula, Value, read_formula
from tanbiao.lca.uncertainty.parameters import ParameterSet
from tanbiao.lca.units import Quantity
from tanbiao.words import Text

Array = NDArray[np.float64]
RowName = tuple[str, str]  # process id, name of the row

_Given = TypeVar("_Given", Input, Emission)


@dataclass(frozen=True, slots=True, eq=False)
class ParametrisedSystem:
    """A foreground with parameters; formulas and distributions speak of amounts in the unit of their row.

    formulas  index of a row -> what its amount is
    spreads   index of a row -> distribution (length 1) of its amount
    """

    foreground: Foreground
    parameters: ParameterSet
    formulas: Mapping[int, Formula]
    spreads: Mapping[int, Distributions]

    def amounts(self, known: Mapping[str, Value], sets: int) -> Array:
        """The amounts (sets, rows), with the parameters known as numbers or as arrays (sets,)."""
        table = np.repeat(self.foreground.amounts[None, :], sets, axis=0)
        for row, formula in self.formulas.items():
            table[:, row] = formula.evaluate(known)
        return table


def parametrise(
    foreground: Foreground,
    parameters: ParameterSet | None = None,
    amounts: Mapping[RowName, str] | None = None,
    spreads: Mapping[RowName, Distributions] | None = None,
) -> ParametrisedSystem:
    """Give rows, named by (process id, name of the row), formulas and distributions, in the unit of the row.

    Raises UnknownRow for rows that are not there or not alone in their name, WrongFormula, UnknownParameter.
    """
    places = _places(foreground, {**(amounts or {}), **(spreads or {})})
    given = ParametrisedSystem(
        foreground,
        parameters or ParameterSet(()),
        {places[name]: read_formula(text, " · ".join(name)) for name, text in (amounts or {}).items()},
        {places[name]: spread for name, spread in (spreads or {}).items()},
    )
    given.amounts(given.parameters.resolve(), 1)  # unknown names and impossible formulas show themselves now
    return given


def pedigree_spreads(
    foreground: Foreground, matrix: str | PedigreeMatrix, basic: float = 0.0
) -> dict[RowName, Distributions]:
    """Lognormals of the amounts from the data-quality scores of their rows; rows without scores have none.

    matrix  one of `pedigree_matrix`, or its id;  basic: sigma^2 that every amount has besides
    A score that a row lacks (completeness, reliability) counts as 1, the best, and adds nothing.
    Raises WrongScore, NoPedigree.
    """
    chosen = pedigree_matrix(matrix) if isinstance(matrix, str) else matrix
    found = {}
    for row in foreground.rows:
        q = row.given.quality
        amount = float(row.given.quantity.amount)
        if q and amount and not row.avoided:
            scores = (q.reliability or 1, q.completeness or 1, q.temporal, q.geographical, q.technological)
            found[row.process, row.name] = chosen.lognormal([amount], [scores], basic)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Scenarios(Table):
    """One row a scenario and substance: kg and kg CO2e per declared unit; the same lines in every scenario."""

    names: tuple[str, ...]
    evaluated: Evaluated
    gwp_set: GwpSet

    @property
    def totals(self) -> Array:
        """kg CO2e (scenarios,)."""
        return self.evaluated.totals(self.gwp_set)

    def caption(self) -> Text:
        return Text(f"各情景清单（{self.gwp_set.id}）", f"Inventories of all scenarios ({self.gwp_set.id})")

    def rows(self) -> list[dict[str, object]]:
        return [
            {
                "scenario": name,
                "substance": substance,
                "class": gas_class.value,
                "kg": float(kg),
                "kg_co2e": float(kg) * self.gwp_set.of(substance, gas_class),
            }
            for name, inventory in zip(self.names, self.evaluated.kg, strict=True)
            for (substance, gas_class), kg in zip(self.evaluated.foreground.labels, inventory, strict=True)
        ]


def scenarios(
    given: ParametrisedSystem, cases: Mapping[str, Mapping[str, float]], gwp_set: str | GwpSet = "AR6"
) -> Scenarios:
    """The system under each scenario: name -> values of some parameters; {} is the system as it stands.

    Raises UnknownParameter for a parameter that is not defined, WrongAmount for an amount below zero.
    """
    resolved = [given.parameters.resolve(case) for case in cases.values()]
    names = resolved[0] if resolved else {}
    known: dict[str, Value] = {name: np.array([float(one[name]) for one in resolved]) for name in names}
    found = evaluate(given.foreground, given.amounts(known, len(cases)))
    hungry = [name for name, sound in zip(cases, found.sound.tolist(), strict=True) if not sound]
    if hungry:
        raise NotProductive(
            hungry,
            f"情景“{'、'.join(hungry)}”中有循环消耗的产品不少于它产出的，没有合理的解。请核对参数。",
            f'In the scenario "{", ".join(hungry)}" a loop uses up at least what it makes, so there is no meaningful '
            "solution. Check the parameters.",
            1.0,
        )
    return Scenarios(tuple(cases), found, gwp_set_of(gwp_set))


def system_in(given: ParametrisedSystem, case: Mapping[str, float]) -> ProductSystem:
    """The product system of one scenario: for its footprint, contribution table, Sankey diagram or report.

    Raises as `scenarios`.
    """
    amounts = given.amounts(given.parameters.resolve(case), 1)[0]
    place = count()  # of the rows of the foreground, in their order

    def changed(rows: tuple[_Given, ...]) -> tuple[_Given, ...]:
        numbered = zip(rows, place, strict=False)
        return tuple(_with_amount(row, amounts[k]) if k in given.formulas else row for row, k in numbered)

    processes = []
    for process in given.foreground.system.processes:
        inputs = changed(process.inputs)
        changed(avoided_inputs(process))  # have places too, but follow from the outputs
        processes.append(replace(process, inputs=inputs, emissions=changed(process.emissions)))
    return replace(given.foreground.system, processes=tuple(processes))


def _with_amount(row: _Given, amount: float) -> _Given:
    return replace(row, quantity=Quantity(Decimal(repr(float(amount))), row.quantity.unit))


def _places(foreground: Foreground, named: Mapping[RowName, object]) -> dict[RowName, int]:
    """The index of every row that is named. Raises UnknownRow."""
    found: dict[RowName, list[int]] = {name: [] for name in named}
    for index, row in enumerate(foreground.rows):
        if not row.avoided and (row.process, row.name) in found:
            found[row.process, row.name].append(index)
    raise_faults(_unknown(name, len(rows)) for name, rows in found.items() if len(rows) != 1)
    return {name: rows[0] for name, rows in found.items()}


def _unknown(name: RowName, count: int) -> UnknownRow:
    process, row = name
    said = ("没有这一行", "there is no such row") if not count else ("有多行同名", "several rows have this name")
    return UnknownRow(
        f"{process} · {row}",
        f"{said[0]}，不能给它公式或分布。请核对过程编号和行名，或改成不同的名称。",
        f"{said[1]}, so it cannot have a formula or a distribution. Check process and name, or rename.",
    )
