"""What is left out: each, together, and never."""

from decimal import Decimal

import pytest
from steelworks import WORKS, finding, under, with_exclusions

from tanbiao.lca import Exclusion
from tanbiao.rules import Verdict


def left_out(name: str, share: str) -> Exclusion:
    return Exclusion(name, Decimal(share), "数据难以取得", f"排除项!{name}")


@pytest.mark.parametrize("clause", ["EAF-4.1", "EAF-4.2", "EAF-4.3"])
def test_nothing_left_out_passes(clause):
    assert finding(clause, WORKS).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("share", "verdict"), [("0.01", Verdict.PASS), ("0.0101", Verdict.FAIL), ("-0.01", Verdict.FAIL)]
)
def test_each_exclusion_stays_within_the_single_limit(share, verdict):
    assert finding("EAF-4.1", with_exclusions(left_out("润滑油", share))).verdict is verdict


@pytest.mark.parametrize("share", ["NaN", "Infinity", "1.5"])
def test_a_share_that_is_none_fails_and_is_named(share):
    said = finding("EAF-4.1", with_exclusions(left_out("润滑油", "0.001"), left_out("包装", share)))
    assert said.verdict is Verdict.FAIL
    assert said.places == ("排除项!包装",)


def test_only_the_exclusion_above_the_limit_is_named():
    said = finding("EAF-4.1", with_exclusions(left_out("润滑油", "0.002"), left_out("包装", "0.02")))
    assert said.places == ("排除项!包装",)
    assert "2 %" in said.text.zh


@pytest.mark.parametrize(("number", "verdict"), [(5, Verdict.PASS), (6, Verdict.FAIL)])
def test_all_exclusions_together_stay_within_the_total_limit(number, verdict):
    exclusions = [left_out(f"辅料{n}", "0.01") for n in range(number)]
    assert finding("EAF-4.2", with_exclusions(*exclusions)).verdict is verdict


def test_a_negative_share_makes_no_room_for_others():
    exclusions = [left_out("减项", "-0.04"), *(left_out(f"辅料{n}", "0.01") for n in range(5))]
    assert finding("EAF-4.2", with_exclusions(*exclusions)).verdict is Verdict.FAIL


@pytest.mark.parametrize("clause", ["EAF-4.1", "EAF-4.2"])
def test_shares_of_the_footprint_cannot_answer_a_limit_by_mass(clause):
    said = finding(clause, with_exclusions(left_out("润滑油", "0.5")), under=under("cutoff", basis="mass"))
    assert said.verdict is Verdict.JUDGEMENT


@pytest.mark.parametrize(
    "name",
    [
        *("外购电力", "ＳＣＲＡＰ handling", "石墨电极消耗", "柴油", "煤粉", "焦炭", "硅锰", "萤石", "电弧炉电耗"),
        *("Power", "coal", "coke", "diesel oil", "ferrosilicon"),
    ],
)
def test_what_the_rule_forbids_to_leave_out_fails(name):
    said = finding("EAF-4.3", with_exclusions(left_out(name, "0.0001"), left_out("润滑油", "0.001")))
    assert said.verdict is Verdict.FAIL
    assert said.places == (f"排除项!{name}",)


def test_what_bears_no_forbidden_name_is_put_to_a_person():
    said = finding("EAF-4.3", with_exclusions(left_out("润滑油", "0.001")))
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("排除项!润滑油",))
    assert "润滑油" in said.text.zh
