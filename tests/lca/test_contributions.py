import math
from collections import defaultdict
from dataclasses import replace
from graphlib import TopologicalSorter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import emission, factor, loop, made, of_one_input, power_and_fuel, process, system, taken

from tanbiao.lca.contributions.table import contribution_table, sankey, sankey_links
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import GasClass


def test_the_table_is_sorted_and_its_shares_sum_to_one():
    table = contribution_table(calculate_footprint(power_and_fuel()))
    assert [(r.process_name, r.line, r.part, r.kg_co2e) for r in table] == [
        ("过程 power", "CO2", "direct", 100),
        ("过程 fuel", "CO2", "direct", 20),
    ]
    assert math.fsum(row.share for row in table) == pytest.approx(1)


def test_the_gases_of_a_row_are_one_line():
    both = factor("both", 0, "kg", emissions=[emission(1), emission("0.1", "CH4")])
    (row,) = contribution_table(calculate_footprint(of_one_input(taken(1, "kg", factor="both"), both)))
    assert row.kg_co2e == pytest.approx(3.98)
    assert row.factor == "both"


def test_a_footprint_of_zero_has_shares_of_zero():
    (row,) = contribution_table(
        calculate_footprint(of_one_input(taken(1, "kg", factor="scrap"), factor("scrap", 0, "kg")))
    )
    assert (row.kg_co2e, row.share) == (0, 0)


def flows(footprint, language="zh"):
    return {(link["source"], link["target"]): link["value"] for link in sankey(footprint, language)["links"]}


def test_burdens_flow_from_lines_through_processes_to_the_product():
    one = power_and_fuel()
    fuel = replace(one.processes[1], emissions=(emission(10, name="烟气"),))
    footprint = calculate_footprint(replace(one, processes=(one.processes[0], fuel)))
    assert flows(footprint) == pytest.approx(
        {
            ("直接排放：CO2", "过程 power"): 100,
            ("直接排放：烟气", "过程 fuel"): 20,
            ("过程 fuel", "过程 power"): 20,
            ("过程 power", "产品"): 120,
        }
    )
    assert ("过程 power", "Product") in flows(footprint, "en")


def test_a_removal_flows_backwards():
    plant = process(
        "plant", made(1, "t"), emissions=[emission(100), emission(30, gas_class=GasClass.BIOGENIC_REMOVAL, name="吸收")]
    )
    assert flows(calculate_footprint(system(("1", "t"), "plant", plant))) == pytest.approx(
        {
            ("直接排放：CO2", "过程 plant"): 100,
            ("过程 plant", "直接排放：吸收"): 30,
            ("过程 plant", "产品"): 70,
        }
    )


def test_names_of_nodes_are_unique():
    ore = factor("ore", 1, "kg")
    plant = replace(process("plant", made(1, "t"), inputs=[taken(1, "kg", "产品", factor="ore")]), name="产品")
    diagram = sankey(calculate_footprint(system(("1", "t"), "plant", plant, factors=[ore])))
    names = [node["name"] for node in diagram["nodes"]]
    assert sorted(names) == ["产品 (产品)", "产品 (投入)", "产品 (过程)"]


CLASSES = st.sampled_from([GasClass.FOSSIL, GasClass.FOSSIL, GasClass.FOSSIL, GasClass.BIOGENIC_REMOVAL])


@st.composite
def networks(draw):
    """Up to five processes that supply each other at random, with little enough to stay productive."""
    n = draw(st.integers(1, 5))
    share = st.sampled_from(["0", "0", "0.05", "0.1", "0.18"])

    def at_random(j):
        inputs = [taken(draw(share), "kg", provider=f"p{i}") for i in range(n)]
        released = [emission(draw(st.integers(0, 9)), gas_class=draw(CLASSES))]
        return process(f"p{j}", made(1, "kg"), inputs=inputs, emissions=released)

    return system(("1", "kg"), "p0", *map(at_random, range(n)))


@given(networks() | st.just(loop("0.9")))
def test_flows_balance_at_every_process_and_never_run_in_circles(network):
    footprint = calculate_footprint(network)
    diagram = sankey(footprint)
    balance = defaultdict(float)
    order = TopologicalSorter()
    for link in diagram["links"]:
        assert link["value"] > 0
        balance[link["source"]] -= link["value"]
        balance[link["target"]] += link["value"]
        order.add(link["target"], link["source"])
    order.prepare()  # raises CycleError where flows run in circles
    for node in diagram["nodes"]:
        if node["kind"] == "process":
            assert balance[node["name"]] == pytest.approx(0, abs=1e-9)
    assert balance.get("产品", 0.0) == pytest.approx(footprint.total_kg_co2e, abs=1e-9)


def test_thin_lines_run_together_without_losing_a_gram():
    plant = process("plant", made(1, "t"), emissions=[emission(kg, name=f"排放{kg}") for kg in (900, 60, 30, 10)])
    footprint = calculate_footprint(system(("1", "t"), "plant", plant))
    assert len(flows(footprint)) == 5
    folded = [link for link in sankey(footprint, smallest=0.05)["links"] if link["target"] == "过程 plant"]
    assert sorted(link["value"] for link in folded) == pytest.approx([40, 60, 900])
    assert len(sankey(footprint, smallest=0.02)["links"]) == 5  # a lone thin line keeps its name


def test_the_links_of_scenarios_stand_in_one_list():
    footprints = {
        name: calculate_footprint(power_and_fuel((amount, "kWh"))) for name, amount in (("a", 1000), ("b", 500))
    }
    rows = sankey_links(footprints).rows()
    assert {row["scenario"] for row in rows} == {"a", "b"}
    last = {row["scenario"]: row for row in rows if row["target"] == "产品"}
    assert {name: row["value"] for name, row in last.items()} == pytest.approx({"a": 120, "b": 60})
    assert [row["share"] for row in last.values()] == pytest.approx([1, 1])
    assert "120" in str(sankey_links(footprints))
