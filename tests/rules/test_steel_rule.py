"""The steel document, and a whole check under it."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from steelworks import WORKS, footprint_of, rule, with_processes, without_input

from tanbiao.formats.starter import starter_library
from tanbiao.lca import Allocation, DataKind, FactorKind, GasClass, Stage
from tanbiao.lca.vocabulary import called
from tanbiao.rules import Verdict, check_rule
from tanbiao.rules.clauses import AnyClause
from tanbiao.rules.sections import Parameter, Section
from tanbiao.words import Text


def parts_of(thing, kind):
    """Every part of a rule of one kind, however deep."""
    if isinstance(thing, kind):
        yield thing
    if isinstance(thing, Section):
        for name in type(thing).model_fields:
            yield from parts_of(getattr(thing, name), kind)
    elif isinstance(thing, tuple):
        for part in thing:
            yield from parts_of(part, kind)


def test_clauses_are_many_and_told_apart():
    ids = [clause.id for clause in rule().clauses]
    assert 20 <= len(ids) <= 40
    assert len(set(ids)) == len(ids)
    assert all(clause_id.startswith("EAF-") for clause_id in ids)


def test_every_text_is_said_in_both_languages():
    for text in parts_of(rule(), Text):
        assert any("一" <= letter <= "鿿" for letter in text.zh), text
        assert not any("一" <= letter <= "鿿" for letter in text.en), text


def test_the_document_says_that_it_is_a_demonstration():
    assert "没有备案" in rule().notice.zh
    assert "not filed" in rule().notice.en


def test_every_kind_of_clause_is_used_and_so_tested():
    kinds = {get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(AnyClause)[0])}
    assert {clause.kind for clause in rule().clauses} == kinds


def test_the_documentation_names_every_kind_of_clause():
    page = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
    assert [kind for kind in {c.kind for c in rule().clauses} if f"`{kind}`" not in page] == []


def test_every_required_item_is_asked_for_by_a_clause():
    asked = Counter(code for c in rule().clauses if c.kind == "required-items" for code in c.items)
    assert asked == Counter(item.code for item in rule().required_items)


def test_no_limit_stands_without_its_source():
    limits = list(parts_of(rule(), Parameter))
    assert len(limits) == 13
    assert all(limit.source and not limit.verified for limit in limits)


def test_the_electricity_of_the_rule_is_the_life_cycle_kind():
    assert rule().electricity.factor_kind is FactorKind.ELECTRICITY_FOOTPRINT


def test_the_grid_factors_of_the_rule_are_in_the_library_and_fit():
    asked, library = rule().electricity, starter_library()
    for grid in asked.grid_factors:
        found = library[grid.id]
        assert (found.kind, found.region, found.year) == (asked.factor_kind, asked.region, grid.year)


def test_the_boundary_is_cradle_to_gate():
    assert rule().boundary.included == (Stage.RAW_MATERIALS, Stage.PRODUCTION)


def test_a_sound_study_passes_all_that_a_machine_can_judge():
    findings = check_rule(rule(), footprint_of(WORKS))
    assert [f.clause for f in findings] == [c.id for c in rule().clauses]
    by_person = {c.id for c in rule().clauses if c.kind == "statement"}
    for found in findings:
        assert found.verdict is (Verdict.JUDGEMENT if found.clause in by_person else Verdict.PASS), found
        assert (found.remedy is None) is (found.verdict is Verdict.PASS)
        assert found.text.zh
        assert found.text.en


def test_an_empty_study_gets_an_answer_to_every_clause():
    nothing_in = with_processes(WORKS, lambda p: replace(p, inputs=()))
    verdicts = {f.clause: f.verdict for f in check_rule(rule(), footprint_of(nothing_in))}
    assert len(verdicts) == len(rule().clauses)
    assert [c for c in ("EAF-3.1", "EAF-5.1", "EAF-9.1", "EAF-9.2") if verdicts[c] is Verdict.FAIL] == [
        "EAF-3.1",
        "EAF-5.1",
        "EAF-9.1",
        "EAF-9.2",
    ]


def test_one_missing_row_changes_only_the_clauses_it_concerns():
    before = {f.clause: f.verdict for f in check_rule(rule(), footprint_of(WORKS))}
    after = {f.clause: f.verdict for f in check_rule(rule(), footprint_of(without_input("电极")))}
    assert {clause for clause in before if before[clause] is not after[clause]} == {"EAF-5.1"}


def test_every_member_has_its_own_word():
    """Codes recur in several enumerations ("energy", "material"): their words must not run into each other."""
    for kind in (Stage, Allocation, DataKind, FactorKind, GasClass):
        words = [called(member) for member in kind]
        assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("verdict", "zh", "en"),
    [
        (Verdict.PASS, "符合", "pass"),
        (Verdict.FAIL, "不符合", "fail"),
        (Verdict.JUDGEMENT, "需人工判断", "needs judgement"),
    ],
)
def test_verdicts_have_words(verdict, zh, en):
    assert verdict.words == Text(zh, en)


def test_the_worst_verdict_decides():
    assert Verdict.worst([Verdict.JUDGEMENT, Verdict.FAIL, Verdict.PASS]) is Verdict.FAIL
    assert Verdict.worst([Verdict.PASS, Verdict.JUDGEMENT]) is Verdict.JUDGEMENT
    assert Verdict.worst([]) is Verdict.PASS
