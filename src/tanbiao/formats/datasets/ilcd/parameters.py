"""Parameters of an ILCD process (mathematicalRelations).

ILCD keeps the worked-out value beside each formula, and that value stands; only a formula without one is worked out.
One that runs in a circle or holds program code refuses the source, whatever value stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import number
from tanbiao.formats.datasets.formulas import read_safely, work_out
from tanbiao.formats.datasets.ilcd.parts import texts, uncertainty_of
from tanbiao.formats.datasets.openlca_formulas import CONSTANTS, as_openlca
from tanbiao.lca.datasets.records import ParameterRecord
from tanbiao.lca.datasets.report import Report
from tanbiao.lca.faults import WrongFormula

_CLOSE = 1e-6  # what a stored value may differ by from that of its formula, relatively


def parameters_of(root: xml.Element, process: str, place: str, report: Report) -> tuple[ParameterRecord, ...]:
    """The parameters of a process. Raises SourceRefused."""
    relations = xml.child(root, "processInformation", "mathematicalRelations")
    elements = [e for e in xml.children(relations, "variableParameter") if xml.attribute(e, "name")]
    if not elements:
        return ()
    values = _values(elements, place, report)
    return tuple(
        ParameterRecord(
            name=(name := xml.attribute(element, "name")),
            value=values[name],
            formula=xml.text(element, "formula"),
            process=process,
            uncertainty=uncertainty_of(element, values[name], f"{place} · {name}", report),
            comment=texts(element, "comment"),
        )
        for element in elements
    )


def _values(elements: Sequence[xml.Element], place: str, report: Report) -> Mapping[str, float]:
    """The value of each parameter: the one stored, else that of its formula, else 0, which is said."""
    stored: dict[str, float] = {}
    formulas: dict[str, str] = {}
    for element in elements:
        name = xml.attribute(element, "name")
        if said := xml.text(element, "meanValue"):
            stored[name] = number(said, f"{place} · {name}", ("参数值", "value of the parameter"))
        if formula := xml.text(element, "formula"):
            formulas[name] = formula
    # names as ILCD writes them, and as formulas of ours know them: in one case
    given = {name.lower(): value for name, value in stored.items()}
    read = given | {name.lower(): as_openlca(formula) for name, formula in formulas.items()}
    worked, faults = work_out(read, CONSTANTS, place)
    values: dict[str, float] = {}
    for element in elements:
        name = xml.attribute(element, "name")
        value = values[name] = stored.get(name, worked.get(name.lower(), 0.0))
        if (fault := faults.get(name.lower())) or name.lower() not in worked:
            why = fault.text.zh if fault else "没有数值", fault.text.en if fault else "it has no value"
            report.warn(
                "formula_not_read",
                f"{place} · {name}",
                f"公式“{formulas.get(name, '')[:80]}”未能计算，用数值 {value:g}：{why[0]}",
                f'the formula "{formulas.get(name, "")[:80]}" could not be worked out, the value {value:g} stands: '
                f"{why[1]}",
            )
        elif not math.isclose(worked[name.lower()], value, rel_tol=_CLOSE, abs_tol=1e-300):
            report.warn(
                "formula_differs",
                f"{place} · {name}",
                f"公式得 {worked[name.lower()]:g}，所存数值为 {value:g}；用所存数值",
                f"the formula gives {worked[name.lower()]:g}, stored is {value:g}; the stored value stands",
            )
    return values


def check_formula(formula: str, place: str) -> None:
    """Raises SourceRefused for program code or a formula without end, whatever value stands beside it."""
    if formula:
        try:
            read_safely(as_openlca(formula), place)
        except WrongFormula:
            return  # another dialect; nothing hangs on it where the amount is stored
