"""The example notebooks say what their cells really answer."""

import importlib.util
import json
import re

import pytest
from doc_pages import ROOT

NOTEBOOKS = sorted((ROOT / "examples" / "engine").glob("*.ipynb"))
_spec = importlib.util.spec_from_file_location("notebook", ROOT / "tools" / "notebook.py")
tool = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tool)

_NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")


def said(outputs):
    """Texts with their numbers apart: the last digits may differ between machines."""
    text = "".join("".join(part) for output in outputs for part in output["data"].values())
    return _NUMBER.sub("#", text), [float(n) for n in _NUMBER.findall(text)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_answers_as_it_says(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) > 10
    for cell, outputs in zip(cells, tool.run_cells(notebook), strict=True):
        words, numbers = said(cell["outputs"])
        now, found = said(outputs)
        assert now == words, "".join(cell["source"])
        assert found == pytest.approx(numbers, rel=1e-5, abs=1e-9)
    assert sum(bool(cell["outputs"]) for cell in cells) > 10


def test_there_is_a_notebook():
    assert NOTEBOOKS
