from dataclasses import replace
from decimal import Decimal

import pytest
from lca_cast import emission, factor, made, of_one_input, power_and_fuel, process, system, taken, with_process

from tanbiao.lca.faults import (
    AllocationNeeded,
    AmbiguousProduct,
    NoProvider,
    NoRemoval,
    NoSupply,
    Unbuildable,
    WrongAmount,
    WrongDimension,
    WrongScore,
)
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import DataQuality, GasClass, OutputKind
from tanbiao.lca.units import quantity
from tanbiao.words import Problems

ORE = factor("ore", 1, "kg")


def mill(*outputs, inputs=(), emissions=()):
    return system(("1", "t"), "mill", process("mill", *outputs, inputs=inputs, emissions=emissions), factors=[ORE])


BROKEN = [
    (Unbuildable, replace(mill(made(1, "t")), processes=mill(made(1, "t")).processes * 2), "mill"),
    (Unbuildable, replace(mill(made(1, "t")), factors=(ORE, ORE)), "ore"),
    (Unbuildable, system(("1", "t"), "nowhere", process("mill", made(1, "t"))), "nowhere"),
    (AmbiguousProduct, mill(), "0"),
    (AmbiguousProduct, mill(made(1, "t"), made(1, "t")), "2"),
    (AllocationNeeded, mill(made(1, "t", "钢"), made(1, "t", "渣", OutputKind.COPRODUCT)), "渣"),
    (WrongAmount, mill(made(0, "t", "钢")), "钢"),
    (WrongAmount, mill(made(-1, "t", "钢")), "-1"),
    (WrongAmount, mill(made(1, "t"), inputs=[taken(-5, "kg", "矿", factor="ore")]), "矿"),
    (WrongAmount, mill(made(1, "t"), inputs=[taken("NaN", "kg", factor="ore")]), "NaN"),
    (WrongAmount, mill(made(1, "t"), inputs=[taken("Infinity", "kg", factor="ore")]), "Infinity"),
    (WrongAmount, mill(made(1, "t"), inputs=[taken("1e400", "kg", factor="ore")]), "1E+400"),
    (WrongAmount, mill(made("1e-400", "t")), "1E-400"),
    (WrongAmount, mill(made(1, "t"), emissions=[emission(-1)]), "CO2"),
    (WrongAmount, system(("0", "t"), "mill", process("mill", made(1, "t"))), "零"),
    (WrongDimension, mill(made(1, "kWh", "电")), "电"),
    (WrongDimension, mill(made(1, "t"), emissions=[emission(1, symbol="m3")]), "m3"),
    (NoSupply, mill(made(1, "t"), inputs=[taken(1, "kg", "合金")]), "合金"),
    (NoSupply, mill(made(9, "t"), inputs=[taken(1, "kg", "坯", factor="ore", provider="mill")]), "坯"),
    (NoProvider, mill(made(1, "t"), inputs=[taken(1, "kg", provider="gone")]), "gone"),
    (WrongDimension, mill(made(1, "t", "钢"), inputs=[taken(1, "kWh", provider="mill")]), "钢"),
    (WrongScore, mill(made(1, "t"), inputs=[taken(1, "kg", factor="ore", quality=DataQuality(1, 6, 1))]), "1"),
]


@pytest.mark.parametrize("substance", ["SF6", "CH4", "CO2e"])
def test_only_carbon_dioxide_is_taken_up(substance):
    uptake = emission(1, substance, GasClass.BIOGENIC_REMOVAL, name="碳汇")
    with pytest.raises(NoRemoval, match=substance):
        calculate_footprint(mill(made(1, "t"), emissions=[uptake]))
    absorbed = replace(uptake, substance="CO2")
    assert calculate_footprint(mill(made(1, "t"), emissions=[absorbed])).total_kg_co2e == -1


@pytest.mark.parametrize(("kind", "broken", "named"), BROKEN)
def test_each_fault_has_its_class_and_names_its_thing(kind, broken, named):
    with pytest.raises(kind) as refused:
        calculate_footprint(broken)
    assert named in refused.value.text.zh
    assert refused.value.text.en
    assert len(refused.value.problems) == 1


def test_several_faults_are_told_together_each_with_its_place():
    rows = [
        taken(-1, "kg", "矿石", factor="ore", place="原材料!D3"),
        taken(1, "kWh", "矿石", factor="ore", place="原材料!D4"),
        taken(1, "kg", "合金", place="原材料!D5"),
    ]
    with pytest.raises(Problems) as refused:
        calculate_footprint(mill(made(1, "t"), inputs=rows))
    assert [p.place for p in refused.value.problems] == ["原材料!D3", "原材料!D4", "原材料!D5"]


def test_a_row_without_a_place_is_found_by_its_process_and_name():
    with pytest.raises(NoSupply) as refused:
        calculate_footprint(of_one_input(taken(1, "kg", "合金")))
    assert refused.value.place == "过程 mill · 合金"


def test_zero_inputs_are_fine():
    footprint = calculate_footprint(of_one_input(taken(0, "kg", factor="ore"), ORE))
    assert footprint.total_kg_co2e == 0


def test_repairing_the_fault_repairs_the_system():
    one = power_and_fuel()
    power = one.processes[0]
    broken = replace(power, inputs=(replace(power.inputs[0], quantity=quantity(2, "kWh")),))
    with pytest.raises(WrongDimension):
        calculate_footprint(with_process(one, broken))
    repaired = replace(power, inputs=(replace(power.inputs[0], quantity=quantity(Decimal("0.002"), "t")),))
    assert calculate_footprint(with_process(one, repaired)).total_kg_co2e == pytest.approx(120)
