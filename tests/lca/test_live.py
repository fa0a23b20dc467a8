import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from test_engine import dense, random_network

from tanbiao.lca.faults import NotConverged, WrongAmount
from tanbiao.lca.network import live
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.conventions import network_from_matrices
from tanbiao.lca.network.live import LiveFootprints

ONES = np.ones(4)


def changed(network, product, inputs, direct):
    """The same network with one recipe replaced, by hand."""
    Z, c = network.inputs.toarray(), network.flows.toarray() @ ONES
    Z[product] = 0
    for j, amount in inputs.items():
        Z[product, j] += amount
    c[product] = direct
    return Network(sparse.csr_array(Z), sparse.csr_array(c[:, None]))


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.9]))
def test_many_changes_stay_within_the_tolerance(seed, wide):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "_WIDE", wide)  # sweeps only, or pushes only
        patch.setattr(live, "_OVERRIDES", 2)
        network = random_network(seed, n=30, credits=False)
        footprints = LiveFootprints(network, ONES, tolerance=1e-6)
        rng = np.random.default_rng(seed)
        for _ in range(5):
            product = int(rng.integers(30))
            row = network.inputs.toarray()[product]
            inputs = {int(j): row[j] * rng.uniform(0.5, 1.2) for j in np.flatnonzero(row)[1:]}
            direct = float(footprints.footprints[product] * rng.uniform(0.1, 1))
            before = footprints.footprints
            affected = footprints.change(product, inputs, direct)
            network = changed(network, product, inputs, direct)
            ones = np.ones(network.flows.shape[1])
            assert footprints.footprints == pytest.approx(dense(network, ones), rel=1e-6)
            assert affected.before == pytest.approx(before[affected.products])
            assert np.array_equal(affected.after, footprints.footprints[affected.products])
            still = np.setdiff1d(np.arange(30), affected.products)
            assert footprints.footprints[still] == pytest.approx(before[still], rel=1.01e-6)
            network = Network(network.inputs, sparse.csr_array(network.flows.toarray() @ np.ones((1, 4)) / 4))
        assert footprints.residual() <= 1e-6


def test_only_those_downstream_are_affected():
    # ore -> iron -> steel, beside cement
    A = [[1, -2, 0, 0], [0, 1, -1, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    footprints = LiveFootprints(network_from_matrices(A, [[1, 1, 1, 1]]), [1])
    affected = footprints.change(1, {0: 1.5}, 0.5)
    assert affected.products.tolist() == [1, 2]
    assert affected.before == pytest.approx([3, 4])
    assert affected.after == pytest.approx([2, 3])
    assert footprints.footprints == pytest.approx([1, 2, 3, 1])


@pytest.mark.parametrize("wide", [0.0, 2.0])
def test_a_recipe_that_eats_what_it_makes_changes_nothing(monkeypatch, wide):
    monkeypatch.setattr(live, "_WIDE", wide)
    network = network_from_matrices([[1, -0.5], [-0.5, 1]], [[1, 1]], names=["甲", "乙"])
    footprints = LiveFootprints(network, [1])
    before = footprints.footprints
    with pytest.raises(NotConverged, match="甲"):
        footprints.change(0, {1: 3.0}, 1.0)
    assert np.array_equal(footprints.footprints, before)
    assert footprints.change(0, {1: 0.5}, 1.0).products.size == 0
    assert footprints.residual() < 1e-12


@pytest.mark.parametrize(
    ("product", "inputs", "direct"), [(0, {9: 1.0}, 1), (0, {1: np.nan}, 1), (0, {}, np.inf), (5, {}, 1)]
)
def test_a_recipe_that_makes_no_sense_is_refused(product, inputs, direct):
    footprints = LiveFootprints(network_from_matrices([[1, -0.5], [-0.5, 1]], [[1, 1]]), [1])
    with pytest.raises(WrongAmount):
        footprints.change(product, inputs, direct)


@pytest.mark.parametrize("gain", [0.9, 0.99, 0.998])
def test_the_bound_is_solved_for_anew_where_a_loop_grows_tight(gain):
    # 1 takes half of 0, 2 half of 1; then 0 is made to take itself
    network = Network(sparse.csr_array([[0, 0, 0], [0.5, 0, 0], [0, 0.5, 0]]), sparse.csr_array(np.ones((3, 1))))
    footprints = LiveFootprints(network, [1.0])
    footprints.change(0, {0: gain}, 1.0)
    y = 1 / (1 - gain)
    assert footprints.footprints == pytest.approx([y, 1 + y / 2, 1.5 + y / 4], rel=1e-6)


def test_a_slow_but_sound_loop_is_followed():
    footprints = LiveFootprints(Network(sparse.csr_array((2, 2)), sparse.csr_array(np.ones((2, 1)))), [1.0])
    footprints.change(0, {0: 0.9985}, 1.0)
    assert footprints.footprints == pytest.approx([1 / 0.0015, 1], rel=1e-6)


def test_a_credit_without_a_bound_is_refused_rather_than_promised():
    footprints = LiveFootprints(Network(sparse.csr_array((2, 2)), sparse.csr_array(np.ones((2, 1)))), [1.0])
    with pytest.raises(NotConverged):
        footprints.change(0, {0: -1.5}, 1.0)
    assert footprints.footprints.tolist() == [1, 1]


def test_the_network_of_the_caller_is_left_as_it_was():
    inputs = sparse.csr_array((np.array([-0.2, 0.5, 0.1]), np.array([2, 1, 1]), np.array([0, 3, 3, 3])), shape=(3, 3))
    network = Network(inputs, sparse.csr_array(np.ones((3, 1))))
    before = network.sha256
    LiveFootprints(network, [1.0])
    assert network.sha256 == before
    assert inputs.indices.tolist() == [2, 1, 1]
