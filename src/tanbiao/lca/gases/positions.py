"""The classes of gases as the position letters of Catena-X and PACT v3, and the two totals made of them.

    T1 = A + C + D + E + F + G + H    with the uptake of biogenic CO2 (-1/+1)
    T2 = A + C + E + F + G + H        without it (0/0)

Catena-X PCF data model 9.0.0 (io.catenax.pcf), positions of the production stage; ISO 14067:2018 7.2 for the classes.
Their B (of which fossil from land management, where a scheme asks for it) is part of A and has no letter here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tanbiao.lca.model import GasClass

CARBON_IN_CO2 = 12 / 44  # kg C per kg CO2, as the schemes round the molar masses


class Position(StrEnum):
    """The letter under which a scheme reports an amount."""

    A = "A"  # fossil, with N2O from land management
    C = "C"  # biogenic, other than CO2
    D = "D"  # biogenic CO2, net: at the gate what the product holds, so not above zero
    E = "E"  # land use change
    F = "F"  # CO2 from land management
    G = "G"  # CO2 removed by land management: not above zero
    H = "H"  # aircraft


_OF_CLASS = {
    GasClass.FOSSIL: Position.A,
    GasClass.BIOGENIC_EMISSION: Position.C,
    GasClass.BIOGENIC_REMOVAL: Position.D,
    GasClass.DLUC: Position.E,
    GasClass.LAND_MANAGEMENT_EMISSION: Position.F,
    GasClass.LAND_MANAGEMENT_REMOVAL: Position.G,
    GasClass.AVIATION: Position.H,
}
# Where the substance decides. A sum ("CO2e") cannot be divided: of biogenic gases it is taken as other than CO2, which
# keeps it in both totals; of land management as CO2.
_OF_SUBSTANCE = {
    ("CO2", GasClass.BIOGENIC_EMISSION): Position.D,
    ("CH4", GasClass.LAND_MANAGEMENT_EMISSION): Position.C,
    ("N2O", GasClass.LAND_MANAGEMENT_EMISSION): Position.A,
}


def position(substance: str, gas_class: GasClass) -> Position:
    """The letter of one substance in one class."""
    return _OF_SUBSTANCE.get((substance, gas_class), _OF_CLASS[gas_class])


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """kg CO2e by letter, (..., 7) in the order of Position: of one product, or of as many as the array has rows."""

    kg_co2e: NDArray[np.float64]

    def of(self, letter: Position) -> NDArray[np.float64]:
        """kg CO2e under one letter, (...)."""
        return np.asarray(self.kg_co2e[..., list(Position).index(letter)])

    def by_letter(self) -> dict[Position, float]:
        """The letters of one product. Raises TypeError for several."""
        return {letter: float(self.of(letter)) for letter in Position}

    @property
    def with_uptake(self) -> NDArray[np.float64]:
        """T1, (...): the sum of all letters, which is the footprint itself."""
        return np.asarray(self.kg_co2e.sum(axis=-1))

    @property
    def without_uptake(self) -> NDArray[np.float64]:
        """T2, (...): all letters but D."""
        return np.asarray(np.delete(self.kg_co2e, list(Position).index(Position.D), axis=-1).sum(axis=-1))

    @property
    def biogenic_carbon(self) -> NDArray[np.float64]:
        """kg C of biomass in the product, (...): -12/44 D. Below zero: an uptake is missing from the data."""
        return np.asarray(0.0 - CARBON_IN_CO2 * self.of(Position.D))


def positions(labels: Sequence[tuple[str, GasClass]], kg_co2e: ArrayLike) -> Positions:
    """Amounts by substance and class as amounts by letter: kg CO2e (..., p) with p labels -> (..., 7).

    Pure and linear: for many products at once, or the draws of a Monte Carlo. Removals are negative amounts.
    """
    amounts = np.asarray(kg_co2e, dtype=float)
    letters = np.array([position(substance, gas_class) for substance, gas_class in labels], dtype="U1")
    columns = [amounts[..., np.flatnonzero(letters == letter)].sum(axis=-1) for letter in Position]
    return Positions(np.stack(columns, axis=-1))
