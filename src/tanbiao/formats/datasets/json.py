"""The one door to JSON: every reader of a JSON format parses here.

UTF-8 only (with or without a byte order mark), bounded in size and depth; a key given twice is said; NaN and Infinity,
which JSON has not, are nothing where a text was expected, and refused where a number is. What a document holds is asked
for by the kind of value that is meant, so that an amount written as text is never taken for a number.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from tanbiao.formats.datasets.container import Container
from tanbiao.lca.datasets.report import Report, SourceRefused, refused

MAX_DOCUMENT = 128 << 20  # bytes of one document; the largest lists of characterisation factors have some 50 MB
MAX_VALUES = 8_000_000  # in one document: each takes some 70 bytes, however few it was written in
LONGEST_ID = 200


class Node:
    """One object of a document, with its place for messages. Where several keys are given, the first present counts."""

    __slots__ = ("data", "place")

    def __init__(self, data: dict[str, Any], place: str):
        self.data, self.place = data, place

    def at(self, place: str) -> Node:
        return Node(self.data, place)

    def id(self) -> str:
        found = self.data.get("@id") or self.data.get("id")
        if not isinstance(found, str) or not 0 < len(found) <= LONGEST_ID:
            raise self.wrong("@id", "缺少标识，或标识过长", "no id, or one that is too long")
        return found

    def text(self, key: str, *others: str) -> str:
        found = self.data.get(key)
        if found is None:
            found = self._first(others)
        if isinstance(found, str):
            return found.strip()
        if found is None or found != found:  # NaN, as some writers put for an empty text
            return ""
        if isinstance(found, bool | int | float):
            return str(found)
        raise self.wrong(key, "应为文字", "a text is expected")

    def number(self, key: str) -> float | None:
        found = self.data.get(key)
        if type(found) is float and math.isfinite(found):
            return found
        if found is None:
            return None
        if isinstance(found, str):
            raise self.wrong(
                key,
                f"是文字“{found[:40]}”，应为数；请改成 JSON 数（小数点用“.”）",
                f'it is the text "{found[:40]}", not a number; write it as a JSON number with a decimal point',
            )
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise self.wrong(key, "应为数", "a number is expected")
        try:
            value = float(found)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self.wrong(
                key, "不是有限数（NaN、Infinity 或过大）", "it is no finite number (NaN, Infinity or too large)"
            )
        return value

    def flag(self, key: str, *others: str) -> bool:
        found = self.data.get(key)
        if found is None:
            found = self._first(others)
        if found is None or isinstance(found, bool):
            return bool(found)
        raise self.wrong(key, "应为 true 或 false", "true or false is expected")

    def node(self, key: str) -> Node | None:
        found = self.data.get(key)
        if found is None:
            return None
        if not isinstance(found, dict):
            raise self.wrong(key, "应为对象 {…}", "an object {…} is expected")
        return Node(found, self.place)

    def nodes(self, key: str) -> Iterator[Node]:
        found = self.data.get(key)
        if found is None:
            return
        if not isinstance(found, list):
            raise self.wrong(key, "应为列表 […]", "a list […] is expected")
        for each in found:
            if not isinstance(each, dict):
                raise self.wrong(key, "列表中应为对象 {…}", "objects {…} are expected in the list")
            yield Node(each, self.place)

    def wrong(self, key: str, zh: str, en: str) -> SourceRefused:
        return refused(f"{self.place} [{key}]", f"{zh}。", f"{en}.")

    def _first(self, keys: tuple[str, ...]) -> Any:
        return next((self.data[key] for key in keys if self.data.get(key) is not None), None) if keys else None


def load(container: Container, name: str, report: Report) -> Node:
    """The document of an entry, which must be an object. Raises SourceRefused."""
    return parse(container.read(name), name, report)


def parse(data: bytes, place: str, report: Report) -> Node:
    """The document in these bytes."""
    if len(data) > MAX_DOCUMENT:
        limit = MAX_DOCUMENT >> 20
        raise refused(place, f"大于 {limit} MB；请拆分。", f"it is larger than {limit} MB; divide it.")
    if sum(map(data.count, (b",", b"[", b"{"))) > MAX_VALUES:
        million = MAX_VALUES // 1_000_000
        raise refused(
            place, f"超过 {million} 百万个值；请拆分。", f"it holds more than {million} million values; divide it."
        )
    twice: list[str] = []
    constants: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(found)
        if len(result) != len(found):
            keys = [key for key, _value in found]
            twice.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return result

    def constant(name: str) -> float:
        constants.append(name)
        return math.nan

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused(
            place,
            f"不是 UTF-8 编码（第 {error.start + 1} 字节起无法读取）；请以 UTF-8 重新导出。",
            f"it is not UTF-8 (unreadable from byte {error.start + 1}); export it as UTF-8.",
        ) from None
    try:
        found = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
        if "\\u" in text:
            _check_characters(found, place)
    except RecursionError:
        raise refused(
            place, "嵌套过深，不予读取；请检查导出。", "nested too deeply, not read; check the export."
        ) from None
    except ValueError as error:
        said = str(error)[:200]
        raise refused(
            place, f"不是正确的 JSON（{said}）；请重新导出。", f"no sound JSON ({said}); export it again."
        ) from None
    if not isinstance(found, dict):
        raise refused(place, "应为一个 JSON 对象 {…}。", "it should be one JSON object {…}.")
    for key in twice:
        report.warn(
            "duplicate_key",
            place,
            f"键“{key[:60]}”出现两次，取后一个；请检查。",
            f'the key "{key[:60]}" is given twice; the latter is taken, check it.',
        )
    if constants:
        report.note(
            "nan",
            place,
            f"含有 {constants[0]}（JSON 中没有的值），作为空值处理。",
            f"it holds {constants[0]}, which is no JSON; taken as nothing.",
        )
    return Node(found, place)


def _check_characters(found: object, place: str) -> None:
    """Escapes can write what is no text: half a character (surrogate), or the character NUL."""
    written = json.dumps(found, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        bad = True
    else:
        bad = "\\u0000" in written.replace("\\\\", "")  # a backslash that stands for itself is text
    if bad:
        raise refused(
            place,
            "含有不成文字的转义（半个字符或空字符）。",
            "it holds escapes that are no text (half characters, NUL).",
        )
