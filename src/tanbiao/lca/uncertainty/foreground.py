"""A product system compiled to small arrays: answered in well under a millisecond, for many draws or scenarios at once.

One row is what a person gave (an input, an emission, a displaced product) with its amount; one line is what a row adds
by one part (its supply, its use, the emission itself), as in the contribution table. Amounts are the variables:

    A s = f                  made less taken, the amounts of rows that other processes of the system supply
    line = s_p a_r (kg of each substance per unit of the row, after allocation)

The same numbers as `calculate_footprint` (ISO 14067:2018 6.5); the background enters by its factors, solved before.
What a co-product displaces of this system's own processes is netted in their lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tanbiao.lca.allocation.shares import avoided_inputs, product_share
from tanbiao.lca.faults import WrongAmount
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.gases.gwp import GwpSet, characterisation
from tanbiao.lca.inventory import Burden, burdens
from tanbiao.lca.matrices import demand
from tanbiao.lca.model import Emission, Factor, GasClass, Input, Process, ProductSystem, Stage
from tanbiao.lca.units import Quantity

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Row:
    """Something a person gave an amount of: `process` by id, `name` as in the contribution table."""

    process: str
    name: str
    given: Input | Emission
    avoided: bool = False  # stands for what a co-product displaces; its amount follows from the co-product


@dataclass(frozen=True, slots=True)
class Line:
    """What one row adds by one part; `row` is its index."""

    row: int
    process: str
    name: str
    part: str  # "supply", "use", "direct" or "avoided"
    stage: Stage
    factor: str


@dataclass(frozen=True, slots=True, eq=False)
class Foreground:
    """labels (p): substances with their class; kg (lines, p): per unit of the row's amount, after allocation.

    amounts (rows,) as given; made (n,), f (n,); link_* (links,): supply within the system, per unit of amount
    """

    system: ProductSystem
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    labels: tuple[tuple[str, GasClass], ...]
    amounts: Array
    kg: Array
    row_of: Index
    process_of: Index
    made: Array
    demand: Array
    link_row: Index
    link_maker: Index
    link_taker: Index
    link_factor: Array


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """scaling (d, n): periods of each process; kg (d, p) by substance; runs (d, lines): units of row times scaling.

    sound (d,)  False where the amounts make a loop that uses up what it makes: what else stands there means nothing
    residual    the largest of the sound sets: max|A s - f| / max(|A| |s| + |f|)
    """

    foreground: Foreground
    scaling: Array
    runs: Array
    kg: Array
    sound: NDArray[np.bool_]
    residual: float

    def totals(self, gwp_set: str | GwpSet) -> Array:
        """kg CO2e (d,) per declared unit."""
        return np.asarray(self.kg @ characterisation(self.foreground.labels, [gwp_set])[:, 0])

    def by_line(self, gwp_set: str | GwpSet) -> Array:
        """kg CO2e (d, lines); they add up to the totals."""
        weight = self.foreground.kg @ characterisation(self.foreground.labels, [gwp_set])[:, 0]
        return np.asarray(self.runs * weight)


def compile_foreground(system: ProductSystem, gwp_set: str | GwpSet = "AR6") -> Foreground:
    """Check a product system as `calculate_footprint` does, raising what it raises, and lay out its arrays."""
    calculate_footprint(system, gwp_set)
    factors = {factor.id: factor for factor in system.factors}
    index = {process.id: i for i, process in enumerate(system.processes)}
    rows: list[Row] = []
    lines: list[Line] = []
    amounts: list[float] = []
    coefficients: list[dict[tuple[str, GasClass], float]] = []
    links: list[tuple[int, int, int, float]] = []
    for j, process in enumerate(system.processes):
        share = float(product_share(process))
        for row in _rows(process):
            amounts.append(float(row.given.quantity.amount))
            for key, kg in _per_unit(process, row, factors).items():
                lines.append(replace(key, row=len(rows)))
                coefficients.append({label: share * amount for label, amount in kg.items()})
            if isinstance(row.given, Input) and row.given.provider:
                maker = index[row.given.provider]
                one = Quantity(Decimal(1), row.given.quantity.unit)
                per_unit = float(one.to(system.processes[maker].product.quantity.unit).amount)
                links.append((len(rows), maker, j, share * (-per_unit if row.avoided else per_unit)))
            rows.append(row)
    labels = tuple(dict.fromkeys(label for line in coefficients for label in line))
    link_row, link_maker, link_taker = (np.array([link[k] for link in links], dtype=np.intp) for k in range(3))
    return Foreground(
        system,
        tuple(rows),
        tuple(lines),
        labels,
        np.array(amounts),
        np.array([[line.get(label, 0.0) for label in labels] for line in coefficients]).reshape(
            len(lines), len(labels)
        ),
        np.array([line.row for line in lines], dtype=np.intp),
        np.array([index[line.process] for line in lines], dtype=np.intp),
        np.array([float(process.product.quantity.amount) for process in system.processes]),
        demand(system),
        link_row,
        link_maker,
        link_taker,
        np.array([link[3] for link in links]),
    )


def evaluate(
    foreground: Foreground, amounts: ArrayLike | None = None, intensity: Mapping[str, Array] | None = None
) -> Evaluated:
    """The system under many sets of amounts at once.

    amounts    (d, rows) in the units of the rows; None: as given, once
    intensity  factor id -> (d,): how many times its mean a background factor is
    Raises WrongAmount for amounts that are negative or not finite, naming the row.
    """
    given = foreground.amounts[None, :] if amounts is None else np.atleast_2d(np.asarray(amounts, dtype=float))
    _check_amounts(foreground, given)
    n, sets = foreground.made.size, given.shape[0]
    A, caused = np.zeros((sets, n, n)), np.zeros((sets, n, n))
    A[:, np.arange(n), np.arange(n)] = caused[:, np.arange(n), np.arange(n)] = foreground.made
    taken = given[:, foreground.link_row] * foreground.link_factor
    for k, (maker, taker) in enumerate(zip(foreground.link_maker, foreground.link_taker, strict=True)):
        A[:, maker, taker] -= taken[:, k]
        caused[:, maker, taker] -= np.maximum(taken[:, k], 0)  # what is displaced does not feed a loop
    needed = _solved(caused, np.broadcast_to(foreground.made, (sets, n)))
    sound = np.all(needed > 0, axis=1)
    scaling = _solved(A, np.broadcast_to(foreground.demand, (sets, n)))
    residual = _residual(A[sound], scaling[sound], foreground.demand)
    runs = given[:, foreground.row_of] * scaling[:, foreground.process_of]
    for k, line in enumerate(foreground.lines):
        if intensity and line.factor in intensity:
            runs[:, k] *= intensity[line.factor]
    return Evaluated(foreground, scaling, runs, np.asarray(runs @ foreground.kg), sound, residual)


def _residual(A: Array, s: Array, f: Array) -> float:
    """The largest relative residual of A s = f, over sets (d, n, n) and (d, n)."""
    missed = abs(np.einsum("dij,dj->di", A, s) - f).max(axis=1, initial=0.0)
    size = (np.einsum("dij,dj->di", abs(A), abs(s)) + abs(f)).max(axis=1, initial=0.0)
    return float(np.max(missed / np.where(size > 0, size, 1.0), initial=0.0))


def _solved(A: Array, f: Array) -> Array:
    """x (d, n) with A x = f, set by set; of a singular set, minus infinity."""
    try:
        return np.asarray(np.linalg.solve(A, f[..., None])[..., 0], dtype=float)
    except np.linalg.LinAlgError:
        if len(A) == 1:
            return np.full(f.shape, -np.inf)
        return np.concatenate([_solved(A[k : k + 1], f[k : k + 1]) for k in range(len(A))])


def _rows(process: Process) -> list[Row]:
    inputs = [Row(process.id, row.name, row) for row in process.inputs]
    avoided = [Row(process.id, row.name, row, avoided=True) for row in avoided_inputs(process)]
    return inputs + avoided + [Row(process.id, row.name or row.substance, row) for row in process.emissions]


def _per_unit(
    process: Process, row: Row, factors: Mapping[str, Factor]
) -> dict[Line, dict[tuple[str, GasClass], float]]:
    """kg of each substance of each line, per unit of the row: by the inventory itself, of the row alone."""
    one = Quantity(Decimal(1), row.given.quantity.unit)
    alone = replace(process, inputs=(), emissions=(), outputs=(process.product,))
    if isinstance(row.given, Input):
        alone = replace(alone, inputs=(replace(row.given, quantity=one),))
    else:
        alone = replace(alone, emissions=(replace(row.given, quantity=one),))
    found: dict[Line, dict[tuple[str, GasClass], float]] = {}
    for burden in burdens(alone, factors):
        kg = found.setdefault(_line(burden, row), {})
        label = burden.substance, burden.gas_class
        kg[label] = kg.get(label, 0.0) + float(-burden.kg if row.avoided else burden.kg)
    return found


def _line(burden: Burden, row: Row) -> Line:
    return Line(0, burden.process, burden.line, "avoided" if row.avoided else burden.part, burden.stage, burden.factor)


def _check_amounts(foreground: Foreground, amounts: Array) -> None:
    wrong = ~np.isfinite(amounts) | (amounts < 0)
    if wrong.any():
        draw, row = (int(i) for i in np.argwhere(wrong)[0])
        said = foreground.rows[row]
        raise WrongAmount(
            said.given.place or f"{said.process} · {said.name}",
            f"“{said.name}”在第 {draw + 1} 组中的数量是 {amounts[draw, row]:g}，应为不小于零的有限数。",
            f'The amount of "{said.name}" is {amounts[draw, row]:g} in set {draw + 1}; give a finite one from zero up.',
        )
