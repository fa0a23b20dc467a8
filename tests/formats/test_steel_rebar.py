"""The example: a plausible plant, whose file is what its script writes."""

import importlib.util
import io
import math
import zipfile
from pathlib import Path

import pytest
from workbook_cast import EXAMPLE, ROOT, saved

from tanbiao.formats.workbook import read_workbook
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.rules import Verdict, check_rule, load_rule


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("steel_rebar_example", ROOT / "tools" / "steel_rebar_example.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def reading():
    return read_workbook(EXAMPLE)


def test_the_file_is_what_the_script_writes(script):
    def parts(data):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert parts(script.steady(saved(script.workbook()))) == parts(EXAMPLE.read_bytes())


def test_equal_data_make_equal_files(script):
    assert script.steady(saved(script.workbook())) == script.steady(saved(script.workbook()))


def test_it_reads_without_a_word(reading):
    assert reading.warnings == ()


def test_the_footprint_by_hand(reading):
    """Electricity, gas and carbon per tonne of bar, reckoned from the amounts in the file."""
    footprint = calculate_footprint(reading.system)
    by_line = {}
    for c in footprint.contributions:
        by_line[c.line] = by_line.get(c.line, 0.0) + c.kg_co2e
    bars, electricity = 500_000, 0.5777
    assert math.isclose(by_line["网购电力（制氧）"], 991.375e4 / bars * electricity, rel_tol=1e-12)
    assert math.isclose(by_line["网购电力（热轧）"], 4500e4 / bars * electricity, rel_tol=1e-12)
    assert math.isclose(by_line["天然气（加热炉）"], 1500e4 / bars * (2.162189 + 0.35508), rel_tol=1e-12)
    anthracite = 24.515 * 0.02749 * 0.94 * 44 / 12 * 1000
    assert math.isclose(by_line["喷吹与配入碳（无烟煤）"], 6180 / bars * (anthracite + 418.14964), rel_tol=1e-9)
    assert 400 < footprint.total_kg_co2e < 800
    assert f"{footprint.total_kg_co2e:.3g}" == "678"


def test_no_clause_of_its_rule_fails(reading):
    findings = check_rule(load_rule("steel-eaf"), calculate_footprint(reading.system))
    verdicts = [f.verdict for f in findings]
    assert Verdict.FAIL not in verdicts and verdicts.count(Verdict.PASS) > len(verdicts) / 2


def test_every_row_says_its_source(reading):
    for process in reading.system.processes:
        for row in (*process.inputs, *process.outputs, *process.emissions):
            assert row.source, row.place
    for factor in reading.system.factors:
        assert factor.source, factor.id


def test_its_readme_tells_facts_from_assumptions():
    said = (Path(EXAMPLE).parent / "README.md").read_text(encoding="utf-8")
    assert "公布" in said and "假设" in said and "assumption" in said
