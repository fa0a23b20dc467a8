"""What is said of a footprint: document, CSV, terminal, paper."""

import csv
import io
import json
import math

import pytest
from pypdf import PdfReader
from workbook_cast import EXAMPLE

from tanbiao.formats import fonts, report, terminal
from tanbiao.formats.workbook import read_workbook
from tanbiao.rules import evaluate


@pytest.fixture(scope="module")
def evaluation():
    return evaluate(read_workbook(EXAMPLE).system)


@pytest.fixture(scope="module")
def document(evaluation):
    return report.footprint_json(evaluation, workbook_sha256="ab" * 32)


def test_the_document_is_plain_json_with_everything_in_it(document):
    assert json.loads(json.dumps(document)) == document
    assert {
        "product", "declared_unit", "total_kg_co2e", "stages", "processes", "gas_classes", "data_quality", "clauses",
        "contributions", "gwp_set", "rule", "warnings", "engine", "published",
    } <= set(document)  # fmt: skip
    assert document["published"]["value"] == "678"
    assert document["declared_unit"] == {"amount": "1", "unit": "t"}


@pytest.mark.parametrize("view", ["stages", "processes", "gas_classes", "contributions"])
def test_every_view_sums_to_the_total(document, view):
    rows = document[view]
    assert math.isclose(math.fsum(r["kg_co2e"] for r in rows), document["total_kg_co2e"], rel_tol=1e-12)
    assert math.isclose(math.fsum(r["share"] for r in rows), 1, rel_tol=1e-12)


def test_all_gas_classes_stand_apart(document):
    assert [g["gas_class"] for g in document["gas_classes"]] == [
        "fossil", "biogenic_emission", "biogenic_removal", "dluc", "land_management_emission",
        "land_management_removal", "aviation",
    ]  # fmt: skip


def test_the_csv_adds_up_and_its_numbers_are_numbers(document):
    header, *rows, total = csv.reader(io.StringIO(report.footprint_csv(document)))
    column = header.index("kg CO2e")
    assert math.isclose(sum(float(r[column]) for r in rows), float(total[column]), rel_tol=1e-9)


def test_the_terminal_tables_are_aligned_for_wide_characters(document):
    lines = terminal.footprint_text(document).splitlines()
    start = lines.index("过程 Processes") + 1
    ends = {terminal.width(line.split("%")[0]) for line in lines[start : start + 3]}
    assert len(ends) == 1


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("炉渣", 4), ("CO₂e", 4), ("（）", 4), ("é", 1)])
def test_width_of_text_in_a_terminal(text, columns):
    assert terminal.width(text) == columns


def test_the_paper_shows_number_clauses_and_hash(document):
    try:
        fonts.font_folder()
    except fonts.NoFont:
        pytest.skip("needs the font; run make setup")
    pages = PdfReader(io.BytesIO(report.footprint_pdf(document))).pages
    text = "".join("".join(page.extract_text() for page in pages).split())  # names may run over two lines
    for said in ("热轧带肋钢筋", "678", "EAF-7.1", "2024年全国电力平均碳足迹因子", "abab", "不是认证证书"):
        assert said in text, said


def test_without_the_font_one_is_told_what_to_run(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "PACKAGE", "node_modules/absent")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(fonts.NoFont, match="make setup"):
        fonts.font_folder()
