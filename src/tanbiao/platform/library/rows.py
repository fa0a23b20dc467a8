"""Records of a source as rows of data sets; no queries here."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from math import isfinite
from typing import Any

from tanbiao.lca.datasets.document import from_document, to_document
from tanbiao.lca.datasets.records import DeclarationRecord, FactorRecord, FlowRecord, ProcessRecord
from tanbiao.lca.datasets.regions import region_code
from tanbiao.lca.datasets.source_units import in_base
from tanbiao.lca.document import plain
from tanbiao.lca.model import Factor, FactorKind, GasScope, LifeCycleScope
from tanbiao.lca.units import UnknownUnit, unit
from tanbiao.platform.kernel.search import tokens_of
from tanbiao.platform.library.factors import co2e, factor_of_record
from tanbiao.platform.library.models import Dataset, Form, Submission, Version

FOOTPRINT, NOT_IN_FOOTPRINT = "footprint", "not_in_footprint"
_ELECTRICITY = re.compile(r"electric|电力|电能|发电|供电", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # all but tab and line breaks
_LIMITS = {field.name: field.max_length for field in Dataset._meta.get_fields() if getattr(field, "max_length", None)}


def clean(value: Any) -> Any:
    """Texts as databases and terminals take them: without controls and halves of surrogate pairs; also within JSON."""
    if isinstance(value, str):
        return _CONTROLS.sub("", value).encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def uid_of(id: str) -> str:
    """The id of a record as it is kept: cut, and told apart by a hash, where it is very long."""
    id = clean(id)
    return id if len(id) <= 200 else f"{id[:180]}~{hashlib.sha256(id.encode()).hexdigest()[:16]}"


def dimension_of(symbol: str) -> str:
    """What a unit measures, for finding data per other units of the same; "" where it is not known."""
    try:
        return unit(symbol).dimension
    except UnknownUnit:
        return ""


def packed(record: ProcessRecord | FactorRecord | DeclarationRecord) -> tuple[bytes, str]:
    """The whole record as compressed JSON, and the SHA-256 of its content."""
    text = json.dumps(to_document(record), sort_keys=True, separators=(",", ":")).encode()
    return zlib.compress(text, 6), hashlib.sha256(text).hexdigest()


def record_of(dataset: Dataset) -> Any:
    """The record that a data set was made from."""
    return from_document(json.loads(zlib.decompress(dataset.document)))


def row_of(
    version: Version, record: ProcessRecord | FactorRecord | DeclarationRecord, flows: Mapping[str, FlowRecord]
) -> Dataset:
    """The row of a record, without its document and, for a process, without its results."""
    uid = uid_of(record.id)
    names = clean(record.text.zh), clean(record.text.en)
    row = Dataset(
        version=version,
        uid=uid,
        key=f"{version.source.name}@{version.number}:{uid}",
        name=names[0] or uid,
        name_en=names[1] if names[1] != names[0] else "",
        category=" / ".join(record.category),
    )
    match record:
        case ProcessRecord():
            _process(row, record, flows)
        case FactorRecord():
            _factor(row, record)
        case DeclarationRecord():
            _declaration(row, record, flows)
    row.dimension = dimension_of(row.unit)
    for name, limit in _LIMITS.items():
        if isinstance(value := getattr(row, name), str):
            setattr(row, name, clean(value)[:limit])
    return row


def searched(row: Dataset) -> list[str]:
    """The words a data set is found by."""
    return tokens_of(row.name, row.name_en, row.product, row.category, row.technology[:200], row.uid, row.provider)


def _process(row: Dataset, record: ProcessRecord, flows: Mapping[str, FlowRecord]) -> None:
    row.form = Form.PROCESS
    row.region, row.year_from = region_code(record.location), record.year_from
    row.year = record.year_until or record.year_from
    row.technology = next(iter(record.technology.values()), "")
    row.quality, row.citation = record.quality, "; ".join(record.sources)
    row.gas_scope, row.life_cycle_scope = GasScope.ALL_GHG, LifeCycleScope.CRADLE_TO_GATE
    if references := record.references:
        product = flows.get(references[0].flow)
        row.product = product.text.zh if product else ""
        row.unit = product.unit if product else references[0].unit
    row.kind = kind_of(row.unit, row.category, row.product)


def kind_of(symbol: str, category: str, product: str) -> FactorKind:
    """What a product of a database is to a product system: said only where unit and words leave no doubt."""
    base = in_base(symbol)
    if base and base[0] in ("t*km", "t·km"):
        return FactorKind.TRANSPORT
    if base and base[0] == "MJ" and (_ELECTRICITY.search(category) or _ELECTRICITY.match(product)):
        return FactorKind.ELECTRICITY_FOOTPRINT
    return FactorKind.MATERIAL


def _factor(row: Dataset, record: FactorRecord) -> None:
    row.form = Form.FACTOR
    row.value, row.unit = record.value, record.unit
    row.kind, row.gas_scope, row.life_cycle_scope = record.kind, record.gas_scope, record.life_cycle_scope
    row.boundary, row.region, row.year = record.boundary, region_code(record.region), record.year
    row.technology, row.provider, row.confidence = record.technology, record.provider, record.confidence
    row.citation = "; ".join(filter(None, (record.source, record.document)))
    row.use_instead, row.year_from, row.quality = record.use_instead, record.year_from, record.quality
    if record.gas != "CO2e" and not row.gas_scope:
        row.gas_scope = GasScope.CO2_ONLY if record.gas == "CO2" else ""
    of_electricity = row.kind in (FactorKind.ELECTRICITY_FOOTPRINT, FactorKind.TRANSMISSION)
    if row.kind == FactorKind.GRID_CO2 or (of_electricity and row.gas_scope == GasScope.CO2_ONLY):
        row.permitted_use = NOT_IN_FOOTPRINT
    made = factor_of_record(row, record)
    if isinstance(made, Factor):
        row.value = co2e(made)
        row.factor = plain(made)
    else:
        row.not_usable = {"zh": made.zh, "en": made.en}


def record_of_submission(submission: Submission) -> FactorRecord:
    """A measured factor as a record: what its form says, and how it was measured."""
    replaced = submission.replaces
    return FactorRecord(
        id=replaced.uid if replaced else submission.pk.hex,
        names={"zh": submission.name, "en": submission.name_en or submission.name},
        value=float(submission.value),
        unit=submission.unit,
        given=f"{submission.value.normalize():f} kg CO2e/{submission.unit}",
        kind=submission.kind,
        gas="CO2" if submission.gas_scope == GasScope.CO2_ONLY else "CO2e",
        gas_scope=submission.gas_scope,
        life_cycle_scope=submission.life_cycle_scope,
        boundary=submission.boundary,
        region=submission.region,
        year=submission.period_end.year,
        year_from=submission.period_start.year,
        gwp_set=submission.gwp_set,
        technology=submission.technology,
        provider=submission.owner.name,
        source=submission.owner.name,
        quality="; ".join(f"{name} {score}" for name, score in sorted(submission.quality_scores.items())),
        documentation={
            "method": submission.method,
            "representativeness": submission.representativeness,
            "inventory": "\n".join(map(_inventory_line, submission.inventory)),
            "documents": "\n".join(f"{name} {sha}" for sha, name in sorted(submission.document_names.items())),
        },
    )


def _inventory_line(line: Mapping[str, str]) -> str:
    source = line.get("source")
    return f"{line['name']} {line['amount']} {line['unit']}" + (f" ({source})" if source else "")


def _declaration(row: Dataset, record: DeclarationRecord, flows: Mapping[str, FlowRecord]) -> None:
    row.form = Form.DECLARATION
    product = flows.get(record.flow)
    row.product = product.text.zh if product else ""
    row.unit, row.region = record.unit, region_code(record.location)
    row.year_from, row.year = record.year_from, record.year_until or record.year_from
    row.not_usable = {
        "zh": "环境产品声明按生命周期模块给出结果，不能直接用于核算；请看各模块的数值。",
        "en": "A declaration gives its results by life-cycle module; it cannot be used in a calculation as it is.",
    }
