"""Electricity: a factor of the right kind, region and year; contracts are for a person to judge."""

import datetime as dt
from dataclasses import replace

import pytest
from steelworks import (
    ENERGY,
    GRID,
    POWER,
    WORKS,
    factor,
    finding,
    material,
    rule,
    with_factor,
    with_input,
    with_more,
    with_processes,
)

from tanbiao.lca import (
    FactorKind,
    LifeCycleScope,
    Output,
    OutputKind,
    Process,
    Stage,
    quantity,
)
from tanbiao.rules import Verdict


def with_power_factor(**changes):
    return with_factor(GRID, **changes)


def test_the_national_footprint_factor_passes():
    said = finding("EAF-7.1", WORKS)
    assert (said.verdict, said.value) == (Verdict.PASS, GRID)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"kind": FactorKind.MATERIAL}, "material factor"),
        ({"region": "GB"}, "GB"),
        ({"year": 2021}, "2021"),
        ({"year": 2027}, "2027"),
    ],
)
def test_an_electricity_factor_of_another_kind_region_or_time_fails(changes, names):
    said = finding("EAF-7.1", with_power_factor(**changes))
    assert said.verdict is Verdict.FAIL
    assert names in said.text.en
    assert said.places == ("表!electricity",)
    assert GRID in said.remedy.zh


def test_a_row_with_an_electricity_factor_counts_without_an_item_code():
    said = finding("EAF-7.1", with_input("轧钢电力", with_power_factor(region="GB"), item="", place="能源!B9"))
    assert "能源!B9" in said.places


def test_a_power_source_claimed_by_contract_is_put_to_a_person():
    wind = "cn-electricity-footprint-wind-2024"
    claimed = with_input("电炉电力", with_input("轧钢电力", with_factor(GRID, id=wind), factor=wind), factor=wind)
    said = finding("EAF-7.1", claimed)
    assert (said.verdict, said.value) == (Verdict.JUDGEMENT, wind)
    assert rule().electricity.gec.zh in said.remedy.zh


def test_an_own_factor_that_borrows_the_name_of_the_grid_is_put_to_a_person():
    assert finding("EAF-7.1", with_power_factor(own=True)).verdict is Verdict.JUDGEMENT


def test_own_power_is_put_to_a_person():
    made = Output("光伏电", OutputKind.PRODUCT, quantity("1000", "kWh"))
    roof = Process("roof", "屋顶光伏", Stage.PRODUCTION, (made,))
    fed = with_input("轧钢电力", factor="", provider="roof", place="能源!B9")
    said = finding("EAF-7.1", replace(fed, processes=(*fed.processes, roof)))
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("能源!B9",))


def test_the_gravest_row_decides():
    both = with_more(
        "mill",
        with_power_factor(own=True),
        inputs=(material("蒸汽电", "electricity", "1", "kWh", **{**POWER, "factor": "coal_power"}),),
    )
    coal = replace(next(f for f in WORKS.factors if f.id == GRID), id="coal_power", region="GB")
    assert finding("EAF-7.1", replace(both, factors=(*both.factors, coal))).verdict is Verdict.FAIL


def test_a_works_without_electricity_is_put_to_a_person():
    none = with_processes(WORKS, lambda p: replace(p, inputs=tuple(i for i in p.inputs if i.item != "electricity")))
    assert finding("EAF-7.1", none).verdict is Verdict.JUDGEMENT


def test_transmission_beside_contracted_power_is_put_to_a_person():
    lines = factor("lines", FactorKind.TRANSMISSION, "kWh", "0.0327", LifeCycleScope.LIFE_CYCLE)
    row = material("输配电", "", "90000", "kWh", **{**ENERGY, "factor": "lines"})
    system = with_more("mill", inputs=(row,))
    said = finding("EAF-7.1", replace(system, factors=(*system.factors, lines)))
    assert said.verdict is Verdict.JUDGEMENT
    assert "输配电" in said.text.zh


def test_transmission_alone_counts_no_generation():
    lines = factor("lines", FactorKind.TRANSMISSION, "kWh", "0.0327", LifeCycleScope.LIFE_CYCLE)
    system = with_input("轧钢电力", replace(WORKS, factors=(*WORKS.factors, lines)), factor="lines")
    said = finding("EAF-7.1", system)
    assert (said.verdict, said.places) == (Verdict.FAIL, ("表!electricity",))
    assert "generation" in said.text.en


@pytest.mark.parametrize(
    ("kind", "verdict"), [(FactorKind.MATERIAL, Verdict.FAIL), (FactorKind.HEAT, Verdict.JUDGEMENT)]
)
def test_what_is_measured_in_kilowatt_hours_is_electricity_until_shown_otherwise(kind, verdict):
    """Heat may be metered in MWh: a person looks. No material is."""
    free = factor("free", kind, "kWh", "0", LifeCycleScope.LIFE_CYCLE, own=True)
    system = with_input(
        "电炉电力", replace(WORKS, factors=(*WORKS.factors, free)), factor="free", item="", place="能源!D2"
    )
    said = finding("EAF-7.1", system)
    assert (said.verdict, said.places) == (verdict, ("能源!D2",))


def test_own_power_without_item_code_is_put_to_a_person():
    roof = Process("roof", "屋顶光伏", Stage.PRODUCTION, (Output("电", OutputKind.PRODUCT, quantity("90000", "kWh")),))
    fed = with_input("轧钢电力", factor="", provider="roof", item="", place="能源!B9")
    said = finding("EAF-7.1", replace(fed, processes=(*fed.processes, roof)))
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("能源!B9",))


def test_electricity_of_amount_zero_does_not_pass():
    none = with_input("轧钢电力", with_input("电炉电力", quantity=quantity("0", "kWh")), quantity=quantity("0", "kWh"))
    assert finding("EAF-7.1", none).verdict is Verdict.JUDGEMENT


OF_2023 = "cn-electricity-footprint-2023"


@pytest.mark.parametrize(
    ("start", "end", "factor", "nearer"),
    [
        ((2023, 1), (2023, 12), GRID, OF_2023),
        ((2022, 1), (2022, 12), GRID, OF_2023),
        ((2024, 1), (2024, 12), OF_2023, GRID),
        ((2023, 8), (2024, 7), OF_2023, GRID),
        ((2023, 7), (2024, 6), GRID, ""),
        ((2023, 7), (2024, 6), OF_2023, ""),
        ((2023, 1), (2023, 12), OF_2023, ""),
        ((2025, 1), (2025, 12), GRID, ""),
    ],
)
def test_of_the_published_factors_the_one_nearest_to_the_data_is_due(start, end, factor, nearer):
    """A works may not choose the lower of two years; half way between them, it may take either."""
    period = {"period_start": dt.date(*start, 1), "period_end": dt.date(*end, 28)}
    dated = replace(WORKS, product=replace(WORKS.product, **period))
    used = with_factor(GRID, dated, id=factor, year=int(factor[-4:]))
    said = finding("EAF-7.1", with_input("轧钢电力", with_input("电炉电力", used, factor=factor), factor=factor))
    assert said.verdict is (Verdict.JUDGEMENT if nearer else Verdict.PASS)
    assert nearer in said.text.en
