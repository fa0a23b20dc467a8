"""Records of a source as rows of data sets, and rows as factors of a product system; no queries here."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from math import isfinite
from typing import Any

from tanbiao.lca.datasets.document import from_document, to_document
from tanbiao.lca.datasets.records import DeclarationRecord, FactorRecord, FlowRecord, ProcessRecord
from tanbiao.lca.datasets.regions import region_code
from tanbiao.lca.datasets.source_units import in_base
from tanbiao.lca.document import factor_from_document, plain
from tanbiao.lca.factors import factor_value
from tanbiao.lca.faults import UnknownSubstance
from tanbiao.lca.gases.gwp import gwp_set
from tanbiao.lca.model import Emission, Factor, FactorKind, GasClass, GasScope, LifeCycleScope
from tanbiao.lca.units import UNITS, Quantity, Unit, UnknownUnit, unit
from tanbiao.platform.kernel.search import tokens_of
from tanbiao.platform.library.models import Dataset, Form, Submission, Version
from tanbiao.words import Text

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


def factor_of_record(row: Dataset, record: FactorRecord) -> Factor | Text:
    """The factor of a row of a table, or what it lacks to be one."""
    lacking = [
        (zh, en)
        for value, zh, en in (
            (record.kind in set(FactorKind), "种类", "kind"),
            (row.gas_scope in set(GasScope), "气体范围", "gas scope"),
            (record.life_cycle_scope in set(LifeCycleScope), "生命周期范围", "life-cycle scope"),
            (record.gas_class in set(GasClass), "气体类别", "gas class"),
            (record.year, "年份", "year"),
            (row.region, "地区", "region"),
        )
        if not value
    ]
    if lacking:
        return Text(
            f"没有说明{'、'.join(zh for zh, _ in lacking)}，不能用于核算。",
            f"It does not say its {', '.join(en for _, en in lacking)}, so it cannot be used in a calculation.",
        )
    fitting = _usable_unit(record.unit)
    if fitting is None:
        return _unit_not_known(record.unit)
    per, size = fitting
    released = Quantity(_exact(record.value) / size, UNITS["kg"])
    return Factor(
        id=row.key,
        name=Text(row.name, row.name_en or row.name),
        unit=per,
        emissions=(Emission(record.gas, GasClass(record.gas_class), released, source=record.source),),
        kind=FactorKind(record.kind),
        gas_scope=GasScope(row.gas_scope),
        life_cycle_scope=LifeCycleScope(record.life_cycle_scope),
        region=row.region,
        year=record.year or 0,
        source=record.source or row.version.source.title,
        document=record.document,
        gwp_set=record.gwp_set,
        confidence=record.confidence,
        use_instead=record.use_instead,
    )


def starter_row(version: Version, factor: Factor) -> tuple[Dataset, FactorRecord]:
    """A factor of the starter library under its bare id, and as a record."""
    released = factor.emissions[0]
    record = FactorRecord(
        id=factor.id,
        names={"zh": factor.name.zh, "en": factor.name.en},
        value=float(released.quantity.amount),
        unit=factor.unit.symbol,
        given=factor_value(factor),
        kind=factor.kind,
        gas=released.substance,
        gas_class=released.gas_class,
        gas_scope=factor.gas_scope,
        life_cycle_scope=factor.life_cycle_scope,
        region=factor.region,
        year=factor.year,
        gwp_set=factor.gwp_set,
        source=factor.source,
        document=factor.document,
        confidence=factor.confidence,
        use_instead=factor.use_instead,
    )
    row = row_of(version, record, {})
    row.key, row.value, row.factor, row.not_usable = factor.id, co2e(factor), plain(factor), None
    return row, record


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


def co2e(factor: Factor, set_id: str = "AR6") -> float | None:
    """kg CO2e per unit; what its source has summed counts as it stands. None for a gas that the set does not know."""
    gwp = gwp_set(set_id)
    try:
        return sum(
            float(e.quantity.amount) * gwp.of(e.substance, e.gas_class) * (-1 if e.gas_class.removal else 1)
            for e in factor.emissions
        )
    except UnknownSubstance:  # the factor is kept, its sum is not known
        return None


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


def solved(row: Dataset, labels: Sequence[tuple[str, str]], kg: Sequence[float]) -> dict[str, Any] | Text:
    """The factor of a process as its document, from what one unit of its product releases gas by gas; or why not.

    Written out at once, without a Factor in between: a database has tens of thousands.
    """
    fitting = _usable_unit(row.unit)
    if fitting is None:
        return _unit_not_known(row.unit)
    per, size = fitting
    return {
        "id": row.key,
        "name": {"zh": row.name, "en": row.name_en or row.name},
        "unit": per.symbol,
        "emissions": [
            {
                "substance": substance,
                "gas_class": gas_class,
                "quantity": {
                    "amount": str(_exact(-amount if GasClass(gas_class).removal else amount) / size),
                    "unit": "kg",
                },
            }
            for (substance, gas_class), amount in zip(labels, kg, strict=True)
            if amount
        ],
        "kind": row.kind,
        "gas_scope": row.gas_scope,
        "life_cycle_scope": row.life_cycle_scope,
        "region": row.region,
        "year": row.year or 0,
        "source": str(row.version),
    }


def factor_of_row(row: Dataset) -> Factor:
    """The factor that a row holds, under its key of today. The row must have one."""
    return replace(factor_from_document(row.factor), id=row.key)


def _usable_unit(symbol: str) -> tuple[Unit, Decimal] | None:
    """A unit of product systems, and how many of it one unit of the source is; None where there is none."""
    try:
        return unit(symbol), Decimal(1)
    except UnknownUnit:
        base = in_base(symbol)
    if base is None:
        return None
    try:
        return unit(base[0]), _exact(base[1])
    except UnknownUnit:
        return None


def _unit_not_known(symbol: str) -> Text:
    return Text(f"单位“{symbol}”不能用于产品系统。", f'The unit "{symbol}" cannot be used in a product system.')


def _exact(value: float) -> Decimal:
    """The shortest decimal that reads back as this float."""
    return Decimal(repr(float(value)))
