"""docs/architecture.md says what the code is: floors, apps, doors, state tables, contracts."""

import importlib
import tomllib

import pytest
from django.utils import translation
from doc_pages import PLATFORM, ROOT, SRC, apps, exists, names_of_code, read, rows

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
        lines += [f"    {source} --> {t.target}: {t.name} · {t.who}{clause}" for source in t.source]
    return "\n".join([*lines, "```"])


def test_every_package_stands_on_a_floor():
    floors = [row[1].strip("`") for row in rows(PAGE, "层 Floor")]
    assert sorted(floors) == sorted(f"tanbiao.{package}" for package in PACKAGES)


def test_every_app_is_listed_once_and_below_those_that_use_it():
    listed = [row[0].strip("`") for row in rows(PAGE, "应用 App")]
    assert sorted(listed) == sorted(apps())
    for app in listed:
        sources = "".join(path.read_text(encoding="utf-8") for path in (PLATFORM / app).rglob("*.py"))
        used = {other for other in listed if f"tanbiao.platform.{other}." in sources} - {app}
        assert used <= set(listed[: listed.index(app)]), f"{app} uses an app that the page lists after it"


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


def layers() -> list[dict[str, object]]:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    return [contract for contract in linter["contracts"] if contract["type"] == "layers"]


@pytest.mark.parametrize(("container", "members"), [("tanbiao", PACKAGES), ("tanbiao.platform", apps())])
def test_the_import_contracts_leave_no_package_out(container, members):
    contract = next(c for c in layers() if c.get("containers") == [container])
    assert contract["exhaustive"] is True
    assert not contract.get("exhaustive_ignores")
    named = [name.strip(" ()") for layer in contract["layers"] for name in layer.replace(":", "|").split("|")]
    assert sorted(named) == sorted(members)
