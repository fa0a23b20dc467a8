from dataclasses import replace

import pytest
from lca_cast import ELECTRICITY, GAS_BURNT, GAS_SUPPLY, GRID, emission, factor, of_one_input, taken

from tanbiao.lca.faults import (
    CountedTwice,
    FactorMisplaced,
    FactorNotPermitted,
    NarrowerThanSaid,
    NoFactor,
    WrongDimension,
)
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import FactorKind, GasScope, InputKind, LifeCycleScope

POWER = taken(100, "kWh", "外购电力", InputKind.ENERGY, factor="grid", place="能源!D5")
GAS = taken(10, "Nm3", "天然气", InputKind.ENERGY, factor="gas-supply", use_factor="gas-burnt", place="能源!D6")


def refusal(kind, row, *factors, lookup=None):
    with pytest.raises(kind) as refused:
        calculate_footprint(of_one_input(row, *factors), lookup=lookup)
    return refused.value


def test_a_grid_co2_factor_is_refused_and_the_right_one_named():
    refused = refusal(FactorNotPermitted, POWER, GRID, ELECTRICITY)
    assert refused.place == "能源!D5"
    assert refused.use_instead == "electricity"
    for said in ("能源!D5", "0.5306 kgCO2/kWh", "只含燃烧产生的二氧化碳", "因子 electricity", "0.5777 kgCO2e/kWh"):
        assert said in refused.text.zh
    for said in ("0.5306 kgCO2/kWh", "combustion CO2 only", "Factor electricity", "0.5777 kgCO2e/kWh"):
        assert said in refused.text.en


def test_the_right_one_may_be_named_by_a_library():
    assert "因子 electricity" in refusal(FactorNotPermitted, POWER, GRID, lookup={"electricity": ELECTRICITY}).text.zh


def test_without_a_library_the_id_is_named():
    assert "“electricity”" in refusal(FactorNotPermitted, POWER, GRID).text.zh


def test_without_any_hint_the_kind_is_named():
    assert "电力碳足迹因子" in refusal(FactorNotPermitted, POWER, replace(GRID, use_instead="")).text.zh


def test_a_grid_co2_factor_is_refused_in_the_column_of_use_factors_too():
    refusal(FactorNotPermitted, replace(POWER, factor="electricity", use_factor="grid"), GRID, ELECTRICITY)


@pytest.mark.parametrize("kind", [FactorKind.ELECTRICITY_FOOTPRINT, FactorKind.TRANSMISSION, FactorKind.MATERIAL])
def test_a_co2_only_supply_of_electricity_is_refused_under_any_name(kind):
    disguised = replace(GRID, kind=kind, own=True)
    refusal(FactorNotPermitted, POWER, disguised)


def test_a_grid_co2_factor_is_refused_among_the_materials_too():
    refusal(FactorNotPermitted, replace(POWER, kind=InputKind.MATERIAL), GRID, ELECTRICITY)


def test_the_refusal_cites_the_standard_that_was_read():
    said = refusal(FactorNotPermitted, POWER, GRID).text
    assert "ISO 14067:2018 6.4.9.4" in said.zh and "ISO 14067:2018 6.4.9.4" in said.en
    assert "GB/T" not in said.zh + said.en


CO2_ALONE = {"emissions": [emission(1930)], "own": True, "gwp_set": ""}


def test_an_own_factor_of_co2_alone_does_not_cover_all_gases():
    iron = factor("iron", 0, "t", **CO2_ALONE)
    row = taken(1, "t", "生铁", factor="iron")
    assert "仅二氧化碳" in refusal(NarrowerThanSaid, row, iron).text.zh
    calculate_footprint(of_one_input(row, replace(iron, gas_scope=GasScope.CO2_ONLY)))
    calculate_footprint(of_one_input(row, replace(iron, emissions=(*iron.emissions, emission(1, "CH4")))))


def test_an_own_factor_of_what_a_reaction_releases_may_be_co2_alone():
    calcined = factor("calcined", 0, "t", FactorKind.PROCESS_EMISSION, **CO2_ALONE)
    calculate_footprint(of_one_input(taken(1, "t", "石灰石", use_factor="calcined"), calcined))


def test_a_co2_only_factor_of_heat_is_permitted():
    heat = replace(GRID, kind=FactorKind.HEAT)
    assert calculate_footprint(of_one_input(POWER, heat)).total_kg_co2e == pytest.approx(53.06)


def test_the_footprint_factor_of_electricity_is_permitted():
    row = replace(POWER, factor="electricity")
    assert calculate_footprint(of_one_input(row, ELECTRICITY)).total_kg_co2e == pytest.approx(57.77)


def test_swapped_columns_say_where_each_belongs():
    refused = refusal(FactorMisplaced, replace(GAS, factor="gas-burnt", use_factor=""), GAS_BURNT)
    assert refused.column == "use_factor"
    assert "使用排放因子" in refused.text.zh
    refused = refusal(FactorMisplaced, replace(GAS, factor="", use_factor="gas-supply"), GAS_SUPPLY)
    assert refused.column == "factor"
    assert "supply factor" in refused.text.en


def test_the_unit_must_fit_the_factor():
    refused = refusal(WrongDimension, replace(GAS, quantity=POWER.quantity, use_factor=""), GAS_SUPPLY)
    assert "能源!D6" in refused.text.zh
    assert "Nm3" in refused.text.en


def test_an_unknown_factor_is_named():
    assert "gas-supply" in refusal(NoFactor, replace(GAS, use_factor="")).text.zh


def test_combustion_is_not_counted_twice():
    whole = replace(GAS_SUPPLY, life_cycle_scope=LifeCycleScope.LIFE_CYCLE)
    refusal(CountedTwice, GAS, whole, GAS_BURNT)


def test_a_process_emission_beside_a_material_is_no_double_counting():
    lime = factor("lime", "0.1", "t", life_cycle_scope=LifeCycleScope.LIFE_CYCLE)
    calcined = factor(
        "calcined", 0, "t", FactorKind.PROCESS_EMISSION, [emission(440)], gas_scope=GasScope.CO2_ONLY, gwp_set=""
    )
    row = taken(1, "t", "石灰石", factor="lime", use_factor="calcined")
    assert calculate_footprint(of_one_input(row, lime, calcined)).total_kg_co2e == pytest.approx(440.1)
