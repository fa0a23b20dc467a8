"""The starter library: background factors that may be carried with the project, each with its provenance.

Government announcements (facts), IPCC defaults, DEFRA (OGL v3.0); other databases come through importers. Beside
the factors stand properties of fuels and products that are none (heating values, carbon contents, stored carbon): what
combustion factors are computed from, and what activity data are converted with. GWPs are in `lca.gases`.
Both files are made by tools/starter_factors.py.
"""

from __future__ import annotations

import csv
import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tanbiao.formats.vocabulary import matching
from tanbiao.lca.datasets.records import FactorRecord
from tanbiao.lca.factors import factor_value
from tanbiao.lca.model import Emission, Factor, FactorKind, GasClass, GasScope, LifeCycleScope
from tanbiao.lca.units import Quantity, unit
from tanbiao.words import Text

DATA = Path(__file__).parent / "data" / "starter_factors.csv"
PROPERTIES = DATA.with_name("starter_properties.csv")

# What a row says besides, by its column; documents carry the headings as "公式 Formula".
HEADINGS = {
    "published": Text("公布日期", "Published"),
    "document_sha256": Text("文件 SHA-256", "SHA-256 of the document"),
    "licence": Text("许可", "Licence"),
    "formula": Text("公式", "Formula"),
    "ncv": Text("低位发热量", "NCV"),
    "carbon_content": Text("单位热值含碳量（tC/GJ）", "CC"),
    "oxidation": Text("碳氧化率（%）", "OF"),
    "newer": Text("下一年度因子", "Factor of the next year"),
}


@dataclass(frozen=True, slots=True)
class MaterialProperty:
    """A published number about a fuel or product that is no emission factor.

    quantity  "net_calorific_value", "carbon_content", "oxidation", "coal_equivalent" or "stored_co2"
    unit      as published: "GJ/t", "tC/GJ", "%", "TJ/Gg", ...
    """

    name: Text
    quantity: str
    value: Decimal
    unit: str
    region: str
    year: int
    source: str
    document: str
    confidence: str


class Library(Mapping[str, Factor]):
    """Factors by id, and by their display names in either language (as typed names are compared; they are unique)."""

    def __init__(self, factors: Mapping[str, Factor], digest: str):
        self._factors = dict(factors)
        self._by_name = {matching(name): f for f in factors.values() for name in (f.name.zh, f.name.en)}
        self.digest = digest  # sha256 of the file it was read from, hex

    def __getitem__(self, id: str) -> Factor:
        return self._factors[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._factors)

    def __len__(self) -> int:
        return len(self._factors)

    def by_name(self, name: str) -> Factor | None:
        """The factor with this Chinese or English display name, or None."""
        return self._by_name.get(matching(name))


@functools.cache
def starter_library() -> Library:
    """The library shipped with this version, read once."""
    return Library({row["id"]: _factor(row) for row in _rows()}, hashlib.sha256(DATA.read_bytes()).hexdigest())


@functools.cache
def starter_records() -> Mapping[str, FactorRecord]:
    """The same factors with all that is said of them: category, boundary, licence, formula; by id."""
    return {row["id"]: _record(row) for row in _rows()}


@functools.cache
def starter_properties() -> tuple[MaterialProperty, ...]:
    """The properties shipped with this version."""
    with PROPERTIES.open(encoding="utf-8", newline="") as file:
        return tuple(_property(row) for row in csv.DictReader(file))


def _rows() -> list[dict[str, str]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _factor(row: dict[str, str]) -> Factor:
    released = Quantity(Decimal(row["value"]), unit("kg"))
    return Factor(
        id=row["id"],
        name=Text(row["name_zh"], row["name_en"]),
        unit=unit(row["unit"]),
        emissions=(Emission(row["substance"], GasClass(row["gas_class"]), released, source=row["source"]),),
        kind=FactorKind(row["kind"]),
        gas_scope=GasScope(row["gas_scope"]),
        life_cycle_scope=LifeCycleScope(row["life_cycle_scope"]),
        region=row["region"],
        year=int(row["year"]),
        source=row["source"],
        document=row["document"],
        gwp_set=row["gwp_set"],
        confidence=row["confidence"],
        use_instead=row["use_instead"],
    )


def _record(row: dict[str, str]) -> FactorRecord:
    said = row | {"ncv": f"{row['ncv']} {row['ncv_unit']}".strip()}
    return FactorRecord(
        id=row["id"],
        names={"zh": row["name_zh"], "en": row["name_en"]},
        value=float(row["value"]),
        unit=row["unit"],
        given=factor_value(_factor(row)),
        kind=row["kind"],
        gas=row["substance"],
        gas_class=row["gas_class"],
        gas_scope=row["gas_scope"],
        life_cycle_scope=row["life_cycle_scope"],
        boundary=row["boundary"],
        region=row["region"],
        year=int(row["year"]),
        gwp_set=row["gwp_set"],
        source=row["source"],
        document=row["document"],
        category=tuple(row["category"].split(" / ")),
        confidence=row["confidence"],
        use_instead=row["use_instead"],
        documentation={f"{h.zh} {h.en}": said[column] for column, h in HEADINGS.items() if said[column]},
        place=row["id"],
    )


def _property(row: dict[str, str]) -> MaterialProperty:
    return MaterialProperty(
        Text(row["name_zh"], row["name_en"]),
        row["quantity"],
        Decimal(row["value"]),
        row["unit"],
        row["region"],
        int(row["year"]),
        row["source"],
        row["document"],
        row["confidence"],
    )
