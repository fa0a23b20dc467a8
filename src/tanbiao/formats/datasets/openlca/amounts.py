"""Numbers of openLCA: parameters, formulas beside stored amounts, and uncertainties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tanbiao.formats.datasets.formulas import compare_with_stored, formula_not_read, value_of, work_out
from tanbiao.formats.datasets.json import Node
from tanbiao.formats.datasets.openlca_formulas import as_openlca
from tanbiao.formats.datasets.uncertainties import Uncertainty, spread, uncertainty_not_read
from tanbiao.lca.datasets.records import ParameterRecord, as_names
from tanbiao.lca.datasets.report import Report
from tanbiao.lca.faults import Fault

_SPREADS = {
    "LOG_NORMAL_DISTRIBUTION": ("lognormal", {"mean": "geomMean", "gsd": "geomSd"}),
    "NORMAL_DISTRIBUTION": ("normal", {"mean": "mean", "sd": "sd"}),
    "TRIANGLE_DISTRIBUTION": ("triangular", {"minimum": "minimum", "mode": "mode", "maximum": "maximum"}),
    "UNIFORM_DISTRIBUTION": ("uniform", {"minimum": "minimum", "maximum": "maximum"}),
}


def uncertainty_of(node: Node, report: Report) -> Uncertainty:
    """The uncertainty of an amount, value or factor; {} where there is none, or none that makes sense."""
    given = node.node("uncertainty")
    if given is None or given.text("distributionType") in ("", "NO_DISTRIBUTION"):
        return {}
    kind, fields = _SPREADS.get(given.text("distributionType"), ("", {}))
    values = {ours: given.number(theirs) for ours, theirs in fields.items()}
    found = spread(kind, **values) if kind else {}
    if not found:
        said = " ".join([given.text("distributionType"), *(f"{key}={value}" for key, value in values.items())])
        uncertainty_not_read(said, node.place, report)
    return found


def read_parameters(
    nodes: Iterable[Node], report: Report, outer: Mapping[str, float], place: str, process: str = ""
) -> tuple[tuple[ParameterRecord, ...], dict[str, float]]:
    """Parameters and all values that formulas may use, by names in lower case (openLCA knows no case)."""
    found = [(p.text("name"), p.text("formula"), p.number("value"), p) for p in nodes]
    given: dict[str, float | str] = {}
    for name, formula, value, p in found:
        if name.lower() in given:
            report.warn(
                "duplicate_parameter",
                f"{place} {name}",
                "参数重复定义（不分大小写），取后一个；请检查。",
                "the parameter is defined twice (in whatever case); the latter is taken, check it.",
            )
        if formula and not p.flag("isInputParameter", "inputParameter"):
            given[name.lower()] = as_openlca(formula)
        elif value is not None:
            given[name.lower()] = value
    values, faults = work_out(given, outer, place)
    for name, formula, value, _p in found:
        if fault := faults.get(name.lower()):
            formula_not_read(formula, fault.text, value, f"{place} {name}", report)
            if value is not None:
                values[name.lower()] = value
        elif value is not None and isinstance(given[name.lower()], str):
            compare_with_stored(formula, values[name.lower()], value, f"{place} {name}", report)
            values[name.lower()] = value
    records = tuple(
        ParameterRecord(
            name,
            values.get(name.lower(), 0.0) if value is None else value,
            formula,
            process,
            uncertainty_of(p, report),
            as_names(p.text("description")),
        )
        for name, formula, value, p in found
    )
    return records, values


def worked_out(
    formula: str, stored: float | None, values: Mapping[str, float], report: Report, place: str
) -> float | None:
    """The amount: as stored, since the source was published with it; a formula that gives another is warned of."""
    try:
        value = value_of(as_openlca(formula), values, place)
    except Fault as fault:
        formula_not_read(formula, fault.text, stored, place, report)
        return stored
    if stored is None:
        return value
    compare_with_stored(formula, value, stored, place, report)
    return stored
