"""Global warming potentials over 100 years: kg CO2e per kg of a greenhouse gas.

Two sets: IPCC AR5 (2013) and AR6 (2021). Methane has two values: of fossil origin it adds the CO2 it oxidises to
(AR6: 29.8, AR5: 30), of any other origin it does not (27.0, 28). We keep that split in both sets, so that AR5 and AR6
results differ by the science and not by the convention. Inventories under the UN convention use 28 for all methane
with AR5; a factor published so carries its sum as "CO2e" and the id of its set.
ISO 14067:2018 6.5 and GB/T 24067-2024: the latest GWP100 of the IPCC. A set of one's own is made in `gases.own`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanbiao.lca.faults import UnknownSubstance, WrongGwpSet
from tanbiao.lca.model import GasClass
from tanbiao.words import TanbiaoError, Text

# Methane from land-use change and land management comes from biomass and soil, methane of aircraft from kerosene.
_FOSSIL_CLASSES = frozenset({GasClass.FOSSIL, GasClass.AVIATION})

ORIGINS: Mapping[str, tuple[bool, ...]] = {"fossil": (True,), "non-fossil": (False,), "any": (True, False)}


class UnknownGwpSet(TanbiaoError):
    def __init__(self, id: str):
        known = ", ".join(ipcc_sets())
        super().__init__(
            Text(f"没有 GWP 数据集“{id}”；可用：{known}。", f'There is no GWP set "{id}"; available: {known}.')
        )


@dataclass(frozen=True, slots=True)
class GwpSet:
    """One set of GWP100 values: (substance without hyphens, of fossil origin?) -> kg CO2e per kg."""

    id: str
    source: str
    values: Mapping[tuple[str, bool], float] = field(hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def __reduce__(self) -> tuple[Any, ...]:  # a view of a dict does not pickle, and sets travel to other processes
        return GwpSet, (self.id, self.source, dict(self.values))

    def of(self, substance: str, gas_class: GasClass = GasClass.FOSSIL) -> float:
        """kg CO2e per kg of the substance; "CO2e" is 1 (already summed). Raises UnknownSubstance.

        Hyphens do not matter: HFC-134a is HFC134a.
        """
        if substance == "CO2e":
            return 1.0
        value = self.values.get((substance.replace("-", ""), gas_class in _FOSSIL_CLASSES))
        if value is None:
            raise UnknownSubstance(
                "",
                f"{self.id} 中没有“{substance}”的 GWP100；请核对写法，如 CO2、CH4、N2O、SF6、HFC-134a。",
                f'{self.id} has no GWP100 of "{substance}"; write it like CO2, CH4, N2O, SF6, HFC-134a.',
            )
        return value


@cache
def ipcc_sets() -> Mapping[str, GwpSet]:
    """The sets we carry, by id."""
    values: dict[str, dict[tuple[str, bool], float]] = {}
    with files("tanbiao.lca").joinpath("data/gwp100.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            for fossil in ORIGINS[row["origin"]]:
                values.setdefault(row["set"], {})[row["substance"], fossil] = float(row["value"])
    return {id: GwpSet(id, f"IPCC {id} WG1, GWP100", table) for id, table in values.items()}


def gwp_set(id: str | GwpSet) -> GwpSet:
    """The set "AR5" or "AR6", or the set given itself. Raises UnknownGwpSet, WrongGwpSet."""
    if isinstance(id, GwpSet):
        if id.id in ipcc_sets() and id != ipcc_sets()[id.id]:
            raise WrongGwpSet(
                id.id,
                f"自备的 GWP 数据集不能叫“{id.id}”：数值与 IPCC 的不同。请换一个编号。",
                f'A set with other values than those of the IPCC cannot be called "{id.id}". Choose another id.',
            )
        return id
    found = ipcc_sets().get(id)
    if found is None:
        raise UnknownGwpSet(id)
    return found


def characterisation(labels: Sequence[tuple[str, GasClass]], gwp_sets: Sequence[str | GwpSet]) -> NDArray[np.float64]:
    """kg CO2e per kg of each substance in its class under each set: (p labels, k sets), several sets in one pass.

    With kilograms of many products, (n, p), the totals are `kilograms @ characterisation(labels, sets)`, (n, k).
    "CO2e" counts as it stands under every set (see Footprint.under). Raises UnknownGwpSet, UnknownSubstance.
    """
    sets = [gwp_set(given) for given in gwp_sets]
    factors = [[gwp.of(substance, gas_class) for gwp in sets] for substance, gas_class in labels]
    return np.array(factors, dtype=float).reshape(len(labels), len(sets))
