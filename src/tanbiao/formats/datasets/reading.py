"""One door for every format: find out what a source is, and read it record by record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tanbiao.formats.datasets.container import Container
from tanbiao.lca.datasets.records import Record
from tanbiao.lca.datasets.report import Report

#: told how far a reading is: (done, total) in entries or rows of the source; total 0 where it is not known
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A format of sources.

    is_it    whether this container holds it, by its names and first bytes only
    records  its records in order: parameters and flows before the processes, methods and declarations that name them;
             counts, conversions and refusals go to the report. Raises SourceRefused.
    """

    id: str  # "openlca", "ilcd", "tidas", "ecospold1", "ecospold2", "simapro", "brightway", "datapackage", "table"
    name: str
    is_it: Callable[[Container], bool]
    records: Callable[[Container, Report, Progress], Iterator[Record]]


def read_source(path: Path, report: Report, progress: Progress = lambda done, total: None) -> Iterator[Record]:
    """Records of the source at `path` (a file or a folder), one by one; memory stays bounded.

    Raises SourceRefused where it is of no format we know, damaged, or not to be trusted.
    """
    raise NotImplementedError
