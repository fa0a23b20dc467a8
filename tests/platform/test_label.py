"""The label and the paper: say the figure, lead to the public page, hold long names."""

import copy
import io
import re
import xml.etree.ElementTree as ET

import pypdf
import pytest
import typst
import zxingcpp
from PIL import Image

from tanbiao.formats.fonts import font_folder
from tanbiao.platform.certificates.label import (
    WIDTH,
    fitting_lines,
    label_pdf,
    label_svg,
    published_figure,
    text_width,
    unit_of,
)
from tanbiao.platform.certificates.pdf import certificate_pdf

URL = "http://localhost:8000/c/TB-2026-000001-87/"
PLAIN = {
    "number": "TB-2026-000001-87",
    "issued_at": "2026-11-23T10:00:00+08:00",
    "demonstration": True,
    "issuer": {
        "id": "urn:uuid:1",
        "name": "示范认证有限公司",
        "name_en": "Example Certification",
        "approval_number": "CNCA-R-0000-000",
    },
    "holder": {"name": "江南电炉钢铁有限公司", "name_en": "", "uscc": "91320000MA00000000", "address": "示范路 1 号"},
    "product": {
        "name": "热轧带肋钢筋",
        "name_en": "Hot-rolled ribbed bars",
        "model": "HRB400E",
        "manufacturer": "江南电炉钢铁有限公司",
        "factory": "第一炼钢厂",
    },
    "footprint": {"value": "530", "unit": "kg CO2e", "unrounded": "529.8123456789"},
    "declared_unit": "1 t",
    "boundary": "cradle_to_gate",
    "stages": [
        {
            "stage": "raw_materials",
            "zh": "原材料获取",
            "en": "Raw materials",
            "kg_co2e": "180.200000",
            "share": "0.340112",
        },
        {"stage": "production", "zh": "生产", "en": "Production", "kg_co2e": "349.612346", "share": "0.659888"},
    ],
    "gas_classes": [
        {"class": "fossil", "zh": "化石", "en": "Fossil", "kg_co2e": "1528.000000"},
        {"class": "biogenic_removal", "zh": "生物源清除", "en": "Biogenic removals", "kg_co2e": "-998.187654"},
    ],
    "gwp_set": "AR6",
    "period": {"start": "2025-01-01", "end": "2025-12-31"},
    "rule": {
        "id": "steel-eaf",
        "version": "1.0",
        "title": "电炉短流程钢铁产品碳足迹规则",
        "title_en": "EAF steel",
        "sha256": "ab" * 32,
        "filing_number": "DEMO-1",
    },
    "data_quality": {"dqr": "1.8", "primary_share": ""},
    "study_sha256": "cd" * 32,
    "valid_from": "2026-11-23",
    "valid_until": "2028-11-22",
}


def long_claims():
    claims = copy.deepcopy(PLAIN)
    claims["demonstration"] = False
    claims["product"]["name"] = "预应力混凝土用高强度低松弛热轧带肋钢筋<&>及其深加工制品（含抗震型、耐腐蚀型）" * 3
    claims["product"]["model"] = "HRB400E/HRB500E/HRBF500E-" * 7
    claims["issuer"]["name"] = "质量认证检验检测国际合作中心（华东区域）" * 6
    claims["holder"]["name"] = "W" * 120
    claims["footprint"]["value"] = "123456789.0123"
    claims["declared_unit"] = "1000 m2"
    return claims


def codes_in(png: bytes) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))]


def rendered(svg: str) -> bytes:
    source = '#set page(width: auto, height: auto, margin: 0mm)\n#image(bytes(sys.inputs.svg), format: "svg")'
    return typst.compile(
        source.encode(),
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        sys_inputs={"svg": svg},
        format="png",
        ppi=300,
    )


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    return pages[0].extract_text()


@pytest.fixture(params=[PLAIN, long_claims()], ids=["plain", "long"])
def claims(request):
    return request.param


def test_the_code_of_the_label_leads_to_the_public_page(claims):
    assert codes_in(rendered(label_svg(claims, URL))) == [URL]


@pytest.mark.parametrize(
    "url", ["https://t.cn/c/1", f"https://certificates.{'long-' * 12}example.com/c/TB-2026-000001-87/"]
)
def test_the_code_is_at_least_15_mm_with_its_quiet_zone_beside_it(url):
    found = re.search(r'translate\(3 59\) scale\(([\d.]+)\)" [^>]*d="M(\d+) (\d+)h1v1h-1z', label_svg(PLAIN, url))
    scale, left, top = float(found[1]), int(found[2]), int(found[3])
    assert (left, top) == (4, 4)
    assert 23 - 8 * scale >= 15


@pytest.mark.parametrize("make", [label_pdf, certificate_pdf])
def test_the_papers_say_figure_unit_boundary_body_and_number(make, claims):
    said = "".join(text_of(make(claims, URL)).split())
    for words in (
        published_figure(claims),
        unit_of(claims),
        "从摇篮到大门",
        claims["number"],
        claims["valid_until"],
        claims["issuer"]["name"][:9],
    ):
        assert "".join(words.split()) in said


@pytest.mark.parametrize("make", [label_pdf, certificate_pdf])
def test_papers_are_the_same_bytes_each_time(make):
    assert make(PLAIN, URL) == make(PLAIN, URL)


def test_the_code_of_the_paper_is_in_the_pdf_and_can_be_read(monkeypatch):
    real = typst.compile
    monkeypatch.setattr(
        typst, "compile", lambda *args, pdf_standards=None, **rest: real(*args, **rest, format="png", ppi=200)
    )
    assert codes_in(certificate_pdf(PLAIN, URL)) == [URL]


def test_a_demonstration_says_so_and_nothing_else_does():
    assert "演示" in label_svg(PLAIN, URL)
    assert "演示" in text_of(certificate_pdf(PLAIN, URL))
    real = {**PLAIN, "demonstration": False}
    assert "演示" not in label_svg(real, URL)
    assert "演示" not in text_of(certificate_pdf(real, URL))


def test_the_label_praises_nothing(claims):
    for word in ("绿色", "低碳", "环保", "green", "low carbon", "eco"):
        assert word not in re.sub(r"<title.*?</title>", "", label_svg(claims, URL)).lower()


def test_every_line_ends_inside_the_label(claims):
    ns = "{http://www.w3.org/2000/svg}"
    for line in ET.fromstring(label_svg(claims, URL)).iter(f"{ns}text"):
        width = text_width("".join(line.itertext()), float(line.get("font-size")), line.get("font-weight") == "700")
        x = float(line.get("x"))
        left, right = (x - width / 2, x + width / 2) if line.get("text-anchor") == "middle" else (x, x + width)
        assert left >= 0, "".join(line.itertext())
        assert right <= WIDTH, "".join(line.itertext())


def test_the_estimated_width_is_never_under_the_real_one():
    """Black pixels of a line set in Noto Sans SC end before the estimate."""
    for bold, weight in ((False, "400"), (True, "700")):
        for words in (
            "530",
            "1,234,567.89",
            "kg CO2e / 1000 m2",
            "热轧带肋钢筋 HRB400E Φ12",
            "TB-2026-000001-87",
            "Www. mill",
        ):
            width = text_width(words, 5, bold)
            svg = (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="150mm" height="10mm" viewBox="0 0 150 10">'
                f'<rect width="150" height="10" fill="#fff"/><text x="0" y="7" font-family="Noto Sans SC" '
                f'font-size="5" font-weight="{weight}">{words}</text></svg>'
            )
            image = Image.open(io.BytesIO(rendered(svg))).convert("L").point(lambda v: 255 if v < 128 else 0)
            assert image.getbbox()[2] / image.width * 150 <= width, words


def test_lines_break_and_are_cut():
    assert fitting_lines("短名", 50, 3, 2) == ["短名"]
    two = fitting_lines("很长的名称" * 20, 30, 3, 2)
    assert len(two) == 2
    assert two[1].endswith("…")
    assert fitting_lines("Hot-rolled ribbed bars", 23, 3, 3) == ["Hot-rolled", "ribbed bars"]
    assert fitting_lines("", 30, 3, 2) == []


def test_the_paper_bears_the_smallest_amounts():
    claims = copy.deepcopy(PLAIN)
    claims["stages"][0] |= {
        "kg_co2e": "0.0000000000000012345678901234567",
        "share": "0.00000000000000012345678901234567",
    }
    claims["gas_classes"][1]["kg_co2e"] = "-0.000000000000000000000000000000000123"
    assert certificate_pdf(claims, URL).startswith(b"%PDF")
