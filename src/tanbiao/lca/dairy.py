"""Dairy: sharing the burdens of a herd between milk and meat (IDF Bulletin 520/2022; GB/T 44903-2024)."""

from __future__ import annotations

import math


def milk_energy(fat: float, protein: float, lactose: float) -> float:
    """Net energy of lactation, MJ per kg milk: (0.0929 F + 0.0547 P + 0.0395 L) x 4.184 x 100.

    fat, protein, lactose  mass fractions (0.04 is 4 %). IDF 520/2022.
    """
    return (0.0929 * fat + 0.0547 * protein + 0.0395 * lactose) * 4.184 * 100


def meat_energy(live_weight: float, birth_weight: float, sex_coefficient: float) -> float:
    """Net energy of growth, MJ per kg live weight sold.

    22.02 (((LW - BW) / 2) / (C LW))^0.75 (LW - BW)^1.097 / LW, weights in kg; C is 0.8 for females, 1 for others.
    IDF 520/2022.
    """
    gain = live_weight - birth_weight
    return 22.02 * math.pow(gain / 2 / (sex_coefficient * live_weight), 0.75) * math.pow(gain, 1.097) / live_weight


def milk_share(milk_kg: float, milk_energy: float, live_weight_sold_kg: float, meat_energy: float) -> float:
    """The share of the herd's burdens that milk carries, by the energy both take to make. IDF 520/2022."""
    milk, meat = milk_kg * milk_energy, live_weight_sold_kg * meat_energy
    return milk / (milk + meat)


def milk_share_2015(beef_to_milk: float) -> float:
    """The older rule: 1 - 6.04 BMR, with BMR the kg live weight sold per kg FPCM. IDF Bulletin 479/2015."""
    return 1 - 6.04 * beef_to_milk


def corrected_milk(milk_kg: float, fat_percent: float, protein_percent: float) -> float:
    """Fat- and protein-corrected milk (FPCM, 4.0 % fat and 3.3 % protein), kg: M (0.1226 F + 0.0776 P + 0.2534)."""
    return milk_kg * (0.1226 * fat_percent + 0.0776 * protein_percent + 0.2534)
