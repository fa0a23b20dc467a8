"""Electricity: a factor of the right kind, region and year; contracts are for a person to judge."""

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
