"""Required data and the length of the data period."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steelworks import (
    POWER,
    WORKS,
    billet_bought,
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
    slag = Output("炉渣", kind, quantity("120", "t"), None, DataKind.MEASURED, "slag", place="产出!C9")
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


def test_a_period_longer_than_a_year_is_put_to_a_person():
    """Thirteen months may be a year and its stocktaking; two years blend a good one with a bad one."""
    assert finding("EAF-5.7", with_product(period_end=dt.date(2025, 1, 31))).verdict is Verdict.PASS
    said = finding("EAF-5.7", with_product(period_end=dt.date(2025, 12, 31)))
    assert (said.verdict, said.value) == (Verdict.JUDGEMENT, "24")


def test_rows_of_a_process_that_does_not_feed_the_product_answer_nothing():
    said = finding("EAF-5.1", billet_bought())
    assert (said.verdict, said.value) == (Verdict.FAIL, "0")
    assert "不供给产品" in said.text.zh
    assert "表!scrap" in said.places


@pytest.mark.parametrize(
    ("source", "verdict"), [("领料台账", Verdict.JUDGEMENT), ("", Verdict.FAIL), (" ", Verdict.FAIL)]
)
def test_an_item_of_which_nothing_was_used_is_put_to_a_person_with_its_source(source, verdict):
    said = finding("EAF-5.1", with_input("石灰", quantity=quantity("0", "t"), source=source))
    assert (said.verdict, said.places) == (verdict, ("表!lime",))
    assert "0" in said.text.en


def test_a_row_of_amount_zero_beside_one_with_an_amount_is_no_question():
    assert finding("EAF-5.2", with_input("轧钢电力", quantity=quantity("0", "kWh"))).verdict is Verdict.PASS
