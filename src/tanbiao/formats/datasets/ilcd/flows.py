"""Units, flow properties and flows of an ILCD source: what amounts in processes are counted in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import number
from tanbiao.formats.datasets.ilcd.index import Entry, Index
from tanbiao.formats.datasets.ilcd.parts import category_of, name_of, reference, texts
from tanbiao.lca.datasets.records import FlowKind, FlowRecord, Names, text_of
from tanbiao.lca.datasets.report import Report

#: units of the reference flow properties of ILCD, which add-ons and declarations name without holding them
REFERENCE_UNITS = {
    "93a60a56-a3c8-11da-a746-0800200b9a66": "kg",  # mass
    "93a60a56-a3c8-11da-a746-0800200c9a66": "MJ",  # net calorific value
    "93a60a56-a3c8-14da-a746-0800200c9a66": "MJ",  # gross calorific value
    "f6811440-ee37-11de-8a39-0800200c9a66": "MJ",  # energy
    "93a60a56-a3c8-22da-a746-0800200c9a66": "m3",  # volume
    "93a60a56-a3c8-19da-a746-0800200c9a66": "m2",  # area
    "93a60a56-a3c8-21da-a746-0800200c9a66": "m2*a",  # area * time
    "93a60a56-a3c8-17da-a746-0800200c9a66": "kBq",  # radioactivity
    "838aaa23-0117-11db-92e3-0800200c9a66": "m",  # length
    "838aaa20-0117-11db-92e3-0800200c9a66": "t*km",  # goods transport
    "01846770-4cfe-4a25-8ad9-919d8d378345": "Item(s)",  # number of items
}

_KINDS = {
    "product flow": FlowKind.PRODUCT,
    "waste flow": FlowKind.WASTE,
    "elementary flow": FlowKind.ELEMENTARY,
    "other flow": FlowKind.PRODUCT,
}


@dataclass(frozen=True, slots=True)
class FlowProperty:
    """A quantity, and the reference unit it is counted in ("" unknown)."""

    names: Names
    unit: str


@dataclass(slots=True)
class Quantities:
    """Flow properties by UUID, and reference units of unit groups by UUID."""

    properties: dict[str, FlowProperty] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def unit(self, property_id: str) -> str:
        """The reference unit of a flow property, whether its data set is in the source or one of ILCD's own."""
        found = self.properties.get(property_id)
        return found.unit if found and found.unit else REFERENCE_UNITS.get(property_id, "")


def quantities(index: Index, report: Report) -> Quantities:
    """All unit groups and flow properties of the source."""
    found = Quantities()
    for entry, root in index.trees("unitGroupDataSet"):
        found.units[entry.uuid] = _reference_unit(entry, root, report)
    for entry, root in index.trees("flowPropertyDataSet"):
        information = xml.child(root, "flowPropertiesInformation")
        group, named = reference(xml.child(information, "quantitativeReference", "referenceToReferenceUnitGroup"))
        if group not in found.units and entry.uuid not in REFERENCE_UNITS:
            report.warn(
                "unknown_unit",
                entry.name,
                f"所指单位组“{named or group}”不在数据中，其单位未知",
                f'the unit group "{named or group}" is not in the source; the unit is unknown',
            )
        names = texts(xml.child(information, "dataSetInformation"), "name")
        found.properties[entry.uuid] = FlowProperty(names, found.units.get(group, ""))
    report.counts["unit_groups"] += len(found.units)
    report.counts["flow_properties"] += len(found.properties)
    return found


def _reference_unit(entry: Entry, root: xml.Element, report: Report) -> str:
    chosen = xml.text(root, "unitGroupInformation", "quantitativeReference", "referenceToReferenceUnit")
    for unit in xml.children(xml.child(root, "units"), "unit"):
        if xml.attribute(unit, "dataSetInternalID") == chosen:
            if (value := number(xml.text(unit, "meanValue") or "1", entry.name, ("换算系数", "factor"))) != 1.0:
                report.warn(
                    "reference_unit_not_1",
                    entry.name,
                    f"基准单位的换算系数是 {value:g} 而不是 1；数量按基准单位理解",
                    f"the reference unit has the factor {value:g}, not 1; amounts are taken to be in it",
                )
            return xml.text(unit, "name")
    report.note("no_reference_unit", entry.name, "没有基准单位", "it has no reference unit")
    return ""


def flows(index: Index, quantities: Quantities, report: Report) -> Iterator[FlowRecord]:
    """The flow data sets of the source."""
    for entry, root in index.trees("flowDataSet"):
        yield _flow(entry, root, quantities, report)


def named_only(flow: str, described: Names, place: str) -> FlowRecord:
    """A flow that a process names, but whose data set is not in the source."""
    return FlowRecord(flow, described or {"": flow}, FlowKind.UNKNOWN, place=place)


def _flow(entry: Entry, root: xml.Element, quantities: Quantities, report: Report) -> FlowRecord:
    information = xml.child(root, "flowInformation")
    about = xml.child(information, "dataSetInformation")
    names = name_of(about) or {"": entry.uuid}
    said = xml.text(root, "modellingAndValidation", "LCIMethod", "typeOfDataSet")
    kind = _KINDS.get(said.lower())
    if kind is None:
        report.warn(
            "unknown_flow_type",
            entry.name,
            f"流“{text_of(names).zh}”的类型“{said}”未知，按产品流处理",
            f'the flow "{text_of(names).en}" is of the unknown type "{said}"; taken as a product flow',
        )
        kind = FlowKind.PRODUCT
    unit, properties = _measures(entry, root, names, quantities, report)
    geography = xml.child(information, "geography")
    return FlowRecord(
        id=entry.uuid,
        names=names,
        kind=kind,
        unit=unit,
        category=category_of(root),
        cas=xml.text(about, "CASNumber").lstrip("0"),
        formula=xml.text(about, "sumFormula"),
        location=xml.text(geography, "locationOfSupply"),
        synonyms=texts(about, "synonyms"),
        properties=properties,
        comment=texts(about, "generalComment"),
        place=entry.name,
    )


def _measures(
    entry: Entry, root: xml.Element, names: Names, quantities: Quantities, report: Report
) -> tuple[str, dict[str, tuple[float, str]]]:
    """The reference unit of a flow, and its other properties per one of it."""
    chosen = xml.text(root, "flowInformation", "quantitativeReference", "referenceToReferenceFlowProperty")
    unit, whole, others = "", 1.0, {}
    for prop in xml.children(xml.child(root, "flowProperties"), "flowProperty"):
        uuid, named = reference(xml.child(prop, "referenceToFlowPropertyDataSet"))
        amount = number(xml.text(prop, "meanValue") or "1", entry.name, ("换算系数", "factor"))
        if xml.attribute(prop, "dataSetInternalID") == chosen:
            unit, whole = quantities.unit(uuid), amount or 1.0
        else:
            known = quantities.properties.get(uuid)
            others[text_of(known.names).en if known else named or uuid] = (amount, quantities.unit(uuid))
    if not unit:
        report.warn(
            "unknown_unit",
            entry.name,
            f"流“{text_of(names).zh}”的基准单位未知（流属性或单位组不在数据中）",
            f'the reference unit of the flow "{text_of(names).en}" is unknown: its flow property or unit group is not '
            "in the source",
        )
    return unit, {name: (amount / whole, of) for name, (amount, of) in others.items()}
