"""docs/decisions: numbered, whole, listed; and every direct dependency has its line."""

import json
import re

import pytest
from doc_pages import ROOT, exists, names_of_code, read, rows

FOLDER = ROOT / "docs" / "decisions"
DECISIONS = sorted(FOLDER.glob("[0-9]*.md"))
SECTIONS = ["背景 · Context", "决定 · Decision", "代价 · What it costs", "何时再看 · When to look again"]


def wanted() -> set[str]:
    """Every name asked for by the project's own lists."""
    lines = [line for path in (ROOT / "requirements").glob("*.in") for line in path.read_text("utf-8").splitlines()]
    python = {name[0] for line in lines if (name := re.match(r"[A-Za-z0-9_.-]+", line)) and not line.startswith("-")}
    package = json.loads(read("package.json"))
    return python | set(package.get("dependencies", {})) | set(package.get("devDependencies", {}))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_why_what_the_cost_and_when_again(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert text.startswith(f"# {path.stem[:4]} ")
    assert all(len(part.strip()) > 40 for part in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:])
    assert not [name for name in names_of_code(text) if not exists(name)]


def test_decisions_are_numbered_without_gap_and_listed():
    assert [path.stem[:4] for path in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]
    index = read("docs/decisions/README.md")
    assert re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", index) == [path.name for path in DECISIONS]


def test_every_direct_dependency_has_its_line_and_no_other():
    page = read("docs/decisions/dependencies.md")
    tables = [rows(part, "名称 Name") for part in page.split("\n## ")[1:]]
    listed = [row for table in tables for row in table]
    assert sorted(row[0] for row in listed) == sorted(wanted())
    assert all(all(row) and len(row) == 4 for row in listed)
