"""Pages lead where they say: relative links, make targets, commands and imports of the README."""

import importlib
import re

import pytest
from doc_pages import ROOT, read

from tanbiao.cli.main import COMMANDS

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
README = read("README.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_to_files(page):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if "://" not in link and not (page.parent / link).exists()]


def test_every_page_is_within_reach_of_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in reached or not page.exists():
            continue
        reached.add(page)
        links = re.findall(r"\]\(([^)#\s:]+\.md)[^)]*\)", page.read_text(encoding="utf-8"))
        waiting += [page.parent / link for link in links]
    assert set(PAGES) <= reached


def test_make_targets_of_the_readme_exist():
    targets = set(re.findall(r"^([a-z][\w-]*):", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE))
    assert {"demo", "test"} <= named <= targets


def test_commands_of_the_readme_exist():
    known = {command for commands in COMMANDS.values() for command in commands}
    named = set(re.findall(r"^tanbiao (\w+)", README, re.MULTILINE))
    assert named
    assert named <= known


def test_imports_of_the_readme_work():
    for module, names in re.findall(r"^from (tanbiao[\w.]*) import ([\w, ]+?)(?:\s+#.*)?$", README, re.MULTILINE):
        for name in names.split(","):
            assert hasattr(importlib.import_module(module), name.strip()), f"{module} has no {name}"
