"""What the other allocation methods would give: the sensitivity that ISO 14067:2018 6.4.6.1 asks for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from tanbiao.lca.allocation.preference import ORDER
from tanbiao.lca.allocation.shares import allocation_key, burden_bearers
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.frames import Table
from tanbiao.lca.gases.gwp import GwpSet
from tanbiao.lca.model import Allocation, Output, Process, ProductSystem, Property
from tanbiao.lca.vocabulary import words_for
from tanbiao.words import Problems, Text

_NAMES = frozenset(method.value for method in Allocation)


@dataclass(frozen=True, slots=True)
class Choice:
    """A method for one process; `property` names which, where the method is by a property."""

    process: str  # id
    method: Allocation
    property: str = ""


@dataclass(frozen=True, slots=True)
class Alternative:
    """The footprint with some processes allocated otherwise; the others stay as chosen.

    difference  kg CO2e less that of the methods chosen;   relative  the same over it (nan where it is zero)
    """

    choices: tuple[Choice, ...]
    kg_co2e: float
    difference: float
    relative: float


@dataclass(frozen=True, slots=True)
class Impossible:
    """A method that the data do not allow, and what is missing."""

    choice: Choice
    reason: Text


@dataclass(frozen=True, slots=True)
class AllocationSensitivity(Table):
    """The methods chosen, what each other one gives, and whether all combinations are among the alternatives.

    alternatives  first each process alone, in the order of the system and of ISO; then combinations of several
    complete      False where there are more combinations than asked for: then no combination is given
    """

    chosen: tuple[Choice, ...]
    kg_co2e: float
    alternatives: tuple[Alternative, ...]
    impossible: tuple[Impossible, ...]
    complete: bool

    def caption(self) -> Text:
        return Text("分配方法的敏感性，kg CO2e", "Sensitivity to allocation, kg CO2e")

    def rows(self) -> list[dict[str, object]]:
        """The methods chosen first, then each alternative: choices, kg_co2e, difference, relative."""
        chosen = Alternative(self.chosen, self.kg_co2e, 0.0, 0.0)
        return [
            {
                "choices": "; ".join(_said(choice) for choice in row.choices),
                "kg_co2e": row.kg_co2e,
                "difference": row.difference,
                "relative": row.relative,
            }
            for row in (chosen, *self.alternatives)
        ]

    @property
    def range(self) -> tuple[float, float]:
        """The lowest and the highest footprint of all."""
        found = [self.kg_co2e, *(a.kg_co2e for a in self.alternatives)]
        return min(found), max(found)


def allocation_sensitivity(
    system: ProductSystem, gwp_set: str | GwpSet = "AR6", *, most: int = 64
) -> AllocationSensitivity:
    """The footprint under every other allocation method that the data of a system allow.

    For each process with several products: each method whose values stand with its outputs (`Output.properties`,
    masses, heating values of energy, what co-products displace). Each process is varied alone; then all together, if
    the combinations are at most `most` (the chosen one counted). One calculation for each. ISO 14067:2018 6.4.6.1, 6.6.
    Raises what calculate_footprint raises for the system as it stands.
    """
    base = calculate_footprint(system, gwp_set).total_kg_co2e
    shared = [_with_named_values(p) for p in system.processes if len(burden_bearers(p)) > 1]
    chosen = tuple(Choice(p.id, p.allocation, p.allocation_property) for p in shared)
    alternatives, impossible = [], []
    options: list[list[Choice]] = []
    for process, own in zip(shared, chosen, strict=True):
        options.append([own])
        for choice in _candidates(process):
            if choice == own:
                continue
            try:
                kg = _total(system, shared, [choice], gwp_set)
            except Problems as problems:
                impossible.append(Impossible(choice, problems.problems[0].text))
                continue
            alternatives.append(_alternative((choice,), kg, base))
            options[-1].append(choice)
    complete = math.prod(len(o) for o in options) <= most
    for combination in product(*options) if complete else ():
        changed = tuple(c for c in combination if c not in chosen)
        if len(changed) > 1:
            alternatives.append(_alternative(changed, _total(system, shared, changed, gwp_set), base))
    return AllocationSensitivity(chosen, base, tuple(alternatives), tuple(impossible), complete)


def _said(choice: Choice) -> str:
    which = f" ({choice.property})" if choice.property else ""
    return f"{choice.process}: {words_for(choice.method)}{which}"


def _candidates(process: Process) -> Iterator[Choice]:
    """Every method in the order of ISO, a property for each name that stands with all its products."""
    named = [{p.name for p in o.properties} - _NAMES for o in burden_bearers(process)]
    for step in ORDER:
        for method in step.methods:
            names = sorted(set.intersection(*named)) if method is Allocation.PROPERTY else [""]
            yield from (Choice(process.id, method, name) for name in names)


def _with_named_values(process: Process) -> Process:
    """The process with each `allocation_value` under the name of the method it was given for."""
    key = allocation_key(process)

    def named(output: Output) -> Output:
        if output.allocation_value is None:
            return output
        others = tuple(p for p in output.properties if p.name != key)
        return replace(output, allocation_value=None, properties=(*others, Property(key, output.allocation_value)))

    return replace(process, outputs=tuple(named(o) for o in process.outputs))


def _total(system: ProductSystem, shared: Sequence[Process], choices: Sequence[Choice], gwp_set: str | GwpSet) -> float:
    by_id = {p.id: p for p in shared}
    for choice in choices:
        process = by_id[choice.process]
        by_id[choice.process] = replace(process, allocation=choice.method, allocation_property=choice.property)
    processes = tuple(by_id.get(p.id, p) for p in system.processes)
    return calculate_footprint(replace(system, processes=processes), gwp_set).total_kg_co2e


def _alternative(choices: tuple[Choice, ...], kg: float, base: float) -> Alternative:
    return Alternative(choices, kg, kg - base, (kg - base) / base if base else math.nan)
