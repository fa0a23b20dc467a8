"""Magnitudes a factor can have, by its kind and unit (data/plausible_bounds.csv, each bound with its reason)."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tanbiao.lca.datasets.gate.judgements import Judged, Judgement, Judgements, Severity, about
from tanbiao.lca.units import DIMENSIONS, Unit, unit
from tanbiao.words import Text

_ENERGY = frozenset({"energy"})
_FUEL = frozenset({"energy", "mass", "volume", "gas_volume"})
_WAYS = frozenset(
    {"transport", "person_transport", "vehicle_transport", "volume_transport", "count_transport", "length"}
)
# What a factor of a kind can be per; a kind that is not here can be per anything.
_PER: Mapping[str, frozenset[str]] = {
    "electricity_footprint": _ENERGY,
    "grid_co2": _ENERGY,
    "transmission": _ENERGY,
    "fuel_combustion": _FUEL,
    "fuel_upstream": _FUEL,
    "heat": frozenset({"energy", "mass"}),
    "transport": _WAYS,
    "water": frozenset({"volume", "mass"}),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """kg CO2e per `unit`: doubtful outside low..high, impossible above `most`."""

    unit: Unit
    low: float
    high: float
    most: float
    why: Text
    source: str


@cache
def bounds() -> Mapping[tuple[str, str], Bounds]:
    """By kind ("" where it is not said) and dimension."""
    table = {}
    with files("tanbiao.lca").joinpath("data/plausible_bounds.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            per = unit(row["unit"])
            table[row["kind"], per.dimension] = Bounds(
                per,
                float(row["doubtful_below"] or 0),
                float(row["doubtful_above"]),
                float(row["blocking_above"]),
                Text(row["why_zh"], row["why_en"]),
                row["source"],
            )
    return table


def magnitude(row: Judged) -> Judgements:
    """What is wrong with the unit and the size of a factor."""
    known = row.known_unit
    if known is None:
        yield about(
            row,
            "unit",
            Severity.BLOCKING,
            f"不认识单位“{row.unit}”，不能换算。请改用标准单位。",
            f'the unit "{row.unit}" is not known and cannot be converted. Use a standard unit.',
        )
        return
    if not math.isfinite(row.value):
        yield about(
            row, "not_a_number", Severity.BLOCKING, "不是有限的数字。请更正。", "is no finite number. Correct it."
        )
        return
    due = _PER.get(row.kind)
    if due and known.dimension not in due:
        has, fits = DIMENSIONS[known.dimension], [DIMENSIONS[d] for d in sorted(due)]
        yield about(
            row,
            "dimension",
            Severity.BLOCKING,
            f"按{has.zh}计，而此类因子应按{'、'.join(f.zh for f in fits)}计。请核对单位或因子类型。",
            f"is per {has.en}, but a factor of this kind is per {' or '.join(f.en for f in fits)}. "
            "Check its unit or its kind.",
        )
        return
    size, found = row.per_base, bounds().get((row.kind, known.dimension)) or bounds().get(("", known.dimension))
    if size is not None and found is not None:
        yield from _outside(row, size, found)


def _outside(row: Judged, size: float, found: Bounds) -> Judgements:
    """Compared in the unit of the bound, whatever the unit of the factor."""
    value = size * float(found.unit.factor)
    per = found.unit.symbol
    if value > found.most:
        yield _far(row, Severity.BLOCKING, value, f"> {found.most:g}", per, found)
    elif value > found.high:
        yield _far(row, Severity.DOUBTFUL, value, f"> {found.high:g}", per, found)
    elif 0 < value < found.low:
        yield _far(row, Severity.DOUBTFUL, value, f"< {found.low:g}", per, found)


def _far(row: Judged, severity: Severity, value: float, limit: str, per: str, found: Bounds) -> Judgement:
    said = f"{value:.4g} kgCO2e/{per} {limit}"
    return about(
        row,
        "magnitude",
        severity,
        f"数量级不合理（{said}）：{found.why.zh}。请核对数值和单位（依据：{found.source}）。",
        f"its magnitude is implausible ({said}): {found.why.en}. Check value and unit (after {found.source}).",
    )
