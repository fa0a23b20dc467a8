"""A product system and its footprint as plain JSON: decimals as strings, enums as values, dates ISO, units as symbols.

`system_from_document(to_document(system)) == system`, always: the document is what a frozen study stores and hashes.
Reading is strict: unknown keys, missing keys, other types and other spellings are refused with their path.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from tanbiao.lca.faults import Fault
from tanbiao.lca.model import Factor, ProductSystem
from tanbiao.lca.units import UNITS, Unit, UnknownUnit

SYSTEM_FORMAT = "tanbiao.system/1"
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]{1,6})?", re.ASCII)


class BadDocument(Fault):
    """The document does not have the shape of a product system; `place` is the path to the value at fault."""


def to_document(system: ProductSystem) -> dict[str, Any]:
    """The system as plain JSON values. Raises UnknownUnit for a unit that is not one of `units.UNITS`."""
    return {"format": SYSTEM_FORMAT, **plain(system)}


def system_from_document(document: Mapping[str, Any]) -> ProductSystem:
    """The system of a document. Raises BadDocument with the path to what is wrong.

    Says nothing on whether the system makes sense: calculate_footprint does.
    """
    if not isinstance(document, Mapping) or document.get("format") != SYSTEM_FORMAT:
        raise BadDocument("format", f"应为“{SYSTEM_FORMAT}”。", f'must be "{SYSTEM_FORMAT}".')
    content = {key: value for key, value in document.items() if key != "format"}
    return cast(ProductSystem, _read(content, ProductSystem, ""))


def factor_from_document(document: Mapping[str, Any]) -> Factor:
    """The factor of a document made by `plain`; what has a default may be left out. Raises BadDocument."""
    return cast(Factor, _read(document, Factor, ""))


def plain(value: Any) -> Any:
    """A value of the model as plain JSON. Raises UnknownUnit for a unit that is not one of `units.UNITS`."""
    match value:
        case Unit():
            if UNITS.get(value.symbol) != value:
                raise UnknownUnit(value.symbol)
            return value.symbol
        case Enum():
            return value.value
        case Decimal():
            return str(value)
        case float():
            return repr(value)
        case dt.date():
            return value.isoformat()
        case tuple():
            return [plain(item) for item in value]
        case Mapping():
            return {plain(key): plain(item) for key, item in value.items()}
        case _ if is_dataclass(value):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _read(value: Any, kind: Any, path: str) -> Any:
    if isinstance(kind, UnionType):  # only `X | None` occurs
        return None if value is None else _read(value, get_args(kind)[0], path)
    if get_origin(kind) is tuple:
        _expect(isinstance(value, list), path, "应为数组。", "must be an array.")
        return tuple(_read(item, get_args(kind)[0], f"{path}[{i}]") for i, item in enumerate(value))
    if is_dataclass(kind) and kind is not Unit:
        return _read_fields(value, cast(type, kind), path)
    if kind in (bool, int):
        _expect(type(value) is kind, path, "应为整数或真假值。", "must be an integer, or true or false.")
        return value
    _expect(isinstance(value, str), path, "应为文本。", "must be a text.")
    return _read_text(value, kind, path)


def _read_fields(value: Any, kind: type, path: str) -> Any:
    _expect(isinstance(value, Mapping), path, "应为对象。", "must be an object.")
    hints, required = _shape(kind)
    for key in [k for k in value if k not in hints] + [k for k in required if k not in value]:
        said = ("缺少此项。", "is missing.") if key in hints else ("不认识此项。", "is not known.")
        raise BadDocument(f"{path}.{key}".lstrip("."), *said)
    return kind(**{key: _read(item, hints[key], f"{path}.{key}".lstrip(".")) for key, item in value.items()})


@cache
def _shape(kind: type) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The types of the fields of a dataclass, and the names of those without a default."""
    own = fields(kind)
    required = tuple(f.name for f in own if f.default is MISSING and f.default_factory is MISSING)
    return {name: hint for name, hint in get_type_hints(kind).items() if name in {f.name for f in own}}, required


def _read_text(value: str, kind: Any, path: str) -> Any:
    if kind is Unit:
        _expect(value in UNITS, path, f"没有单位“{value}”。", f'there is no unit "{value}".')
        return UNITS[value]
    if kind is Decimal:
        _expect(bool(_DECIMAL.fullmatch(value)), path, f"“{value}”不是数。", f'"{value}" is not a number.')
        return Decimal(value)
    if kind is str:
        return value
    try:
        return dt.date.fromisoformat(value) if kind is dt.date else kind(value)
    except ValueError:
        raise BadDocument(path, f"不接受“{value}”。", f'"{value}" is not accepted.') from None


def _expect(right: bool, path: str, zh: str, en: str) -> None:
    if not right:
        raise BadDocument(path, zh, en)
