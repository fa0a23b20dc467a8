"""One process of openLCA: its exchanges, parameters, allocation factors and documentation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from tanbiao.formats.datasets.amounts import year_of
from tanbiao.formats.datasets.json import Node
from tanbiao.formats.datasets.openlca.amounts import read_parameters, uncertainty_of, worked_out
from tanbiao.formats.datasets.openlca.ground import Ground, said
from tanbiao.lca.datasets.records import (
    AllocationRecord,
    Direction,
    ExchangeRecord,
    ProcessRecord,
)

_METHODS = {"PHYSICAL_ALLOCATION": "physical", "ECONOMIC_ALLOCATION": "economic", "CAUSAL_ALLOCATION": "causal"}
_SAID = {"technologyDescription", "geographyDescription", "validFrom", "validUntil", "sources", "@type"}
_EXCHANGE = frozenset(
    (
        *("@type", "@id", "internalId", "flow", "amount", "unit", "flowProperty", "defaultProvider", "location"),
        *("avoidedProduct", "isAvoidedProduct", "input", "isInput", "quantitativeReference", "isQuantitativeReference"),
        *("amountFormula", "uncertainty", "baseUncertainty", "pedigreeUncertainty", "dqEntry", "description"),
        "otherProperties",
    )
)
_PROCESS = frozenset(
    (
        *("@context", "@type", "@id", "name", "description", "version", "lastChange", "category", "location", "tags"),
        *("processType", "processDocumentation", "dqSystem", "dqEntry", "exchangeDqSystem", "otherProperties"),
        *("defaultAllocationMethod", "allocationFactors", "exchanges", "lastInternalId", "parameters"),
        *("infrastructureProcess", "isInfrastructureProcess"),
    )
)


def process(node: Node, ground: Ground, outer: Mapping[str, float]) -> ProcessRecord:
    """The record of a process; `outer`: values of the parameters of the whole database."""
    uid, name = node.id(), node.text("name")
    place = f"{node.place} “{name}”"
    parameters, values = read_parameters(node.nodes("parameters"), ground.report, outer, place, uid)
    exchanges = tuple(_exchanges(node, ground, values, place))
    documentation = node.node("processDocumentation") or Node({}, node.place)
    ground.left_out.update(f"Process.{key}" for key in node.data.keys() - _PROCESS)
    return ProcessRecord(
        uid,
        said(node, node, "name"),
        exchanges,
        ground.code(node.node("location")),
        ground.path(node),
        "system" if node.text("processType") == "LCI_RESULT" else "unit",
        year_of(documentation.text("validFrom")),
        year_of(documentation.text("validUntil")),
        said(node, documentation, "technologyDescription"),
        said(node, documentation, "geographyDescription"),
        said(node, node, "description"),
        parameters,
        tuple(_allocation(node, exchanges, ground, values, place)),
        _METHODS.get(node.text("defaultAllocationMethod"), ""),
        node.text("dqEntry"),
        tuple(ground.sources.get(s.text("@id")) or s.text("name") for s in documentation.nodes("sources")),
        node.text("version"),
        dict(_documentation(node, documentation)),
        node.place,
    )


def _exchanges(node: Node, ground: Ground, values: Mapping[str, float], place: str) -> Iterator[ExchangeRecord]:
    numbers: set[str] = set()
    for number, given in enumerate(node.nodes("exchanges"), 1):
        reference = given.node("flow")
        if reference is None:
            ground.report.refuse(
                "no_flow", f"{place} #{number}", "交换没有流，略去。", "an exchange without flow; left out."
            )
            continue
        unit = given.node("unit")
        flow = ground.flow_of(reference.at(node.place), unit)
        direction = Direction.IN if given.flag("isInput", "input") else Direction.OUT
        e = given.at(f"{place} {'←' if direction is Direction.IN else '→'} “{flow.name}”")
        formula, amount = e.text("amountFormula"), e.number("amount")
        if formula:
            amount = worked_out(formula, amount, values, ground.report, e.place)
        if amount is None:
            ground.report.refuse("no_amount", e.place, "没有数量，略去。", "no amount; left out.")
            continue
        if not _EXCHANGE.issuperset(e.data):
            ground.left_out.update(f"Exchange.{key}" for key in e.data.keys() - _EXCHANGE)
        name, factor, counted_in = ground.units.convert(unit, e.node("flowProperty"), flow, e.place)
        if not math.isfinite(amount * factor):
            raise e.wrong("amount", "换算后不是有限数", "it is no finite number in the unit of its flow")
        provider, others, internal = e.node("defaultProvider"), e.node("otherProperties"), e.text("internalId", "@id")
        if internal and internal in numbers:
            internal = f"{internal}/{number}"  # old exports give one number to several exchanges
        numbers.add(internal)
        yield ExchangeRecord(
            reference.id(),
            direction,
            amount,
            name,
            factor,
            e.flag("isQuantitativeReference", "quantitativeReference"),
            e.flag("isAvoidedProduct", "avoidedProduct"),
            provider.id() if provider else "",
            provider.text("name") if provider else "",
            formula,
            uncertainty_of(e, ground.report),
            e.text("dqEntry", "pedigreeUncertainty"),
            internal,
            ground.code(e.node("location")),
            said(e, e, "description"),
            counted_in,
            derivation=others.text("derivation") if others else "",
            variable=others.text("variable") if others else "",
            properties=dict(_properties(others)) if others else {},
            base_uncertainty=e.number("baseUncertainty") or 0.0,
        )


def _properties(others: Node) -> Iterator[tuple[str, tuple[float, str]]]:
    """Quantities of an exchange, as our writer keeps them."""
    for each in others.nodes("properties"):
        yield each.text("name"), (each.number("amount") or 0.0, each.text("unit"))


def _allocation(
    node: Node, exchanges: tuple[ExchangeRecord, ...], ground: Ground, values: Mapping[str, float], place: str
) -> Iterator[AllocationRecord]:
    lost = 0
    for a in node.nodes("allocationFactors"):
        a = a.at(f"{place} allocationFactors")
        product, method = a.node("product"), _METHODS.get(a.text("allocationType"), "")
        formula, share = a.text("formula"), a.number("value")
        if formula:
            share = worked_out(formula, share, values, ground.report, a.place)
        if product is None or not method or share is None:
            lost += 1
            continue
        for exchange in _concerned(a.node("exchange"), exchanges):
            yield AllocationRecord(method, product.id(), share, exchange, formula)
    if lost:
        ground.report.warn(
            "allocation_not_read",
            place,
            f"{lost} 个分配系数没有写明产品、方法或数值，无法使用。",
            f"{lost} allocation factors name no product, method or value, and cannot be used.",
        )


def _concerned(reference: Node | None, exchanges: tuple[ExchangeRecord, ...]) -> list[str]:
    """Internal ids of the exchanges a factor is for; the old schema names their flow only."""
    if reference is None:
        return [""]
    number, flow = reference.text("internalId"), reference.node("flow")
    uid = flow.id() if flow else ""
    named = (e for e in exchanges if (not number or e.internal_id.partition("/")[0] == number))
    return [e.internal_id for e in named if (not uid or e.flow == uid) and not (e.reference and not number)]


def _documentation(node: Node, documentation: Node) -> Iterator[tuple[str, str]]:
    """Everything that is said of a process, by its key; persons, sources and systems by their names."""
    for root, keys in ((documentation, documentation.data.keys() - _SAID), (node, {"dqSystem", "exchangeDqSystem"})):
        for key in sorted(keys):
            value = root.data.get(key)
            if isinstance(value, dict):
                text = root.node(key).text("name", "@id")  # type: ignore[union-attr]
            elif isinstance(value, list):
                named = (each for each in value if isinstance(each, dict))
                text = "; ".join(Node(each, root.place).text("name", "reviewType", "@id") for each in named)
            else:
                text = root.text(key)
            if text:
                yield key, text
    yield from further_documentation(node)
    if last_change := node.text("lastChange"):
        yield "lastChange", last_change
    if isinstance(tags := node.data.get("tags"), list) and tags:
        yield "tags", "; ".join(map(str, tags))


def further_documentation(node: Node) -> Iterator[tuple[str, str]]:
    """Headings of other formats, as our writer keeps them."""
    others = node.node("otherProperties")
    if others and (further := others.node("documentation")):
        for key in further.data:
            yield key, further.text(key)
