"""docs/library.md names what there is, and docs/performance.md shows the imports that were measured."""

import argparse
import json
import re

from doc_pages import ROOT, read

from tanbiao.cli import library

PAGE = read("docs/library.md")


def verbs() -> dict[str, argparse.ArgumentParser]:
    """The commands of `tanbiao library`, each with its parser."""
    parser = argparse.ArgumentParser()
    library.register(parser.add_subparsers())
    [top] = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    [found] = [a for a in top.choices["library"]._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(found.choices)


def test_every_command_is_shown_and_every_one_shown_parses():
    shown = re.findall(r"^    tanbiao library (\w+)(.*?)(?:  #.*)?$", PAGE, re.MULTILINE)
    assert {verb for verb, _ in shown} == set(verbs())
    for verb, words in shown:
        verbs()[verb].parse_args([word.strip('"') for word in re.findall(r'"[^"]*"|\S+', words)])


def test_link_rules_and_formats_are_those_there_are():
    from tanbiao.lca.datasets.linking import LinkRule

    assert [*LinkRule] == list(library.RULES)
    assert all(f"`{rule}`" in PAGE for rule in library.RULES)
    formats = next(action.choices for action in verbs()["export"]._actions if action.dest == "format")
    assert all(f"`{name}`" in PAGE for name in formats)


def test_the_performance_page_shows_the_imports_measured():
    page = read("docs/performance.md")
    measured = json.loads((ROOT / "benchmarks" / "results" / "library_import.json").read_text(encoding="utf-8"))
    assert len(measured) > 10
    for row in measured:
        counts = ("files", "processes", "exchanges", "methods", "declarations", "linked", "unlinked")
        cells = [f"{row[key]:.0f}" for key in counts]
        line = f"| {row['name']} | {' | '.join(cells)} | {row['seconds']:.1f} | {row['peak_mb']:.0f} |"
        assert line in page


def test_the_performance_page_shows_the_searches_measured():
    page = read("docs/performance.md")
    measured = json.loads((ROOT / "benchmarks" / "results" / "library_search.json").read_text(encoding="utf-8"))
    assert len(measured) > 10
    for row in measured:
        assert f"| {row['question']} | {row['found']} | {row['middle']:.0f} | {row['slowest']:.0f} |" in page
        assert row["middle"] < 100
