"""One exchange of EcoSpold 1: its number, kind, flow and uncertainty."""

from __future__ import annotations

from collections.abc import Iterator

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import number_if_any
from tanbiao.formats.datasets.ecospold.ecospold1_texts import category_of, names_of
from tanbiao.formats.datasets.uncertainties import Uncertainty, spread, uncertainty_not_read
from tanbiao.formats.datasets.xml import Element, child, children
from tanbiao.formats.datasets.xml import plain as attribute
from tanbiao.lca.datasets.records import FlowKind, FlowRecord
from tanbiao.lca.datasets.report import Report, refused

_NATURE = "4"  # the group of exchanges with nature, of inputs and of outputs
_EMPTY = ("", "NaN")  # openLCA writes NaN where it has no CAS number or formula
_WASTE = "3"  # a group of outputs


def exchanges_of(dataset: Element) -> Iterator[Element]:
    return children(child(dataset, "flowData"), "exchange")


def number_of(exchange: Element, place: str) -> str:
    if id := attribute(exchange, "number"):
        return id
    said = attribute(exchange, "name") or "—"
    raise refused(
        f"{place} {said}", "交换没有编号（number），无法连接", "the exchange has no number and cannot be linked"
    )


def kind_of(exchange: Element) -> FlowKind:
    """Of an exchange, by its group; a material for treatment is waste."""
    group = xml.text(exchange, "inputGroup")
    output = "" if group else xml.text(exchange, "outputGroup")
    if _NATURE in (group, output):
        return FlowKind.ELEMENTARY
    return FlowKind.WASTE if output == _WASTE else FlowKind.PRODUCT


def flow_of(exchange: Element, id: str, languages: tuple[str, str], place: str) -> FlowRecord:
    cas, formula = attribute(exchange, "CASNumber"), attribute(exchange, "formula")
    return FlowRecord(
        id=id,
        names=names_of(exchange, "name", languages) or {"": id},
        kind=FlowKind.UNKNOWN,
        category=category_of(exchange),
        cas="" if cas in _EMPTY else cas.lstrip("0"),
        formula="" if formula in _EMPTY else formula,
        location=attribute(exchange, "location"),
        place=f"{place} {id}",
    )


def uncertainty_of(exchange: Element, place: str, report: Report) -> Uncertainty:
    kind = attribute(exchange, "uncertaintyType")
    value = {
        name: number_if_any(attribute(exchange, name))
        for name in ("meanValue", "standardDeviation95", "minValue", "maxValue", "mostLikelyValue")
        if kind not in ("", "0")
    }
    wide = value.get("standardDeviation95")
    low, high = value.get("minValue"), value.get("maxValue")
    found: Uncertainty = {}
    match kind:
        case "" | "0":
            return {}
        case "1":  # the 97.5th percentile is the mean times this, which is the geometric deviation squared
            gsd = wide**0.5 if wide and wide > 0 else None
            found = spread("lognormal", mean=value["meanValue"], gsd=gsd)
        case "2":
            found = spread("normal", mean=value["meanValue"], sd=None if wide is None else wide / 2)
        case "3":
            found = spread("triangular", minimum=low, mode=value["mostLikelyValue"], maximum=high)
        case "4":
            found = spread("uniform", minimum=low, maximum=high)
    if not found:
        uncertainty_not_read(kind, place, report)
    return found
