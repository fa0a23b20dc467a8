"""The balance of dry mass of a unit process: what is weighed on each side, without water and air.

Oxygen comes from the air and goes with CO2 and the like, so each side has a least and a most: of CO2 given off at least
its carbon came in (12/44), at most all of it. Matter out of nothing (least out above most in) and into nothing (least
in above most out) are doubtful beyond the tolerance. Where weight cannot be told (pieces, volumes other than of water,
fuels counted in energy, or a product that is a service: "coal, combusted"), that is said and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from tanbiao.lca.datasets.gate.judgements import Judgement, Judgements, Severity, about_process
from tanbiao.lca.datasets.records import Direction, ExchangeRecord, FlowKind, FlowRecord, ProcessRecord
from tanbiao.lca.datasets.source_units import in_base
from tanbiao.words import Text

TOLERANCE = 0.10  # of the side that it is compared with

_WATER = re.compile(r"\bwater|wastewater|effluent|steam|水|蒸汽", re.IGNORECASE)
_NO_WATER = re.compile(r"waterproof|water ?glass|watermelon|防水|水泥|水玻璃|水果|水稻|水产", re.IGNORECASE)
_AIR = re.compile(r"^(air|oxygen|nitrogen|argon|空气|氧气|氮气|氩气)(?!\s*(oxide|di|mono))\b", re.IGNORECASE)
# Of gases that hold oxygen of the air: the share of their mass that came in with fuel or feed.
_OXIDES = (
    (re.compile(r"^(carbon dioxide|co2)\b|二氧化碳", re.IGNORECASE), 12 / 44),
    (re.compile(r"^(carbon monoxide|co)\b|一氧化碳", re.IGNORECASE), 12 / 28),
    (re.compile(r"^(sul(f|ph)ur (di)?oxides?|so[2x])\b|二氧化硫|硫氧化物", re.IGNORECASE), 32 / 64),
    (re.compile(r"^(nitrogen (di|mon)?oxides?|nox|dinitrogen monoxide|n2o)\b|氮氧化物|氧化亚氮", re.IGNORECASE), 0.0),
)
_ENERGY_CARRIER = re.compile(r"electric|heat|steam|energy|power|solar|wind|电|热|蒸汽|能", re.IGNORECASE)
_SERVICE = re.compile(r"combust|burn(ed|t)|incinerat|treatment|transport|燃烧|焚烧|处理|处置|运输", re.IGNORECASE)
_MATTER = frozenset({"m3", "Nm3", "piece", "mol"})  # units of things that weigh, we do not know how much


@dataclass(slots=True)
class _Side:
    """kg that came in or went out, at least and at most."""

    least: float = 0.0
    most: float = 0.0


def mass_balance(process: ProcessRecord, flows: Mapping[str, FlowRecord]) -> Judgements:
    """What the balance says of a unit process; nothing where both sides agree, or one of them is not weighed at all."""
    if process.kind != "unit" or not process.references:
        return
    sides = {Direction.IN: _Side(), Direction.OUT: _Side()}
    for exchange in process.exchanges:
        flow = flows.get(exchange.flow)
        base = in_base(exchange.unit)
        if flow is None or flow.kind is FlowKind.UNKNOWN or base is None or _is_service(exchange, flow):
            yield _unsaid(process, exchange, flow)
            return
        least = _least_share(tuple(flow.names.values()))
        if least is None:
            continue
        if base[0] == "kg":
            kg, side = exchange.amount * base[1], sides[exchange.direction]
            side.least, side.most = side.least + kg * least, side.most + kg
        elif _weighs(base[0], flow):
            yield _unsaid(process, exchange, flow)
            return
    came, went = sides[Direction.IN], sides[Direction.OUT]
    if came.most > 0 and went.most > 0:
        yield from _compared(process, came, went)


def _is_service(exchange: ExchangeRecord, flow: FlowRecord) -> bool:
    """Whether a product in kg is what was done with so much of something, not matter of its own."""
    return exchange.reference and bool(_SERVICE.search(" ".join(flow.names.values())))


@lru_cache(maxsize=65536)
def _least_share(names: tuple[str, ...]) -> float | None:
    """The least share of its mass that counts in the balance; None for water and air."""
    said = " ".join(names)
    if any(_AIR.search(name) for name in names) or (_WATER.search(said) and not _NO_WATER.search(said)):
        return None
    return next((share for gas, share in _OXIDES if any(gas.search(name) for name in names)), 1.0)


def _weighs(base: str, flow: FlowRecord) -> bool:
    """Whether an amount that is not in kg stands for matter; transport, land, time and electricity do not."""
    if base == "MJ":
        return flow.kind is not FlowKind.ELEMENTARY and not _ENERGY_CARRIER.search(" ".join(flow.names.values()))
    return base in _MATTER


def _compared(process: ProcessRecord, came: _Side, went: _Side) -> Judgements:
    if went.least > came.most * (1 + TOLERANCE):
        excess = went.least / came.most - 1
        yield about_process(
            process,
            "mass_balance",
            Severity.DOUBTFUL,
            f"干物质投入至多 {came.most:.4g} kg，产出至少 {went.least:.4g} kg，多出 {excess:.0%}"
            f"（容许 {TOLERANCE:.0%}）。请查漏列的投入（包括化合的氧和水）或错误的单位。",
            f"dry mass in is at most {came.most:.4g} kg, out at least {went.least:.4g} kg: {excess:.0%} too much "
            f"(tolerance {TOLERANCE:.0%}). Look for inputs left out (oxygen and water that became "
            "part of the product, too) or wrong units.",
        )
    elif came.least > went.most * (1 + TOLERANCE):
        lost = 1 - went.most / came.least
        yield about_process(
            process,
            "mass_balance",
            Severity.DOUBTFUL,
            f"干物质投入至少 {came.least:.4g} kg，产出至多 {went.most:.4g} kg，少了 {lost:.0%}"
            f"（容许 {TOLERANCE:.0%}）。请查漏列的废物或排放。",
            f"dry mass in is at least {came.least:.4g} kg, out at most {went.most:.4g} kg: {lost:.0%} is missing "
            f"(tolerance {TOLERANCE:.0%}). Look for wastes or emissions left out.",
        )


def _unsaid(process: ProcessRecord, exchange: ExchangeRecord, flow: FlowRecord | None) -> Judgement:
    name = flow.text if flow else Text(exchange.flow, exchange.flow)
    return about_process(
        process,
        "mass_balance_unsaid",
        Severity.NOTE,
        f"质量平衡未检查：“{name.zh}”以 {exchange.unit or '未知单位'} 计，其质量无法得知。",
        f'its mass balance was not checked: "{name.en}" is in {exchange.unit or "an unknown unit"}, '
        "so its weight cannot be told.",
    )
