"""Run the example notebooks and write down what their cells answer.

    python tools/notebook.py          runs examples/engine/*.ipynb in place

No Jupyter needed: a cell is run as Python, and what its last line is worth is kept as text and, where the value has
one, as a table. tests/docs/test_notebook.py runs the same and compares the texts.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "examples" / "engine"


def run_cells(notebook: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The outputs of every code cell, all run one after the other in one room of names."""
    names: dict[str, Any] = {"__name__": "__notebook__"}
    return [_outputs(_run("".join(cell["source"]), names)) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _run(source: str, names: dict[str, Any]) -> object:
    """Run a cell; the value of its last line, where that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102  # our own notebook
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None  # noqa: S307


def _outputs(value: object) -> list[dict[str, Any]]:
    if value is None:
        return []
    table = value._repr_html_() if hasattr(value, "_repr_html_") else ""
    # a table says all that the text of a result would, and more readably
    data = {"text/html": table, "text/plain": type(value).__name__} if table else {"text/plain": repr(value)}
    lines = {kind: text.splitlines(keepends=True) for kind, text in data.items()}
    return [{"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": lines}]


def main() -> None:
    for path in sorted(FOLDER.glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        outputs = iter(run_cells(notebook))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = next(outputs)
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(path.name)


if __name__ == "__main__":
    main()
