import ast
import doctest
import subprocess
import sys
from pathlib import Path

import tanbiao.lca as lca

FOLDER = Path(lca.__file__).parent


def test_the_example_of_the_package_is_true():
    results = doctest.testmod(lca)
    assert results.attempted >= 8
    assert results.failed == 0


def test_every_public_noun_is_there():
    assert all(hasattr(lca, name) for name in lca.__all__)


def test_the_room_stands_on_numpy_scipy_and_words_alone():
    allowed = {*sys.stdlib_module_names, "numpy", "scipy"}
    for module in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for name in names:
                own = name == "tanbiao" or name.startswith(("tanbiao.lca", "tanbiao.words"))  # tanbiao: its version
                assert own or name.split(".")[0] in allowed, (module.name, name)


def test_nothing_of_the_upper_floors_is_loaded():
    code = (
        "import sys, tanbiao.lca; print([m for m in sys.modules if m.split('.')[0] in ('django', 'pydantic', 'yaml')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
