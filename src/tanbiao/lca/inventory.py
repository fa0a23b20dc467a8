"""The inventory of one process: what its measured period adds, row by row and substance by substance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tanbiao.lca.allocation.shares import avoided_inputs
from tanbiao.lca.model import DataQuality, Emission, Factor, GasClass, Input, Process, Stage
from tanbiao.lca.units import UNITS

_KG = UNITS["kg"]


@dataclass(frozen=True, slots=True)
class Burden:
    """One substance of one row of a process, for its whole measured period and before allocation.

    part  "supply" (upstream of an input), "use" (released when the input is used), "direct" (an emission row),
          "avoided" (not released elsewhere, because a co-product displaces another product)
    kg    kilograms released; negative for removals and for what is avoided
    """

    process: str
    line: str
    part: str
    stage: Stage
    substance: str
    gas_class: GasClass
    kg: Decimal
    factor: str = ""
    primary: bool = False
    quality: DataQuality | None = None
    place: str = ""


def burdens(process: Process, factors: Mapping[str, Factor]) -> Iterator[Burden]:
    """The burdens of one measured period of a sound process, leaving out what other processes supply.

    What an input releases when used belongs to the stage of the process, its supply to the stage of the input.
    """
    for row in process.inputs:
        if row.factor:
            yield from _of_factor(process, row, "supply", row.stage, factors[row.factor])
        if row.use_factor:
            yield from _of_factor(process, row, "use", process.stage, factors[row.use_factor])
    for row in avoided_inputs(process):
        if row.factor:
            yield from _of_factor(process, row, "avoided", row.stage, factors[row.factor])
    for emission in process.emissions:
        yield Burden(
            process.id,
            emission.name or emission.substance,
            "direct",
            emission.stage or process.stage,
            emission.substance,
            emission.gas_class,
            _released(emission),
            "",
            emission.data_kind.primary,
            emission.quality,
            emission.place,
        )


def _of_factor(process: Process, row: Input, part: str, stage: Stage, factor: Factor) -> Iterator[Burden]:
    units = row.quantity.to(factor.unit).amount
    for emission in factor.emissions:
        kg = units * _released(emission)
        yield Burden(
            process.id,
            row.name,
            part,
            stage,
            emission.substance,
            emission.gas_class,
            -kg if part == "avoided" else kg,
            factor.id,
            row.data_kind.primary,
            row.quality,
            row.place,
        )


def _released(emission: Emission) -> Decimal:
    kg = emission.quantity.to(_KG).amount
    return -kg if emission.gas_class.removal else kg
