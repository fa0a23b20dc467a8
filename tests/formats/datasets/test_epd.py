"""Declarations (ILCD+EPD): results by module, as written; what is not declared is not 0."""

from __future__ import annotations

import json

import pytest
from ilcd_cast import GROUND, MELTING, STEEL, exchange, only, process, read

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.reading import read_source
from tanbiao.lca.datasets.records import DeclarationRecord, FlowRecord, IndicatorRecord, ProcessRecord
from tanbiao.lca.datasets.report import Report, SourceRefused

EPD_TYPE = """<LCIMethodAndAllocation><typeOfDataSet>EPD</typeOfDataSet><common:other>
  <epd:subType>average dataset</epd:subType></common:other></LCIMethodAndAllocation>"""
SCENARIOS = """<common:other><epd:scenarios><epd:scenario epd:name="S1" epd:default="true"><epd:description
  xml:lang="en">recycled</epd:description></epd:scenario></epd:scenarios></common:other>"""


def amounts(unit="MJ", **by_module):
    said = "".join(
        f'<epd:amount epd:module="{module.partition("_")[0]}"'
        + (f' epd:scenario="{scenario}"' if (scenario := module.partition("_")[2]) else "")
        + f">{amount}</epd:amount>"
        for module, amount in by_module.items()
    )
    group = f"<common:shortDescription>{unit}</common:shortDescription>"
    return f"""<common:other>{said}<epd:referenceToUnitGroupDataSet>{group}</epd:referenceToUnitGroupDataSet>
      </common:other>"""


def result(name, unit, **by_module):
    return f"""<LCIAResult><referenceToLCIAMethodDataSet refObjectId="gwp"><common:shortDescription xml:lang="en">{name}
      </common:shortDescription></referenceToLCIAMethodDataSet>{amounts(unit, **by_module)}</LCIAResult>"""


def declared(*results, indicators="", **parts):
    reference = exchange(0, STEEL, inner="<meanAmount>2.5</meanAmount>").replace(
        "<exchangeDirection>Output</exchangeDirection>", ""
    )
    return process(
        exchanges=reference + indicators,
        modelling=EPD_TYPE,
        about=SCENARIOS,
        more=f"<LCIAResults>{''.join(results)}</LCIAResults>",
        **parts,
    )


def test_a_declaration_with_modules_and_scenarios(tmp_path):
    energy = exchange(1, "pere", inner="<functionType>General reminder flow</functionType>" + amounts(A1="0", C3_S1=7))
    content = declared(result("GWP", "kg CO2 eq", A1="1.50", A4="", D="-2E-1", C3_S1="ND"), indicators=energy)
    records, report = read(tmp_path, GROUND | {"processes/epd.xml": content})
    made = only(records, DeclarationRecord)
    assert (made.id, made.flow, made.amount, made.unit, made.kind) == (MELTING, STEEL, 2.5, "kg", "average")
    assert made.exchanges == ()
    assert made.indicators == (
        IndicatorRecord({"en": "named"}, "MJ", {"A1": "0", "C3:S1": "7", "A4": None, "D": None}, "pere"),
        IndicatorRecord({"en": "GWP"}, "kg CO2 eq", {"A1": "1.50", "C3:S1": None, "A4": None, "D": "-2E-1"}, "gwp"),
    )
    assert made.documentation["scenario S1"] == "recycled (default)"
    assert report.counts["declarations"] == 1 and report.counts["processes"] == 0
    assert not report.warnings


def test_an_amount_that_is_no_number_is_refused_by_indicator_and_module(tmp_path):
    with pytest.raises(SourceRefused, match='GWP A1: the amount "1,5" is no finite number'):
        read(tmp_path, GROUND | {"processes/epd.xml": declared(result("GWP", "kg", A1="1,5"))})


def test_a_declaration_without_declared_unit_is_kept_and_said(tmp_path):
    content = declared(result("GWP", "kg", A1="1"), references=())
    records, report = read(tmp_path, GROUND | {"processes/epd.xml": content})
    assert only(records, DeclarationRecord).flow == ""
    assert report.seen["no_reference"] == 1


def test_both_versions_of_a_declaration_stay(tmp_path):
    """Nobody links to a declaration, so an older one takes nothing from a newer."""
    files = {f"{v}.xml": declared(result("GWP", "kg", A1=v), version=f"0{v}.00.000") for v in "12"}
    records, report = read(tmp_path, GROUND | files)
    found = {r.id: r.indicators[0].modules["A1"] for r in records if isinstance(r, DeclarationRecord)}
    assert found == {MELTING: "2", f"{MELTING}@01.00.000": "1"}
    assert report.seen["older_version"] == 1


def test_the_case_agrees(shared):
    case = shared / "cases" / "ilcd-epd-a"
    expected = json.loads((case / "expected.json").read_text())["datasets"]
    report = Report()
    records = list(read_source(case / "data", report))
    kinds = [root["root"] for root in expected.values()]
    assert {k: n for k, n in report.facts["documents"].items() if k != "CategorySystem"} == {
        kind: kinds.count(kind) for kind in set(kinds) if kind != "CategorySystem"
    }
    assert not [r for r in records if isinstance(r, ProcessRecord)]
    declarations = {r.place.rpartition("/")[2]: r for r in records if isinstance(r, DeclarationRecord)}
    for name, want in expected.items():
        if want["root"] != "processDataSet":
            continue
        made = declarations[name]
        assert made.id.partition("@")[0] == want["uuid"]
        assert want["name"] in made.names.values()
        data = xml.parse((case / "data" / "processes" / name).read_bytes(), name)
        assert len(list(data.iter("{*}exchange"))) == want["exchanges"]
        assert len(made.indicators) == want["exchanges"] - 1 + want["lcia_results"]  # all but the declared unit
        found = {
            said: {module: amount for module, amount in i.modules.items() if amount is not None}
            for i in made.indicators
            for said in i.names.values()
        }
        for indicator, modules in want["indicators_by_module"].items():
            assert found[indicator] == {module: amount for module, amount in modules.items() if amount}
    flows = {r.place.rpartition("/")[2]: r for r in records if isinstance(r, FlowRecord)}
    for name, want in expected.items():
        if want["root"] == "flowDataSet" and set(want["uuid"]) != set("0-"):
            assert flows[name].id == want["uuid"]
            assert any(said.startswith(want["name"]) for said in flows[name].names.values())
