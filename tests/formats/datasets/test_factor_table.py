"""Factor tables in and out: headers, units, numbers, places of what is left out; and tables that hold no factors."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanbiao.formats.datasets.factor_table.numbers import number, years
from tanbiao.formats.datasets.factor_table.reader import FORMAT
from tanbiao.formats.datasets.factor_table.writer import write_factor_table
from tanbiao.formats.datasets.reading import Format, read_source
from tanbiao.lca.datasets.factor_units import NotAFactorUnit, factor_unit
from tanbiao.lca.datasets.records import FactorRecord
from tanbiao.lca.datasets.report import Report, SourceRefused


class OneFile:
    """A container of one file in memory."""

    def __init__(self, name: str, data: bytes):
        self.name, self._data = name, data

    def names(self):
        return [self.name]

    def read(self, name):
        return self._data

    def first_bytes(self, name, size=4096):
        return self._data[:size]


def read(data: bytes | str, name: str = "factors.csv") -> tuple[list[FactorRecord], Report]:
    report = Report()
    data = data.encode() if isinstance(data, str) else data
    return list(FORMAT.records(OneFile(name, data), report, lambda done, total: None)), report


def places(report: Report) -> dict[str, str]:
    return {n.place: n.code for n in report.warnings}


PUBLIC = """产品名称,核算边界,碳足迹,单位,企业,年份,数据类型
聚丙烯,摇篮到大门,0.868,kgCO2e/t,甲公司,2022,生命周期
聚丙烯,摇篮到大门,5.98,t/t,乙公司,2021-2022,生命周期
"""


def test_a_public_layout_is_read_with_its_unknown_columns():
    (one, two), report = read(PUBLIC)
    assert (one.value, one.unit, one.gas, one.given) == (0.868, "t", "CO2e", "0.868 kgCO2e/t")
    assert (two.value, two.unit, two.year_from, two.year) == (5980.0, "t", 2021, 2022)
    assert (one.provider, one.boundary, one.life_cycle_scope) == ("甲公司", "摇篮到大门", "cradle_to_gate")
    assert one.kind == "material"
    assert dict(one.documentation) == {"数据类型": "生命周期"}
    assert {n.code for n in report.notices} == {"kept_column", "gas_assumed", "kind_assumed"}
    assert not report.warnings


def test_headers_in_english_below_a_title_and_a_unit_in_the_header():
    found, report = read(
        "Table 3: defaults;;\n;;\nName;Emission factor (kg CO2/TJ);Region\nDiesel, combustion;74100;China\n"
    )
    (factor,) = found
    assert (factor.gas, factor.unit, factor.value, factor.region) == ("CO2", "TJ", 74100.0, "CN")
    assert (factor.kind, factor.gas_scope, factor.place) == ("fuel_combustion", "co2_only", "B4")
    assert report.facts["rows"] == 1


def test_the_unit_may_be_in_two_columns():
    (factor,), _ = read("Activity,Value,GHG/Unit,UOM\nRail,0.02779,kg CO2e,tonne.km\n")
    assert (factor.gas, factor.unit, factor.kind) == ("CO2e", "t·km", "transport")


@pytest.mark.parametrize(
    ("line", "place", "code"),
    [
        (",0.5,kgCO2e/kWh", "A2", "empty_cell"),
        ("电力,,kgCO2e/kWh", "B2", "empty_cell"),
        ("电力,0.5,", "C2", "not_a_factor_unit"),
        ('电力,"3,0",kgCO2e/kWh', "B2", "not_a_number"),
        ("电力,0.5-0.6,kgCO2e/kWh", "B2", "not_a_number"),
        ("电力,NaN,kgCO2e/kWh", "B2", "not_a_number"),
        ("电力,0.5,kg/kWh", "C2", "gas_not_said"),
        ("煤,27,tC/TJ", "C2", "not_a_factor_unit"),
        ("纱,5,kgCO2e/锭", "C2", "not_a_factor_unit"),
    ],
)
def test_a_row_that_says_no_factor_is_left_out_with_its_cell(line, place, code):
    found, report = read(f"名称,因子值,单位\n{line}\n蒸汽,0.11,tCO2/GJ\n")
    assert len(found) == 1
    assert places(report) == {place: code}
    assert report.refused == 1


def test_an_absurd_unit_is_read_as_it_stands_for_the_gate_to_judge():
    (factor,), _ = read("名称,因子值,单位\n铜,17.8,kgCO2e/kJ\n")
    assert (factor.value, factor.unit, factor.given) == (17.8, "kJ", "17.8 kgCO2e/kJ")


def test_a_label_that_contradicts_the_unit_is_kept_beside_it():
    (factor,), _ = read("名称,因子值,单位,气体\n电力,0.5306,kgCO2/kWh,CO2e\n")
    assert (factor.gas, factor.gas_scope) == ("CO2", "all_ghg")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(encoding):
    found, report = read("名称,因子值,单位\n焦化厂㙟,1.5,kgCO2e/kg\n".encode(encoding))
    assert found[0].text.zh == "焦化厂㙟"
    assert report.facts["encoding"].replace(" ", "").casefold().startswith(encoding.split("-sig")[0].replace("_", ""))


def test_the_same_row_twice_is_left_out_and_one_id_for_two_things_is_refused():
    row = "电力,0.5,kgCO2e/kWh\n"
    found, report = read(f"名称,因子值,单位\n{row}{row}")
    assert len(found) == 1
    assert places(report) == {"B3": "repeated"}
    assert "B2" in report.warnings[0].text.zh
    with pytest.raises(SourceRefused, match="C2"):
        read("编号,名称,因子值,单位\ne1,电力,0.5,kgCO2e/kWh\ne1,电力,0.6,kgCO2e/kWh\n")


def test_a_needed_column_that_is_missing_is_named_with_what_was_found():
    found, report = read("名称,因子值,地区\n电力,0.5,中国\n")
    assert not found
    assert places(report) == {"A1": "missing_column"}
    assert "单位" in report.warnings[0].text.zh and "地区" in report.warnings[0].text.zh
    found, report = read("名称,排放因子,碳足迹,单位\n电力,0.5,0.6,kgCO2e/kWh\n")
    assert not found
    assert places(report) == {"B1": "ambiguous_column"}


def test_a_table_of_something_else_is_readable_and_holds_no_factors():
    found, report = read("物料名称,数量,单位\n水泥,1000,kg\n")
    assert not found
    assert not report.warnings
    assert [n.code for n in report.notices] == ["no_factors"]
    assert (report.facts["encoding"], report.facts["rows"], report.facts["columns"]) == ("UTF-8", 1, 3)


def test_formulas_stay_text(tmp_path):
    found, report = read("名称,因子值,单位\n\"=cmd|' /C calc'!A0\",1,kgCO2e/kg\n")
    assert places(report) == {"A2": "formula_like"}
    for name in ("out.csv", "out.xlsx"):
        write_factor_table(found, tmp_path / name)
        again, _ = read((tmp_path / name).read_bytes(), name)
        assert again[0].text.zh == "=cmd|' /C calc'!A0"
    assert b"'=cmd" in (tmp_path / "out.csv").read_bytes()
    cells = [c for row in openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows() for c in row]
    assert not [c for c in cells if c.data_type == "f"]


FULL = FactorRecord(
    id="a-1", names={"zh": "钢材", "en": "Steel"}, value=2.05e-3, unit="kg", given="2.05 kgCO2e/t", kind="material",
    gas_scope="all_ghg", life_cycle_scope="cradle_to_gate", boundary="摇篮到大门", region="CN-SH", year=2023,
    year_from=2022, gwp_set="AR6", technology="转炉", provider="甲公司", source="报告", document="〔2024〕1号",
    category=("金属", "钢"), confidence="medium", use_instead="a-2", quality="(1;2;3)", documentation={"公式": "a × b"},
)  # fmt: skip


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_what_is_written_is_read_again(tmp_path: Path, name: str):
    write_factor_table([FULL], tmp_path / name)
    (again,), report = read((tmp_path / name).read_bytes(), name)
    same = {f: getattr(again, f) for f in FULL.__slots__ if f not in ("place", "given")}
    assert same == {f: getattr(FULL, f) for f in same}
    assert not report.warnings


def test_a_workbook_is_named_by_sheet_and_damage_is_said(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    page = book.create_sheet("因子")
    page.append(["名称", "因子值", "单位"])
    page.append(["电力", 0.5777, "kgCO2e/kWh"])
    page.append(["蒸汽", None, "tCO2/GJ"])
    book.save(tmp_path / "f.xlsx")
    data = (tmp_path / "f.xlsx").read_bytes()
    (factor,), report = read(data, "f.xlsx")
    assert (factor.value, factor.place) == (0.5777, "因子!B2")
    assert places(report)["因子!B3"] == "empty_cell"
    with pytest.raises(SourceRefused, match="f.xlsx"):
        read(data[:2000], "f.xlsx")
    with pytest.raises(SourceRefused, match="f.xlsx"):
        read(b"<html>", "f.xlsx")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.5777", "0.5777"), ("1,234.5", "1234.5"), ("１．５", "1.5"), ("1.2e-3", "0.0012"), ("1.5万", "15000"),
        ("三百二十点五", "320.5"), ("一万零三十", "10030"), ("〇点五", "0.5"), ("-2", "-2"), ("十五", "15"),
    ],
)  # fmt: skip
def test_numbers_as_tables_write_them(written, value):
    assert number(written) == Decimal(value)


@pytest.mark.parametrize(
    "written", ["3,0", "0,123", "1.2.3", "", "-", "<0.1", "1/2", "约5", "12%", "inf", "1e9999", "万"]
)
def test_what_may_mean_two_things_is_no_number(written):
    assert number(written) is None


def test_years():
    assert years("2023年") == (2023, 2023)
    assert years("2021-2023") == (2021, 2023)
    assert years("2023-06-30") == (2023, 2023)
    assert years("现行") == (None, None)


@given(st.text(max_size=30))
def test_any_text_is_a_factor_unit_or_is_refused(text):
    try:
        assert factor_unit(text).kg > 0
    except NotAFactorUnit as error:
        assert error.text.zh and error.text.en


@given(st.text(max_size=60))
def test_any_cell_is_answered(cell):
    quoted = '"' + cell.replace('"', '""') + '"'
    for line in (f"{quoted},0.5,kgCO2e/kWh", f"电力,{quoted},kgCO2e/kWh", f"电力,0.5,{quoted}"):
        try:
            found, report = read(f"名称,因子值,单位\n{line}\n".encode("utf-8", "replace"))
        except SourceRefused:
            continue
        assert len(found) + report.refused <= 1


def test_the_format_is_a_format():
    assert isinstance(FORMAT, Format)
    assert FORMAT.is_it(OneFile("a.csv", b"")) and not FORMAT.is_it(OneFile("a.xml", b""))


DIRTY = {
    "07-utf8.csv": set(), "07-utf8-bom.csv": set(), "07-gb18030.csv": set(), "07-utf16le-bom.csv": set(),
    "09-mojibake.csv": {"A1"}, "18-unknown-unit.csv": {"C2", "C3", "C4", "C5"},
    "30-formula-injection.csv": {"A2", "A3"},
}  # fmt: skip


@pytest.mark.parametrize("name", DIRTY)
def test_dirty_tables_are_read_and_said(shared, name):
    found, report = read((shared / "cases" / "dirty" / name).read_bytes(), name)
    assert not found
    assert set(places(report)) == DIRTY[name]
    if name.startswith("07"):
        assert (report.facts["rows"], report.facts["columns"]) == (3, 5)
        assert report.facts["first_rows"][1][4] == "山西㙟焦化厂"
        assert report.facts["first_rows"][0][2] == "1000"


def test_by_the_door_of_all_formats_a_table_without_factors_is_no_refusal(tmp_path):
    for text, found in (("物料名称,数量,单位\n水泥,1,kg\n", 0), ("名称,因子值,单位\n电,0.5,kgCO2e/kWh\n", 1)):
        (tmp_path / "a.csv").write_text(text, encoding="utf-8")
        report = Report()
        assert len(list(read_source(tmp_path / "a.csv", report))) == found == report.counts["factors"]
        assert (report.facts["format"], report.warnings) == ("table", [])


def test_mixed_encodings_are_refused(shared):
    with pytest.raises(SourceRefused, match="第 3 行"):
        read((shared / "cases" / "dirty" / "08-mixed-encoding.csv").read_bytes(), "08-mixed-encoding.csv")


def test_a_number_no_float_can_hold_is_none():
    assert number("1e400") is None
    records, report = read("名称,因子值,单位\n电,1e400,kgCO2e/kWh\n")
    assert (records, report.seen["not_a_number"]) == ([], 1)


def test_where_commas_are_decimal_signs_none_parts_thousands():
    records, report = read("名称;因子值;单位\n电;0,58;kgCO2e/kWh\n钢;1,234;kgCO2e/kg\n铝;8.5;kgCO2e/kg\n")
    assert [r.value for r in records] == [8.5]
    assert report.seen["not_a_number"] == 2


@pytest.mark.parametrize(
    ("header", "unit", "taken"),
    [
        ("tCO2/MWh", "kgCO2e/kWh", False),
        ("tCO2e/TJ", "kgCO2e/kWh", False),
        ("tCO2e/MWh", "kgCO2e/kWh", True),
        ("t/MWh", "kgCO2e/kWh", True),
        ("CO2e", "kgCO2e/kWh", True),
    ],
)
def test_a_unit_that_the_header_contradicts_is_not_taken(header, unit, taken):
    records, report = read(f"名称,因子值({header}),单位\n电,0.58,{unit}\n")
    assert [r.value for r in records] == ([0.58] if taken else [])
    assert report.seen["units_contradict"] == (not taken)
