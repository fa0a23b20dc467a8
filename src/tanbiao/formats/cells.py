"""Cells of a workbook, read strictly: what a cell holds is taken as it is, or a problem with its place is noted.

Nothing is guessed. "1,234", "３" or "3,0" in a number column are problems that say what to write instead.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tanbiao.formats.sheets import Column, Sheet
from tanbiao.formats.vocabulary import Member, find, matching
from tanbiao.lca import units
from tanbiao.lca.vocabulary import words_for
from tanbiao.words import Problem, Text

MOST_PROBLEMS, MOST_FINDINGS = 500, 5_000  # of one file; findings are problems and warnings
LONGEST_MESSAGE = 1_000
YEARS = range(1990, 2101)  # of data
THIS_COLUMN = Text("该列", "this column")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value (None, str, float, bool, date), and its formula or error text where it has one."""

    place: str
    value: Any
    formula: str = ""
    error: str = ""


class TooManyFindings(Exception):
    """Enough has been noticed; reading on would help nobody. The last problem noted says so."""


@dataclass(slots=True)
class Findings:
    """All that is noticed while reading, in the order it is met. Raises TooManyFindings when there is no end to it."""

    problems: list[Problem] = field(default_factory=list)
    refused: int = 0

    def refuse(self, place: str, zh: str, en: str) -> None:
        self.note(Problem(shown(place), Text(shown(zh), shown(en))))

    def warn(self, place: str, zh: str, en: str) -> None:
        self.note(Problem(shown(place), Text(shown(zh), shown(en)), fatal=False))

    def note(self, problem: Problem) -> None:
        self.problems.append(problem)
        self.refused += problem.fatal
        if self.refused >= MOST_PROBLEMS or len(self.problems) >= MOST_FINDINGS:
            rest = Text("问题太多，其余没有列出。", "there are too many problems; the rest is not listed.")
            self.problems.append(Problem("", rest))
            raise TooManyFindings

    @property
    def fatal(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if p.fatal)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if not p.fatal)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, its cells by column key. Each reader answers with the value, or notes why it cannot."""

    sheet: Sheet
    place: str  # "原材料 Materials!A5"
    cells: Mapping[str, Cell]
    findings: Findings

    def column(self, key: str) -> Column:
        return next(c for c in self.sheet.columns if c.key == key)

    def place_of(self, key: str) -> str:
        return self.cells[key].place if key in self.cells else self.place

    def value(self, key: str) -> Any:
        """What the cell holds, or None where it is empty; says so where the column must be filled."""
        cell = self.cells.get(key)
        column = self.column(key)
        if cell and cell.error:
            self.findings.refuse(
                cell.place,
                f"单元格是 Excel 错误值 {cell.error}，请改正公式或直接填写数值。",
                f"the cell holds the Excel error {cell.error}; correct its formula or type the value.",
            )
            return None
        if cell and cell.formula:
            if cell.value is None:
                self.findings.refuse(
                    cell.place,
                    f"公式 {cell.formula} 没有保存计算结果。请用 Excel 打开并保存一次，或直接填写数值。",
                    f"the formula {cell.formula} has no stored result. "
                    "Open and save the file once in Excel, or type the value.",
                )
                return None
            self.findings.warn(
                cell.place,
                f"读取了公式 {cell.formula} 保存的结果 {cell.value}。",
                f"read the stored result {cell.value} of the formula {cell.formula}.",
            )
        if cell is None or cell.value is None:
            if column.required and cell:  # a missing column is told once, at its header
                self.findings.refuse(
                    self.place_of(key),
                    f"“{column.zh}”必须填写。{column.help.zh}。" if column.help.zh else f"“{column.zh}”必须填写。",
                    f'"{column.en}" must be filled in. {column.help.en}.'
                    if column.help.en
                    else f'"{column.en}" must be filled in.',
                )
            return None
        return cell.value

    def text(self, key: str) -> str:
        """Text as typed, without outer spaces; a number typed where text belongs becomes its digits."""
        value = self.value(key)
        if value is None:
            return ""
        if isinstance(value, float):
            return f"{decimal(value):f}"
        text = str(value).strip()
        longest = self.column(key).longest
        if len(text) > longest:
            self.findings.refuse(
                self.place_of(key),
                f"文字有 {len(text)} 个字符，最多 {longest} 个。请缩短。",
                f"the text has {len(text)} characters, at most {longest} are allowed. Shorten it.",
            )
            return ""
        if strange := next(filter(invisible, text), ""):
            self.findings.refuse(
                self.place_of(key),
                f"文字含有看不见的控制字符 U+{ord(strange):04X}。请删除后重新输入。",
                f"the text holds an invisible control character U+{ord(strange):04X}. Delete it and retype.",
            )
            return ""
        return text

    def number(self, key: str, *, positive: bool = False) -> Decimal | None:
        """The number as its shortest decimal form; never negative, and above zero where `positive`."""
        value = self.value(key)
        if value is None:
            return None
        place = self.place_of(key)
        if isinstance(value, str):
            self.findings.refuse(place, *_not_a_number(value))
            return None
        if isinstance(value, bool) or not isinstance(value, float):
            shown = value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
            self.findings.refuse(
                place,
                f"“{shown}”不是数字（Excel 可能把它当成了日期或真假值）。请把单元格设为“常规”格式后重新填写。",
                f'"{shown}" is not a number (Excel may have taken it for a date or true/false). '
                "Set the cell to General and type it again.",
            )
            return None
        if not math.isfinite(value):
            self.findings.refuse(place, f"“{value}”不是有限的数字。", f'"{value}" is not a finite number.')
            return None
        if value < 0:
            self.findings.refuse(
                place,
                f"数量 {decimal(value)} 为负。所有数量都填正数；产出、排放和废物由所在的表区分。",
                f"the amount {decimal(value)} is negative. "
                "All amounts are positive; the sheet says whether they go in or out.",
            )
            return None
        if positive and value == 0:
            self.findings.refuse(
                place, "该数量不能为 0，请填写实际数量。", "this amount cannot be 0; give the actual amount."
            )
            return None
        return decimal(value)

    def choice(self, key: str, kind: type[Member], default: Member | None = None) -> Member | None:
        """The member of an enumeration that the cell names; `default` where it is empty."""
        typed = self.text(key)
        if not typed:
            return default
        found = find(kind, typed)
        if found is None:
            words = [words_for(m) for m in kind]
            self.findings.refuse(
                self.place_of(key),
                f"“{typed}”不在“{self.column(key).zh}”的选项中。可选：{'、'.join(w.zh for w in words)}。",
                f'"{typed}" is not a choice of "{self.column(key).en}". '
                f"Choose one of: {', '.join(w.en for w in words)}.",
            )
        return found

    def unit(self, key: str, dimension: str = "", what: Text = THIS_COLUMN) -> units.Unit | None:
        """The unit; where a dimension is asked for, one of that dimension."""
        typed = self.text(key)
        if not typed:
            return None
        try:
            found = units.unit(typed)
        except units.UnknownUnit as error:
            self.findings.refuse(self.place_of(key), error.text.zh, error.text.en)
            return None
        if dimension and found.dimension != dimension:
            self.findings.refuse(self.place_of(key), *wrong_dimension(typed, dimension, what))
            return None
        return found

    def date(self, key: str) -> dt.date | None:
        value = self.value(key)
        if value is None:
            return None
        if isinstance(value, dt.date):
            day = value.date() if isinstance(value, dt.datetime) else value
            if day.year in YEARS:
                return day
            self.findings.refuse(
                self.place_of(key),
                f"日期 {day} 不在 {YEARS.start} 至 {YEARS.stop - 1} 年之间。",
                f"the date {day} is not within the years {YEARS.start} to {YEARS.stop - 1}.",
            )
            return None
        self.findings.refuse(
            self.place_of(key),
            f"“{value}”是文字或数字，不是日期。请把单元格设为日期格式，填写如 2024-01-01。",
            f'"{value}" is text or a number, not a date. Format the cell as a date and type, say, 2024-01-01.',
        )
        return None

    def year(self, key: str) -> int | None:
        number = self.number(key)
        if number is not None and number not in YEARS:
            self.findings.refuse(
                self.place_of(key),
                f"“{number}”不是 {YEARS.start} 至 {YEARS.stop - 1} 之间的年份。",
                f'"{number}" is not a year from {YEARS.start} to {YEARS.stop - 1}.',
            )
            return None
        return None if number is None else int(number)

    def score(self, key: str) -> int | None:
        """A data-quality score, a whole number from 1 to 5."""
        number = self.number(key)
        if number is None:
            return None
        if number not in (1, 2, 3, 4, 5):
            self.findings.refuse(
                self.place_of(key),
                f"数据质量评分 {number} 不在 1 到 5 之间（整数）。",
                f"the data-quality score {number} is not a whole number from 1 to 5.",
            )
            return None
        return int(number)


def invisible(character: str) -> bool:
    """Whether a character moves a terminal or turns a line of text round without being seen."""
    return character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cf")


def shown(message: str) -> str:
    """A message that quotes what somebody typed, as it may go to a terminal, a page or the database."""
    message = message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"
    return "".join("\N{REPLACEMENT CHARACTER}" if invisible(c) else c for c in message)


def decimal(value: float) -> Decimal:
    """The shortest decimal that is this float: 0.1 is 0.1, 1000.0 is 1000."""
    return Decimal(int(value)) if value.is_integer() and abs(value) < 1e15 else Decimal(repr(value))


def closest(typed: str, names: Iterable[str], count: int = 3) -> list[str]:
    """The names most like what was typed, best first."""
    by_key = {matching(n): n for n in names}
    wanted = matching(typed)
    near = difflib.get_close_matches(wanted, by_key, n=count, cutoff=0.5)
    holding = [k for k in by_key if wanted and wanted in k][:count]
    return [by_key[k] for k in dict.fromkeys(holding + near)][:count]


def wrong_dimension(typed: str, dimension: str, what: Text) -> tuple[str, str]:
    """The message for a unit that does not fit its column: both units, and what would fit."""
    fitting = [u for u in units.UNITS.values() if u.dimension == dimension]
    base = next(u.symbol for u in fitting if u.factor == 1)
    due, some = units.DIMENSIONS[dimension], [u.symbol for u in fitting][:3]
    return (
        f"单位“{typed}”不能换算为 {base}（{what.zh}应为{due.zh}）。请改为 {'、'.join(some)}。",
        f'unit "{typed}" cannot be converted to {base} ({what.en} is due as {due.en}). Use {", ".join(some)}.',
    )


def _not_a_number(typed: str) -> tuple[str, str]:
    """Why a text is no number, and what to write."""
    text = typed.strip()
    half = unicodedata.normalize("NFKC", text)
    if half != text and _NUMBER.fullmatch(half.replace(",", "")):
        plain = half.replace(",", "")
        return (
            f"“{text}”含全角字符，请改写为 {plain}。",
            f'"{text}" holds full-width characters; write {plain}.',
        )
    if _GROUPED.fullmatch(text):
        plain = text.replace(",", "")
        return (
            f"“{text}”是带千位分隔符的文字，请改写为 {plain}。",
            f'"{text}" is text with thousands separators; write {plain}.',
        )
    if _DECIMAL_COMMA.fullmatch(text):
        return (
            f"“{text}”中的逗号含义不明（小数点还是千位分隔符？）。请用小数点书写，不用逗号。",
            f'the comma in "{text}" is ambiguous (decimal or thousands?). Write a decimal point and no commas.',
        )
    if text.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        return f"“{text}”不是有限的数字。", f'"{text}" is not a finite number.'
    if _NUMBER.fullmatch(text.rstrip("%％ ")) and text[-1] in "%％":
        return (
            f"“{text}”是带百分号的文字。请把单元格设为百分比格式后重新填写。",
            f'"{text}" is text with a percent sign. Format the cell as a percentage and type it again.',
        )
    if _NUMBER.fullmatch(text):
        return (
            f"“{text}”是以文字保存的数字，请在 Excel 中转换为数字 {text.lstrip('+')}。",
            f'"{text}" is a number stored as text; convert it to the number {text.lstrip("+")} in Excel.',
        )
    return (
        f"“{text}”是文字，此处应为数字。请只填数字，单位填在单位列。",
        f'"{text}" is text where a number belongs. Type digits only; the unit goes into the unit column.',
    )
