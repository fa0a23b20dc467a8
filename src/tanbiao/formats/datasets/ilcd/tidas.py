"""TIDAS: the data sets of ILCD as JSON, element by element.

An attribute is a key with "@", the text of an element that has attributes is "#text", elements of one name that repeat
are a list. So a document is brought back to the tree it stands for, and everything else is read as ILCD.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from lxml import etree

from tanbiao.formats.datasets import json, xml
from tanbiao.formats.datasets.format import Format
from tanbiao.formats.datasets.ilcd.index import FOLDERS
from tanbiao.formats.datasets.ilcd.reader import is_it, records
from tanbiao.lca.datasets.report import Report, SourceRefused, refused

_DEEPEST = 200  # as deep as the parser of XML goes, nearly
_ROOT = re.compile(rb'"(?:[\w.-]+:)?(' + "|".join(FOLDERS).encode() + rb')"\s*:\s*\{')
_UUID = re.compile(rb'"(?:[\w.-]+:)?UUID"\s*:\s*"([^"\\]*)"')
_VERSION = re.compile(rb'"(?:[\w.-]+:)?dataSetVersion"\s*:\s*"([^"\\]*)"')


class Json:
    """ILCD as TIDAS writes it."""

    suffix = ".json"

    def kind(self, data: bytes) -> str:
        found = _ROOT.search(data)
        return found[1].decode() if found else ""

    def identity(self, data: bytes) -> tuple[str, str]:
        uuid, version = _UUID.search(data), _VERSION.search(data)
        return _text(uuid), _text(version)

    def parse(self, data: bytes, place: str) -> xml.Element:
        report = Report()  # a key given twice: refused below, where ILCD could not tell which element is meant
        document = json.parse(data, place, report).data
        if report.seen["duplicate_key"]:
            raise refused(place, report.notices[0].text.zh, report.notices[0].text.en)
        name = next((key for key in document if _local(key) in FOLDERS), None)
        if name is None or not isinstance(document[name], dict):
            raise _not_tidas(place)
        root = etree.Element(_local(name))
        try:
            _fill(root, document[name], place, 1)
        except ValueError:
            raise _not_tidas(place) from None
        return root


def _fill(element: xml.Element, value: Any, place: str, depth: int) -> None:
    """Give an element the attributes, text and children that a JSON value stands for. Raises SourceRefused."""
    if depth > _DEEPEST:
        raise refused(place, "嵌套过深，不予读取；请检查导出。", "nested too deeply, not read; check the export.")
    if not isinstance(value, dict):
        element.text = _said(value, place)
        return
    for key, inner in value.items():
        if key.startswith("@"):
            if not key.startswith("@xmlns"):
                element.set(xml.LANGUAGE if key == "@xml:lang" else _local(key[1:]), _said(inner, place))
        elif key == "#text":
            element.text = _said(inner, place)
        else:
            for each in inner if isinstance(inner, list) else [inner]:
                _fill(etree.SubElement(element, _local(key)), each, place, depth + 1)


def _said(value: object, place: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return repr(value)
    raise _not_tidas(place)


def _local(key: str) -> str:
    return key.rpartition(":")[2]


def _text(found: re.Match[bytes] | None) -> str:
    return found[1].decode("utf-8", "replace").strip() if found else ""


def _not_tidas(place: str) -> SourceRefused:
    return refused(
        place,
        "不是 TIDAS 数据集的写法（键名、属性或文字不合规）；请重新导出",
        "not written as a data set of TIDAS (keys, attributes or texts are malformed); export it again",
    )


FORMAT = Format("tidas", "TIDAS", partial(is_it, Json()), partial(records, Json()))
