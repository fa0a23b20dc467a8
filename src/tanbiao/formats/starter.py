"""The starter library: background factors that may be carried with the project, each with its provenance.

Government announcements (facts), IPCC defaults, DEFRA (OGL v3.0); other databases come through importers.
"""

from __future__ import annotations

import csv
import functools
import hashlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from tanbiao.formats.vocabulary import matching
from tanbiao.lca.model import Emission, Factor, FactorKind, GasClass, GasScope, LifeCycleScope
from tanbiao.lca.units import Quantity, unit
from tanbiao.words import Text

DATA = Path(__file__).parent / "data" / "starter_factors.csv"


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
    data = DATA.read_bytes()
    rows = csv.DictReader(data.decode("utf-8").splitlines())
    return Library({row["id"]: _factor(row) for row in rows}, hashlib.sha256(data).hexdigest())


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
