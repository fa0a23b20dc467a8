"""Canonical JSON (RFC 8785), and a strict reader for JSON that others made.

Amounts are decimal strings in whatever we sign, so that no number form can change a signed digit.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import rfc8785

from tanbiao.words import TanbiaoError, Text

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1  # beyond it JSON readers disagree (RFC 7493 2.2)

# a whole string (also one that never ends, so that the scan stays linear), or one bracket
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


class NotCanonical(TanbiaoError):
    """The value has no canonical form: NaN, an integer beyond 2^53-1, half a surrogate pair, a Decimal."""


class Unreadable(TanbiaoError):
    """The bytes are not JSON we are willing to read; the text says why."""


def canonical(value: object) -> bytes:
    """The canonical UTF-8 bytes of a JSON value (dict, list, tuple, str, int, float, bool, None). RFC 8785.

    Raises NotCanonical.
    """
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # it refuses other types itself
    except (ValueError, RecursionError) as error:
        raise NotCanonical(
            Text(
                f"内容没有规范 JSON 形式（{error}）。金额和数量请写成十进制字符串。",
                f"the value has no canonical JSON form ({error}). Write amounts as decimal strings.",
            )
        ) from error


def parse_json(data: bytes, *, max_bytes: int = MAX_BYTES) -> Any:
    """Read JSON and refuse what readers disagree about (RFC 7493), so that whatever parses also has a canonical form.

    Raises Unreadable: too large, not UTF-8, nested deeper than 32, not JSON, a key twice, NaN or Infinity,
    an integer beyond 2^53-1, half a surrogate pair.
    """
    if len(data) > max_bytes:
        raise Unreadable(Text(f"文件超过 {max_bytes} 字节，不予读取。", f"larger than {max_bytes} bytes; not read."))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = error.start + 1
        raise Unreadable(Text(f"第 {place} 字节不是 UTF-8。", f"byte {place} is not UTF-8.")) from error
    _refuse_depth(data)
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant
        )
        canonical(value)
    except json.JSONDecodeError as error:
        raise Unreadable(
            Text(
                f"不是 JSON：第 {error.lineno} 行第 {error.colno} 字符处有误。",
                f"not JSON: wrong at line {error.lineno}, character {error.colno}.",
            )
        ) from error
    except NotCanonical as error:
        raise Unreadable(error.text) from error
    return value


def _refuse_depth(data: bytes) -> None:
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(data):
        match token.group()[:1]:
            case b"[" | b"{":
                depth += 1
                if depth > MAX_DEPTH:
                    raise Unreadable(Text(f"嵌套超过 {MAX_DEPTH} 层。", f"nested deeper than {MAX_DEPTH} levels."))
            case b"]" | b"}":
                depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            twice = ascii(key)[:80]
            raise Unreadable(Text(f"键 {twice} 出现两次。", f"the key {twice} appears twice."))
        result[key] = value
    return result


def _integer(digits: str) -> int:
    # the length first: int() of a very long text is slow, and refused by Python itself
    if len(digits) > 17 or abs(value := int(digits)) > MAX_INTEGER:
        raise Unreadable(
            Text(f"整数 {digits[:20]} 超出 ±(2^53-1)。", f"the integer {digits[:20]} is beyond ±(2^53-1).")
        )
    return value


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Unreadable(Text(f"数 {digits[:20]} 太大。", f"the number {digits[:20]} is too large."))
    return value


def _constant(word: str) -> NoReturn:
    raise Unreadable(Text(f"{word} 不是 JSON 数。", f"{word} is not a JSON number."))
