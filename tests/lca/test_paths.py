import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_chains import Q, chain_of, factory, loop, random_chain, seeds

from tanbiao.lca.contributions.intensities import intensities
from tanbiao.lca.contributions.paths import supply_paths


def every_path(x, product, amount, max_length):
    """All paths there are, by walking them all."""
    inputs = x.inputs.toarray()
    pending = [((product,), amount)]
    while pending:
        products, taken = pending.pop()
        if taken * x.direct[products[-1]]:
            yield products, taken * x.direct[products[-1]]
        if len(products) <= max_length:
            pending += [((*products, j), taken * inputs[products[-1], j]) for j in np.flatnonzero(inputs[products[-1]])]


def test_the_paths_of_a_loop_are_its_geometric_series():
    x = intensities(loop(), [1])
    paths = supply_paths(x, 0, limit=4)
    assert [path.products for path in paths.paths] == [(0,), (0, 1, 0), (0, 1, 0, 1, 0), (0, 1, 0, 1, 0, 1, 0)]
    assert [path.contribution for path in paths.paths] == [1, 0.5, 0.25, 0.125]
    assert paths.paths[1].amounts == (1, 1, 0.5)
    assert paths.covered == pytest.approx(1.875 / 2)
    assert paths.rows()[1]["path"] == "甲 → 乙 → 甲"
    assert supply_paths(x, 0, limit=1000, max_length=100).covered == pytest.approx(1, abs=1e-14)


def test_a_path_may_be_small_where_it_begins_and_large_where_it_ends():
    # the first branch looks better at every step but its last
    x = intensities(chain_of([[0, 1, 1, 0], [0] * 4, [0, 0, 0, 1], [0] * 4], [[0], [5], [0], [6]]), [1])
    assert [(p.products, p.contribution) for p in supply_paths(x, 0).paths] == [((0, 2, 3), 6), ((0, 1), 5)]


def test_paths_below_a_share_are_left_out():
    paths = supply_paths(intensities(loop(), [1]), 0, least_share=0.1, limit=100)
    assert [path.contribution for path in paths.paths] == [1, 0.5, 0.25]
    assert paths.covered == pytest.approx(0.875)


def test_waste_is_asked_for_as_its_source_counts_it():
    paths = supply_paths(intensities(factory(), [1]), 2, -10)
    assert [(p.products, p.amounts, p.contribution) for p in paths.paths] == [((2,), (10,), 40)]


def test_a_loop_without_bound_is_walked_as_far_as_asked():
    x = intensities(chain_of([[0, 2], [-1, 0]], [[1], [0]]), [1])  # twice as large every round, in turns of sign
    assert [p.contribution for p in supply_paths(x, 0, max_length=6, limit=9).paths] == [-8, 4, -2, 1]
    assert x.total[0] == pytest.approx(1 / 3)


@given(seeds, st.integers(0, 4), st.integers(1, 50))
def test_paths_are_those_of_an_exhaustive_search_in_descending_order(seed, max_length, limit):
    x = intensities(random_chain(seed, n=5), Q)
    exact = sorted((value for _, value in every_path(x, 0, 3.0 * x.amount_of(0, 1), max_length)), key=lambda v: -abs(v))
    found = [p.contribution for p in supply_paths(x, 0, 3, max_length=max_length, limit=limit).paths]
    assert np.abs(found) == pytest.approx(np.abs(exact[:limit]), rel=1e-12)


@given(seeds, st.integers(0, 5))
def test_all_paths_together_are_the_series_of_the_footprint(seed, max_length):
    x = intensities(random_chain(seed, n=4), Q)
    found = supply_paths(x, 0, max_length=max_length, limit=10**6)
    reached = x.direct
    for _ in range(max_length):
        reached = x.direct + x.inputs @ reached  # c + R c + R R c + ..., which goes on to y
    size = sum(abs(path.contribution) for path in found.paths)
    total = x.amount_of(0, 1) * reached[0]
    assert len({path.products for path in found.paths}) == len(found.paths)
    assert sum(path.contribution for path in found.paths) == pytest.approx(total, abs=1e-12 * size)
