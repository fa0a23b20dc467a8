"""ILCD and eILCD: a zip, a folder or single files of XML, one data set each; ILCD+EPD declarations among them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tanbiao.formats.datasets.container import Container, entries_ending
from tanbiao.formats.datasets.format import Format, Progress
from tanbiao.formats.datasets.ilcd import flows, methods
from tanbiao.formats.datasets.ilcd.epd import declaration, is_declaration
from tanbiao.formats.datasets.ilcd.exchanges import Surroundings
from tanbiao.formats.datasets.ilcd.index import FOLDERS, Entry, Index, Syntax, Xml, index
from tanbiao.formats.datasets.ilcd.models import providers_of
from tanbiao.formats.datasets.ilcd.processes import process
from tanbiao.formats.datasets.xml import Element
from tanbiao.lca.datasets.records import DeclarationRecord, FlowRecord, Names, ProcessRecord, Record
from tanbiao.lca.datasets.report import Report

_LOOKED_AT = 50  # entries looked into to tell the format: other XML may stand beside data sets


def is_it(syntax: Syntax, container: Container) -> bool:
    """Whether the first entries of the right ending, those in folders of ILCD before others, begin a data set."""
    names = sorted(entries_ending(container, syntax.suffix), key=lambda name: _folder(name) not in FOLDERS.values())
    return any(syntax.kind(container.first_bytes(name)) for name in names[:_LOOKED_AT])


def records(syntax: Syntax, container: Container, report: Report, progress: Progress) -> Iterator[Record]:
    """Flows, then methods, then processes and declarations; a flow that is only named comes right before its user."""
    found = index(container, syntax, report, progress)
    report.facts["documents"] = dict(found.counts)
    report.counts["sources"] = found.counts["sourceDataSet"]
    report.counts["contacts"] = found.counts["contactDataSet"]
    reader = _Reader(found, report)
    entries = sum(1 for _ in entries_ending(container, syntax.suffix))
    total = 2 * entries
    for done, record in enumerate(reader.records(), 1):
        progress(min(entries + done, total), total)
        yield record
    progress(total, total)


class _Reader:
    """One reading of a source: keeps units, flows' units and names, and never a process."""

    def __init__(self, found: Index, report: Report):
        self.found, self.report = found, report
        self.quantities = flows.quantities(found, report)
        self.units: dict[str, str] = {}
        self.around = Surroundings(lambda flow: self.units.get(flow, ""), report, providers_of(found, report))

    def records(self) -> Iterator[Record]:
        for flow in flows.flows(self.found, self.quantities, self.report):
            self.units[flow.id] = flow.unit
            yield flow
        for entry, root in self.found.trees("LCIAMethodDataSet"):
            yield methods.method(entry, root, self.quantities, self.around.unit_of, self.report)
        for entry, root in self.found.trees("processDataSet"):
            yield from self._process(entry, root)
        # links go to processes by UUID, so that of two versions one counts; declarations nobody links to, and all stay
        for entry in self.found.older["processDataSet"]:
            root = self.found.tree(entry)
            if is_declaration(root):
                yield from self._process(Entry(entry.name, entry.kind, f"{entry.uuid}@{entry.version}", ""), root)

    def _process(self, entry: Entry, root: Element) -> Iterator[Record]:
        record: ProcessRecord | DeclarationRecord
        if is_declaration(root):
            record = declaration(entry, root, self.around)
        else:
            record = process(entry, root, self.around)
        yield from self._named_only(entry.name)
        yield record

    def _named_only(self, place: str) -> Iterator[FlowRecord]:
        """Flows that this process is the first to name and whose data set is absent."""
        fresh, self.around.fresh = self.around.fresh, []
        for flow in (flow for flow in fresh if flow not in self.units):
            names: Names = self.around.named[flow]
            self.report.counts["flows_without_data_set"] += 1
            self.report.note(
                "absent_flow",
                place,
                f"流“{next(iter(names.values()), flow)}”（{flow}）没有数据集，类型和单位未知",
                f'the flow "{next(iter(names.values()), flow)}" ({flow}) has no data set; its kind and unit are '
                "unknown",
            )
            yield flows.named_only(flow, names, place)


FORMAT = Format("ilcd", "ILCD / eILCD / ILCD+EPD", partial(is_it, Xml()), partial(records, Xml()))


def _folder(name: str) -> str:
    return name.rpartition("/")[0].rpartition("/")[2].lower()
