"""The tables of a source, one at a time: each file of text, each filled sheet of each workbook."""

from __future__ import annotations

from collections.abc import Iterator

from tanbiao.formats.datasets.container import Container
from tanbiao.formats.datasets.sheets import sheets_of, text_table
from tanbiao.formats.tables import Table, table_of

ENDINGS = (".csv", ".tsv", ".xlsx")


def tables_of(container: Container) -> Iterator[tuple[str, Table]]:
    """Each table with its title: file and sheet, as far as there are several. Raises SourceRefused."""
    names = [name for name in container.names() if name.lower().endswith(ENDINGS)]
    for name in names:
        file = name if len(names) > 1 else ""
        for sheet, table in _tables(name, container.read(name)):
            yield "!".join(filter(None, (file, sheet))), table


def _tables(name: str, data: bytes) -> Iterator[tuple[str, Table]]:
    """The tables of a file, each with the name of its sheet where there are several."""
    if not name.lower().endswith(".xlsx"):
        yield "", text_table(name, data)
        return
    sheets = sheets_of(name, data)
    for title, lines in sheets:
        while lines and not any(cell.strip() for cell in lines[-1]):
            lines.pop()
        if lines:
            yield title if len(sheets) > 1 else "", table_of("xlsx", lines)
