import dataclasses
import math

import numpy as np
import pytest
from test_engine import random_network
from test_montecarlo import ONES, chain, uncertain

from tanbiao.lca.distributions.making import combine, lognormal, normal, uniform
from tanbiao.lca.faults import NoUncertainty, UnknownProduct
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.conventions import Entries, network_from_exchanges
from tanbiao.lca.uncertainty.montecarlo import monte_carlo
from tanbiao.lca.uncertainty.pairs import pair
from tanbiao.lca.uncertainty.propagation import compare_propagation, propagate


def test_a_product_of_lognormals_is_exact_in_logarithms():
    network = chain([2.0, 0.5], 4.0)
    network = dataclasses.replace(
        network, input_spread=lognormal([2.0, 0.5], [1.5, 1.2]), flow_spread=lognormal([4.0], 1.3)
    )
    found = propagate(network, [1.0], 0)
    parts = [math.log(g) ** 2 for g in (1.5, 1.2, 1.3)]
    assert found.footprint == pytest.approx(4)
    assert found.gsd == pytest.approx(math.exp(math.sqrt(sum(parts))))
    assert [(s.kind, s.product, s.share) for s in found.sources] == [
        ("input", 0, pytest.approx(parts[0] / sum(parts))),
        ("flow", 2, pytest.approx(parts[2] / sum(parts))),
        ("input", 1, pytest.approx(parts[1] / sum(parts))),
    ]
    assert [s.sensitivity for s in found.sources] == pytest.approx([1, 1, 1])


def test_a_sum_of_normals_is_exact():
    # 1 unit takes 2 a and 3 b, which release 5 +- 0.5 and 7 +- 0.3
    technology = Entries.of([[1, 0, 0], [-2, 1, 0], [-3, 0, 1]])
    released = Entries(np.array([0, 0]), np.array([1, 2]), np.array([5.0, 7.0]), normal([5.0, 7], [0.5, 0.3]))
    network = network_from_exchanges(technology, released, np.arange(3), 1)
    found = propagate(network, [1.0], 0, top=1)
    assert found.footprint == pytest.approx(31)
    assert found.sd == pytest.approx(math.hypot(2 * 0.5, 3 * 0.3))
    assert len(found.sources) == 1
    assert found.sources[0].share + found.rest == pytest.approx(1)


def test_a_yield_counts_against_all_of_a_process():
    spread = combine([uniform([1.8], 2.2)])
    technology = Entries(np.array([0]), np.array([0]), np.array([2.0]), spread)
    network = network_from_exchanges(technology, Entries.of([[10.0]]), np.array([0]), 1)
    found = propagate(network, [1.0], 0)
    assert found.sources[0].kind == "yield"
    assert found.sources[0].sensitivity == pytest.approx(-1)
    assert found.sd == pytest.approx(5 * 0.2 / math.sqrt(12))


def test_both_ways_agree_while_spreads_are_small():
    network = uncertain(4, gsd=1.05)
    draws = monte_carlo(network, ONES, [3], draws=2000, seed=1)
    both = compare_propagation(draws, propagate(network, ONES, 3))
    assert both.gsd_error == pytest.approx(0, abs=0.06)
    assert both.sd_error == pytest.approx(0, abs=0.06)


def test_no_uncertainty_is_said():
    with pytest.raises(NoUncertainty):
        propagate(random_network(1), ONES, 0)


def test_what_two_products_share_cancels():
    # both take the same uncertain power; b takes one tenth more
    inputs = np.array([[0, 0, 1.0], [0, 0, 1.1], [0, 0, 0]])
    network = network_from_exchanges(
        Entries.of((np.eye(3) - inputs).T),
        Entries(np.array([0]), np.array([2]), np.array([2.0]), lognormal([2.0], 1.5)),
        np.arange(3),
        1,
        names=["a", "b", "power"],
    )
    draws = monte_carlo(network, [1.0], [0, 1], draws=500, seed=4)
    found = pair(draws, 0, 1)
    assert found.lower == 1.0
    assert found.correlation == pytest.approx(1)
    assert found.difference == pytest.approx(-0.1 * draws.of(0), rel=1e-6)
    assert found.names == ("a", "b")
    assert pair(draws, 0, 1, amount_a=1.1).difference == pytest.approx(np.zeros(500), abs=1e-6)
    with pytest.raises(UnknownProduct, match="a、b"):
        pair(draws, 0, 2)


def test_results_read_as_tables():
    network: Network = uncertain()
    draws = monte_carlo(network, ONES, [3], draws=20, seed=1)
    row = draws.rows()[0]
    assert row["product"] == "#4"
    assert row["q2.5"] < row["q50"] < row["q97.5"]
    assert "seed 1" in draws._repr_html_()
    assert "GSD" in propagate(network, ONES, 3)._repr_html_()
