"""Write factors as a table, csv or xlsx, that people can open and `factor_table` reads again.

No cell can run: text that starts like a formula is written as text (an apostrophe in front of it in csv, a text cell in
a workbook). Values are in kg of the gas per unit; what a factor says besides stands in columns of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet

from tanbiao.formats.cells import decimal
from tanbiao.formats.datasets.factor_table.columns import HEADERS
from tanbiao.formats.tables import write_table
from tanbiao.formats.vocabulary import label
from tanbiao.lca.datasets.records import FactorRecord
from tanbiao.lca.model import FactorKind, GasClass, GasScope, LifeCycleScope

# The gas is in the unit; a factor without boundary in words has its life-cycle scope.
_COLUMNS = tuple(column for column in HEADERS if column not in ("per", "gas"))
_KINDS = {"kind": FactorKind, "gas_class": GasClass, "gas_scope": GasScope, "life_cycle_scope": LifeCycleScope}


def write_factor_table(records: Iterable[FactorRecord], path: Path) -> None:
    """Write the factors to `path` (.csv in UTF-8 with a mark, or .xlsx)."""
    factors = list(records)
    words = list(dict.fromkeys(heading for factor in factors for heading in factor.documentation))
    header = [_header(column) for column in _COLUMNS] + words
    rows = [_cells(factor) + [factor.documentation.get(heading, "") for heading in words] for factor in factors]
    if path.suffix.lower() == ".xlsx":
        _write_workbook([header, *rows], path)
    else:
        path.write_bytes(write_table(header, rows).encode("utf-8-sig"))


def _header(column: str) -> str:
    zh, en, *_ = HEADERS[column]
    return f"{zh} {en[0].upper()}{en[1:]}"


def _cells(factor: FactorRecord) -> list[str | Decimal]:
    return [_cell(factor, column) for column in _COLUMNS]


def _cell(factor: FactorRecord, column: str) -> str | Decimal:
    match column:
        case "name":
            return factor.text.zh
        case "name_en":
            return factor.names.get("en", "")
        case "value":
            return decimal(factor.value)
        case "unit":
            return f"kg{factor.gas}/{factor.unit}"
        case "year":
            years = [str(y) for y in (factor.year_from, factor.year) if y is not None]
            return "-".join(years)
        case "category":
            return " / ".join(factor.category)
    value = str(getattr(factor, column))
    return label(_KINDS[column](value)) if column in _KINDS and value else value


def _write_workbook(lines: Sequence[Sequence[str | Decimal]], path: Path) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet("因子 Factors")
    page.freeze_panes = "A2"
    for line in lines:
        page.append([_text_cell(page, value) if isinstance(value, str) else value for value in line])
    book.save(path)


def _text_cell(page: Worksheet, text: str) -> Any:
    """A cell of text, whatever it starts with."""
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell
