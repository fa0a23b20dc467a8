"""Background data: reach, both parts of a fuel, region, year, GWP set."""

from dataclasses import replace

import pytest
from steelworks import (
    ENERGY,
    WORKS,
    finding,
    material,
    parameter,
    rule,
    under,
    with_factor,
    with_input,
    with_more,
    with_product,
)

from tanbiao.lca import (
    Emission,
    FactorKind,
    GasClass,
    GasScope,
    InputKind,
    LifeCycleScope,
    quantity,
)
from tanbiao.rules import Verdict


def test_whole_supply_factors_pass():
    assert finding("EAF-8.1", WORKS).verdict is Verdict.PASS


@pytest.mark.parametrize("changes", [{"gas_scope": GasScope.CO2_ONLY}, {"life_cycle_scope": LifeCycleScope.DIRECT}])
def test_a_narrow_factor_for_a_material_is_put_to_a_person_with_its_share(changes):
    said = finding("EAF-8.1", with_factor("lime", **changes))
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("表!lime",))
    assert said.value.endswith(" %")
    assert said.value in said.text.en


def test_a_narrow_factor_for_energy_fails():
    said = finding("EAF-8.1", with_factor("natural_gas", gas_scope=GasScope.CO2_ONLY))
    assert (said.verdict, said.places) == (Verdict.FAIL, ("表!natural_gas",))


def test_a_factor_nobody_uses_does_not_count():
    spare = replace(WORKS.factors[0], id="spare", gas_scope=GasScope.CO2_ONLY, region="GB", year=1990)
    unused = replace(WORKS, factors=(*WORKS.factors, spare))
    assert [finding(c, unused).verdict for c in ("EAF-8.1", "EAF-8.2", "EAF-8.3")] == [Verdict.PASS] * 3


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


def test_factors_of_the_country_pass():
    assert finding("EAF-8.2", WORKS).verdict is Verdict.PASS
    assert finding("EAF-8.2", with_factor("lime", region="CN-SH")).verdict is Verdict.PASS


def test_factors_of_other_countries_are_listed_with_their_share():
    one = finding("EAF-8.2", with_factor("lime", region="GB"))
    two = finding("EAF-8.2", with_factor("gas_burnt", with_factor("lime", region="GB"), region="GLO"))
    assert one.verdict is two.verdict is Verdict.JUDGEMENT
    assert one.places == ("表!lime",)
    assert two.places == ("表!lime", "表!natural_gas")
    assert float(two.value.split()[0]) > float(one.value.split()[0]) > 0


@pytest.mark.parametrize("region", ["", "上海", "China"])
def test_a_region_that_is_no_code_is_put_to_a_person(region):
    assert finding("EAF-8.2", with_product(region=region)).verdict is Verdict.JUDGEMENT


@pytest.mark.parametrize(("year", "verdict"), [(2014, Verdict.PASS), (2013, Verdict.JUDGEMENT)])
def test_old_supply_factors_are_listed(year, verdict):
    said = finding("EAF-8.3", with_factor("lime", year=year))
    assert said.verdict is verdict
    assert (said.places == ("表!lime",)) is (verdict is Verdict.JUDGEMENT)


def test_what_burning_releases_does_not_age():
    assert next(f for f in WORKS.factors if f.id == "gas_burnt").year == 2013
    assert finding("EAF-8.3", WORKS).verdict is Verdict.PASS


def test_the_limit_of_the_age_is_the_rules():
    stricter = under("data_quality", max_age_years=parameter("0", rule().data_quality.max_age_years))
    assert finding("EAF-8.3", WORKS, under=stricter).verdict is Verdict.JUDGEMENT


def test_the_gwp_set_of_the_rule_passes_and_another_fails():
    assert finding("EAF-10.1", WORKS).verdict is Verdict.PASS
    said = finding("EAF-10.1", WORKS, gwp_set="AR5")
    assert (said.verdict, said.value, said.limit) == (Verdict.FAIL, "AR5", "AR6")


@pytest.mark.parametrize(("summed_with", "verdict"), [("AR6", Verdict.PASS), ("AR5", Verdict.JUDGEMENT)])
def test_sums_made_with_another_gwp_set_are_listed(summed_with, verdict):
    lump = (Emission("CO2e", GasClass.FOSSIL, quantity("1000", "kg")),)
    said = finding("EAF-10.1", with_factor("lime", emissions=lump, gwp_set=summed_with))
    assert said.verdict is verdict
    assert (said.places == ("表!lime",)) is (verdict is Verdict.JUDGEMENT)


def test_a_direct_emission_given_as_a_sum_has_no_known_set():
    lump = Emission("CO2e", GasClass.FOSSIL, quantity("1", "t"), "排放", place="直接排放!C2")
    assert finding("EAF-10.1", with_more("eaf", emissions=(lump,))).places == ("直接排放!C2",)


def test_heat_is_no_fuel():
    steam = replace(next(f for f in WORKS.factors if f.id == "scrap"), id="steam", kind=FactorKind.HEAT)
    row = replace(material("蒸汽", "scrap", "9", "t", kind=InputKind.ENERGY), item="", factor="steam")
    system = with_more("mill", inputs=(row,))
    assert finding("EAF-5.5", replace(system, factors=(*system.factors, steam))).limit == "4"
