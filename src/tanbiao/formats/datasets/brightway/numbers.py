"""Numbers of a Brightway inventory: amounts and parameters with their formulas, and uncertainties."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tanbiao.formats.datasets.amounts import number, number_if_any
from tanbiao.formats.datasets.brightway.sheets import Line
from tanbiao.formats.datasets.formulas import formula_not_read, value_of, work_out
from tanbiao.formats.datasets.uncertainties import Uncertainty, spread, uncertainty_not_read
from tanbiao.lca.datasets.records import ParameterRecord, as_names
from tanbiao.lca.datasets.report import Report
from tanbiao.lca.faults import Fault


def parameters_of(
    lines: list[tuple[str, Line]], outer: Mapping[str, float], process: str, place: str, report: Report
) -> tuple[list[ParameterRecord], dict[str, float]]:
    """Parameters of one group, and the values known in it. A formula stands above the amount beside it."""
    given: dict[str, float | str] = {}
    for at, line in lines:
        formula = line.get("formula", "")
        given[line.get("name", "")] = formula or number(line.get("amount", ""), f"{at} {line.get('name', '')}")
    values, faults = work_out(given, outer, place)
    for at, line in lines:
        if fault := faults.get(line.get("name", "")):
            values[line["name"]] = _stored(line, at, fault, report)
    return [
        ParameterRecord(
            name=line.get("name", ""),
            value=values[line.get("name", "")],
            formula=line.get("formula", ""),
            process=process,
            uncertainty=uncertainty_of(line, at, report),
            comment=as_names(" ".join(filter(None, (line.get("comment"), line.get("unit"))))),
        )
        for at, line in lines
    ], values


def amount_of(line: Line, values: Mapping[str, float], place: str, report: Report) -> float:
    formula = line.get("formula", "")
    if not formula:
        return number(line.get("amount", ""), place)
    try:
        return value_of(formula, values, place)
    except Fault as fault:
        return _stored(line, place, fault, report)


def _stored(line: Line, place: str, fault: Fault, report: Report) -> float:
    stored = number(line.get("amount", ""), place)
    formula_not_read(line["formula"], fault.text, stored, place, report)
    return stored


def uncertainty_of(line: Line, place: str, report: Report) -> Uncertainty:
    """By the numbers of stats_arrays: a lognormal is given by the mean and deviation of its logarithm."""
    kind = number_if_any(line.get("uncertainty type", "0"))
    loc, scale, low, high = (number_if_any(line.get(n, "")) for n in ("loc", "scale", "minimum", "maximum"))
    found: Uncertainty = {}
    match kind:
        case 0 | 1:
            return {}
        case 2 if loc is not None and scale is not None and abs(loc) < 700 and 0 <= scale < 50:
            found = spread("lognormal", mean=math.exp(loc), gsd=math.exp(scale))
        case 3:
            found = spread("normal", mean=loc, sd=scale)
        case 4:
            found = spread("uniform", minimum=low, maximum=high)
        case 5:
            found = spread("triangular", minimum=low, mode=loc, maximum=high)
    if not found:
        uncertainty_not_read(line.get("uncertainty type", ""), place, report)
    return found
