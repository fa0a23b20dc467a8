"""docs/architecture.md says what the code is: floors, apps, doors, state tables, contracts."""

import importlib
import re
import tomllib
from typing import Any

import pytest
from django.utils import translation
from doc_pages import PLATFORM, SRC, apps, exists, names_of_code, read, rows

from tanbiao.platform.kernel.flow import Flow

PAGE = read("docs/architecture.md")
PACKAGES = {path.stem for path in SRC.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()} - {
    "__init__"
}
FLOWS = {
    f"{path.parent.name}.flow.{name}": value
    for path in sorted(PLATFORM.glob("*/flow.py"))
    for name, value in vars(importlib.import_module(f"tanbiao.platform.{path.parent.name}.flow")).items()
    if isinstance(value, Flow)
}


def drawn(flow: Flow) -> str:
    """A state table as the page shows it: a state by name and Chinese word, an arrow by verb, who and clause."""
    lines = ["```mermaid", "stateDiagram-v2"]
    with translation.override("zh-hans"):
        lines += [f"    {state}: {state.label} {state}" for state in dict.fromkeys(flow.states)]
        lines.append(f"    [*] --> {flow.start}")
        for t in flow.transitions:
            clause = f"（{t.clause}）".replace(":", "：") if t.clause else ""  # a second colon ends the drawing's label
            lines += [f"    {source} --> {t.target}: {t.name} · {t.role.label}{clause}" for source in t.source]
    return "\n".join([*lines, "```"])


def test_every_door_of_an_app_opens():
    for app, _what, doors in rows(PAGE, "应用 App"):
        for door in names_of_code(doors):
            assert exists(door, (f"tanbiao.platform.{app.strip('`')}",)), f"{app} has no {door}"


def test_every_function_of_the_walk_exists():
    walk = [name for row in rows(PAGE, "步骤 Step") for name in names_of_code(row[2])]
    assert len(walk) > 30
    assert not [name for name in walk if not exists(name)]


def test_every_other_name_of_code_exists():
    doors = {name for row in rows(PAGE, "应用 App") for name in names_of_code(row[2])}
    unknown = {name for name in names_of_code(PAGE) if name not in doors and not exists(name)}
    assert unknown <= {"certification.grant"}  # a verb of the event log


@pytest.mark.parametrize("name", FLOWS)
def test_every_state_table_is_drawn_as_it_is(name):
    drawing = drawn(FLOWS[name])
    assert f"(`{name}`):\n\n{drawing}\n" in PAGE, f"put this below {name}:\n{drawing}"


def contract(container: str) -> dict[str, Any]:
    """The import-linter contract on the layers of one package, top first."""
    linter = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]
    return next(c for c in linter["contracts"] if c.get("containers") == [container])


@pytest.mark.parametrize(("container", "members"), [("tanbiao", PACKAGES), ("tanbiao.platform", apps())])
def test_the_import_contracts_leave_no_package_out(container, members):
    assert contract(container)["type"] == "layers"
    assert contract(container)["exhaustive"] is True
    assert not contract(container).get("exhaustive_ignores")
    assert sorted(heights(container)) == sorted(members)


@pytest.mark.parametrize(
    ("container", "table", "column", "upward"),
    [("tanbiao", "层 Floor", 1, False), ("tanbiao.platform", "应用 App", 0, True)],
)
def test_the_page_lists_every_package_in_the_order_of_the_contracts(container, table, column, upward):
    listed = [row[column].strip("`").removeprefix("tanbiao.") for row in rows(PAGE, table)]
    height = heights(container)
    assert sorted(listed) == sorted(height)
    assert listed == sorted(listed, key=lambda package: height[package], reverse=not upward)


def heights(container: str) -> dict[str, int]:
    """Each package of a contract with its height above the ground."""
    layers = reversed(contract(container)["layers"])
    return {name.strip(" ()"): height for height, layer in enumerate(layers) for name in re.split("[|:]", layer)}
