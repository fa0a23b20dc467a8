from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import power_and_fuel
from lca_chains import Q, chain_of, factory, loop, random_chain, seeds

from tanbiao.lca import matrices
from tanbiao.lca.contributions.edges import DEMAND, DIRECT, OTHERS, edge_list, edge_lists
from tanbiao.lca.contributions.intensities import intensities
from tanbiao.lca.contributions.table import sankey
from tanbiao.lca.faults import NotComparable
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.network.conventions import network_from_matrices


def edges_of(edges, scenario=0):
    chosen = edges.scenario == scenario
    pairs = zip(edges.source[chosen].tolist(), edges.target[chosen].tolist(), strict=True)
    return dict(zip(pairs, edges.value[chosen].tolist(), strict=True))


def test_a_loop_stays_a_loop():
    edges = edge_list(intensities(loop(), [1]), [1, 0])
    # two of 甲 are made in all: one for the demand, one that goes round
    assert edges_of(edges) == pytest.approx({(DIRECT, 0): 2, (0, DEMAND): 2, (1, 0): 2, (0, 1): 2})
    assert [row["source"] for row in edges.rows() if row["target"] == "乙"] == ["甲"]
    assert {row["share"] for row in edges.rows()} == {1.0}


def test_waste_flows_to_its_treatment_as_impact_flows_back():
    x = intensities(factory(), [1])
    edges = edge_list(x, x.network.demand({0: 1}))
    assert edges_of(edges) == pytest.approx(
        {(DIRECT, 0): 5, (DIRECT, 1): 2, (DIRECT, 2): 12, (1, 0): 2, (2, 0): 12, (0, DEMAND): 19}
    )


def test_products_below_the_cut_off_run_together():
    bom = chain_of([[0, 1, 1, 1], [0] * 4, [0] * 4, [0] * 4], [[0], [97], [2], [1]])
    edges = edges_of(edge_list(intensities(bom, [1]), [1, 0, 0, 0], cutoff=0.05))
    assert edges == pytest.approx({(DIRECT, 1): 97, (1, 0): 97, (DIRECT, OTHERS): 3, (OTHERS, 0): 3, (0, DEMAND): 100})


def test_scenarios_stand_in_one_list_with_the_same_products():
    network = chain_of([[0, 1, 1], [0] * 3, [0] * 3], [[0, 0], [99, 1], [1, 99]])
    f = network.demand({0: 1})
    scenarios = {name: (intensities(network, q), f) for name, q in {"CO2": [1, 0], "CH4": [0, 1]}.items()}
    edges = edge_lists(scenarios, cutoff=0.1)
    expected = {(DIRECT, 1): 99, (1, 0): 99, (DIRECT, 2): 1, (2, 0): 1, (0, DEMAND): 100}
    assert edges_of(edges, 0) == pytest.approx(expected)  # product 2 is thin here, but not in the other
    assert edges_of(edges, 1)[2, 0] == 99
    assert [row["scenario"] for row in edges.rows()].count("CH4") == 5
    assert {(link["source"], link["target"]): link["value"] for link in edges.sankey("CO2", "en")["links"]} == {
        ("Direct emissions", "#2"): 99, ("#2", "#1"): 99, ("Direct emissions", "#3"): 1, ("#3", "#1"): 1,
        ("#1", "Demand"): 100,
    }  # fmt: skip


def test_a_drawing_has_no_circles_and_loses_nothing():
    links = edge_list(intensities(loop(), [1]), [1, 0]).sankey()["links"]
    assert sorted((link["source"], link["target"], link["value"]) for link in links) == [
        ("甲", "需求", 2.0),
        ("直接排放", "甲", 2.0),
    ]


def test_a_product_system_hands_on_the_same():
    footprint = calculate_footprint(power_and_fuel())
    technology = matrices.technology(footprint.system)
    burdens = matrices.interventions(footprint.system, technology.shares)
    names = [process.name for process in footprint.system.processes]
    network = network_from_matrices(technology.A, burdens.B, names=names)
    edges = edge_list(intensities(network, np.ones(len(burdens.substances))), matrices.demand(footprint.system))
    drawn = {(link["source"], link["target"]): link["value"] for link in sankey(footprint)["links"]}
    assert edges_of(edges)[1, 0] == pytest.approx(drawn[names[1], names[0]])
    assert edges_of(edges)[0, DEMAND] == pytest.approx(drawn[names[0], "产品"])


@given(seeds, st.sampled_from([0, 0.001, 0.05, 0.3, 2]), st.booleans())
def test_as_much_flows_in_as_out(seed, cutoff, credits):
    network = random_chain(seed, n=8, credits=credits)
    f = np.random.default_rng(seed).uniform(0, 1, 8) * (np.arange(8) < 3)
    once = intensities(network, Q)
    # the same world without its first flow, as another scenario
    edges = edge_lists({"all": (once, f), "less": (intensities(network, (0, *Q[1:])), f)}, cutoff=cutoff)
    for k, total in enumerate(edges.totals):
        balance = defaultdict(float)
        for (source, target), value in edges_of(edges, k).items():
            balance[source] -= value
            balance[target] += value
        size = sum(abs(value) for value in edges_of(edges, k).values())
        assert -balance.pop(DIRECT, 0.0) == pytest.approx(total, abs=1e-10 * size)
        assert balance.pop(DEMAND, 0.0) == pytest.approx(total, abs=1e-10 * size)
        assert list(balance.values()) == pytest.approx([0] * len(balance), abs=1e-10 * size)
    assert edges.totals[0] == pytest.approx(f @ once.total)
    assert len(set(zip(edges.scenario, edges.source, edges.target, strict=True))) == edges.value.size


def test_scenarios_of_other_products_are_refused():
    with pytest.raises(NotComparable, match=r"\(2, 3\)"):
        edge_lists({"a": (intensities(loop(), [1]), [1, 0]), "b": (intensities(factory(), [1]), [1, 0, 0])})
