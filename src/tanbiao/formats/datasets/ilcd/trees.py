"""Records as ILCD data sets: units, flow properties, flows and methods; processes stand in `ilcd_process_trees`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from tanbiao.formats.datasets.ilcd.flows import REFERENCE_UNITS
from tanbiao.formats.datasets.ilcd.growing import as_uuid, extend, finished, grow, planted, point, put, put_names
from tanbiao.formats.datasets.ilcd.methods import DESCRIBED, PLACES
from tanbiao.formats.datasets.xml import Element
from tanbiao.lca.datasets.records import ExchangeRecord, FlowKind, FlowRecord, ImpactFactorRecord, MethodRecord, Names
from tanbiao.lca.datasets.report import Report

VERSION = "01.00.000"  # of data sets that a record has no version for
_KINDS = {
    FlowKind.PRODUCT: "Product flow",
    FlowKind.WASTE: "Waste flow",
    FlowKind.ELEMENTARY: "Elementary flow",
}
_PROPERTY_OF = {unit: property_id for property_id, unit in reversed(REFERENCE_UNITS.items())}
_NAMED = {"kg": "Mass", "MJ": "Net calorific value", "m3": "Volume", "m2": "Area", "m2*a": "Area*time"} | {
    "kBq": "Radioactivity", "m": "Length", "t*km": "Goods transport (mass*distance)", "Item(s)": "Number of items"
}  # fmt: skip


@dataclass(slots=True)
class Woods:
    """What has been written so far, and what the data sets still to come hang on.

    flows       id -> the flow, for the names and units of references
    quantities  (name, unit) of every flow property used
    ids         that have been given a UUID
    own         id -> the flow of exchanges whose unit or kind are not those of their flow
    """

    report: Report
    flows: dict[str, FlowRecord] = field(default_factory=dict)
    quantities: dict[tuple[str, str], None] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    own: dict[str, FlowRecord] = field(default_factory=dict)

    def id(self, id: str) -> str:
        """The UUID a data set goes by; said where it is another than the id of the record."""
        uuid = as_uuid(id)
        if uuid != id and id not in self.ids:
            self.ids.add(id)
            self.report.note("new_id", id, f"ILCD 只用 UUID：改用 {uuid}", f"ILCD knows UUIDs only: it goes by {uuid}")
        return uuid

    def unheld(self, place: str, zh: str, en: str) -> None:
        """Say what the format has no place for."""
        self.report.warn(
            "not_written", place, f"{zh}在 ILCD 中没有位置，未写出", f"ILCD has no place for {en}; left out"
        )

    def name_of(self, flow: str) -> Names:
        return self.flows[flow].names if flow in self.flows else {}

    def flow_of(self, e: ExchangeRecord, place: str) -> str:
        """The flow that an exchange is written under: one of its own where unit or kind are not those of its flow."""
        known = self.flows.get(e.flow)
        kind = (e.kind or known.kind) if known else FlowKind.UNKNOWN
        if known is None or (not e.counted_in and kind is known.kind):
            return e.flow
        own = replace(known, id=f"{e.flow} {kind.value} {e.counted_in}".strip(), kind=kind)
        if e.counted_in:
            own = replace(own, unit=e.counted_in, properties={})
        if own.id not in self.own:
            self.own[own.id] = own
            said = f"{kind.value} {e.counted_in}".strip()
            self.report.note("own_flow", place, f"写作另一个流：{said}", f"it is written as a flow of its own: {said}")
        return own.id

    def quantity(self, name: str, unit: str) -> tuple[str, str]:
        """UUID and name of a flow property, which is then written; that of the unit where no name is given."""
        name = name or _NAMED.get(unit, f"Quantity in {unit}")
        self.quantities[name, unit] = None
        known = name == _NAMED.get(unit)
        return _PROPERTY_OF[unit] if known else as_uuid(f"quantity {name} in {unit}"), name


def flow_tree(flow: FlowRecord, woods: Woods) -> Element:
    root = planted("flowDataSet")
    about = grow(root, "flowInformation/dataSetInformation")
    put(about, "UUID", woods.id(flow.id))
    put_names(about, "name/baseName", flow.names)
    put_names(about, "synonyms", flow.synonyms)
    put_names(about, "generalComment", flow.comment)
    put_category(about, flow.category, flow.kind is FlowKind.ELEMENTARY)
    if flow.cas:
        put(about, "CASNumber", flow.cas)
    if flow.formula:
        put(about, "sumFormula", flow.formula)
    if flow.location:
        put(root, "flowInformation/geography/locationOfSupply", flow.location)
    put(root, "modellingAndValidation/LCIMethod/typeOfDataSet", _KINDS[flow.kind])
    put(root, "administrativeInformation/publicationAndOwnership/dataSetVersion", VERSION)
    measures = {"": (1.0, flow.unit)} if flow.unit else {}
    measures |= flow.properties
    for number, (name, (amount, unit)) in enumerate(measures.items()):
        if not name:
            put(root, "flowInformation/quantitativeReference/referenceToReferenceFlowProperty", str(number))
        property_id, called = woods.quantity(name, unit)
        measure = put(root, "flowProperties/flowProperty")
        measure.set("dataSetInternalID", str(number))
        point(measure, "referenceToFlowPropertyDataSet", "flowPropertyDataSet", property_id, {"en": called})
        put(measure, "meanValue", repr(amount))
    return finished(root)


def quantity_trees(woods: Woods) -> Iterator[tuple[str, Element]]:
    """Flow properties and unit groups that what was written hangs on: (UUID, tree)."""
    for name, unit in sorted(woods.quantities):
        root = planted("flowPropertyDataSet")
        uuid = woods.quantity(name, unit)[0]
        put(root, "flowPropertiesInformation/dataSetInformation/UUID", uuid)
        put(root, "flowPropertiesInformation/dataSetInformation/name", name, "en")
        path = "flowPropertiesInformation/quantitativeReference/referenceToReferenceUnitGroup"
        if unit:
            point(root, path, "unitGroupDataSet", _group_id(unit), {"en": f"Units of {unit}"})
        put(root, "administrativeInformation/publicationAndOwnership/dataSetVersion", VERSION)
        yield uuid, finished(root)
    for unit in sorted({unit for _, unit in woods.quantities if unit}):
        root = planted("unitGroupDataSet")
        put(root, "unitGroupInformation/dataSetInformation/UUID", _group_id(unit))
        put(root, "unitGroupInformation/dataSetInformation/name", f"Units of {unit}", "en")
        put(root, "unitGroupInformation/quantitativeReference/referenceToReferenceUnit", "0")
        put(root, "administrativeInformation/publicationAndOwnership/dataSetVersion", VERSION)
        only = put(root, "units/unit")
        only.set("dataSetInternalID", "0")
        put(only, "name", unit)
        put(only, "meanValue", "1.0")
        yield _group_id(unit), finished(root)


def method_tree(method: MethodRecord, woods: Woods) -> Element:
    root = planted("LCIAMethodDataSet")
    about = grow(root, "LCIAMethodInformation/dataSetInformation")
    put(about, "UUID", woods.id(method.id))
    put_names(about, "name", method.names)
    if method.method:
        put(about, "methodology", method.method)
    extend(about, "olca_category_unit", method.unit)
    version = VERSION
    for heading, said in method.documentation.items():
        if heading == "dataSetVersion":
            version = said
        elif heading in PLACES:
            put(root, PLACES[heading], said)
        else:
            woods.unheld(method.place or method.id, f"“{heading}”", f'"{heading}"')
    put(root, "administrativeInformation/publicationAndOwnership/dataSetVersion", version)
    grow(root, "characterisationFactors")
    for factor in method.factors:
        _put_factor(root, factor, woods)
    return finished(root)


def _put_factor(root: Element, factor: ImpactFactorRecord, woods: Woods) -> None:
    flow = woods.flows.get(factor.flow)
    described = factor.flow_name
    if factor.flow_category or factor.unit != (flow.unit if flow else ""):
        described = f"{factor.flow_name} (Quantity, {factor.unit}, {'/'.join(factor.flow_category)})"
        match = DESCRIBED.fullmatch(described)
        if not match or (match["name"], match["unit"], (match["category"],)) != (
            factor.flow_name,
            factor.unit,
            factor.flow_category,
        ):
            woods.unheld(factor.flow_name, "该特征化因子的流类别或单位", "the category or unit of this factor's flow")
            described = factor.flow_name
    made = put(root, "characterisationFactors/factor")
    uuid = "" if factor.flow.startswith("?") else woods.id(factor.flow)
    point(made, "referenceToFlowDataSet", "flowDataSet", uuid, {"en": described})
    if factor.location:
        put(made, "location", factor.location)
    if factor.direction:
        put(made, "exchangeDirection", {"in": "Input", "out": "Output"}[factor.direction])
    put(made, "meanValue", repr(factor.value))
    put_uncertainty(made, factor.uncertainty, factor.value, "Value")


def put_uncertainty(
    element: Element, uncertainty: Mapping[str, object], mean: float, suffix: Literal["Amount", "Value"]
) -> bool:
    """Write a distribution; False where it is not centred on the mean, which ILCD has no second place for."""
    number = {key: value for key, value in uncertainty.items() if isinstance(value, float | int)}
    match uncertainty.get("kind"):
        case "lognormal":
            put(element, "uncertaintyDistributionType", "log-normal")
            put(element, "relativeStandardDeviation95In", repr(number["gsd"] ** 2))
            return number["mean"] == mean
        case "normal":
            put(element, "uncertaintyDistributionType", "normal")
            put(element, "relativeStandardDeviation95In", repr(number["sd"] * 2))
            return number["mean"] == mean
        case "triangular" | "uniform" as kind:
            put(element, "uncertaintyDistributionType", str(kind))
            put(element, f"minimum{suffix}", repr(number["minimum"]))
            put(element, f"maximum{suffix}", repr(number["maximum"]))
            if "mode" in number and number["mode"] != mean:
                extend(element, "mostLikelyValue", repr(number["mode"]))
    return True


def put_category(about: Element, category: Iterable[str], elementary: bool = False) -> None:
    kind, step = ("elementaryFlowCategorization", "category") if elementary else ("classification", "class")
    for level, said in enumerate(category):
        put(about, f"classificationInformation/{kind}/{step}", said).set("level", str(level))


def _group_id(unit: str) -> str:
    return as_uuid(f"units of {unit}")
