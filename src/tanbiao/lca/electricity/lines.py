"""What covers some kWh of a consumption, and why: one line of the account. ISO 14067:2018 6.4.9.4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tanbiao.lca.electricity.data import (
    Consumption,
    ContractualInstrument,
    DirectLine,
    ElectricityPolicy,
    OwnGeneration,
)
from tanbiao.lca.model import Factor
from tanbiao.lca.units import UNITS, Quantity
from tanbiao.words import Text

CLAUSE = "ISO 14067:2018 6.4.9.4"
_KWH = UNITS["kWh"]


class ElectricitySource(StrEnum):
    OWN_GENERATION = "own_generation"
    DIRECT_LINE = "direct_line"
    INSTRUMENT = "instrument"
    RESIDUAL_MIX = "residual_mix"
    GRID_MIX = "grid_mix"


@dataclass(frozen=True, slots=True)
class ElectricityLine:
    """Some kWh of one consumption, what covers them, and why.

    name          of the generator, the line, the instrument or the mix
    factor, provider  id of the factor, or of the process of the system that generates: one of both
    transmission  id of the factor of transmission and distribution added to it, or ""
    evidence      codes and documents that it rests on
    """

    consumption: Consumption
    source: ElectricitySource
    name: Text
    kwh: Decimal
    reason: Text
    factor: str = ""
    provider: str = ""
    transmission: str = ""
    evidence: str = ""
    codes: tuple[str, ...] = ()  # of the instruments that cover it
    clause: str = CLAUSE


def kwh_of(quantity: Quantity) -> Decimal:
    return quantity.to(_KWH).amount


def supply_line(consumption: Consumption, supply: OwnGeneration | DirectLine, kwh: Decimal) -> ElectricityLine:
    own = isinstance(supply, OwnGeneration)
    return ElectricityLine(
        consumption,
        ElectricitySource.OWN_GENERATION if own else ElectricitySource.DIRECT_LINE,
        Text(supply.name, supply.name),
        kwh,
        Text("自发自用，未出售凭证", "Own generation, its instruments not sold")
        if own
        else Text("专线直供，未出售凭证", "Dedicated line, its instruments not sold"),
        factor=supply.factor,
        provider=supply.provider,
        transmission="" if isinstance(supply, OwnGeneration) else supply.transmission,
        evidence=supply.source,
    )


def instrument_line(
    consumption: Consumption, instrument: ContractualInstrument, kwh: Decimal, policy: ElectricityPolicy
) -> ElectricityLine:
    return ElectricityLine(
        consumption,
        ElectricitySource.INSTRUMENT,
        Text(instrument.name, instrument.name),
        kwh,
        Text(
            "合同凭证符合五项准则，按发电技术的生命周期因子计算",
            "Contractual instrument meets the five criteria: life-cycle factor of its technology",
        ),
        factor=instrument.factor,
        transmission=policy.transmission if policy.technology_lacks_transmission.value else "",
        evidence=f"{instrument.called}; {instrument.evidence}",
        codes=tuple(f"{instrument.scheme} {code.strip()}" for code in instrument.codes),
    )


def rest_lines(
    consumption: Consumption, rest: Decimal, sold: Decimal, policy: ElectricityPolicy, factors: Mapping[str, Factor]
) -> Iterator[ElectricityLine]:
    source = ElectricitySource.RESIDUAL_MIX if policy.residual else ElectricitySource.GRID_MIX
    name = factors[policy.residual or policy.grid].name
    bought = (
        Text("无凭证的网电，按剩余组合计算", "From the grid without instruments: residual mix")
        if policy.residual
        else Text(
            "无凭证的网电，没有剩余组合因子，按电网平均计算",
            "From the grid without instruments, no residual mix known: grid mix",
        )
    )
    if rest or not kwh_of(consumption.quantity):  # a consumption of nothing is still an answer
        yield mix_line(consumption, source, name, rest, bought, policy)
    if sold:
        given_away = Text(
            "凭证已售出的自发或专线电量，按网电计算",
            "Own or direct supply whose instruments were sold: as from the grid",
        )
        yield mix_line(consumption, source, name, sold, given_away, policy)


def mix_line(
    consumption: Consumption,
    source: ElectricitySource,
    name: Text,
    kwh: Decimal,
    reason: Text,
    policy: ElectricityPolicy,
) -> ElectricityLine:
    return ElectricityLine(
        consumption,
        source,
        name,
        kwh,
        reason,
        factor=policy.residual if source is ElectricitySource.RESIDUAL_MIX else policy.grid,
        transmission=policy.transmission if policy.mix_lacks_transmission.value else "",
    )
