"""The gate's look at one factor: does what it says of its gases, its boundary, its place and its time agree?"""

from __future__ import annotations

import datetime as dt
import re

from tanbiao.lca.datasets.boundaries import boundaries_said, scope_said
from tanbiao.lca.datasets.gate.judgements import Judged, Judgements, Severity, about
from tanbiao.lca.datasets.gate.plausible import magnitude
from tanbiao.lca.factors import USE_KINDS
from tanbiao.lca.model import FactorKind, GasScope, LifeCycleScope
from tanbiao.lca.vocabulary import BOUNDARIES
from tanbiao.words import Text

# Years after which data are old: power mixes change fast, techniques slowly.
_OLD_POWER, _OLD = 3, 10
_POWER = (FactorKind.ELECTRICITY_FOOTPRINT, FactorKind.GRID_CO2, FactorKind.TRANSMISSION)
_GRID_CO2 = re.compile(
    r"(电力|电网).*二氧化碳排放因子|grid (average )?co2|average grid co2|grid co2 factor", re.IGNORECASE
)
_CO2_ONLY = re.compile(r"仅(二氧化碳|co2|co₂)|co2[- ]only|only co2", re.IGNORECASE)


def check_factor(row: Judged, today: dt.date | None = None) -> Judgements:
    """All that is wrong with one factor by itself; what depends on the date is left out without `today`."""
    yield from magnitude(row)
    yield from _sign(row)
    yield from _gases(row)
    yield from _boundary(row)
    yield from _missing(row)
    yield from _period(row, today)


def _sign(row: Judged) -> Judgements:
    if row.value < 0:
        impossible = row.kind in (*_POWER, *USE_KINDS, FactorKind.TRANSPORT, FactorKind.FUEL_UPSTREAM)
        yield about(
            row,
            "negative",
            Severity.BLOCKING if impossible else Severity.DOUBTFUL,
            "为负值。"
            + ("此类因子不能为负，请更正。" if impossible else "请说明是生物质碳还是替代扣减；清除量应单独列示。"),
            "is below zero. "
            + (
                "A factor of this kind cannot be; correct it."
                if impossible
                else "Say whether it is biogenic carbon or a credit; removals are reported apart."
            ),
        )
    elif row.value == 0:
        yield about(
            row,
            "zero",
            Severity.NOTE,
            "为 0：请确认是“没有负荷”的规定，而不是漏填。",
            "is 0: make sure that no burden is meant, not a value left out.",
        )


def _gases(row: Judged) -> Judgements:
    """CO2 alone is not all gases; the grid's CO2 factor is no footprint."""
    text = f"{row.name.zh} {row.name.en} {row.boundary}"
    grid = row.kind == FactorKind.GRID_CO2 or bool(_GRID_CO2.search(text))
    wider = row.gas == "CO2e" or row.gas_scope == GasScope.ALL_GHG
    if grid and (wider or row.kind == FactorKind.ELECTRICITY_FOOTPRINT):
        yield about(
            row,
            "grid_co2_as_footprint",
            Severity.BLOCKING,
            "电网平均二氧化碳排放因子只含发电燃烧的 CO2，不是 CO2e，也不是碳足迹因子。"
            "请改为“仅二氧化碳”，类型改为电力平均二氧化碳排放因子。",
            "an average CO2 factor of the grid covers CO2 of combustion in power plants only: it is no CO2e and no "
            "footprint. Say CO2 only, and make it a grid CO2 factor.",
        )
    elif (row.gas == "CO2" and row.gas_scope == GasScope.ALL_GHG) or (
        row.gas == "CO2e" and (row.gas_scope == GasScope.CO2_ONLY or _CO2_ONLY.search(text))
    ):
        said = Text("全部温室气体", "all gases") if row.gas == "CO2" else Text("仅二氧化碳", "CO2 only")
        yield about(
            row,
            "gas_contradiction",
            Severity.BLOCKING,
            f"单位是 {row.gas}，气体范围却是“{said.zh}”。请查原文后改正其一。",
            f"is in {row.gas}, but its gas scope says {said.en}. Look at the publication and correct one of them.",
        )
    elif row.kind == FactorKind.ELECTRICITY_FOOTPRINT and row.gas == "CO2":
        yield about(
            row,
            "grid_co2_as_footprint",
            Severity.BLOCKING,
            "只有 CO2，不是电力碳足迹因子。请改类型为电力平均二氧化碳排放因子，或更换数值。",
            "is CO2 only, so it is no electricity footprint factor. Make it a grid CO2 factor, or take another value.",
        )


def _boundary(row: Judged) -> Judgements:
    said = boundaries_said(row.boundary)
    if len(said) > 1 and {"cradle_to_gate", "cradle_to_grave", "gate_to_gate"} & set(said):
        words = [BOUNDARIES[s] for s in said if s in BOUNDARIES]
        yield about(
            row,
            "boundary_contradiction",
            Severity.BLOCKING,
            f"边界“{row.boundary}”自相矛盾。请查原文后只写一种。",
            f'its boundary "{row.boundary}" names {" and ".join(w.en for w in words)} at once. Keep the right one.',
        )
    scope = scope_said(row.boundary)
    if scope and row.life_cycle_scope and scope != row.life_cycle_scope:
        narrower = {scope, row.life_cycle_scope} == {LifeCycleScope.CRADLE_TO_GATE, LifeCycleScope.LIFE_CYCLE}
        yield about(
            row,
            "boundary_contradiction",
            Severity.DOUBTFUL if narrower else Severity.BLOCKING,
            f"边界写“{row.boundary}”，生命周期范围却是 {row.life_cycle_scope}。请改正其一。",
            f'its boundary says "{row.boundary}", its life-cycle scope {row.life_cycle_scope}. Correct one of them.',
        )
    wide = (LifeCycleScope.CRADLE_TO_GATE, LifeCycleScope.LIFE_CYCLE)
    if row.kind in (FactorKind.GRID_CO2, *USE_KINDS) and (row.life_cycle_scope in wide or scope in wide):
        yield about(
            row,
            "boundary_contradiction",
            Severity.BLOCKING,
            "此类因子只含使用处的直接排放，却写了全生命周期或从摇篮到大门。请改为“仅直接排放”或改因子类型。",
            "a factor of this kind covers what is released at the place of use only, but claims a wider boundary. "
            "Say direct only, or correct its kind.",
        )


def _missing(row: Judged) -> Judgements:
    for value, code, zh, en in (
        (row.year, "no_period", "数据年份", "the year of its data"),
        (row.region, "no_region", "地区", "its region"),
        (row.life_cycle_scope or row.boundary, "no_boundary", "边界", "its boundary"),
    ):
        if not value:
            yield about(row, code, Severity.DOUBTFUL, f"没有写{zh}。请补充。", f"does not say {en}. Add it.")
    if row.gas == "CO2e" and not row.gwp_set:
        yield about(
            row,
            "no_gwp_set",
            Severity.NOTE,
            "没有写汇总所用的 GWP（AR5 或 AR6）。请补充。",
            "does not say with which GWP set (AR5, AR6) it was summed. Add it.",
        )


def _period(row: Judged, today: dt.date | None) -> Judgements:
    if row.year is None or today is None:
        return
    if max(row.year, row.year_from or 0) > today.year:
        yield about(
            row,
            "future",
            Severity.BLOCKING,
            f"数据年份 {row.year} 在今天（{today}）之后。请更正。",
            f"the year of its data, {row.year}, lies after today ({today}). Correct it.",
        )
    limit = _OLD_POWER if row.kind in _POWER else _OLD
    age = today.year - row.year
    if age > limit:
        yield about(
            row,
            "stale",
            Severity.DOUBTFUL if age > 2 * limit and row.kind in _POWER else Severity.NOTE,
            f"数据已有 {age} 年（此类超过 {limit} 年即为陈旧）。请看有无新值。",
            f"its data are {age} years old (more than {limit} is old for this kind). Look for a newer value.",
        )
