"""Processes of an ILCD source."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import number, year_of
from tanbiao.formats.datasets.ilcd.documentation import documentation_of
from tanbiao.formats.datasets.ilcd.exchanges import Surroundings, exchanges_of
from tanbiao.formats.datasets.ilcd.index import Entry
from tanbiao.formats.datasets.ilcd.parameters import parameters_of
from tanbiao.formats.datasets.ilcd.parts import (
    all_texts,
    category_of,
    name_of,
    texts,
)
from tanbiao.lca.datasets.records import (
    AllocationRecord,
    ExchangeRecord,
    ProcessRecord,
    text_of,
)
from tanbiao.lca.datasets.report import Report

TYPES = {"unit": "Unit process, single operation", "system": "LCI result"}  # what a record of this kind is by default
_SYSTEMS = frozenset({"LCI result", "Partly terminated system", "Avoided product system"})


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
