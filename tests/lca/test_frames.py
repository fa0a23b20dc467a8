import sys

import pytest
from lca_chains import chain_of, loop

from tanbiao.lca.contributions.edges import edge_list
from tanbiao.lca.contributions.folding import fold
from tanbiao.lca.contributions.intensities import intensities
from tanbiao.lca.contributions.paths import supply_paths
from tanbiao.lca.contributions.top import top
from tanbiao.lca.contributions.upstream import upstream_tree
from tanbiao.lca.faults import NoFrames
from tanbiao.lca.frames import html_table, to_frame
from tanbiao.lca.network.engine import total_supply


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_rows_become_a_frame(library, monkeypatch):
    pytest.importorskip(library)
    other = {"pandas": "polars", "polars": "pandas"}[library]
    monkeypatch.setitem(sys.modules, other, None)  # as if it were not installed
    frame = supply_paths(intensities(loop(), [1]), 0, limit=3).to_frame()
    assert type(frame).__module__.startswith(library)
    assert list(frame.columns) == ["path", "length", "amount", "contribution", "share"]
    assert list(frame["contribution"]) == [1, 0.5, 0.25]


def test_without_a_library_the_fault_says_what_to_install(monkeypatch):
    for library in ("pandas", "polars"):
        monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(NoFrames, match=r"pip install pandas.*rows\(\)"):
        to_frame([{"a": 1}])


def test_a_table_is_escaped_and_says_what_it_leaves_out():
    rows = [{"product": "<b>钢&", "value": 1234.5678, "share": 0.125}] * 3
    table = html_table(rows, 'of "<i>"', shown=2)
    assert "<caption>of &quot;&lt;i&gt;&quot;</caption>" in table
    assert "<td>&lt;b&gt;钢&amp;</td>" in table
    assert table.count("1234.57") == table.count("12.50%") == 2
    assert "另有 1 行 / 1 more rows" in table


def test_every_result_shows_itself_without_raw_names():
    network = chain_of([[0, 1], [0.5, 0]], [[1], [0]], ["<script>", "乙"])
    x, f = intensities(network, [1]), [1, 0]
    results = [
        upstream_tree(x, 0),
        supply_paths(x, 0),
        edge_list(x, f),
        fold(x, f, [0, 1]),
        top(network, total_supply(network, f).values, [1]),
    ]
    for result in results:
        shown = result._repr_html_()
        assert "<script>" not in shown
        assert "&lt;script&gt;" in shown
        assert result.caption().zh != result.caption().en
