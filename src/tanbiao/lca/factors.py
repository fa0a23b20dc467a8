"""Which factor may be used where.

China publishes two electricity numbers. The average CO2 factor of the grid (电力平均二氧化碳排放因子) covers the
combustion in power plants only; a product footprint needs the life-cycle one (电力碳足迹因子), with upstream fuels,
losses and all gases (ISO 14067:2018 6.4.9.4). The first is refused wherever it appears.

A factor of what is released *when an input is used* (fuel burnt, limestone calcined) stands in the column of use
factors; every other factor speaks of *supply*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tanbiao.lca.faults import (
    CountedTwice,
    FactorMisplaced,
    FactorNotPermitted,
    Fault,
    NarrowerThanSaid,
    NoFactor,
    WrongDimension,
)
from tanbiao.lca.model import Factor, FactorKind, GasScope, Input, InputKind, LifeCycleScope
from tanbiao.lca.units import DIMENSIONS
from tanbiao.words import Text

USE_KINDS = frozenset({FactorKind.FUEL_COMBUSTION, FactorKind.PROCESS_EMISSION})
_ELECTRICITY_KINDS = frozenset({FactorKind.ELECTRICITY_FOOTPRINT, FactorKind.TRANSMISSION})
ELECTRICITY_UNITS = frozenset({"kWh", "MWh", "GWh", "10^4kWh"})
_COLUMNS = {
    "factor": Text("供应因子", "supply factor"),
    "use_factor": Text("使用排放因子", "use factor"),
}


def factor_faults(
    place: str, row: Input, factors: Mapping[str, Factor], lookup: Mapping[str, Factor]
) -> Iterator[Fault]:
    """All that is wrong with the factors of one input.

    factors  those of the system, by id
    lookup   where the name of a factor to use instead may be found (the system's and, say, a library's)
    """
    for column, id in (("factor", row.factor), ("use_factor", row.use_factor)):
        if not id:
            continue
        factor = factors.get(id)
        if factor is None:
            said = _COLUMNS[column]
            yield NoFactor(
                place,
                f"没有找到{said.zh}“{id}”。请从因子清单中选择，或在“自有因子”中补充。",
                f'{said.en.capitalize()} "{id}" was not found. Choose one of the list, or add it as an own factor.',
            )
            continue
        yield from _use_faults(place, row, factor, column, lookup)
    supply, use = factors.get(row.factor), factors.get(row.use_factor)
    if (
        supply
        and use
        and supply.life_cycle_scope is LifeCycleScope.LIFE_CYCLE
        and use.kind is FactorKind.FUEL_COMBUSTION
    ):
        yield CountedTwice(
            place,
            f"供应因子“{supply.name.zh}”已是全生命周期数值（含燃烧），再加“{use.name.zh}”会重复计算。"
            "请改用仅含上游的因子，或删去使用排放因子。",
            f'Supply factor "{supply.name.en}" already covers the life cycle with combustion; '
            f'adding "{use.name.en}" would count it twice. Use an upstream factor, or drop the use factor.',
        )


def _use_faults(place: str, row: Input, factor: Factor, column: str, lookup: Mapping[str, Factor]) -> Iterator[Fault]:
    if _combustion_electricity(row, factor, column):
        yield _not_permitted(place, factor, lookup)
        return
    right = "use_factor" if factor.kind in USE_KINDS else "factor"
    if column != right:
        here, there = _COLUMNS[column], _COLUMNS[right]
        yield FactorMisplaced(
            place,
            f"“{factor.name.zh}”不能填在“{here.zh}”栏，请移到“{there.zh}”栏。",
            f'"{factor.name.en}" does not belong in the column "{here.en}"; move it to "{there.en}".',
            column=right,
        )
        return
    has, due = row.quantity.unit, factor.unit
    if has.dimension != due.dimension:
        yield WrongDimension(
            place,
            f"单位“{has.symbol}”（{DIMENSIONS[has.dimension].zh}）与因子“{factor.name.zh}”的单位"
            f"“{due.symbol}”（{DIMENSIONS[due.dimension].zh}）不符。请改用{DIMENSIONS[due.dimension].zh}单位或更换因子。",
            f'Unit "{has.symbol}" ({DIMENSIONS[has.dimension].en}) does not fit factor "{factor.name.en}", '
            f'given per "{due.symbol}" ({DIMENSIONS[due.dimension].en}). '
            f"Use a unit of {DIMENSIONS[due.dimension].en}, or another factor.",
        )


def _combustion_electricity(row: Input, factor: Factor, column: str) -> bool:
    """Is this a combustion-only factor offered for electricity?"""
    if factor.kind is FactorKind.GRID_CO2:
        return True
    of_electricity = factor.kind in _ELECTRICITY_KINDS or (
        column == "factor"
        and row.kind is InputKind.ENERGY
        and factor.unit.symbol in ELECTRICITY_UNITS
        and factor.kind not in {*USE_KINDS, FactorKind.HEAT, FactorKind.FUEL_UPSTREAM}
    )
    return of_electricity and factor.gas_scope is GasScope.CO2_ONLY


def scope_faults(factor: Factor) -> Iterator[Fault]:
    """An own factor of carbon dioxide alone does not cover all gases, except where a reaction releases nothing else."""
    only_co2 = {emission.substance for emission in factor.emissions} == {"CO2"}
    pure = factor.kind is FactorKind.PROCESS_EMISSION
    if factor.own and only_co2 and not pure and factor.gas_scope is GasScope.ALL_GHG:
        yield NarrowerThanSaid(
            factor.emissions[0].place or factor.name.zh,
            f"自有因子“{factor.name.zh}”只有CO2，气体范围却写“全部温室气体”。请改为“仅二氧化碳”，或补充其他气体。",
            f'Own factor "{factor.name.en}" gives CO2 only but says that it covers all greenhouse gases. '
            'Say "CO2 only", or add the other gases.',
        )


def factor_value(factor: Factor) -> str:
    """The factor as one reads it, e.g. "0.5777 kgCO2e/kWh"; several gases are joined by "+"."""
    return " + ".join(
        f"{e.quantity.amount:f} {e.quantity.unit.symbol}{e.substance}/{factor.unit.symbol}" for e in factor.emissions
    )


def _not_permitted(place: str, factor: Factor, lookup: Mapping[str, Factor]) -> FactorNotPermitted:
    better = lookup.get(factor.use_instead)
    if better:
        advice = Text(
            f"请改用“{better.name.zh}”（{factor_value(better)}）。",
            f'Use "{better.name.en}" ({factor_value(better)}) instead.',
        )
    elif factor.use_instead:
        advice = Text(f"请改用“{factor.use_instead}”。", f'Use "{factor.use_instead}" instead.')
    else:
        advice = Text("请改用电力碳足迹因子。", "Use an electricity carbon footprint factor instead.")
    return FactorNotPermitted(
        place,
        f"“{factor.name.zh}”（{factor_value(factor)}）只含燃烧产生的二氧化碳，不含上游、损耗和其他温室气体，"
        f"不能用于产品碳足迹（ISO 14067:2018 6.4.9.4）。{advice.zh}",
        f'"{factor.name.en}" ({factor_value(factor)}) covers combustion CO2 only, without upstream, losses and other '
        f"gases; it may not be used in a product footprint (ISO 14067:2018 6.4.9.4). {advice.en}",
        use_instead=factor.use_instead,
    )
