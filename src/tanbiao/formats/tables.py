"""CSV tables from anywhere: bills of materials, meter exports. Read with their encoding named, never guessed silently.

A table is refused where its bytes do not agree on one encoding; it is read with warnings where its header is not
recognised, its units need a person, or a text looks like a formula (kept as text, neutralised when written again).
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils import get_column_letter

from tanbiao.formats.vocabulary import matching
from tanbiao.lca import units
from tanbiao.words import Problem, TanbiaoError, Text

MAX_BYTES = 10 * 1024 * 1024
MAX_CELLS = 1_000_000
MAX_COLUMNS = 16_384  # as in a spreadsheet, whose names of cells stop there

#: Words that headers of activity-data tables are made of; one of them anywhere makes a header recognised.
HEADER_WORDS = (
    "物料", "名称", "数量", "单位", "供应商", "编码", "编号", "日期", "规格", "用量", "过程", "因子", "距离",
    "name", "amount", "quantity", "unit", "supplier", "code", "material", "date", "process", "factor", "note", "id",
)  # fmt: skip
UNIT_HEADERS = ("单位", "unit", "units", "计量单位")

_FORMULA = re.compile(r"[=+\-@\t\r\n]|[＝＋－＠].")  # full-width ones run too where a spreadsheet speaks Chinese
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


class TableRefused(TanbiaoError):
    """The table cannot be read; says where and why."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as text: its encoding, header and rows (all cells as written), and what to look at."""

    encoding: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    warnings: tuple[Problem, ...]


def read_table(data: bytes, name: str = "") -> Table:
    """Read a CSV in UTF-8 (with or without BOM), UTF-16 or GB18030.

    Raises TableRefused where it is too large, holds binary data, or is not of one encoding (naming the row).
    Cells are named as in a spreadsheet: C4 is the third cell of the fourth line.
    """
    if len(data) > MAX_BYTES:
        raise TableRefused(Text(f"{name} 大于 {MAX_BYTES >> 20} MB。", f"{name} is larger than {MAX_BYTES >> 20} MB."))
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise TableRefused(
            Text(
                "文件是 Excel 工作簿，不是 CSV 表格。活动数据工作簿请用 tanbiao footprint；要检查表格，请另存为 CSV。",
                "The file is an Excel workbook, not a CSV table. For activity data use `tanbiao footprint`; "
                "to look at a table, save it as CSV.",
            )
        )
    text, encoding = _decode(data)
    if "\x00" in text or text.lstrip().startswith("<"):
        raise TableRefused(
            Text(
                "文件不是 CSV 表格（像是网页、压缩包或其他二进制文件）。请另存为 CSV。",
                "The file is not a CSV table (it looks like a web page, an archive or other binary data). "
                "Save it as CSV.",
            )
        )
    return table_of(encoding, _lines(text))


def table_of(encoding: str, lines: Sequence[tuple[str, ...]]) -> Table:
    """The table that these lines of text are, the first its header. Raises TableRefused where there is none."""
    if not lines:
        raise TableRefused(Text("表格为空。", "The table is empty."))
    header, rows = lines[0], lines[1:]
    return Table(encoding, header, tuple(rows), tuple(_warnings(header, rows)))


def write_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV of these rows in which no cell can run: text that starts like a formula gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutral(h) for h in header])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue()


def neutral(cell: object) -> str:
    """The text of a cell as it may be opened in a spreadsheet: numbers as they are, formula-like text as text."""
    if isinstance(cell, int | float | Decimal):
        return str(cell)
    text = str(cell)
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "UTF-8 (BOM)"),
        (codecs.BOM_UTF16_LE, "UTF-16 LE"),
        (codecs.BOM_UTF16_BE, "UTF-16 BE"),
    ):
        if data.startswith(mark):
            codec = encoding.removesuffix(" (BOM)").replace(" ", "-").lower()
            try:
                return data[len(mark) :].decode(codec), encoding
            except UnicodeDecodeError as error:
                raise _mixed(data, codec, len(mark) + error.start) from error
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        utf8_error = error
    # Where some lines are Chinese text in UTF-8 and others are not UTF-8 at all, two encodings are mixed, and no
    # choice would be right for both.
    if any(_chinese_in_utf8(line) for line in data.split(b"\n")):
        raise _mixed(data, "UTF-8", utf8_error.start)
    try:
        return data.decode("gb18030"), "GB18030"
    except UnicodeDecodeError as error:
        raise _mixed(data, "GB18030", error.start) from error


def _chinese_in_utf8(line: bytes) -> bool:
    """Whether a line is UTF-8 with three-byte characters; two-byte ones also occur in GB18030 by chance (联通)."""
    try:
        return any(character >= "\u0800" for character in line.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _mixed(data: bytes, encoding: str, position: int) -> TableRefused:
    row = data.count(b"\n", 0, position) + 1
    return TableRefused(
        Text(
            f"第 {row} 行不能按 {encoding} 读取，而其余的行可以：文件混用了两种编码或已损坏。请用 UTF-8 重新导出。",
            f"Row {row} cannot be read as {encoding}, unlike the rest: the file mixes encodings or is damaged. "
            "Export it again in one encoding (UTF-8).",
        )
    )


def _lines(text: str) -> list[tuple[str, ...]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    lines, cells = [], 0
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            cells += len(line)
            if cells > MAX_CELLS:
                raise TableRefused(
                    Text(f"表格多于 {MAX_CELLS} 个单元格。", f"The table has more than {MAX_CELLS} cells.")
                )
            if len(line) > MAX_COLUMNS:
                raise TableRefused(
                    Text(f"表格多于 {MAX_COLUMNS} 列。", f"The table has more than {MAX_COLUMNS} columns.")
                )
            lines.append(tuple(line))
    except csv.Error as error:
        raise TableRefused(
            Text(
                f"第 {len(lines) + 1} 行的引号或分隔不完整，不能读取。",
                f"Row {len(lines) + 1} has unbalanced quotes or separators and cannot be read.",
            )
        ) from error
    while lines and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    return lines


def _warnings(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterable[Problem]:
    if not any(word in matching(h) for h in header for word in HEADER_WORDS):
        yield _warning(
            "A1",
            "标题行不认识，没有对应任何列。若是乱码，请用正确的编码重新导出；否则请用“名称、数量、单位”这样的标题。",
            "The header is not recognised; no column was mapped. If it is garbled, export it again in the right "
            "encoding; else use headers such as name, amount, unit.",
        )
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            yield _warning(
                f"A{number}",
                f"第 {number} 行有 {len(row)} 个单元格，标题有 {len(header)} 个。",
                f"row {number} has {len(row)} cells, the header has {len(header)}.",
            )
    unit_columns = [c for c, h in enumerate(header) if matching(h) in UNIT_HEADERS]
    for number, row in enumerate((header, *rows), 1):
        for column, cell in enumerate(row):
            place = f"{get_column_letter(column + 1)}{number}"
            if column in unit_columns and number > 1:
                yield from _unit_warnings(place, cell)
            if neutral(cell) != cell:
                yield _warning(
                    place,
                    f"“{cell}”像公式，按文字保存；再次导出时前面加撇号，不会运行。",
                    f'"{cell}" looks like a formula; kept as text. Written again, it gets an apostrophe.',
                )


def _unit_warnings(place: str, symbol: str) -> Iterable[Problem]:
    if not symbol.strip():
        yield _warning(place, "单位为空。", "the unit is missing.")
        return
    try:
        found = units.unit(symbol)
    except units.UnknownUnit as error:
        if error.suggestions:
            meant = [s.unit.symbol for s in error.suggestions]
            yield _warning(
                place,
                f"单位“{symbol}”需要确认：建议 {'、'.join(meant)}。",
                f'the unit "{symbol}" needs confirmation: perhaps {" or ".join(meant)}.',
            )
        else:
            yield _warning(
                place,
                f"单位“{symbol}”没有换算关系，未换算。请改用标准单位。",
                f'the unit "{symbol}" has no conversion; not converted. Use a standard unit.',
            )
        return
    if found.symbol in ("tce", "kgce"):
        gigajoules = units.Quantity(Decimal(1), found).to(units.unit("GJ")).amount.normalize()
        yield _warning(
            place,
            f"“{symbol}”是能量单位（1 {found.symbol} = {gigajoules} GJ），不是质量。",
            f'"{symbol}" is an energy (1 {found.symbol} = {gigajoules} GJ), not a mass.',
        )


def _warning(place: str, zh: str, en: str) -> Problem:
    return Problem(place, Text(zh, en), fatal=False)
