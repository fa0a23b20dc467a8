"""Is what was said of the electricity of a site sound? Faults that stop the accounting, each with its place.

What only keeps an instrument from being counted is no fault: see contractual_instruments.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tanbiao.lca.electricity.data import (
    Consumption,
    ContractualInstrument,
    DirectLine,
    ElectricityPolicy,
    OwnGeneration,
)
from tanbiao.lca.factors import ELECTRICITY_UNITS, factor_faults
from tanbiao.lca.faults import (
    CodeUsedTwice,
    Fault,
    NoFactor,
    NoSupply,
    WrongAmount,
    WrongDimension,
    WrongFactorKind,
    WrongPeriod,
)
from tanbiao.lca.gases.gwp import gwp_set
from tanbiao.lca.model import Factor, FactorKind, Input, InputKind, LifeCycleScope, Stage
from tanbiao.lca.units import Quantity, quantity
from tanbiao.lca.vocabulary import called

_PARTIAL = (LifeCycleScope.DIRECT, LifeCycleScope.UPSTREAM)
_GENERATED, _TRANSMITTED = FactorKind.ELECTRICITY_FOOTPRINT, FactorKind.TRANSMISSION


def electricity_faults(
    consumptions: Sequence[Consumption],
    supplies: Sequence[OwnGeneration | DirectLine],
    instruments: Sequence[ContractualInstrument],
    policy: ElectricityPolicy,
    factors: Mapping[str, Factor],
) -> Iterator[Fault]:
    """Every fault found in one pass. consumptions are ordered in time."""
    for row in (*consumptions, *supplies, *instruments):
        place = row.place or row.name
        yield from _amount_faults(place, row.quantity)
        if row.end < row.start:
            yield WrongPeriod(
                place,
                f"时期止于 {row.end}，早于开始的 {row.start}。请核对日期。",
                f"The period ends on {row.end}, before it begins on {row.start}. Check the dates.",
            )
    if not consumptions:
        yield WrongPeriod(
            "", "没有填写用电量。请给出用电期与电量。", "No consumption is given. Say how much, and when."
        )
    yield from _overlap_faults(consumptions)
    for supply in supplies:
        yield from _supply_faults(supply, consumptions, factors)
    yield from _code_faults(instruments)
    for instrument in instruments:
        if instrument.factor:
            yield from _factor_faults(instrument.place or instrument.called, instrument.factor, _GENERATED, factors)
    yield from _policy_faults(policy, bool(instruments), factors)


def _amount_faults(place: str, amount: Quantity) -> Iterator[Fault]:
    if not amount.amount.is_finite() or amount.amount < 0:
        yield WrongAmount(
            place,
            f"电量“{amount.amount}”应为 0 或正数。",
            f'The amount of electricity "{amount.amount}" must be 0 or greater.',
        )
    if amount.unit.symbol not in ELECTRICITY_UNITS:
        units = "、".join(sorted(ELECTRICITY_UNITS))
        yield WrongDimension(
            place,
            f"“{amount.unit.symbol}”不是电量单位。请改用 {units}。",
            f'"{amount.unit.symbol}" is no unit of electricity. Use {units.replace("、", ", ")}.',
        )


def _overlap_faults(consumptions: Sequence[Consumption]) -> Iterator[Fault]:
    for earlier, later in pairwise(consumptions):
        if later.start <= earlier.end:
            yield WrongPeriod(
                later.place or later.name,
                f"用电期 {later.start} – {later.end} 与 {earlier.start} – {earlier.end} 重叠。"
                "请分开，使每度电只算一次。",
                f"Consumption of {later.start} – {later.end} overlaps with that of {earlier.start} – {earlier.end}. "
                "Part them, so that each kWh counts once.",
            )


def _supply_faults(
    supply: OwnGeneration | DirectLine, consumptions: Sequence[Consumption], factors: Mapping[str, Factor]
) -> Iterator[Fault]:
    place = supply.place or supply.name
    if bool(supply.factor) is bool(supply.provider):
        yield NoSupply(
            place,
            f"“{supply.name}”应填写生命周期因子或本系统内的发电过程，二者取一。",
            f'"{supply.name}" needs a life-cycle factor or the process of this system that generates it: one of both.',
        )
    if supply.factor:
        yield from _factor_faults(place, supply.factor, _GENERATED, factors)
    if isinstance(supply, DirectLine) and supply.transmission:
        yield from _factor_faults(place, supply.transmission, _TRANSMITTED, factors)
    sold = supply.instruments_sold
    faults = tuple(_amount_faults(place, sold))
    yield from faults
    if not faults and sold.unit.dimension == supply.quantity.unit.dimension:
        generated = supply.quantity.to(sold.unit)
        if sold.amount > generated.amount:
            yield WrongAmount(
                place,
                f"已售凭证 {sold} 多于电量 {supply.quantity}。请核对。",
                f"Instruments of {sold} were sold, more than the {supply.quantity} there are. Check both.",
            )
    if not any(c.start <= supply.start and supply.end <= c.end for c in consumptions):
        yield WrongPeriod(
            place,
            f"{supply.start} – {supply.end} 不在任何一个用电期之内。请按用电期分开填写。",
            f"{supply.start} – {supply.end} does not lie within one period of consumption. Give it by those periods.",
        )


def _code_faults(instruments: Sequence[ContractualInstrument]) -> Iterator[Fault]:
    claimed: dict[tuple[str, str], str] = {}
    for instrument in instruments:
        place = instrument.place or instrument.name
        for code in instrument.codes:
            key = instrument.scheme, code.strip()
            if key in claimed:
                yield CodeUsedTwice(
                    place,
                    f"{instrument.scheme} 编码“{code}”已用于“{claimed[key]}”。一个编码只能用一次，请删去重复的。",
                    f'{instrument.scheme} code "{code}" is already claimed by "{claimed[key]}". '
                    "Each counts once; drop the repetition.",
                )
            claimed.setdefault(key, place)


def _policy_faults(policy: ElectricityPolicy, contracted: bool, factors: Mapping[str, Factor]) -> Iterator[Fault]:
    yield from _factor_faults("ElectricityPolicy.grid", policy.grid, _GENERATED, factors)
    if policy.residual:
        yield from _factor_faults("ElectricityPolicy.residual", policy.residual, _GENERATED, factors)
    if policy.transmission:
        yield from _factor_faults("ElectricityPolicy.transmission", policy.transmission, _TRANSMITTED, factors)
    elif policy.mix_lacks_transmission.value or (contracted and policy.technology_lacks_transmission.value):
        yield NoFactor(
            "ElectricityPolicy.transmission",
            "发电因子不含输配电，却没有给出输配电因子。请补充，或说明发电因子已含输配电及其来源。",
            "Factors of generation lack transmission, and no transmission factor is given. "
            "Give one, or state by which source they already contain it.",
        )


def _factor_faults(place: str, id: str, due: FactorKind, factors: Mapping[str, Factor]) -> Iterator[Fault]:
    row = Input(id, InputKind.ENERGY, quantity(1, "kWh"), Stage.PRODUCTION, factor=id)
    faults = tuple(factor_faults(place, row, factors, factors))
    yield from faults
    if faults:
        return
    factor = factors[id]
    kind, scope = called(factor.kind), called(factor.life_cycle_scope)
    if factor.kind is not due or factor.life_cycle_scope in _PARTIAL:
        yield WrongFactorKind(
            place,
            f"“{factor.name.zh}”是{kind.zh}（{scope.zh}），此处应为全生命周期的{called(due).zh}。请更换因子。",
            f'"{factor.name.en}" is of kind {kind.en} ({scope.en}); {called(due).en} of the whole life cycle '
            "is due here. Choose another factor.",
        )
    elif not _adds_up(factor) > 0:
        yield WrongFactorKind(
            place,
            f"“{factor.name.zh}”合计不大于 0。绿电也有生命周期排放，请改用该发电类型的电力碳足迹因子。",
            f'"{factor.name.en}" does not add up to more than zero. Green power has life-cycle emissions too: '
            "use the electricity carbon footprint factor of its technology.",
        )


def _adds_up(factor: Factor) -> float:
    """kg CO2e per unit, removals and credits taken off."""
    gwp = gwp_set("AR6")
    return math.fsum(
        (-1 if e.gas_class.removal else 1) * float(e.quantity.amount) * gwp.of(e.substance, e.gas_class)
        for e in factor.emissions
    )
