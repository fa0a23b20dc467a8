import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from tanbiao.lca.faults import NotProductive
from tanbiao.lca.network.productivity import check_productive, components, productive


@pytest.mark.parametrize("gain", [1.0, 1.2, 50.0])
def test_a_loop_that_eats_what_it_makes_is_refused(gain):
    taken = [[0, gain, 0], [1, 0, 0], [0, 0, 0.5]]
    with pytest.raises(NotProductive) as refused:
        check_productive(sparse.csr_array(np.array(taken)), ["焦炉", "电厂", "轧机"])
    assert refused.value.names == ("焦炉", "电厂")
    assert refused.value.gain == pytest.approx(gain**0.5)
    assert "焦炉" in refused.value.text.zh
    assert "gain" in refused.value.text.en


def test_a_process_that_eats_all_its_own_product_is_refused():
    with pytest.raises(NotProductive, match="乙"):
        check_productive(sparse.csr_array(np.array([[0, 0], [0, 1.0]])), ["甲", "乙"])


@given(arrays(float, (4, 4), elements=st.floats(0, 3)), arrays(float, 4, elements=st.floats(0.1, 10)))
def test_productive_means_gain_below_one(taken, made):
    gain = max(abs(np.linalg.eigvals(taken / made)))
    if 0.99 < gain < 1.01:
        return
    try:
        check_productive(sparse.csr_array(taken / made), "甲乙丙丁")
    except NotProductive as refused:
        assert gain > 1
        assert 1 - 1e-9 <= refused.gain <= gain * (1 + 1e-9)  # of the loop named, one of perhaps several
    else:
        assert gain < 1


def ring(n, gain):
    """A loop through n products that gives back `gain` of what it takes, beside n products that take from it."""
    each = gain ** (1 / n)
    start = np.arange(n)
    rows, columns = np.concatenate([start, n + start]), np.concatenate([(start + 1) % n, start])
    return sparse.csr_array((np.full(2 * n, each), (rows, columns)), shape=(2 * n, 2 * n))


@pytest.mark.parametrize(("gain", "good"), [(0.5, True), (0.9, True), (1.5, False), (4.0, False)])
def test_a_loop_too_long_for_eigenvalues_is_judged_by_its_certificate(gain, good):
    assert productive(ring(600, gain)) is good


def test_a_large_loop_at_fault_is_named_by_those_who_carry_it():
    n = 1500
    rng = np.random.default_rng(5)
    web = sparse.random_array((n, n), density=3 / n, rng=rng, data_sampler=lambda size: np.full(size, 0.1)).tocsr()
    web = web + sparse.csr_array((np.full(n, 1e-3), (np.arange(n), np.roll(np.arange(n), 1))), shape=(n, n))
    check_productive(sparse.csr_array(web))
    pair = sparse.csr_array((np.array([3.0, 0.7]), (np.array([7, 900]), np.array([900, 7]))), shape=(n, n))
    with pytest.raises(NotProductive) as refused:
        check_productive(sparse.csr_array(web + pair), [f"过程{i}" for i in range(n)])
    assert {"过程7", "过程900"} <= set(refused.value.names)
    assert refused.value.gain == pytest.approx(2.1**0.5, abs=0.05)
    assert f"等 {n} 个过程" in refused.value.text.zh


def test_the_components_are_the_loops():
    graph = sparse.csr_array(np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]]))
    assert sorted(tuple(sorted(c.tolist())) for c in components(graph)) == [(0, 1), (2,), (3,)]


def test_units_do_not_decide():
    assert productive(sparse.csr_array(np.array([[0, 1e15], [1e-16, 0]])))
    assert not productive(sparse.csr_array(np.array([[0, 1e15], [2e-15, 0]])))
