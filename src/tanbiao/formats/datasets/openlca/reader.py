"""openLCA JSON-LD, of the old schema (1.x) and of schema 2: a zip, a folder, or a single document.

Documents lie in folders by their kind; loose ones are told by their `@type`. What others stand on is read first and
kept (units, categories, flows); processes and methods are given one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tanbiao.formats.datasets.container import Container, entries_ending
from tanbiao.formats.datasets.format import Format, Progress
from tanbiao.formats.datasets.json import Node, load
from tanbiao.formats.datasets.openlca.amounts import read_parameters, uncertainty_of
from tanbiao.formats.datasets.openlca.ground import Ground, said
from tanbiao.formats.datasets.openlca.process import further_documentation, process
from tanbiao.formats.datasets.openlca_formulas import CONSTANTS
from tanbiao.lca.datasets.records import ImpactFactorRecord, MethodRecord, Record
from tanbiao.lca.datasets.report import Report

_TAKEN = {
    "unit_groups": "UnitGroup",
    "flow_properties": "FlowProperty",
    "categories": "Category",
    "locations": "Location",
    "sources": "Source",
    "dq_systems": "DQSystem",
    "parameters": "Parameter",
    "flows": "Flow",
    "processes": "Process",
    "lcia_methods": "ImpactMethod",
    "lcia_categories": "ImpactCategory",
}
_NOT_TAKEN = {
    "actors": "Actor",
    "currencies": "Currency",
    "epds": "Epd",
    "nw_sets": "NwSet",
    "product_systems": "ProductSystem",
    "projects": "Project",
    "results": "Result",
    "social_indicators": "SocialIndicator",
}
_FOLDERS = _TAKEN | _NOT_TAKEN
_TYPE = re.compile(rb'"@type"\s*:\s*"(\w+)"')
HEADERS = {"openlca.json", "olca-schema.json", "meta.info", "context.json"}


def _is_it(container: Container) -> bool:
    names = list(entries_ending(container, ".json"))
    in_folders = [name for name in names if _folder(name) in _FOLDERS]
    return any(b'"@type"' in container.first_bytes(name).replace(b"\0", b"") for name in (in_folders or names)[:20])


def _folder(name: str) -> str:
    return name.split("/")[-2] if "/" in name else ""


def _documents(container: Container, report: Report) -> dict[str, list[str]]:
    """Entries by the type of their documents."""
    found: dict[str, list[str]] = {kind: [] for kind in _FOLDERS.values()}
    for name in entries_ending(container, ".json"):
        kind = _FOLDERS.get(_folder(name), "")
        if not kind and name.rpartition("/")[2] not in HEADERS and "bin/" not in name:
            match = _TYPE.search(container.first_bytes(name))
            # the first @type of the file may be one of a part of it
            kind = load(container, name, Report()).text("@type") if match else ""
        if kind in found:
            found[kind].append(name)
    report.facts["documents"] = {kind: len(names) for kind, names in found.items() if names}
    return found


def _records(container: Container, report: Report, progress: Progress) -> Iterator[Record]:
    found = _documents(container, report)
    total, done = sum(map(len, found.values())), 0
    ground = Ground(report)

    def each(kind: str) -> Iterator[Node]:
        nonlocal done
        for name in found[kind]:
            yield load(container, name, report)
            done += 1
            progress(done, total)

    for kind, keep in (
        ("UnitGroup", ground.units.unit_group),
        ("FlowProperty", ground.units.flow_property),
        ("Category", ground.category),
        ("Location", ground.location),
        ("Source", ground.source),
    ):
        for node in each(kind):
            keep(node)
    for node in each("DQSystem"):
        indicators = [i.text("name") for i in node.nodes("indicators")]
        report.facts.setdefault("dq_systems", {})[node.text("name")] = indicators
    parameters, values = read_parameters(each("Parameter"), report, CONSTANTS, container.name)
    yield from parameters
    for node in each("Flow"):
        yield ground.flow(node)
    for node in each("Process"):
        record = process(node, ground, values)
        yield from ground.absent
        ground.absent.clear()
        yield record
    yield from _methods(each, ground)
    ground.units.say_what_is_absent()
    _say_what_is_left_out(found, ground, report)


def _methods(each: Callable[[str], Iterator[Node]], ground: Ground) -> Iterator[MethodRecord]:
    methods: dict[str, str] = {}  # category -> the method it belongs to
    about: dict[str, str] = {}
    for node in each("ImpactMethod"):
        for category in node.nodes("impactCategories"):
            methods[category.text("@id")] = node.text("name")
        about[node.text("name")] = node.text("description")
    for node in each("ImpactCategory"):
        name = methods.get(node.id(), "")
        direction = {"INPUT": "in", "OUTPUT": "out"}.get(node.text("direction"), "")
        texts = {"description": node.text("description"), "method": about.get(name, ""), "code": node.text("code")}
        yield MethodRecord(
            node.id(),
            said(node, node, "name"),
            name,
            node.text("refUnit", "referenceUnitName"),
            tuple(_factors(node, direction, ground)),
            {key: text for key, text in texts.items() if text} | dict(further_documentation(node)),
            node.place,
        )


def _factors(category: Node, direction: str, ground: Ground) -> Iterator[ImpactFactorRecord]:
    """A flow that is absent keeps its id and name here: methods often come without their flows."""
    for number, factor in enumerate(category.nodes("impactFactors"), 1):
        flow, value, unit = factor.node("flow"), factor.number("value"), factor.node("unit")
        if flow is None or value is None:
            place = f"{category.place} impactFactors #{number}"
            ground.report.refuse("no_factor", place, "没有流或数值，略去。", "no flow or no value; left out.")
            continue
        known = ground.flows.get(flow.id())
        yield ImpactFactorRecord(
            flow.id(),
            flow.text("name") or (known.name if known else ""),
            value,
            (unit.text("name") if unit else "") or (known.unit if known else flow.text("refUnit")),
            direction,
            ground.code(factor.node("location")),
            ground.path(flow),
            uncertainty_of(factor, ground.report),
        )


def _say_what_is_left_out(found: dict[str, list[str]], ground: Ground, report: Report) -> None:
    for kind in _NOT_TAKEN.values():
        if found[kind]:
            report.note(
                "not_read",
                kind,
                f"{len(found[kind])} 个 {kind} 文档未读入；数据集中的名称仍保留。",
                f"{len(found[kind])} documents of type {kind} are not read in; their names in data sets are kept.",
            )
    for key, count in sorted(ground.left_out.items()):
        report.note("not_read", key, f"{count} 处 {key} 未读入。", f"{key} is not read in, {count} times.")


FORMAT = Format("openlca", "openLCA JSON-LD", _is_it, _records)
