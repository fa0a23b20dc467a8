"""A workbook file as rows of cells by column key: opening, sheets, headers, merged cells, formulas.

Values come from calamine (what Excel stored), formulas and error cells from openpyxl; neither is ever evaluated.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import python_calamine
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tanbiao.formats.archive import NotAWorkbook, check_archive
from tanbiao.formats.cells import Cell, Findings, Row
from tanbiao.formats.sheets import EXAMPLE, MARK, PRODUCT, Column, Sheet
from tanbiao.formats.vocabulary import matching
from tanbiao.words import Text

Position = tuple[int, int]  # row and column, both from 1


@dataclass(slots=True)
class Grid:
    """One sheet of the file as it stands."""

    title: str
    rows: list[list[Any]]
    merged: list[tuple[Position, Position]] = field(default_factory=list)
    formulas: dict[Position, str] = field(default_factory=dict)
    errors: dict[Position, str] = field(default_factory=dict)

    def place(self, row: int, column: int) -> str:
        return f"{self.title}!{get_column_letter(column)}{row}"

    def cell(self, row: int, column: int) -> Cell:
        line = self.rows[row - 1] if row <= len(self.rows) else []
        value = line[column - 1] if column <= len(line) else None
        if isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if isinstance(value, str) and not value.strip():
            value = None
        at = (row, column)
        return Cell(self.place(row, column), value, self.formulas.get(at, ""), self.errors.get(at, ""))


def open_grids(data: bytes) -> list[Grid]:
    """All sheets of a workbook, in order. Raises NotAWorkbook where the file cannot be opened safely or at all."""
    check_archive(data)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            grids = [_grid(book.get_sheet_by_name(name)) for name in book.sheet_names]
        stored = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        try:
            for grid in grids:
                _note_formulas(stored[grid.title], grid)
        finally:
            stored.close()
    except Exception as error:  # both libraries raise whatever comes to hand on a damaged file
        raise NotAWorkbook(
            Text(
                "不能读取：文件的内容已损坏。请用 Excel 打开后另存为 .xlsx。",
                "Cannot be read: what the file holds is damaged. Open it in Excel and save it as .xlsx again.",
            )
        ) from error
    return grids


def _grid(sheet: Any) -> Grid:
    merged = [((r1 + 1, c1 + 1), (r2 + 1, c2 + 1)) for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or ()]
    return Grid(sheet.name, sheet.to_python(skip_empty_area=False), merged)


def _note_formulas(sheet: Any, grid: Grid) -> None:
    sheet.reset_dimensions()  # what the file says of its extent may be untrue, and hide a formula
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                grid.formulas[cell.row, cell.column] = str(getattr(cell.value, "text", cell.value))
            elif cell.data_type == "e":
                grid.errors[cell.row, cell.column] = str(cell.value)


def find_grid(grids: list[Grid], sheet: Sheet, findings: Findings) -> Grid | None:
    """The sheet of the file with this Chinese, English or bilingual name; that there are two is refused."""
    names = {matching(n) for n in (sheet.zh, sheet.en, sheet.title)}
    found = [g for g in grids if matching(g.title) in names]
    if len(found) > 1:
        titles = [g.title for g in found]
        findings.refuse(
            found[1].title,
            f"有多张“{sheet.zh}”工作表：{'、'.join(titles)}。请只留一张（也请检查隐藏的工作表）。",
            f'there are several sheets "{sheet.en}": {", ".join(titles)}. Keep one (look at hidden sheets too).',
        )
    return found[0] if found else None


def table_rows(grid: Grid, sheet: Sheet, findings: Findings) -> Iterator[Row]:
    """The filled rows of a table, without the example rows. Columns may stand in any order; unknown ones are named."""
    columns = _header(grid, sheet, findings)
    for (top, left), (bottom, right) in grid.merged:
        if bottom > 1:
            area = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
            findings.refuse(
                f"{grid.title}!{area}",
                f"数据区有合并单元格 {area}。请取消合并，并在每一行填写完整。",
                f"the cells {area} are merged in the data area. Unmerge them and fill in every row.",
            )
    for number in range(2, max(len(grid.rows), *(r for r, _ in grid.formulas), 1) + 1):
        cells = {key: grid.cell(number, column) for key, column in columns.items()}
        mark = cells.pop("mark", None)
        if not any(c.value is not None or c.formula or c.error for c in cells.values()):
            continue
        row = Row(sheet, grid.place(number, 1), cells, findings)
        if mark and isinstance(mark.value, str) and matching(mark.value) in _EXAMPLE_MARKS:
            _warn_of_changed_example(row, mark)
        else:
            yield row


def product_row(grid: Grid, findings: Findings) -> Row:
    """The product sheet (names in column A, values in column B) as one row."""
    wanted = _titles(PRODUCT.columns)
    cells = {column.key: Cell(grid.place(1, 2), None) for column in PRODUCT.columns}
    met: dict[str, str] = {}
    for number, line in enumerate(grid.rows, 1):
        if not (line and isinstance(line[0], str) and (column := wanted.get(matching(line[0])))):
            continue
        if column.key in met:
            findings.refuse(
                grid.place(number, 1),
                f"“{column.zh}”出现两次（另见 {met[column.key]}）。请删去一行，也请检查隐藏的行。",
                f'"{column.en}" stands twice (see {met[column.key]}). Delete one of the rows; look at hidden rows too.',
            )
        met[column.key] = grid.place(number, 1)
        cells[column.key] = grid.cell(number, 2)
    return Row(PRODUCT, grid.place(1, 2), cells, findings)


_EXAMPLE_MARKS = {matching(t) for t in (EXAMPLE, *EXAMPLE.split())}


def _titles(columns: tuple[Column, ...]) -> dict[str, Column]:
    """Every header text that a column answers to."""
    return {matching(t): c for c in columns for t in (c.zh, c.en, c.title)}


def _header(grid: Grid, sheet: Sheet, findings: Findings) -> dict[str, int]:
    wanted = _titles(sheet.columns)
    columns: dict[str, int] = {}
    for number, typed in enumerate(grid.rows[0] if grid.rows else [], 1):
        if not isinstance(typed, str) or not typed.strip():
            continue
        column = wanted.get(matching(typed))
        place = grid.place(1, number)
        if column is None:
            findings.warn(place, f"不认识的列“{typed}”，未读取。", f'unknown column "{typed}"; not read.')
        elif column.key in columns:
            findings.refuse(
                place,
                f"列“{column.zh}”出现两次，请删去一列。",
                f'the column "{column.en}" stands twice; delete one of them.',
            )
        else:
            columns[column.key] = number
    for column in sheet.columns:
        if column.required and column.key not in columns:
            findings.refuse(
                f"{grid.title}!1:1",
                f"缺少列“{column.title}”。请恢复模板第一行的标题。",
                f'the column "{column.title}" is missing. Restore the header row of the template.',
            )
    return columns


def _warn_of_changed_example(row: Row, mark: Cell) -> None:
    same: Callable[[str, Any], bool] = lambda key, value: (  # noqa: E731
        key in row.cells and row.cells[key].value == (float(value) if isinstance(value, int) else value)
    )
    if not all(same(key, value) for key, value in row.sheet.example.items()):
        row.findings.warn(
            mark.place,
            f"这一行仍标为“{EXAMPLE}”，没有读取。若是真实数据，请清空“{MARK.zh}”。",
            f'this row is still marked "{EXAMPLE}" and was not read. If it is real, clear its "{MARK.en}".',
        )
