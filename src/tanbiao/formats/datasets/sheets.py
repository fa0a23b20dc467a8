"""Sheets of workbooks and files of text as rows of texts, for formats that are tables."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import python_calamine

from tanbiao.formats.archive import NotAWorkbook, check_archive
from tanbiao.formats.cells import decimal
from tanbiao.formats.tables import Table, TableRefused, read_table
from tanbiao.lca.datasets.report import refused

Rows = list[tuple[str, ...]]


def text_table(name: str, data: bytes) -> Table:
    """A CSV or the like. Raises SourceRefused, naming the file."""
    try:
        return read_table(data, name)
    except TableRefused as error:
        raise refused(name, error.text.zh, error.text.en) from error


def sheets_of(name: str, data: bytes) -> list[tuple[str, Rows]]:
    """Title and rows of every sheet of a workbook. Raises SourceRefused, naming the file."""
    try:
        check_archive(data)
    except NotAWorkbook as error:
        raise refused(name, error.why.zh, error.why.en) from error
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            found = [(title, book.get_sheet_by_name(title)) for title in book.sheet_names]
            return [
                (title, [tuple(map(cell_text, row)) for row in sheet.to_python(skip_empty_area=False)])
                for title, sheet in found
            ]
    except Exception as error:  # the library raises whatever comes to hand on a damaged file
        zh, en = "工作簿已损坏，不能读取；请用 Excel 另存。", "the workbook is damaged; save it again with Excel."
        raise refused(name, zh, en) from error


def cell_text(value: Any) -> str:
    """A cell as text: the shortest number that is the same, a date in ISO form."""
    match value:
        case None:
            return ""
        case float():
            return f"{decimal(value):f}" if 1e-6 <= abs(value) < 1e15 or value == 0 else repr(value)
        case dt.date() | dt.time():
            return value.isoformat()
    return str(value)
