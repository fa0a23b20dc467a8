"""Processes of an ILCD source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import number, number_if_any, year_of
from tanbiao.formats.datasets.ilcd.documentation import documentation_of
from tanbiao.formats.datasets.ilcd.index import Entry
from tanbiao.formats.datasets.ilcd.parameters import check_formula, parameters_of
from tanbiao.formats.datasets.ilcd.parts import (
    all_texts,
    category_of,
    name_of,
    reference,
    texts,
    uncertainty_of,
)
from tanbiao.lca.datasets.records import (
    AllocationRecord,
    Direction,
    ExchangeRecord,
    Names,
    ParameterRecord,
    ProcessRecord,
    text_of,
)
from tanbiao.lca.datasets.report import Report, refused

TYPES = {"unit": "Unit process, single operation", "system": "LCI result"}  # what a record of this kind is by default
_SYSTEMS = frozenset({"LCI result", "Partly terminated system", "Avoided product system"})
REMINDER = "reminder flow"


@dataclass(slots=True)
class Surroundings:
    """What processes are read with.

    unit_of    the reference unit of a flow by its id
    providers  (process, flow it takes in) -> the process that a life-cycle model of the source gets it from
    named      flows named by processes so far -> their names, for those without a data set
    fresh      of them those named for the first time since somebody last looked, and emptied it
    """

    unit_of: Callable[[str], str]
    report: Report
    providers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    named: dict[str, Names] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)


def process(entry: Entry, root: xml.Element, around: Surroundings) -> ProcessRecord:
    """One process data set. Raises SourceRefused for amounts that are no numbers and formulas that are none."""
    information = xml.child(root, "processInformation")
    about = xml.child(information, "dataSetInformation")
    names = name_of(about) or {"": entry.uuid}
    place = f"{entry.name} · {text_of(names).en}"
    parameters = parameters_of(root, entry.uuid, place, around.report)
    time = xml.child(information, "time")
    location = xml.child(information, "geography", "locationOfOperationSupplyOrProduction")
    modelling = xml.child(root, "modellingAndValidation")
    said = xml.text(modelling, "LCIMethodAndAllocation", "typeOfDataSet")
    kind = "system" if said in _SYSTEMS else "unit"
    documentation = documentation_of(root)
    if said == TYPES[kind]:
        documentation.pop("typeOfDataSet")  # the kind says it
    exchanges = exchanges_of(entry, root, place, parameters, around)
    allocation = _allocation(root, exchanges, place, around.report)
    return ProcessRecord(
        id=entry.uuid,
        names=names,
        exchanges=exchanges,
        location=xml.attribute(location, "location"),
        category=category_of(root),
        kind=kind,
        year_from=year_of(xml.text(time, "referenceYear")),
        year_until=year_of(xml.text(time, "dataSetValidUntil")),
        technology=texts(xml.child(information, "technology"), "technologyDescriptionAndIncludedProcesses"),
        geography=texts(location, "descriptionOfRestrictions"),
        comment=texts(about, "generalComment"),
        parameters=parameters,
        allocation=allocation,
        default_allocation="causal" if allocation else "",
        quality=_quality(root),
        sources=_sources(modelling),
        version=entry.version,
        documentation=documentation,
        place=entry.name,
    )


def exchanges_of(
    entry: Entry, root: xml.Element, place: str, parameters: Sequence[ParameterRecord], around: Surroundings
) -> tuple[ExchangeRecord, ...]:
    """The exchanges of a process, without reminder flows, which stand there for information only."""
    wanted = xml.child(root, "processInformation", "quantitativeReference")
    references = {said for e in xml.children(wanted, "referenceToReferenceFlow") if (said := (e.text or "").strip())}
    variables = {p.name: p.value for p in parameters}
    found = []
    for element in xml.children(xml.child(root, "exchanges"), "exchange"):
        if xml.text(element, "functionType").lower().endswith(REMINDER):
            _say_reminder(element, place, around.report)
        else:
            found.append(_exchange(entry, element, place, references, variables, around))
    if absent := references - {e.internal_id for e in found}:
        around.report.warn(
            "absent_reference",
            place,
            f"基准流编号 {', '.join(sorted(absent))} 不在交换中",
            f"the reference flow number {', '.join(sorted(absent))} is not among the exchanges",
        )
    return tuple(found)


def _exchange(
    entry: Entry,
    element: xml.Element,
    place: str,
    references: set[str],
    variables: Mapping[str, float],
    around: Surroundings,
) -> ExchangeRecord:
    number_within = xml.attribute(element, "dataSetInternalID")
    pointer = xml.child(element, "referenceToFlowDataSet")
    flow, called = reference(pointer)
    if not flow:
        flow = f"?{called}"  # named, not identified: still one flow wherever the same name stands
    if flow not in around.named:
        around.named[flow] = texts(pointer, "shortDescription")
        around.fresh.append(flow)
    where = f"{place} · {number_within} {called or flow}"
    if flow != flow.strip():
        around.report.warn(
            "malformed_uuid",
            where,
            f"流的 UUID“{flow}”前后有空白，按所写理解，因此找不到它的数据集",
            f'the UUID of the flow, "{flow}", has blanks around it; taken as written, so its data set is not found',
        )
    amount, mean, formula = _amount(element, where, variables, around.report)
    scale = amount / mean if mean and amount != mean else 1.0
    return ExchangeRecord(
        flow=flow,
        direction=_direction(element, where, number_within in references, around.report),
        amount=amount,
        unit=around.unit_of(flow),
        reference=number_within in references,
        avoided=xml.attribute(element, "avoidedProduct").lower() == "true",
        provider=xml.attribute(element, "defaultProvider") or around.providers.get((entry.uuid, flow), ""),
        formula=formula,
        uncertainty=uncertainty_of(element, mean, where, around.report, scale),
        pedigree=xml.attribute(element, "pedigreeUncertainty"),
        internal_id=number_within,
        location=xml.text(element, "location"),
        base_uncertainty=number_if_any(xml.attribute(element, "baseUncertainty")) or 0.0,
        derivation=xml.text(element, "dataDerivationTypeStatus"),
        comment=texts(element, "generalComment"),
    )


def _amount(
    element: xml.Element, where: str, variables: Mapping[str, float], report: Report
) -> tuple[float, float, str]:
    """The amount that counts (the resulting one), the mean amount, and the formula it comes from."""
    resulting, mean = xml.text(element, "resultingAmount"), xml.text(element, "meanAmount")
    variable = xml.text(element, "referenceToVariable")
    formula = xml.attribute(element, "formula") or variable
    check_formula(formula, where)
    of_mean = number(mean, where) if mean else None
    if resulting:
        amount = number(resulting, where)
    elif of_mean is None:
        report.warn("amount_assumed", where, "没有数量，按 0 处理", "it has no amount; taken as 0")
        amount = 0.0
    elif variable:
        if variable not in variables:
            raise refused(
                where,
                f"引用的变量“{variable}”不在数据集中，又没有结果数量；请补上",
                f'it names the variable "{variable}", which the data set lacks, and has no resulting amount; add one',
            )
        amount = of_mean * variables[variable]
    else:
        amount = of_mean
    if variable and of_mean not in (None, 1.0):
        formula = f"{of_mean!r} * {variable}"
    return amount, amount if of_mean is None else of_mean, formula


def _direction(element: xml.Element, where: str, is_reference: bool, report: Report) -> Direction:
    said = xml.text(element, "exchangeDirection").lower()
    if said not in ("input", "output"):
        if not is_reference:
            report.warn(
                "direction_assumed",
                where,
                f"方向“{said}”不是 Input 或 Output，按输出处理",
                f'the direction "{said}" is neither Input nor Output; taken as an output',
            )
        return Direction.OUT
    return Direction.IN if said == "input" else Direction.OUT


def _allocation(
    root: xml.Element, exchanges: Sequence[ExchangeRecord], place: str, report: Report
) -> tuple[AllocationRecord, ...]:
    """Shares of each exchange that go to a product: ILCD writes them in per cent, with the exchange they divide."""
    flows = {e.internal_id: e.flow for e in exchanges}
    found = []
    for element in xml.children(xml.child(root, "exchanges"), "exchange"):
        number_within = xml.attribute(element, "dataSetInternalID")
        if number_within not in flows:
            continue
        for share in xml.children(xml.child(element, "allocations"), "allocation"):
            product = xml.attribute(share, "internalReferenceToCoProduct")
            if product in flows:
                percent = xml.attribute(share, "allocatedFraction")
                number(percent, place, ("分配比例", "allocated fraction"))
                part = float(Decimal(percent).scaleb(-2))
                found.append(AllocationRecord("causal", flows[product], part, exchange=number_within))
            else:
                report.warn(
                    "allocation_not_read",
                    place,
                    f"分配系数指向不存在的交换 {product}，未采用",
                    f"an allocation factor names the exchange {product}, which is not there; left out",
                )
    return tuple(found)


def _quality(root: xml.Element) -> str:
    """Indicators of the review as they stand: "Technological representativeness: Good; …"."""
    return "; ".join(
        f"{xml.attribute(e, 'name')}: {xml.attribute(e, 'value')}" for e in root.iter("{*}dataQualityIndicator")
    )


def _sources(modelling: xml.Element | None) -> tuple[str, ...]:
    treatment = xml.child(modelling, "dataSourcesTreatmentAndRepresentativeness")
    said = (all_texts(xml.children(e, "shortDescription")) for e in xml.children(treatment, "referenceToDataSource"))
    return tuple(source for source in said if source)


def _say_reminder(element: xml.Element, place: str, report: Report) -> None:
    _, called = reference(xml.child(element, "referenceToFlowDataSet"))
    amount = xml.text(element, "resultingAmount") or xml.text(element, "meanAmount")
    report.counts["reminder_flows"] += 1
    report.note(
        "reminder_flow",
        f"{place} · {called}",
        f"提示流（数量 {amount}）只供参考，不计入清单",
        f"a reminder flow (amount {amount}) is for information only and not part of the inventory",
    )
