import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_chains import Q, chain_of, random_chain, seeds

from tanbiao.lca.contributions.intensities import intensities
from tanbiao.lca.contributions.top import top
from tanbiao.lca.network.engine import total_supply

STAGES = ["production", "raw", "raw", "credit"]


@pytest.fixture
def mill():
    """1 t of the mill takes 2 ore and 1 power and gives back 1 scrap; flows are CO2 and CH4."""
    inputs = [[0, 2, 1, -1], [0] * 4, [0] * 4, [0] * 4]
    network = chain_of(inputs, [[10, 0], [1, 1], [4, 0], [7, 0]], ["mill", "ore", "power", "scrap"])
    return network, total_supply(network, [1, 0, 0, 0]).values, [1, 30]


def lines(table):
    return [(line.members, line.value) for line in table.lines]


def test_processes_the_largest_first_with_the_rest(mill):
    table = top(*mill, limit=2)
    assert lines(table) == [(("ore",), 62), (("mill",), 10)]
    assert (table.rest, table.others, table.total) == (-3, 2, 69)
    assert table.rows()[-1] == {"process": "其余 2 项 / 2 others", "value": -3, "share": pytest.approx(-3 / 69)}


def test_flows_groups_and_both(mill):
    assert lines(top(*mill, by=("flow",))) == [(("#2",), 60), (("#1",), 9)]
    assert lines(top(*mill, by=("process", "flow"), limit=2)) == [(("ore", "#2"), 60), (("mill", "#1"), 10)]
    by_stage = top(*mill, by=("stage", "flow"), labels={"stage": STAGES})
    assert lines(by_stage) == [
        (("raw", "#2"), 60), (("production", "#1"), 10), (("credit", "#1"), -7), (("raw", "#1"), 6),
    ]  # fmt: skip
    assert by_stage.others == 0
    assert list(by_stage.rows()[0]) == ["stage", "flow", "value", "share"]
    with pytest.raises(KeyError, match="region"):
        top(*mill, by=("region",))


def test_nothing_released_is_an_empty_table():
    table = top(chain_of([[0]], [[0]]), [1], [1])
    assert (table.lines, table.others, table.total) == ((), 0, 0)


@given(seeds, st.sampled_from([("process",), ("flow",), ("process", "flow"), ("g",), ("flow", "g")]), st.integers(0, 9))
def test_lines_and_rest_sum_to_the_footprint(seed, by, limit):
    network = random_chain(seed)
    f = np.eye(6)[0]
    s = total_supply(network, f).values
    table = top(network, s, Q, by, labels={"g": list("aabbab")}, limit=limit)
    size = abs(s * (network.flows @ Q)).sum()
    assert sum(line.value for line in table.lines) + table.rest == pytest.approx(table.total, abs=1e-12 * size)
    assert table.total == pytest.approx(intensities(network, Q).total @ f, abs=1e-9 * size)
    sizes = [abs(line.value) for line in table.lines]
    assert sizes == sorted(sizes, reverse=True)
