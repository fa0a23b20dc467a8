"""Write records as TIDAS: the data sets of ILCD as JSON, in a zip with the folders of the format."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tanbiao.formats.datasets.ilcd.growing import PREFIXES
from tanbiao.formats.datasets.ilcd.writer import write_data_sets
from tanbiao.formats.datasets.xml import LANGUAGE, Element, local
from tanbiao.lca.datasets.records import Record
from tanbiao.lca.datasets.report import Report


def write_tidas(records: Iterable[Record], path: Path) -> Report:
    """Write the records, flows before what names them, to a zip at `path`; the report says what was left out."""
    return write_data_sets(records, path, ".json", _as_json)


def _as_json(root: Element) -> bytes:
    spaces = {f"@xmlns:{prefix}" if prefix else "@xmlns": space for prefix, space in root.nsmap.items()}
    document = {local(root): spaces | _said(root)}
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False).encode()


def _said(element: Element) -> dict[str, object]:
    """Attributes, children (those of one name that repeat as a list) and text."""
    found: dict[str, object] = {f"@{_prefixed(str(key))}": str(value) for key, value in element.attrib.items()}
    for child in element:
        name, value = _prefixed(str(child.tag)), _value(child)
        before = found.get(name)
        if before is None:
            found[name] = value
        elif isinstance(before, list):
            before.append(value)
        else:
            found[name] = [before, value]
    if text := (element.text or "").strip():
        found["#text"] = text
    return found


def _value(element: Element) -> object:
    if len(element) or element.attrib:
        return _said(element)
    return (element.text or "").strip()


def _prefixed(name: str) -> str:
    if name == LANGUAGE:
        return "xml:lang"
    space, _, last = name.rpartition("}")
    prefix = PREFIXES.get(space.removeprefix("{"), "")
    return f"{prefix}:{last}" if prefix else last
