"""ILCD+EPD: a process data set that declares results by life-cycle module instead of an inventory.

Amounts stay as they are written. A module that a declaration speaks of, but not for one indicator, is None there:
not declared, which is not 0. A module with scenarios stands once for each, as "C3:100% recycling".
"""

from __future__ import annotations

from collections.abc import Mapping

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import number, year_of
from tanbiao.formats.datasets.ilcd.documentation import documentation_of
from tanbiao.formats.datasets.ilcd.exchanges import Surroundings, exchanges_of
from tanbiao.formats.datasets.ilcd.index import Entry
from tanbiao.formats.datasets.ilcd.parts import category_of, name_of, reference, texts
from tanbiao.lca.datasets.records import DeclarationRecord, ExchangeRecord, IndicatorRecord, Names, text_of
from tanbiao.lca.datasets.report import Report

_KIND = " dataset"  # "specific dataset", as epd:subType writes it
_NOT_DECLARED = frozenset({"", "-", "ND", "MND", "MNR", "MNA", "INA", "NA", "N/A"})  # module or indicator not assessed


def is_declaration(root: xml.Element) -> bool:
    """Whether a process data set is a declaration: it says so, or gives amounts by module."""
    kind = xml.text(root, "modellingAndValidation", "LCIMethodAndAllocation", "typeOfDataSet")
    return kind == "EPD" or any(_amounts(result) for result in _results(root))


def declaration(entry: Entry, root: xml.Element, around: Surroundings) -> DeclarationRecord:
    """One declaration; indicators of the inventory first, then those of impact assessment, in their order."""
    information = xml.child(root, "processInformation")
    about = xml.child(information, "dataSetInformation")
    names = name_of(about) or {"": entry.uuid}
    place = f"{entry.name} · {text_of(names).en}"
    indicators = _indicators(root, place, around.report)
    exchanges = _other_exchanges(entry, root, place, around)
    declared = next((e for e in exchanges if e.reference), None)
    if declared is None or declared.amount == 0:
        around.report.warn(
            "no_reference",
            place,
            "没有声明单位：缺少数量不为零的基准流",
            "it has no declared unit: no reference flow of an amount that is not 0",
        )
    around.report.counts["indicators"] += len(indicators)
    time = xml.child(information, "time")
    location = xml.child(information, "geography", "locationOfOperationSupplyOrProduction")
    modelling = xml.child(root, "modellingAndValidation", "LCIMethodAndAllocation", "other")
    documentation = documentation_of(root)
    documentation |= _scenarios(about)
    if entry.version:
        documentation["dataSetVersion"] = entry.version
    return DeclarationRecord(
        id=entry.uuid,
        names=names,
        flow=declared.flow if declared else "",
        amount=declared.amount if declared else 0.0,
        unit=declared.unit if declared else "",
        indicators=indicators,
        location=xml.attribute(location, "location"),
        year_from=year_of(xml.text(time, "referenceYear")),
        year_until=year_of(xml.text(time, "dataSetValidUntil")),
        category=category_of(root),
        kind=xml.text(modelling, "subType").removesuffix(_KIND),
        exchanges=tuple(e for e in exchanges if not e.reference),
        documentation=documentation,
        place=entry.name,
    )


def _results(root: xml.Element) -> list[xml.Element]:
    """Exchanges and results of impact assessment: each may give amounts by module."""
    return [
        *xml.children(xml.child(root, "exchanges"), "exchange"),
        *xml.children(xml.child(root, "LCIAResults"), "LCIAResult"),
    ]


def _amounts(result: xml.Element) -> list[xml.Element]:
    return list(xml.children(xml.child(result, "other"), "amount"))


def _indicators(root: xml.Element, place: str, report: Report) -> tuple[IndicatorRecord, ...]:
    results = [result for result in _results(root) if _amounts(result)]
    modules = dict.fromkeys(_module(amount) for result in results for amount in _amounts(result))
    return tuple(_indicator(result, modules, place, report) for result in results)


def _indicator(result: xml.Element, modules: Mapping[str, None], place: str, report: Report) -> IndicatorRecord:
    pointer = xml.child(result, "referenceToFlowDataSet")
    if pointer is None:
        pointer = xml.child(result, "referenceToLCIAMethodDataSet")
    uuid, called = reference(pointer)
    declared: dict[str, str | None] = dict(modules)
    for amount in _amounts(result):
        if (said := (amount.text or "").strip()).upper() not in _NOT_DECLARED:
            number(said, f"{place} · {called} {_module(amount)}")  # text to stay, but of a number
            declared[_module(amount)] = said
    unit_pointer = xml.child(result, "other", "referenceToUnitGroupDataSet")
    unit = reference(unit_pointer)[1]
    if not unit:
        report.warn("no_unit", f"{place} · {called}", "指标没有单位", "the indicator has no unit")
    names: Names = texts(pointer, "shortDescription")
    return IndicatorRecord(names, unit, declared, id=uuid)


def _module(amount: xml.Element) -> str:
    module, scenario = xml.attribute(amount, "module"), xml.attribute(amount, "scenario")
    return f"{module}:{scenario}" if scenario else module


def _other_exchanges(entry: Entry, root: xml.Element, place: str, around: Surroundings) -> list[ExchangeRecord]:
    """Exchanges that are no indicators: the declared unit, and whatever inventory stands beside."""
    exchanges = xml.child(root, "exchanges")
    for result in list(xml.children(exchanges, "exchange")):
        if _amounts(result) and exchanges is not None:
            exchanges.remove(result)
    return list(exchanges_of(entry, root, place, (), around))


def _scenarios(about: xml.Element | None) -> dict[str, str]:
    """What each scenario means, in the languages given."""
    found = {}
    for scenario in xml.children(xml.child(about, "other", "scenarios"), "scenario"):
        said = " / ".join(xml.names(xml.children(scenario, "description")).values())
        default = " (default)" if xml.attribute(scenario, "default") == "true" else ""
        if name := xml.attribute(scenario, "name"):
            found[f"scenario {name}"] = said + default
    return found
