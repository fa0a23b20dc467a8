"""Inventories in workbooks or CSV as Brightway lays them out.

Exchanges say by name, location and unit what they mean, so all activities are looked at before any is linked; an
activity is linked where exactly one fits. In Brightway a process and its product are one: the id of a product is that
of its activity. Formulas of exchanges stand above their stored amounts, which are often mere place holders.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import partial

from tanbiao.formats.datasets.amounts import Base, Flows, duplicate, number, number_if_any
from tanbiao.formats.datasets.brightway.sheets import Activity, Book, Line, Sheet, add, has_inventory, sheets_of
from tanbiao.formats.datasets.container import Container, entries_ending
from tanbiao.formats.datasets.format import Format, Progress
from tanbiao.formats.datasets.formulas import formula_not_read, value_of, work_out
from tanbiao.formats.datasets.uncertainties import Uncertainty, spread, uncertainty_not_read
from tanbiao.lca.datasets.records import (
    Direction,
    ExchangeRecord,
    FlowKind,
    FlowRecord,
    ParameterRecord,
    ProcessRecord,
    Record,
    as_names,
)
from tanbiao.lca.datasets.report import Report, SourceRefused
from tanbiao.lca.datasets.source_units import in_base
from tanbiao.lca.faults import Fault

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
_RESOURCES = ("natural resource", "resource", "resources", "raw")
_KINDS = ("production", "technosphere", "biosphere", "substitution")
_FIELDS = ("code", "categories", "comment", "location", "production amount", "type", "unit", "reference product")
_ENDINGS = (".xlsx", ".xlsm", ".csv")
_MOST = 20  # files looked into to tell the format


def _is_it(container: Container) -> bool:
    """Keywords in the first column tell it; a workbook must be opened for that."""
    for name in list(entries_ending(container, *_ENDINGS))[:_MOST]:
        if name.lower().endswith(".csv"):
            firsts = set(re.findall(rb"(?:^|[\r\n])\xef?\xbb?\xbf?(\w+)[,;\t]", container.first_bytes(name, 1 << 16)))
            if {b"Database", b"Activity"} <= firsts:
                return True
        else:
            try:
                if has_inventory(sheets_of(name, container.read(name), Report())):
                    return True
            except SourceRefused:
                continue
    return False


def _records(container: Container, report: Report, progress: Progress) -> Iterator[Record]:
    book = Book()
    counted: dict[str, dict[str, int]] = {}
    for name in entries_ending(container, *_ENDINGS):
        for sheet in sheets_of(name, container.read(name), report):
            before = len(book.activities)
            add(sheet, book, report)
            counted[sheet.place] = _counted(sheet, book.activities[before:])
    report.facts["sheets"] = counted
    report.facts["database"] = ", ".join(book.databases)
    report.facts["database_fields"] = book.fields
    yield from _Reader(book, report).records(progress)


FORMAT = Format("brightway", "Brightway", _is_it, _records)


def _counted(sheet: Sheet, activities: list[Activity]) -> dict[str, int]:
    return {
        "rows": len(sheet.rows),
        "nonempty": sum(any(row) for row in sheet.rows),
        "activities": len(activities),
        "exchange_blocks": sum(a.tables for a in activities),
    }


class _Reader:
    def __init__(self, book: Book, report: Report):
        self.book, self.report = book, report
        self._flows = Flows(report, _base_of)
        self._by_name: defaultdict[str, list[Activity]] = defaultdict(list)
        self._ids = _ids(book)
        own = set(book.databases)
        for activity in book.activities:
            self._by_name[activity.name].append(activity)
            own |= {line["database"] for _, line in activity.exchanges if _is_production(line) and "database" in line}
        self._own = own  # names that the source calls its own database by
        self._values: dict[str, float] = {"pi": math.pi}

    def records(self, progress: Progress) -> Iterator[Record]:
        name = self.book.databases[0] if self.book.databases else ""
        for heading in ("Project parameters", "Database parameters"):
            records, self._values = self._parameters(self.book.parameters.get(heading, []), self._values, "", name)
            yield from records
        for activity in self.book.activities:
            if not _is_process(activity):
                self._flows.know(self._own_flow(activity), activity.place)
        yield from self._flows.new()
        for done, activity in enumerate(self.book.activities):
            progress(done, len(self.book.activities))
            if _is_process(activity):
                process = self._process(activity)
                yield from self._flows.new()
                yield process
        progress(len(self.book.activities), len(self.book.activities))

    def _process(self, activity: Activity) -> ProcessRecord:
        id, fields = self._ids[activity.place], activity.fields
        place = f"{activity.place} {activity.name}"
        parameters, values = self._parameters(activity.parameters, self._values, id, place)
        found = (self._exchange(activity, at, line, values) for at, line in activity.exchanges)
        exchanges = [exchange for exchange in found if exchange]
        if not any(exchange.reference for exchange in exchanges):
            exchanges.insert(0, self._implied(activity))
        return ProcessRecord(
            id=id,
            names={"": activity.name},
            exchanges=tuple(exchanges),
            location=fields.get("location", ""),
            category=_parts(fields.get("categories", "")),
            comment=as_names(fields.get("comment", "")),
            parameters=tuple(parameters),
            documentation={key: text for key, text in fields.items() if key not in _FIELDS and text},
            place=place,
        )

    def _parameters(
        self, lines: list[tuple[str, Line]], outer: Mapping[str, float], process: str, place: str
    ) -> tuple[list[ParameterRecord], dict[str, float]]:
        """Parameters of one group, and the values known in it. A formula stands above the amount beside it."""
        given: dict[str, float | str] = {}
        for at, line in lines:
            formula = line.get("formula", "")
            given[line.get("name", "")] = formula or number(line.get("amount", ""), f"{at} {line.get('name', '')}")
        values, faults = work_out(given, outer, place)
        for at, line in lines:
            if fault := faults.get(line.get("name", "")):
                values[line["name"]] = self._stored(line, at, fault)
        return [
            ParameterRecord(
                name=line.get("name", ""),
                value=values[line.get("name", "")],
                formula=line.get("formula", ""),
                process=process,
                uncertainty=self._uncertainty(line, at),
                comment=as_names(" ".join(filter(None, (line.get("comment"), line.get("unit"))))),
            )
            for at, line in lines
        ], values

    def _exchange(
        self, activity: Activity, place: str, line: Line, values: Mapping[str, float]
    ) -> ExchangeRecord | None:
        name = line.get("name") or line.get("code") or line.get("input", "")
        place = f"{place} {name}".strip()
        kind = line.get("type", "") or self._assumed_kind(activity, name, line, place)
        if kind not in _KINDS:
            self.report.refuse(
                "exchange_type",
                place,
                f"交换类型“{kind}”不认识（应为 {'、'.join(_KINDS)}），未读",
                f'the type "{kind}" is not known (one of {", ".join(_KINDS)} is due); the exchange is left out',
            )
            return None
        amount = self._amount(line, values, place)
        maker = activity if kind == "production" and name == activity.name else self._maker(name, line, kind, place)
        own = self._ids[maker.place] if maker else ""
        flow = own or "/".join(filter(None, (line.get("database"), line.get("categories"), name, line.get("location"))))
        unit = line.get("unit") or (maker.fields.get("unit", "") if maker else "")
        flow_kind = FlowKind.ELEMENTARY if kind == "biosphere" else FlowKind.PRODUCT
        make = partial(self._own_flow, maker) if maker else partial(_other_flow, flow, name, line, flow_kind, place)
        factor, counted_in, own_kind = self._flows.counted(flow, unit, flow_kind, place, make)
        first = _parts(line.get("categories", ""))[:1]
        resource = first in {(word,) for word in _RESOURCES} or (maker is not None and _type(maker) in _RESOURCES)
        inward = kind == "technosphere" or (kind == "biosphere" and resource)
        return ExchangeRecord(
            flow=flow,
            direction=Direction.IN if inward else Direction.OUT,
            amount=amount,
            unit=unit,
            factor=factor,
            reference=kind == "production" and maker is activity,
            avoided=kind == "substitution",
            provider=own if kind in ("technosphere", "substitution") and maker and _is_process(maker) else "",
            formula=line.get("formula", ""),
            uncertainty=self._uncertainty(line, place),
            pedigree=line.get("pedigree", ""),
            location=line.get("location", ""),
            comment=as_names(line.get("comment", "")),
            counted_in=counted_in,
            kind=own_kind,
        )

    def _implied(self, activity: Activity) -> ExchangeRecord:
        """What Brightway takes for granted: an activity without a production exchange makes its amount of itself."""
        unit = activity.fields.get("unit", "")
        self.report.note(
            "implied_product",
            f"{activity.place} {activity.name}",
            "没有 production 交换；按 Brightway 的约定，以自身为产品",
            "it has no production exchange; by the convention of Brightway it makes itself",
        )
        id = self._ids[activity.place]
        factor, counted_in, _kind = self._flows.counted(
            id, unit, FlowKind.PRODUCT, activity.place, partial(self._own_flow, activity)
        )
        amount = number(activity.fields.get("production amount") or "1", activity.place)
        return ExchangeRecord(id, Direction.OUT, amount, unit, factor, reference=True, counted_in=counted_in)

    def _assumed_kind(self, activity: Activity, name: str, line: Line, place: str) -> str:
        biosphere = line.get("database", "").lower().startswith("biosphere")
        kind = "production" if name == activity.name else "biosphere" if biosphere else "technosphere"
        self.report.warn(
            "type_assumed",
            place,
            f"没有写交换类型（type），按 {kind} 读取",
            f"the type of the exchange is not given; read as {kind}",
        )
        return kind

    def _maker(self, name: str, line: Line, kind: str, place: str) -> Activity | None:
        """The one activity (or flow) of the source that an exchange means; None where there is none, or several."""
        if line.get("database", "") not in ("", *self._own):
            return None
        fits = [
            a
            for a in self._by_name.get(name, ())
            if (kind == "biosphere") == (_type(a) in _FLOWS)
            and line.get("code", "") in ("", a.fields.get("code", ""))
            and _agrees(line.get("unit", ""), a.fields.get("unit", ""))
            and _agrees(line.get("reference product", ""), a.fields.get("reference product", ""))
            and _agrees(line.get("location", ""), a.fields.get("location", ""))
        ]
        if len(fits) > 1:
            said = ", ".join(a.place for a in fits[:5])
            self.report.warn(
                "ambiguous_activity",
                place,
                f"“{name}”有 {len(fits)} 个活动符合（{said}），未连接；请注明地区、单位或 code",
                f'{len(fits)} activities fit "{name}" ({said}); not linked. Give the location, unit or code',
            )
        return fits[0] if len(fits) == 1 else None

    def _amount(self, line: Line, values: Mapping[str, float], place: str) -> float:
        formula = line.get("formula", "")
        if not formula:
            return number(line.get("amount", ""), place)
        try:
            return value_of(formula, values, place)
        except Fault as fault:
            return self._stored(line, place, fault)

    def _stored(self, line: Line, place: str, fault: Fault) -> float:
        stored = number(line.get("amount", ""), place)
        formula_not_read(line["formula"], fault.text, stored, place, self.report)
        return stored

    def _uncertainty(self, line: Line, place: str) -> Uncertainty:
        """By the numbers of stats_arrays: a lognormal is given by the mean and deviation of its logarithm."""
        kind = number_if_any(line.get("uncertainty type", "0"))
        loc, scale, low, high = (number_if_any(line.get(n, "")) for n in ("loc", "scale", "minimum", "maximum"))
        found: Uncertainty = {}
        match kind:
            case 0 | 1:
                return {}
            case 2 if loc is not None and scale is not None and abs(loc) < 700 and 0 <= scale < 50:
                found = spread("lognormal", mean=math.exp(loc), gsd=math.exp(scale))
            case 3:
                found = spread("normal", mean=loc, sd=scale)
            case 4:
                found = spread("uniform", minimum=low, maximum=high)
            case 5:
                found = spread("triangular", minimum=low, mode=loc, maximum=high)
        if not found:
            uncertainty_not_read(line.get("uncertainty type", ""), place, self.report)
        return found

    def _own_flow(self, activity: Activity) -> FlowRecord:
        fields = activity.fields
        is_flow = _type(activity) in _FLOWS
        return FlowRecord(
            self._ids[activity.place],
            {"": fields.get("reference product") or activity.name},
            FlowKind.ELEMENTARY if is_flow else FlowKind.WASTE if _type(activity) == "waste" else FlowKind.PRODUCT,
            unit=fields.get("unit", ""),
            category=_parts(fields.get("categories", "")) or ((_type(activity),) if is_flow else ()),
            cas=fields.get("cas number", "").lstrip("0"),
            location=fields.get("location", ""),
            place=activity.place,
        )


def _other_flow(id: str, name: str, line: Line, kind: FlowKind, place: str) -> FlowRecord:
    return FlowRecord(
        id,
        {"": line.get("reference product") or name},
        kind,
        category=_parts(line.get("categories", "")),
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


def _type(activity: Activity) -> str:
    return activity.fields.get("type", "").lower()


def _is_process(activity: Activity) -> bool:
    return _type(activity) not in (*_FLOWS, *_PRODUCTS)


def _is_production(line: Line) -> bool:
    return line.get("type") == "production"


def _agrees(said: str, own: str) -> bool:
    return not said or not own or said == own


def _parts(categories: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in categories.split("::") if part.strip())


def _base_of(symbol: str) -> Base | None:
    return in_base(_UNITS.get(symbol.lower(), symbol))
