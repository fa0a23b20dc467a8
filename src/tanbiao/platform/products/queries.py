"""The factors of a product system, row by row, and whether another would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import fsum
from typing import TYPE_CHECKING

from tanbiao.lca.checks import place_of
from tanbiao.lca.factors import factor_faults
from tanbiao.lca.gases.gwp import gwp_set
from tanbiao.lca.model import Factor, Input, Process, ProductSystem
from tanbiao.lca.units import UNITS
from tanbiao.platform.library.queries import factor_of
from tanbiao.words import Text

if TYPE_CHECKING:
    from tanbiao.platform.library.models import Dataset
    from tanbiao.platform.products.models import Workbook

COLUMNS = ("factor", "use_factor")


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One factor of one input: `row` counts the inputs of its process, `column` is one of COLUMNS."""

    process: Process
    row: int
    column: str
    factor: Factor

    @property
    def input(self) -> Input:
        return self.process.inputs[self.row]

    @property
    def place(self) -> str:
        return place_of(self.process, self.input)

    @property
    def address(self) -> dict[str, str | int]:
        """What tells it from the other rows of its system."""
        return {"process": self.process.id, "row": self.row, "column": self.column}


def factor_rows(workbook: Workbook) -> list[FactorRow]:
    """Every factor that the inputs of a workbook's system name, in the order of the processes."""
    return list(rows_of(workbook.product_system))


def factors_of(workbook: Workbook) -> dict[str, Factor]:
    """The factors of a workbook's system by id."""
    return {factor.id: factor for factor in workbook.product_system.factors}


def rows_of(system: ProductSystem) -> Iterator[FactorRow]:
    factors = {factor.id: factor for factor in system.factors}
    for process in system.processes:
        for row, given in enumerate(process.inputs):
            for column in COLUMNS:
                if id := getattr(given, column):
                    yield FactorRow(process, row, column, factors[id])


def row_at(rows: Sequence[FactorRow], process: str, row: int, column: str) -> FactorRow | None:
    wanted = {"process": process, "row": row, "column": column}
    return next((found for found in rows if found.address == wanted), None)


def refusal_of(
    row: FactorRow, beside: Mapping[str, Factor], dataset: Dataset, instead: Dataset | None = None
) -> Text | None:
    """Why a data set cannot be chosen for a row, or None where it can; lca.factors has the last word.

    beside   the factors of the row's system by id: of the other column of the row too
    instead  what the data set says to use in its place (library `instead_of`), to be named where it is refused
    """
    if dataset.state != "current":
        successor = dataset.successor
        if successor is None:
            return Text("这个数据集已停用。", "This data set is retired.")
        return Text(
            f"这个数据集已停用，请改用“{successor.name}”。",
            f'This data set is retired; use "{successor.name_en or successor.name}".',
        )
    if dataset.version.state != "published":
        return Text("它所在的版本没有发布或已停用。", "Its version is not published, or retired.")
    if dataset.factor is None:
        return Text(**(dataset.not_usable or {"zh": "没有可用的数值。", "en": "It has no usable value."}))
    factor = factor_of(dataset)
    lookup = {instead.key: factor_of(instead)} if instead and instead.factor else {}
    changed = replace(row.input, **{row.column: factor.id})
    faults = factor_faults(row.place, changed, {**beside, factor.id: factor}, lookup)
    said = [problem.text for fault in faults for problem in fault.problems]
    return Text("\n".join(t.zh for t in said), "\n".join(t.en for t in said)) if said else None


def with_factors(system: ProductSystem, chosen: Sequence[tuple[FactorRow, Factor]]) -> ProductSystem:
    """The system with other factors in some rows; factors that no row names any more are left out."""
    changes = {(row.process.id, row.row, row.column): factor for row, factor in chosen}
    processes = tuple(
        replace(
            process,
            inputs=tuple(
                replace(given, **{c: f.id for c in COLUMNS if (f := changes.get((process.id, i, c)))})
                for i, given in enumerate(process.inputs)
            ),
        )
        for process in system.processes
    )
    known = {factor.id: factor for factor in chain(system.factors, changes.values())}
    before = named_in(system.processes)
    needed = named_in(processes)
    return replace(
        system, processes=processes, factors=tuple(f for id, f in known.items() if id in needed or id not in before)
    )


def named_in(processes: Sequence[Process]) -> set[str]:
    """Ids of factors that the inputs of some processes name."""
    return {id for process in processes for given in process.inputs for id in (given.factor, given.use_factor) if id}


def described(factor: Factor) -> dict[str, str]:
    """A factor in a few words, for the record of a choice."""
    return {"id": factor.id, "zh": factor.name.zh, "en": factor.name.en, "value": value_of(factor)}


def value_of(factor: Factor) -> str:
    """What one unit of a factor counts, as one reads it: 0.5777 kg CO2e/kWh (AR6, or as its source summed it)."""
    return f"{_kg_co2e(factor):.6g} kg CO2e/{factor.unit.symbol}"


def per_base_unit(factor: Factor) -> float:
    """kg CO2e per base unit of its dimension, so that factors per kWh and per MJ compare."""
    return _kg_co2e(factor) / float(factor.unit.factor)


def _kg_co2e(factor: Factor) -> float:
    gwp = gwp_set("AR6")
    return fsum(
        float(e.quantity.to(UNITS["kg"]).amount) * (-1 if e.gas_class.removal else 1) * gwp.of(e.substance, e.gas_class)
        for e in factor.emissions
    )
