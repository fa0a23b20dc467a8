"""An app is used through its queries and actions: others touch its models only to name them in annotations."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PLATFORM = Path(__file__).resolve().parents[2] / "src" / "tanbiao" / "platform"
BASE = {"kernel", "accounts"}  # what every app stands on
FILES = [f for f in sorted(PLATFORM.rglob("*.py")) if "migrations" not in f.parts]


def imported_models(tree: ast.Module) -> set[str]:
    """Apps whose models a module imports when it runs; an import under `if TYPE_CHECKING` does not run."""
    typing_only = {
        node
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    names = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n not in typing_only]
    parts = [name.split(".") for name in names if name.startswith("tanbiao.platform.")]
    return {part[2] for part in parts if part[3:] == ["models"]}


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PLATFORM)))
def test_no_app_reaches_into_another_ones_tables(file):
    own = file.relative_to(PLATFORM).parts[0]
    assert imported_models(ast.parse(file.read_text())) <= BASE | {own}


def test_the_check_sees_an_import_that_runs_and_skips_one_that_does_not():
    source = "from tanbiao.platform.products.models import Workbook"
    assert imported_models(ast.parse(source)) == {"products"}
    assert imported_models(ast.parse(f"if TYPE_CHECKING:\n    {source}")) == set()
