"""Electricity: every kWh that a site consumes is covered exactly once, by the best that may be claimed for it.

    own generation and direct lines   what was used here and whose instruments were not sold: its own life-cycle factor
    contractual instruments           what passes the five criteria: life-cycle factor of the technology, and its
                                      transmission; never zero
    residual mix, else grid mix       all the rest, with the part of own generation whose instruments were sold

ISO 14067:2018 6.4.9.4. The same consumption wholly at the grid mix is the sensitivity the clause asks for
(`ElectricityAccount.at_grid`); electricity_use carries both into product systems.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tanbiao.lca.electricity.checks import electricity_faults
from tanbiao.lca.electricity.data import (
    Consumption,
    ContractualInstrument,
    DirectLine,
    ElectricityPolicy,
    OwnGeneration,
)
from tanbiao.lca.electricity.instruments import Claim, Rejection, rejections
from tanbiao.lca.electricity.lines import (
    ElectricityLine,
    ElectricitySource,
    instrument_line,
    kwh_of,
    mix_line,
    rest_lines,
    supply_line,
)
from tanbiao.lca.faults import raise_faults
from tanbiao.lca.model import Factor
from tanbiao.words import Text


@dataclass(frozen=True, slots=True)
class Export:
    """What own generation or a direct line gave beyond the consumption of its period: not part of the footprint."""

    supply: OwnGeneration | DirectLine
    kwh: Decimal


@dataclass(frozen=True, slots=True)
class Surplus:
    """What an instrument that counts holds beyond the consumption it may cover: reported, not counted."""

    instrument: ContractualInstrument
    kwh: Decimal


@dataclass(frozen=True, slots=True)
class ElectricityAccount:
    """How the consumption of a site is covered; the kWh of the lines of a consumption add up to it."""

    consumptions: tuple[Consumption, ...]  # ordered in time
    policy: ElectricityPolicy
    grid: Text  # name of the grid mix
    lines: tuple[ElectricityLine, ...]
    exports: tuple[Export, ...] = ()
    surplus: tuple[Surplus, ...] = ()
    rejections: tuple[Rejection, ...] = ()

    @property
    def kwh(self) -> Decimal:
        return sum((kwh_of(c.quantity) for c in self.consumptions), Decimal(0))

    def kwh_by_source(self) -> dict[ElectricitySource, Decimal]:
        """kWh by what covers them; only the sources that occur."""
        sums: dict[ElectricitySource, Decimal] = {}
        for line in self.lines:
            sums[line.source] = sums.get(line.source, Decimal(0)) + line.kwh
        return sums

    def at_grid(self) -> ElectricityAccount:
        """The same consumption, all of it at the grid mix: the sensitivity case (location-based)."""
        reason = Text("敏感性分析：全部按电网平均计算", "Sensitivity: all of it at the grid mix")
        grid = ElectricitySource.GRID_MIX
        lines = tuple(mix_line(c, grid, self.grid, kwh_of(c.quantity), reason, self.policy) for c in self.consumptions)
        return replace(self, lines=lines, exports=(), surplus=(), rejections=())


def account_electricity(
    consumptions: Sequence[Consumption],
    supplies: Sequence[OwnGeneration | DirectLine] = (),
    instruments: Sequence[ContractualInstrument] = (),
    *,
    policy: ElectricityPolicy,
    factors: Mapping[str, Factor],
    user: str = "",
) -> ElectricityAccount:
    """Cover each kWh exactly once. ISO 14067:2018 6.4.9.4.

    consumptions  of one site, in periods that do not overlap
    supplies      used in the order given, each within the period of consumption it lies in
    instruments   counted where they pass the five criteria; those whose time runs out first are used first, else in
                  the order given, so that no other choice covers more
    factors       by id: all that are named, and those to use instead of a refused one
    user          for whom instruments must be retired, written as the register does
    Raises a Fault (FactorNotPermitted, CodeUsedTwice, WrongPeriod, ...) or Problems with all.
    """
    ordered = tuple(sorted(consumptions, key=lambda c: (c.start, c.end)))
    raise_faults(electricity_faults(ordered, supplies, instruments, policy, factors))
    claim = Claim(ordered, user, policy)
    judged = [(instrument, tuple(rejections(instrument, claim))) for instrument in instruments]
    pool = _Pool(claim, [instrument for instrument, failed in judged if not failed])
    lines: list[ElectricityLine] = []
    exports: list[Export] = []
    for k, consumption in enumerate(ordered):
        rest, sold = kwh_of(consumption.quantity), Decimal(0)
        for supply in supplies:
            if not (consumption.start <= supply.start and supply.end <= consumption.end):
                continue
            used, claimed = _use(supply, rest, policy)
            rest -= used
            sold += used - claimed
            if claimed:
                lines.append(supply_line(consumption, supply, claimed))
            if used < kwh_of(supply.quantity):
                exports.append(Export(supply, kwh_of(supply.quantity) - used))
        for instrument, kwh in pool.cover(k, rest + sold):
            lines.append(instrument_line(consumption, instrument, kwh, policy))
            from_grid = min(rest, kwh)
            rest, sold = rest - from_grid, sold - (kwh - from_grid)
        lines += rest_lines(consumption, rest, sold, policy, factors)
    return ElectricityAccount(
        ordered,
        policy,
        factors[policy.grid].name,
        tuple(lines),
        tuple(exports),
        pool.surplus(),
        tuple(rejection for _, failed in judged for rejection in failed),
    )


class _Pool:
    """Instruments that count, and what is left of each."""

    def __init__(self, claim: Claim, instruments: Sequence[ContractualInstrument]):
        self._instruments = instruments
        self._left = [kwh_of(i.quantity) for i in instruments]
        self._runs = [[k for k, c in enumerate(claim.consumptions) if claim.may_cover(i, c)] for i in instruments]

    def cover(self, k: int, kwh: Decimal) -> Iterator[tuple[ContractualInstrument, Decimal]]:
        """Take up to `kwh` for consumption number k, first of the instruments whose time runs out first.

        Each may cover an unbroken run of the consumptions of its market; so this leaves the most for later ones.
        """
        usable = (j for j, run in enumerate(self._runs) if k in run)
        for j in sorted(usable, key=lambda j: self._runs[j][-1]):
            taken = min(self._left[j], kwh)
            if taken:
                self._left[j] -= taken
                kwh -= taken
                yield self._instruments[j], taken

    def surplus(self) -> tuple[Surplus, ...]:
        return tuple(Surplus(i, left) for i, left in zip(self._instruments, self._left, strict=True) if left)


def _use(supply: OwnGeneration | DirectLine, rest: Decimal, policy: ElectricityPolicy) -> tuple[Decimal, Decimal]:
    """How many kWh of it are used here, and how many of those still hold their attributes."""
    supplied, sold = kwh_of(supply.quantity), kwh_of(supply.instruments_sold)
    used = min(supplied, rest)
    if policy.exports_carry_sold.value:
        return used, min(used, supplied - sold)
    return used, max(used - sold, Decimal(0))
