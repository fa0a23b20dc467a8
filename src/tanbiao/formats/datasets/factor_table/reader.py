"""Plain tables of emission factors, xlsx and csv, as publishers and offices keep them.

A header is recognised in Chinese or English or not at all; what a column says is taken as it stands, and unknown
columns stay with their factor as words. A row that lacks a name, a value or a unit is left out with its cell named.
Whether a factor can be true is not judged here but by the gate (`lca.datasets.gate`).
A readable table without factors gives no records: the report says what was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from openpyxl.utils import get_column_letter

from tanbiao.formats.cells import shown
from tanbiao.formats.datasets.container import Container
from tanbiao.formats.datasets.factor_table.columns import Columns, find_columns, headers_of
from tanbiao.formats.datasets.factor_table.numbers import number
from tanbiao.formats.datasets.factor_table.rows import FactorRow
from tanbiao.formats.datasets.factor_table.sheets import ENDINGS, tables_of
from tanbiao.formats.datasets.format import Format, Progress
from tanbiao.formats.tables import Table, neutral
from tanbiao.lca.datasets.records import FactorRecord, Record
from tanbiao.lca.datasets.report import Report, refused

_SHOWN_ROWS, _SHOWN_CHARACTERS = 3, 60  # of a table, in the facts of its report


def is_it(container: Container) -> bool:
    """Whether it holds nothing but tables."""
    names = container.names()
    return bool(names) and all(name.lower().endswith(ENDINGS) for name in names)


def records(container: Container, report: Report, progress: Progress) -> Iterator[Record]:
    """The factors of all tables, row by row; progress is told within each table. Raises SourceRefused."""
    seen: dict[str, FactorRecord] = {}
    tables = report.facts["tables"] = []
    for title, table in tables_of(container):
        reader = _Reader(title, table, report, seen)
        tables.append(reader.facts())
        for row, record in reader.factors():
            if record:
                yield record
            progress(row, len(table.rows))
    if len(tables) == 1:
        report.facts |= {k: tables[0][k] for k in ("encoding", "rows", "columns", "header", "first_rows")}


FORMAT = Format("table", "因子表 / factor table", is_it, records)


class _Reader:
    """One table: its columns, and its rows as factors."""

    def __init__(self, title: str, table: Table, report: Report, seen: dict[str, FactorRecord]):
        self._title, self._table, self._report = title, table, report
        self._lines: list[tuple[str, ...]] = [table.header, *table.rows]
        self._columns = find_columns(self._lines)
        self._seen = seen

    def facts(self) -> dict[str, Any]:
        header = self._lines[self._columns.row if self._columns else 0]
        found: dict[str, Any] = {
            "table": self._title,
            "encoding": self._table.encoding,
            "rows": len(self._table.rows) - (self._columns.row if self._columns else 0),
            "columns": len(header),
            "header": [shown(h)[:_SHOWN_CHARACTERS] for h in header],
            "first_rows": [[shown(c)[:_SHOWN_CHARACTERS] for c in row] for row in self._table.rows[:_SHOWN_ROWS]],
        }
        if self._columns:
            found["used"] = {column: header[position] for column, position in self._columns.at.items()}
            found["kept"] = list(self._columns.kept.values())
        return found

    def factors(self) -> Iterator[tuple[int, FactorRecord | None]]:
        """Each row with its number among the rows of the table; None where it is left out."""
        columns = self._columns
        if columns is None:
            self._no_factors()
            return
        if columns.missing or "value" in columns.twice:
            self._unclear(columns)
            return
        self._say_columns(columns)
        for row, line in enumerate(self._lines[columns.row + 1 :], columns.row + 2):
            if any(cell.strip() for cell in line):
                self._formulas(row, line)
                yield row - 1, self._once(FactorRow(columns, line, partial(self.place, row)).record(self._report))

    def place(self, row: int, position: int) -> str:
        cell = f"{get_column_letter(position + 1)}{row}"
        return f"{self._title}!{cell}" if self._title else cell

    def _no_factors(self) -> None:
        for problem in self._table.warnings:
            place = f"{self._title}!{problem.place}" if self._title else problem.place
            self._report.warn("table_irregular", place, shown(problem.text.zh), shown(problem.text.en))
        encoding, rows, due = self._table.encoding, len(self._table.rows), headers_of("value")
        self._report.note(
            "no_factors",
            self.place(1, 0),
            f"表格可读（{encoding}，{rows} 行），但其中没有因子：没有名为“{due}”的列。未保存任何数据。",
            f"the table is readable ({encoding}, {rows} rows), but nothing in it is a factor: "
            f'there is no column named "{due}". Nothing is stored.',
        )

    def _unclear(self, columns: Columns) -> None:
        found = "、".join(shown(h) for h in self._lines[columns.row] if h.strip())
        if columns.missing:
            needed = [f"“{headers_of(column)}”" for column in columns.missing]
            self._report.warn(
                "missing_column",
                self.place(columns.row + 1, 0),
                f"缺少{'和'.join(needed)}列；找到的列：{found}。请补上后重新导入，未保存任何数据。",
                f"no column {' and '.join(needed)} is there; found: {found}. Add it and import again.",
            )
        else:
            values = "、".join(columns.twice["value"])
            self._report.warn(
                "ambiguous_column",
                self.place(columns.row + 1, columns.at["value"]),
                f"有多列可作因子值：{values}。请只留一列，未保存任何数据。",
                f"several columns may hold the value: {values}. Keep one; nothing is stored.",
            )

    def _say_columns(self, columns: Columns) -> None:
        for position, header in columns.kept.items():
            self._report.note(
                "kept_column",
                self.place(columns.row + 1, position),
                f"不认识列“{header}”，内容作为说明随因子保存。",
                f'the column "{header}" is not known; what it holds is kept as words beside the factor.',
            )

    def _formulas(self, row: int, line: Sequence[str]) -> None:
        for position, cell in enumerate(line):
            if neutral(cell) != cell and number(cell) is None:
                self._report.warn(
                    "formula_like",
                    self.place(row, position),
                    f"“{shown(cell)}”像公式，按文字保存，再次导出仍为文字。",
                    f'"{shown(cell)}" looks like a formula; it is kept as text and written as text again.',
                )

    def _once(self, record: FactorRecord | None) -> FactorRecord | None:
        """The record, unless one with its id was there: the same again is left out, another cannot be told apart."""
        if record is None:
            return None
        before = self._seen.setdefault(record.id, record)
        if before is record:
            return record
        if (before.value, before.unit, before.gas, before.names) != (
            record.value,
            record.unit,
            record.gas,
            record.names,
        ):
            raise refused(
                record.place,
                f"与 {before.place} 编号相同（{record.id}，“{record.text.zh}”）而内容不同："
                f"{before.given} 与 {record.given}。请区分两者（编号、名称、地区、年份或边界）。",
                f'the same id as {before.place} ({record.id}, "{record.text.en}") with other content: '
                f"{before.given} and {record.given}. Tell them apart by id, name, region, year or boundary.",
            )
        self._report.refuse(
            "repeated",
            record.place,
            f"与 {before.place} 重复（“{record.text.zh}”），只保留前者。",
            f'the same as {before.place} ("{record.text.en}"); only the first is kept.',
        )
        return None
