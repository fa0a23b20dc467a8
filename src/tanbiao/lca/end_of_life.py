"""The circular footprint formula: recycled content, recycling, energy recovery and disposal per unit of material.

PEF method, Commission Recommendation (EU) 2021/2279, annex I 4.4.8; an open-loop procedure in the sense of
ISO 14067:2018 annex D. Its three parts add up to the footprint of the material over its life.
"""

from __future__ import annotations


def circular_footprint_material(
    *,
    A: float,
    R1: float,
    R2: float,
    E_virgin: float,
    E_recycled: float,
    E_recycling: float,
    E_avoided: float,
    quality_in: float = 1.0,
    quality_out: float = 1.0,
) -> float:
    """(1-R1) Ev + R1 [A Er + (1-A) Ev Qin] + (1-A) R2 [ErEoL - Ev* Qout], kg CO2e per kg.

    A            allocation of burdens and credits between supplier and user: 0.2 metals, paper, glass; 0.5 most
                 plastics; 0.8 textiles
    R1, R2       recycled content; share recycled at the end of life (0 to 1)
    E_virgin     Ev: acquisition and pre-processing of virgin material;   E_recycled   Er: of recycled material
    E_recycling  ErEoL: recycling at the end of life;   E_avoided   Ev*: virgin material that the recyclate replaces
    quality_in, quality_out   Qs_in/Qp and Qs_out/Qp: quality of the secondary over the primary material
    """
    recycled_content = (1 - R1) * E_virgin + R1 * (A * E_recycled + (1 - A) * E_virgin * quality_in)
    recycling = (1 - A) * R2 * (E_recycling - E_avoided * quality_out)
    return recycled_content + recycling


def circular_footprint_energy(
    *,
    B: float,
    R3: float,
    E_recovery: float,
    heating_value: float,
    heat_yield: float,
    E_heat: float,
    power_yield: float,
    E_power: float,
) -> float:
    """(1-B) R3 (E_ER - LHV X_heat E_heat - LHV X_el E_el), kg CO2e per kg; B is 0 by default in the PEF method."""
    avoided = heating_value * (heat_yield * E_heat + power_yield * E_power)
    return (1 - B) * R3 * (E_recovery - avoided)


def circular_footprint_disposal(*, R2: float, R3: float, E_disposal: float) -> float:
    """(1-R2-R3) Ed, kg CO2e per kg: what is neither recycled nor recovered."""
    return (1 - R2 - R3) * E_disposal
