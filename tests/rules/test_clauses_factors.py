"""Background data: reach, region, year, GWP set, and what the enterprise brought itself."""

import datetime as dt
from dataclasses import replace

import pytest
from steelworks import (
    WORKS,
    finding,
    footprint_of,
    parameter,
    rule,
    under,
    with_factor,
    with_more,
    with_product,
)

from tanbiao.lca import (
    Emission,
    GasClass,
    GasScope,
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


def test_factors_of_the_country_pass():
    assert finding("EAF-8.2", WORKS).verdict is Verdict.PASS
    assert finding("EAF-8.2", with_factor("lime", region="CN-SH")).verdict is Verdict.PASS


def test_factors_of_other_countries_are_listed_with_their_share():
    one = finding("EAF-8.2", with_factor("lime", region="GB"))
    two = finding("EAF-8.2", with_factor("gas_burnt", with_factor("lime", region="GB"), region="GLO"))
    assert one.verdict is two.verdict is Verdict.JUDGEMENT
    assert one.places == ("表!lime",)
    assert two.places == ("表!natural_gas", "表!lime")  # the largest first: a long list is cut
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


def test_a_combustion_factor_of_co2_only_is_listed_and_a_calcination_factor_is_not():
    """Burning gas releases methane and nitrous oxide too; what electrodes release is carbon dioxide."""
    said = finding("EAF-8.1", with_factor("gas_burnt", gas_scope=GasScope.CO2_ONLY))
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("表!natural_gas",))
    assert finding("EAF-8.1", with_factor("carbon_burnt", gas_scope=GasScope.CO2_ONLY)).verdict is Verdict.PASS


def test_factors_newer_than_the_data_are_not_said_to_be_of_negative_age():
    later = with_product(period_start=dt.date(2012, 1, 1), period_end=dt.date(2012, 12, 31))
    said = finding("EAF-8.3", later)
    assert (said.verdict, said.value) == (Verdict.PASS, "0 a")
    assert "-" not in said.text.en


def test_a_study_without_own_factors_passes():
    assert finding("EAF-8.4", WORKS).verdict is Verdict.PASS


def test_own_factors_are_listed_with_share_value_source_and_confidence():
    own = with_factor("lime", own=True, source="供应商证书 7 号", confidence="中")
    said = finding("EAF-8.4", own)
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("表!lime",))
    assert said.value == f"{100 * 45000 / 970 / footprint_of(own).total_kg_co2e:.4g} %"
    for words in ("1000 kgCO2/t", "供应商证书 7 号", "中", said.value):
        assert words in said.text.zh
        assert words in said.text.en


def test_an_own_factor_of_value_zero_is_named_first():
    nothing = (Emission("CO2e", GasClass.FOSSIL, quantity("0", "kg")),)
    said = finding("EAF-8.4", with_factor("electrodes", with_factor("lime", own=True), own=True, emissions=nothing))
    assert said.text.zh.index("electrodes") < said.text.zh.index("lime")
    assert "表!electrodes" in said.places
    assert finding("EAF-8.4", with_factor("lime", own=True, emissions=nothing)).verdict is Verdict.JUDGEMENT
