"""What can be wrong in a workbook: every problem at once, each with its cell, in both languages."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from openpyxl.worksheet.formula import ArrayFormula
from workbook_cast import EXAMPLE, changed, edit_sheet, problems_of, sheet, with_cells

from tanbiao.formats import assembly
from tanbiao.formats.workbook import read_workbook
from tanbiao.lca import DataKind, GasClass
from tanbiao.rules import OutOfRange, evaluate
from tanbiao.words import Problems

AMOUNT = "原材料 Materials!D2"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("５３８０００", "538000"),
        ("1,234", "1234"),
        ("538,000.5", "538000.5"),
        ("3,0", "小数点"),
        ("约五十万", "文字"),
        ("538000", "转换为数字"),
        ("12 t", "单位填在单位列"),
        ("NaN", "有限"),
        ("inf", "有限"),
        (-5, "为负"),
        (True, "不是数字"),
        (dt.date(2024, 1, 2), "2024-01-02"),
    ],
)
def test_an_amount_that_is_no_plain_number_is_refused(typed, says):
    problems = problems_of(with_cells(Materials_D2=typed))
    assert list(problems) == [AMOUNT]
    assert says in problems[AMOUNT].text.zh
    assert not re.search("[一-鿿]", problems[AMOUNT].text.en.replace(str(typed), ""))


def test_full_width_digits_say_what_to_write():
    [problem] = problems_of(with_cells(Materials_D2="１２３")).values()
    assert "请改写为 123" in problem.text.zh and "write 123" in problem.text.en


def test_an_unknown_unit_is_named_with_what_it_may_mean():
    [problem] = problems_of(with_cells(Materials_E13="方")).values()
    assert problem.place == "原材料 Materials!E13"
    assert "方" in problem.text.zh and "m3" in problem.text.zh


def test_a_unit_of_the_wrong_dimension_is_refused():
    [problem] = problems_of(with_cells(Materials_E2="kWh")).values()
    assert problem.place == "原材料 Materials!E2"
    assert "kWh" in problem.text.zh and "质量" in problem.text.zh and "mass" in problem.text.en


def test_an_emission_must_be_a_mass():
    [problem] = problems_of(with_cells(Emissions_G2="kWh")).values()
    assert problem.place == "直接排放 Emissions!G2" and "应为质量" in problem.text.zh


def test_an_amount_from_an_own_process_must_fit_what_it_makes():
    problems = problems_of(with_cells(Materials_E11="t"))
    assert "oxygen" in problems["原材料 Materials!E11"].text.zh


def test_merged_cells_in_the_data_are_named_by_their_range():
    problems = problems_of(changed(lambda book: sheet(book, "Materials").merge_cells("D2:D4")))
    assert "D2:D4" in problems["原材料 Materials!D2:D4"].text.zh


def test_a_missing_factor_is_refused():
    [problem] = problems_of(with_cells(Materials_F4=None)).values()
    assert problem.place == "原材料 Materials!F4" and "缺少排放因子" in problem.text.zh


def test_an_unknown_factor_comes_with_the_closest_names():
    [problem] = problems_of(with_cells(Energy_F2="2024全国电力平均碳足迹因子")).values()
    assert problem.place == "能源 Energy!F2" and "2024年全国电力平均碳足迹因子" in problem.text.en


@pytest.mark.parametrize(("year", "right", "value"), [(2023, 2023, "0.6205"), (2022, 2024, "0.5777")])
def test_the_grid_co2_factor_is_refused_and_the_footprint_factor_of_its_year_named(year, right, value):
    """Where none was published for that year, the latest."""
    [problem] = problems_of(with_cells(Energy_F2=f"{year}年上海电力平均二氧化碳排放因子")).values()
    assert problem.place == "能源 Energy!F2"
    for said in (problem.text.zh, problem.text.en):
        assert value in said
    assert f"{right}年全国电力平均碳足迹因子" in problem.text.zh


def test_a_combustion_factor_in_the_supply_column_says_which_column():
    [problem] = problems_of(with_cells(Energy_F3="天然气燃烧（中国缺省值，仅CO₂）", Energy_H3=None)).values()
    assert problem.place == "能源 Energy!F3" and "使用排放因子" in problem.text.zh


def test_factor_and_supplying_process_exclude_each_other():
    [problem] = problems_of(with_cells(Materials_G2="eaf")).values()
    assert problem.place == "原材料 Materials!G2" and "只能填一个" in problem.text.zh


def test_an_output_of_zero_is_refused():
    [problem] = problems_of(with_cells(Outputs_E3=0)).values()
    assert problem.place == "产出 Outputs!E3" and "不能为 0" in problem.text.zh


def test_an_unknown_stage_lists_the_permitted_ones():
    [problem] = problems_of(with_cells(Materials_J2="采购")).values()
    assert problem.place == "原材料 Materials!J2"
    assert "原材料获取" in problem.text.zh and "Distribution" in problem.text.en


@pytest.mark.parametrize("formula", ["=500000+38000", ArrayFormula("D2", "=SUM(A1:A2)")])
def test_a_formula_without_a_stored_result_is_refused(formula):
    [problem] = problems_of(with_cells(Materials_D2=formula)).values()
    assert problem.place == AMOUNT and "公式" in problem.text.zh and "保存" in problem.text.zh


def test_a_formula_with_a_stored_result_is_read_with_a_warning():
    data = edit_sheet(
        "Materials", lambda xml: re.sub(rb'(<c r="D2"[^>]*>)<v>', rb"\1<f>500000+38000</f><v>", xml, count=1)
    )
    reading = read_workbook(data)
    assert [w.place for w in reading.warnings] == [AMOUNT]
    assert amount_of(reading, "外购废钢") == Decimal(538000)


def test_a_row_entered_twice_is_warned_of_with_both_cells():
    def again(book):
        for name in ("Energy", "Emissions"):
            page = sheet(book, name)
            for cell in page[2]:
                page.cell(page.max_row + 1 if cell.column == 1 else page.max_row, cell.column, cell.value)
            page.cell(page.max_row, 2, page.cell(2, 2).value)

    warnings = read_workbook(changed(again)).warnings
    assert len(warnings) == 2
    for warning, first in zip(warnings, ("能源 Energy!D2", "直接排放 Emissions!F2"), strict=True):
        assert first in warning.text.zh and first in warning.text.en
        assert warning.place.split("!")[0] == first.split("!")[0] and warning.place != first


def test_rows_that_differ_in_their_amount_are_two_rows():
    assert read_workbook(with_cells(Energy_D3=258)).warnings == ()


def test_an_own_factor_that_claims_too_much_is_told_at_its_row():
    claims = with_cells(Own_factors_I2="全部温室气体 All greenhouse gases")  # pig iron, of which only CO2 is given
    [problem] = problems_of(claims).values()
    assert problem.place == "自有因子 Own factors!A2" and "仅二氧化碳" in problem.text.zh
    credit = with_cells(Own_factors_G3="生物源清除 Biogenic removals")  # CO2e
    [problem] = problems_of(credit).values()
    assert problem.place == "自有因子 Own factors!A3" and "清除量" in problem.text.zh


@pytest.mark.parametrize(("cell", "row"), [("Outputs_I3", "连铸坯"), ("Emissions_I2", "高压断路器六氟化硫泄漏")])
def test_an_empty_data_kind_is_secondary_on_every_sheet(cell, row):
    processes = read_workbook(with_cells(**{cell: None})).system.processes
    said = {r.name: r.data_kind for p in processes for r in (*p.outputs, *p.emissions)}
    assert said[row] is DataKind.SECONDARY
    assert list(said.values()).count(DataKind.SECONDARY) == 1


def test_an_excel_error_is_named():
    [problem] = problems_of(with_cells(Materials_D2="#DIV/0!")).values()
    assert problem.place == AMOUNT and "#DIV/0!" in problem.text.zh


def test_a_date_as_text_is_refused():
    [problem] = problems_of(with_cells(Product_B14="2024-01-01")).values()
    assert problem.place == "产品 Product!B14" and "不是日期" in problem.text.zh


def test_a_period_that_ends_before_it_starts_is_refused():
    [problem] = problems_of(with_cells(Product_B15=dt.date(2023, 1, 1))).values()
    assert problem.place == "产品 Product!B15"


def test_a_required_cell_that_is_empty_is_named():
    problems = problems_of(with_cells(Materials_C2=None, Product_B2=None))
    assert list(problems) == ["产品 Product!B2", "原材料 Materials!C2"]


def test_process_ids_must_differ():
    problems = problems_of(with_cells(Processes_B4="eaf"))
    assert "重复" in problems["过程 Processes!B4"].text.zh


def test_an_unknown_process_lists_those_there_are():
    problems = problems_of(with_cells(Materials_B2="eaf2"))
    assert "oxygen、eaf、rolling" in problems["原材料 Materials!B2"].text.zh


def test_a_process_needs_exactly_one_product():
    problems = problems_of(with_cells(Outputs_D4="产品"))
    assert "2 个“产品”" in problems["过程 Processes!B3"].text.zh


def test_scores_run_from_one_to_five_and_come_together():
    problems = problems_of(with_cells(Materials_L2=6, Materials_M3=None))
    assert list(problems) == ["原材料 Materials!L2", "原材料 Materials!L3"]


def test_an_unknown_rule_or_item_lists_what_there_is():
    assert "steel-eaf" in problems_of(with_cells(Product_B1="steel"))["产品 Product!B1"].text.zh
    assert "废钢" in problems_of(with_cells(Materials_I2="废铜"))["原材料 Materials!I2"].text.zh


def test_own_factors_must_say_their_gwp_set_and_may_not_shadow_the_library():
    problems = problems_of(with_cells(Own_factors_K3=None, Own_factors_B4="2024年全国电力平均碳足迹因子"))
    assert {"自有因子 Own factors!K3", "自有因子 Own factors!B4"} <= set(problems)


def test_an_unknown_gas_is_refused():
    assert "直接排放 Emissions!D2" in problems_of(with_cells(Emissions_D2="SF5"))


def test_gases_are_looked_for_in_the_set_of_the_rule(monkeypatch):
    of_ar5 = [rule.model_copy(update={"gwp_set": "AR5"}) for rule in assembly.available_rules()]
    monkeypatch.setattr(assembly, "available_rules", lambda: of_ar5)
    assert "AR5" in problems_of(with_cells(Emissions_D2="SF5"))["直接排放 Emissions!D2"].text.en


def test_removals_by_land_management_can_be_typed():
    data = with_cells(Emissions_D2="CO2", Emissions_E2="土地管理清除 Land management removals")
    system = read_workbook(data).system
    assert GasClass.LAND_MANAGEMENT_REMOVAL in {e.gas_class for p in system.processes for e in p.emissions}


def test_a_missing_column_and_a_missing_sheet_are_named():
    assert "数量" in problems_of(with_cells(Materials_D1="Menge"))["原材料 Materials!1:1"].text.zh
    assert "产出 Outputs" in problems_of(changed(lambda book: book.remove(sheet(book, "Outputs"))))


def test_all_problems_come_at_once_in_reading_order():
    problems = problems_of(
        with_cells(Outputs_E3=-1, Materials_D3="x", Materials_D2="１", Energy_E2="度", Product_B11="锭")
    )
    assert list(problems) == [
        "产品 Product!B11",
        "原材料 Materials!D2",
        "原材料 Materials!D3",
        "能源 Energy!E2",
        "产出 Outputs!E3",
    ]


def test_an_extra_column_is_told_and_the_order_of_columns_does_not_matter():
    def change(book):
        page = sheet(book, "Waste")
        page.move_range(f"A1:{page.dimensions.split(':')[1]}", cols=1)
        page["A1"] = "部门"

    reading = read_workbook(changed(change))
    assert [w.place for w in reading.warnings] == ["废物 Waste!A1"]
    assert amount_of(reading, "废耐火材料填埋") == amount_of(read_workbook(EXAMPLE), "废耐火材料填埋")


def test_every_message_is_said_in_both_languages():
    with pytest.raises(Problems) as caught:
        read_workbook(with_cells(Materials_D2="x", Energy_F2="y", Processes_E2="z", Product_B15="never"))
    assert len(caught.value.problems) == 4
    for p in caught.value.problems:
        assert re.search("[一-鿿]", p.text.zh) and re.search("[a-z]{3}", p.text.en) and p.text.zh != p.text.en


def amount_of(reading, name):
    return next(i.quantity.amount for p in reading.system.processes for i in p.inputs if i.name == name)


def test_a_text_has_an_end():
    [problem] = problems_of(with_cells(Materials_C2="废" * 201)).values()
    assert problem.place == "原材料 Materials!C2" and "201" in problem.text.zh and "200" in problem.text.en


@pytest.mark.parametrize("character", ["​", "‮"])
def test_an_invisible_character_is_named(character):
    [problem] = problems_of(with_cells(Materials_C2=f"废{character}钢")).values()
    assert problem.place == "原材料 Materials!C2" and f"U+{ord(character):04X}" in problem.text.en


@pytest.mark.parametrize("written", ["_x0000_", "_x001B_", "&#x202e;"])
def test_no_message_carries_what_moves_a_terminal(written):
    """Excel writes control characters as _x0000_; in a header they come back in a warning, in a cell in a problem."""
    note = "备注".encode("ascii", "xmlcharrefreplace")  # as the example is written
    header = edit_sheet("Materials", lambda xml: xml.replace(note + b" Note", note + written.encode()))
    [warning] = [w for w in read_workbook(header).warnings if w.place == "原材料 Materials!P1"]
    cell = edit_sheet("Materials", lambda xml: xml.replace(b"<t>eaf</t>", f"<t>eaf{written}</t>".encode(), 1))
    [problem] = problems_of(cell).values()
    for text in (warning.text, problem.text):
        assert all(c.isprintable() for c in text.zh + text.en)


def test_an_own_factor_that_cannot_be_read_is_the_only_complaint():
    assert list(problems_of(with_cells(Own_factors_H2="物料"))) == ["自有因子 Own factors!H2"]


def test_there_is_an_end_to_processes():
    def crowd(book):
        rows = sheet(book, "Processes")
        last = [cell.value for cell in rows[rows.max_row]]
        for n in range(250):
            rows.append([last[0], f"p{n}", *last[2:]])

    assert "200" in " ".join(p.text.en for p in problems_of(changed(crowd)).values())


def test_a_workbook_without_activity_data_is_refused():
    def empty(book):
        for name in ("Materials", "Energy", "Transport", "Emissions", "Waste"):
            sheet(book, name).delete_rows(2, 500)

    assert "no input" in " ".join(p.text.en for p in problems_of(changed(empty)).values())


def test_there_is_an_end_to_rows():
    def crowd(book):
        rows = sheet(book, "Materials")
        row = [cell.value for cell in rows[4]]
        for n in range(2_000):
            rows.append([row[0], row[1], f"{row[2]} {n}", *row[3:]])

    [problem] = problems_of(changed(crowd)).values()
    assert "at most 2000" in problem.text.en and "最多 2000" in problem.text.zh


def test_there_is_an_end_to_problems():
    def crowd(book):
        rows = sheet(book, "Materials")
        for _ in range(1_000):
            rows.append(["", "no process", "x", "no number"])

    with pytest.raises(Problems) as caught:
        read_workbook(changed(crowd))
    assert len(caught.value.problems) == 501
    assert any("too many" in problem.text.en for problem in caught.value.problems)


def test_a_second_sheet_of_the_same_name_is_not_passed_over():
    def double(book):
        book.copy_worksheet(sheet(book, "Materials")).title = "Materials"

    [problem] = problems_of(changed(double)).values()
    assert problem.place == "Materials" and "hidden" in problem.text.en


def test_a_sheet_that_lies_about_its_extent_hides_no_formula():
    def formula(xml):
        xml = re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:A1"/>', xml)
        return re.sub(rb'(<c r="D3"[^>]*?)(?: t="n")?><v>[^<]*</v>', rb"\1><f>1000*2</f>", xml)

    data = edit_sheet("Materials", formula)
    assert "1000*2" in problems_of(data)["原材料 Materials!D3"].text.en


@pytest.mark.parametrize(
    ("sheet_name", "cell", "value", "says"),
    [
        ("Own_factors", "M2", 1e300, "1990"),
        ("Own_factors", "M2", 2020.5, "1990"),
        ("Product", "B10", 1e25, "declared amount"),
        ("Product", "B10", 1.2345678901234567e-25, "declared amount"),
        ("Product", "B15", dt.date(9999, 12, 31), "2100"),
    ],
)
def test_numbers_and_dates_far_off_are_refused(sheet_name, cell, value, says):
    [problem] = problems_of(with_cells(**{f"{sheet_name}_{cell}": value})).values()
    assert says in problem.text.en


@pytest.mark.parametrize("value", [1e29, 1e20])
def test_a_footprint_that_cannot_be_is_refused(value):
    system = read_workbook(with_cells(Own_factors_D2=value)).system
    with pytest.raises(OutOfRange, match="kg CO2e"):
        evaluate(system)


def test_a_missing_column_is_told_once_at_its_header():
    problems = problems_of(with_cells(Materials_D1="用量"))
    assert [p.place for p in problems.values() if p.fatal] == ["原材料 Materials!1:1"]


def test_a_sheet_that_was_renamed_is_refused_rather_than_left_out():
    problems = problems_of(changed(lambda book: setattr(sheet(book, "Energy"), "title", "能耗")))
    assert [p.place for p in problems.values() if p.fatal] == ["能源 Energy"]


def test_outputs_of_an_unknown_process_are_not_missed_at_another():
    """The wrong id is told at each row that has it, and no process is said to make nothing because of it."""
    problems = problems_of(with_cells(Outputs_B6="rollling"))
    assert list(problems) == ["产出 Outputs!B6"]


def test_an_own_factor_without_a_name_is_told_once():
    with pytest.raises(Problems) as caught:
        read_workbook(changed(lambda book: sheet(book, "Own factors").__setitem__("B3", None)))
    assert [p.place for p in caught.value.problems].count("自有因子 Own factors!B3") == 1


@pytest.mark.parametrize("typed", ["从摇篮到大门", "Cradle to gate", "从摇篮到大门 cradle to gate", "cradle_to_gate"])
def test_a_boundary_may_be_written_in_words_or_as_its_code(typed):
    assert read_workbook(with_cells(Product_B13=typed)).system.product.boundary == "cradle_to_gate"


@pytest.mark.parametrize(
    "cells",
    [{"Product_B13": "大门"}, {"Processes_D2": "冶炼"}, {"Energy_B2": "melt"}, {"Product_B1": "steel"}],
)
def test_choices_are_offered_in_the_language_of_the_sentence(cells):
    [typed] = cells.values()
    for problem in problems_of(with_cells(**cells)).values():
        assert not re.search("[一-鿿、]", problem.text.en.replace(typed, ""))


def test_a_line_of_the_product_sheet_that_stands_twice_is_refused_though_hidden():
    def twice(book):
        page = sheet(book, "Product")
        page.append(["声明单位数量 Declared amount", 1000])
        page.row_dimensions[page.max_row].hidden = True

    problems = problems_of(changed(twice))
    (place,) = problems
    assert place.startswith("产品 Product!A") and "stands twice" in problems[place].text.en


@pytest.mark.parametrize(
    ("cell", "typed", "says"),
    [
        ("Product_B7", "123", "check digit"),
        ("Product_B9", "江苏", "CN-JS"),
        ("Exclusions_C2", "0.5%", "percentage"),
    ],
)
def test_a_code_or_a_share_that_is_none_is_refused(cell, typed, says):
    problems = problems_of(with_cells(**{cell: typed}))
    (place,) = problems
    assert place.endswith(cell.split("_")[1]) and says in problems[place].text.en


def test_an_own_factor_cannot_take_the_name_of_a_published_one_by_a_trick():
    def shadow(book):
        page = sheet(book, "Own_factors")
        page.append(["", "2024年全国电力平均碳足迹因子 *", "", 0.001, "kWh", "CO2e", "化石 Fossil",
                     "电力碳足迹因子 Electricity footprint factor", "全部温室气体 All greenhouse gases",
                     "生命周期 Life cycle", "AR6", "CN", 2024, "假设"])  # fmt: skip

    problems = problems_of(changed(shadow))
    assert any("起始库" in p.text.zh for p in problems.values())


def test_ids_of_processes_that_differ_by_case_only_are_the_same():
    problems = problems_of(
        changed(lambda book: sheet(book, "Processes").append(["", "EAF", "又一个", "生产 Production"]))
    )
    assert any("stands twice" in p.text.en for p in problems.values())
