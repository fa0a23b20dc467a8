"""One door for every format: find out what a source is, and read it record by record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tanbiao.formats.datasets.container import Container, open_container
from tanbiao.formats.datasets.format import Format, Progress
from tanbiao.formats.datasets.parts import PartKind, Parts, Within, find_parts, several
from tanbiao.formats.datasets.recognising import FORMATS, format_of
from tanbiao.formats.datasets.tally import Tally
from tanbiao.lca.datasets.records import Record
from tanbiao.lca.datasets.report import Report, SourceRefused


def formats() -> tuple[Format, ...]:
    """All formats that can be read."""
    return FORMATS


def parts_of(folder: Path) -> Parts:
    """The sources that a folder holds. Raises SourceRefused where the folder as a whole cannot be trusted."""
    container = open_container(folder)
    try:
        return find_parts(container)
    finally:
        container.close()


def read_source(path: Path, report: Report, progress: Progress = lambda done, total: None) -> Iterator[Record]:
    """Records of the source at `path` (a file or a folder), one by one; memory stays bounded.

    Raises SourceRefused where it is of no format we know, damaged, not to be trusted, or several sources.
    """
    container = open_container(path)
    try:
        found = find_parts(container)
        if not found.one:
            raise several(container, found.parts)
        try:
            yield from _records(_as_one(container, found, report), report, progress)
        except SourceRefused as refusal:
            if len(found.parts) == 1:
                raise
            raise several(container, found.parts, refusal.text) from refusal
    finally:
        container.close()


def _records(source: Container, report: Report, progress: Progress) -> Iterator[Record]:
    found = format_of(source)
    report.facts["format"] = found.id
    report.facts["format_name"] = found.name
    tally = Tally(report)
    for record in found.records(source, report, progress):
        if tally.is_new(record):
            yield record
    tally.finish()


def _as_one(container: Container, found: Parts, report: Report) -> Container:
    """What is to be read of a container that holds one source."""
    if found.parts[0].kind is PartKind.TREE or not found.passed_over:
        return container
    for name in found.passed_over:
        report.note("passed_over", name, "不是数据，未读。", "it is no data and was not read.")
    return Within(container, [part.name for part in found.parts])
