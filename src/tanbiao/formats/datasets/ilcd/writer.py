"""Write records as ILCD: a zip with one XML file for each data set, in the folders of the format.

The same records give the same bytes. What ILCD has no place for is said in the report, never dropped in silence.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from lxml import etree

from tanbiao.formats.datasets.ilcd.growing import as_uuid
from tanbiao.formats.datasets.ilcd.index import FOLDERS
from tanbiao.formats.datasets.ilcd.process_trees import declaration_tree, process_tree
from tanbiao.formats.datasets.ilcd.trees import Woods, flow_tree, method_tree, quantity_trees
from tanbiao.formats.datasets.xml import Element, local
from tanbiao.lca.datasets.records import (
    DeclarationRecord,
    FactorRecord,
    FlowKind,
    FlowRecord,
    MethodRecord,
    ParameterRecord,
    ProcessRecord,
    Record,
)
from tanbiao.lca.datasets.report import Report

_TIME = (1980, 1, 1, 0, 0, 0)  # the first a zip knows


def write_ilcd(records: Iterable[Record], path: Path) -> Report:
    """Write the records, flows before what names them, to a zip at `path`; the report says what was left out."""
    return write_data_sets(records, path, ".xml", _as_xml)


def write_data_sets(records: Iterable[Record], path: Path, suffix: str, written: Callable[[Element], bytes]) -> Report:
    """The data sets in a zip, each as `written`."""
    report = Report()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for uuid, root in _trees(records, Woods(report)):
            name = zipfile.ZipInfo(f"ILCD/{FOLDERS[local(root)]}/{uuid}{suffix}", _TIME)
            name.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(name, written(root))
    return report


def _trees(records: Iterable[Record], woods: Woods) -> Iterator[tuple[str, Element]]:
    """UUID and tree of each data set, in the order of the records; what they hang on follows."""
    for record in records:
        match record:
            case FlowRecord():
                woods.flows[record.id] = record
                if record.kind is FlowKind.UNKNOWN:
                    continue  # it has no data set; who names it gives its name
                yield as_uuid(record.id), flow_tree(record, woods)
            case ProcessRecord():
                yield as_uuid(record.id), process_tree(record, woods)
            case MethodRecord():
                yield as_uuid(record.id), method_tree(record, woods)
            case DeclarationRecord():
                yield as_uuid(record.id), declaration_tree(record, woods)
            case ParameterRecord():
                woods.unheld(record.name, "整个数据库的参数", "a parameter of the whole database")
            case FactorRecord():
                woods.unheld(record.id, "排放因子", "an emission factor")
    for flow in woods.own.values():
        yield as_uuid(flow.id), flow_tree(flow, woods)
    yield from quantity_trees(woods)


def _as_xml(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
