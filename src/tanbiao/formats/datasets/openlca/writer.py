"""Records as an openLCA package (schema 2, zip): what it holds depends on the records alone, to the byte.

What openLCA has no place for (other languages, headings of other formats) stands in `otherProperties`, where our reader
finds it again; what is lost all the same is counted in the report.
"""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import olca_schema as o

from tanbiao.formats.datasets.openlca.parts import (
    FLOW_TYPES,
    beside,
    file_id,
    languages,
    made_id,
    main_text,
    named,
    parameter,
    path_beside,
    refer,
    uncertainty,
)
from tanbiao.formats.datasets.openlca.process_writer import write_process, written_flow
from tanbiao.formats.datasets.openlca.unit_writer import UnitWriter
from tanbiao.lca.datasets.records import (
    ExchangeRecord,
    FlowKind,
    FlowRecord,
    ImpactFactorRecord,
    MethodRecord,
    ParameterRecord,
    ProcessRecord,
    Record,
)
from tanbiao.lca.datasets.report import Report

_WHEN = (1980, 1, 1, 0, 0, 0)  # the first a zip can say
_FOLDERS = {
    "UnitGroup": "unit_groups",
    "FlowProperty": "flow_properties",
    "Flow": "flows",
    "Process": "processes",
    "Parameter": "parameters",
    "Location": "locations",
    "Source": "sources",
    "ImpactCategory": "lcia_categories",
    "ImpactMethod": "lcia_methods",
}


def write_openlca(records: Iterable[Record], path: Path) -> Report:
    """Write flows, processes, methods and parameters; flows stand before the processes that name them.

    The report counts what was written, and says what openLCA has no place for.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        return _Package(archive).write(records)


class _Package:
    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive
        self._units = UnitWriter()
        self._flows: dict[str, FlowRecord] = {}
        self._written_flows: dict[tuple[str, FlowKind | None], FlowRecord] = {}
        self._named: dict[tuple[str, str], str] = {}  # locations and sources that have been referred to
        self._methods: dict[str, list[o.Ref]] = {}
        self._lost: Counter[str] = Counter()
        self._report = Report()

    def write(self, records: Iterable[Record]) -> Report:
        self._entry("olca-schema.json", {"version": 2})
        for record in records:
            match record:
                case FlowRecord():
                    self._flows[record.id] = record
                    self._written_flows[record.id, None] = written_flow(record, None)
                case ProcessRecord():
                    self._put(write_process(record, self._flow_of, self._units, self._lost))
                    for place in (record.location, *(e.location for e in record.exchanges)):
                        self._named["Location", place] = place
                    for source in record.sources:
                        self._named["Source", source] = source
                case MethodRecord():
                    self._put(self._category(record))
                case ParameterRecord():
                    self._put(parameter(record).to_dict())
                case _:
                    self._lost[type(record).__name__] += 1
        self._rest()
        for key, count in sorted(self._lost.items()):
            self._report.warn(
                "not_written",
                key,
                f"openLCA 中没有 {key} 的位置，{count} 处未写出。",
                f"openLCA has no place for {key}; {count} were not written.",
            )
        return self._report

    def _rest(self) -> None:
        """What has been referred to: it is known in the end only."""
        for flow in self._written_flows.values():
            self._put(self._flow(flow))
        for each in self._units.written():
            self._put(each.to_dict())
        for kind, name in sorted(self._named):
            if name and kind == "Location":
                id = made_id(kind, name)
                self._put(o.Location(id=id, name=name, code=name, version="", last_change="").to_dict())
            elif name:
                self._put(o.Source(id=made_id(kind, name), name=name, version="", last_change="").to_dict())
        for name, categories in self._methods.items():
            id = made_id("method", name)
            method = o.ImpactMethod(id=id, name=name, impact_categories=categories, version="", last_change="")
            self._put(method.to_dict())

    def _flow_of(self, e: ExchangeRecord) -> FlowRecord:
        kind = None if e.kind is None or (e.flow in self._flows and self._flows[e.flow].kind is e.kind) else e.kind
        if (e.flow, kind) not in self._written_flows:
            # named by an exchange only: it is counted in the unit it is first met in
            flow = self._flows.get(e.flow) or FlowRecord(e.flow, {}, FlowKind.UNKNOWN, e.unit)
            self._written_flows[e.flow, kind] = written_flow(flow, kind)
        return self._written_flows[e.flow, kind]

    def _flow(self, flow: FlowRecord) -> dict[str, Any]:
        self._named["Location", flow.location] = flow.location
        document: dict[str, Any] = o.Flow(
            id=flow.id,
            name=main_text(flow.names),
            description=main_text(flow.comment),
            synonyms=main_text(flow.synonyms),
            category="/".join(flow.category) or None,
            cas=flow.cas or None,
            formula=flow.formula or None,
            flow_type=FLOW_TYPES.get(flow.kind),
            flow_properties=self._units.of_flow(flow) if flow.unit else None,
            location=named(o.RefType.Location, flow.location),
            version="",
            last_change="",
        ).to_dict()
        spoken = languages(name=flow.names, description=flow.comment, synonyms=flow.synonyms)
        return document | beside(languages=spoken, categoryPath=path_beside(flow.category))

    def _category(self, method: MethodRecord) -> dict[str, Any]:
        id = file_id("impact category", method.id)
        if method.method:
            self._methods.setdefault(method.method, []).append(refer(o.RefType.ImpactCategory, id))
        directions = {factor.direction for factor in method.factors}
        direction = {"in": o.Direction.INPUT, "out": o.Direction.OUTPUT}.get(directions.pop() if directions else "")
        if directions:
            direction = None  # of several; each factor tells its own by its flow
        document: dict[str, Any] = o.ImpactCategory(
            id=id,
            name=main_text(method.names),
            ref_unit=method.unit,
            direction=direction,
            code=method.documentation.get("code"),
            description=method.documentation.get("description"),
            impact_factors=[self._factor(factor) for factor in method.factors],
            version="",
            last_change="",
        ).to_dict()
        further = {key: text for key, text in method.documentation.items() if key not in ("code", "description")}
        return document | beside(languages=languages(name=method.names), documentation=further)

    def _factor(self, factor: ImpactFactorRecord) -> o.ImpactFactor:
        self._named["Location", factor.location] = factor.location
        unit, quantity = self._units.plain(factor.unit) if factor.unit else (None, None)
        return o.ImpactFactor(
            flow=refer(
                o.RefType.Flow,
                file_id("flow", factor.flow),
                factor.flow_name,
                category="/".join(factor.flow_category) or None,
                ref_unit=factor.unit or None,
            ),
            flow_property=quantity,
            unit=unit,
            value=factor.value,
            location=named(o.RefType.Location, factor.location),
            uncertainty=uncertainty(factor.uncertainty),
        )

    def _put(self, document: dict[str, Any]) -> None:
        kind = document["@type"]
        for key in ("lastChange", "version"):
            if not document.get(key):
                document.pop(key, None)
        self._report.counts[_FOLDERS[kind]] += 1
        self._entry(f"{_FOLDERS[kind]}/{document['@id']}.json", document)

    def _entry(self, name: str, document: dict[str, Any]) -> None:
        info = zipfile.ZipInfo(name, _WHEN)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o100644 << 16
        self._archive.writestr(info, json.dumps(document, ensure_ascii=False, sort_keys=True, allow_nan=False))
