"""Data sets as factors of a product system, gas by gas: of a table, of a solved process; and back from their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tanbiao.lca.datasets.records import FactorRecord
from tanbiao.lca.datasets.source_units import as_unit
from tanbiao.lca.document import factor_from_document
from tanbiao.lca.faults import UnknownSubstance
from tanbiao.lca.gases.gwp import gwp_set
from tanbiao.lca.model import Emission, Factor, FactorKind, GasClass, GasScope, LifeCycleScope
from tanbiao.lca.units import UNITS, Quantity, exact
from tanbiao.platform.library.models import Dataset
from tanbiao.words import Text


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
    fitting = as_unit(record.unit)
    if fitting is None:
        return _unit_not_known(record.unit)
    per, size = fitting
    released = Quantity(exact(record.value) / size, UNITS["kg"])
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


def solved(row: Dataset, labels: Sequence[tuple[str, str]], kg: Sequence[float]) -> dict[str, Any] | Text:
    """The factor of a process as its document, from what one unit of its product releases gas by gas; or why not.

    Written out at once, without a Factor in between: a database has tens of thousands.
    """
    fitting = as_unit(row.unit)
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
                    "amount": str(exact(-amount if GasClass(gas_class).removal else amount) / size),
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


def _unit_not_known(symbol: str) -> Text:
    return Text(f"单位“{symbol}”不能用于产品系统。", f'The unit "{symbol}" cannot be used in a product system.')
