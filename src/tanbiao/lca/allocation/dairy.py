"""Dairy: sharing the burdens of a herd between milk and meat (IDF Bulletin 520/2022; GB/T 44903-2024)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from tanbiao.lca.allocation.shares import burden_bearers
from tanbiao.lca.faults import AllocationImpossible, WrongAmount, WrongShare
from tanbiao.lca.model import Allocation, Process, Property

ENERGY_TO_MAKE = "IDF 2022: net energy for milk and growth (MJ)"


@dataclass(frozen=True, slots=True)
class Milk:
    """What milk consists of, as mass fractions (0.04 is 4 %)."""

    fat: float
    protein: float
    lactose: float

    @property
    def energy(self) -> float:
        """MJ per kg."""
        return milk_energy(self.fat, self.protein, self.lactose)


@dataclass(frozen=True, slots=True)
class Animals:
    """Animals sold for meat: kg at sale and at birth; `sex_coefficient` is 0.8 for females, 1 for others."""

    live_weight: float
    birth_weight: float
    sex_coefficient: float = 1.0

    @property
    def energy(self) -> float:
        """MJ per kg live weight."""
        return meat_energy(self.live_weight, self.birth_weight, self.sex_coefficient)


def shared_by_energy_to_make(herd: Process, made: Mapping[str, Milk | Animals]) -> Process:
    """The process of a herd, allocated by the energy that milk and growth take: a_i = m_i e_i / sum_j m_j e_j.

    made  name of each product and co-product -> what it is; amounts are kg milk and kg live weight sold
    The energies stand with the outputs as a property, so anyone can see and check them, and the shares sum to one as
    by any other key. IDF Bulletin 520/2022; GB/T 44903-2024.
    Raises AllocationImpossible where a product is not told of, WrongShare or WrongAmount for impossible animals.
    """
    for output in burden_bearers(herd):
        if output.name not in made or output.quantity.unit.dimension != "mass":
            raise AllocationImpossible(
                output.place or f"{herd.name} · {output.name}",
                f"产出“{output.name}”需要质量单位，并说明是奶（成分）还是活畜（体重）。",
                f'Output "{output.name}" needs a unit of mass, and to be told of as milk (its composition) or as '
                "animals (their weights).",
            )
    outputs = tuple(
        replace(
            output,
            allocation_value=None,
            properties=(
                *(p for p in output.properties if p.name != ENERGY_TO_MAKE),
                Property(ENERGY_TO_MAKE, _per_unit(made[output.name].energy, output.quantity.unit.factor)),
            ),
        )
        if output.name in made
        else output
        for output in herd.outputs
    )
    return replace(herd, outputs=outputs, allocation=Allocation.PROPERTY, allocation_property=ENERGY_TO_MAKE)


def milk_energy(fat: float, protein: float, lactose: float) -> float:
    """Net energy of lactation, MJ per kg milk: (0.0929 F + 0.0547 P + 0.0395 L) x 4.184 x 100.

    fat, protein, lactose  mass fractions (0.04 is 4 %). IDF 520/2022. Raises WrongShare where they are not.
    """
    for zh, en, share in (("脂肪", "fat", fat), ("蛋白质", "protein", protein), ("乳糖", "lactose", lactose)):
        _check_share(zh, en, share)
    _check_share("脂肪、蛋白质和乳糖之和", "fat, protein and lactose together", fat + protein + lactose)
    return (0.0929 * fat + 0.0547 * protein + 0.0395 * lactose) * 4.184 * 100


def meat_energy(live_weight: float, birth_weight: float, sex_coefficient: float) -> float:
    """Net energy of growth, MJ per kg live weight sold.

    22.02 (((LW - BW) / 2) / (C LW))^0.75 (LW - BW)^1.097 / LW, weights in kg; C is 0.8 for females, 1 for others.
    IDF 520/2022. Raises WrongAmount unless 0 <= BW < LW and C > 0.
    """
    if not (0 <= birth_weight < live_weight < math.inf and 0 < sex_coefficient < math.inf):
        raise WrongAmount(
            "",
            f"出栏体重 {live_weight} kg 应大于出生体重 {birth_weight} kg，性别系数 {sex_coefficient} 应大于 0。",
            f"The live weight {live_weight} kg must be above the birth weight {birth_weight} kg, and the sex "
            f"coefficient {sex_coefficient} above 0.",
        )
    gain = live_weight - birth_weight
    return 22.02 * math.pow(gain / 2 / (sex_coefficient * live_weight), 0.75) * math.pow(gain, 1.097) / live_weight


def milk_share(milk_kg: float, milk_energy: float, live_weight_sold_kg: float, meat_energy: float) -> float:
    """The share of the herd's burdens that milk carries, by the energy both take to make. IDF 520/2022.

    Raises WrongAmount where an amount is negative or nothing is made.
    """
    given = (milk_kg, milk_energy, live_weight_sold_kg, meat_energy)
    milk, meat = milk_kg * milk_energy, live_weight_sold_kg * meat_energy
    if min(given) < 0 or not 0 < milk + meat < math.inf:
        raise WrongAmount(
            "",
            f"奶和肉的数量与能量（{given}）不能为负，也不能都为零。",
            f"The amounts and energies of milk and meat {given} must not be negative, nor all zero.",
        )
    return milk / (milk + meat)


def milk_share_2015(beef_to_milk: float, slope: float = 6.04) -> float:
    """The older rule: 1 - 6.04 BMR, with BMR the kg live weight sold per kg FPCM. IDF Bulletin 479/2015.

    slope  4.39 is that of Thoma et al. 2013. Raises WrongShare where the line leaves 0 to 1.
    """
    share = 1 - slope * beef_to_milk
    _check_share("奶的分配比例", "the share of milk", share)
    return share


def corrected_milk(milk_kg: float, fat_percent: float, protein_percent: float) -> float:
    """Fat- and protein-corrected milk (FPCM, 4.0 % fat and 3.3 % protein), kg: M (0.1226 F + 0.0776 P + 0.2534).

    Raises WrongShare for percentages outside 0 to 100.
    """
    _check_share("脂肪", "fat", fat_percent / 100)
    _check_share("蛋白质", "protein", protein_percent / 100)
    return milk_kg * (0.1226 * fat_percent + 0.0776 * protein_percent + 0.2534)


def _per_unit(energy_per_kg: float, kg: Decimal) -> Decimal:
    return Decimal(repr(energy_per_kg)) * kg


def _check_share(zh: str, en: str, share: float) -> None:
    if not 0 <= share <= 1:
        raise WrongShare(
            "",
            f"{zh}为 {share:.6g}，应在 0 与 1 之间（4% 写作 0.04）。",
            f"{en} is {share:.6g}; it must be between 0 and 1 (4 % is 0.04).",
        )
