"""Units of emission factors taken apart: "kgCO2e/kWh", "tCO2/TJ", "kg CO2e per t", 千克二氧化碳当量/千瓦时.

What is said is taken as it is, absurd or not ("kgCO2e/kJ"): the gate judges. What cannot be understood is refused.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from tanbiao.lca.datasets.source_units import in_base
from tanbiao.lca.gases.gwp import ipcc_sets
from tanbiao.lca.units import UNITS, Unit, UnknownUnit, unit
from tanbiao.words import TanbiaoError, Text

_GASES = {
    "co2e": "CO2e", "co2eq": "CO2e", "co2equiv": "CO2e", "co2equivalent": "CO2e", "co2当量": "CO2e", "ghg": "CO2e",
    "二氧化碳当量": "CO2e", "二氧化碳e": "CO2e", "碳当量": "CO2e", "carbondioxideequivalent": "CO2e",
    "co2": "CO2", "二氧化碳": "CO2", "carbondioxide": "CO2", "甲烷": "CH4", "methane": "CH4",
    "氧化亚氮": "N2O", "nitrousoxide": "N2O", "六氟化硫": "SF6",
} | {gas.casefold(): gas for gwp in ipcc_sets().values() for gas, _ in gwp.values}  # fmt: skip
_MASSES = {
    "kg": "1", "千克": "1", "公斤": "1", "kilogram": "1", "g": "0.001", "克": "0.001", "mg": "0.000001",
    "毫克": "0.000001", "t": "1000", "吨": "1000", "tonne": "1000", "tonnes": "1000", "ton": "1000", "kt": "1000000",
    "万吨": "10000000", "lb": "0.45359237",
}  # fmt: skip
_PER = re.compile(r"\s*(?:/|／|\bper\b|每)\s*", re.IGNORECASE)
_AMOUNT = re.compile(r"(?!10\^4)\d+(\.\d+)?")
_NOISE = re.compile(r"[\s\-_.·*()（）\[\]₂]")


class NotAFactorUnit(TanbiaoError):
    """This is no unit of an emission factor; says which part is not understood."""


@dataclass(frozen=True, slots=True)
class FactorUnit:
    """So many kg of a gas per unit: a value in this unit times `kg` is kg of `gas` per one `unit`."""

    gas: str  # "CO2e", "CO2", "CH4", ...; "" where only a mass is said ("kg/kWh")
    kg: Decimal
    unit: Unit


def gas_named(written: str) -> str:
    """The gas that somebody wrote: "CO2e" for CO₂-eq or 二氧化碳当量; "" if it is none we know."""
    return _GASES.get(_NOISE.sub("", unicodedata.normalize("NFKC", written)).casefold().removesuffix("."), "")


@lru_cache(maxsize=4096)
def factor_unit(written: str, per: str = "") -> FactorUnit:
    """The unit of a factor; where it names the gas only ("kg CO2e"), `per` is what it is per. Raises NotAFactorUnit."""
    text = unicodedata.normalize("NFKC", written.replace("10⁴", "10^4").replace("₂", "2")).strip()
    released, *rest = _PER.split(text, maxsplit=1)
    due = rest[0] if rest else per.strip()
    if not due:
        raise NotAFactorUnit(
            Text(
                f"“{written}”没有写明每什么单位。请写成 kgCO2e/kWh、tCO2/TJ 这样的单位。",
                f'"{written}" does not say what it is per. Write a unit such as kgCO2e/kWh or tCO2/TJ.',
            )
        )
    mass, gas = _released(released, written)
    amount, counted = _per(due, written)
    return FactorUnit(gas, mass / amount, counted)


def _released(text: str, written: str) -> tuple[Decimal, str]:
    """The mass unit in kg and the gas: whatever prefix is a mass, what follows it has to be a gas or nothing."""
    compact = _NOISE.sub("", text).casefold()
    carbon = False
    for mass in sorted((m for m in _MASSES if compact.startswith(m)), key=len, reverse=True):
        named = compact.removeprefix(mass)
        if not named or gas_named(named):
            return Decimal(_MASSES[mass]), gas_named(named)
        carbon = carbon or named in ("c", "碳")
    if carbon:
        raise NotAFactorUnit(
            Text(
                f"“{written}”是含碳量，不是排放因子；二氧化碳为其 44/12 倍，还要乘以氧化率。",
                f'"{written}" is a carbon content, not an emission factor; its CO2 is 44/12 times it, times oxidation.',
            )
        )
    raise NotAFactorUnit(
        Text(
            f"“{written}”不是排放因子的单位：斜线前应为质量和温室气体，如 kgCO2e。",
            f'"{written}" is no unit of an emission factor: a mass and a gas are due before "/", as in kgCO2e.',
        )
    )


def _per(text: str, written: str) -> tuple[Decimal, Unit]:
    """How many of which unit a factor is per; a unit that only background databases use is brought to its base."""
    inner = text.strip()
    if inner.startswith("(") and inner.endswith(")"):
        inner = inner[1:-1]
    number = _AMOUNT.match(inner)
    symbol = inner[number.end() :].strip() if number else inner
    amount = Decimal(number[0] if number else 1)
    known = _known(symbol)
    if known is None:
        base = in_base(symbol)
        if base is None:
            said = UnknownUnit(symbol).text
            raise NotAFactorUnit(Text(f"“{written}”：{said.zh}", f'"{written}": {said.en}'))
        amount, known = amount * Decimal(repr(base[1])), unit(base[0])
    if not amount:
        raise NotAFactorUnit(Text(f"“{written}”以 0 为单位量。", f'"{written}" is per an amount of 0.'))
    return amount, known


def _known(symbol: str) -> Unit | None:
    """A unit of activity data, also by the English words of tables: "tonnes", "tonne.km", "litres"."""
    words = {
        "tonne": "t", "tonnes": "t", "ton": "t", "tons": "t", "kilogram": "kg", "kilograms": "kg", "litre": "L",
        "litres": "L", "liter": "L", "liters": "L", "cubic metre": "m3", "cubic metres": "m3", "tonne.km": "t·km",
        "tonne-km": "t·km", "kwh": "kWh", "mwh": "MWh", "gj": "GJ", "tj": "TJ", "mj": "MJ", "unit": "piece",
        "KG": "kg", "T": "t",
    }  # fmt: skip
    try:
        return unit(symbol)
    except UnknownUnit:
        found = words.get(symbol) or words.get(symbol.casefold())
        return UNITS[found] if found else None
