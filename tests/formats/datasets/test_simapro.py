"""SimaPro CSV: every row of the published files, own units, decimal signs and encodings, and what is refused."""

import json

import pytest
from openlca_cast import processes, read

from tanbiao.lca.datasets.records import (
    AllocationRecord,
    Direction,
    FlowKind,
    FlowRecord,
    MethodRecord,
    ParameterRecord,
)
from tanbiao.lca.datasets.report import SourceRefused

FILES = (
    "process.csv",
    "allocation.csv",
    "method.csv",
    "waste.csv",
    "weird_units.csv",
    "new-order.csv",
    "external_documents_and_literature_references.csv",
    "header_translations.csv",
    "inventory.csv",
    "cas_missing_check_number.csv",
    "literature.csv",
    "minimal_header.csv",
)
ENCODINGS = {"ascii": "UTF-8", "utf-8": "UTF-8", "cp1252": "windows-1252"}
# Counted in expected.json as the first answer below the keyword of the block ("Name" and the name), not as rows.
NO_ROWS = ("Literature reference", "Method")


@pytest.mark.parametrize("name", FILES)
def test_every_row_of_the_published_files_is_read_or_named(shared, name):
    folder = shared / "cases" / "simapro-csv-a"
    expected = json.loads((folder / "expected.json").read_text())["files"][name]
    _records, report = read(folder / name)
    facts = report.facts
    assert facts["encoding"] == ENCODINGS[expected["encoding"]]
    assert facts["blocks"] == expected["blocks"]
    rows = {section: count for section, count in expected["rows_by_section"].items() if section not in NO_ROWS}
    assert {section: facts["rows"].get(section, 0) for section in rows} == rows
    assert {key: facts["header"].get(key) for key in expected["header"]} == expected["header"]
    assert report.refused == 0
    assert report.seen["row_not_read"] == 0


def test_published_process(shared):
    records, report = read(shared / "cases" / "simapro-csv-a" / "process.csv")
    (process,) = processes(records).values()
    assert process.id == "298f6b5c-46f5-11ec-81d3-0242ac130003"
    assert (process.text.en, process.year_from, process.year_until) == ("Test process", 2005, 2009)
    product, avoided, *_ = process.exchanges
    assert (product.flow, product.amount, product.reference) == ("my product", 0.5, True)
    assert avoided.avoided and avoided.direction is Direction.OUT
    air = next(e for e in process.exchanges if e.flow == "Air/low. pop./(+-)-Citronellol")
    assert air.uncertainty == {"kind": "lognormal", "mean": 1.0, "gsd": pytest.approx(2**0.5)}
    assert air.pedigree == "(1,2,3,4,5)"
    flows = {r.id: r for r in records if isinstance(r, FlowRecord)}
    assert flows[air.flow].cas == "26489-01-0"
    assert [(p.name, p.value, p.formula) for p in process.parameters] == [
        ("input_param", 23.4, ""),
        ("calc_param", pytest.approx(23.4**2), "input_param ^ 2"),
    ]
    given = {r.name: r.value for r in records if isinstance(r, ParameterRecord)}
    assert given == {"db_input_param": 1, "db_calc_param": 3, "proj_input_param": 32, "proj_calc_param": 4}
    assert process.documentation["Infrastructure"] == "No"
    assert process.documentation["System description"] == "U.S. LCI Database; system description comment"
    assert "Energy model: text for energy model" in report.facts["descriptions"]["system name"]
    assert report.seen["unit_as_defined"] == 7  # lb as the file has it, not as the pound is defined


def test_published_allocation_and_treatment(shared):
    folder = shared / "cases" / "simapro-csv-a"
    found = processes(read(folder / "allocation.csv")[0])
    rice = found["ReCenter000033915302504"]
    names = ("Rice, at farm (WFLDB 3.0)/IN U", "Rice straw, at farm (WFLDB 3.0)/IN U")
    assert rice.allocation == tuple(
        AllocationRecord("economic", name, pytest.approx(share))
        for name, share in zip(names, (0.958, 0.042), strict=True)
    )
    (treatment,) = processes(read(folder / "waste.csv")[0]).values()
    (waste,) = treatment.references
    assert waste.direction is Direction.IN
    assert waste.amount == pytest.approx(1034 * 0.6684 * 0.59 * 0.03)
    assert treatment.category == ("waste treatment", "Biowaste", "Transformation")
    assert waste.formula == "1034*0,6684*0,59*0,03"


def test_published_units_methods_and_sources(shared):
    folder = shared / "cases" / "simapro-csv-a"
    (process,) = processes(read(folder / "weird_units.csv")[0]).values()
    assert process.exchanges[1].factor == 1e-9  # "!!!g" is what the file says it is
    methods = [r for r in read(folder / "method.csv")[0] if isinstance(r, MethodRecord)]
    assert sum(len(m.factors) for m in methods) == 54
    assert methods[0].documentation["Version"] == "1.431"
    damage = next(m for m in methods if m.names == {"": "Human health"})
    assert damage.documentation["Normalization IMPACT World+ (Stepwise 2006 values)"] == "1.37E+01"
    assert damage.documentation["Impact categories"].count("\n") == 10
    (process,) = processes(read(folder / FILES[6])[0]).values()
    assert any("Erdöl" in source for source in process.sources)
    assert "https://wikipedia.org" in process.documentation["External documents"]
    (process,) = processes(read(folder / "new-order.csv")[0]).values()
    assert [(e.amount, e.unit) for e in process.exchanges[:3]] == [(1.0, "MJ"), (0.3, "kg"), (0.241, "kg")]


HEAD = "{SimaPro 9.5}\n{CSV separator: Semicolon}\n{Decimal separator: .}\n\n"
PROCESS = """Process

Process identifier
p1

Process name
Make steel

Products
Steel;kg;1;100;not defined;Metals\\Ferrous;

Materials/fuels
Coal;lb;2;Undefined;0;0;0;

Emissions to air
Carbon dioxide;low. pop.;kg;3;Undefined;0;0;0;

End
"""


def written(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def test_a_process(tmp_path):
    records, report = read(written(tmp_path / "x.csv", HEAD + PROCESS))
    (process,) = processes(records).values()
    assert (process.id, process.names, process.category) == ("p1", {"": "Make steel"}, ("Metals", "Ferrous"))
    assert [(e.flow, e.direction, e.counted) for e in process.exchanges] == [
        ("Steel", Direction.OUT, 1.0),
        ("Coal", Direction.IN, 2 * 0.45359237),
        ("Air/low. pop./Carbon dioxide", Direction.OUT, 3.0),
    ]
    assert report.facts["rows"]["Materials/fuels"] == 1


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"), ("cp1252", "windows-1252")],
)
def test_encodings_are_found_and_said(tmp_path, encoding, said):
    name = "Stahl für Brücken" if encoding == "cp1252" else "焦化厂钢材"
    records, report = read(written(tmp_path / "x.csv", HEAD + PROCESS.replace("Make steel", name), encoding))
    assert next(iter(processes(records).values())).names == {"": name}
    assert report.facts["encoding"] == said


def test_bytes_of_no_encoding_are_refused_by_row(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes((HEAD + PROCESS).encode().replace(b"Make steel", b"\x81\x8d\xff"))
    with pytest.raises(SourceRefused, match=r"x\.csv:11"):
        read(path)


@pytest.mark.parametrize("odd", [b"M\x81ller", "钢".encode(), b"M\xc3\xbcller \x8d", "é".encode() + b"\x81"])
def test_rows_that_agree_on_no_encoding_are_refused(tmp_path, odd):
    path = tmp_path / "x.csv"
    path.write_bytes((HEAD + PROCESS).encode().replace(b"Make steel", odd).replace(b"Coal", b"K\xf6hle"))
    with pytest.raises(SourceRefused, match="one encoding"):
        read(path)


def test_decimal_commas_and_own_units(tmp_path):
    text = HEAD.replace("{Decimal separator: .}", "{Decimal separator: ,}") + PROCESS.replace(";lb;2;", ";sack;2,5;")
    units = "\nUnits\nsack;Mass;0,5;kg\nkg;Mass;1;kg\n\nEnd\n"
    records, _ = read(written(tmp_path / "x.csv", text + units))
    coal = next(iter(processes(records).values())).exchanges[1]
    assert (coal.amount, coal.unit, coal.factor) == (2.5, "sack", 0.5)


def test_tabs_and_quotes(tmp_path):
    text = HEAD.replace("Semicolon", "Tab") + PROCESS.replace(";", "\t").replace("Coal", '"Coal; ""brown"""')
    flows = [r.id for r in read(written(tmp_path / "x.csv", text))[0] if isinstance(r, FlowRecord)]
    assert 'Coal; "brown"' in flows


def test_a_quotation_mark_that_is_never_closed_loses_nothing(tmp_path):
    text = HEAD + PROCESS.replace("Coal", '"Coal')
    records, report = read(written(tmp_path / "x.csv", text))
    assert [e.flow for e in next(iter(processes(records).values())).exchanges] == [
        "Steel",
        '"Coal',
        "Air/low. pop./Carbon dioxide",
    ]
    assert report.seen["open_quote"] == 1


def test_rows_below_an_unknown_heading_are_named(tmp_path):
    text = HEAD + PROCESS.replace("Materials/fuels", "Matériaux/combustibles")
    records, report = read(written(tmp_path / "x.csv", text))
    assert len(next(iter(processes(records).values())).exchanges) == 2
    said = [n.text.en for n in report.notices if n.code == "row_not_read"]
    assert report.refused == 2
    assert "Matériaux" in said[0] and "Coal" in said[1]


def test_a_waste_scenario_is_named_and_not_guessed(tmp_path):
    text = HEAD + PROCESS.replace("Materials/fuels\nCoal;lb;2;Undefined;0;0;0;", "Separated waste\nLandfill;Coal;80;")
    _records, report = read(written(tmp_path / "x.csv", text))
    assert report.seen["waste_scenario"] == report.refused == 1


def test_shares_that_do_not_add_up_are_said(tmp_path):
    text = HEAD + PROCESS.replace("Steel;kg;1;100;", "Slag;kg;1;30;not defined;x;\nSteel;kg;1;60;")
    _records, report = read(written(tmp_path / "x.csv", text))
    assert report.seen["allocation_sum"] == 1


def test_waste_to_treatment_meets_its_treatment(tmp_path):
    text = HEAD + PROCESS.replace("Materials/fuels", "Waste to treatment")
    kinds = {r.id: r.kind for r in read(written(tmp_path / "x.csv", text))[0] if isinstance(r, FlowRecord)}
    assert kinds["Coal"] is FlowKind.WASTE


PARAMETERS = "Process\n\nProducts\nP;kg;1;100;;x;\n\nInput parameters\n{}\n\nCalculated parameters\n{}\n\nEnd\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PROCESS.replace(";lb;2;", ";lb;2,5;"), ("x.csv:17", "Coal", "2,5")),
        (PROCESS.replace(";lb;2;", ";lb;many;"), ("Coal", "many")),
        (PROCESS.replace(";lb;2;Undefined;0;0;0;", ""), ("Coal", "missing")),
        (PROCESS.replace(";lb;2;", ";lb;__import__('os');"), ("program code",)),
        (PROCESS.replace(";lb;2;", ";lb;9^9^9^9;"), ("finite",)),
        (PARAMETERS.format("a;1;Undefined;0;0;0;No;", "b;c+1;\nc;b;"), ("circle", "b -> ")),
        (PARAMETERS.format("a;x;Undefined;0;0;0;No;", ""), ('"x"',)),
        (PROCESS + PROCESS.replace(";lb;2;", ";lb;3;"), ("one id p1",)),
        ("Units\nsack;Mass;heavy;kg\n\nEnd\n", ("heavy",)),
    ],
)
def test_what_is_refused_and_where(tmp_path, text, said):
    with pytest.raises(SourceRefused) as refusal:
        read(written(tmp_path / "x.csv", HEAD + text))
    assert all(part in refusal.value.text.en for part in said)


def test_formulas_in_any_case(tmp_path):
    text = PROCESS.replace(";lb;2;", ";kg;IIF_x*Iff(A=2, 3, 4);").replace(
        "Emissions to air",
        "Input parameters\na;2;Undefined;0;0;0;No;\niif_X;10;Undefined;0;0;0;No;\n\nEmissions to air",
    )
    records, _ = read(written(tmp_path / "x.csv", HEAD + text))
    assert next(iter(processes(records).values())).exchanges[1].amount == 30


def test_texts_like_formulas_stay_texts(tmp_path):
    records, _ = read(written(tmp_path / "x.csv", HEAD + PROCESS.replace("Coal", "=1+1")))
    assert "=1+1" in [r.id for r in records if isinstance(r, FlowRecord)]


def test_the_same_name_in_two_kinds_of_unit(tmp_path):
    text = PROCESS.replace("Coal;lb;2;Undefined;0;0;0;", "Coal;lb;2;Undefined;0;0;0;\nCoal;m3;2;Undefined;0;0;0;")
    records, report = read(written(tmp_path / "x.csv", HEAD + text))
    assert next(iter(processes(records).values())).exchanges[2].counted_in == "m3"
    assert report.seen["other_unit"] == 1
