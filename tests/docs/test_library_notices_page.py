"""docs/library-notices.md lists every code that readers, links, writers and the gate use, with its severities."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from doc_pages import SRC, read

from tanbiao.lca.datasets.codes import CHECKS, NOTICES
from tanbiao.lca.datasets.gate import Severity

IMPORT, GATE = read("docs/library-notices.md").split("## 质量检查")
SEVERITIES = {"note": "note", "warn": "warning", "refuse": "refused"}  # methods of Report
ANY = r"\w+"
CODE = re.compile(r"[a-z]+(_[a-z0-9]+)+")


def listed(part: str) -> dict[str, set[str]]:
    """Codes of the tables with their severities."""
    rows = re.findall(r"^\| (`.+?`) \| ([a-z, ]+) \|", part, re.MULTILINE)
    return {code: set(said.split(", ")) for codes, said in rows for code in re.findall(r"`(\w+)`", codes)}


def words(part: str) -> dict[str, tuple[str, str]]:
    """Codes of the tables with what they say."""
    rows = re.findall(r"^\| `(\w+)` \| [a-z, ]+ \| (.+?) \| (.+?) \|$", part, re.MULTILINE)
    return {code: (zh, en) for code, zh, en in rows}


def functions(*folders: Path) -> Iterator[ast.FunctionDef]:
    for folder in folders:
        for path in folder.rglob("*.py"):
            yield from (n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.FunctionDef))


def codes_in(argument: ast.expr, function: ast.FunctionDef) -> set[str]:
    """Patterns of the codes that an argument stands for; a name stands for what its function puts there."""
    if not isinstance(argument, ast.Name):
        return patterns_in(argument)
    places = [n.iter for n in ast.walk(function) if isinstance(n, ast.For) and argument.id in names_in(n.target)]
    places += [n.value for n in ast.walk(function) if isinstance(n, ast.Assign) and argument.id in names_in(*n.targets)]
    return {code for place in places for code in patterns_in(place) if CODE.fullmatch(code.replace(ANY, "x"))}


def names_in(*nodes: ast.AST) -> set[str]:
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}


def patterns_in(node: ast.AST) -> set[str]:
    """Texts, and formatted texts with what is put in left open."""
    formatted = [n for n in ast.walk(node) if isinstance(n, ast.JoinedStr)]
    parts = {id(part) for n in formatted for part in n.values}
    texts = [n for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    found = {"".join(str(p.value) if isinstance(p, ast.Constant) else ANY for p in n.values) for n in formatted}
    return found | {n.value for n in texts if id(n) not in parts}


def test_pages_and_command_line_say_what_the_tables_say():
    for part, said in ((IMPORT, NOTICES), (GATE, CHECKS)):
        assert words(part) == {code: (text.zh, text.en) for code, text in said.items()}


def used() -> dict[str, set[str]]:
    """Patterns of the codes of notices with their severities."""
    found = defaultdict(set)
    for function in functions(SRC / "formats" / "datasets", SRC / "lca" / "datasets"):
        for call in (n for n in ast.walk(function) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)):
            if call.func.attr in SEVERITIES and len(call.args) == 4:
                for code in codes_in(call.args[0], function):
                    found[code].add(SEVERITIES[call.func.attr])
    return found


def test_every_code_of_an_import_is_listed_with_its_severities():
    table, patterns = listed(IMPORT), used()
    assert len(patterns) > 60
    said = {code: set().union(*(s for pattern, s in patterns.items() if re.fullmatch(pattern, code))) for code in table}
    assert said == table
    assert [p for p in patterns if not any(re.fullmatch(p, code) for code in table)] == []


def test_every_code_of_the_gate_is_listed():
    found = defaultdict(set)
    for function in functions(SRC / "lca" / "datasets" / "gate"):
        for call in (n for n in ast.walk(function) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)):
            if call.func.id in ("about", "about_process"):
                for code in codes_in(call.args[1], function):
                    found[code] |= {n.attr for n in ast.walk(call.args[2]) if isinstance(n, ast.Attribute)}
    table = listed(GATE)
    assert set(found) == set(table)
    for code, severities in table.items():
        assert severities <= {*Severity}
        # where it is worked out elsewhere, the table alone says it
        assert {Severity[name].value for name in found[code] if name in Severity.__members__} in (severities, set())
