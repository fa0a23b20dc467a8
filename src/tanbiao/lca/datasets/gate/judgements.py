"""What the quality gate looks at and what it answers with; nothing of a factor is changed by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tanbiao.lca.datasets.records import FactorRecord, ProcessRecord
from tanbiao.lca.datasets.source_units import as_unit
from tanbiao.lca.faults import UnknownSubstance
from tanbiao.lca.gases.gwp import gwp_set
from tanbiao.lca.model import GasClass
from tanbiao.lca.units import Unit
from tanbiao.words import Text


class Severity(StrEnum):
    BLOCKING = "blocking"  # cannot be right: corrected or left out, else somebody answers for it with a reason
    DOUBTFUL = "doubtful"  # may be right: somebody has to judge
    NOTE = "note"  # worth knowing


@dataclass(frozen=True, slots=True)
class Judgement:
    code: str  # stable, e.g. "magnitude", "spread", "gas_contradiction"
    severity: Severity
    place: str  # cell, entry or name
    text: Text
    uid: str = ""  # of the data set


@dataclass(frozen=True, slots=True)
class Judged:
    """A factor as the gate looks at it: `value` kg of `gas` per `unit`; `given` as it was written."""

    uid: str
    name: Text
    value: float
    unit: str
    kind: str = ""
    gas: str = "CO2e"
    gas_class: str = "fossil"
    gas_scope: str = ""
    life_cycle_scope: str = ""
    boundary: str = ""
    region: str = ""
    year: int | None = None
    year_from: int | None = None
    gwp_set: str = ""
    technology: str = ""
    provider: str = ""
    category: tuple[str, ...] = ()
    given: str = ""
    place: str = ""

    @property
    def said(self) -> str:
        """The value as a message gives it."""
        return self.given or f"{self.value:g} kg{self.gas}/{self.unit}"

    @property
    def where(self) -> str:
        return self.place or self.name.zh

    @property
    def known_unit(self) -> Unit | None:
        """The unit, if it is one that can be converted; that of a source by its base."""
        return _unit_of(self.unit)[0]

    @property
    def per_base(self) -> float | None:
        """kg CO2e (AR6) per base unit of its dimension; None where the unit or the gas is not known."""
        known, size = _unit_of(self.unit)
        gwp = _gwp_of(self.gas, self.gas_class)
        return None if known is None or gwp is None else self.value * gwp / size


@lru_cache(maxsize=1024)
def _unit_of(symbol: str) -> tuple[Unit | None, float]:
    """A unit, and how many base units of its dimension the symbol stands for."""
    found = as_unit(symbol)
    return (found[0], float(found[1] * found[0].factor)) if found else (None, 1.0)


@lru_cache(maxsize=1024)
def _gwp_of(gas: str, gas_class: str) -> float | None:
    try:
        return gwp_set("AR6").of(gas, GasClass(gas_class))
    except (UnknownSubstance, ValueError):
        return None


def about_process(process: ProcessRecord, code: str, severity: Severity, zh: str, en: str) -> Judgement:
    """A judgement on a process; its name stands in front."""
    name = process.text
    text = Text(f"过程“{name.zh}”：{zh}", f'process "{name.en}": {en}')
    return Judgement(code, severity, process.place or name.zh, text, process.id)


def judged(record: FactorRecord) -> Judged:
    """A factor of a table, to be judged."""
    return Judged(record.id, record.text, **{name: getattr(record, name) for name in _SAME})


_SAME = [name for name in Judged.__slots__ if name not in ("uid", "name")]

Judgements = Iterator[Judgement]


def about(row: Judged, code: str, severity: Severity, zh: str, en: str) -> Judgement:
    """A judgement on a factor; its name and value stand in front."""
    text = Text(f"“{row.name.zh}” {row.said}：{zh}", f'"{row.name.en}" {row.said}: {en}')
    return Judgement(code, severity, row.where, text, row.uid)
