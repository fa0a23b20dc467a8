import dataclasses

import numpy as np
import pytest
from scipy import sparse
from test_engine import dense, random_network

from tanbiao.lca.distributions.making import certain, combine, lognormal, normal, triangular, uniform
from tanbiao.lca.distributions.sampling import Sampler
from tanbiao.lca.execution.executors import Processes, Threads
from tanbiao.lca.faults import Cancelled, NotProductive, NoUncertainty
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.conventions import Entries, network_from_exchanges
from tanbiao.lca.uncertainty import montecarlo
from tanbiao.lca.uncertainty.montecarlo import monte_carlo, only_flows, only_inputs
from tanbiao.lca.uncertainty.propagation import propagate

ONES = np.ones(4)


def uncertain(seed=1, n=40, gsd=1.3):
    network = random_network(seed, n, credits=False)
    return dataclasses.replace(
        network,
        input_spread=lognormal(network.inputs.data, gsd),
        flow_spread=lognormal(network.flows.data, gsd),
    )


def chain(links, flow):
    """Product 0 takes 1, which takes 2, ...; the last releases."""
    n = len(links) + 1
    inputs = sparse.csr_array((np.array(links), (np.arange(n - 1), np.arange(1, n))), shape=(n, n))
    return Network(inputs, sparse.csr_array(([flow], ([n - 1], [0])), shape=(n, 1)))


def test_a_chain_of_lognormals_is_the_lognormal_of_their_product():
    gsds = np.array([1.1, 1.3, 1.2])
    network = chain([2.0, 0.5, 3.0], 4.0)
    network = dataclasses.replace(network, input_spread=lognormal(network.inputs.data, gsds))
    network = dataclasses.replace(network, flow_spread=lognormal([4.0], 1.15))
    draws = monte_carlo(network, [1.0], [0], draws=1500, seed=7)
    logs, sigma = np.log(draws.samples[:, 0]), np.sqrt(np.sum(np.log([*gsds, 1.15]) ** 2))
    assert logs.mean() == pytest.approx(np.log(12), abs=4 * sigma / np.sqrt(1500))
    assert logs.std() == pytest.approx(sigma, rel=4 / np.sqrt(2 * 1500))
    links, flows = (Sampler(network.input_spread, network.inputs.data), network.flow_spread)
    first = Sampler(flows, [4.0], [np.uint64(1 << 62)]).draw(7, 0)[0] * np.prod(links.draw(7, 0))
    assert draws.samples[0, 0] == pytest.approx(first, rel=1e-6)
    assert draws.means == pytest.approx([12])


def test_every_draw_is_the_direct_solution_of_its_amounts():
    network = uncertain()
    everything = range(network.size)
    draws = monte_carlo(network, ONES, everything, draws=60, seed=3)
    links = Sampler(network.input_spread, network.inputs.data)
    keys = np.arange(network.flows.nnz, dtype=np.uint64) + np.uint64(1 << 62)
    flows = Sampler(network.flow_spread, network.flows.data, keys)
    for draw in (0, 31, 59):
        one = dataclasses.replace(network, inputs=network.inputs.copy(), flows=network.flows.copy())
        one.inputs.data[:], one.flows.data[:] = links.draw(3, draw), flows.draw(3, draw)
        assert draws.samples[draw] == pytest.approx(dense(one, ONES), rel=1e-6)
    assert draws.all_mean == pytest.approx(draws.samples.mean(axis=0), rel=1e-12)
    assert draws.all_sd == pytest.approx(draws.samples.std(axis=0, ddof=1), rel=1e-9)


def test_the_same_seed_gives_the_same_digits_whatever_runs_beside(monkeypatch):
    network = uncertain()
    alone = monte_carlo(network, ONES, [5], draws=55, seed=11)
    beside = monte_carlo(network, ONES, [9, 5, 1], draws=55, seed=11, executor=Threads(2))
    assert np.array_equal(alone.samples[:, 0], beside.samples[:, 1])
    assert np.array_equal(alone.all_sd, beside.all_sd)
    fewer = monte_carlo(network, ONES, [5], draws=7, seed=11)
    assert np.array_equal(fewer.samples, alone.samples[:7])
    monkeypatch.setattr(montecarlo, "_CHUNK", 10)
    assert np.array_equal(monte_carlo(network, ONES, [5], draws=55, seed=11).samples, alone.samples)
    assert not np.array_equal(monte_carlo(network, ONES, [5], draws=55, seed=12).samples, alone.samples)


def test_processes_draw_the_same_digits():
    network = uncertain()
    here = monte_carlo(network, ONES, [5], draws=60, seed=11)
    there = monte_carlo(network, ONES, [5], draws=60, seed=11, executor=Processes(2))
    assert np.array_equal(here.samples, there.samples)
    assert np.array_equal(here.all_mean, there.all_mean)


def test_a_database_without_uncertainty_says_so():
    network = random_network(1)
    with pytest.raises(NoUncertainty, match="没有带不确定性"):
        monte_carlo(network, ONES, [0], draws=10, seed=1)
    with pytest.raises(NoUncertainty):
        monte_carlo(
            dataclasses.replace(network, input_spread=certain(network.inputs.data)), ONES, [0], draws=10, seed=1
        )


def test_links_and_flows_may_vary_alone():
    network = chain([2.0], 3.0)
    network = dataclasses.replace(network, input_spread=lognormal([2.0], 1.2), flow_spread=lognormal([3.0], 1.4))
    both, links, flows = (
        np.log(monte_carlo(network, [1.0], [0], draws=200, seed=5, vary=vary).samples[:, 0] / 6)
        for vary in (None, only_inputs, only_flows)
    )
    assert both == pytest.approx(links + flows, abs=1e-6)
    assert links.std() < flows.std()


def test_contributions_add_up_in_every_draw():
    network = uncertain()
    draws = monte_carlo(network, ONES, [4, 8], draws=30, seed=2, contributions=True)
    for i, product in enumerate((4, 8)):
        recipe = network.inputs[[product]].indices.tolist()
        assert list(draws.line_names[i][1:]) == [network.name(j) for j in recipe]
        rows = draws.within(product).rows()
        assert sum(row["share"] for row in rows) == pytest.approx(1)
        assert sum(row["mean"] for row in rows) == pytest.approx(draws.samples[:, i].mean(), rel=1e-6)
        assert draws.contributions[i].shape == (30, 1 + len(recipe))
        assert draws.contributions[i].sum(axis=1) == pytest.approx(draws.samples[:, i], rel=1e-6)
    assert draws.contributions[0][:, 0].std() > 0


def test_yields_and_wastes_vary_too():
    # a mill makes 2 t (uncertain) with 1 t waste; treatment (reference -4, uncertain) releases 8 kg, the mill 10 kg
    spread = combine([normal([2.0], 0.1), uniform([0.5], 1.5), triangular([-5.0], -4, -3.5)])
    technology = Entries(np.array([0, 1, 1]), np.array([0, 0, 1]), np.array([2.0, 1, -4]), spread)
    network = network_from_exchanges(technology, Entries.of([[10, 8.0]]), np.array([0, 1]), 1)
    draws = monte_carlo(network, [1.0], [0, 1], draws=300, seed=9)
    assert draws.means == pytest.approx([6, -2])
    treatment = -draws.samples[:, 1]
    assert treatment.min() > 8 / 5
    assert treatment.max() < 8 / 3.5
    assert draws.samples[:, 0].mean() == pytest.approx((10 + 8 / 4.17) / 2, rel=0.03)


def test_what_the_iteration_does_not_reach_is_factorised():
    n = 400
    network = chain([1.0] * n, 1.0)
    network = dataclasses.replace(network, input_spread=lognormal(network.inputs.data, 1.01))
    draws = monte_carlo(network, [1.0], [0], draws=2, seed=1)
    assert draws.factorised == 2
    exact = [np.prod(Sampler(network.input_spread, network.inputs.data).draw(1, d)) for d in range(2)]
    assert draws.samples[:, 0] == pytest.approx(exact, rel=1e-6)


def test_progress_is_told_and_work_can_be_called_off():
    told = []
    monte_carlo(uncertain(), ONES, [0], draws=60, seed=1, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(Cancelled):
        monte_carlo(uncertain(), ONES, [0], draws=60, seed=1, cancel=lambda: True)


def unsorted_with_credit():
    """A recipe out of order, with one credit and an entry given twice."""
    data, to = np.array([0.5, -0.01, 1.0, 0.001, 0.2, 0.3]), np.array([4, 3, 1, 2, 5, 4])
    inputs = sparse.csr_array((data, to, np.array([0, 6, 6, 6, 6, 6, 6])), shape=(6, 6))
    return Network(inputs, sparse.csr_array(np.array([[1.0], [1], [1000], [1], [10], [3]])))


def test_each_amount_draws_its_own_distribution_credits_or_not():
    network = unsorted_with_credit()
    before = network.sha256
    network = dataclasses.replace(network, input_spread=lognormal(network.inputs.data, np.full(6, 1.0001)))
    draws = monte_carlo(network, [1.0], range(6), draws=30, seed=1)
    right = 1 + 0.8 * 10 - 0.01 + 1 + 1 + 0.6
    assert draws.samples[:, 0] == pytest.approx(np.full(30, right), rel=1e-3)
    wide = dataclasses.replace(network, input_spread=lognormal(network.inputs.data, np.array([3, 1.0001, 1, 1, 1, 1])))
    assert propagate(wide, [1.0], 0).sources[0].said == "#5 → #1"
    assert propagate(wide, [1.0], 0).sources[0].sensitivity == pytest.approx(5 / right)
    assert dataclasses.replace(network, input_spread=None).sha256 == before


def test_draws_with_credits_are_direct_solutions():
    network = random_network(5, 40, credits=True)
    assert network.inputs.data.min() < 0
    network = dataclasses.replace(network, input_spread=lognormal(network.inputs.data, 1.2))
    draws = monte_carlo(network, ONES, range(40), draws=3, seed=3)
    for draw in range(3):
        one = dataclasses.replace(network, inputs=network.inputs.copy())
        one.inputs.data[:] = Sampler(network.input_spread, network.inputs.data).draw(3, draw)
        right = dense(one, ONES)
        assert abs(draws.samples[draw] - right).max() <= 1e-6 * abs(right).max()


def test_draws_without_a_solution_are_left_out_and_counted():
    loop = Network(sparse.csr_array([[0.8]]), sparse.csr_array([[1.0]]), input_spread=lognormal([0.8], 1.3))
    draws = monte_carlo(loop, [1.0], [0], draws=300, seed=1)
    amounts = np.array([Sampler(loop.input_spread, [0.8]).draw(1, d)[0] for d in range(300)])
    assert draws.impossible == np.count_nonzero(amounts >= 1) > 10
    assert draws.draws == 300 - draws.impossible
    assert draws.samples[:, 0] == pytest.approx(1 / (1 - amounts[amounts < 1]), rel=1e-4)
    assert f"另有 {draws.impossible} 次无解" in draws.caption().zh
    assert draws.all_mean == pytest.approx(draws.samples.mean(axis=0))
    yields = Network(sparse.csr_array((1, 1)), sparse.csr_array([[1.0]]), made_spread=normal([1.0], 0.5))
    assert 0 < monte_carlo(yields, [1.0], [0], draws=300, seed=1).impossible < 30
    with pytest.raises(NotProductive, match="每次抽样"):
        monte_carlo(dataclasses.replace(loop, input_spread=uniform([1.1], 1.2)), [1.0], [0], draws=5, seed=1)


def test_loops_near_their_limit_keep_their_digits():
    network = Network(sparse.csr_array([[0, 0.99], [1.0, 0]]), sparse.csr_array([[1.0], [1.0]]))
    network = dataclasses.replace(network, flow_spread=lognormal([1.0, 1.0], 1.5))
    draws = monte_carlo(network, [1.0], [0], draws=20, seed=1, contributions=True)
    released = draws.contributions[0][:, 0]
    flows = Sampler(network.flow_spread, [1.0, 1.0], np.arange(2, dtype=np.uint64) + np.uint64(1 << 62))
    right = [(f[0] + 0.99 * f[1]) / 0.01 for f in (flows.draw(1, d) for d in range(20))]
    assert draws.samples[:, 0] == pytest.approx(right, rel=1e-6)
    assert released == pytest.approx([flows.draw(1, d)[0] for d in range(20)])


@pytest.mark.parametrize("link", [0.1, -0.1])
def test_a_credit_elsewhere_does_not_hide_impossible_draws(link):
    inputs = sparse.csr_array(np.array([[0, 0.9, 0, 0], [0.9, 0, 0, 0], [0, 0, 0, link], [0, 0, 0, 0]]))
    spread = combine([lognormal([0.9, 0.9], 1.5), certain([link])])
    network = Network(inputs, sparse.csr_array(np.ones((4, 1))), input_spread=spread)
    draws = monte_carlo(network, [1.0], [0], draws=100, seed=1)
    amounts = np.array([Sampler(spread, inputs.data).draw(1, d) for d in range(100)])
    assert draws.impossible == np.count_nonzero(amounts[:, 0] * amounts[:, 1] >= 1) > 10
    assert draws.samples.min() > 0
