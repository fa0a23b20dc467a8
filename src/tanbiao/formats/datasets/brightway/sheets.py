"""The sheets of a Brightway inventory: keywords in the first column, and what stands below each.

Database and Activity are followed by lines of a key and its value, Parameters and Exchanges by a table with a header.
A sheet that begins with "skip" is not read; one that begins with "cutoff" and a number ends before that column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from tanbiao.formats.datasets.amounts import number_if_any
from tanbiao.formats.datasets.sheets import Rows, text_table
from tanbiao.formats.datasets.sheets import sheets_of as workbook_sheets
from tanbiao.formats.tables import neutral
from tanbiao.lca.datasets.report import Report

TABLES = ("Project parameters", "Database parameters", "Parameters", "Exchanges")
KEYWORDS = ("Database", "Activity", *TABLES)
_UNKNOWN = ("(unknown)", "none", "nan")  # as Brightway writes what it does not know

Line = Mapping[str, str]  # header in lower case -> cell


@dataclass(frozen=True, slots=True)
class Sheet:
    place: str  # file and sheet
    rows: list[tuple[str, ...]]

    def at(self, row: int, column: int = 0) -> str:
        return f"{self.place}!{get_column_letter(column + 1)}{row + 1}"


@dataclass(slots=True)
class Activity:
    name: str
    place: str
    fields: dict[str, str] = field(default_factory=dict)
    parameters: list[tuple[str, Line]] = field(default_factory=list)  # with the place of each
    exchanges: list[tuple[str, Line]] = field(default_factory=list)
    tables: int = 0  # of exchanges


@dataclass(slots=True)
class Book:
    """All that the sheets of a source hold."""

    databases: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, list[tuple[str, Line]]] = field(default_factory=dict)  # of project and of database
    activities: list[Activity] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def sheets_of(name: str, data: bytes, report: Report) -> list[Sheet]:
    """The rows of a workbook or CSV, as texts. Raises SourceRefused."""
    if name.lower().endswith((".xlsx", ".xlsm")):
        return [Sheet(f"{name} {title}", _known(rows)) for title, rows in workbook_sheets(name, data)]
    table = text_table(name, data)
    report.facts["encoding"] = table.encoding
    return [Sheet(name, _known([table.header, *table.rows]))]


def has_inventory(sheets: Sequence[Sheet]) -> bool:
    firsts = {row[0] for sheet in sheets for row in sheet.rows if row}
    return "Activity" in firsts and bool(firsts & {"Database", "Exchanges"})


def add(sheet: Sheet, book: Book, report: Report) -> None:
    """Read a sheet into the book, telling of each row that means nothing here."""
    rows, width = sheet.rows, None
    if rows and rows[0][:1] == ("skip",):
        book.skipped.append(sheet.place)
        report.note(
            "sheet_skipped",
            sheet.place,
            "首格为 skip，此表未读",
            'its first cell says "skip"; the sheet is not read',
        )
        return
    if rows and rows[0][:1] == ("cutoff",):
        column = number_if_any(rows[0][1]) if len(rows[0]) > 1 else None
        width = None if column is None else max(int(column) - 1, 2)
    _Reading(sheet, book, report).all([row[:width] for row in rows], bool(width))


class _Reading:
    def __init__(self, sheet: Sheet, book: Book, report: Report):
        self.sheet, self.book, self.report = sheet, book, report
        self.activity: Activity | None = None
        self.keyword = ""
        self.header: tuple[str, ...] = ()

    def all(self, rows: list[tuple[str, ...]], skip_first: bool) -> None:
        for i, row in enumerate(rows):
            if not any(row) or (skip_first and i == 0):
                continue
            for column, cell in enumerate(row):
                if neutral(cell) != cell:
                    self.report.warn(
                        "formula_like",
                        self.sheet.at(i, column),
                        f"“{cell[:60]}”像公式，按文字保存，不会运行",
                        f'"{cell[:60]}" looks like a formula; it is kept as text and never run',
                    )
            if row[0] in KEYWORDS and (row[0] in TABLES or row[1:2] not in ((), ("",))):
                self._begin(row, i)
            elif not self.keyword:
                self._unread(i, row, "不在任何数据块中", "it stands in no block")
            elif self.keyword in TABLES:
                self._line(row, i)
            elif not row[0]:
                self._unread(i, row, "首列为空", "its first cell is empty")
            else:
                fields = self.activity.fields if self.activity else self.book.fields
                fields[row[0].lower()] = row[1] if len(row) > 1 else ""

    def _begin(self, row: tuple[str, ...], i: int) -> None:
        self.keyword, self.header = row[0], ()
        if row[0] == "Database":
            self.activity = None
            if row[1] not in self.book.databases:
                self.book.databases.append(row[1])
        elif row[0] == "Activity":
            self.activity = Activity(row[1], self.sheet.at(i))
            self.book.activities.append(self.activity)
        elif row[0] == "Exchanges" and self.activity:
            self.activity.tables += 1

    def _line(self, row: tuple[str, ...], i: int) -> None:
        if not self.header:
            self.header = tuple(cell.lower() for cell in row)
            return
        line = {name: cell for name, cell in zip(self.header, row, strict=False) if name and cell}
        place = self.sheet.at(i)
        if self.keyword == "Exchanges" and self.activity:
            self.activity.exchanges.append((place, line))
        elif self.keyword == "Parameters" and self.activity:
            self.activity.parameters.append((place, line))
        elif self.keyword in ("Project parameters", "Database parameters"):
            self.book.parameters.setdefault(self.keyword, []).append((place, line))
        else:
            self._unread(i, row, "其上没有 Activity", "there is no Activity above it")

    def _unread(self, i: int, row: tuple[str, ...], zh: str, en: str) -> None:
        said = "; ".join(filter(None, row))[:80]
        self.report.note("row_not_read", self.sheet.at(i), f"“{said}”未读：{zh}", f'"{said}" was not read: {en}')


def _known(rows: Rows) -> Rows:
    """Cells trimmed; what Brightway marks as unknown is empty."""
    return [tuple("" if (text := cell.strip()).lower() in _UNKNOWN else text for cell in row) for row in rows]
