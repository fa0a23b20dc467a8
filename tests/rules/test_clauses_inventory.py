"""Required data, length of the data period, mass balance."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steelworks import (
    POWER,
    WORKS,
    finding,
    material,
    rule,
    with_input,
    with_more,
    with_product,
    without_input,
)

from tanbiao.lca import Allocation, DataKind, Output, OutputKind, Process, Stage, quantity
from tanbiao.rules import Verdict
from tanbiao.rules.clauses.inventory import whole_months


@pytest.mark.parametrize("clause", ["EAF-5.1", "EAF-5.2", "EAF-5.3", "EAF-5.4"])
def test_all_required_items_pass(clause):
    assert finding(clause, WORKS).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("row", "clause", "zh", "en"),
    [
        ("石灰", "EAF-5.1", "石灰及熔剂", "Lime and flux"),
        ("废钢汽运", "EAF-5.3", "原料运入", "Inbound transport"),
        ("除尘灰", "EAF-5.4", "除尘灰", "Furnace dust"),
    ],
)
def test_a_missing_item_fails_by_name(row, clause, zh, en):
    said = finding(clause, without_input(row))
    assert said.verdict is Verdict.FAIL
    assert zh in said.text.zh
    assert en in said.text.en
    assert said.remedy


def test_a_row_without_its_item_code_does_not_answer_the_item():
    assert finding("EAF-5.1", with_input("废钢", item="")).verdict is Verdict.FAIL


def test_an_optional_item_may_be_missing():
    assert not rule().item("pig_iron").required
    assert "pig_iron" in next(c for c in rule().clauses if c.id == "EAF-5.1").items
    assert finding("EAF-5.1", WORKS).value == "6"


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (DataKind.MEASURED, Verdict.PASS),
        (DataKind.CALCULATED, Verdict.PASS),
        (DataKind.SUPPLIER, Verdict.FAIL),
        (DataKind.SECONDARY, Verdict.FAIL),
    ],
)
def test_data_weaker_than_the_rule_accepts_fail(kind, verdict):
    said = finding("EAF-5.1", with_input("废钢", data_kind=kind))
    assert said.verdict is verdict
    assert (said.places == ("表!scrap",)) is (verdict is Verdict.FAIL)


def test_a_row_of_the_wrong_kind_does_not_fit_the_item():
    mislabelled = with_input("电炉电力", with_input("轧钢电力", item="natural_gas"), item="natural_gas")
    power_bought = with_more("mill", mislabelled, inputs=(material("照明", "electricity", "1", "kWh", **POWER),))
    said = finding("EAF-5.2", power_bought)
    assert said.verdict is Verdict.FAIL
    assert "电炉电力" in said.text.zh


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [(OutputKind.RECYCLED, Verdict.PASS), (OutputKind.COPRODUCT, Verdict.PASS), (OutputKind.PRODUCT, Verdict.FAIL)],
)
def test_slag_may_be_sold_or_given_away_but_is_no_product(kind, verdict):
    slag = Output("炉渣", kind, quantity("120", "t"), item="slag", place="产出!C9")
    plant = Process("slag", "渣处理", Stage.PRODUCTION, (slag,), allocation=Allocation.MASS)
    if kind is not OutputKind.PRODUCT:
        plant = replace(plant, outputs=(Output("回收钢", OutputKind.PRODUCT, quantity("9", "t")), slag))
    said = finding("EAF-5.4", replace(WORKS, processes=(*WORKS.processes, plant)))
    assert said.verdict is verdict
    assert (said.places == ("产出!C9",)) is (verdict is Verdict.FAIL)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ((2024, 1, 1), (2024, 12, 31), 12),
        ((2024, 1, 1), (2024, 12, 30), 11),
        ((2023, 4, 1), (2024, 3, 31), 12),
        ((2024, 1, 15), (2024, 2, 14), 1),
        ((2024, 2, 1), (2024, 1, 1), 0),
        ((2024, 1, 1), (2024, 1, 1), 0),
    ],
)
def test_whole_months_count_both_days(start, end, months):
    assert whole_months(dt.date(*start), dt.date(*end)) == months


@given(st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)), st.integers(0, 3000))
def test_a_longer_period_never_has_fewer_months(start, days):
    end = start + dt.timedelta(days=days)
    assert 0 <= whole_months(start, end) <= whole_months(start, end + dt.timedelta(days=1))


def test_a_short_data_period_fails():
    said = finding("EAF-5.7", with_product(period_end=dt.date(2024, 11, 30)))
    assert (said.verdict, said.value) == (Verdict.FAIL, "11")
    assert finding("EAF-5.7", WORKS).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("scrap", "verdict"),
    [("1060", Verdict.PASS), ("1115", Verdict.PASS), ("1125", Verdict.FAIL), ("990", Verdict.FAIL)],
)
def test_mass_in_and_out_agree_within_the_tolerance(scrap, verdict):
    assert finding("EAF-5.6", with_input("废钢", quantity=quantity(scrap, "t"))).verdict is verdict


def test_the_process_that_does_not_balance_is_named_with_its_masses():
    said = finding("EAF-5.6", with_input("废钢", quantity=quantity("1060000", "t")))
    assert said.places == ("过程!A2",)
    assert "电炉炼钢" in said.text.zh
    assert "热轧" not in said.text.zh
    assert "→ 1134 t" in said.text.en


def test_the_unit_of_a_row_does_not_matter_to_the_balance():
    assert finding("EAF-5.6", with_input("废钢", quantity=quantity("1060000", "kg"))).value == "0 %"


def test_a_process_with_mass_on_one_side_only_is_put_to_a_person():
    made = Output("蒸汽", OutputKind.PRODUCT, quantity("10", "t"))
    boiler = Process("boiler", "锅炉", Stage.PRODUCTION, (made,), place="过程!A9")
    said = finding("EAF-5.6", replace(WORKS, processes=(*WORKS.processes, boiler)))
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("过程!A9",))


def test_a_process_without_any_mass_has_nothing_to_balance():
    made = Output("氧气", OutputKind.PRODUCT, quantity("10", "Nm3"))
    plant = Process("oxygen", "制氧", Stage.PRODUCTION, (made,), (material("电", "electricity", "6", "kWh", **POWER),))
    assert finding("EAF-5.6", replace(WORKS, processes=(*WORKS.processes, plant))).verdict is Verdict.PASS
