"""Units and quantities (stub; the room is being furnished)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    symbol: str  # "t", "kg", "kWh", "Nm3", "t·km"
    dimension: str  # "mass", "energy", "volume", "gas_volume", "transport", ...
    factor: Decimal  # how many of the dimension's base unit: kg, MJ, m3, Nm3, t·km


@dataclass(frozen=True, slots=True)
class Quantity:
    amount: Decimal
    unit: Unit
