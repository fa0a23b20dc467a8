"""From any sign convention into one; and the same answers whichever way a system is written down."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import SHARED, exact_systems, needs_shared
from scipy import sparse

from tanbiao.lca.distributions.columns import Kind
from tanbiao.lca.distributions.making import certain, combine, lognormal, normal
from tanbiao.lca.faults import NoMaker, NotSquare, SeveralMakers, UnknownProduct, WrongAmount, WrongShape, ZeroReference
from tanbiao.lca.network.conventions import Entries, find_reference, network_from_exchanges, network_from_matrices
from tanbiao.lca.network.engine import inventory_of, total_supply, unit_footprints

FUEL_AND_POWER = np.array([[-2.0, 100.0], [10.0, 0.0]])


def test_products_are_matched_to_the_processes_that_make_them():
    network = network_from_matrices(FUEL_AND_POWER, [[1, 10]], names=["power", "fuel"])
    assert network.names == ("fuel", "power")
    assert network.inputs.toarray().tolist() == [[0, 0], [0.2, 0]]
    assert network.flows.toarray().ravel().tolist() == [0.1, 0.1]
    assert unit_footprints(network, [1]).values == pytest.approx([0.1, 0.12])


def test_treatment_of_waste_is_a_service_taken():
    # a mill makes 2 t with 1 t waste; the treatment plant takes in 4 t waste (reference -4) and releases 8 kg
    A = [[2, 0], [1, -4]]
    network = network_from_matrices(A, [[10, 8]], names=["mill", "treatment"])
    assert network.inputs.toarray().tolist() == [[0, 0.5], [0, 0]]
    assert network.made.tolist() == [2, -4]
    # 1 t of product: 5 kg of its own and half of 2 kg; waste as the source counts it: to be given one t is minus 2 kg
    assert unit_footprints(network, [1]).values == pytest.approx([6, -2])
    assert inventory_of(network, network.demand({0: 1})).values == pytest.approx([6])
    assert inventory_of(network, network.demand({1: -1})).values == pytest.approx([2])


def test_a_coproduct_that_displaces_another_product_is_a_credit():
    # 1 kWh of power with 0.5 MJ heat; a boiler makes heat with 0.2 kg/MJ
    network = network_from_matrices([[1, 0], [0.5, 1]], [[0.7, 0.2]])
    assert network.inputs.toarray().tolist() == [[0, -0.5], [0, 0]]
    assert unit_footprints(network, [1]).values == pytest.approx([0.6, 0.2])


def test_what_a_process_uses_of_its_own_product_is_netted():
    technology = Entries(np.array([0, 0]), np.array([0, 0]), np.array([10.0, -2.0]))
    network = network_from_exchanges(technology, Entries.of([[16.0]]), np.array([0]), 1)
    assert unit_footprints(network, [1]).values == pytest.approx([2])


def test_entries_of_one_place_keep_their_distributions_and_add_up():
    spread = combine([lognormal([4.0], 1.1), lognormal([-2.0, -1.0], [1.2, 1.3]), normal([1.0], 0.1)])
    technology = Entries(np.array([0, 1, 1, 1]), np.array([0, 0, 0, 1]), np.array([4.0, -2, -1, 1]), spread)
    network = network_from_exchanges(technology, Entries.of([[1, 1.0]]), np.array([0, 1]), 1)
    assert network.inputs.data.tolist() == [0.5, 0.25]
    assert network.input_spread.median() == pytest.approx([0.5, 0.25])
    assert network.input_spread.scale == pytest.approx(np.log([1.2, 1.3]))
    assert network.made_spread.median() == pytest.approx([1, 1])
    assert network.made_spread.kind.tolist() == [Kind.LOGNORMAL, Kind.NORMAL]
    assert unit_footprints(network, [1]).values == pytest.approx([0.25 + 0.75, 1])


def test_uncertain_use_of_ones_own_product_stays_an_input():
    spread = combine([certain([10.0]), lognormal([-2.0], 1.2)])
    technology = Entries(np.array([0, 0]), np.array([0, 0]), np.array([10.0, -2.0]), spread)
    network = network_from_exchanges(technology, Entries.of([[16.0]]), np.array([0]), 1)
    assert network.inputs.toarray().tolist() == [[0.2]]
    assert network.input_spread.median() == pytest.approx([0.2])
    assert unit_footprints(network, [1]).values == pytest.approx([2])


def test_a_product_made_in_two_amounts_cannot_be_uncertain():
    spread = lognormal([5.0, 1.0], 1.1)
    technology = Entries(np.array([0, 0]), np.array([0, 0]), np.array([5.0, 1]), spread)
    with pytest.raises(WrongAmount, match="磨机"):
        network_from_exchanges(technology, Entries.of([[1.0]]), np.array([0]), 1, names=["磨机"])


def test_the_diagonal_is_the_reference_unless_it_cannot_be():
    assert find_reference(sparse.csc_array([[1.0, -5], [-0.1, 1]])).tolist() == [0, 1]
    assert network_from_matrices([[1, 5], [2, 1]], [[1, 1]]).made.tolist() == [1, 1]
    assert find_reference(sparse.csc_array(FUEL_AND_POWER)).tolist() == [1, 0]
    # an incinerator (column 1) takes waste and gives power; power has its own plant
    incinerator = sparse.csc_array([[1.0, 0.4, 0], [0, -1, 0.3], [-0.1, 0, 1]])
    assert find_reference(incinerator).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("A", "fault", "said"),
    [
        ([[1, 0, 1], [0, 1, 1]], NotSquare, "2 种产品、3 个过程"),
        ([[1, 1], [0, 0]], NoMaker, "产品（行）#2"),
        ([[np.nan, 0], [0, 1]], WrongAmount, "甲"),
    ],
)
def test_what_cannot_be_solved_is_named(A, fault, said):
    with pytest.raises(fault, match=said):
        network_from_matrices(A, [[1] * len(A[0])], names=["甲", "乙", "丙"][: len(A[0])])


def test_a_net_reference_of_zero_is_named():
    technology = Entries(np.array([0, 0, 1]), np.array([0, 0, 1]), np.array([3.0, -3, 1]))
    with pytest.raises(ZeroReference) as refused:
        network_from_exchanges(technology, Entries.of([[1.0, 1]]), np.array([0, 1]), 1, names=["甲", "乙"])
    assert refused.value.names == ("甲",)


def test_two_makers_of_one_product_are_named():
    with pytest.raises(SeveralMakers) as refused:
        network_from_matrices([[1, 1], [0, 1]], [[1, 1]], names=["甲", "乙"], reference=[0, 0])
    assert refused.value.names == ("甲", "乙")


@given(st.integers(0, 2**32 - 1))
def test_units_order_and_size_of_processes_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    n, m = 6, 3
    A = np.eye(n) - rng.uniform(-0.02, 0.15, (n, n)) * (rng.random((n, n)) < 0.5)
    B, c, f = rng.uniform(0, 1, (m, n)), rng.uniform(0, 30, m), rng.uniform(0, 1, n)
    plain = network_from_matrices(A, B)
    units, runs, order = 10.0 ** rng.uniform(-6, 6, n), 10.0 ** rng.uniform(-3, 3, n), rng.permutation(n)
    odd = network_from_matrices((units[:, None] * A * runs)[:, order], (B * runs)[:, order])
    here, there = unit_footprints(plain, c).values, unit_footprints(odd, c).values
    assert there * units == pytest.approx(here, rel=1e-10)
    assert inventory_of(odd, f * units).values == pytest.approx(inventory_of(plain, f).values, rel=1e-10)


def test_the_hash_is_of_the_numbers():
    one = network_from_matrices(FUEL_AND_POWER, [[1, 10]])
    same = network_from_matrices(FUEL_AND_POWER, [[1, 10]], names=["power", "fuel"])
    other = network_from_matrices(FUEL_AND_POWER, [[1, np.nextafter(10, 11)]])
    assert one.sha256 == same.sha256 != other.sha256


@needs_shared
def test_exact_systems_with_loops_and_credits():
    exact = exact_systems()
    assert len(exact) >= 5
    for case in exact:
        A, B, f, c = (case[key] for key in "ABfc")
        network = network_from_matrices(A, B)
        demand = network.demand(dict(enumerate(f)))
        made = np.diag(A)  # a supply counts products, the case counts runs of processes
        assert total_supply(network, demand).values / made == pytest.approx(case["supply_exact"], rel=1e-9)
        assert inventory_of(network, demand).values == pytest.approx(case["inventory_exact"], rel=1e-9)
        assert unit_footprints(network, c).values @ f == pytest.approx(case["gwp_exact"], rel=1e-9)


@needs_shared
def test_random_systems_score_every_product():
    folder = SHARED / "cases/matrices-a"
    systems = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["systems"]
    random = [s for s in systems if "file" in s]
    assert random
    for case in random:
        with np.load(folder / case["file"]) as data:
            n = case["n"]
            taken = sparse.coo_array((data["amount"], (data["row"], data["col"])), shape=(n, n))
            network = network_from_matrices(sparse.diags_array(data["reference"]) - taken, data["co2"][None, :])
        scores = unit_footprints(network, [1.0]).values
        assert scores[:10] == pytest.approx(case["score_first10"], rel=1e-9)
        assert scores.sum() == pytest.approx(case["score_sum"], rel=1e-9)
        assert scores.argmax() == case["score_argmax"]
        assert scores.max() == pytest.approx(case["score_max"], rel=1e-9)


@pytest.mark.parametrize("rows", [[0, 1, 2, 3], [2, 0, 3, 1]])
def test_a_chain_of_waste_treatment_is_not_read_backwards(rows):
    """More amounts are positive on the way round the chain than on the diagonal; they are smaller all the same."""
    A = np.diag(
        [1.0, -1, -1, -1]
    )  # a mill and three treatments; each leaves waste to the next, the last takes the product
    A[1, 0], A[2, 1], A[3, 2], A[0, 3] = 0.1, 0.2, 0.3, -0.4
    assert find_reference(sparse.csc_array(A[rows])).tolist() == np.argsort(rows).tolist()
    assert find_reference(sparse.csc_array(A[rows] * [1e3, 1e-3, 1, 1e6])).tolist() == np.argsort(rows).tolist()


@pytest.mark.parametrize(
    ("B", "names", "flow_names", "said"),
    [
        ([[1], [2]], (), (), "B 有 1 列"),
        ([[1, 2]], ("a",), (), "1 个过程名称"),
        ([[1, 2]], (), ("x", "y"), "2 个基本流名称"),
    ],
)
def test_what_does_not_fit_together_is_said(B, names, flow_names, said):
    with pytest.raises(WrongShape, match=said):
        network_from_matrices([[1, -0.5], [0, 1]], B, names=names, flow_names=flow_names)


def test_products_go_by_index_or_by_name():
    network = network_from_matrices(FUEL_AND_POWER, [[1, 10]], names=["power", "fuel"], flow_names=["CO2"])
    assert network.demand({"power": 1000}).tolist() == network.demand({1: 1000}).tolist() == [0, 1000]
    assert inventory_of(network, {"power": 1000}).rows() == [{"demand": 0, "flow": "CO2", "amount": pytest.approx(120)}]
    with pytest.raises(UnknownProduct, match="是否指 power"):
        network.index("powre")
    for wrong in (-1, 2):
        with pytest.raises(UnknownProduct, match="从 0 到 1"):
            network.demand({wrong: 1})
    with pytest.raises(WrongShape, match="1 种基本流"):
        unit_footprints(network, [1, 2])
    with pytest.raises(WrongShape, match="需求的形状"):
        total_supply(network, [1, 2, 3])


def test_the_hash_knows_signs():
    spread = lognormal([2.0], 1.1)
    released = Entries(np.array([0]), np.array([0]), np.array([2.0]), spread)
    base = network_from_exchanges(Entries.of([[1.0]]), released, np.array([0]), 1)
    turned = dataclasses.replace(base, flow_spread=lognormal([-2.0], 1.1))
    waste = network_from_matrices([[-1.0]], [[2.0]])
    assert len({base.sha256, turned.sha256, waste.sha256, network_from_matrices([[1.0]], [[2.0]]).sha256}) == 4
