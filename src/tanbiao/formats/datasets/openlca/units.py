"""Units of openLCA: unit groups, flow properties, and how an amount is brought to the unit of its flow.

An amount may be given in any unit of any flow property of its flow: 1 reference unit of the flow is `conversionFactor`
reference units of that property. Add-on packages leave units and properties to the database they are meant for; their
units are then taken by their names.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tanbiao.formats.datasets.amounts import duplicate
from tanbiao.formats.datasets.json import Node
from tanbiao.lca.datasets.report import Report, SourceRefused, refused
from tanbiao.lca.datasets.source_units import in_base

# Reference units of openLCA's own flow properties, for packages that name a property and bring no unit group.
STANDARD = {
    "mass": "kg",
    "volume": "m3",
    "energy": "MJ",
    "net calorific value": "MJ",
    "area": "m2",
    "area*time": "m2*a",
    "number of items": "Item(s)",
    "goods transport (mass*distance)": "t*km",
    "person transport": "p*km",
    "radioactivity": "kBq",
}


@dataclass(slots=True)
class Flow:
    """What an exchange must know of its flow; `per`: flow property -> how many of it one reference unit is."""

    name: str
    unit: str
    property: str = ""
    per: dict[str, float] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)  # flow property -> its reference unit


@dataclass(slots=True)
class _Unit:
    name: str
    group: str
    factor: float  # reference units of the group


class Units:
    def __init__(self, report: Report):
        self._report = report
        self._units: dict[str, _Unit] = {}
        self._in_group: dict[tuple[str, str], _Unit | None] = {}
        self._references: dict[str, str] = {}  # unit group -> name of its reference unit
        self._groups: dict[str, str] = {}  # flow property -> unit group
        self._spoken_of: dict[str, str] = {}  # flow properties that something refers to -> name
        self._once: dict[tuple[str, str], tuple[object, str]] = {}

    def unit_group(self, node: Node) -> None:
        group = node.id()
        units = [
            (u.text("@id", "id"), u.text("name"), u.number("conversionFactor") or 0.0) for u in node.nodes("units")
        ]
        self._only_one("unit group", node, sorted(units))
        if default := node.node("defaultFlowProperty"):
            self._spoken_of[default.text("@id")] = default.text("name")
        if wrong := next((name for _, name, factor in units if factor <= 0), None):
            raise node.wrong("units", f"单位“{wrong}”没有正的换算系数", f'the unit "{wrong}" has no positive factor')
        if not units:
            return
        marked = [u.flag("isRefUnit", "referenceUnit") for u in node.nodes("units")]
        chosen = {unit[1:] for unit, is_reference in zip(units, marked, strict=True) if is_reference}
        if len(chosen) > 1:
            raise node.wrong("units", f"有几个参考单位：{chosen}", f"several reference units: {chosen}")
        reference, whole = next(iter(chosen), None) or next((unit[1:] for unit in units if unit[2] == 1), ("", 0.0))
        if not whole:
            raise node.wrong("units", "没有参考单位", "no reference unit")
        if whole != 1:
            self._report.warn(
                "reference_unit_not_1",
                node.place,
                f"基准单位“{reference}”的换算系数是 {whole:g} 而不是 1；各单位按与它的比例换算",
                f'the reference unit "{reference}" has the factor {whole:g}, not 1; other units are converted by their '
                "ratio to it",
            )
        for uid, name, factor in units:
            unit = _Unit(name, group, factor / whole)
            if self._in_group.setdefault((group, name), unit) != unit:
                self._in_group[group, name] = None  # two units of one name: the id has to say which
            if uid and self._units.setdefault(uid, unit) != unit:
                raise node.wrong("units", f"单位编号 {uid} 有两个含义", f"the id {uid} stands for two units")
        self._references[group] = reference

    def flow_property(self, node: Node) -> None:
        group = node.node("unitGroup")
        self._groups[node.id()] = group.id() if group else ""
        self._only_one("flow property", node, self._groups[node.id()])

    def reference_of(self, quantity: Node) -> str:
        """The reference unit of a flow property."""
        self._spoken_of[quantity.text("@id")] = quantity.text("name")
        group = self._groups.get(quantity.text("@id"), "")
        if group in self._references:
            return self._references[group]
        return quantity.text("refUnit") or STANDARD.get(quantity.text("name").lower(), "")

    def say_what_is_absent(self) -> None:
        """Flow properties that are referred to and not there."""
        for uid, name in self._spoken_of.items():
            if uid not in self._groups:
                self._report.note(
                    "absent_flow_property",
                    name or uid,
                    f"量“{name or uid}”（{uid}）不在来源中。",
                    f'the flow property "{name or uid}" ({uid}) is not in the source.',
                )

    def convert(self, unit: Node | None, quantity: Node | None, flow: Flow, place: str) -> tuple[str, float, str]:
        """Of an amount: the name of its unit, units of the flow per one, and "" or what it is counted in instead."""
        uid = (quantity.text("@id") if quantity else "") or flow.property
        per = flow.per.get(uid) if flow.per else 1.0
        if unit is None:
            self._report.note(
                "unit_assumed",
                place,
                "没有单位，按流的参考单位计。",
                "no unit; taken in the reference unit of its flow.",
            )
            return flow.unit, 1 / (per or 1.0), ""
        name, group = unit.text("name"), self._groups.get(uid, "")
        found = self._units.get(unit.text("@id"))
        if found is None and group in self._references:
            found = self._in_group.get((group, name))
        if group in self._references and (found is None or found.group != group):
            raise self._wrong_unit(name, flow, place)
        counted = flow.units.get(uid) or flow.unit if per is not None else ""
        if found and per is not None and self._references[found.group] == counted:
            return found.name, found.factor / per, ""
        return self._by_name(name or (found.name if found else ""), counted, per, flow, place)

    def _by_name(self, name: str, counted: str, per: float | None, flow: Flow, place: str) -> tuple[str, float, str]:
        """Where the source does not define a unit, or not for its flow property: what it usually is."""
        mine, theirs = in_base(name), in_base(counted)
        if per is not None and name and name == counted:
            return name, 1 / per, ""
        if per is not None and mine and theirs and mine[0] == theirs[0]:
            self._report.note(
                "unit_by_name",
                place,
                f"来源未定义单位“{name}”，按通用换算：1 {name} = {mine[1] / theirs[1]:.9g} {counted}。",
                f'the unit "{name}" is not defined there; as usual 1 {name} = {mine[1] / theirs[1]:.9g} {counted}.',
            )
            return name, mine[1] / theirs[1] / per, ""
        self._report.warn(
            "other_unit" if mine else "unknown_unit",
            place,
            f"单位“{name}”不能换算成流“{flow.name}”的单位“{flow.unit}”，单独计算。",
            f'the unit "{name}" cannot be converted to "{flow.unit}" of the flow "{flow.name}"; counted by itself.',
        )
        return name, mine[1] if mine else 1.0, (mine[0] if mine else name) or "?"

    def _only_one(self, kind: str, node: Node, content: object) -> None:
        before, place = self._once.setdefault((kind, node.id()), (content, node.place))
        if before != content:
            raise duplicate(node.id(), place, node.place)

    def _wrong_unit(self, name: str, flow: Flow, place: str) -> SourceRefused:
        return refused(
            place,
            f"流“{flow.name}”没有单位“{name}”；请在来源的单位组中补上，或改正单位。",
            f'the unit "{name}" is none of the flow "{flow.name}"; add it to its unit group, or correct it.',
        )
