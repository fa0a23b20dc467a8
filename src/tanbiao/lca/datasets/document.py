"""Records as plain JSON and back, nothing lost: what the library keeps of every data set.

Fields that hold their default are left out; the kind of record stands under "record".
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

from tanbiao.lca.datasets import records
from tanbiao.lca.datasets.records import Direction, FlowKind, Record

Document = dict[str, Any]

_RECORDS: dict[str, type] = {
    "flow": records.FlowRecord,
    "process": records.ProcessRecord,
    "method": records.MethodRecord,
    "declaration": records.DeclarationRecord,
    "factor": records.FactorRecord,
    "parameter": records.ParameterRecord,
}
_NAMES = {kind: name for name, kind in _RECORDS.items()}
# fields that hold parts of their own
_PARTS: dict[tuple[type, str], type] = {
    (records.ProcessRecord, "exchanges"): records.ExchangeRecord,
    (records.ProcessRecord, "parameters"): records.ParameterRecord,
    (records.ProcessRecord, "allocation"): records.AllocationRecord,
    (records.MethodRecord, "factors"): records.ImpactFactorRecord,
    (records.DeclarationRecord, "indicators"): records.IndicatorRecord,
    (records.DeclarationRecord, "exchanges"): records.ExchangeRecord,
}
_REQUIRED = object()


def to_document(record: Record) -> Document:
    """A record as JSON: numbers, texts, lists and objects only."""
    return {"record": _NAMES[type(record)], **_written(record)}


def from_document(document: Document) -> Record:
    """The record of a document, equal to the one it was made of."""
    record: Record = _read(_RECORDS[document["record"]], document)
    return record


def _defaults(kind: type) -> list[tuple[str, Any]]:
    """Every field with its default, in order; `_REQUIRED` where it has none."""
    found = []
    for field in dataclasses.fields(kind):
        if field.default is not dataclasses.MISSING:
            found.append((field.name, field.default))
        elif field.default_factory is not dataclasses.MISSING:
            found.append((field.name, field.default_factory()))
        else:
            found.append((field.name, _REQUIRED))
    return found


_KINDS = {*_RECORDS.values(), *_PARTS.values()}
_FIELDS = {kind: _defaults(kind) for kind in _KINDS}


def _written(record: object) -> Document:
    kind = type(record)
    document = {}
    for name, default in _FIELDS[kind]:
        value = getattr(record, name)
        if value is default or value == default:
            continue
        if (kind, name) in _PARTS:
            value = [_written(part) for part in value]
        elif isinstance(value, tuple):
            value = list(value)
        elif name == "properties":
            value = {key: list(pair) for key, pair in value.items()}
        elif isinstance(value, FlowKind | Direction):
            value = value.value
        elif not isinstance(value, str | int | float | None):
            value = dict(value)
        document[name] = value
    return document


def _tuple(value: list[Any]) -> tuple[Any, ...]:
    return tuple(value)


def _pairs(value: dict[str, list[Any]]) -> dict[str, tuple[Any, ...]]:
    return {key: tuple(pair) for key, pair in value.items()}


def _readers(kind: type) -> dict[str, Callable[[Any], Any]]:
    """What has to be done to a field on its way back; nothing where it is not named."""
    found: dict[str, Callable[[Any], Any]] = {}
    for name, default in _FIELDS[kind]:
        if (kind, name) in _PARTS:
            found[name] = functools.partial(_read_all, _PARTS[kind, name])
        elif isinstance(default, tuple):
            found[name] = _tuple
    if kind in (records.FlowRecord, records.ExchangeRecord):
        found |= {"kind": {k.value: k for k in FlowKind}.__getitem__, "properties": _pairs}
    if kind is records.ExchangeRecord:
        found["direction"] = {d.value: d for d in Direction}.__getitem__
    return found


def _read(kind: type, document: Document) -> Any:
    given = {name: value for name, value in document.items() if name != "record"}
    for name, reader in _READERS[kind].items():
        if name in given:
            given[name] = reader(given[name])
    return kind(**given)


def _read_all(kind: type, documents: list[Document]) -> tuple[Any, ...]:
    return tuple(_read(kind, document) for document in documents)


_READERS = {kind: _readers(kind) for kind in _KINDS}
