"""The blocks of a SimaPro CSV, section by section, with every row accounted for.

A block is a keyword on a line of its own up to "End"; in it stand headings, each with the rows below it up to an empty
line. Older exports give short answers on the line of the heading. DEL (0x7f) is a line break within a text.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from tanbiao.formats.datasets.container import Container
from tanbiao.formats.datasets.simapro.files import File, codec_of
from tanbiao.formats.datasets.simapro.words import ALONE, ANSWERS, BLOCKS, HEADINGS
from tanbiao.lca.datasets.report import Report

_LONGEST_TEXT = 1000  # lines that a text in quotes may go over


@dataclass(frozen=True, slots=True)
class Row:
    place: str  # file and line
    cells: tuple[str, ...]

    def cell(self, i: int) -> str:
        return self.cells[i] if i < len(self.cells) else ""

    @property
    def text(self) -> str:
        """The row as one text, for what is not a table."""
        return "; ".join(filter(None, self.cells))


@dataclass(slots=True)
class Block:
    keyword: str
    place: str
    sections: list[tuple[str, list[Row]]] = field(default_factory=list)

    def rows(self, heading: str) -> list[Row]:
        return [row for name, rows in self.sections if name == heading for row in rows]

    def text(self, heading: str) -> str:
        """What stands below a heading, lines joined."""
        return "\n".join(row.text for row in self.rows(heading)).strip()


def blocks(container: Container, file: File, report: Report | None = None) -> Iterator[Block]:
    """The blocks of a file, one by one; rows are counted and told of where a report is given."""
    block: Block | None = None
    rows: list[Row] | None = None  # of the section that is open
    for row in _split_rows(container, file, report):
        head, rest = row.cell(0), any(row.cells[1:])
        if not any(row.cells):
            rows = rows if block and block.keyword in ALONE else None  # an empty line ends a section
            continue
        if head == "End" and not rest:
            if block:
                yield block
            block = rows = None
        elif not rest and head in BLOCKS and (block is None or (head in ("Process", "Method") and rows is None)):
            if block:
                yield block
            block, rows = Block(head, row.place), None
            if report:
                file.blocks[head] += 1
            if head in ALONE:
                rows = []
                block.sections.append((head, rows))
        elif block is None:
            if report and file.blocks:
                _unread(report, row, "不在任何数据块中", "it stands in no block")
        elif head in HEADINGS and (not rest or (head in ANSWERS and not rows)):
            rows = []
            block.sections.append((head, rows))
            if rest:
                rows.append(Row(row.place, row.cells[1:]))
                _count(file, block, report)
                rows = None
        elif rows is None:
            if report:
                _unread(report, row, "其上没有认识的标题", "there is no heading above it that is known here")
        else:
            rows.append(row)
            _count(file, block, report)
    if block:
        yield block


def _count(file: File, block: Block, report: Report | None) -> None:
    if report:
        file.rows[block.sections[-1][0]] += 1


def _unread(report: Report, row: Row, zh: str, en: str) -> None:
    said = row.text[:80]
    report.refuse("row_not_read", row.place, f"“{said}”未读：{zh}", f'"{said}" was not read: {en}')


def _split_rows(container: Container, file: File, report: Report | None) -> Iterator[Row]:
    with container.open(file.name) as stream, io.TextIOWrapper(stream, codec_of(file.encoding)) as lines:
        numbered = enumerate(lines, 1)
        for number, line in numbered:
            if line.startswith("{"):
                continue
            place = f"{file.name}:{number}"
            cells, is_open = _split(line.rstrip("\r\n"), file.separator)
            joined = [line]
            while is_open and len(joined) < _LONGEST_TEXT and (more := next(numbered, None)):
                joined.append(more[1])
                cells, is_open = _split("".join(joined).rstrip("\r\n"), file.separator)
            if not is_open:
                yield Row(place, cells)
                continue
            if report:
                report.warn(
                    "open_quote",
                    place,
                    "引号没有闭合；此行起的引号按文字读取",
                    "a quotation mark is never closed; from here on quotation marks are read as text",
                )
            for i, text in enumerate(joined):
                plain = tuple(_clean(cell) for cell in text.rstrip("\r\n").split(file.separator))
                yield Row(f"{file.name}:{number + i}", plain)


def _split(line: str, separator: str) -> tuple[tuple[str, ...], bool]:
    """The cells of a line, and whether it ends within quotation marks. A cell in quotes begins and ends with one."""
    if '"' not in line:
        return tuple(map(_clean, line.split(separator))), False
    cells, at = [], 0
    while True:
        if line[at : at + 1] == '"':
            end, found = at + 1, -1
            while (found := line.find('"', end)) >= 0 and line[found + 1 : found + 2] == '"':
                end = found + 2
            if found < 0:
                return (), True
            text, at = line[at + 1 : found].replace('""', '"'), found + 1
            rest = line.find(separator, at)
            text += line[at:] if rest < 0 else line[at:rest]
        else:
            rest = line.find(separator, at)
            text = line[at:] if rest < 0 else line[at:rest]
        cells.append(_clean(text))
        if rest < 0:
            return tuple(cells), False
        at = rest + 1


def _clean(cell: str) -> str:
    return cell.replace("\x7f", "\n").strip() if cell else cell
