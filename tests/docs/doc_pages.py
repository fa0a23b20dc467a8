"""What the tests of documents share: pages, tables, and names of code found behind them."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "tanbiao"
PLATFORM = SRC / "platform"
HOMES = ("tanbiao", "tanbiao.platform")

#: `a.b.c` in backticks; file names are not names of code
_NAME = re.compile(r"`([a-z_]+(?:\.[A-Za-z_0-9]+)+)`")
_FILE = re.compile(r"\.(py|md|json|yaml|txt|in|toml|xlsx|css|html)$")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def apps() -> set[str]:
    """The folders of `tanbiao.platform` that are Django apps."""
    return {path.parent.name for path in PLATFORM.glob("*/apps.py")}


def rows(markdown: str, first: str) -> list[list[str]]:
    """The body of the table whose first head cell begins with `first`, cell by cell."""
    lines = iter(markdown.splitlines())
    for line in lines:
        if line.startswith(f"| {first}"):
            break
    next(lines, None)
    body = []
    for line in lines:
        if not line.startswith("|"):
            break
        body.append([cell.strip() for cell in line.strip("|").split("|")])
    return body


def names_of_code(text: str) -> list[str]:
    return [name for name in _NAME.findall(text) if not _FILE.search(name)]


def found(name: str, homes: tuple[str, ...] = ("", *HOMES)) -> object | None:
    """The module, class, function or field that a dotted name leads to, seen from one of its homes; None for none."""
    things = (_lookup(f"{home}.{name}".lstrip(".").split(".")) for home in homes)
    return next((thing for thing in things if thing is not None), None)


def exists(name: str, homes: tuple[str, ...] = ("", *HOMES)) -> bool:
    return found(name, homes) is not None


def _lookup(parts: list[str]) -> object | None:
    for length in range(len(parts), 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            fields = {**getattr(thing, "__annotations__", {}), **getattr(thing, "model_fields", {})}
            thing = getattr(thing, part, fields.get(part))
        return thing
    return None
