"""Numbers of EcoSpold 2 beside the amounts: uncertainties, parameters, and formulas compared with what is stored."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import number, number_if_any
from tanbiao.formats.datasets.ecospold.ecospold2_texts import comment_of
from tanbiao.formats.datasets.formulas import as_spreadsheet, compare_with_stored, formula_not_read, work_out
from tanbiao.formats.datasets.uncertainties import Uncertainty, spread, uncertainty_not_read
from tanbiao.formats.datasets.xml import Element, child, children
from tanbiao.formats.datasets.xml import plain as attribute
from tanbiao.lca.datasets.records import ParameterRecord
from tanbiao.lca.datasets.report import Report

EXCHANGES = ("{*}intermediateExchange", "{*}elementaryExchange")
_NAMED = ("{*}parameter", "{*}property", *EXCHANGES)  # what formulas may call by a name
_FORMULA = ("variableName", "mathematicalRelation", "amount")
_WIDEST = 50  # standard deviation of a logarithm beyond which it is no uncertainty
_PEDIGREE = (
    "reliability",
    "completeness",
    "temporalCorrelation",
    "geographicalCorrelation",
    "furtherTechnologyCorrelation",
)


def uncertainty_of(exchange: Element, place: str, report: Report) -> Uncertainty:
    said = child(exchange, "uncertainty")
    form = None if said is None else next((e for e in said if xml.local(e) not in ("pedigreeMatrix", "comment")), None)
    if form is None:
        return {}

    def value(*names: str) -> float | None:
        text = next((text for name in names if (text := attribute(form, name))), "")
        return number_if_any(text)

    found: Uncertainty = {}
    low, high = value("minValue"), value("maxValue")
    variance = value("varianceWithPedigreeUncertainty", "variance")
    deviation = None if variance is None or variance < 0 else math.sqrt(variance)
    match xml.local(form):
        case "lognormal":
            gsd = None if deviation is None or deviation > _WIDEST else math.exp(deviation)
            found = spread("lognormal", mean=value("meanValue"), gsd=gsd)
        case "normal":
            found = spread("normal", mean=value("meanValue"), sd=deviation)
        case "triangle":
            found = spread("triangular", minimum=low, mode=value("mostLikelyValue"), maximum=high)
        case "uniform":
            found = spread("uniform", minimum=low, maximum=high)
    if not found:
        uncertainty_not_read(xml.local(form), place, report)
    return found


def parameters_of(dataset: Element, process: str, place: str, report: Report) -> tuple[ParameterRecord, ...]:
    """Parameters, after the formulas of the whole data set have been worked out and compared with what is stored.

    Raises SourceRefused for formulas that go in a circle, hold code or have no finite value.
    """
    records: list[ParameterRecord] = []
    stored: dict[str, float] = {}
    formulas: dict[str, str] = {}
    data = child(dataset, "flowData")
    for element in () if data is None else data.iter(*_NAMED):
        kind = xml.local(element)
        for prefix in ("", "productionVolume") if kind == "intermediateExchange" else ("",):
            name, formula, amount = (_attribute(element, prefix, what) for what in _FORMULA)
            if not name and not formula:
                continue
            here = f"{place} {xml.text(element, 'name')}".strip()
            key = name.lower() or f"_{len(stored)}"
            stored[key] = number(amount or "0", here)
            if formula:
                formulas[key] = as_spreadsheet(formula)
        if kind == "parameter":
            label = attribute(element, "variableName") or xml.text(element, "name") or attribute(element, "parameterId")
            records.append(
                ParameterRecord(
                    name=label,
                    value=number(attribute(element, "amount"), f"{place} {label}"),
                    formula=attribute(element, "mathematicalRelation"),
                    process=process,
                    uncertainty=uncertainty_of(element, f"{place} {label}", report),
                    comment=comment_of(element, "comment") or xml.names(children(element, "name")),
                )
            )
    _compare(stored, formulas, place, report)
    return tuple(records)


def _compare(stored: Mapping[str, float], formulas: Mapping[str, str], place: str, report: Report) -> None:
    if not formulas:
        return
    values, faults = work_out({**stored, **formulas}, {"pi": math.pi}, place)
    for name, fault in faults.items():
        formula_not_read(formulas[name], fault.text, stored[name], f"{place} {name}", report)
    for name in formulas.keys() - faults.keys():
        compare_with_stored(formulas[name], values[name], stored[name], f"{place} {name}", report)


def pedigree_of(exchange: Element) -> str:
    scores = child(exchange, "uncertainty", "pedigreeMatrix")
    return "" if scores is None else "(" + ";".join(attribute(scores, name) or "na" for name in _PEDIGREE) + ")"


def properties_of(exchange: Element, place: str) -> Mapping[str, tuple[float, str]]:
    return {
        name: (number(attribute(p, "amount"), f"{place} {name}"), xml.text(p, "unitName"))
        for p in children(exchange, "property")
        if (name := xml.text(p, "name"))
    }


def _attribute(element: Element, prefix: str, what: str) -> str:
    return attribute(element, prefix + what[0].upper() + what[1:] if prefix else what)
