import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tanbiao.lca.distributions.columns import Distributions, Kind
from tanbiao.lca.distributions.making import (
    certain,
    columns,
    combine,
    from_array,
    from_gsd2,
    lognormal,
    normal,
    triangular,
    uniform,
)
from tanbiao.lca.faults import WrongDistribution
from tanbiao.words import Problems

NAN, INF = np.nan, np.inf
PROBABILITIES = np.array([0.001, 0.025, 0.3, 0.5, 0.9, 0.999])

# each beside what scipy makes of it, an implementation of its own
PAIRS = {
    "lognormal": (lognormal(3, 1.5), stats.lognorm(np.log(1.5), scale=3)),
    "normal": (normal(-2, 0.5), stats.norm(-2, 0.5)),
    "uniform": (uniform(-1, 4), stats.uniform(-1, 5)),
    "triangular": (triangular(1, 1.5, 4), stats.triang(0.5 / 3, loc=1, scale=3)),
    "right-angled": (triangular(1, 1, 4), stats.triang(0, loc=1, scale=3)),
    "left-angled": (triangular(1, 4, 4), stats.triang(1, loc=1, scale=3)),
    "cut normal": (columns(Kind.NORMAL, 1, 2, 0, 4), stats.truncnorm(-0.5, 1.5, loc=1, scale=2)),
    "normal cut below": (columns(Kind.NORMAL, 1, 2, 0), stats.truncnorm(-0.5, INF, loc=1, scale=2)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_moments_and_quantiles_are_those_of_the_textbook(name):
    ours, theirs = PAIRS[name]
    assert ours.mean() == pytest.approx([theirs.mean()])
    assert ours.variance() == pytest.approx([theirs.var()])
    assert ours.median() == pytest.approx([theirs.median()])
    assert ours.quantiles(PROBABILITIES)[:, 0] == pytest.approx(theirs.ppf(PROBABILITIES))


@pytest.mark.parametrize("name", PAIRS)
def test_a_mirrored_distribution_is_the_mirror_image(name):
    ours, _ = PAIRS[name]
    mirrored = ours.scaled(-1)
    assert mirrored.mean() == pytest.approx(-ours.mean())
    assert mirrored.variance() == pytest.approx(ours.variance())
    assert mirrored.quantiles(PROBABILITIES) == pytest.approx(-ours.quantiles(1 - PROBABILITIES))


def test_moments_of_a_cut_off_lognormal_are_its_integrals():
    ours = columns(Kind.LOGNORMAL, np.log(2), 0.6, 1, 5)
    p = (np.arange(200_000) + 0.5) / 200_000
    x = np.exp(np.log(2) + 0.6 * stats.truncnorm(np.log(0.5) / 0.6, np.log(2.5) / 0.6).ppf(p))
    assert ours.mean() == pytest.approx([x.mean()], rel=1e-6)
    assert ours.variance() == pytest.approx([x.var()], rel=1e-5)
    assert ours.quantiles([0, 1])[:, 0] == pytest.approx([1, 5])


def test_gsd2_is_the_square_of_the_gsd_and_spans_two_sigma():
    d = from_gsd2(10, 1.44)
    assert d.scale == pytest.approx([np.log(1.2)])
    within = stats.norm.cdf(2)
    assert d.quantiles([1 - within, within])[:, 0] == pytest.approx([10 / 1.44, 10 * 1.44])


def test_a_negative_median_makes_a_negative_lognormal():
    d = lognormal(-3, 1.5)
    assert d.negative.tolist() == [True]
    assert d.mean() == pytest.approx(-lognormal(3, 1.5).mean())
    assert d.quantiles(0.025) == pytest.approx(-lognormal(3, 1.5).quantiles(0.975))


def test_without_a_distribution_the_amount_is_all_there_is():
    d = certain([2.0, -3.0])
    assert d.mean().tolist() == d.median().tolist() == d.quantiles(0.9).tolist() == [2, -3]
    assert d.variance().tolist() == [0, 0]
    assert not d.varies.any()


def test_no_spread_is_no_variation():
    flat = combine([lognormal(2, 1), normal(3, 0), uniform(4, 4), triangular(5, 5, 5)])
    assert not flat.varies.any()
    assert flat.median().tolist() == pytest.approx([2, 3, 4, 5])
    assert flat.variance().tolist() == [0, 0, 0, 0]


amounts = st.floats(1e-6, 1e6)
shapes = st.sampled_from([lognormal(2, 1.3), normal(2, 0.4), uniform(1, 3), triangular(1, 1.2, 3), certain(4)])


@given(shapes, amounts, st.booleans(), st.floats(0.01, 0.99))
def test_a_change_of_unit_changes_the_numbers_and_nothing_else(d, size, negative, p):
    k = -size if negative else size
    scaled = d.scaled(k)
    assert scaled.mean() == pytest.approx(k * d.mean(), rel=1e-9)
    assert scaled.variance() == pytest.approx(k**2 * d.variance(), rel=1e-9)
    assert scaled.quantiles(p) == pytest.approx(k * d.quantiles(1 - p if negative else p), rel=1e-9)
    back = scaled.scaled(1 / k)
    assert back.quantiles(p) == pytest.approx(d.quantiles(p), rel=1e-9)
    assert back.negative.tolist() == d.negative.tolist()


@given(st.lists(shapes, min_size=1, max_size=5), st.data())
def test_taking_undoes_combining(parts, data):
    whole = combine(parts)
    i = data.draw(st.integers(0, len(parts) - 1))
    assert whole.take([i]).to_array().tobytes() == parts[i].to_array().tobytes()
    assert whole.take(slice(i, None)).to_array().tobytes() == combine(parts[i:]).to_array().tobytes()
    assert len(whole.take(np.zeros(len(whole), dtype=bool))) == 0


def test_nothing_combined_is_nothing():
    assert len(combine([])) == 0
    assert combine([]).mean().shape == (0,)


def test_a_table_of_stats_arrays_is_read_and_written():
    d = combine([lognormal(-2, 1.5), normal(1, 0.3), uniform(-1, 2), triangular(1, 2, 5), certain(7)])
    table = d.to_array()
    assert set(table.dtype.names) == {"uncertainty_type", "loc", "scale", "shape", "minimum", "maximum", "negative"}
    assert table["uncertainty_type"].tolist() == [2, 3, 4, 5, 0]
    assert from_array(table).to_array().tobytes() == table.tobytes()


def test_no_uncertainty_is_none_and_a_triangular_without_mode_has_it_in_the_middle():
    table = combine([certain(7), triangular(1, 2, 5)]).to_array()
    table["uncertainty_type"][0] = 1
    table["loc"][1] = NAN
    d = from_array(table)
    assert d.kind.tolist() == [Kind.NONE, Kind.TRIANGULAR]
    assert d.loc.tolist() == [7, 3]


def test_infinite_bounds_of_a_normal_are_no_bounds():
    table = combine([normal(1, 0.3), lognormal(2, 1.2)]).to_array()
    table["minimum"], table["maximum"] = -INF, INF
    d = from_array(table)
    assert not d.cut.any()
    assert d.mean() == pytest.approx(combine([normal(1, 0.3), lognormal(2, 1.2)]).mean())


WRONG = {
    "sd below zero": (lambda: normal([1, 1], [1, -0.1]), "#2", "标准差 -0.1", "standard deviation -0.1"),
    "no sd": (lambda: normal(1, NAN), "#1", "标准差 nan", "standard deviation nan"),
    "no mean": (lambda: normal(NAN, 1), "#1", "均值 nan", "mean nan"),
    "mode below": (lambda: triangular(2, 1, 5), "#1", "众数 1.0 小于", "mode 1.0 lies below"),
    "mode above": (lambda: triangular(2, 6, 5), "#1", "众数 6.0 大于", "mode 6.0 lies above"),
    "no mode": (lambda: columns(Kind.TRIANGULAR, NAN, NAN, 1, 2), "#1", "众数 nan", "mode nan"),
    "turned round": (lambda: uniform(2, 1), "#1", "最小值 2.0", "minimum 2.0"),
    "unbounded": (lambda: uniform(2, INF), "#1", "得到 inf", "not inf"),
    "gsd": (lambda: lognormal(1, 0.9), "#1", "几何标准差", "geometric standard deviation"),
    "gsd of zero": (lambda: lognormal(1, 0), "#1", "几何标准差", "geometric standard deviation"),
    "zero": (lambda: lognormal(0, 1.2), "#1", "中位数为零", "zero"),
    "nan": (lambda: lognormal(NAN, 1.2), "#1", "nan", "nan"),
    "kind": (lambda: columns(8), "#1", "类型 8", "kind 8"),
    "cut away": (lambda: columns(Kind.NORMAL, 0, 1, 50, 60), "#1", "50.0", "50.0"),
    "cut the wrong way": (lambda: columns(Kind.NORMAL, 0, 1, 1, -1), "#1", "1.0", "1.0"),
    "lognormal cut below zero": (lambda: columns(Kind.LOGNORMAL, 0, 1, -5, -1), "#1", "-5.0", "-5.0"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_refused_in_both_languages(name):
    make, place, zh, en = WRONG[name]
    with pytest.raises(WrongDistribution) as refused:
        make()
    assert refused.value.place == place
    assert zh in refused.value.text.zh
    assert en in refused.value.text.en


def test_all_entries_at_fault_are_named():
    table = combine([normal(1, 1)] * 40).to_array()
    table["scale"][:3] = -1
    with pytest.raises(Problems) as refused:
        from_array(table, names=[f"电力 {i}" for i in range(40)])
    assert [p.place for p in refused.value.problems] == ["电力 0", "电力 1", "电力 2"]
    table["scale"] = -1
    with pytest.raises(Problems, match="另有 20 处"):
        from_array(table)


@pytest.mark.parametrize("k", [0, NAN, INF])
def test_a_distribution_is_not_scaled_by_nothing(k):
    with pytest.raises(WrongDistribution):
        normal(1, 1).scaled(k)


@pytest.mark.parametrize("p", [-0.1, 1.1, NAN])
def test_a_probability_lies_within_zero_and_one(p):
    with pytest.raises(WrongDistribution):
        normal(1, 1).quantiles(p)


def test_columns_have_the_shapes_and_types_said():
    d = columns([2, 3], [0, 1], 0.1)
    assert isinstance(d, Distributions)
    assert d.kind.dtype == np.uint8
    assert d.negative.dtype == np.bool_
    assert all(len(c) == 2 for c in (d.kind, d.loc, d.scale, d.minimum, d.maximum, d.negative))
    assert d.quantiles([[0.1, 0.2, 0.3]]).shape == (1, 3, 2)
