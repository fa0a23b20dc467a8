"""Recycling at the end of life: who carries the burdens of a material that lives more than once.

Four methods, one signature: what a material is and meets over its life goes in, kg CO2e per kg in four parts comes
out, so that they stand side by side (`compare_recycling`). With Ev, Er, ErEoL, Ev*, Ed, R1, R2, R3, A, B, Qin, Qout as
in `MaterialLife`:

    recycled content   (1-R1) Ev + R1 Er                                      + R3 EER + (1-R2-R3) Ed
    closed loop        Ev - R2 a Ev + R2 ErEoL                                + R3 EER + (1-R2-R3) Ed
    substitution       (1-R1) Ev + R1 Ev Qin + R2 (ErEoL - Ev* Qout)          + R3 (EER - C) + (1-R2-R3) Ed
    circular (CFF)     (1-R1) Ev + R1 (A Er + (1-A) Ev Qin)
                       + (1-A) R2 (ErEoL - Ev* Qout)                          + (1-B) R3 (EER - C) + (1-R2-R3) Ed
    C = LHV (X_heat E_heat + X_el E_el), the energy that recovery replaces

Recycled content (cut-off) is the circular formula at A = 1 without a credit for energy, substitution at A = B = 0.
ISO 14067:2018 6.4.6.3 and annex D; GB/T 24067-2024, the same; circular footprint formula: PEF method, Commission
Recommendation (EU) 2021/2279, annex I 4.4.8.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from types import MappingProxyType

from tanbiao.lca.faults import Fault, WrongAmount, WrongShare, raise_faults
from tanbiao.lca.frames import Table
from tanbiao.words import Text

_SHARES = ("A", "B", "R1", "R2", "R3", "loop_factor", "heat_yield", "power_yield")
_NOT_NEGATIVE = ("quality_in", "quality_out", "heating_value")


class Recycling(StrEnum):
    """The method by which the burdens of recycling are shared: cut-off, closed loop, credit, or CFF (circular)."""

    RECYCLED_CONTENT = "recycled_content"  # cut-off: recyclate comes and goes without burden of its other lives
    CLOSED_LOOP = "closed_loop"  # recyclate replaces the virgin material of the same product system
    SUBSTITUTION = "substitution"  # end-of-life credit; recycled content counts as virgin
    CIRCULAR = "circular"  # the circular footprint formula shares between supplier and user by A


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialLife:
    """One kilogram of a material from cradle to grave; every E in kg CO2e per kg (E_heat, E_power: per MJ).

    E_virgin     Ev: acquisition and pre-processing of virgin material;   E_recycled   Er: of recycled material
    E_recycling  ErEoL: recycling at the end of life;   E_avoided   Ev*: virgin material that the recyclate replaces
    E_disposal   Ed: landfill or burning without recovery;   E_recovery   EER: burning with energy recovery
    R1, R2, R3   recycled content; share recycled at the end of life; share burnt for energy (0 to 1)
    A, B         allocation of burdens and credits between supplier and user, of the material (0.2 metals, paper, glass;
                 0.5 most plastics; 0.8 textiles) and of its energy (0 by default in the PEF method)
    quality_in, quality_out   Qs_in/Qp and Qs_out/Qp: quality of the secondary over the primary material
    loop_factor  a: allocation factor of the closed loop; 1 where inherent properties do not change
    heating_value, heat_yield, power_yield   MJ per kg, and the shares of it that become heat and power
    Raises WrongShare for shares outside 0 to 1 or together above 1, WrongAmount for what is not finite or, where it
    must not be, negative.
    """

    E_virgin: float
    E_recycled: float = 0.0
    E_recycling: float = 0.0
    E_avoided: float = 0.0
    E_disposal: float = 0.0
    R1: float = 0.0
    R2: float = 0.0
    R3: float = 0.0
    A: float = 0.5
    B: float = 0.0
    quality_in: float = 1.0
    quality_out: float = 1.0
    loop_factor: float = 1.0
    E_recovery: float = 0.0
    heating_value: float = 0.0
    heat_yield: float = 0.0
    E_heat: float = 0.0
    power_yield: float = 0.0
    E_power: float = 0.0

    def __post_init__(self) -> None:
        raise_faults(_faults(self))

    @property
    def avoided_energy(self) -> float:
        """C: what the heat and power of one kilogram burnt replace, kg CO2e."""
        return self.heating_value * (self.heat_yield * self.E_heat + self.power_yield * self.E_power)

    @property
    def disposal(self) -> float:
        """(1-R2-R3) Ed: what is neither recycled nor recovered; the same in every method."""
        return (1 - self.R2 - self.R3) * self.E_disposal


@dataclass(frozen=True, slots=True)
class MaterialFootprint:
    """kg CO2e per kg of material: how it was got, recycled, burnt for energy and disposed of; credits negative."""

    method: Recycling
    acquisition: float
    recycling: float
    energy: float
    disposal: float

    @property
    def total(self) -> float:
        return math.fsum((self.acquisition, self.recycling, self.energy, self.disposal))


def recycled_content(life: MaterialLife) -> MaterialFootprint:
    """Cut-off: recycled input carries its processing only, and the scrap leaves without burden and without credit."""
    acquisition = (1 - life.R1) * life.E_virgin + life.R1 * life.E_recycled
    return MaterialFootprint(Recycling.RECYCLED_CONTENT, acquisition, 0.0, life.R3 * life.E_recovery, life.disposal)


def closed_loop(life: MaterialLife) -> MaterialFootprint:
    """E = E_V + E_EoL - R A E_V, with E_EoL all that happens at the end of life, R = R2 and A = `loop_factor`.

    Recycled content does not enter: what is recycled comes back to the same product system. Also for an open loop
    whose recyclate keeps its inherent properties. ISO 14067:2018 annex D; GB/T 24067-2024.
    """
    recycling = life.R2 * (life.E_recycling - life.loop_factor * life.E_virgin)
    return MaterialFootprint(Recycling.CLOSED_LOOP, life.E_virgin, recycling, life.R3 * life.E_recovery, life.disposal)


def substitution(life: MaterialLife) -> MaterialFootprint:
    """End-of-life credit: what leaves is credited with what it replaces, so what comes in counts as virgin."""
    acquisition = (1 - life.R1) * life.E_virgin + life.R1 * life.E_virgin * life.quality_in
    recycling = life.R2 * (life.E_recycling - life.E_avoided * life.quality_out)
    energy = life.R3 * (life.E_recovery - life.avoided_energy)
    return MaterialFootprint(Recycling.SUBSTITUTION, acquisition, recycling, energy, life.disposal)


def circular(life: MaterialLife) -> MaterialFootprint:
    """The circular footprint formula; A shares recycling between supplier and user, B energy.

    (1-R1) Ev + R1 [A Er + (1-A) Ev Qin]; (1-A) R2 [ErEoL - Ev* Qout]; (1-B) R3 [EER - C]; (1-R2-R3) Ed.
    """
    used = life.A * life.E_recycled + (1 - life.A) * life.E_virgin * life.quality_in
    acquisition = (1 - life.R1) * life.E_virgin + life.R1 * used
    recycling = (1 - life.A) * life.R2 * (life.E_recycling - life.E_avoided * life.quality_out)
    energy = (1 - life.B) * life.R3 * (life.E_recovery - life.avoided_energy)
    return MaterialFootprint(Recycling.CIRCULAR, acquisition, recycling, energy, life.disposal)


METHODS: Mapping[Recycling, Callable[[MaterialLife], MaterialFootprint]] = MappingProxyType(
    {
        Recycling.RECYCLED_CONTENT: recycled_content,
        Recycling.CLOSED_LOOP: closed_loop,
        Recycling.SUBSTITUTION: substitution,
        Recycling.CIRCULAR: circular,
    }
)


def material_footprint(life: MaterialLife, method: Recycling) -> MaterialFootprint:
    """The footprint of one kilogram of a material over its life, by the method chosen."""
    return METHODS[method](life)


@dataclass(frozen=True, slots=True)
class ComparedRecycling(Table):
    """One life of a material by every method, in the order of `METHODS`."""

    life: MaterialLife
    footprints: tuple[MaterialFootprint, ...]

    def caption(self) -> Text:
        return Text("回收方法的比较，kg CO2e/kg", "Methods of recycling compared, kg CO2e/kg")

    def rows(self) -> list[dict[str, object]]:
        return [
            {
                "method": found.method.value,
                "acquisition": found.acquisition,
                "recycling": found.recycling,
                "energy": found.energy,
                "disposal": found.disposal,
                "total": found.total,
            }
            for found in self.footprints
        ]


def compare_recycling(life: MaterialLife) -> ComparedRecycling:
    """The same life by every method, side by side: the sensitivity that ISO 14067:2018 6.4.6.1 asks for."""
    return ComparedRecycling(life, tuple(method(life) for method in METHODS.values()))


def _faults(life: MaterialLife) -> Iterator[Fault]:
    values = {f.name: getattr(life, f.name) for f in fields(life)}
    for name, value in values.items():
        if not math.isfinite(value) or (name in _NOT_NEGATIVE and value < 0):
            yield WrongAmount(
                name,
                f"{name} 为 {value}，应为有限数{'，且不小于 0' if name in _NOT_NEGATIVE else ''}。",
                f"{name} is {value}; it must be finite{' and not negative' if name in _NOT_NEGATIVE else ''}.",
            )
    sums = {"R2 + R3": life.R2 + life.R3, "heat_yield + power_yield": life.heat_yield + life.power_yield}
    for name, share in {name: values[name] for name in _SHARES}.items():
        if math.isfinite(share) and not 0 <= share <= 1:
            yield WrongShare(
                name,
                f"{name} 为 {share}，应在 0 与 1 之间。写小数，不写百分数。",
                f"{name} is {share}; it must be between 0 and 1. Write a fraction, not per cent.",
            )
    for name, share in sums.items():
        if share > 1 + 1e-12:  # 0.7 + 0.2 + 0.1 is a little more in binary
            yield WrongShare(
                name,
                f"{name} 为 {share:.6g}，合计不能超过 1。请核对各去向的占比。",
                f"{name} is {share:.6g}; together they cannot pass 1. Check the shares of each way.",
            )
