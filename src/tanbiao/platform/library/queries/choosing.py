"""Data sets to choose: found by words, the factor that one brings, its value per a unit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from tanbiao.lca.faults import NoFactor
from tanbiao.lca.model import Factor, GasScope
from tanbiao.lca.units import unit
from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.kernel.search import query_of
from tanbiao.platform.library import finding
from tanbiao.platform.library.factors import factor_of_row
from tanbiao.platform.library.finding import NO_EMISSIONS, USABLE, synonyms
from tanbiao.platform.library.found import Filters, Found
from tanbiao.platform.library.models import Dataset, Version, VersionState
from tanbiao.platform.library.queries.visible import dataset_by_key, datasets_of, published_for
from tanbiao.platform.library.rows import dimension_of


def find_datasets(
    actor: Actor, text: str = "", *, filters: Filters | None = None, staged: bool = False, **options: Any
) -> Found:
    """Data sets that a text and filters find, the best first, each with why it stands where it does; see `finding`.

    staged   also of versions that are not yet published, where the actor sees them: to look at, not to choose
    options  hierarchy, page, size
    """
    versions = published_for(actor, (VersionState.STAGED,) if staged else ())
    return finding.find(versions, text, filters or Filters(), **options)


def usable_in(actor: Actor, version: Version, words: str, symbol: str) -> QuerySet[Dataset]:
    """Data sets of one version with all of some words that a footprint may use, per a unit that measures the same.

    None of a process that names no greenhouse gas: it has not said where they are.
    """
    asked = query_of(words, synonyms())
    if not asked.written:
        return Dataset.objects.none()
    named = datasets_of(actor, version).filter(tokens=asked, dimension=dimension_of(symbol))
    return named.filter(USABLE).exclude(NO_EMISSIONS)


def instead_of(actor: Actor, dataset: Dataset) -> Dataset | None:
    """What a data set says to use in its place, where the actor sees it."""
    return dataset_by_key(actor, dataset.use_instead) if dataset.use_instead else None


def factor_of(dataset: Dataset) -> Factor:
    """The factor of a data set under its key. Raises NoFactor with the reason where it has none."""
    if dataset.factor is None:
        why = dataset.not_usable or {"zh": "没有可用的数值。", "en": "It has no usable value."}
        raise NoFactor("", f"“{dataset.name}”：{why['zh']}", f'"{dataset.name_en or dataset.name}": {why["en"]}')
    return factor_of_row(dataset)


def value_per(dataset: Dataset, asked: str = "") -> tuple[float | None, str]:
    """The value per the unit asked for, where it measures the same, else per its own; and its unit in words.

    What counts CO2 alone says so: "kg CO2/kWh" is no footprint.
    """
    gases = "kg CO2" if dataset.gas_scope == GasScope.CO2_ONLY else "kg CO2e"
    if dataset.value is None or not asked or dataset.unit == asked or dataset.dimension != dimension_of(asked):
        return dataset.value, f"{gases}/{dataset.unit}"
    value = Decimal(repr(dataset.value)) * unit(asked).factor / unit(dataset.unit).factor  # 0.2/MJ is 0.72/kWh, no less
    return float(value), f"{gases}/{unit(asked).symbol}"
