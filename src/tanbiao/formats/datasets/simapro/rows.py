"""Rows of a SimaPro CSV: amounts and formulas, units, uncertainties, parameters, substances."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tanbiao.formats.datasets.amounts import Base, number_if_any
from tanbiao.formats.datasets.formulas import as_spreadsheet, value_of, work_out
from tanbiao.formats.datasets.simapro.text import Row
from tanbiao.formats.datasets.uncertainties import Uncertainty, spread, uncertainty_not_read
from tanbiao.lca.datasets.records import ParameterRecord, as_names
from tanbiao.lca.datasets.report import Report, SourceRefused, refused
from tanbiao.lca.faults import Fault

_CAS = re.compile(r"0*(\d{2,7}-\d\d-\d)")
CONSTANTS = {"pi": math.pi}


@dataclass(frozen=True, slots=True)
class Numbers:
    """How numbers are written, and what names stand for in formulas (in lower case: SimaPro knows no case)."""

    decimal: str
    values: Mapping[str, float]

    def plain(self, text: str) -> float | None:
        """A number, or None where it is anything else."""
        found = text.replace(",", ".") if self.decimal == "," and "." not in text else text
        return number_if_any(found)

    def amount(self, text: str, place: str) -> tuple[float, str]:
        """The value of a number or formula, and the formula. Raises SourceRefused, since nothing else is stored."""
        value = self.plain(text)
        if value is not None:
            return value, ""
        if not text:
            raise refused(place, "缺少数量；请在来源中补上", "the amount is missing; give it in the source")
        try:
            return value_of(as_spreadsheet(text, self.decimal), self.values, place), text
        except Fault as fault:
            raise _no_amount(text, self.decimal, place, fault) from None


def _no_amount(text: str, decimal: str, place: str, fault: Fault) -> SourceRefused:
    return refused(
        place,
        f"“{text[:60]}”既不是数（小数点为“{decimal}”），也不是能计算的公式：{fault.text.zh}",
        f'"{text[:60]}" is neither a number (decimal sign "{decimal}") nor a formula that can be worked out: '
        f"{fault.text.en}",
    )


def amount_and_unit(row: Row, at: int, numbers: Numbers) -> tuple[str, str]:
    """Cells of amount and unit, which stand as unit, amount; in exports of SimaPro 8.0.4 as amount, unit."""
    first, second = row.cell(at), row.cell(at + 1)
    swapped = numbers.plain(first) is not None and numbers.plain(second) is None
    return (first, second) if swapped else (second, first)


def uncertainty(row: Row, at: int, amount: float, numbers: Numbers, report: Report) -> Uncertainty:
    """Kind, deviation, minimum, maximum. SimaPro gives the squared geometric deviation, and twice the standard one."""
    kind = row.cell(at).lower()
    deviation, low, high = (numbers.plain(row.cell(at + i)) for i in (1, 2, 3))
    found: Uncertainty = {}
    match kind:
        case "" | "undefined":
            return {}
        case "lognormal":
            gsd = math.sqrt(deviation) if deviation and deviation >= 1 else None
            found = spread("lognormal", mean=amount or None, gsd=gsd)
        case "normal":
            found = spread("normal", mean=amount, sd=None if deviation is None else deviation / 2)
        case "triangle":
            found = spread("triangular", minimum=low, mode=amount, maximum=high)
        case "uniform":
            found = spread("uniform", minimum=low, maximum=high)
    if not found:
        uncertainty_not_read(row.cell(at), row.place, report)
    return found


def definition(row: Row, numbers: Numbers) -> tuple[str, Base]:
    """A unit as the file defines it: how many of its reference unit it is."""
    factor, _formula = numbers.amount(row.cell(2), row.place)
    return row.cell(0), (row.cell(3), factor)


def parameters(
    given: Iterable[tuple[Row, bool]], numbers: Numbers, process: str, place: str, report: Report
) -> tuple[list[ParameterRecord], Numbers]:
    """Input (False) and calculated (True) parameters, and the numbers with them. Raises SourceRefused.

    place  for a circle of formulas
    """
    rows = list(given)
    stated: dict[str, float | str] = {}
    for row, calculated in rows:
        name = row.cell(0).lower()
        value = numbers.plain(row.cell(1))
        if name in stated:
            report.warn(
                "parameter_twice",
                row.place,
                f"参数“{row.cell(0)}”定义了两次，用后者",
                f'parameter "{row.cell(0)}" is defined twice; the later one counts',
            )
        if value is None and not calculated:
            stated[name] = numbers.amount(row.cell(1), row.place)[0]
        else:
            stated[name] = as_spreadsheet(row.cell(1), numbers.decimal) if value is None else value
    values, faults = work_out(stated, numbers.values, place)
    for row, _calculated in rows:
        if fault := faults.get(row.cell(0).lower()):
            raise _no_amount(row.cell(1), numbers.decimal, row.place, fault)
    known = Numbers(numbers.decimal, values)
    records = [
        ParameterRecord(
            name=row.cell(0),
            value=values[row.cell(0).lower()],
            formula=row.cell(1) if calculated else "",
            process=process,
            uncertainty={} if calculated else uncertainty(row, 2, values[row.cell(0).lower()], known, report),
            comment=as_names(row.cell(2 if calculated else 7)),
        )
        for row, calculated in rows
    ]
    return records, known


@dataclass(frozen=True, slots=True)
class Substance:
    """What a file says of an elementary flow once for all subcompartments."""

    unit: str
    cas: str
    comment: str
    place: str


def substance(row: Row, report: Report) -> Substance:
    return Substance(row.cell(1), cas_of(row.cell(2), row.place, report), row.cell(3), row.place)


def cas_of(text: str, place: str, report: Report) -> str:
    """A CAS number without leading zeros; what is none is told of and left out."""
    if found := _CAS.fullmatch(text):
        return found[1]
    if text.strip("0 "):
        report.note(
            "cas_not_read",
            place,
            f"“{text}”不是完整的 CAS 号，未采用",
            f'"{text}" is no complete CAS number and was not taken',
        )
    return ""


def nature_id(compartment: str, sub: str, name: str) -> str:
    """The id of an elementary flow, of which SimaPro has none: compartment, subcompartment, name."""
    return "/".join((compartment, "" if sub == "(unspecified)" else sub, name))
