import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_chains import Q, chain_of, factory, loop, random_chain, seeds

from tanbiao.lca.contributions.intensities import intensities
from tanbiao.lca.contributions.upstream import REST, upstream_tree
from tanbiao.lca.network.engine import unit_footprints


def test_a_loop_goes_round_until_it_is_too_small_to_show():
    tree = upstream_tree(intensities(loop(), [1]), 0, 8, cutoff=0.2)
    assert [(n.product, n.amount, n.depth, n.parent) for n in tree.nodes] == [
        (0, 8, 0, -1), (1, 8, 1, 0), (0, 4, 2, 1), (1, 4, 3, 2), (0, 2, 4, 3), (REST, None, 5, 4),
    ]  # fmt: skip
    assert [n.total for n in tree.nodes] == pytest.approx([16, 8, 8, 4, 4, 2])
    assert [n.direct for n in tree.nodes] == pytest.approx([8, 0, 4, 0, 2, 0])
    assert not tree.full


def test_branches_follow_their_node_the_largest_first_and_the_rest_last():
    bom = chain_of([[0, 1, 1, 1, 1], *np.zeros((4, 5))], [[0], [5], [90], [4], [1]], "abcde")
    tree = upstream_tree(intensities(bom, [1]), 0, cutoff=0.05)
    assert [(n.product, n.total, n.links) for n in tree.nodes] == [(0, 100, 0), (2, 90, 0), (1, 5, 0), (REST, 5, 2)]
    assert [row["product"] for row in tree.rows()] == ["a", "c", "b", "其余 2 项 / 2 others"]
    assert [row["share"] for row in tree.rows()] == pytest.approx([1, 0.9, 0.05, 0.05])


def test_waste_is_asked_for_as_its_source_counts_it_and_treated_on_the_way():
    x = intensities(factory(), [1])
    assert [(n.product, n.amount, n.total) for n in upstream_tree(x, 0).nodes] == [(0, 1, 19), (2, 3, 12), (1, 2, 2)]
    (treated,) = upstream_tree(x, 2, -10).nodes
    assert (treated.amount, treated.total) == (10, 40)


def test_tags_are_handed_upstream_until_another_takes_over():
    tree = upstream_tree(intensities(factory(), [1]), 0, tags=["site", "", "waste"])
    assert [n.tag for n in tree.nodes] == ["site", "waste", "site"]
    assert tree.by_tag() == {"site": 7, "waste": 12}


def test_a_tree_that_is_full_says_so_and_gathers_what_it_leaves_out():
    tree = upstream_tree(intensities(loop(), [1]), 0, cutoff=0, max_nodes=3)
    assert tree.full
    assert [n.product for n in tree.nodes] == [0, 1, 0, REST]
    assert tree.nodes[-1].total == pytest.approx(0.5)
    flat = upstream_tree(intensities(loop(), [1]), 0, cutoff=0, max_depth=0)
    assert [(n.product, n.total) for n in flat.nodes] == [(0, 2), (REST, 1)]


@given(seeds, st.sampled_from([0, 0.001, 0.01, 0.1]), st.integers(1, 60), st.floats(0.01, 10))
def test_every_node_is_the_sum_of_its_parts(seed, cutoff, max_nodes, amount):
    network = random_chain(seed)
    y = unit_footprints(network, Q).values
    tags = ["a", "", "b", "", "", "c"]
    tree = upstream_tree(intensities(network, Q, y), 1, amount, cutoff=cutoff, max_nodes=max_nodes, tags=tags)
    size = max(abs(n.total) for n in tree.nodes)
    assert tree.total == pytest.approx(amount * y[1], abs=1e-12 * size)
    for i, node in enumerate(tree.nodes):
        children = [n for n in tree.nodes if n.parent == i]
        if node.product != REST and children:
            parts = node.direct + sum(n.total for n in children)
            assert parts == pytest.approx(node.total, rel=1e-12, abs=1e-12 * size)
            shown = [abs(n.total) for n in children if n.product != REST]
            assert shown == sorted(shown, reverse=True)
            assert all(value >= cutoff * abs(tree.total) for value in shown)
    assert sum(tree.by_tag().values()) == pytest.approx(tree.total, abs=1e-9 * size)
    assert sum(n.product != REST for n in tree.nodes) <= max_nodes
