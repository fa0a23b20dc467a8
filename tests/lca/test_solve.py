import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import exact_systems, needs_shared
from scipy import sparse

from tanbiao.lca.faults import NotSquare, Singular, WrongAmount, ZeroReference
from tanbiao.lca.network.direct import solve, supply

FUEL_AND_POWER = np.array([[-2.0, 100.0], [10.0, 0.0]])


def test_the_textbook_system():
    answer = solve(FUEL_AND_POWER, [[1, 10], [0.1, 2], [0, -50]], [0, 1000], [1, 0, 0])
    assert answer.s == pytest.approx([100, 2])
    assert answer.g == pytest.approx([120, 14, -100])
    assert answer.h == pytest.approx(120)
    assert answer.residual < 1e-15


def test_several_demands_are_solved_at_once():
    demands = np.array([[0.0, 10.0], [1000.0, 0.0]])
    assert supply(FUEL_AND_POWER, demands).s == pytest.approx(np.array([[100, 0], [2, 0.1]]))


def test_a_credit_is_welcome_on_plain_arrays():
    # one kWh of power hands 0.5 kg of heat to the network, which heat plants need not make: s = (1, -0.5)
    answer = solve([[1, 0], [0.5, 1]], [[1, 2]], [1, 0], [1])
    assert answer.s == pytest.approx([1, -0.5])
    assert answer.h == pytest.approx(0)


def test_a_loop_is_its_geometric_series():
    Z = np.array([[0, 0.4, 0.1], [0.2, 0, 0.3], [0.1, 0.5, 0.2]])
    f = np.array([1.0, 2.0, 3.0])
    series = sum(np.linalg.matrix_power(Z, k) @ f for k in range(200))
    assert supply(np.eye(3) - Z, f).s == pytest.approx(series, rel=1e-12)


def test_sizes_far_apart_lose_no_digits():
    A = sparse.csc_array(np.diag([1e-9, 1.0, 1e12]) - np.array([[0, 1e-10, 0], [0, 0, 1e11], [0, 0, 0]]))
    assert supply(A, [0, 0, 1e12]).s == pytest.approx([1e10, 1e11, 1], rel=1e-14)


def test_no_demand_takes_no_supply():
    answer = supply(FUEL_AND_POWER, [0, 0])
    assert answer.s.tolist() == [0, 0]
    assert answer.residual == 0


@pytest.mark.parametrize(("A", "f"), [([[np.nan]], [1]), ([[1]], [np.inf])])
def test_what_is_not_finite_is_refused(A, f):
    with pytest.raises(WrongAmount):
        supply(A, f)


@pytest.mark.parametrize("f", [[1, 1], [1, 1, 1]])
def test_more_processes_than_products_are_refused(f):
    with pytest.raises(NotSquare, match="2 种产品、3 个过程"):
        supply([[1, 0, 0], [0, 1, 1]], f)


def test_a_process_that_makes_nothing_is_named():
    with pytest.raises(ZeroReference) as refused:
        supply([[1, 0], [-1, 0]], [1, 0], ["炼钢", "闲置"])
    assert refused.value.names == ("闲置",)


def test_a_product_that_nobody_makes_is_named_by_its_row():
    with pytest.raises(ZeroReference, match="#2"):
        supply([[1, -1], [0, 0]], [1, 0])


@pytest.mark.parametrize("A", [[[1, -0.5, 0], [-2, 1, 0], [0, -1, 1]], [[1, -1 / 3, 0], [-3, 1, 0], [0, 0, 1]]])
def test_only_the_loop_at_fault_is_named(A):
    with pytest.raises(Singular) as refused:
        supply(A, [1, 0, 0], ["甲", "乙", "丙"])
    assert refused.value.names == ("甲", "乙")


def test_processes_that_compete_for_one_product_are_named():
    with pytest.raises(Singular) as refused:
        supply([[1, 1, 1], [1, 0, 0], [1, 0, 0]], [1, 1, 1], ["甲", "乙", "丙"])
    assert set(refused.value.names) <= {"乙", "丙"}


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2), st.floats(-1e3, 1e3))
def test_supply_is_linear_in_demand(f, k):
    f = np.array(f)
    assert supply(FUEL_AND_POWER, k * f).s == pytest.approx(k * supply(FUEL_AND_POWER, f).s, rel=1e-9, abs=1e-9)


@needs_shared
def test_exact_systems_with_loops_and_credits():
    exact = exact_systems()
    assert len(exact) >= 5
    for case in exact:
        A, B, f, c = (case[key] for key in "ABfc")
        answer = solve(A, B, f, c)
        assert answer.s == pytest.approx(case["supply_exact"], rel=1e-9)
        assert answer.g == pytest.approx(case["inventory_exact"], rel=1e-9)
        assert answer.h == pytest.approx(case["gwp_exact"], rel=1e-9)
