import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from tanbiao.lca.faults import NotConverged, NotProductive, Singular, WrongAmount
from tanbiao.lca.network import engine
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.conventions import network_from_matrices
from tanbiao.lca.network.engine import inventory_of, total_supply, unit_footprints
from tanbiao.lca.network.iteration import bicgstab, iterate


def random_network(seed, n=40, m=4, credits=True):
    """A connected, productive network with unit sizes far apart."""
    rng = np.random.default_rng(seed)
    Z = rng.uniform(-0.1 if credits else 0, 1, (n, n)) * (rng.random((n, n)) < 0.2)
    Z = 0.7 * Z / np.maximum(abs(Z).sum(axis=1, keepdims=True), 1)
    unit = 10.0 ** rng.uniform(-6, 6, n)
    flows = rng.uniform(0, 1, (n, m)) * (rng.random((n, m)) < 0.5)
    return Network(sparse.csr_array(Z * unit[:, None] / unit), sparse.csr_array(flows * unit[:, None]))


def dense(network, c):
    """Directly, in units in which every product is of one size: elimination minds the units, unlike our iteration."""
    direct = network.flows.toarray() @ np.reshape(c, (network.flows.shape[1], -1))
    size = unit_footprints(network, abs(c)).values.reshape(direct.shape).sum(axis=1, keepdims=True)
    size = np.where(size > 0, size, 1.0)
    Z = network.inputs.toarray() * size.ravel() / size
    return (size * np.linalg.solve(np.eye(network.size) - Z, direct / size)).reshape(network.size, *np.shape(c)[1:])


@given(st.integers(0, 2**32 - 1))
def test_every_footprint_is_that_of_a_direct_solution(seed):
    network = random_network(seed)
    c = np.array([[1.0, 0], [29.8, 0], [273, 1], [0, 0]])
    found = unit_footprints(network, c)
    assert found.solver.method == "iteration"
    assert found.solver.residual <= found.solver.tolerance
    exact = dense(network, c)
    assert abs(found.values - exact).max(axis=0) == pytest.approx([0, 0], abs=1e-9 * abs(exact).max())
    positive = random_network(seed, credits=False)  # nothing cancels: every digit of every product holds
    assert unit_footprints(positive, c).values == pytest.approx(dense(positive, c), rel=1e-10)


@given(st.integers(0, 2**32 - 1), st.floats(-1e3, 1e3))
def test_forward_and_adjoint_agree_and_are_linear(seed, k):
    network = random_network(seed, credits=False)
    rng = np.random.default_rng(seed)
    c, f = rng.uniform(0, 30, 4), rng.uniform(0, 1, (network.size, 2))
    y = unit_footprints(network, c).values
    released = inventory_of(network, f).values
    assert c @ released == pytest.approx(y @ f, rel=1e-10)
    assert inventory_of(network, f @ [1, k]).values == pytest.approx(
        released @ [1, k], rel=1e-9, abs=1e-9 * abs(released).max() * max(1, abs(k))
    )


def test_a_loop_is_its_geometric_series():
    network = network_from_matrices([[1, -0.5], [-0.5, 1]], [[1, 0]])
    assert unit_footprints(network, [1]).values == pytest.approx([1 / (1 - 0.25), 0.5 / (1 - 0.25)])


def chain(n):
    """Each product takes one of the next; the last releases."""
    links = sparse.csr_array((np.ones(n - 1), (np.arange(n - 1), np.arange(1, n))), shape=(n, n))
    return Network(links, sparse.csr_array(([1.0], ([n - 1], [0])), shape=(n, 1)))


def test_a_long_chain_is_factorised_and_says_so():
    found = unit_footprints(chain(800), [2.0])
    assert found.solver.method == "factorisation"
    assert found.values == pytest.approx(np.full(800, 2.0))
    assert found.solver.residual < 1e-12


def test_a_singular_system_names_its_loop():
    network = network_from_matrices([[1, -0.5, 0], [-2, 1, 0], [0, -1, 1]], [[1, 1, 1]], names=["甲", "乙", "丙"])
    with pytest.raises(Singular) as refused:
        unit_footprints(network, [1])
    assert refused.value.names == ("甲", "乙")


def test_a_loop_that_eats_what_it_makes_is_refused():
    network = network_from_matrices([[1, -0.5, 0], [-4, 1, 0], [0, -1, 1]], [[1, 1, 1]], names=["甲", "乙", "丙"])
    with pytest.raises(NotProductive) as refused:
        unit_footprints(network, [1])
    assert refused.value.names == ("甲", "乙")


def test_what_is_too_large_to_factorise_is_refused(monkeypatch):
    monkeypatch.setattr(engine, "_FACTORISED_AT_MOST", 1)
    with pytest.raises(NotConverged, match="800 个产品"):
        unit_footprints(chain(800), [2.0])
    with pytest.raises(NotProductive):  # where a loop is the cause, it is named
        unit_footprints(network_from_matrices([[1, -0.5], [-2, 1]], [[1, 1]]), [1])


def test_what_is_not_finite_is_refused():
    network = network_from_matrices([[1, 0], [0, 1]], [[1, 1]])
    for call in (lambda: unit_footprints(network, [np.nan]), lambda: total_supply(network, [np.inf, 0])):
        with pytest.raises(WrongAmount):
            call()


def test_nothing_released_is_nothing_footprinted():
    network = network_from_matrices([[1, -0.5], [0, 1]], [[0, 0]])
    assert unit_footprints(network, [1]).values.tolist() == [0, 0]
    assert total_supply(network, [0, 0]).values.tolist() == [0, 0]


def test_bicgstab_solves_columns_each_for_itself():
    rng = np.random.default_rng(1)
    K = np.eye(30) - 0.02 * rng.random((30, 30))
    b = rng.random((30, 3)) * [1, 0, 1e-3]
    x, steps = bicgstab(lambda v: K @ v, b, 1e-13, 50)
    assert x == pytest.approx(np.linalg.solve(K, b), abs=1e-12)
    assert 0 < steps < 50


def test_rows_shared_among_threads_are_summed_as_ever(monkeypatch):
    network = random_network(3, n=300)
    c = network.flows @ np.array([[1.0, 0], [0, 1], [1, 1], [2, 0]])
    alone = iterate(network.inputs, c)
    monkeypatch.setattr("tanbiao.lca.network.iteration._MANY", 10)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    assert np.array_equal(iterate(network.inputs, c).y, alone.y)


def test_removals_and_credits_elsewhere_do_not_hide_a_hungry_loop():
    loop = np.array([[0, 1.2, 0, 0], [1.3, 0, 0, 0], [0, 0, 0, 0], [0, 0, -0.5, 0]])
    network = Network(
        sparse.csr_array(loop), sparse.csr_array(np.array([[1.0, 0], [1, 0], [0, 1], [1, 1]])), "甲乙丙丁"
    )
    for c in ([[1, 0], [0, -1]], [1, -1], [1, 1]):
        with pytest.raises(NotProductive) as refused:
            unit_footprints(network, c)
        assert refused.value.names == ("甲", "乙")
    fed = Network(sparse.csr_array(np.array([[0, 1.2], [1.3, -1.0]])), sparse.csr_array(np.ones((2, 1))))
    assert unit_footprints(fed, [1]).values == pytest.approx(np.linalg.solve([[1, -1.2], [-1.3, 2]], [1, 1]))


def test_solving_leaves_the_network_as_it_was():
    inputs = sparse.csr_array((np.array([-0.2, 0.5, 0.1]), np.array([2, 1, 1]), np.array([0, 3, 3, 3])), shape=(3, 3))
    network = Network(inputs, sparse.csr_array(np.ones((3, 1))))
    before = network.sha256
    unit_footprints(network, [1])
    inventory_of(network, {0: 1.0})
    assert (network.sha256, inputs.indices.tolist()) == (before, [2, 1, 1])


@pytest.mark.parametrize("tolerance", [0.0, 1.0, np.nan])
def test_a_tolerance_that_is_none_is_refused(tolerance):
    with pytest.raises(WrongAmount, match="容差"):
        unit_footprints(chain(2), [1], tolerance=tolerance)


def test_nothing_is_answered_with_nothing():
    nobody = Network(sparse.csr_array((0, 0)), sparse.csr_array((0, 0)))
    assert unit_footprints(nobody, np.empty(0)).values.shape == (0,)
    assert unit_footprints(chain(2), np.empty((1, 0))).values.shape == (2, 0)


def test_a_hungry_loop_is_found_whatever_touches_it():
    touched = np.array([[0, 1.2, 0.1], [1.2, 0, 0], [-0.1, 0, 0]])
    apart = np.array([[0, 1.2, 0, 0], [1.2, 0, 0, 0], [0, 0, 0, -0.1], [0, 0, 0, 0]])
    twice = sparse.csr_array((np.array([0.6, 0.6, 1.2]), np.array([1, 1, 0]), np.array([0, 2, 3])), shape=(2, 2))
    for inputs in (sparse.csr_array(touched), sparse.csr_array(apart), twice):
        network = Network(inputs, sparse.csr_array(np.ones((inputs.shape[0], 1))))
        for call in (
            lambda network=network: unit_footprints(network, [1]),
            lambda network=network: total_supply(network, {0: 1.0}),
            lambda network=network: inventory_of(network, {0: -1.0}),
        ):
            with pytest.raises(NotProductive):
                call()
    assert twice.nnz == 3
