"""Files given as a workbook that are none, or that mean harm: refused before anything opens them."""

import io
import random
import zipfile

import pytest
from workbook_cast import EXAMPLE, edit_sheet

from tanbiao.formats.archive import MAX_BYTES, NotAWorkbook
from tanbiao.formats.workbook import read_workbook
from tanbiao.words import Problems


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
        (archive({"xl/workbook.xml": "<workbook/>", "bomb": b"\0" * 120_000_000}), "解压后"),
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


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "far",
    [
        FAR,
        b'<row r="1048576"><c><v>1</v></c></row>',
        b'<row r="2"><c r = "XFD1048576"><v>1</v></c></row>',
        b'<row r="2"><x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="XFD9"/></row>',
        b"<row><c><v>1</v></c></row>" * 20_001,
        b"<row>" + b"<c/>" * 201 + b"</row>",
    ],
    ids=["plain", "row number only", "spaces", "prefix", "rows without numbers", "columns without letters"],
)
def test_no_way_of_writing_a_far_cell_is_overlooked(far):
    with pytest.raises(NotAWorkbook, match="too large"):
        read_workbook(edit_sheet("Materials", lambda xml: xml.replace(b"</sheetData>", far + b"</sheetData>")))


def repacked(edit, extra=()):
    """The example with its parts edited: edit(name, content) -> (name, content)."""
    entries = {}
    with zipfile.ZipFile(EXAMPLE) as old:
        for entry in old.namelist():
            name, content = edit(entry, old.read(entry))
            entries[name] = content
    return archive(entries | dict(extra))


def test_a_sheet_under_another_name_is_not_overlooked():
    def hidden(name, content):
        if name == "xl/worksheets/sheet5.xml":
            return "xl/other/sheet5.dat", content.replace(b"</sheetData>", FAR + b"</sheetData>")
        return name, content.replace(b"/xl/worksheets/sheet5.xml", b"/xl/other/sheet5.dat")

    with pytest.raises(NotAWorkbook, match="a sheet is not XML"):
        read_workbook(repacked(hidden))


def test_many_sheets_that_are_each_just_small_enough_are_too_much_together():
    corners = b'<row r="1"><c r="A1"/></row><row r="20000"><c r="GR20000"/></row>'
    sheet = b"<worksheet><sheetData>" + corners + b"</sheetData></worksheet>"
    with pytest.raises(NotAWorkbook, match="cells, at most"):
        read_workbook(repacked(lambda *part: part, [(f"xl/worksheets/more{n}.xml", sheet) for n in range(9)]))


def test_one_long_text_shown_a_thousand_times_is_refused():
    shown = b"".join(b'<row r="%d"><c r="Z%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(300, 2300))
    texts = b"<sst><si><t>" + b"A" * 30_000 + b"</t></si></sst>"

    def show(name, content):
        at = b"</sheetData>"
        return name, content.replace(at, shown + at) if name == "xl/worksheets/sheet5.xml" else content

    with pytest.raises(NotAWorkbook, match="too much text"):
        read_workbook(repacked(show, [("xl/sharedStrings.xml", texts)]))


STYLES = (b"</fonts>", b"<font/>", b"</cellXfs>", b'<xf numFmtId="0"/>')


@pytest.mark.parametrize(("end", "style"), [STYLES[:2], STYLES[2:]], ids=["fonts", "formats"])
def test_endless_styles_are_refused(end, style):
    def more(name, content):
        return name, content.replace(end, style * 110_000 + end) if name == "xl/styles.xml" else content

    with pytest.raises(NotAWorkbook, match="clear the formats"):
        read_workbook(repacked(more))


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="Z300" t="inlineStr"><is><t>%s</t></is></c>',
        b'<c r="Z300" t="str"><v>%s</v></c>',
        b'<c r="Z300"><f>%s</f></c>',
    ],
    ids=["text", "result", "formula"],
)
def test_a_text_longer_than_any_cell_holds_is_refused(cell):
    row = b'</row><row r="300">' + cell % (b"A" * 40_000) + b"</row></sheetData>"
    with pytest.raises(NotAWorkbook, match="32767 characters"):
        read_workbook(edit_sheet("Materials", lambda xml: xml.replace(b"</row></sheetData>", row)))


def test_what_is_quoted_from_a_cell_is_short():
    from workbook_cast import with_cells

    with pytest.raises(Problems) as caught:
        read_workbook(with_cells(Materials_E2="9" * 30_000))
    assert all(len(p.text.zh) <= 1000 and len(p.text.en) <= 1000 for p in caught.value.problems)


def test_endless_merged_cells_are_refused():
    merged = b"</sheetData><mergeCells>" + b'<mergeCell ref="A5:B6"/>' * 1001 + b"</mergeCells>"
    with pytest.raises(NotAWorkbook, match="merged"):
        read_workbook(edit_sheet("Materials", lambda xml: xml.replace(b"</sheetData>", merged)))


def test_spoiled_bytes_are_refused_not_stumbled_over():
    good, chance, refused = EXAMPLE.read_bytes(), random.Random(1), 0
    for _ in range(60):
        data = bytearray(good)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            read_workbook(bytes(data))
        except (NotAWorkbook, Problems):
            refused += 1
    assert refused > 10


def test_damaged_xml_inside_a_whole_archive_is_refused():
    with pytest.raises(NotAWorkbook):
        read_workbook(edit_sheet("Materials", lambda xml: xml[: len(xml) // 2]))


@pytest.mark.parametrize(
    "name", ["00-good.zip", "01-truncated.zip", "04-zip-bomb.zip", "05-entity-expansion.xml", "28-empty.zip"]
)
def test_other_dirty_files_are_refused(shared, name):
    with pytest.raises(NotAWorkbook):
        read_workbook(shared / "cases" / "dirty" / name)
