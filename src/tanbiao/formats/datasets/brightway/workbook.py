"""Inventories in workbooks or CSV as Brightway lays them out.

Exchanges say by name, location and unit what they mean, so all activities are looked at before any is linked; an
activity is linked where exactly one fits. In Brightway a process and its product are one: the id of a product is that
of its activity. Formulas of exchanges stand above their stored amounts, which are often mere place holders.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import partial

from tanbiao.formats.datasets.amounts import Flows, number
from tanbiao.formats.datasets.brightway.activities import Activities, base_of, is_process, other_flow, parts_of, type_of
from tanbiao.formats.datasets.brightway.numbers import amount_of, parameters_of, uncertainty_of
from tanbiao.formats.datasets.brightway.sheets import Activity, Book, Line, Sheet, add, has_inventory, sheets_of
from tanbiao.formats.datasets.container import Container, entries_ending
from tanbiao.formats.datasets.format import Format, Progress
from tanbiao.lca.datasets.records import (
    Direction,
    ExchangeRecord,
    FlowKind,
    ProcessRecord,
    Record,
    as_names,
)
from tanbiao.lca.datasets.report import Report, SourceRefused

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
        self._flows = Flows(report, base_of)
        self._activities = Activities(book, report)
        self._values: dict[str, float] = {"pi": math.pi}

    def records(self, progress: Progress) -> Iterator[Record]:
        name = self.book.databases[0] if self.book.databases else ""
        for heading in ("Project parameters", "Database parameters"):
            records, self._values = parameters_of(
                self.book.parameters.get(heading, []), self._values, "", name, self.report
            )
            yield from records
        for activity in self.book.activities:
            if not is_process(activity):
                self._flows.know(self._activities.flow_of(activity), activity.place)
        yield from self._flows.new()
        for done, activity in enumerate(self.book.activities):
            progress(done, len(self.book.activities))
            if is_process(activity):
                process = self._process(activity)
                yield from self._flows.new()
                yield process
        progress(len(self.book.activities), len(self.book.activities))

    def _process(self, activity: Activity) -> ProcessRecord:
        id, fields = self._activities.ids[activity.place], activity.fields
        place = f"{activity.place} {activity.name}"
        parameters, values = parameters_of(activity.parameters, self._values, id, place, self.report)
        found = (self._exchange(activity, at, line, values) for at, line in activity.exchanges)
        exchanges = [exchange for exchange in found if exchange]
        if not any(exchange.reference for exchange in exchanges):
            exchanges.insert(0, self._implied(activity))
        return ProcessRecord(
            id=id,
            names={"": activity.name},
            exchanges=tuple(exchanges),
            location=fields.get("location", ""),
            category=parts_of(fields.get("categories", "")),
            comment=as_names(fields.get("comment", "")),
            parameters=tuple(parameters),
            documentation={key: text for key, text in fields.items() if key not in _FIELDS and text},
            place=place,
        )

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
        amount = amount_of(line, values, place, self.report)
        maker = (
            activity
            if kind == "production" and name == activity.name
            else self._activities.maker(name, line, kind, place)
        )
        own = self._activities.ids[maker.place] if maker else ""
        flow = own or "/".join(filter(None, (line.get("database"), line.get("categories"), name, line.get("location"))))
        unit = line.get("unit") or (maker.fields.get("unit", "") if maker else "")
        flow_kind = FlowKind.ELEMENTARY if kind == "biosphere" else FlowKind.PRODUCT
        make = (
            partial(self._activities.flow_of, maker)
            if maker
            else partial(other_flow, flow, name, line, flow_kind, place)
        )
        factor, counted_in, own_kind = self._flows.counted(flow, unit, flow_kind, place, make)
        first = parts_of(line.get("categories", ""))[:1]
        resource = first in {(word,) for word in _RESOURCES} or (maker is not None and type_of(maker) in _RESOURCES)
        inward = kind == "technosphere" or (kind == "biosphere" and resource)
        return ExchangeRecord(
            flow=flow,
            direction=Direction.IN if inward else Direction.OUT,
            amount=amount,
            unit=unit,
            factor=factor,
            reference=kind == "production" and maker is activity,
            avoided=kind == "substitution",
            provider=own if kind in ("technosphere", "substitution") and maker and is_process(maker) else "",
            formula=line.get("formula", ""),
            uncertainty=uncertainty_of(line, place, self.report),
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
        id = self._activities.ids[activity.place]
        factor, counted_in, _kind = self._flows.counted(
            id, unit, FlowKind.PRODUCT, activity.place, partial(self._activities.flow_of, activity)
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
