"""What a format of sources is: how it is known, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
