"""What openLCA data sets stand on beside units: categories, locations, sources and flows."""

from __future__ import annotations

from collections import Counter

from tanbiao.formats.datasets.json import Node
from tanbiao.formats.datasets.openlca.units import Flow, Units
from tanbiao.lca.datasets.records import FlowKind, FlowRecord, Names, as_names
from tanbiao.lca.datasets.report import Report
from tanbiao.lca.datasets.source_units import in_base

_KINDS = {
    "ELEMENTARY_FLOW": FlowKind.ELEMENTARY,
    "PRODUCT_FLOW": FlowKind.PRODUCT,
    "WASTE_FLOW": FlowKind.WASTE,
}
DEEPEST_CATEGORY = 50


class Ground:
    def __init__(self, report: Report):
        self.report = report
        self.units = Units(report)
        self.flows: dict[str, Flow] = {}
        self.absent: list[FlowRecord] = []  # flows that an exchange names and the source has not, to be given
        self.left_out: Counter[str] = Counter()
        self.sources: dict[str, str] = {}
        self._locations: dict[str, str] = {}
        self._categories: dict[str, tuple[str, str]] = {}  # id -> name, parent

    # what is read first

    def category(self, node: Node) -> None:
        parent = node.node("category")
        self._categories[node.id()] = node.text("name"), parent.text("@id") if parent else ""

    def location(self, node: Node) -> None:
        self._locations[node.id()] = node.text("code") or node.text("name")

    def source(self, node: Node) -> None:
        parts = (node.text("name"), node.text("textReference"), node.text("url"))
        self.sources[node.id()] = "; ".join(dict.fromkeys(part for part in parts if part))

    # what data sets refer to

    def code(self, place: Node | None) -> str:
        """The code of a location, or its name."""
        return (self._locations.get(place.text("@id")) or place.text("code", "name")) if place else ""

    def path(self, node: Node) -> tuple[str, ...]:
        """The category of a data set, from the top: a reference in the old schema, a text in the new one."""
        others = node.node("otherProperties")
        if others and others.data.get("categoryPath"):  # as our writer gives one whose parts hold a "/"
            return self.path(Node({"categoryPath": others.data["categoryPath"]}, node.place))
        category = node.data.get("category")
        if not isinstance(category, dict):
            found = node.text("category").split("/") if category else node.data.get("categoryPath") or []
            if not isinstance(found, list) or not all(isinstance(part, str) for part in found):
                raise node.wrong("categoryPath", "应为文字列表", "a list of texts is expected")
            return tuple(part.strip() for part in found if part.strip())
        reference = Node(category, node.place)
        uid, names = reference.text("@id"), list[str]()
        while uid in self._categories and len(names) < DEEPEST_CATEGORY:
            name, uid = self._categories[uid]
            names.insert(0, name)
        return tuple(names) or (*self.path(Node(category | {"category": None}, node.place)), reference.text("name"))

    def flow(self, node: Node) -> FlowRecord:
        """A flow of the source, kept for the exchanges that name it."""
        known = Flow(node.text("name"), "")
        properties: dict[str, tuple[float, str]] = {}
        for each in node.nodes("flowProperties"):
            quantity = each.node("flowProperty")
            if quantity is None:
                continue
            uid, unit = quantity.text("@id"), self.units.reference_of(quantity)
            known.units[uid] = unit
            factor = each.number("conversionFactor") or 0.0
            if factor <= 0:
                raise node.wrong("flowProperties", f"量 {uid} 没有正的系数", f"no positive factor of property {uid}")
            if known.per.setdefault(uid, factor) != factor:
                raise node.wrong("flowProperties", f"量 {uid} 有两个系数", f"two factors of property {uid}")
            if each.flag("isRefFlowProperty", "referenceFlowProperty"):
                if known.property not in ("", uid):
                    raise node.wrong("flowProperties", "有几个参考量", "several reference properties")
                known.property, known.unit = uid, unit
            else:
                properties[quantity.text("name") or uid] = factor, unit
        if len(known.per) == 1:  # the only one, whether or not it is marked
            known.property, known.unit = next(iter(known.units.items()))
            properties.clear()
        elif known.per and not known.property:
            raise node.wrong("flowProperties", "没有参考量", "no reference property")
        whole = known.per.get(known.property, 1.0)
        known.per = {uid: factor / whole for uid, factor in known.per.items()}
        properties = {name: (factor / whole, unit) for name, (factor, unit) in properties.items()}
        self.flows[node.id()] = known
        return FlowRecord(
            node.id(),
            said(node, node, "name"),
            _KINDS.get(node.text("flowType"), FlowKind.UNKNOWN),
            known.unit,
            self.path(node),
            cas=node.text("cas"),
            formula=node.text("formula"),
            location=self.code(node.node("location")),
            synonyms=said(node, node, "synonyms"),
            properties=properties,
            comment=said(node, node, "description"),
            place=node.place,
        )

    def flow_of(self, reference: Node, unit: Node | None) -> Flow:
        """The flow that an exchange names. One that is absent is made known by what the reference says of it."""
        uid = reference.id()
        if uid not in self.flows:
            counted = reference.text("refUnit")
            if not counted and unit is not None:
                name = unit.text("name")
                counted = (in_base(name) or (name, 1.0))[0]
            name = reference.text("name")
            self.flows[uid] = Flow(name or uid, counted)
            kind = _KINDS.get(reference.text("flowType"), FlowKind.UNKNOWN)
            names = as_names(name)
            location = reference.text("location")
            self.absent.append(
                FlowRecord(uid, names, kind, counted, self.path(reference), location=location, place=reference.place)
            )
            self.report.warn(
                "absent_flow",
                reference.place,
                f"流“{name or uid}”不在来源中；只知其名称与单位。",
                f'the flow "{name or uid}" is not in the source; only its name and unit are known.',
            )
        return self.flows[uid]


def said(root: Node, node: Node, key: str) -> Names:
    """A text in the languages there are; openLCA has one, to which our writer adds others."""
    others = root.node("otherProperties")
    languages = others and others.node("languages")
    given = languages and languages.node(key)
    if given:
        return {language: given.text(language) for language in given.data}
    return as_names(node.text(key))
