"""Fuels: the CO2 of combustion from carbon, not from tables."""

from __future__ import annotations

CO2_PER_CARBON = 44 / 12  # molar masses


def combustion_co2(ncv: float, carbon_content: float, oxidation: float) -> float:
    """CO2 per unit of fuel burnt: NCV x CC x OF x 44/12, in t per unit of fuel.

    ncv             net calorific value, GJ per unit of fuel (t, or 10^4 Nm3)
    carbon_content  t C per GJ
    oxidation       share of the carbon that becomes CO2, 0 to 1
    IPCC 2006 Guidelines vol. 2 ch. 2; GB/T 32150-2015.
    """
    return ncv * carbon_content * oxidation * CO2_PER_CARBON
