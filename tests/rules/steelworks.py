"""A small EAF works that every machine-checked clause of the steel rule passes, and ways to change one thing of it.

Amounts are tonnes a year unless said; the mass of each process balances exactly.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from tanbiao.lca import (
    DataKind,
    DataQuality,
    Emission,
    Factor,
    FactorKind,
    Footprint,
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
    calculate_footprint,
    quantity,
    unit,
)
from tanbiao.rules import Finding, Rule, load_rule
from tanbiao.rules.study import Study
from tanbiao.words import Text

GOOD, MEASURED = DataQuality(1, 2, 2), DataKind.MEASURED


def factor(id: str, kind: FactorKind, per: str, kg: str, scope: LifeCycleScope, **more: Any) -> Factor:
    gases = tuple(Emission(gas, GasClass.FOSSIL, quantity(amount, "kg")) for gas, amount in (("CO2", kg), ("CH4", "0")))
    given = {"gas_scope": GasScope.ALL_GHG, "region": "CN", "year": 2023, "source": "test", **more}
    return Factor(id, Text(id, id), unit(per), gases, kind, life_cycle_scope=scope, **given)


def material(name: str, item: str, amount: str, symbol: str = "t", **more: Any) -> Input:
    given = {"factor": item, "data_kind": DataKind.MEASURED, "quality": GOOD, **more}
    kind = given.pop("kind", InputKind.MATERIAL)
    stage = given.pop("stage", Stage.RAW_MATERIALS)
    return Input(name, kind, quantity(amount, symbol), stage, item=item, place=f"表!{item}", **given)


def residue(name: str, item: str, amount: str) -> Output:
    return Output(name, OutputKind.RECYCLED, quantity(amount, "t"), None, MEASURED, item, place=f"产出!{item}")


GATE, DIRECT, UPSTREAM = LifeCycleScope.CRADLE_TO_GATE, LifeCycleScope.DIRECT, LifeCycleScope.UPSTREAM
GRID = "cn-electricity-footprint-2024"
FACTORS = (
    factor("scrap", FactorKind.MATERIAL, "t", "20", GATE),
    factor("alloys", FactorKind.MATERIAL, "t", "3000", GATE),
    factor("lime", FactorKind.MATERIAL, "t", "1000", GATE),
    factor("carbon_additives", FactorKind.MATERIAL, "t", "300", GATE),
    factor("electrodes", FactorKind.MATERIAL, "t", "3000", GATE),
    factor("oxygen", FactorKind.MATERIAL, "Nm3", "0.4", GATE),
    factor("natural_gas", FactorKind.FUEL_UPSTREAM, "Nm3", "0.3", UPSTREAM),
    factor("gas_burnt", FactorKind.FUEL_COMBUSTION, "Nm3", "2.16", DIRECT, year=2013),
    factor("carbon_burnt", FactorKind.PROCESS_EMISSION, "t", "3500", DIRECT, year=2013),
    factor(GRID, FactorKind.ELECTRICITY_FOOTPRINT, "kWh", "0.5777", LifeCycleScope.LIFE_CYCLE, year=2024),
    factor("inbound_transport", FactorKind.TRANSPORT, "t·km", "0.1", LifeCycleScope.LIFE_CYCLE),
    factor("landfill", FactorKind.WASTE, "t", "10", LifeCycleScope.LIFE_CYCLE),
)
ENERGY = {"kind": InputKind.ENERGY, "stage": Stage.PRODUCTION}
POWER = {**ENERGY, "factor": GRID}
GAS = {**ENERGY, "use_factor": "gas_burnt"}
STEELMAKING = Process(
    "eaf",
    "电炉炼钢",
    Stage.PRODUCTION,
    place="过程!A2",
    outputs=(
        Output("钢坯", OutputKind.PRODUCT, quantity("1000", "t"), None, MEASURED, "billet", place="产出!billet"),
        residue("炉渣", "slag", "120"),
    ),
    inputs=(
        material("废钢", "scrap", "1060"),
        material("硅锰", "alloys", "15"),
        material("石灰", "lime", "45"),
        material("碳粉", "carbon_additives", "12", use_factor="carbon_burnt"),
        material("电极", "electrodes", "2", use_factor="carbon_burnt"),
        material("氧气", "oxygen", "35000", "Nm3"),
        material("电炉电力", "electricity", "420000", "kWh", **POWER),
        material("电炉天然气", "natural_gas", "5000", "Nm3", **GAS),
        material("废钢汽运", "inbound_transport", "100000", "t·km", kind=InputKind.TRANSPORT),
        material("除尘灰", "dust", "14", kind=InputKind.WASTE_TREATMENT, factor="landfill", stage=Stage.PRODUCTION),
    ),
)
ROLLING = Process(
    "mill",
    "热轧",
    Stage.PRODUCTION,
    place="过程!A3",
    outputs=(
        Output(
            "螺纹钢", OutputKind.PRODUCT, quantity("970", "t"), None, MEASURED, "rolled_product", place="产出!rolled"
        ),
        residue("切头", "", "30"),
    ),
    inputs=(
        material("钢坯", "", "1000", provider="eaf", stage=Stage.PRODUCTION),
        material("轧钢电力", "electricity", "90000", "kWh", **POWER),
        material("加热炉天然气", "natural_gas", "30000", "Nm3", **GAS),
    ),
)
WORKS = ProductSystem(
    Product(
        name="螺纹钢",
        model="HRB400E",
        manufacturer="示例钢铁",
        factory="示例钢铁",
        declared_unit=quantity("1", "t"),
        process="mill",
        period_start=dt.date(2024, 1, 1),
        period_end=dt.date(2024, 12, 31),
        region="CN-SH",
    ),
    (STEELMAKING, ROLLING),
    FACTORS,
    rule="steel-eaf",
)


def rule() -> Rule:
    return load_rule("steel-eaf")


def with_product(**changes: Any) -> ProductSystem:
    return replace(WORKS, product=replace(WORKS.product, **changes))


def with_factor(which: str, system: ProductSystem = WORKS, **changes: Any) -> ProductSystem:
    return replace(system, factors=tuple(replace(f, **changes) if f.id == which else f for f in system.factors))


def with_input(name: str, system: ProductSystem = WORKS, **changes: Any) -> ProductSystem:
    """The works with one input row changed."""
    return with_processes(
        system, lambda p: replace(p, inputs=tuple(replace(i, **changes) if i.name == name else i for i in p.inputs))
    )


def without_input(name: str) -> ProductSystem:
    return with_processes(WORKS, lambda p: replace(p, inputs=tuple(i for i in p.inputs if i.name != name)))


def with_more(process: str, system: ProductSystem = WORKS, **rows: Any) -> ProductSystem:
    """The works with further inputs, outputs or emissions in one process."""
    return with_processes(
        system,
        lambda p: replace(p, **{k: (*getattr(p, k), *v) for k, v in rows.items()}) if p.id == process else p,
    )


def with_processes(system: ProductSystem, change: Any) -> ProductSystem:
    return replace(system, processes=tuple(change(process) for process in system.processes))


def billet_bought() -> ProductSystem:
    """The mill takes its billet by an own factor of 50 kg/t; the furnace stands beside it and supplies nobody."""
    bought = factor("own:billet", FactorKind.MATERIAL, "t", "50", GATE, own=True)
    fed = with_input("钢坯", provider="", factor=bought.id)
    return replace(fed, factors=(*fed.factors, bought))


def with_exclusions(*exclusions: Any) -> ProductSystem:
    return replace(WORKS, exclusions=exclusions)


@cache
def footprint_of(system: ProductSystem, gwp_set: str = "AR6") -> Footprint:
    return calculate_footprint(system, gwp_set)


def finding(clause: str, system: ProductSystem, *, gwp_set: str = "AR6", under: Rule | None = None) -> Finding:
    """What one clause of the steel rule says of a system."""
    asked = under or rule()
    found = next(c for c in asked.clauses if c.id == clause)
    return found.check(Study(asked, footprint_of(system, gwp_set)))


def under(*path: str, **changes: Any) -> Rule:
    """The steel rule with fields of one of its sections changed."""
    section = getattr(rule(), path[0])
    return rule().model_copy(update={path[0]: section.model_copy(update=changes)})


def parameter(value: str, like: Any) -> Any:
    return like.model_copy(update={"value": Decimal(value)})
