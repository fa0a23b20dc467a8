"""The workbook that enterprises fill in: read into a product system, or all its problems at once.

No half results: either every cell was understood, or `Problems` names every cell that was not.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from tanbiao.formats import sheets
from tanbiao.formats.archive import MAX_BYTES, NotAWorkbook
from tanbiao.formats.assembly import assemble
from tanbiao.formats.cells import Findings, TooManyFindings
from tanbiao.formats.grid import Grid, find_grid, open_grids, product_row, table_rows
from tanbiao.formats.starter import starter_library
from tanbiao.formats.template import write_template
from tanbiao.lca.model import ProductSystem
from tanbiao.words import Problem, Problems

__all__ = ["XLSX", "Reading", "read_workbook", "write_template"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_LINES = 2_000  # rows of all tables; the largest plants need some hundreds


@dataclass(frozen=True, slots=True)
class Reading:
    """What a workbook said: the system, what to know of it, and the sha256 of the file (hex)."""

    system: ProductSystem
    warnings: tuple[Problem, ...]
    digest: str


def read_workbook(source: Path | str | bytes, name: str = "") -> Reading:
    """Read a filled-in workbook, from a path or its bytes; `name` is what it is called in messages.

    Raises NotAWorkbook where the file cannot be opened safely, Problems (every problem of the file, with places as
    "原材料 Materials!D17") where anything in it does not do, and OSError where there is no such file.
    """
    if isinstance(source, bytes):
        data = source
    else:
        data, name = _read_bounded(Path(source)), name or Path(source).name
    try:
        grids = open_grids(data)
    except NotAWorkbook as error:
        raise NotAWorkbook(error.text.at(name) if name else error.text) from error
    findings = Findings()
    system = None
    with contextlib.suppress(TooManyFindings):
        system = _system(grids, findings)
    order = _Order([g.title for g in grids])
    if findings.fatal or system is None:
        raise Problems(sorted(findings.problems, key=order))
    return Reading(system, tuple(sorted(findings.warnings, key=order)), hashlib.sha256(data).hexdigest())


def _system(grids: list[Grid], findings: Findings) -> ProductSystem | None:
    found = {sheet.key: find_grid(grids, sheet, findings) for sheet in (sheets.PRODUCT, *sheets.TABLES)}
    for sheet in (sheets.PRODUCT, *sheets.TABLES):
        if found[sheet.key] is None:  # renamed perhaps; reading on would leave out what it holds
            findings.refuse(
                sheet.title,
                f"缺少工作表“{sheet.title}”。请恢复模板中的名称；没有内容也请保留空表。",
                f'the sheet "{sheet.title}" is missing. Restore its name as in the template; keep it even when empty.',
            )
    rows = {s.key: list(table_rows(grid, s, findings)) if (grid := found[s.key]) else [] for s in sheets.TABLES}
    if (lines := sum(map(len, rows.values()))) > MAX_LINES:
        findings.refuse(
            "",
            f"各表共 {lines} 行，最多 {MAX_LINES} 行。请把同类的行合并为数据期内的合计。",
            f"the tables hold {lines} rows, at most {MAX_LINES}. Combine like rows into sums over the data period.",
        )
        return None
    product = found[sheets.PRODUCT.key]
    return assemble(product_row(product, findings), rows, starter_library(), findings) if product else None


def _read_bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


class _Order:
    """Problems sort as one reads: sheet, row, column."""

    def __init__(self, titles: list[str]):
        self.titles = titles

    def __call__(self, problem: Problem) -> tuple[int, int, int, str]:
        title, _, cell = problem.place.rpartition("!")
        found = re.match(r"([A-Z]+)(\d+)", cell)
        letters, row = (found[1], int(found[2])) if found else ("", 0)
        return self.titles.index(title) if title in self.titles else -1, row, len(letters), letters
