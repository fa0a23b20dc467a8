"""The example workbook, and ways to spoil it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tanbiao.formats.workbook import read_workbook
from tanbiao.words import Problem, Problems

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "steel-rebar" / "steel-rebar-2024.xlsx"
Change = Callable[[Workbook], None]


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_cells(**cells: Any) -> bytes:
    """The example with some cells changed; keys are "<sheet in English>_<cell>", e.g. Materials_D2."""

    def change(book: Workbook) -> None:
        for key, value in cells.items():
            name, cell = key.rsplit("_", 1)
            sheet(book, name)[cell] = value

    return changed(change)


def changed(change: Change) -> bytes:
    book = load_workbook(EXAMPLE)
    change(book)
    return saved(book)


def sheet(book: Workbook, name: str) -> Any:
    """The sheet with this English name ("Own_factors" for "Own factors")."""
    return next(book[t] for t in book.sheetnames if t.endswith(" " + name.replace("_", " ")))


def problems_of(data: bytes) -> dict[str, Problem]:
    """What keeps a workbook from being read, by place; fails where nothing does."""
    with pytest.raises(Problems) as caught:
        read_workbook(data)
    return {p.place: p for p in caught.value.problems if p.fatal}


def edit_sheet(name: str, edit: Callable[[bytes], bytes]) -> bytes:
    """The example with the XML of one sheet edited (what openpyxl would not write)."""
    titles = load_workbook(EXAMPLE, read_only=True).sheetnames
    number = next(n for n, t in enumerate(titles, 1) if t.endswith(name))
    out = io.BytesIO()
    with zipfile.ZipFile(EXAMPLE) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, edit(content) if entry == f"xl/worksheets/sheet{number}.xml" else content)
    return out.getvalue()
