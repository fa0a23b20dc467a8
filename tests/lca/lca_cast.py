"""Small product systems that the tests of lca share: a power plant and its fuel, a mill, factors by kind."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from tanbiao.lca.model import (
    Allocation,
    Emission,
    Factor,
    FactorKind,
    GasClass,
    GasScope,
    Input,
    InputKind,
    LifeCycleScope,
    Output,
    OutputKind,
    Process,
    Product,
    ProductSystem,
    Stage,
)
from tanbiao.lca.units import quantity, unit
from tanbiao.words import Text

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder ../shared with the common cases is absent")
EXACT = {*"ABfc", "supply_exact", "inventory_exact", "gwp_exact"}


def exact_systems():
    """The systems of the shared case with exact rational answers; every fraction as a float."""
    systems = json.loads((SHARED / "cases/matrices-a/expected.json").read_text(encoding="utf-8"))["systems"]
    return [{key: floats(case[key]) for key in case if key in EXACT} for case in systems if "A" in case]


def floats(values):
    return [floats(v) for v in values] if isinstance(values, list) else float(Fraction(values))


def emission(amount, substance="CO2", gas_class=GasClass.FOSSIL, symbol="kg", **more):
    return Emission(substance, gas_class, quantity(amount, symbol), **more)


def made(amount, symbol, name="产品", kind=OutputKind.PRODUCT, **more):
    return Output(name, kind, quantity(amount, symbol), **more)


def taken(amount, symbol, name="投入", kind=InputKind.MATERIAL, stage=Stage.RAW_MATERIALS, **more):
    return Input(name, kind, quantity(amount, symbol), stage, **more)


def process(id, *outputs, inputs=(), emissions=(), stage=Stage.PRODUCTION, allocation=Allocation.NONE):
    return Process(id, f"过程 {id}", stage, tuple(outputs), tuple(inputs), tuple(emissions), allocation)


def system(declared, maker, *processes, factors=()):
    """A product system; `declared` is ("1", "t"), `maker` the id of the process of the product."""
    year = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
    product = Product("产品", "X", "厂", "厂", quantity(*declared), maker, *year, name_en="Product")
    return ProductSystem(product, tuple(processes), tuple(factors))


def factor(id, amount, symbol, kind=FactorKind.MATERIAL, emissions=(), **more):
    """A factor of `amount` kg CO2e (or the emissions given) per unit."""
    released = tuple(emissions) or (emission(amount, "CO2e"),)
    fields = {
        "gas_scope": GasScope.ALL_GHG,
        "life_cycle_scope": LifeCycleScope.CRADLE_TO_GATE,
        "region": "CN",
        "year": 2024,
        "source": "test",
        "gwp_set": "AR6",
        **more,
    }
    return Factor(id, Text(f"因子 {id}", f"Factor {id}"), unit(symbol), released, kind, **fields)


ELECTRICITY = factor("electricity", "0.5777", "kWh", FactorKind.ELECTRICITY_FOOTPRINT)
GRID = factor(
    "grid", "0", "kWh", FactorKind.GRID_CO2, (emission("0.5306"),),
    gas_scope=GasScope.CO2_ONLY, life_cycle_scope=LifeCycleScope.DIRECT, gwp_set="", use_instead="electricity",
)  # fmt: skip
GAS_SUPPLY = factor("gas-supply", "0.3", "Nm3", FactorKind.FUEL_UPSTREAM, life_cycle_scope=LifeCycleScope.UPSTREAM)
GAS_BURNT = factor(
    "gas-burnt", "0", "Nm3", FactorKind.FUEL_COMBUSTION, (emission("2.1622"),),
    gas_scope=GasScope.CO2_ONLY, life_cycle_scope=LifeCycleScope.DIRECT, gwp_set="",
)  # fmt: skip


def power_and_fuel(demand=("1000", "kWh")):
    """The textbook: 2 kg fuel -> 10 kWh and 1 kg CO2; 100 kg fuel made with 10 kg CO2."""
    power = process(
        "power", made(10, "kWh", "电"), inputs=[taken(2, "kg", "燃料", provider="fuel")], emissions=[emission(1)]
    )
    fuel = process("fuel", made(100, "kg", "燃料"), emissions=[emission(10)], stage=Stage.RAW_MATERIALS)
    return system(demand, "power", power, fuel)


def loop(gain):
    """1 kg A takes 1 kg B, 1 kg B takes `gain` kg A; A releases 1 kg CO2."""
    a = process("A", made(1, "kg"), inputs=[taken(1, "kg", provider="B")], emissions=[emission(1)])
    b = process("B", made(1, "kg"), inputs=[taken(gain, "kg", provider="A")])
    return system(("1", "kg"), "A", a, b)


def of_one_input(row, *factors):
    """A process that makes 1 t from one input."""
    return system(("1", "t"), "mill", process("mill", made(1, "t"), inputs=[row]), factors=factors)


def with_process(base, changed):
    """The same system with one process replaced by another of its id."""
    return replace(base, processes=tuple(changed if p.id == changed.id else p for p in base.processes))
