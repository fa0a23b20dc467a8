"""Results as tables: rows of plain values, a data frame where pandas or polars is there, HTML in a notebook."""

from __future__ import annotations

import html
import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tanbiao.lca.faults import NoFrames
from tanbiao.words import Text

Row = Mapping[str, object]
_SHOWN = 100  # rows of a table in a notebook; the frame has them all


class Table:
    """A result that reads as a table: whoever inherits gives `rows` (one dict of plain values a line) and `caption`."""

    __slots__ = ()

    def caption(self) -> Text:
        raise NotImplementedError

    def rows(self) -> list[dict[str, object]]:
        raise NotImplementedError

    def to_frame(self) -> Any:
        """The rows as a DataFrame of pandas, else of polars. Raises NoFrames where neither is installed."""
        return to_frame(self.rows())

    def _repr_html_(self) -> str:
        return html_table(self.rows(), self.caption())

    def __str__(self) -> str:
        return text_table(self.rows(), self.caption())


def share(part: float, whole: float) -> float:
    """Share of a whole; 0 of a whole that is nothing."""
    return part / whole if whole else 0.0


def to_frame(rows: Iterable[Row]) -> Any:
    """Rows with the same keys as a DataFrame of pandas, else of polars. Raises NoFrames where neither is installed."""
    table = [dict(row) for row in rows]
    for library in ("pandas", "polars"):
        try:
            return importlib.import_module(library).DataFrame(table)
        except ModuleNotFoundError as error:
            if error.name != library:
                raise
    raise NoFrames(
        "",
        "数据表需要 pandas 或 polars，都未安装。请运行 pip install pandas（或 polars），或直接使用 rows()。",
        "A data frame needs pandas or polars, and neither is installed. Run pip install pandas (or polars), or use "
        "rows().",
    )


def html_table(rows: Sequence[Row], caption: Text | str = "", shown: int = _SHOWN) -> str:
    """A table of HTML, every text escaped; shares (columns named "share") in per cent, the first `shown` rows."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    head = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(_cell(column, row.get(column)) for column in columns)}</tr>" for row in rows[:shown])
    more = len(rows) - shown
    left = Text(f"另有 {more} 行", f"{more} more rows")
    foot = f'<tfoot><tr><td colspan="{len(columns)}">{left}</td></tr></tfoot>' if more > 0 else ""
    title = f"<caption>{html.escape(str(caption))}</caption>" if str(caption) else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table>"


def text_table(rows: Sequence[Row], caption: Text | str = "", shown: int = 20) -> str:
    """The caption and the first rows, for a terminal."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    table = [columns, *([_said(column, row.get(column)) for column in columns] for row in rows[:shown])]
    widths = [max(len(line[k]) for line in table) for k in range(len(columns))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]
    more = len(rows) - shown
    return "\n".join([str(caption), *lines, *([str(Text(f"另有 {more} 行", f"{more} more rows"))] if more > 0 else [])])


def _said(column: str, value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2%}" if column == "share" else f"{value:.6g}"
    return "" if value is None else str(value)


def _cell(column: str, value: object) -> str:
    said = html.escape(_said(column, value))
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f'<td style="text-align:right">{said}</td>' if number else f"<td>{said}</td>"
