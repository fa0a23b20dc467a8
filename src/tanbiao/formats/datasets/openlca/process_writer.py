"""A process as openLCA documents it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import olca_schema as o

from tanbiao.formats.datasets.openlca.parts import (
    ALLOCATIONS,
    FLOW_TYPES,
    beside,
    file_id,
    languages,
    main_text,
    named,
    parameter,
    path_beside,
    refer,
    uncertainty,
)
from tanbiao.formats.datasets.openlca.unit_writer import UnitWriter
from tanbiao.lca.datasets.records import Direction, ExchangeRecord, FlowKind, FlowRecord, ProcessRecord

# headings of ProcessDocumentation, by what stands under them
_TEXTS = frozenset(
    (
        *("completenessDescription", "creationDate", "dataCollectionDescription", "dataSelectionDescription"),
        *("dataTreatmentDescription", "intendedApplication", "inventoryMethodDescription", "samplingDescription"),
        *("modelingConstantsDescription", "projectDescription", "restrictionsDescription", "timeDescription"),
        *("useAdvice",),
    )
)
_REFERENCES = {
    "dataDocumentor": o.RefType.Actor,
    "dataGenerator": o.RefType.Actor,
    "dataSetOwner": o.RefType.Actor,
    "publication": o.RefType.Source,
}
_SYSTEMS = ("dqSystem", "exchangeDqSystem")


def write_process(
    record: ProcessRecord, flow_of: Callable[[ExchangeRecord], FlowRecord], units: UnitWriter, lost: Counter[str]
) -> dict[str, Any]:
    """The document of a process; `lost` counts what openLCA has no place for."""
    numbers = _numbers(record)
    exchanges = []
    for e, number in zip(record.exchanges, numbers, strict=True):
        flow = flow_of(e)
        unit, quantity = units.of_exchange(flow, e)
        exchanges.append(_exchange(e, number, flow, unit, quantity))
    document: dict[str, Any] = o.Process(
        id=file_id("process", record.id),
        name=main_text(record.names),
        description=main_text(record.comment),
        category="/".join(record.category) or None,
        location=named(o.RefType.Location, record.location),
        process_type=o.ProcessType.LCI_RESULT if record.kind == "system" else o.ProcessType.UNIT_PROCESS,
        exchanges=exchanges,
        last_internal_id=max(numbers, default=0),
        parameters=[parameter(each) for each in record.parameters] or None,
        allocation_factors=_allocation(record, numbers, flow_of, lost) or None,
        default_allocation_method=ALLOCATIONS.get(record.default_allocation),
        dq_entry=record.quality or None,
        process_documentation=o.ProcessDocumentation(
            technology_description=main_text(record.technology),
            geography_description=main_text(record.geography),
            valid_from=f"{record.year_from:04}-01-01" if record.year_from is not None else None,
            valid_until=f"{record.year_until:04}-12-31" if record.year_until is not None else None,
            sources=[named(o.RefType.Source, source) for source in record.sources if source] or None,
        ),
        version=record.version,
        last_change=record.documentation.get("lastChange", ""),
    ).to_dict()
    for e, written in zip(record.exchanges, document["exchanges"], strict=True):
        written.update(_beside(e))
    return document | _documented(record, document["processDocumentation"])


def _beside(e: ExchangeRecord) -> dict[str, Any]:
    properties = [{"name": name, "amount": amount, "unit": unit} for name, (amount, unit) in e.properties.items()]
    spoken = languages(description=e.comment)
    return beside(languages=spoken, derivation=e.derivation, variable=e.variable, properties=properties)


def _documented(record: ProcessRecord, documentation: dict[str, Any]) -> dict[str, Any]:
    """What is said of a process: under openLCA's headings where it has them (put in place), else beside."""
    others: dict[str, str] = {}
    references: dict[str, Any] = {}
    for key, text in record.documentation.items():
        if key in _TEXTS:
            documentation[key] = text
        elif key in _REFERENCES and (reference := named(_REFERENCES[key], text)):
            documentation[key] = reference.to_dict()
        elif key in _SYSTEMS and (reference := named(o.RefType.DQSystem, text)):
            references[key] = reference.to_dict()
        elif key != "lastChange":
            others[key] = text
    spoken = languages(
        name=record.names,
        description=record.comment,
        technologyDescription=record.technology,
        geographyDescription=record.geography,
    )
    path = path_beside(record.category)
    return references | beside(languages=spoken, documentation=others, categoryPath=path)


def _exchange(e: ExchangeRecord, number: int, flow: FlowRecord, unit: o.Ref, quantity: o.Ref) -> o.Exchange:
    kind = FLOW_TYPES.get(flow.kind)
    provider = file_id("process", e.provider) if e.provider else ""
    return o.Exchange(
        amount=e.amount,
        amount_formula=e.formula or None,
        base_uncertainty=e.base_uncertainty or None,
        default_provider=refer(o.RefType.Process, provider, e.provider_name) if provider else None,
        description=main_text(e.comment),
        dq_entry=e.pedigree or None,
        flow=refer(o.RefType.Flow, flow.id, main_text(flow.names) or "", flow_type=kind, ref_unit=flow.unit or None),
        flow_property=quantity,
        internal_id=number,
        is_avoided_product=e.avoided,
        is_input=e.direction is Direction.IN,
        is_quantitative_reference=e.reference,
        location=named(o.RefType.Location, e.location),
        uncertainty=uncertainty(e.uncertainty),
        unit=unit,
    )


def _numbers(record: ProcessRecord) -> list[int]:
    """Internal ids, which are numbers here: as they are, or else counted."""
    given = [e.internal_id for e in record.exchanges]
    if all(id.isascii() and id.isdigit() and len(id) < 9 for id in given) and len(set(map(int, given))) == len(given):
        return list(map(int, given))
    return list(range(1, len(given) + 1))


def _allocation(
    record: ProcessRecord, numbers: list[int], flow_of: Callable[[ExchangeRecord], FlowRecord], lost: Counter[str]
) -> list[o.AllocationFactor]:
    by_id = {e.internal_id: number for e, number in zip(record.exchanges, numbers, strict=True)}
    flows = {e.flow: flow_of(e) for e in record.exchanges}
    factors = []
    for a in record.allocation:
        if a.method not in ALLOCATIONS or (a.exchange and a.exchange not in by_id):
            lost["AllocationFactor"] += 1
            continue
        flow = flows.get(a.product)
        product = refer(o.RefType.Flow, flow.id if flow else file_id("flow", a.product))
        exchange = o.ExchangeRef(internal_id=by_id[a.exchange]) if a.exchange else None
        factors.append(o.AllocationFactor(ALLOCATIONS[a.method], exchange, a.formula or None, product, a.share))
    return factors


def written_flow(flow: FlowRecord, kind: FlowKind | None) -> FlowRecord:
    """The flow as it is written; one that an exchange takes for another kind is a flow of its own in openLCA."""
    if kind is None or kind is flow.kind:
        return replace(flow, id=file_id("flow", flow.id))
    return replace(flow, id=file_id("flow", f"{flow.id}-{kind.value}"), kind=kind)
