from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import emission, factor, made, process, system, taken

from tanbiao.lca.document import system_from_document, to_document
from tanbiao.lca.faults import NoScores, WrongScore
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import DataKind, DataQuality, GasClass
from tanbiao.lca.quality.assessment import assess_quality
from tanbiao.lca.quality.methods import PACT, PEF, QUALITY_METHODS, SITE_BACKGROUND, quality_method
from tanbiao.lca.quality.scoring import Judgement, Levels, ScoringTable, WrongMethod
from tanbiao.lca.units import quantity
from tanbiao.words import Problems, Text

NAMED = Text("表", "table")


def plant(*rows, emissions=()):
    """1 t from rows of (name, kg CO2e, scores, kind of datum)."""
    inputs = [
        taken(kg, "kg", name, factor="one", quality=quality, data_kind=kind, place=f"表!{name}")
        for name, kg, quality, kind in rows
    ]
    mill = process("mill", made(1, "t"), inputs=inputs, emissions=emissions)
    return system(("1", "t"), "mill", mill, factors=[factor("one", 1, "kg")])


def assessed(method, *rows):
    return assess_quality(calculate_footprint(plant(*rows)), method)


MEASURED, SECONDARY = DataKind.MEASURED, DataKind.SECONDARY


# PEF


def test_the_precision_counts_where_it_is_given():
    with_precision = DataQuality(1, 2, 3, precision=4)
    summary = assessed("pef", ("a", 50, with_precision, MEASURED), ("b", 50, DataQuality(4, 4, 4), SECONDARY))
    assert [line.dqr for line in summary.dqr_by_line] == [2.5, 4.0]
    assert summary.dqr == pytest.approx(3.25)
    assert (summary.precision, summary.technological) == (4.0, 2.5)
    assert (summary.method, summary.level, summary.coverage) == ("pef", Text("一般", "fair"), 1)


@pytest.mark.parametrize(
    ("dqr", "level"),
    [(1, "excellent"), (1.5, "excellent"), (1.500000001, "very good"), (3 + 1e-12, "good"), (4.5, "poor"), (5, "poor")],
)
def test_a_level_holds_up_to_its_limit(dqr, level):
    assert PEF.levels.of(dqr).en == level


# PACT


def five(t, g, time, completeness, reliability):
    return DataQuality(t, g, time, completeness=completeness, reliability=reliability)


def test_pact_solved_by_hand():
    """94 kg above 5 %: 1, 3, 5 are PACT's 1, 2, 3; what adds 5 % or less is left out, scored or not."""
    summary = assessed(
        "pact",
        ("a", 60, five(1, 1, 3, 5, 1), MEASURED),
        ("b", 34, five(3, 5, 5, 5, 2), SECONDARY),
        ("c", 5, five(5, 5, 5, 5, 5), SECONDARY),
        ("d", 1, None, SECONDARY),
    )
    assert summary.technological == pytest.approx((60 * 1 + 34 * 2) / 94)
    assert summary.geographical == pytest.approx((60 * 1 + 34 * 3) / 94)
    assert summary.temporal == pytest.approx((60 * 2 + 34 * 3) / 94)
    assert summary.completeness == pytest.approx(3)
    assert summary.reliability == pytest.approx((60 * 1 + 34 * 1.5) / 94)
    assert summary.coverage == pytest.approx(0.94)
    assert summary.primary_share == pytest.approx(0.6)
    assert summary.dqr == pytest.approx((60 * 8 + 34 * 12.5) / 94 / 5)
    assert [line.dqr is None for line in summary.dqr_by_line] == [False, False, True, True]
    assert summary.level == Text("一般", "fair")


def test_what_is_large_and_not_scored_lowers_the_coverage():
    summary = assessed("pact", ("a", 60, five(1, 1, 1, 1, 1), MEASURED), ("b", 40, None, SECONDARY))
    assert (summary.coverage, summary.dqr) == (pytest.approx(0.6), 1)


def test_three_scores_are_not_turned_into_five():
    three = DataQuality(1, 2, 3)
    rows = [("a", 60, three, MEASURED), ("b", 36, DataQuality(1, 1, 1, completeness=1), SECONDARY)]
    with pytest.raises(Problems) as refused:
        assessed("pact", *rows, ("small", 4, three, SECONDARY))
    first, second = refused.value.problems
    assert (first.place, second.place) == ("表!a", "表!b")
    assert "completeness, reliability" in first.text.en
    assert "完整性" not in second.text.zh
    assert "可靠性" in second.text.zh


def test_supply_and_use_of_one_datum_pass_the_threshold_together():
    rows = [
        taken(3, "kg", "fuel", factor="one", use_factor="burnt", quality=five(1, 1, 1, 1, 1)),
        taken(94, "kg", factor="one"),
    ]
    burnt = factor("burnt", 1, "kg")
    fuelled = system(
        ("1", "t"), "mill", process("mill", made(1, "t"), inputs=rows), factors=[factor("one", 1, "kg"), burnt]
    )
    fuelled = replace(
        fuelled,
        factors=(
            fuelled.factors[0],
            replace(burnt, kind=burnt.kind.PROCESS_EMISSION, life_cycle_scope=burnt.life_cycle_scope.DIRECT),
        ),
    )
    assert assess_quality(calculate_footprint(fuelled), "pact").coverage == pytest.approx(0.06)


# Site and background data


def test_site_and_background_data_are_scored_by_their_own_tables():
    summary = assessed(
        "site-background",
        ("electricity", 75, DataQuality(5, 5, 3, completeness=1, reliability=2), MEASURED),
        ("lime", 25, DataQuality(2, 3, 4), SECONDARY),
    )
    assert [(t.name.en, t.dqr, t.coverage) for t in summary.tables] == [
        ("site data", 2.0, 0.75),
        ("background data", 3.0, 0.25),
    ]
    assert summary.dqr == pytest.approx(0.75 * 2 + 0.25 * 3)
    assert (summary.technological, summary.reliability, summary.temporal) == (2.0, 2.0, pytest.approx(3.25))
    assert summary.level == Text("良", "good")


def test_site_data_without_the_scores_of_their_table_are_refused():
    with pytest.raises(NoScores, match="reliability, completeness"):
        assessed("site-background", ("electricity", 1, DataQuality(1, 1, 1), MEASURED))


def test_tables_weights_and_scale_are_configuration():
    table = ScoringTable(
        NAMED, (("reliability", 3), ("temporal", 1)), "a standard", points=(0.0, 25.0, 50.0, 75.0, 100.0)
    )
    own = replace(SITE_BACKGROUND, id="own", primary=table, secondary=table, levels=Levels(((60.0, NAMED),), "ours"))
    summary = assessed(own, ("a", 1, DataQuality(5, 5, 1, reliability=3), MEASURED))
    assert (summary.dqr, summary.method, summary.level) == (0.75 * 50, "own", NAMED)


# Configuration


def test_what_was_not_read_says_so():
    assert PEF.primary.verified
    unread = [PACT.primary, SITE_BACKGROUND.primary, SITE_BACKGROUND.secondary, *(m.levels for m in (PEF, PACT))]
    assert not any(part.verified for part in unread)
    assert all(part.source for part in unread)


@pytest.mark.parametrize(
    "weights", [(), (("beauty", 1),), (("temporal", 0),), (("temporal", -1),), (("temporal", 1), ("temporal", 1))]
)
def test_a_table_that_does_not_hold_together_is_refused(weights):
    with pytest.raises(WrongMethod, match="weights"):
        ScoringTable(NAMED, weights, "ours")


def test_a_table_needs_an_indicator_that_is_not_optional_and_points_that_do_not_fall():
    with pytest.raises(WrongMethod):
        ScoringTable(NAMED, (("temporal", 1),), "ours", optional=("temporal",))
    for points in ((5.0, 4.0, 3.0, 2.0, 1.0), (1.0, 2.0, 3.0)):
        with pytest.raises(WrongMethod, match="not falling"):
            ScoringTable(NAMED, (("temporal", 1),), "ours", points=points)


@pytest.mark.parametrize("steps", [(), ((2.0, NAMED), (1.0, NAMED)), ((2.0, NAMED), (2.0, NAMED))])
def test_levels_must_rise(steps):
    with pytest.raises(WrongMethod):
        Levels(steps, "ours")


def test_an_unknown_method_names_those_there_are():
    with pytest.raises(WrongMethod, match="pef, pact, site-background"):
        quality_method("astm")


def test_a_method_is_anything_that_judges_lines():
    class Flat:
        id, threshold, levels = "flat", 0.0, PEF.levels

        def judge(self, line):
            return Judgement(2.0, {}, NAMED)

    summary = assessed(Flat(), ("a", 3, None, MEASURED))
    assert (summary.dqr, summary.coverage, summary.technological) == (2.0, 1.0, None)


# The scores a datum carries


@pytest.mark.parametrize("name", ["completeness", "reliability", "precision"])
@pytest.mark.parametrize("score", [0, 6])
def test_a_further_score_out_of_range_is_refused(name, score):
    with pytest.raises(WrongScore, match="表!a"):
        calculate_footprint(plant(("a", 1, replace(DataQuality(1, 1, 1), **{name: score}), MEASURED)))


def test_older_documents_without_the_further_scores_are_read_as_before():
    one = plant(("a", 1, DataQuality(1, 2, 3), MEASURED))
    document = to_document(one)
    old = document["processes"][0]["inputs"][0]["quality"]
    document["processes"][0]["inputs"][0]["quality"] = {
        k: old[k] for k in ("technological", "geographical", "temporal")
    }
    assert system_from_document(document) == one


# Laws

scores = st.integers(1, 5)
qualities = st.builds(DataQuality, scores, scores, scores, scores, scores, st.none() | scores)
kilograms = st.decimals(min_value="0.01", max_value=1000, places=2)
rows = st.lists(
    st.tuples(st.just("a"), kilograms, st.none() | qualities, st.sampled_from(DataKind)), min_size=1, max_size=8
).map(lambda found: [(f"row {i}", *row[1:]) for i, row in enumerate(found)])
methods = st.sampled_from([PEF, PACT, SITE_BACKGROUND])
INDICATORS = ("technological", "geographical", "temporal", "completeness", "reliability", "precision")


@given(rows, methods)
def test_a_rating_is_within_the_scores_it_was_made_of(found, method):
    summary = assessed(method, *found)
    best, worst = method.primary.points[0], method.primary.points[-1]
    judged = [line.dqr for line in summary.dqr_by_line if line.dqr is not None]
    for value in (summary.dqr, *(getattr(summary, name) for name in INDICATORS)):
        assert value is None or best - 1e-12 <= value <= worst + 1e-12
    assert (summary.dqr is None) == (not judged)
    if judged:
        assert min(judged) - 1e-12 <= summary.dqr <= max(judged) + 1e-12
    assert 0 <= summary.coverage <= 1 + 1e-12
    assert sum(table.coverage for table in summary.tables) == pytest.approx(summary.coverage)


@given(rows, methods)
def test_the_weights_of_the_lines_sum_to_one(found, method):
    assert sum(line.weight for line in assessed(method, *found).dqr_by_line) == pytest.approx(1)


@given(rows, methods, st.integers(1, 10**6))
def test_a_larger_declared_unit_changes_no_rating(found, method, k):
    one = plant(*found)
    more = replace(one, product=replace(one.product, declared_unit=quantity(Decimal(k), "t")))
    first, second = (assess_quality(calculate_footprint(s), method) for s in (one, more))
    assert first.level == second.level
    for name in ("dqr", "primary_share", "coverage", *INDICATORS):
        alone, scaled = getattr(first, name), getattr(second, name)
        assert scaled == (alone if alone is None else pytest.approx(alone, rel=1e-9))


@given(rows)
def test_pact_within_one_to_three_is_pef_within_one_to_five_where_nothing_is_left_out(found):
    """The map is linear: with the threshold gone, three indicators of PACT are those of PEF, moved and halved."""
    pact, pef = assessed(replace(PACT, threshold=0.0), *found), assessed(PEF, *found)
    for name in INDICATORS[:3]:
        if getattr(pef, name) is not None:
            assert getattr(pact, name) == pytest.approx(1 + (getattr(pef, name) - 1) / 2)


def test_removals_weigh_by_their_size_in_every_method():
    removal = emission(50, gas_class=GasClass.LAND_MANAGEMENT_REMOVAL, quality=five(5, 5, 5, 5, 5))
    mixed = plant(("a", 50, five(1, 1, 1, 1, 1), SECONDARY), emissions=[removal])
    for id, middle in (("pef", 3), ("pact", 2), ("site-background", 3)):
        assert assess_quality(calculate_footprint(mixed), id).dqr == pytest.approx(middle)


def test_the_registry_knows_its_methods_by_their_ids():
    assert {id: method.id for id, method in QUALITY_METHODS.items()} == {id: id for id in QUALITY_METHODS}
    assert quality_method(PACT) is PACT
