"""Formulas of parameters and amounts in a source, worked out in the order of their dependence, and safely.

Formats write them differently (`^` for a power, commas for decimals, `ln`, names in any case); each reader first
brings them to the one language of `lca.uncertainty.formulas`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from tanbiao.lca.datasets.report import Report, SourceRefused, refused
from tanbiao.lca.faults import Fault, NotComputable
from tanbiao.lca.uncertainty.formulas import DEEPEST, LONGEST, Formula, read_formula
from tanbiao.words import Text

_CODE = re.compile(r"__|`|\b(?:import|lambda|eval|exec|open|compile|getattr|globals|system)\b")
_FUNCTION = re.compile(r"\b(ln|log|iff)\s*\(", re.IGNORECASE)
_HERE = {"ln": "log", "log": "log10", "iff": "if"}
_NAME = re.compile(r"[^\W\d]\w*")
_CLOSE = 1e-6  # relative: how near the value of a formula is to come to the amount stored beside it


def as_spreadsheet(text: str, decimal: str = ".") -> str:
    """A formula as EcoSpold 2 and SimaPro write it: names in any case, ^, lone =, <>, log to base 10, maybe ";"."""
    if decimal == ",":
        text = text.replace(",", ".")
    text = text.replace(";", ",").replace("^", "**").replace("<>", "!=")
    text = re.sub(r"(?<![<>=!])=(?!=)", "==", text)
    text = re.sub(r"\bpi\s*\(\s*\)", "pi", text, flags=re.IGNORECASE)
    text = _FUNCTION.sub(lambda found: _HERE[found[1].lower()] + "(", text)
    return _NAME.sub(lambda found: found[0].lower(), text)


def read_safely(text: str, place: str) -> Formula:
    """A formula that has been read. Raises SourceRefused where it holds code or has no end, else WrongFormula."""
    if _CODE.search(text):
        raise refused(
            place,
            f"公式“{text[:60]}”含程序代码，不予接受，也未执行；请删去",
            f'the formula "{text[:60]}" holds program code, which is not accepted and was not run; remove it',
        )
    if len(text) > LONGEST or text.count("(") > DEEPEST * 4:
        raise refused(
            place,
            f"公式过长（{len(text)} 个字符，最多 {LONGEST}）或嵌套过深；请拆成几个参数",
            f"the formula is too long ({len(text)} characters, at most {LONGEST}) or nested too deeply; divide it",
        )
    return read_formula(text, place)


def value_of(text: str, values: Mapping[str, float], place: str) -> float:
    """Raises SourceRefused where a formula is code or has no finite value; WrongFormula or UnknownParameter."""
    formula = read_safely(text, place)
    try:
        return float(formula.evaluate(values))
    except NotComputable as fault:
        raise SourceRefused(fault.text) from None


def work_out(
    given: Mapping[str, float | str], outer: Mapping[str, float], place: str
) -> tuple[dict[str, float], dict[str, Fault]]:
    """Values of parameters that are numbers or formulas of one another (or of `outer`), and what has none, and why.

    Raises SourceRefused: a circle, naming it; code; a value that is not finite.
    """
    values = dict(outer)
    formulas: dict[str, Formula] = {}
    faults: dict[str, Fault] = {}
    for name, value in given.items():
        values.pop(name, None)  # an inner one hides the outer one of its name
        if isinstance(value, str):
            try:
                formulas[name] = read_safely(value, f"{place} {name}")
            except Fault as fault:
                faults[name] = fault
        else:
            values[name] = value
    for name in _in_order(formulas, place):
        try:
            values[name] = float(formulas[name].evaluate(values))
        except NotComputable as fault:
            raise SourceRefused(fault.text) from None
        except Fault as fault:
            faults[name] = fault
    return values, faults


def formula_not_read(formula: str, why: Text, stored: float | None, place: str, report: Report) -> None:
    """A formula that has no value here: the amount that the source stores beside it stands."""
    stands = Text("也没有所存数值", "no amount is stored either")
    if stored is not None:
        stands = Text(f"用所存数值 {stored:.9g}", f"the amount stored ({stored:.9g}) stands")
    report.warn(
        "formula_not_read",
        place,
        f"公式“{formula[:80]}”未能计算，{stands.zh}：{why.zh}",
        f'the formula "{formula[:80]}" could not be worked out, {stands.en}: {why.en}',
    )


def compare_with_stored(formula: str, value: float, stored: float, place: str, report: Report) -> None:
    """Say where a formula comes to another amount than the source stores, which stands: it was published so."""
    if not math.isclose(value, stored, rel_tol=_CLOSE, abs_tol=1e-300):
        report.warn(
            "formula_differs",
            place,
            f"公式“{formula[:80]}”得 {value:.9g}，所存数值为 {stored:.9g}；用所存数值",
            f'the formula "{formula[:80]}" gives {value:.9g}, stored is {stored:.9g}; the stored amount stands',
        )


def _in_order(formulas: Mapping[str, Formula], place: str) -> Iterable[str]:
    needs = {name: [n for n in formula.names if n in formulas] for name, formula in formulas.items()}
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise refused(
            place,
            f"参数互相定义，成为循环：{circle}；请将其中一个改为数值",
            f"parameters are defined by one another in a circle: {circle}; make one of them a number",
        ) from None
