"""Views of the lines of a footprint that need more than one sum: under other GWP sets, and as a cube."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tanbiao.lca.frames import Table, share
from tanbiao.lca.gases.gwp import GwpSet, characterisation, gwp_set
from tanbiao.lca.model import DataQuality, Factor, GasClass, Stage
from tanbiao.words import Text

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Contribution:
    """One line of the contribution table: what one input or emission of one process adds, gas by gas.

    part  "supply" (upstream of an input), "use" (released when used), "direct" (an emission row), "avoided" (a credit:
          what the co-products of a process allocated by substitution displace, in whichever process it would arise)
    kg    kilograms of the substance (negative for removals and credits); kg_co2e = kg x GWP100
    All per declared unit.
    """

    process: str  # id
    line: str  # name of the input or emission
    part: str
    stage: Stage
    substance: str
    gas_class: GasClass
    kg: float
    kg_co2e: float
    factor: str = ""
    primary: bool = False  # activity datum is primary data
    place: str = ""
    quality: DataQuality | None = None  # scores of the activity datum


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """One line of the table, its gases added up. `share` is of the total; negative for removals."""

    process: str
    process_name: str
    line: str
    part: str  # "supply", "use", "direct" or "avoided"
    stage: Stage
    factor: str  # id
    primary: bool
    place: str
    kg_co2e: float
    share: float


def table(lines: Iterable[Contribution], names: Mapping[str, str], total: float) -> list[ContributionRow]:
    """The lines with their gases added up, the largest first; `names` of the processes by id."""
    sums: defaultdict[tuple[str, str, str, Stage, str, bool, str], list[float]] = defaultdict(list)
    for c in lines:
        sums[c.process, c.line, c.part, c.stage, c.factor, c.primary, c.place].append(c.kg_co2e)
    rows = [
        ContributionRow(process, names[process], line, part, stage, factor, primary, place, kg, share(kg, total))
        for (process, line, part, stage, factor, primary, place), values in sums.items()
        for kg in (math.fsum(values),)
    ]
    return sorted(rows, key=lambda row: -abs(row.kg_co2e))


@dataclass(frozen=True, slots=True)
class UnderSet:
    """The footprint under one GWP set, with what stays as it was summed by others.

    sums  kg CO2e of what is known only as a sum, by the set it was summed with ("": nobody says)
    sums_share  its share of the footprint, 0 to 1, by absolute value
    """

    gwp_set: str
    total_kg_co2e: float
    sums: Mapping[str, float]
    sums_share: float

    @property
    def mixed(self) -> bool:
        """Whether part of the total was summed with another set than this one, or nobody says with which."""
        return any(other != self.gwp_set for other in self.sums)


def under(
    lines: Sequence[Contribution], factors: Mapping[str, Factor], gwp_sets: Iterable[str | GwpSet]
) -> tuple[UnderSet, ...]:
    """The lines under each set, from their kilograms. Raises UnknownGwpSet, UnknownSubstance."""
    sums: defaultdict[str, list[float]] = defaultdict(list)
    for line in lines:
        if line.substance == "CO2e" and line.kg:
            sums[factors[line.factor].gwp_set if line.factor in factors else ""].append(line.kg)
    summed = {id: math.fsum(parts) for id, parts in sorted(sums.items())}
    as_sums = math.fsum(abs(kg) for parts in sums.values() for kg in parts)
    found = []
    for gwp in map(gwp_set, gwp_sets):
        kg_co2e = [line.kg * gwp.of(line.substance, line.gas_class) for line in lines]
        whole = math.fsum(map(abs, kg_co2e))
        found.append(UnderSet(gwp.id, math.fsum(kg_co2e), summed, as_sums / whole if whole else 0.0))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Cube(Table):
    """A footprint as stage x process x gas; every sum over its amounts is a view of the footprint.

    amounts  (stages, processes, gases) in `unit`; removals negative
    gases    (substance, class), or (substance, None) where the classes are added up
    gwp_set  id, or "" where the unit is kg (of the substance; "CO2e" is kg CO2e there too)
    """

    stages: tuple[Stage, ...]
    processes: tuple[str, ...]
    gases: tuple[tuple[str, GasClass | None], ...]
    amounts: NDArray[np.float64]
    unit: str
    gwp_set: str

    def caption(self) -> Text:
        return Text(f"阶段 × 过程 × 气体（{self.unit}）", f"Stage x process x gas ({self.unit})")

    def rows(self) -> list[dict[str, object]]:
        """One dict an amount that is not zero."""
        return [
            {
                "stage": self.stages[i].value,
                "process": self.processes[j],
                "substance": self.gases[k][0],
                "class": gas_class.value if (gas_class := self.gases[k][1]) else "",
                "amount": float(self.amounts[i, j, k]),
            }
            for i, j, k in np.argwhere(self.amounts).tolist()
        ]


def cube(
    lines: Sequence[Contribution], processes: Sequence[str], gwp: GwpSet | None = None, *, classes: bool = True
) -> Cube:
    """The lines by stage (those that occur), process (all, in the order given) and gas (in the order they occur).

    gwp      kg CO2e under this set; None: kilograms
    classes  False: one gas a substance, whatever its class
    """
    stages = tuple(stage for stage in Stage if any(line.stage is stage for line in lines))
    labels = [(line.substance, line.gas_class) for line in lines]
    gases: list[tuple[str, GasClass | None]] = [(s, g if classes else None) for s, g in labels]
    of_stage, of_process = _index(stages), _index(processes)
    of_gas = _index(dict.fromkeys(gases))
    amounts = np.zeros((len(of_stage), len(of_process), len(of_gas)))
    places = (
        [of_stage[line.stage] for line in lines],
        [of_process[line.process] for line in lines],
        [of_gas[gas] for gas in gases],
    )
    kg = np.array([line.kg for line in lines], dtype=float)
    np.add.at(amounts, places, kg if gwp is None else kg * characterisation(labels, [gwp])[:, 0])
    return Cube(
        stages,
        tuple(processes),
        tuple(of_gas),
        amounts,
        "kg" if gwp is None else "kg CO2e",
        gwp.id if gwp else "",
    )


def _index(keys: Iterable[_Key]) -> dict[_Key, int]:
    return {key: i for i, key in enumerate(keys)}
