"""An app is used through its queries and actions; others touch its models only to name them in annotations."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PLATFORM = Path(__file__).resolve().parents[2] / "src" / "tanbiao" / "platform"
FILES = {str(f.relative_to(PLATFORM)): f for f in sorted(PLATFORM.rglob("*.py")) if "migrations" not in f.parts}

DOORS = {"actions", "queries"}
#: What every app stands on is used by its nouns too.
NOUNS = {
    "kernel": {"bilingual", "clock", "evidence", "flow", "jobs", "models", "pages", "policies", "search"},
    "accounts": {"actor", "models", "policies"},  # one policy for everything that is the operator's work
}
#: (file, part of another app): why it is used all the same
EXCEPTIONS = {
    (
        "certificates/policies.py",
        "certification.policies",
    ): "who evaluated does not issue: the rule that guards the decision",
    ("portal/templatetags/tanbiao.py", "certificates.label"): "the unit stands on the page as on the label",
}


def imported(tree: ast.Module) -> Iterator[str]:
    """Modules a file imports when it runs, with each name taken from them; `if TYPE_CHECKING` does not run."""
    typing_only = {
        node
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def parts_used(source: str) -> set[str]:
    """Parts of apps ("certification.queries") that a file imports when it runs."""
    paths = [name.split(".") for name in imported(ast.parse(source)) if name.startswith("tanbiao.platform.")]
    return {".".join(path[2:4]) for path in paths}


def strange(file: str, used: set[str]) -> set[str]:
    """Parts of other apps that are not among their doors."""
    own = file.split("/")[0]
    apart = {tuple(part.partition(".")[::2]) for part in used}
    return {f"{app}.{part}" for app, part in apart if app != own and part not in DOORS | NOUNS.get(app, set())}


@pytest.mark.parametrize("file", FILES)
def test_another_app_is_entered_by_its_doors(file):
    excepted = {part for name, part in EXCEPTIONS if name == file}
    assert strange(file, parts_used(FILES[file].read_text())) == excepted  # none is missing, none is out of date


@pytest.mark.parametrize(
    "source",
    [
        "from tanbiao.platform.products.models import Workbook",
        "from tanbiao.platform.products import models",
        "import tanbiao.platform.products.models",
    ],
)
def test_the_check_sees_an_import_that_runs_and_skips_one_that_does_not(source):
    assert strange("portal/pages.py", parts_used(source)) == {"products.models"}
    assert strange("products/pages.py", parts_used(source)) == set()
    assert parts_used(f"if TYPE_CHECKING:\n    {source}") == set()


def test_what_all_stand_on_has_its_inner_rooms_too():
    source = "from tanbiao.platform.accounts.{} import x"
    assert strange("portal/pages.py", parts_used(source.format("models"))) == set()
    assert strange("portal/pages.py", parts_used(source.format("uscc"))) == {"accounts.uscc"}
