"""The template: an enterprise can fill it in without guessing."""

import io

import pytest
from openpyxl import load_workbook
from workbook_cast import saved, sheet

from tanbiao.formats import sheets
from tanbiao.formats.starter import starter_library
from tanbiao.formats.template import template, write_template
from tanbiao.formats.workbook import read_workbook
from tanbiao.lca.model import FactorKind
from tanbiao.rules import load_rule
from tanbiao.words import Problems


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "x.xlsx"
    write_template(load_rule("steel-eaf"), path)
    return path


def test_every_sheet_and_column_is_named_in_both_languages(written):
    book = load_workbook(written)
    assert book.sheetnames == [s.title for s in sheets.SHEETS]
    for table in sheets.TABLES:
        titles = [c.value for c in book[table.title][1]]
        assert titles == [c.title for c in table.columns]


@pytest.mark.parametrize(
    ("name", "column", "offered"),
    [
        ("Materials", "unit", "t"),
        ("Materials", "stage", "生产 Production"),
        ("Materials", "technological", "5"),
        ("Materials", "item", "废钢"),
        ("Materials", "data_kind", "现场实测 Measured"),
        ("Energy", "factor", "2024年全国电力平均碳足迹因子"),
        ("Energy", "use_factor", "天然气燃烧（中国缺省值，仅CO₂）"),
        ("Transport", "factor", "铁路货运（英国2025，代理）"),
    ],
)
def test_drop_downs_offer(written, name, column, offered):
    assert offered in choices(load_workbook(written), name, column)


def test_no_drop_down_offers_a_grid_co2_factor(written):
    grid = {f.name.zh for f in starter_library().values() if f.kind is FactorKind.GRID_CO2}
    book = load_workbook(written)
    for name in ("Materials", "Energy", "Transport", "Waste"):
        assert not grid & set(choices(book, name, "factor"))


def test_an_untouched_template_is_not_a_product(written):
    """Example rows are not read: what is missing is said, and nothing else is wrong."""
    with pytest.raises(Problems) as caught:
        read_workbook(written)
    assert all("必须填写" in p.text.zh for p in caught.value.problems)
    assert "产品 Product!B2" in {p.place for p in caught.value.problems}


def test_an_example_row_that_was_overwritten_but_not_unmarked_is_told():
    book = template(load_rule("steel-eaf"))
    sheet(book, "Materials")["D2"] = 4711
    with pytest.raises(Problems) as caught:
        read_workbook(saved(book))
    [warning] = [p for p in caught.value.problems if not p.fatal]
    assert warning.place == "原材料 Materials!A2" and "没有读取" in warning.text.zh


def test_the_guide_lists_what_the_rule_asks_for(written):
    guide = {c.value for row in sheet(load_workbook(written), "Guide") for c in row}
    assert {item.name.zh for item in load_rule("steel-eaf").required_items} <= guide


def choices(book, name, column):
    """What the drop-down of a column offers."""
    page = sheet(book, name)
    table = next(t for t in sheets.TABLES if t.title == page.title)
    number = [c.key for c in table.columns].index(column) + 1
    cell = page.cell(5, number).coordinate
    [offer] = [v for v in page.data_validations.dataValidation if cell in v.sqref]
    listed, area = offer.formula1.rsplit("!", 1)
    return [str(c.value) for (c,) in book[listed.strip("'")][area.replace("$", "")]]


def test_saving_twice_gives_a_readable_file():
    again = io.BytesIO()
    load_workbook(io.BytesIO(saved(template(load_rule("steel-eaf"))))).save(again)
    assert load_workbook(again).sheetnames


def test_the_guide_says_unit_and_sheet_of_what_the_rule_asks_for(written):
    rows = [tuple(c.value for c in row) for row in sheet(load_workbook(written), "Guide")]
    assert ("电力", "Electricity", "kWh", "必填 required", "能源 Energy") in rows
    assert ("热轧钢材", "Hot-rolled product", "t", "必填 required", "产出 Outputs") in rows


def test_units_may_be_typed_by_another_name(written):
    """The example of the energy sheet says 万kWh, which the list does not: Excel must let it stand."""
    book = load_workbook(written)
    page = sheet(book, "Energy")
    [offer] = [v for v in page.data_validations.dataValidation if "E5" in v.sqref]
    assert not offer.showErrorMessage
