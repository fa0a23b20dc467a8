"""Units and quantities: exact decimals, exact symbols, no guessing.

A unit is known by its symbol or by one of its written forms (吨, 千瓦时, m³); anything else is refused, with
suggestions a person may confirm. Nm3 (a gas at 0 °C, 101.325 kPa) is not m3, and 吨标煤 (tce) is an amount of energy,
not of mass: 1 tce = 29.3076 GJ (GB/T 2589-2020).
"""

from __future__ import annotations

import difflib
import functools
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from tanbiao.words import TanbiaoError, Text


@dataclass(frozen=True, slots=True)
class Unit:
    symbol: str  # "t", "kg", "kWh", "Nm3", "t·km"
    dimension: str  # a key of DIMENSIONS
    factor: Decimal  # how many of the dimension's base unit: kg, MJ, m3, Nm3, t·km, piece, m2, km, h, m2·a, kBq ...


DIMENSIONS: Mapping[str, Text] = MappingProxyType(
    {
        "mass": Text("质量", "mass"),
        "energy": Text("能量", "energy"),
        "volume": Text("体积", "volume"),
        "gas_volume": Text("标准状态气体体积", "gas volume at standard conditions"),
        "transport": Text("运输量", "transport"),
        "count": Text("件数", "count"),
        "area": Text("面积", "area"),
        "length": Text("长度", "length"),
        "time": Text("时间", "time"),
        "area_time": Text("面积与时间之积", "area times time"),
        "volume_time": Text("体积与时间之积", "volume times time"),
        "mass_time": Text("质量与时间之积", "mass times time"),
        "length_time": Text("长度与时间之积", "length times time"),
        "count_time": Text("件数与时间之积", "pieces times time"),
        "person_transport": Text("客运周转量", "person transport"),
        "vehicle_transport": Text("车辆行驶里程", "vehicle transport"),
        "volume_transport": Text("体积运输量", "transport of volumes"),
        "count_transport": Text("件数运输量", "transport of pieces"),
        "radioactivity": Text("放射性活度", "radioactivity"),
        "substance": Text("物质的量", "amount of substance"),
        # Money of one currency is no amount of another one.
        "money_cny": Text("人民币金额", "money in renminbi"),
        "money_usd": Text("美元金额", "money in US dollars"),
        "money_eur": Text("欧元金额", "money in euros"),
    }
)

# One line a unit: symbol, dimension, factor to the base unit, further written forms.
# First those of activity data, which people choose from; then those that only background databases count in.
_UNITS = (
    ("kg", "mass", "1", "千克 公斤"),
    ("g", "mass", "0.001", "克"),
    ("t", "mass", "1000", "吨 公吨"),
    ("10^4t", "mass", "10000000", "万吨 万t"),
    ("MJ", "energy", "1", "兆焦"),
    ("kJ", "energy", "0.001", "千焦"),
    ("GJ", "energy", "1000", "吉焦 百万千焦"),
    ("TJ", "energy", "1000000", "太焦"),
    ("kWh", "energy", "3.6", "千瓦时 千瓦·时 kW·h"),
    ("MWh", "energy", "3600", "兆瓦时 MW·h"),
    ("GWh", "energy", "3600000", "吉瓦时 GW·h"),
    ("10^4kWh", "energy", "36000", "万千瓦时 万kWh 10^4kW·h"),
    ("kgce", "energy", "29.3076", "千克标准煤 千克标煤 公斤标煤"),
    ("tce", "energy", "29307.6", "吨标准煤 吨标煤"),
    ("m3", "volume", "1", "立方米 m^3"),
    ("L", "volume", "0.001", "升 l"),
    ("10^4m3", "volume", "10000", "万立方米 万m3 10^4m^3"),
    ("Nm3", "gas_volume", "1", "标准立方米 标立方米 Nm^3"),
    ("10^4Nm3", "gas_volume", "10000", "万标准立方米 万标立方米 万Nm3 10^4Nm^3"),
    ("t·km", "transport", "1", "吨公里 吨千米 吨·公里 吨·千米 tkm t*km t.km"),
    ("kg·km", "transport", "0.001", "千克公里 千克千米 kgkm kg*km"),
    ("10^4t·km", "transport", "10000", "万吨公里 万吨千米 万t·km 10^4tkm"),
    ("piece", "count", "1", "件 个 台 套 只 pieces pcs"),
    ("m2", "area", "1", "平方米 m^2"),
    ("km", "length", "1", "千米 公里"),
    ("m", "length", "0.001", "米"),
    ("h", "time", "1", "小时"),
    ("d", "time", "24", "天 日"),
)
_BACKGROUND_UNITS = (
    ("m2·a", "area_time", "1", "m2*a m2a 平方米·年"),
    ("m3·a", "volume_time", "1", "m3*a m3a 立方米·年"),
    ("kg·a", "mass_time", "1", "kg*a kga 千克·年"),
    ("km·a", "length_time", "1", "km*a kma 千米·年"),
    ("piece·a", "count_time", "1", "piece*a 件·年"),
    ("p·km", "person_transport", "1", "p*km pkm 人公里 人·公里 人·千米"),
    ("v·km", "vehicle_transport", "1", "v*km vkm 车公里 车·公里 车·千米"),
    ("m3·km", "volume_transport", "1", "m3*km 立方米公里"),
    ("piece·km", "count_transport", "1", "piece*km 件公里"),
    ("kBq", "radioactivity", "1", "千贝可 千贝可勒尔"),
    ("mol", "substance", "1", "摩尔"),
    ("CNY", "money_cny", "1", "元 人民币元"),
    ("USD", "money_usd", "1", "美元"),
    ("EUR", "money_eur", "1", "欧元"),
)
UNITS: Mapping[str, Unit] = MappingProxyType(
    {symbol: Unit(symbol, dimension, Decimal(factor)) for symbol, dimension, factor, _ in _UNITS + _BACKGROUND_UNITS}
)
#: What forms and workbooks offer.
ACTIVITY_UNITS: tuple[Unit, ...] = tuple(UNITS[symbol] for symbol, *_ in _UNITS)
_WRITTEN = {
    form: UNITS[symbol] for symbol, _, _, forms in _UNITS + _BACKGROUND_UNITS for form in (symbol, *forms.split())
}

# What people write but what may mean several things: offered, never taken.
_COLLOQUIAL = {
    "方": ("m3", "Nm3"),
    "立方": ("m3", "Nm3"),
    "标方": ("Nm3",),
    "万方": ("10^4m3", "10^4Nm3"),
    "万标方": ("10^4Nm3",),
    "度": ("kWh",),
    "万度": ("10^4kWh",),
    "顿": ("t",),
    "标煤": ("tce", "kgce"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit that an unknown symbol may stand for; to be confirmed by a person."""

    unit: Unit
    text: Text


class UnknownUnit(TanbiaoError):
    """No unit is written like this."""

    def __init__(self, symbol: str):
        self.symbol = symbol
        self.suggestions = suggest(symbol)
        likely = "、".join(s.unit.symbol for s in self.suggestions)
        hint = Text(f"是否指 {likely}？请改写后再提交。", f"Did you mean {likely.replace('、', ' or ')}?")
        plain = Text("请改用标准单位，如 kg、t、kWh、m3。", "Use a standard unit such as kg, t, kWh or m3.")
        said = hint if likely else plain
        super().__init__(Text(f"不认识单位“{symbol}”。{said.zh}", f'Unknown unit "{symbol}". {said.en}'))


class UnitMismatch(TanbiaoError):
    """Two units of different dimensions; no conversion between them is meaningful."""

    def __init__(self, unit: Unit, wanted: Unit):
        self.unit, self.wanted = unit, wanted
        has, due = DIMENSIONS[unit.dimension], DIMENSIONS[wanted.dimension]
        some = [u.symbol for u in UNITS.values() if u.dimension == wanted.dimension][:3]
        super().__init__(
            Text(
                f"单位“{unit.symbol}”（{has.zh}）不能换算为 {wanted.symbol}（此处应为{due.zh}）。"
                f"请改为 {'、'.join(some)}。",
                f'Unit "{unit.symbol}" ({has.en}) cannot be converted to {wanted.symbol} '
                f"({due.en} is due here). Use {', '.join(some)}.",
            )
        )


def _normal(symbol: str) -> str:
    # NFKC would turn 10⁴ into 104; say what it means first.
    return unicodedata.normalize("NFKC", symbol.replace("10⁴", "10^4")).strip()


def unit(symbol: str) -> Unit:
    """The unit written `symbol`, exact after Unicode NFKC and stripping. Raises UnknownUnit with suggestions."""
    found = _WRITTEN.get(_normal(symbol))
    if found is None:
        raise UnknownUnit(symbol)
    return found


def written_forms() -> Mapping[str, Unit]:
    """Every form that a unit may be written in."""
    return MappingProxyType(_WRITTEN)


@functools.lru_cache(maxsize=1024)  # a table asks the same of every row
def suggest(symbol: str) -> tuple[Suggestion, ...]:
    """Units that `symbol` may stand for, likeliest first: colloquial words, wrong case, small slips of the pen."""
    written = _normal(symbol)
    folded = {form.casefold(): u.symbol for form, u in reversed(_WRITTEN.items())}
    symbols = _COLLOQUIAL.get(written) or tuple(
        dict.fromkeys(folded[f] for f in difflib.get_close_matches(written.casefold(), folded, n=3, cutoff=0.75))
    )
    return tuple(
        Suggestion(UNITS[s], Text(f"“{symbol}”可能是 {s}，请确认。", f'"{symbol}" may mean {s}; please confirm.'))
        for s in symbols
    )


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact amount of a unit, as a person gave it."""

    amount: Decimal
    unit: Unit

    def to(self, unit: Unit) -> Quantity:
        """The same quantity in another unit of its dimension. Raises UnitMismatch."""
        if unit == self.unit:
            return self
        if unit.dimension != self.unit.dimension:
            raise UnitMismatch(self.unit, unit)
        return Quantity(self.amount * self.unit.factor / unit.factor, unit)

    def __abs__(self) -> Quantity:
        return Quantity(abs(self.amount), self.unit)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.unit.symbol}"


def quantity(amount: Decimal | int | str, symbol: str) -> Quantity:
    """`quantity("12.5", "t")`: a quantity from an exact amount and a written unit. Raises UnknownUnit."""
    return Quantity(Decimal(amount), unit(symbol))


def exact(value: float) -> Decimal:
    """The shortest decimal that reads back as this float."""
    return Decimal(repr(float(value)))
