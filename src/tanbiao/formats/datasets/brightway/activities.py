"""The activities of a Brightway source: their ids, what they are, and which of them an exchange means."""

from __future__ import annotations

from collections import Counter, defaultdict

from tanbiao.formats.datasets.amounts import Base, duplicate
from tanbiao.formats.datasets.brightway.sheets import Activity, Book, Line
from tanbiao.lca.datasets.records import FlowKind, FlowRecord
from tanbiao.lca.datasets.report import Report
from tanbiao.lca.datasets.source_units import in_base

_UNITS = {  # as Brightway spells them out -> as they are usually written
    "megajoule": "MJ",
    "square meter": "m2",
    "kilometer": "km",
    "ton kilometer": "t*km",
    "ton-kilometer": "t*km",
    "person kilometer": "p*km",
    "person-kilometer": "p*km",
    "vehicle kilometer": "v*km",
    "square meter-year": "m2*a",
    "cubic meter-year": "m3*a",
    "meter-year": "m*a",
    "kilometer-year": "km*a",
    "kilo becquerel": "kBq",
}
_FLOWS = ("emission", "natural resource", "resource", "economic", "social", "inventory indicator")
_PRODUCTS = ("product", "waste")  # types of activities that are no processes


class Activities:
    """All of a source; in Brightway an activity and its product are one.

    ids  of each activity by its place: its code, else its name, with its location where others have that name
    """

    def __init__(self, book: Book, report: Report):
        self._report = report
        self.ids = _ids(book)
        self._by_name: defaultdict[str, list[Activity]] = defaultdict(list)
        own = set(book.databases)
        for activity in book.activities:
            self._by_name[activity.name].append(activity)
            own |= {line["database"] for _, line in activity.exchanges if _is_production(line) and "database" in line}
        self._own = own  # names that the source calls its own database by

    def maker(self, name: str, line: Line, kind: str, place: str) -> Activity | None:
        """The one activity (or flow) of the source that an exchange means; None where there is none, or several."""
        if line.get("database", "") not in ("", *self._own):
            return None
        fits = [
            a
            for a in self._by_name.get(name, ())
            if (kind == "biosphere") == (type_of(a) in _FLOWS)
            and line.get("code", "") in ("", a.fields.get("code", ""))
            and _agrees(line.get("unit", ""), a.fields.get("unit", ""))
            and _agrees(line.get("reference product", ""), a.fields.get("reference product", ""))
            and _agrees(line.get("location", ""), a.fields.get("location", ""))
        ]
        if len(fits) > 1:
            said = ", ".join(a.place for a in fits[:5])
            self._report.warn(
                "ambiguous_activity",
                place,
                f"“{name}”有 {len(fits)} 个活动符合（{said}），未连接；请注明地区、单位或 code",
                f'{len(fits)} activities fit "{name}" ({said}); not linked. Give the location, unit or code',
            )
        return fits[0] if len(fits) == 1 else None

    def flow_of(self, activity: Activity) -> FlowRecord:
        fields = activity.fields
        is_flow = type_of(activity) in _FLOWS
        return FlowRecord(
            self.ids[activity.place],
            {"": fields.get("reference product") or activity.name},
            FlowKind.ELEMENTARY if is_flow else FlowKind.WASTE if type_of(activity) == "waste" else FlowKind.PRODUCT,
            unit=fields.get("unit", ""),
            category=parts_of(fields.get("categories", "")) or ((type_of(activity),) if is_flow else ()),
            cas=fields.get("cas number", "").lstrip("0"),
            location=fields.get("location", ""),
            place=activity.place,
        )


def other_flow(id: str, name: str, line: Line, kind: FlowKind, place: str) -> FlowRecord:
    return FlowRecord(
        id,
        {"": line.get("reference product") or name},
        kind,
        category=parts_of(line.get("categories", "")),
        location=line.get("location", ""),
        place=place,
    )


def _ids(book: Book) -> dict[str, str]:
    """Ids by the place of each activity: its code, else its name, with its location where others have that name."""
    names = Counter(a.name for a in book.activities)
    ids: dict[str, str] = {}
    taken: dict[str, str] = {}
    for a in book.activities:
        location = a.fields.get("location", "") if names[a.name] > 1 else ""
        id = a.fields.get("code") or " | ".join(filter(None, (a.name, location)))
        if id in taken:
            raise duplicate(id, taken[id], a.place)
        ids[a.place] = id
        taken[id] = a.place
    return ids


def type_of(activity: Activity) -> str:
    return activity.fields.get("type", "").lower()


def is_process(activity: Activity) -> bool:
    return type_of(activity) not in (*_FLOWS, *_PRODUCTS)


def _is_production(line: Line) -> bool:
    return line.get("type") == "production"


def _agrees(said: str, own: str) -> bool:
    return not said or not own or said == own


def parts_of(categories: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in categories.split("::") if part.strip())


def base_of(symbol: str) -> Base | None:
    return in_base(_UNITS.get(symbol.lower(), symbol))
