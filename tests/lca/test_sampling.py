from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tanbiao.lca.distributions import sampling
from tanbiao.lca.distributions.columns import Kind
from tanbiao.lca.distributions.making import certain, columns, combine, lognormal, normal, triangular, uniform
from tanbiao.lca.distributions.sampling import Sampler, bits, normals, series, streams, uniforms
from tanbiao.lca.faults import WrongAmount, WrongDistribution

POSITIONS = np.arange(200_000, dtype=np.uint64)
WORDS = np.uint64(2**64 - 1)
EVERY_KIND = combine([
    lognormal(-2, 1.5), normal(-1, 0.3), uniform(-1, 2), triangular(1, 2, 5), certain(0), lognormal(3, 1.1),
    columns(Kind.NORMAL, 1, 0.5, 0.9, 1.2), columns(Kind.LOGNORMAL, 0, 0.5, -2, -0.5, True), lognormal(2, 1),
])  # fmt: skip
PUBLISHED = [
    -1.3419154547106722,
    -0.5202352210150499,
    0.7768289183960708,
    1.9687304030299302,
    9.0,
    3.2783702701456945,
    1.0675117864208923,
    -0.9112522648940906,
    2.0,
]
AMOUNTS = np.array([-2, -1, 0.5, 2.5, 9, 3, 1, -1, 2.5])

seeds = st.integers(0, 2**64 - 1)
draws = st.integers(0, 10**9)


def words(seed=1, draw=0, keys=POSITIONS):
    return bits(seed, draw, keys)


def pvalue_of_uniformity(x):
    return stats.kstest(uniforms(x), "uniform").pvalue


# --- the bits: chosen once and for all, so these tests are of fixed numbers


def test_the_bits_are_those_of_splitmix64():
    """By the definition, in exact integers: what another language has to reproduce."""

    def mix(x):
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        x = (x ^ x >> 27) * 0x94D049BB133111EB % 2**64
        return x ^ x >> 31

    golden = 0x9E3779B97F4A7C15
    assert mix(golden) == 0xE220A8397B1DCDAF  # the first output of SplitMix64 seeded with 0, as published
    for seed, draw, key in [(0, 0, 0), (7, 3, 11), (2**64 - 1, 10**9, 2**63 + 5)]:
        start = mix((seed + 1) * golden % 2**64)
        stream = mix((start + (draw + 1) * golden) % 2**64)
        expected = mix((mix((key + 1) * golden % 2**64) + stream) % 2**64)
        assert int(bits(seed, draw, np.array([key], dtype=np.uint64))[0]) == expected


@pytest.mark.parametrize(
    "keys",
    [
        POSITIONS, POSITIONS << np.uint64(32), POSITIONS * np.uint64(2**20),
        WORDS - POSITIONS, POSITIONS ^ WORDS << np.uint64(20),
    ],
    ids=["positions", "upper half", "strides", "from above", "sparse"],
)  # fmt: skip
def test_keys_of_any_pattern_give_uniform_numbers(keys):
    assert pvalue_of_uniformity(words(keys=keys)) > 1e-3
    assert pvalue_of_uniformity(words(keys=keys) << np.uint64(24)) > 1e-3  # the lower bits serve as angle
    assert len(np.unique(words(keys=keys))) == len(keys)


def test_draws_and_seeds_of_one_key_are_uniform():
    one = sampling.spread(np.array([5], dtype=np.uint64))
    assert pvalue_of_uniformity(sampling._mix(one + streams(1, np.arange(200_000)))) > 1e-3
    by_seed = np.concatenate([bits(seed, 0, np.array([5], dtype=np.uint64)) for seed in range(20_000)])
    assert pvalue_of_uniformity(by_seed) > 1e-3


@pytest.mark.parametrize(
    "other", [{"draw": 1}, {"draw": 2**20}, {"seed": 2}, {"seed": 2**40}, {"keys": POSITIONS + np.uint64(1)}]
)
def test_neighbours_are_not_correlated(other):
    a, b = words(), words(**other)
    limit = 4 / np.sqrt(len(a))
    for f in (uniforms, normals, lambda x: normals(x) ** 2, lambda x: uniforms(x << np.uint64(40))):
        assert abs(np.corrcoef(f(a), f(b))[0, 1]) < limit
    # the pairs fill the square: 32 x 32 fields
    fields = np.histogram2d(uniforms(a), uniforms(b), bins=32, range=[[0, 1], [0, 1]])[0].ravel()
    assert stats.chisquare(fields).pvalue > 1e-3


def test_no_pattern_in_the_rectangle_of_two_keys_and_two_draws():
    """Keys and draws meet in a sum; the finaliser must hide that they do."""
    corner = [normals(words(draw=d, keys=k)) for d in (0, 1) for k in (POSITIONS, POSITIONS + np.uint64(2**19))]
    product = corner[0] * corner[1] * corner[2] * corner[3]
    assert abs(product.mean()) < 4 * product.std() / np.sqrt(len(product))


def test_every_bit_turns_half_of_the_others():
    keys = POSITIONS[:4000]
    for j in range(64):
        for changed in (
            words(keys=keys ^ np.uint64(1 << j)),
            words(seed=1 ^ 1 << j, keys=keys),
            words(draw=1 << min(j, 62), keys=keys),
        ):
            turned = np.unpackbits((words(keys=keys) ^ changed).view(np.uint8).reshape(-1, 8), axis=1).mean(axis=0)
            assert abs(turned - 0.5).max() < 6 * 0.5 / np.sqrt(len(keys))


def test_normals_are_normal_into_the_tails():
    z = normals(words(keys=np.arange(2_000_000, dtype=np.uint64)))
    assert stats.kstest(z, "norm").pvalue > 1e-3
    assert abs(z.mean()) < 4 / np.sqrt(len(z))
    assert abs(z.var() - 1) < 4 * np.sqrt(2 / len(z))
    assert abs(stats.kurtosis(z)) < 4 * np.sqrt(24 / len(z))
    for beyond in (3, 4):
        expected = 2 * stats.norm.sf(beyond) * len(z)
        assert abs(np.count_nonzero(abs(z) > beyond) - expected) < 4 * np.sqrt(expected)


def test_the_extreme_words_give_finite_numbers():
    x = np.array([0, 2**64 - 1, 2**63, 2**24 - 1, 2**64 - 2**24], dtype=np.uint64)
    assert np.isfinite(normals(x)).all()
    assert ((uniforms(x) > 0) & (uniforms(x) < 1)).all()
    assert abs(normals(x)).max() > 5


# --- the sampler


@given(seeds, draws)
def test_a_value_depends_on_seed_draw_and_key_alone(seed, draw):
    keys = np.array([4, 2**63, 17, 3, 99, 12345, 8, 7, 6], dtype=np.uint64)
    whole = Sampler(EVERY_KIND, AMOUNTS, keys).draw(seed, draw)
    assert Sampler(EVERY_KIND, AMOUNTS, keys).draw(seed, draw).tolist() == whole.tolist()
    order = [3, 0, 8, 7, 5, 2, 1, 6, 4]
    shuffled = Sampler(EVERY_KIND.take(order), AMOUNTS[order], keys[order]).draw(seed, draw)
    assert shuffled == pytest.approx(whole[order], rel=1e-12)
    for i in range(len(keys)):
        alone = Sampler(EVERY_KIND.take([i]), AMOUNTS[[i]], keys[[i]]).draw(seed, draw)
        assert alone == pytest.approx(whole[[i]], rel=1e-12)


def test_neither_chunks_nor_threads_nor_order_change_a_digit(monkeypatch):
    d = columns(np.full(60_000, Kind.LOGNORMAL), np.linspace(-3, 3, 60_000), 0.3)
    sampler = Sampler(d, np.ones(60_000))
    one_by_one = [sampler.draw(9, i) for i in range(12)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda i: sampler.draw(9, i), reversed(range(12))))
    assert all(np.array_equal(a, b) for a, b in zip(one_by_one, reversed(together), strict=True))
    monkeypatch.setattr(sampling, "_CHUNK", 1000)
    assert np.allclose(sampler.draw(9, 3), one_by_one[3], rtol=1e-13, atol=0)


def test_published_draws_stay_what_they_are():
    """Certificates rest on these digits: a change of them is a change of every uncertainty ever stated."""
    assert Sampler(EVERY_KIND, AMOUNTS).draw(20240101, 7) == pytest.approx(PUBLISHED, rel=1e-12)


def test_draws_have_the_moments_and_quantiles_said():
    count = 40_000
    table = series(EVERY_KIND, AMOUNTS, 3, count, np.arange(len(AMOUNTS)))
    drawn = EVERY_KIND.kind != Kind.NONE
    mean, sd = EVERY_KIND.mean(), np.sqrt(EVERY_KIND.variance())
    assert (abs(table.mean(axis=1) - mean)[drawn] <= 4 * sd[drawn] / np.sqrt(count) + 1e-12).all()
    assert np.std(table, axis=1)[drawn] == pytest.approx(sd[drawn], rel=0.05, abs=1e-12)
    for p in (0.05, 0.5, 0.95):
        below = (table <= EVERY_KIND.quantiles(p)[:, None]).mean(axis=1)
        assert abs(below - p)[EVERY_KIND.varies].max() < 4 * np.sqrt(p * (1 - p) / count)


def test_a_series_is_the_draws_of_the_sampler():
    keys = np.array([5, 6, 7, 2**40, 9, 10, 11, 12, 13], dtype=np.uint64)
    sampler = Sampler(EVERY_KIND, AMOUNTS, keys)
    table = series(EVERY_KIND, AMOUNTS, 3, 50, keys)
    for d in range(50):
        assert table[:, d] == pytest.approx(sampler.draw(3, d), rel=1e-12)


@given(seeds, st.floats(1e-6, 1e6), st.booleans())
def test_a_change_of_unit_or_sign_changes_no_draw(seed, size, negative):
    k = -size if negative else size
    scaled = Sampler(EVERY_KIND.scaled(k), k * AMOUNTS).draw(seed, 0)
    assert scaled == pytest.approx(k * Sampler(EVERY_KIND, AMOUNTS).draw(seed, 0), rel=1e-9)


def test_what_has_no_distribution_keeps_its_amount():
    sampler = Sampler(EVERY_KIND, AMOUNTS)
    for draw in range(3):
        assert sampler.draw(1, draw)[4] == 9
        assert sampler.draw(1, draw)[8] == pytest.approx(2)  # a GSD of 1 is its median, whatever the amount
    assert sampler.uncertain == 7
    assert sampler.varies.tolist() == [True] * 4 + [False] + [True] * 3 + [False]


def test_a_database_without_uncertainty_says_so():
    still = Sampler(certain(AMOUNTS), AMOUNTS)
    assert still.uncertain == 0
    assert still.draw(1, 1).tolist() == AMOUNTS.tolist()
    assert Sampler(combine([]), []).draw(1, 1).shape == (0,)


@given(st.lists(st.booleans(), min_size=9, max_size=9))
def test_selected_sources_vary_as_before_and_the_rest_stands_still(mask):
    sampler = Sampler(EVERY_KIND, AMOUNTS)
    some = sampler.select(mask)
    assert some.draw(2, 5) == pytest.approx(np.where(mask, sampler.draw(2, 5), AMOUNTS), rel=1e-12)
    assert some.uncertain == int((sampler.varies & mask).sum())
    assert some.select(~np.array(mask)).uncertain == 0


def test_links_of_one_key_move_together():
    d = combine([lognormal(2, 1.2), lognormal(5, 1.2), lognormal(5, 1.2)])
    table = series(d, [2, 5, 5], 1, 100, [7, 7, 8])
    assert table[0] / 2 == pytest.approx(table[1] / 5)
    assert not np.allclose(table[1], table[2])


def test_a_draw_is_written_where_it_is_wanted():
    out = np.zeros((2, len(AMOUNTS)))
    sampler = Sampler(EVERY_KIND, AMOUNTS)
    assert sampler.draw(1, 4, out=out[1]).base is out
    assert out[1].tolist() == sampler.draw(1, 4).tolist()
    columnwise = np.zeros((len(AMOUNTS), 3))
    sampler.draw(1, 4, out=columnwise[:, 1])
    assert columnwise[:, 1] == pytest.approx(out[1], rel=1e-12)


def test_one_draw_of_the_other_is_another():
    sampler = Sampler(EVERY_KIND, AMOUNTS)
    assert not np.allclose(sampler.draw(1, 0), sampler.draw(1, 1))
    assert not np.allclose(sampler.draw(1, 0), sampler.draw(2, 0))


@pytest.mark.parametrize(("seed", "draw"), [(-1, 0), (2**64, 0), (1, -1)])
def test_seeds_and_draws_are_natural_numbers(seed, draw):
    with pytest.raises(WrongAmount):
        Sampler(EVERY_KIND, AMOUNTS).draw(seed, draw)


def test_as_many_amounts_and_keys_as_distributions():
    for arguments in ((AMOUNTS[:3],), (AMOUNTS, [1, 2])):
        with pytest.raises(WrongAmount, match="9"):
            Sampler(EVERY_KIND, *arguments)


def test_wrong_distributions_are_not_drawn_from():
    wrong = normal(1, 1)
    wrong.scale[0] = -1
    with pytest.raises(WrongDistribution):
        Sampler(wrong, [1])
