"""A product system under uncertainty, and under scenarios: parameters, activity data and background, alone or together.

    amount of a row = its formula of parameters, or the amount given        x its own uncertainty
    intensity of a factor = its draws in a Monte Carlo of the background    (the same draws for every product)

Every source draws by a key of its own (its name), so that one more of them changes no draw of the others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tanbiao.lca.background import Background
from tanbiao.lca.distributions.making import Distributions, combine
from tanbiao.lca.distributions.pedigree import PedigreeMatrix
from tanbiao.lca.distributions.sampling import series
from tanbiao.lca.faults import NoUncertainty, UnknownRow, raise_faults
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.frames import Table, share
from tanbiao.lca.gases.gwp import GwpSet, gwp_set
from tanbiao.lca.model import Emission, Input, ProductSystem
from tanbiao.lca.record import Record
from tanbiao.lca.uncertainty.draws import NO_UNCERTAINTY
from tanbiao.lca.uncertainty.foreground import Evaluated, Foreground, evaluate
from tanbiao.lca.uncertainty.formulas import Formula, Value, read_formula
from tanbiao.lca.uncertainty.montecarlo import QUANTILES, MonteCarlo
from tanbiao.lca.uncertainty.parameters import ParameterSet, name_key
from tanbiao.lca.units import Quantity
from tanbiao.words import Text

Array = NDArray[np.float64]
RowName = tuple[str, str]  # process id, name of the row

SOURCES = frozenset({"parameters", "data", "background"})


@dataclass(frozen=True, slots=True, eq=False)
class ParametrisedSystem:
    """A foreground with parameters.

    amounts  (process id, name of row) -> formula for the amount of that row, in its unit
    spreads  (process id, name of row) -> distribution (length 1) of the amount, in its unit
    """

    foreground: Foreground
    parameters: ParameterSet
    amounts: Mapping[RowName, str]
    spreads: Mapping[RowName, Distributions]


def parametrise(
    foreground: Foreground,
    parameters: ParameterSet | None = None,
    amounts: Mapping[RowName, str] | None = None,
    spreads: Mapping[RowName, Distributions] | None = None,
) -> ParametrisedSystem:
    """Raises UnknownRow for rows that are not there or not alone in their name; WrongFormula, UnknownParameter."""
    made = ParametrisedSystem(foreground, parameters or ParameterSet(()), amounts or {}, spreads or {})
    names = [(row.process, row.name) for row in foreground.rows if not row.avoided]
    raise_faults(
        _unknown(name, names.count(name)) for name in {**made.amounts, **made.spreads} if names.count(name) != 1
    )
    _formula_amounts(made, made.parameters.resolve())
    return made


def pedigree_spreads(
    foreground: Foreground, matrix: PedigreeMatrix, basic: float = 0.0
) -> dict[RowName, Distributions]:
    """Lognormals of the amounts from the data-quality scores of their rows; rows without scores have none.

    A score that a row lacks (completeness, reliability) counts as 1, the best, and adds nothing.
    """
    found = {}
    for row in foreground.rows:
        q = row.given.quality
        amount = float(row.given.quantity.amount)
        if q and amount and not row.avoided:
            scores = (q.reliability or 1, q.completeness or 1, q.temporal, q.geographical, q.technological)
            found[row.process, row.name] = matrix.lognormal([amount], [scores], basic)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Simulation(Table):
    """samples (d,): kg CO2e per declared unit, draw by draw; lines (d, lines): of each line of the foreground."""

    foreground: Foreground
    record: Record
    varied: tuple[str, ...]
    samples: Array
    lines: Array

    def caption(self) -> Text:
        low, middle, high = (float(np.quantile(self.samples, q)) for q in QUANTILES)
        said = f"{middle:.6g} ({low:.6g} – {high:.6g}) kg CO2e, {self.record.gwp_set}"
        return Text(f"{said}；种子 {self.record.seed}", f"{said}; seed {self.record.seed}")

    def rows(self) -> list[dict[str, object]]:
        """The lines, by how much of the variance of the total goes with them (covariance share; they add up to 1)."""
        apart = self.samples - self.samples.mean()
        covariance = (self.lines - self.lines.mean(axis=0)).T @ apart
        whole = float(apart @ apart)
        found: list[dict[str, object]] = [
            {
                "process": line.process,
                "line": line.name,
                "part": line.part,
                "stage": line.stage.value,
                "mean": float(sample.mean()),
                "sd": float(sample.std(ddof=1)),
                **{f"q{q * 100:g}": float(np.quantile(sample, q)) for q in QUANTILES},
                "share": share(float(covariance[k]), whole),
            }
            for k, (line, sample) in enumerate(zip(self.foreground.lines, self.lines.T, strict=True))
        ]
        return sorted(found, key=lambda row: -abs(float(str(row["share"]))))


def simulate(
    given: ParametrisedSystem,
    *,
    draws: int,
    seed: int,
    gwp: str | GwpSet = "AR6",
    background: Mapping[str, Array] | None = None,
    vary: Collection[str] = SOURCES,
) -> Simulation:
    """Draw a product system.

    background  factor id -> (draws,) or more: how many times its mean the factor is (see `intensity_draws`)
    vary        any of "parameters", "data" (amounts of rows), "background"
    Raises NoUncertainty where nothing asked for varies.
    """
    foreground = given.foreground
    used = {line.factor for line in foreground.lines}
    intensity = {id: ratio[:draws] for id, ratio in (background or {}).items() if id in used}
    parts = {
        "parameters": bool(given.parameters.uncertain and given.amounts),
        "data": any(bool(spread.varies.any()) for spread in given.spreads.values()),
        "background": bool(intensity),
    }
    varied = tuple(part for part, does in parts.items() if does and part in vary)
    if not varied:
        raise NoUncertainty("", NO_UNCERTAINTY.zh, NO_UNCERTAINTY.en)
    known = given.parameters.sample(seed, draws) if "parameters" in varied else given.parameters.resolve()
    amounts = np.repeat(foreground.amounts[None, :], draws, axis=0)
    for r, amount in _formula_amounts(given, known).items():
        amounts[:, r] = amount
    if "data" in varied:
        for r, ratio in _row_draws(given, seed, draws).items():
            amounts[:, r] *= ratio
    found = evaluate(foreground, amounts, intensity if "background" in varied else None)
    record = replace(calculate_footprint(foreground.system, gwp).record, seed=seed, draws=draws)
    return Simulation(foreground, record, varied, found.totals(gwp), found.by_line(gwp))


def intensity_draws(draws: MonteCarlo, background: Background) -> dict[str, Array]:
    """Draws of background products as ratios to their means, by the id of the dataset: one draw, one background."""
    means = dict(zip(draws.products, draws.means.tolist(), strict=True))
    return {
        id: draws.of(product) / means[product]
        for id, (product, _) in background.datasets.items()
        if means.get(product, 0.0) != 0
    }


@dataclass(frozen=True, slots=True, eq=False)
class Scenarios(Table):
    """One row a scenario and substance: kg and kg CO2e per declared unit; the same lines in every scenario."""

    names: tuple[str, ...]
    evaluated: Evaluated
    gwp: GwpSet

    @property
    def totals(self) -> Array:
        """kg CO2e (scenarios,)."""
        return self.evaluated.totals(self.gwp)

    def caption(self) -> Text:
        return Text(f"各情景清单（{self.gwp.id}）", f"Inventories of all scenarios ({self.gwp.id})")

    def rows(self) -> list[dict[str, object]]:
        return [
            {
                "scenario": name,
                "substance": substance,
                "class": gas_class.value,
                "kg": float(kg),
                "kg_co2e": float(kg) * self.gwp.of(substance, gas_class),
            }
            for name, inventory in zip(self.names, self.evaluated.kg, strict=True)
            for (substance, gas_class), kg in zip(self.evaluated.foreground.labels, inventory, strict=True)
        ]


def scenarios(
    given: ParametrisedSystem, cases: Mapping[str, Mapping[str, float]], gwp: str | GwpSet = "AR6"
) -> Scenarios:
    """The system under each scenario: name -> values of some parameters; {} is the system as it stands.

    Raises UnknownParameter for a parameter that is not defined, WrongAmount for an amount below zero.
    """
    resolved = [given.parameters.resolve(case) for case in cases.values()]
    known: dict[str, Value] = {name: np.array([float(one[name]) for one in resolved]) for name in resolved[0]}
    amounts = np.repeat(given.foreground.amounts[None, :], len(cases), axis=0)
    for r, amount in _formula_amounts(given, known).items():
        amounts[:, r] = amount
    return Scenarios(tuple(cases), evaluate(given.foreground, amounts), gwp_set(gwp))


def system_in(given: ParametrisedSystem, case: Mapping[str, float]) -> ProductSystem:
    """The product system of one scenario: for its footprint, contribution table, Sankey diagram or report."""
    amounts = _formula_amounts(given, given.parameters.resolve(case))
    new = {id(given.foreground.rows[r].given): float(amount) for r, amount in amounts.items()}
    processes = tuple(
        replace(
            process,
            inputs=tuple(_with_amount(row, new) for row in process.inputs),
            emissions=tuple(_with_amount(row, new) for row in process.emissions),
        )
        for process in given.foreground.system.processes
    )
    return replace(given.foreground.system, processes=processes)


_Given = TypeVar("_Given", Input, Emission)


def _with_amount(row: _Given, new: Mapping[int, float]) -> _Given:
    if id(row) not in new:
        return row
    return replace(row, quantity=Quantity(Decimal(repr(new[id(row)])), row.quantity.unit))


def _formula_amounts(given: ParametrisedSystem, known: Mapping[str, Value]) -> dict[int, Value]:
    """The amounts that formulas give, by the index of their row."""
    return {_index(given, name): formula.evaluate(known) for name, formula in _formulas(given).items()}


def _formulas(given: ParametrisedSystem) -> dict[RowName, Formula]:
    return {name: read_formula(text, " · ".join(name)) for name, text in given.amounts.items()}


def _row_draws(given: ParametrisedSystem, seed: int, draws: int) -> dict[int, Array]:
    """Draws of the amounts of rows as ratios to the amounts given, by the index of the row."""
    names = list(given.spreads)
    rows = [_index(given, name) for name in names]
    means = given.foreground.amounts[rows]
    keys = np.array([name_key(f"row {process}\0{name}") for process, name in names], dtype=np.uint64)
    table = series(combine(given.spreads.values()), means, seed, draws, keys)
    return {r: table[k] / means[k] for k, r in enumerate(rows) if means[k]}


def _index(given: ParametrisedSystem, name: RowName) -> int:
    return next(r for r, row in enumerate(given.foreground.rows) if (row.process, row.name) == name and not row.avoided)


def _unknown(name: RowName, count: int) -> UnknownRow:
    process, row = name
    said = ("没有这一行", "there is no such row") if not count else ("有多行同名", "several rows have this name")
    return UnknownRow(
        f"{process} · {row}",
        f"{said[0]}，不能给它公式或分布。请核对过程编号和行名，或改成不同的名称。",
        f"{said[1]}, so it cannot have a formula or a distribution. Check process and name, or rename.",
    )
