"""Numbers as tables write them, read without guessing: what may mean two things is no number."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal, InvalidOperation

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_DIGITS = dict(zip("零一二三四五六七八九〇两", (*range(10), 0, 2), strict=True))
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_CHINESE = re.compile(rf"[{''.join(_DIGITS)}{''.join(_POWERS)}]+(点[{''.join(_DIGITS)}]+)?")
_YEAR = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")


def number(written: str) -> Decimal | None:
    """The number in a cell, as `_number`, where a float can hold it."""
    found = _number(written)
    return found if found is not None and math.isfinite(float(found)) else None


def has_decimal_comma(written: str) -> bool:
    """Whether it is a number with a comma that cannot part thousands: 0,58 but not 1,234."""
    text = unicodedata.normalize("NFKC", written).strip()
    return _COMMA.fullmatch(text) is not None and not _GROUPED.fullmatch(text)


def _number(written: str) -> Decimal | None:
    """The number in a cell: 0.57, 1,234.5, １．２, 1.2e-3, 1.5万, 三点六; None for all else, such as 3,0 or 0.5-0.6."""
    text = unicodedata.normalize("NFKC", written).strip().replace("−", "-")
    times = Decimal(1)
    if len(text) > 1 and text[-1] in "万亿" and text[-2].isdigit():
        text, times = text[:-1], Decimal(_POWERS[text[-1]])
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if _PLAIN.fullmatch(text):
        try:
            return Decimal(text) * times
        except InvalidOperation:
            return None
    return _chinese(text) if _CHINESE.fullmatch(text) and (text[0] in _DIGITS or text[0] == "十") else None


def is_converted(written: str) -> bool:
    """Whether the number in this cell is written otherwise than in plain digits."""
    return not _PLAIN.fullmatch(written.strip())


def years(written: str) -> tuple[int | None, int | None]:
    """The first and the last year that a cell names: 2023, 2023年, 2021-2023, 2023-06-30."""
    found = [int(m[0]) for m in _YEAR.finditer(unicodedata.normalize("NFKC", written))]
    return (min(found), max(found)) if found else (None, None)


def _chinese(text: str) -> Decimal:
    """三百二十点五: digits, or digits with their powers of ten."""
    whole, _, part = text.partition("点")
    if not any(c in _POWERS for c in whole):
        value = Decimal("".join(str(_DIGITS[c]) for c in whole))
    else:
        value = Decimal(_with_powers(whole))
    return value + (Decimal("0." + "".join(str(_DIGITS[c]) for c in part)) if part else 0)


def _with_powers(text: str) -> int:
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif (power := _POWERS[character]) >= 10_000:
            total, section, digit = (total + section + digit) * power, 0, 0
        else:
            section, digit = section + (digit or 1) * power, 0
    return total + section + digit
