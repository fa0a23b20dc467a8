"""The inventory of one process: what its measured period adds, row by row and substance by substance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tanbiao.lca.model import DataQuality, Emission, Factor, GasClass, Process, Stage
from tanbiao.lca.units import UNITS

_KG = UNITS["kg"]


@dataclass(frozen=True, slots=True)
class Burden:
    """One substance of one row of a process, for its whole measured period and before allocation.

    part  "supply" (upstream of an input), "use" (released when the input is used), "direct" (an emission row)
    kg    kilograms released; negative for removals
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
        for part, id, stage in (("supply", row.factor, row.stage), ("use", row.use_factor, process.stage)):
            if not id:
                continue
            factor = factors[id]
            units = row.quantity.to(factor.unit).amount
            for emission in factor.emissions:
                yield Burden(
                    process.id,
                    row.name,
                    part,
                    stage,
                    emission.substance,
                    emission.gas_class,
                    units * _released(emission),
                    factor.id,
                    row.data_kind.primary,
                    row.quality,
                    row.place,
                )
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


def _released(emission: Emission) -> Decimal:
    kg = emission.quantity.to(_KG).amount
    return -kg if emission.gas_class.removal else kg
