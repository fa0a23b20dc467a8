import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_chains import Q, chain_of, factory, random_chain, seeds

from tanbiao.lca.contributions.folding import NONE, fold
from tanbiao.lca.contributions.intensities import intensities


def lines(folded):
    return [(line.process, line.product, line.amount, line.value) for line in folded.lines]


def test_the_background_is_one_line_a_product_taken():
    x = intensities(factory(), [1])
    folded = fold(x, x.network.demand({0: 2}), own=[0])
    assert lines(folded) == [(0, 2, 6, 24), (0, NONE, 2, 10), (0, 1, 4, 4)]
    assert [row["line"] for row in folded.rows()] == ["废物处理", "直接排放 / Direct emissions", "电"]


def test_own_products_that_the_background_takes_stand_in_the_line_of_what_takes_them():
    # 1 mill takes 1 power, 1 power takes 1/2 mill: y = (2, 1 + ...) y = 1 + z and z = 3 + y / 2
    x = intensities(chain_of([[0, 1], [0.5, 0]], [[1], [3]]), [1])
    assert x.total == pytest.approx([8, 7])
    folded = fold(x, [1, 0], own=[0])
    assert lines(folded) == [(0, 1, 1, pytest.approx(7)), (0, NONE, 1, 1)]
    assert folded.total == pytest.approx(8)


def test_loops_among_own_processes_are_solved_and_a_demand_of_the_background_is_a_line():
    x = intensities(chain_of([[0, 1, 0], [0.5, 0, 1], [0, 0, 0]], [[1], [0], [4]]), [1])
    folded = fold(x, [1, 0, 2], own=[1, 0])
    assert [line[:2] for line in lines(folded)] == [(1, 2), (NONE, 2), (0, NONE)]
    assert [line[2:] for line in lines(folded)] == [pytest.approx(pair) for pair in [(2, 8), (2, 8), (2, 2)]]
    assert folded.total == pytest.approx(1 * x.total[0] + 2 * 4)
    assert {row["process"] for row in folded.rows()} == {"#1", "#2", "需求 / Demand"}


@given(seeds, st.sets(st.integers(0, 5)))
def test_lines_sum_to_the_footprint_whoever_is_own(seed, own):
    x = intensities(random_chain(seed), Q)
    f = np.random.default_rng(seed).uniform(-1, 1, 6)
    folded = fold(x, f, sorted(own))
    size = sum(abs(line.value) for line in folded.lines)
    assert folded.total == pytest.approx(f @ x.total, abs=1e-10 * size)
    assert sum(line.value for line in folded.lines) == pytest.approx(folded.total, abs=1e-12 * size)
    assert all(line.product not in own for line in folded.lines)
    assert len({(line.process, line.product) for line in folded.lines}) == len(folded.lines)
