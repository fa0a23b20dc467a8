"""Fuels, and materials that release gas when used: supply and release, each once."""

from dataclasses import replace

import pytest
from steelworks import ENERGY, WORKS, finding, material, with_factor, with_input, with_more, with_processes

from tanbiao.lca import (
    Emission,
    FactorKind,
    GasClass,
    InputKind,
    LifeCycleScope,
    Output,
    OutputKind,
    Process,
    Stage,
    quantity,
)
from tanbiao.rules import Verdict


def test_supply_and_release_both_given_pass():
    said = finding("EAF-5.5", WORKS)
    assert (said.verdict, said.value, said.limit) == (Verdict.PASS, "4", "4")


@pytest.mark.parametrize(("row", "place"), [("电极", "表!electrodes"), ("加热炉天然气", "表!natural_gas")])
def test_a_release_that_is_missing_fails(row, place):
    said = finding("EAF-5.5", with_input(row, use_factor=""))
    assert (said.verdict, said.places) == (Verdict.FAIL, (place,))
    assert row in said.text.zh


def test_a_fuel_without_item_code_is_still_a_fuel():
    coal = replace(material("煤", "carbon_additives", "9", "t", **ENERGY), item="", place="能源!B7")
    assert finding("EAF-5.5", with_more("mill", inputs=(coal,))).places == ("能源!B7",)


def test_a_release_that_may_be_among_the_direct_emissions_is_put_to_a_person():
    burnt = Emission("CO2", GasClass.FOSSIL, quantity("7", "t"), "电极氧化")
    said = finding("EAF-5.5", with_more("eaf", with_input("电极", use_factor=""), emissions=(burnt,)))
    assert said.verdict is Verdict.JUDGEMENT


def test_a_supply_that_covers_only_the_release_fails():
    assert (
        finding("EAF-5.5", with_factor("natural_gas", life_cycle_scope=LifeCycleScope.DIRECT)).verdict is Verdict.FAIL
    )


def test_a_life_cycle_factor_needs_no_use_factor_and_bears_none():
    whole = with_factor("electrodes", life_cycle_scope=LifeCycleScope.LIFE_CYCLE)
    assert finding("EAF-5.5", with_input("电极", whole, use_factor="")).verdict is Verdict.PASS
    twice = finding("EAF-5.5", whole)
    assert twice.verdict is Verdict.FAIL
    assert "重复" in twice.text.zh


def test_an_item_of_which_nothing_was_used_needs_no_factors():
    none_charged = material("生铁", "pig_iron", "0", "t", factor="scrap")
    assert finding("EAF-5.5", with_more("eaf", inputs=(none_charged,))).verdict is Verdict.PASS


def test_heat_is_no_fuel():
    steam = replace(next(f for f in WORKS.factors if f.id == "scrap"), id="steam", kind=FactorKind.HEAT)
    row = replace(material("蒸汽", "scrap", "9", "t", kind=InputKind.ENERGY), item="", factor="steam")
    system = with_more("mill", inputs=(row,))
    assert finding("EAF-5.5", replace(system, factors=(*system.factors, steam))).limit == "4"


def test_a_fuel_among_the_materials_is_a_fuel():
    coal = replace(next(f for f in WORKS.factors if f.id == "scrap"), id="coal", kind=FactorKind.FUEL_UPSTREAM)
    row = replace(material("煤", "scrap", "9"), item="", factor="coal", place="原材料!D9")
    system = with_more("eaf", inputs=(row,))
    said = finding("EAF-5.5", replace(system, factors=(*system.factors, coal)))
    assert (said.verdict, said.places) == (Verdict.FAIL, ("原材料!D9",))


@pytest.mark.parametrize(("name", "supply"), [("生铁", "scrap"), ("石墨电极（备用）", "scrap"), ("辅料", "electrodes")])
def test_a_material_that_looks_like_one_that_releases_gas_is_put_to_a_person(name, supply):
    """Without its item code and its use factor; known by its name, or by the factor of one that has a code."""
    row = replace(material(name, supply, "9"), item="", place="原材料!D9")
    said = finding("EAF-5.5", with_more("eaf", inputs=(row,)))
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("原材料!D9",))


def test_energy_of_an_own_process_without_use_factor_is_put_to_a_person():
    plant = Process("gas", "煤气站", Stage.PRODUCTION, (Output("煤气", OutputKind.PRODUCT, quantity("9", "Nm3")),))
    burnt = replace(material("煤气", "", "9", "Nm3", **{**ENERGY, "factor": "", "provider": "gas"}), place="能源!D9")
    system = with_more("mill", inputs=(burnt,))
    said = finding("EAF-5.5", replace(system, processes=(*system.processes, plant)))
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("能源!D9",))


def test_direct_carbon_dioxide_beside_use_factors_is_put_to_a_person():
    """The same gas may stand in the direct emissions and in a use factor; sulphur hexafluoride cannot."""
    burnt = Emission("CO2", GasClass.FOSSIL, quantity("7", "t"), "天然气燃烧", place="直接排放!C4")
    said = finding("EAF-5.5", with_more("mill", emissions=(burnt,)))
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("直接排放!C4",))
    leak = Emission("SF6", GasClass.FOSSIL, quantity("1", "kg"), "泄漏")
    assert finding("EAF-5.5", with_more("mill", emissions=(leak,))).verdict is Verdict.PASS


def test_a_leak_of_another_gas_does_not_stand_for_a_release():
    leak = Emission("SF6", GasClass.FOSSIL, quantity("1", "kg"), "泄漏")
    assert finding("EAF-5.5", with_more("eaf", with_input("电极", use_factor=""), emissions=(leak,))).verdict is (
        Verdict.FAIL
    )


def test_a_works_that_burns_nothing_does_not_pass_unseen():
    def without(process):
        zero = {unit: quantity("0", unit) for unit in ("t", "Nm3")}
        fuels = ("碳粉", "电极", "电炉天然气", "加热炉天然气")
        rows = [replace(i, quantity=zero[i.quantity.unit.symbol]) if i.name in fuels else i for i in process.inputs]
        return replace(process, inputs=tuple(rows))

    assert finding("EAF-5.5", with_processes(WORKS, without)).verdict is Verdict.JUDGEMENT
