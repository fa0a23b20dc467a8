"""The workbook template of a rule: bilingual headers, drop-downs, one marked example row for each table."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tanbiao.formats import sheets
from tanbiao.formats.sheets import EXAMPLE, Column, Sheet
from tanbiao.formats.starter import starter_library
from tanbiao.formats.vocabulary import label
from tanbiao.lca.model import (
    Allocation,
    DataKind,
    Factor,
    FactorKind,
    GasClass,
    GasScope,
    InputKind,
    LifeCycleScope,
    OutputKind,
    Stage,
)
from tanbiao.lca.units import ACTIVITY_UNITS
from tanbiao.lca.vocabulary import BOUNDARIES
from tanbiao.rules import Rule

ROWS = 500  # how far down the drop-downs reach

HEADER = PatternFill("solid", fgColor="1F4E5F")
REQUIRED = PatternFill("solid", fgColor="0B7A75")
EXAMPLE_FILL = PatternFill("solid", fgColor="F2F2F2")
# Named in full: a font without a name looks different in every program. No italics, Chinese has none.
PLAIN, BOLD = Font(name="Calibri", size=11), Font(name="Calibri", size=11, bold=True)
WHITE, GREY = Font(name="Calibri", size=11, bold=True, color="FFFFFF"), Font(name="Calibri", size=11, color="6B6B6B")
LINE = Border(bottom=Side(style="thin", color="D9D9D9"))

# What the drop-down of supply factors offers on each sheet; any other factor may be typed.
SUPPLY = {
    "materials": (FactorKind.MATERIAL, FactorKind.WATER, FactorKind.FUEL_UPSTREAM),
    "energy": (FactorKind.ELECTRICITY_FOOTPRINT, FactorKind.HEAT, FactorKind.FUEL_UPSTREAM, FactorKind.TRANSMISSION),
    "transport": (FactorKind.TRANSPORT,),
    "waste": (FactorKind.WASTE, FactorKind.WATER),
    "outputs": (FactorKind.MATERIAL, FactorKind.ELECTRICITY_FOOTPRINT, FactorKind.HEAT, FactorKind.FUEL_UPSTREAM),
}
RELEASED_IN_USE = (FactorKind.PROCESS_EMISSION, FactorKind.FUEL_COMBUSTION)
SUBSTANCES = ("CO2", "CH4", "N2O", "SF6", "NF3", "CF4", "C2F6", "CO2e")


def write_template(rule: Rule, path: Path | str) -> None:
    """Write the empty workbook of a rule to `path`."""
    template(rule).save(path)


def template(rule: Rule) -> Workbook:
    """The empty workbook of a rule, still open for filling in."""
    book = Workbook()
    book.remove(book.active) if book.active else None
    _guide(book.create_sheet(sheets.GUIDE.title), rule)
    lists = _Lists(rule)
    _product(book.create_sheet(sheets.PRODUCT.title), rule, lists)
    for sheet in sheets.TABLES:
        _table(book.create_sheet(sheet.title), sheet, lists)
    lists.write(book.create_sheet(sheets.LISTS.title))
    book.active = 1
    return book


class _Lists:
    """The lists behind the drop-downs, one column each on their sheet."""

    def __init__(self, rule: Rule):
        library = starter_library().values()
        self.columns: dict[str, list[str]] = {
            "units": [u.symbol for u in ACTIVITY_UNITS],
            "mass_units": [u.symbol for u in ACTIVITY_UNITS if u.dimension == "mass"],
            "distance_units": ["km"],
            "stages": _labels(Stage),
            "data_kinds": _labels(DataKind),
            "gas_classes": _labels(GasClass),
            "allocations": _labels(Allocation),
            "output_kinds": _labels(OutputKind),
            "factor_kinds": _labels(FactorKind),
            "gas_scopes": _labels(GasScope),
            "life_cycle_scopes": _labels(LifeCycleScope),
            "gwp_sets": ["AR6", "AR5"],
            "scores": ["1", "2", "3", "4", "5"],
            "substances": list(SUBSTANCES),
            "boundaries": [_boundary(code) for code in BOUNDARIES],
            "items": [item.name.zh for item in rule.required_items],
            "use_factors": _names(f for k in RELEASED_IN_USE for f in library if f.kind is k),
        } | {f"factors:{s}": _names(f for k in kinds for f in library if f.kind is k) for s, kinds in SUPPLY.items()}

    def reference(self, column: Column, sheet: Sheet) -> str:
        """Where the choices of a column stand, as Excel writes it."""
        if column.choices == "processes":
            return f"'{sheets.PROCESSES.title}'!$B$2:$B$100"
        name = f"factors:{sheet.key}" if column.choices == "factors" else column.choices
        letter = get_column_letter(list(self.columns).index(name) + 1)
        return f"'{sheets.LISTS.title}'!${letter}$2:${letter}${len(self.columns[name]) + 1}"

    def write(self, page: Worksheet) -> None:
        for number, (name, values) in enumerate(self.columns.items(), 1):
            page.cell(1, number, name).font = BOLD
            for row, value in enumerate(values, 2):
                page.cell(row, number, value)
            page.column_dimensions[get_column_letter(number)].width = 24
        page.freeze_panes = "A2"


def _boundary(code: str) -> str:
    words = BOUNDARIES[code]
    return f"{words.zh} {words.en}"


def _labels(kind: type[StrEnum]) -> list[str]:
    return [label(member) for member in kind]


def _names(factors: Iterable[Factor]) -> list[str]:
    return [f.name.zh for f in factors]


def _offer(page: Worksheet, column: Column, sheet: Sheet, lists: _Lists, cells: str) -> None:
    """Put the drop-down of a column on a range of cells."""
    if not column.choices:
        return
    offer = DataValidation("list", formula1=lists.reference(column, sheet), allow_blank=True)
    offer.showErrorMessage = column.strict
    offer.error = "请从列表中选择 / Choose from the list"
    page.add_data_validation(offer)
    offer.add(cells)


def _table(page: Worksheet, sheet: Sheet, lists: _Lists) -> None:
    for number, column in enumerate(sheet.columns, 1):
        head = page.cell(1, number, column.title)
        head.font, head.fill = WHITE, REQUIRED if column.required else HEADER
        head.alignment = Alignment(wrap_text=True, vertical="center")
        if column.help.zh:
            head.comment = Comment(f"{column.help.zh}\n{column.help.en}", "Tanbiao", width=260, height=90)
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = column.width
        for row in range(2, 60):
            page.cell(row, number).number_format = column.format
        _offer(page, column, sheet, lists, f"{letter}2:{letter}{ROWS}")
        example = page.cell(2, number, EXAMPLE if column.key == "mark" else sheet.example.get(column.key))
        example.font, example.fill, example.border = GREY, EXAMPLE_FILL, LINE
    page.row_dimensions[1].height = 34
    page.freeze_panes = "D2"


def _product(page: Worksheet, rule: Rule, lists: _Lists) -> None:
    given: dict[str, str | Decimal] = {
        "rule": rule.id,
        "declared_amount": rule.declared_unit.amount,
        "declared_unit": rule.declared_unit.unit,
        "boundary": _boundary(rule.boundary.kind),
    }
    for number, column in enumerate(sheets.PRODUCT.columns, 1):
        name = page.cell(number, 1, column.title)
        name.font, name.fill = WHITE, REQUIRED if column.required else HEADER
        value = page.cell(number, 2, given.get(column.key))
        value.number_format, value.border = column.format, LINE
        value.alignment = Alignment(horizontal="left")
        page.cell(number, 3, f"{column.help.zh} {column.help.en}".strip()).font = GREY
        _offer(page, column, sheets.PRODUCT, lists, f"B{number}")
    for letter, width in (("A", 40), ("B", 46), ("C", 70)):
        page.column_dimensions[letter].width = width


def _guide(page: Worksheet, rule: Rule) -> None:
    lines = [
        (f"碳标产品碳足迹工作簿：{rule.title.zh}", f"Tanbiao footprint workbook: {rule.title.en}"),
        (f"规则 {rule.id}，版本 {rule.version}", f"Rule {rule.id}, version {rule.version}"),
        ("1. 先填“产品”和“过程”，再填各数据表。", "1. Fill in Product and Processes first, then the tables."),
        (
            "2. 数量为整个数据期（如一年）的总量，一律填正数；不写千位分隔符，单位填在单位列。",
            "2. Amounts are totals over the whole data period (say, a year), always positive, without thousands "
            "separators; the unit goes into its own column.",
        ),
        (
            "3. 标“示例”的行不读取。可删去，或改成真实数据后清空“标记”。",
            "3. Rows marked as example are not read. Delete them, or fill in real data and clear the mark.",
        ),
        (
            "4. 每种输入选一个供应因子，或写明由哪个自有过程供应。燃料、熔剂、电极另选使用排放因子。",
            "4. Each input has a supply factor or an own process that supplies it. Fuels, flux and electrodes also "
            "have a use-emission factor.",
        ),
        (
            "5. 电力只能用电力碳足迹因子；电力平均二氧化碳排放因子仅含燃烧 CO2，会被拒绝。",
            "5. Electricity takes an electricity footprint factor; the average grid CO2 factor covers combustion CO2 "
            "only and is refused.",
        ),
        (
            "6. 供应商或文献的因子填入“自有因子”，如实写明来源；其他表按名称引用。",
            "6. Factors of suppliers or from literature go onto Own factors, with their true source; other sheets use "
            "their names.",
        ),
        (
            "7. 炉渣等无偿交付利用的残余物填在“产出”，类别“再生利用”；送处理的填在“废物”。",
            "7. Residues given away for use (slag) are Outputs of kind recycled; what goes to treatment is Waste.",
        ),
        (
            "8. 不要合并单元格。可调整列的次序，不要改标题。",
            "8. Do not merge cells. Columns may be reordered; do not change their titles.",
        ),
        ("9. 完成后运行：tanbiao footprint 文件名.xlsx", "9. When done: tanbiao footprint file.xlsx"),
    ]
    for row, (zh, en) in enumerate(lines, 1):
        for number, text in ((1, zh), (2, en)):
            cell = page.cell(row, number, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if row == 1:
                cell.font = Font(name="Calibri", size=14, bold=True)
        # not every program makes a row as high as its text
        page.row_dimensions[row].height = 36 if row == 1 else 15 * (1 + len(en) // 85)
    start = len(lines) + 2
    heads = ("本规则的数据项", "Data this rule asks for", "单位 Unit", "必填 Required", "填在 Sheet")
    for number, head in enumerate(heads, 1):
        page.cell(start, number, head).font = BOLD
    for row, item in enumerate(rule.required_items, start + 1):
        asked = "必填 required" if item.required else "选填 optional"
        where = " / ".join(dict.fromkeys(_sheet_of(kind) for kind in (item.kind, *item.also)))
        for number, text in enumerate((item.name.zh, item.name.en, item.unit, asked, where), 1):
            page.cell(row, number, text).font = PLAIN
    for letter, width in (("A", 80), ("B", 90), ("C", 12), ("D", 16), ("E", 36)):
        page.column_dimensions[letter].width = width


def _sheet_of(kind: InputKind | OutputKind) -> str:
    """The title of the sheet on which such an item stands."""
    return next((s.title for s in sheets.INPUT_SHEETS if s.kind is kind), sheets.OUTPUTS.title)
