"""Processes and declarations as ILCD data sets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from tanbiao.formats.datasets.ilcd.documentation import place_of, unheaded
from tanbiao.formats.datasets.ilcd.growing import extend, finished, grow, mark, planted, point, put, put_names
from tanbiao.formats.datasets.ilcd.processes import TYPES
from tanbiao.formats.datasets.ilcd.trees import Woods, put_category, put_uncertainty
from tanbiao.formats.datasets.uncertainties import scaled
from tanbiao.formats.datasets.xml import Element
from tanbiao.lca.datasets.products import method_used
from tanbiao.lca.datasets.records import (
    AllocationRecord,
    DeclarationRecord,
    Direction,
    ExchangeRecord,
    IndicatorRecord,
    ParameterRecord,
    ProcessRecord,
)

_ABOUT = "processInformation/dataSetInformation"
_MODELLING = "modellingAndValidation/LCIMethodAndAllocation"
_SOURCES = "modellingAndValidation/dataSourcesTreatmentAndRepresentativeness/referenceToDataSource"
_VERSION = "administrativeInformation/publicationAndOwnership/dataSetVersion"
_INDICATOR = re.compile(r"([^:;]+): ([^:;]+)")


def process_tree(process: ProcessRecord, woods: Woods) -> Element:
    root = planted("processDataSet")
    place = process.text.en
    put(root, f"{_ABOUT}/UUID", woods.id(process.id))
    put_names(root, f"{_ABOUT}/name/baseName", process.names)
    put_names(root, f"{_ABOUT}/generalComment", process.comment)
    put_category(grow(root, _ABOUT), process.category)
    _put_time_and_place(root, process)
    put_names(root, "processInformation/technology/technologyDescriptionAndIncludedProcesses", process.technology)
    put_names(
        root, "processInformation/geography/locationOfOperationSupplyOrProduction/descriptionOfRestrictions",
        process.geography,
    )  # fmt: skip
    for parameter in process.parameters:
        _put_parameter(root, parameter, woods, place)
    if "typeOfDataSet" not in process.documentation:
        put(root, f"{_MODELLING}/typeOfDataSet", TYPES[process.kind])
    for source in process.sources:
        point(root, _SOURCES, "sourceDataSet", "", {"": source})
    _put_quality(root, process.quality, woods, place)
    _put_documentation(root, process.documentation, woods, place)
    put(root, _VERSION, process.version or "00.00.000")
    _put_exchanges(root, process, woods, place)
    return finished(root)


def declaration_tree(declaration: DeclarationRecord, woods: Woods) -> Element:
    root = planted("processDataSet")
    place = declaration.text.en
    put(root, f"{_ABOUT}/UUID", woods.id(declaration.id))
    put_names(root, f"{_ABOUT}/name/baseName", declaration.names)
    put_category(grow(root, _ABOUT), declaration.category)
    _put_time_and_place(root, declaration)
    documentation = dict(declaration.documentation)
    put(root, _VERSION, documentation.pop("dataSetVersion", "00.00.000"))
    for heading in [heading for heading in documentation if heading.startswith("scenario ")]:
        said = documentation.pop(heading)
        scenario = put(root, f"{_ABOUT}/other/scenarios/scenario")
        mark(scenario, "name", heading.removeprefix("scenario "))
        if said.endswith(" (default)"):
            mark(scenario, "default", "true")
        put(scenario, "description", said.removesuffix(" (default)"))
    put(root, f"{_MODELLING}/typeOfDataSet", documentation.pop("typeOfDataSet", "EPD"))
    if declaration.kind:
        put(root, f"{_MODELLING}/other/subType", f"{declaration.kind} dataset")
    _put_documentation(root, documentation, woods, place)
    reference = ExchangeRecord(
        declaration.flow, Direction.OUT, declaration.amount, declaration.unit, reference=True, internal_id="0"
    )
    numbered = [reference, *declaration.exchanges] if declaration.flow else list(declaration.exchanges)
    _put_exchange_list(root, numbered, _numbers(numbered, woods, place), woods, place)
    for indicator in declaration.indicators:
        _put_indicator(root, indicator)
    return finished(root)


def _put_indicator(root: Element, indicator: IndicatorRecord) -> None:
    """Amounts by module; one that is not declared stands there empty."""
    result = put(root, "LCIAResults/LCIAResult")
    point(result, "referenceToLCIAMethodDataSet", "LCIAMethodDataSet", indicator.id, indicator.names)
    for module, amount in indicator.modules.items():
        name, _, scenario = module.partition(":")
        made = put(result, "other/amount", amount or "")
        mark(made, "module", name)
        if scenario:
            mark(made, "scenario", scenario)
    if indicator.unit:
        point(result, "other/referenceToUnitGroupDataSet", "unitGroupDataSet", "", {"": indicator.unit})


def _put_time_and_place(root: Element, record: ProcessRecord | DeclarationRecord) -> None:
    if record.year_from is not None:
        put(root, "processInformation/time/referenceYear", f"{record.year_from:04d}")
    if record.year_until is not None:
        put(root, "processInformation/time/dataSetValidUntil", f"{record.year_until:04d}")
    if record.location:
        where = grow(root, "processInformation/geography/locationOfOperationSupplyOrProduction")
        where.set("location", record.location)


def _put_parameter(root: Element, parameter: ParameterRecord, woods: Woods, place: str) -> None:
    made = put(root, "processInformation/mathematicalRelations/variableParameter")
    made.set("name", parameter.name)
    if parameter.formula:
        put(made, "formula", parameter.formula)
    put(made, "meanValue", repr(parameter.value))
    if not put_uncertainty(made, parameter.uncertainty, parameter.value, "Value"):
        woods.unheld(place, f"参数“{parameter.name}”的另一均值", f'another mean of the parameter "{parameter.name}"')
    put_names(made, "comment", parameter.comment)


def _put_quality(root: Element, quality: str, woods: Woods, place: str) -> None:
    indicators = [_INDICATOR.fullmatch(part) for part in quality.split("; ")] if quality else []
    if not all(indicators):
        woods.unheld(place, f"数据质量“{quality}”", f'the data quality "{quality}"')
        return
    for found in indicators:
        if found:
            path = "modellingAndValidation/validation/review/dataQualityIndicators/dataQualityIndicator"
            made = put(root, path)
            made.set("name", found[1])
            made.set("value", found[2])


def _put_documentation(root: Element, documentation: Mapping[str, str], woods: Woods, place: str) -> None:
    for heading, said in documentation.items():
        name, language = unheaded(heading)
        if name == "reviewType":
            grow(root, "modellingAndValidation/validation/review").set("type", said)
        elif not (path := place_of(name)):
            woods.unheld(place, f"“{heading}”", f'"{heading}"')
        elif name.rpartition("/")[2].startswith("referenceTo"):
            point(root, path, "sourceDataSet", "", {"": said})
        else:
            put(root, path, said, language)


def _put_exchanges(root: Element, process: ProcessRecord, woods: Woods, place: str) -> None:
    numbers = _numbers(process.exchanges, woods, place)
    elements = _put_exchange_list(root, process.exchanges, numbers, woods, place)
    products = {
        e.flow: number
        for e, number in zip(process.exchanges, numbers, strict=True)
        if e.reference or (e.direction is Direction.OUT and not e.avoided)
    }
    for share in _shares(process, woods, place):
        for exchange, element in zip(process.exchanges, elements, strict=True):
            if share.exchange in ("", exchange.internal_id) and share.product in products:
                made = put(element, "allocations/allocation")
                made.set("internalReferenceToCoProduct", products[share.product])
                made.set("allocatedFraction", f"{Decimal(repr(share.share)).scaleb(2):f}")


def _shares(process: ProcessRecord, woods: Woods, place: str) -> list[AllocationRecord]:
    """The allocation factors of one method: that calculations use, else any."""
    methods = list(dict.fromkeys(a.method for a in process.allocation))
    wanted = methods[0] if methods else ""
    if len(methods) > 1:
        flows = (woods.flows[e.flow] for e in process.exchanges if e.flow in woods.flows)
        used = method_used(process, flows)
        wanted = used if used in methods else process.default_allocation or wanted
    for other in methods:
        if other != wanted:
            woods.unheld(place, f"另一种分配（{other}）的系数", f"factors of another allocation ({other})")
    if wanted not in ("", "causal"):
        woods.report.note(
            "allocation_as_causal",
            place,
            f"“{wanted}”分配系数按每个交换写出",
            f'factors of the "{wanted}" allocation are written for each exchange',
        )
    return [a for a in process.allocation if a.method == wanted]


def _numbers(exchanges: Sequence[ExchangeRecord], woods: Woods, place: str) -> list[str]:
    """A number for each exchange, as ILCD wants: its own where all have one."""
    own = [e.internal_id for e in exchanges]
    if all(number.isascii() and number.isdigit() for number in own) and len(set(own)) == len(own):
        return own
    if any(own):
        woods.report.note("renumbered", place, "交换已重新编号", "its exchanges were given new numbers")
    return [str(number) for number in range(len(own))]


def _put_exchange_list(
    root: Element, exchanges: Sequence[ExchangeRecord], numbers: Sequence[str], woods: Woods, place: str
) -> list[Element]:
    for exchange, number in zip(exchanges, numbers, strict=True):
        if exchange.reference:
            put(root, "processInformation/quantitativeReference/referenceToReferenceFlow", number)
            grow(root, "processInformation/quantitativeReference").set("type", "Reference flow(s)")
    grow(root, "exchanges")
    return [_put_exchange(root, e, number, woods, place) for e, number in zip(exchanges, numbers, strict=True)]


def _put_exchange(root: Element, e: ExchangeRecord, number: str, woods: Woods, place: str) -> Element:
    names = woods.name_of(e.flow)
    where = f"{place} · {next(iter(names.values()), e.flow)}"
    made = put(root, "exchanges/exchange")
    made.set("dataSetInternalID", number)
    flow = woods.flow_of(e, where)
    point(made, "referenceToFlowDataSet", "flowDataSet", "" if flow.startswith("?") else woods.id(flow), names)
    if e.location:
        put(made, "location", e.location)
    put(made, "exchangeDirection", "Input" if e.direction is Direction.IN else "Output")
    put(made, "resultingAmount", repr(e.counted))
    put(made, "meanAmount", repr(e.counted))
    if e.factor != 1.0:
        woods.report.note(
            "converted",
            where,
            f"数量换算为流的单位：{e.amount!r} {e.unit} = {e.counted!r}",
            f"the amount is written in the unit of the flow: {e.amount!r} {e.unit} = {e.counted!r}",
        )
    if not put_uncertainty(made, scaled(e.uncertainty, e.factor), e.counted, "Amount"):
        woods.unheld(where, "不确定性的另一均值", "another mean of the uncertainty")
    if e.derivation:
        put(made, "dataDerivationTypeStatus", e.derivation)
    put_names(made, "generalComment", e.comment)
    extend(made, "defaultProvider", woods.id(e.provider) if e.provider else "")
    extend(made, "formula", e.formula)
    extend(made, "pedigreeUncertainty", e.pedigree)
    extend(made, "baseUncertainty", repr(e.base_uncertainty) if e.base_uncertainty else "")
    extend(made, "avoidedProduct", "true" if e.avoided else "")
    _say_lost(e, woods, where)
    return made


def _say_lost(e: ExchangeRecord, woods: Woods, where: str) -> None:
    if e.variable:
        woods.unheld(where, f"数量的变量名“{e.variable}”", f'the name of the amount, "{e.variable}"')
    if e.properties:
        woods.unheld(where, "交换自身的属性", "properties of the exchange itself")
