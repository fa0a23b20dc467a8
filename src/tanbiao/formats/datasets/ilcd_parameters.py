"""Parameters of an ILCD process (mathematicalRelations), and the check that their formulas can be trusted.

ILCD keeps the worked-out value beside each formula, so nothing need be worked out here: a formula that uses what we
do not know is kept with its value. One that runs in a circle, or holds what no formula holds, refuses the source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.ilcd_parts import number, texts, uncertainty_of
from tanbiao.lca.datasets.records import ParameterRecord
from tanbiao.lca.datasets.report import Report, refused
from tanbiao.lca.faults import NotComputable, UnknownParameter, WrongFormula
from tanbiao.lca.uncertainty.formulas import LONGEST, read_formula

_NEVER = re.compile(r"""["'`{}\[\]\\$@]|__|[A-Za-z_)]\s*\.\s*[A-Za-z_]|\blambda\b|\bimport\b""")
_NAME = re.compile(r"[^\W\d]\w*")


def parameters_of(root: xml.Element, process: str, place: str, report: Report) -> tuple[ParameterRecord, ...]:
    """The parameters of a process. Raises SourceRefused."""
    relations = xml.child(root, "processInformation", "mathematicalRelations")
    found = [_parameter(e, process, place, report) for e in xml.children(relations, "variableParameter")]
    _check_circles({p.name: p.formula for p in found if p.formula}, place)
    return tuple(_worked_out(found, place, report))


def _parameter(element: xml.Element, process: str, place: str, report: Report) -> ParameterRecord:
    name = xml.attribute(element, "name")
    formula = xml.text(element, "formula")
    where = f"{place} · {name}"
    check_formula(formula, where)
    said = xml.text(element, "meanValue")
    value = number(said, where, "meanValue") if said else float("nan")
    return ParameterRecord(
        name=name,
        value=value,
        formula=formula,
        process=process,
        uncertainty=uncertainty_of(element, value, where, report) if said else {},
        comment=texts(element, "comment"),
    )


def check_formula(formula: str, place: str) -> None:
    """Raises SourceRefused for what is no formula at all, whatever value stands beside it."""
    if len(formula) > LONGEST or _NEVER.search(formula):
        raise refused(
            place,
            f"公式“{formula[:60]}”不被接受：公式只能由数、参数名、运算符和函数组成；请改正后重新导出",
            f'the formula "{formula[:60]}" is not accepted: a formula holds numbers, names of parameters, operators '
            "and functions only; correct it and export again",
        )


def _worked_out(found: Sequence[ParameterRecord], place: str, report: Report) -> list[ParameterRecord]:
    """Parameters without a value get that of their formula, in as many rounds as they hang on each other."""
    values = {p.name: p.value for p in found if p.value == p.value}
    for _ in found:
        for missing in [p for p in found if p.name not in values and p.formula]:
            if (value := worked_out(missing.formula, values)) is not None:
                values[missing.name] = value
    for lost in (p for p in found if p.name not in values):
        report.warn(
            "no_parameter_value",
            f"{place} · {lost.name}",
            f"参数“{lost.name}”没有数值，公式“{lost.formula}”也无法计算；按 0 处理",
            f'the parameter "{lost.name}" has no value, and its formula "{lost.formula}" cannot be worked out; taken '
            "as 0",
        )
    return [
        p
        if p.value == p.value
        else ParameterRecord(p.name, values.get(p.name, 0.0), p.formula, p.process, {}, p.comment)
        for p in found
    ]


def worked_out(formula: str, values: Mapping[str, float]) -> float | None:
    """The value of a formula, None where it uses what is not known here."""
    try:
        return float(read_formula(formula.replace("^", "**").replace(";", ",")).evaluate(values))
    except (WrongFormula, UnknownParameter, NotComputable):
        return None


def _check_circles(formulas: Mapping[str, str], place: str) -> None:
    uses = {name: [n for n in _NAME.findall(formula) if n in formulas] for name, formula in formulas.items()}
    try:
        TopologicalSorter(uses).prepare()
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise refused(
            place,
            f"参数公式循环：{circle}；请在原系统中断开",
            f"formulas of parameters run in a circle: {circle}; break it where it came from",
        ) from None
