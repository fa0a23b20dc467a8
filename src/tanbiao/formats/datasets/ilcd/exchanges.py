"""Exchanges of ILCD processes and declarations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import number, number_if_any
from tanbiao.formats.datasets.ilcd.index import Entry
from tanbiao.formats.datasets.ilcd.parameters import check_formula
from tanbiao.formats.datasets.ilcd.parts import reference, texts, uncertainty_of
from tanbiao.lca.datasets.records import Direction, ExchangeRecord, Names, ParameterRecord
from tanbiao.lca.datasets.report import Report, refused

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
