"""Files given as a workbook that are none, or that mean harm: refused before anything opens them."""

import io
import zipfile

import pytest
from workbook_cast import EXAMPLE, edit_sheet

from tanbiao.formats.archive import MAX_BYTES, NotAWorkbook
from tanbiao.formats.workbook import read_workbook


def archive(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空"),
        (b"<html>", "不是 Excel"),
        (b"PK\x03\x04 and then nothing", "损坏"),
        (b"\xd0\xcf\x11\xe0 old or encrypted", "加密"),
        (archive({"a.json": "{}"}), "不是 Excel"),
        (archive({"xl/workbook.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}), "文档类型"),
        (archive({"xl/workbook.xml": "<workbook/>"}), "损坏"),
        (archive({"xl/workbook.xml": "x", "bomb": b"\0" * 120_000_000}), "解压后"),
        (b"PK" + b"\0" * MAX_BYTES, "10 MB"),
    ],
    ids=["empty", "html", "cut", "ole", "zip", "doctype", "hollow", "bomb", "large"],
)
def test_what_is_no_workbook_is_refused_with_the_reason(data, says):
    with pytest.raises(NotAWorkbook) as caught:
        read_workbook(data, "x.xlsx")
    assert says in caught.value.text.zh and caught.value.text.zh.startswith("x.xlsx")
    assert "template" in caught.value.text.en or "Excel" in caught.value.text.en


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_cut_short_is_refused(share):
    data = EXAMPLE.read_bytes()
    with pytest.raises(NotAWorkbook):
        read_workbook(data[: int(len(data) * share)])


def test_a_cell_far_away_cannot_make_the_reader_allocate_all_between():
    data = edit_sheet(
        "Materials",
        lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    )
    with pytest.raises(NotAWorkbook, match="XFD1048576"):
        read_workbook(data)


def test_damaged_xml_inside_a_whole_archive_is_refused():
    with pytest.raises(NotAWorkbook):
        read_workbook(edit_sheet("Materials", lambda xml: xml[: len(xml) // 2]))


@pytest.mark.parametrize(
    "name", ["00-good.zip", "01-truncated.zip", "04-zip-bomb.zip", "05-entity-expansion.xml", "28-empty.zip"]
)
def test_other_dirty_files_are_refused(shared, name):
    with pytest.raises(NotAWorkbook):
        read_workbook(shared / "cases" / "dirty" / name)
