"""One door for every format that is written, by the id of the format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tanbiao.formats.datasets.ilcd.tidas_writer import write_tidas
from tanbiao.formats.datasets.ilcd.writer import write_ilcd
from tanbiao.formats.datasets.openlca.writer import write_openlca
from tanbiao.lca.datasets.records import Record
from tanbiao.lca.datasets.report import Report

#: records to a package at a path; the report says what the format has no place for. Factors go to a table instead:
#: `factor_table.writer`
PACKAGES: Mapping[str, Callable[[Iterable[Record], Path], Report]] = {
    "openlca": write_openlca,
    "ilcd": write_ilcd,
    "tidas": write_tidas,
}
