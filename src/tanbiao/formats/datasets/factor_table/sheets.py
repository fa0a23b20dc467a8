"""The tables of a source, one at a time: each file of text, each filled sheet of each workbook."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import python_calamine

from tanbiao.formats.archive import NotAWorkbook, check_archive
from tanbiao.formats.cells import decimal
from tanbiao.formats.datasets.container import Container
from tanbiao.formats.tables import Table, TableRefused, read_table, table_of
from tanbiao.lca.datasets.report import refused

ENDINGS = (".csv", ".tsv", ".xlsx")


def tables_of(container: Container) -> Iterator[tuple[str, Table]]:
    """Each table with its title: file and sheet, as far as there are several. Raises SourceRefused."""
    names = [name for name in container.names() if name.lower().endswith(ENDINGS)]
    for name in names:
        file = name if len(names) > 1 else ""
        for sheet, table in _tables(name, container.read(name)):
            yield "!".join(filter(None, (file, sheet))), table


def _tables(name: str, data: bytes) -> Iterator[tuple[str, Table]]:
    """The tables of a file, each with the name of its sheet where there are several."""
    try:
        if not name.lower().endswith(".xlsx"):
            yield "", read_table(data, name)
            return
        check_archive(data)
    except TableRefused as error:
        raise refused(name, error.text.zh, error.text.en) from error
    except NotAWorkbook as error:
        raise refused(name, error.why.zh, error.why.en) from error
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheets = [
                (title, book.get_sheet_by_name(title).to_python(skip_empty_area=False)) for title in book.sheet_names
            ]
    except Exception as error:  # the library raises whatever comes to hand on a damaged file
        zh, en = "工作簿已损坏，不能读取；请用 Excel 另存。", "the workbook is damaged; save it again with Excel."
        raise refused(name, zh, en) from error
    for title, rows in sheets:
        lines = [tuple(_text(value) for value in row) for row in rows]
        while lines and not any(cell.strip() for cell in lines[-1]):
            lines.pop()
        if lines:
            yield title if len(sheets) > 1 else "", table_of("xlsx", lines)


def _text(value: Any) -> str:
    """A cell of a workbook as text: the shortest number that is the same, a date in ISO form."""
    match value:
        case None:
            return ""
        case float():
            return f"{decimal(value):f}" if 1e-6 <= abs(value) < 1e15 or value == 0 else repr(value)
        case dt.date() | dt.time():
            return value.isoformat()
    return str(value)
