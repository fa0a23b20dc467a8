"""CSV tables: one encoding, named; nothing guessed; nothing that runs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanbiao.formats.tables import TableRefused, neutral, read_table, write_table

TEXT = "物料编码,物料名称,数量,单位,供应商\r\nM001,焦炭,12.5,t,山西㙟焦化厂\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8 (BOM)"),
        (TEXT.encode("utf-16"), "UTF-16 LE"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16 BE"),
        (TEXT.encode("gb18030"), "GB18030"),
    ],
)
def test_encodings_are_found_and_named(data, encoding):
    table = read_table(data)
    assert (table.encoding, table.warnings) == (encoding, ())
    assert table.rows == (("M001", "焦炭", "12.5", "t", "山西㙟焦化厂"),)


def test_mixed_encodings_are_refused_with_the_row():
    data = "名称,数量\n水泥,1\n".encode() + "焦炭,2\n".encode("gb18030")
    with pytest.raises(TableRefused, match="第 3 行"):
        read_table(data)


def test_gb18030_text_that_looks_like_two_byte_utf8_is_not_called_mixed():
    assert read_table("名称,数量\n联通,1\n".encode("gb18030")).rows[0][0] == "联通"


def test_a_garbled_header_is_told():
    garbled = "物料编码,物料名称\nM1,焦炭\n".encode().decode("gb18030", "replace")
    [warning] = read_table(garbled.encode()).warnings
    assert warning.place == "A1" and "不认识" in warning.text.zh


@pytest.mark.parametrize(
    ("unit", "says"), [("方", "m3"), ("度", "kWh"), ("锭", "没有换算"), ("吨标煤", "29.3076 GJ"), ("", "为空")]
)
def test_units_that_need_a_person(unit, says):
    [warning] = read_table(f"名称,数量,单位\n某物,5,{unit}\n".encode()).warnings
    assert warning.place == "C2" and says in warning.text.zh


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\n=1", "＝1+1", "＠SUM(1)"])
def test_formulas_stay_text(cell):
    quoted = '"' + cell.replace('"', '""') + '"'
    table = read_table(f"名称,数量\n{quoted},1\n".encode())
    assert table.rows[0][0] == cell and table.warnings[0].place == "A2"
    [_, written] = csv.reader(io.StringIO(write_table(table.header, table.rows)))
    assert written[0] == "'" + cell


@given(st.text())
def test_no_written_cell_starts_like_a_formula_unless_it_is_a_number(cell):
    written = neutral(cell)
    if written[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        float(written)


@pytest.mark.parametrize("cell", ["－", "＋", "a＝b", "—"])
def test_a_dash_that_stands_for_nothing_stays(cell):
    assert neutral(cell) == cell


def test_rows_of_another_length_are_told():
    assert read_table("名称,数量\n水\n".encode()).warnings[0].place == "A2"


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"<html></html>", b"PK\x03\x04", b"a,b\x00\n", b'a,"b\n', b"x" * 10_485_761]
)
def test_what_is_no_table_is_refused(data):
    with pytest.raises(TableRefused) as caught:
        read_table(data)
    assert caught.value.text.zh != caught.value.text.en


@pytest.mark.parametrize("name", ["07-utf8.csv", "07-utf8-bom.csv", "07-gb18030.csv", "07-utf16le-bom.csv"])
def test_the_same_table_in_four_encodings(shared, name):
    table = read_table((shared / "cases" / "dirty" / name).read_bytes())
    assert (len(table.rows), len(table.header), table.warnings) == (3, 5, ())
    assert (table.rows[0][2], table.rows[1][4]) == ("1000", "山西㙟焦化厂")


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("09-mojibake.csv", ["A1"]),
        ("18-unknown-unit.csv", ["C2", "C3", "C4", "C5"]),
        ("30-formula-injection.csv", ["A2", "A3"]),
    ],
)
def test_dirty_tables_are_read_with_warnings(shared, name, places):
    assert [w.place for w in read_table((shared / "cases" / "dirty" / name).read_bytes()).warnings] == places


def test_the_dirty_table_of_two_encodings_is_refused(shared):
    with pytest.raises(TableRefused, match="第 3 行"):
        read_table((shared / "cases" / "dirty" / "08-mixed-encoding.csv").read_bytes())


def test_a_workbook_is_told_from_a_table():
    from workbook_cast import EXAMPLE

    with pytest.raises(TableRefused, match="tanbiao footprint"):
        read_table(EXAMPLE.read_bytes())


def test_more_columns_than_a_spreadsheet_names_are_refused():
    header = ",".join(f"c{i}" for i in range(20_000))
    with pytest.raises(TableRefused, match="16384"):
        read_table(f"{header}\n1\n".encode())
