"""Gas classes, nothing set off, data quality, and what only a person can judge."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steelworks import GOOD, WORKS, finding, footprint_of, rule, with_factor, with_input, with_more, with_processes

from tanbiao.lca import DataKind, DataQuality, Emission, GasClass, quantity
from tanbiao.rules import Verdict, check_rule
from tanbiao.rules.study import Study

LINES = footprint_of(WORKS).contributions


def all_inputs(system=WORKS, **changes):
    return with_processes(system, lambda p: replace(p, inputs=tuple(replace(i, **changes) for i in p.inputs)))


def test_gases_given_apart_pass():
    assert finding("EAF-10.2", WORKS).verdict is Verdict.PASS


def test_a_factor_that_gives_only_a_sum_is_put_to_a_person():
    lump = (Emission("CO2e", GasClass.FOSSIL, quantity("1000", "kg")),)
    said = finding("EAF-10.2", with_factor("lime", emissions=lump, gwp_set="AR6"))
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("表!lime",))


def test_nothing_set_off_passes():
    assert finding("EAF-10.3", WORKS).verdict is Verdict.PASS


def test_a_line_that_lowers_the_footprint_fails():
    """The engine takes no negative amount; the clause does not rely on it: a footprint may come from elsewhere."""
    sound = footprint_of(WORKS)
    credit = replace(sound.contributions[0], line="替代扣减", kg=-9.0, kg_co2e=-9.0, place="废物!C3")
    offset = replace(sound, contributions=(*sound.contributions, credit))
    said = next(f for f in check_rule(rule(), offset) if f.clause == "EAF-10.3")
    assert (said.verdict, said.places) == (Verdict.FAIL, ("废物!C3",))
    assert "替代扣减" in said.text.zh
    assert said.remedy


def test_a_removal_is_put_to_a_person():
    forest = Emission("CO2", GasClass.BIOGENIC_REMOVAL, quantity("9", "t"), "碳汇林", place="直接排放!C3")
    said = finding("EAF-10.3", with_more("mill", emissions=(forest,)))
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("直接排放!C3",))


def test_removals_that_leave_no_footprint_are_said_so():
    forest = Emission("CO2", GasClass.BIOGENIC_REMOVAL, quantity("9000", "t"), "碳汇林", place="直接排放!C3")
    said = finding("EAF-10.3", with_more("mill", emissions=(forest,)))
    assert said.verdict is Verdict.JUDGEMENT
    assert "no footprint is left" in said.text.en


@given(st.lists(st.floats(0.001, 1000), min_size=len(LINES), max_size=len(LINES)), st.permutations([2, 3, 4]))
def test_a_rating_of_exactly_the_limit_passes_whatever_the_contributions(weights, scores):
    """The mean of threes is three: the last binary digit of a sum must not fail a works."""
    scored = tuple(
        replace(line, kg_co2e=weight, quality=DataQuality(*scores)) for line, weight in zip(LINES, weights, strict=True)
    )
    study = Study(rule(), replace(footprint_of(WORKS), contributions=scored))
    assert next(c for c in rule().clauses if c.id == "EAF-9.1").check(study).verdict is Verdict.PASS


@given(st.lists(st.floats(0.001, 1000), min_size=1, max_size=8))
def test_exactly_half_primary_data_pass(weights):
    pairs = [replace(LINES[0], kg_co2e=w, primary=primary) for primary in (True, False) for w in weights]
    study = Study(rule(), replace(footprint_of(WORKS), contributions=tuple(pairs)))
    assert next(c for c in rule().clauses if c.id == "EAF-9.2").check(study).verdict is Verdict.PASS


@pytest.mark.parametrize(("score", "verdict"), [(3, Verdict.PASS), (4, Verdict.FAIL)])
def test_the_weighted_rating_stays_within_the_limit(score, verdict):
    said = finding("EAF-9.1", all_inputs(quality=DataQuality(score, score, score)))
    assert said.verdict is verdict
    assert said.value.startswith(f"DQR {score}.00")


def test_scores_of_a_small_part_do_not_answer_for_the_whole():
    cherry_picked = with_input("石灰", all_inputs(quality=None), quality=GOOD)
    said = finding("EAF-9.1", cherry_picked)
    assert said.verdict is Verdict.FAIL
    assert said.value != "100 %"


def test_no_scores_at_all_fail():
    assert finding("EAF-9.1", all_inputs(quality=None)).verdict is Verdict.FAIL


def test_enough_primary_data_pass_and_too_few_fail():
    assert finding("EAF-9.2", WORKS).verdict is Verdict.PASS
    said = finding("EAF-9.2", all_inputs(data_kind=DataKind.SECONDARY))
    assert (said.verdict, said.value) == (Verdict.FAIL, "0 %")
    assert "电炉电力" in said.text.zh


def test_the_largest_secondary_data_are_named_first():
    said = finding("EAF-9.2", with_input("电极", all_inputs(data_kind=DataKind.SECONDARY), data_kind=DataKind.MEASURED))
    assert said.text.zh.index("电炉电力") < said.text.zh.index("加热炉天然气")
    assert "电极" not in said.text.zh


@pytest.mark.parametrize("clause", [c for c in rule().clauses if c.kind == "statement"], ids=lambda c: c.id)
def test_a_statement_always_needs_a_person_and_says_what_to_look_at(clause):
    said = finding(clause.id, WORKS)
    assert (said.verdict, said.text, said.remedy) == (Verdict.JUDGEMENT, clause.text, clause.look_at)
