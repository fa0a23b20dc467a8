import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanbiao.lca.distributions.making import certain, combine, lognormal, normal, triangular, uniform
from tanbiao.lca.distributions.pedigree import (
    PedigreeMatrix,
    PedigreeScores,
    gsd2_of_variance,
    pedigree_matrices,
    pedigree_matrix,
    variance_of_gsd2,
    widen,
)
from tanbiao.lca.faults import NoPedigree, WrongDistribution, WrongScore

BEST = PedigreeScores(1, 1, 1, 1, 1)
scores = st.tuples(*[st.integers(1, 5)] * 5)


def test_gsd2_is_the_formula_of_the_report():
    """GSD² = exp(sqrt(sum ln² U)), electricity with the pedigree (4, 5, 3, 3, 5)."""
    factors = [1.05, 1.20, 1.20, 1.10, 1.02, 2.00]
    expected = math.exp(math.sqrt(sum(math.log(u) ** 2 for u in factors)))
    matrix = pedigree_matrix("ecoinvent2")
    assert matrix.gsd2(PedigreeScores(4, 5, 3, 3, 5), "electricity") == pytest.approx(expected)
    d = matrix.lognormal(12, (4, 5, 3, 3, 5), "electricity")
    assert d.scale == pytest.approx([math.log(expected) / 2])
    assert d.median() == pytest.approx([12])


def test_variances_of_version_3_add_up():
    matrix = pedigree_matrix()
    assert matrix.variance((2, 3, 4, 5, 5), "transport") == pytest.approx(0.12 + 0.0006 + 0.0006 + 0.008 + 0.002 + 0.12)
    assert matrix.variance(BEST, "CO2") == pytest.approx(0.0006)


def test_empirical_factors_are_gsds():
    assert pedigree_matrix("empirical").variance((2, 1, 1, 1, 1)) == pytest.approx(math.log(1.54) ** 2)


def test_the_two_versions_of_ecoinvent_say_the_same_in_two_ways():
    """Version 3 prints (ln U / 2)² of the factors of version 2, to one or two digits."""
    two, three = pedigree_matrix("ecoinvent2"), pedigree_matrix("ecoinvent3")
    both = ~np.isnan(two.variances) & (two.variances > 0)
    assert two.variances[both] == pytest.approx(three.variances[both], rel=0.15)
    assert [two.basic[k] for k in two.basic] == pytest.approx([three.basic[k] for k in two.basic], rel=0.15)


@pytest.mark.parametrize("id", ["ecoinvent2", "ecoinvent3", "empirical"])
def test_a_worse_score_never_narrows(id):
    matrix = pedigree_matrices()[id]
    for row in matrix.variances:
        given = row[~np.isnan(row)]
        assert given[0] == 0
        assert (np.diff(given) > 0).all()
    assert matrix.source


@given(st.lists(scores, min_size=1, max_size=4), st.floats(0, 1))
def test_many_are_each_as_one(table, basic):
    matrix = pedigree_matrix()
    together = matrix.variance(table, basic)
    assert together.shape == (len(table),)
    assert together.tolist() == pytest.approx([float(matrix.variance(row, basic)) for row in table])


@given(st.floats(1, 100))
def test_gsd2_and_variance_are_one_thing(gsd2):
    assert gsd2_of_variance(variance_of_gsd2(gsd2)) == pytest.approx(gsd2)


@pytest.mark.parametrize(
    ("wrong", "zh", "en"),
    [((1, 1, 6, 1, 1), "时间相关性评分 6", "6 of temporal"), ((1, 0, 1, 1, 1), "完整性评分 0", "0 of completeness"),
     ((1.5, 1, 1, 1, 1), "可靠性评分 1.5", "1.5 of reliability"), ((1, 1, 1, float("nan"), 1), "地理", "geographical"),
     ((1, 1, 1), "五个", "five")],
)  # fmt: skip
def test_scores_run_from_one_to_five(wrong, zh, en):
    with pytest.raises(WrongScore) as refused:
        pedigree_matrix().variance(wrong)
    assert zh in refused.value.text.zh
    assert en in refused.value.text.en


def test_the_row_at_fault_is_named():
    with pytest.raises(WrongScore) as refused:
        pedigree_matrix().variance([BEST, (1, 1, 1, 1, 9)])
    assert refused.value.place == "#2"


@pytest.mark.parametrize(("id", "gap"), [("ecoinvent2", (1, 1, 1, 4, 1)), ("empirical", (5, 1, 1, 1, 1))])
def test_what_the_source_does_not_give_is_not_guessed(id, gap):
    with pytest.raises(WrongScore, match=f"{id} has no coefficient"):
        pedigree_matrix(id).variance(gap)


def test_unknown_matrices_and_kinds_are_refused_with_what_there_is():
    with pytest.raises(NoPedigree, match="ecoinvent3"):
        pedigree_matrix("ecoinvent9")
    with pytest.raises(NoPedigree, match="electricity"):
        pedigree_matrix().variance(BEST, "电")


def test_a_matrix_of_ones_own():
    mine = PedigreeMatrix("mine", "own", np.outer(np.ones(5), [0, 1, 2, 3, 4]), {"steel": 0.5})
    assert mine.variance((1, 2, 3, 4, 5), "steel") == pytest.approx(10.5)


def test_a_lognormal_widens_by_its_variance():
    assert widen(lognormal(-2, 1.2), 0.09).scale == pytest.approx([math.hypot(math.log(1.2), 0.3)])
    assert widen(lognormal(2, 1), 0.09).scale == pytest.approx([0.3])


@given(
    st.sampled_from([normal(10, 1), normal(-10, 1), normal(0, 1), uniform(8, 12), triangular(1, 2, 5)]),
    st.floats(0, 0.5),
)
def test_other_kinds_keep_their_mean_and_widen_by_their_variation(d, more):
    wider = widen(d, more)
    mean, variance = d.mean(), d.variance()
    assert wider.mean() == pytest.approx(mean, abs=1e-9)
    assert wider.variance() + mean**2 == pytest.approx((variance + mean**2) * math.exp(more))
    assert wider.kind.tolist() == d.kind.tolist()


def test_a_pedigree_of_nothing_changes_nothing():
    d = combine([lognormal(2, 1.2), normal(1, 0.3), uniform(-1, 2), triangular(1, 2, 5), certain(7), uniform(3, 3)])
    assert widen(d, 0).quantiles([0.1, 0.9]) == pytest.approx(d.quantiles([0.1, 0.9]))
    assert widen(d, 0.1).median()[4:].tolist() == [7, 3]
    with pytest.raises(WrongDistribution):
        widen(d, -0.1)
