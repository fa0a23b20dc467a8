"""docs/engine.md names functions that are there, and docs/performance.md the figures that were measured."""

import json
import re

from doc_pages import ROOT, exists, names_of_code, read


def test_every_name_of_the_engine_page_exists():
    names = names_of_code(read("docs/engine.md"))
    assert len(names) > 40
    assert not [name for name in names if not exists(name)]


def test_the_performance_page_shows_the_results_kept():
    page = read("docs/performance.md")
    measured = json.loads((ROOT / "benchmarks" / "results" / "engine.json").read_text(encoding="utf-8"))
    assert len(measured) > 10
    for row in measured:
        assert {"name", "ours", "peer", "ratio", "unit", "peak_mb"} == row.keys()
        line = next((line for line in page.splitlines() if line.startswith(f"| {row['name']} |")), None)
        assert line, f"{row['name']} is not in docs/performance.md"
        shown = [float(n) for n in re.findall(r"\| ([\d.e+-]+)(?= [|×])", line)]
        expected = [value for value in (row["ours"], row["peer"]) if value]
        assert all(any(abs(n - value) <= 0.006 * value for n in shown) for value in expected), line
