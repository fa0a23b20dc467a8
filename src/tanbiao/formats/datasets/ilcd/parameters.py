"""Parameters of an ILCD process (mathematicalRelations).

ILCD keeps the worked-out value beside each formula, and that value stands; only a formula without one is worked out.
One that runs in a circle or holds program code refuses the source, whatever value stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import number
from tanbiao.formats.datasets.formulas import compare_with_stored, formula_not_read, read_safely, work_out
from tanbiao.formats.datasets.ilcd.parts import texts, uncertainty_of
from tanbiao.formats.datasets.openlca_formulas import CONSTANTS, as_openlca
from tanbiao.lca.datasets.records import ParameterRecord
from tanbiao.lca.datasets.report import Report
from tanbiao.lca.faults import WrongFormula
from tanbiao.words import Text

_NO_VALUE = Text("没有数值", "it has no value")


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
        where = f"{place} · {name}"
        if (fault := faults.get(name.lower())) or name.lower() not in worked:
            formula_not_read(formulas.get(name, ""), fault.text if fault else _NO_VALUE, value, where, report)
        else:
            compare_with_stored(formulas.get(name, ""), worked[name.lower()], value, where, report)
    return values


def check_formula(formula: str, place: str) -> None:
    """Raises SourceRefused for program code or a formula without end, whatever value stands beside it."""
    if formula:
        try:
            read_safely(as_openlca(formula), place)
        except WrongFormula:
            return  # another dialect; nothing hangs on it where the amount is stored
