"""Brightway inventories: keywords, links by name, parameters and formulas, and what is refused."""

import io
import json

import pytest
from openlca_cast import processes, read
from openpyxl import Workbook

from tanbiao.lca.datasets.records import Direction, FlowKind, FlowRecord, ParameterRecord
from tanbiao.lca.datasets.report import SourceRefused

WORKBOOKS = (
    "basic_example.xlsx",
    "basic_example_with_reference_product.xlsx",
    "blank_lines.xlsx",
    "example.xlsx",
    "sample_parameterized_database.xlsx",
)
COUNTED = ("rows", "nonempty", "activities", "exchange_blocks")


@pytest.mark.parametrize("name", WORKBOOKS)
def test_published_workbooks(shared, name):
    folder = shared / "cases" / "workbook-brightway-a"
    expected = json.loads((folder / "expected.json").read_text())["files"][name]
    records, report = read(folder / name)
    assert report.facts["format"] == "brightway"
    found = report.facts["sheets"]
    for sheet, counts in expected.items():
        # a table of exchanges that belongs to an activity without one is no block of its own in expected.json
        assert {key: found[f"{name} {sheet}"][key] for key in COUNTED} == {key: counts[key] for key in COUNTED}
    assert [report.facts["database"]] == [d for counts in expected.values() for d in counts["database"]]
    assert report.refused == 0
    activities = sum(counts["activities"] for counts in expected.values())
    emissions = [r for r in records if isinstance(r, FlowRecord) and r.category == ("emission",)]
    assert len(processes(records)) + len(emissions) == activities


def test_published_csv_and_a_workbook_that_is_none(shared):
    folder = shared / "cases" / "workbook-brightway-a"
    records, report = read(folder / "example.csv")
    expected = json.loads((folder / "expected.json").read_text())["files"]["example.csv"]
    assert report.facts["sheets"]["example.csv"]["activities"] == expected["activities"] == len(processes(records))
    assert report.facts["sheets"]["example.csv"]["exchange_blocks"] == expected["exchange_blocks"]
    made = processes(records)["d80f3c8f5d04d518ab02b13aca9ab7c8"]
    methanol = next(e for e in made.exchanges if e.amount == 0.539)
    assert methanol.provider == "Methanol, at plant"
    assert read(folder / "with_formulas.xlsx")[1].facts["format"] != "brightway"


def test_published_parameters(shared):
    records, _report = read(shared / "cases" / "workbook-brightway-a" / "sample_parameterized_database.xlsx")
    given = {r.name: r.value for r in records if isinstance(r, ParameterRecord)}
    assert (len(given), given["battery_capacity"]) == (13, 50.0)
    car = processes(records)["Electric car"]
    assert [(e.flow, e.amount) for e in car.exchanges] == [
        ("Electric car", 1.0),
        ("Electric car battery", 1.0),
        ("Steel", 1931 - 0.2 * 50),
    ]
    assert all(e.provider for p in processes(records).values() for e in p.exchanges if e.direction is Direction.IN)
    (co2,) = [r for r in records if isinstance(r, FlowRecord) and r.id == "CO2"]
    assert (co2.kind, co2.unit) == (FlowKind.ELEMENTARY, "kg")


HEADER = ("name", "amount", "unit", "type", "formula", "location", "categories", "uncertainty type", "loc", "scale")


def rows(*exchanges, parameters=(), database="Mine"):
    listed = [("Database", database), ("format", "by hand"), ()]
    if parameters:
        listed += [("Database parameters",), ("name", "amount", "formula"), *parameters, ()]
    return [
        *listed,
        ("Activity", "Make A"),
        ("code", "a"),
        ("unit", "kilogram"),
        ("location", "CN"),
        ("Exchanges",),
        HEADER,
        ("Make A", 1, "kilogram", "production"),
        *exchanges,
        (),
        ("Activity", "Make B"),
        ("code", "b"),
        ("unit", "kilogram"),
        ("location", "CN"),
        ("production amount", 2),
    ]


def book(path, *sheets):
    workbook = Workbook()
    workbook.remove(workbook.active)
    for i, sheet in enumerate(sheets):
        page = workbook.create_sheet(f"s{i}")
        for row in sheet:
            page.append(list(row))
    stream = io.BytesIO()
    workbook.save(stream)
    path.write_bytes(stream.getvalue())
    return path


def test_exchanges_of_every_type(tmp_path):
    path = book(
        tmp_path / "x.xlsx",
        rows(
            ("Make B", 2, "kilogram", "technosphere"),
            ("Carbon dioxide", 3, "kilogram", "biosphere", None, None, "air::low", 2, 1.0986122886681098, 0.1),
            ("Water", 4, "kilogram", "biosphere", None, None, "natural resource::in water"),
            ("Elsewhere", 5, "megajoule", "substitution"),
        ),
        [("skip",), ("Activity", "Never")],
    )
    records, report = read(path)
    a, b = processes(records)["a"], processes(records)["b"]
    made, taken, air, water, avoided = a.exchanges
    assert (made.flow, made.reference) == ("a", True)
    assert (taken.flow, taken.provider, taken.direction) == ("b", "b", Direction.IN)
    assert (air.direction, water.direction) == (Direction.OUT, Direction.IN)
    assert air.uncertainty == {"kind": "lognormal", "mean": pytest.approx(3), "gsd": pytest.approx(1.1051709180756477)}
    assert (avoided.avoided, avoided.direction) == (True, Direction.OUT)
    assert [(e.amount, e.reference) for e in b.exchanges] == [(2.0, True)]  # as Brightway takes for granted
    assert report.seen["implied_product"] == report.seen["sheet_skipped"] == 1
    flows = {r.id: r for r in records if isinstance(r, FlowRecord)}
    assert flows[air.flow].category == ("air", "low")
    assert flows[avoided.flow].unit == "MJ"


def test_a_name_that_several_activities_fit_is_not_linked(tmp_path):
    twin = [(), ("Activity", "Make B"), ("code", "b2"), ("unit", "kilogram"), ("location", "US")]
    exchanges = ("Make B", 2, "kilogram", "technosphere"), ("Make B", 1, "kilogram", "technosphere", None, "US")
    records, report = read(book(tmp_path / "x.xlsx", rows(*exchanges) + twin))
    _made, open_one, clear_one = processes(records)["a"].exchanges
    assert (open_one.provider, clear_one.provider) == ("", "b2")
    assert report.seen["ambiguous_activity"] == 1


def test_formulas_stand_above_place_holders(tmp_path):
    path = book(
        tmp_path / "x.xlsx",
        rows(
            ("Make B", 0, "kilogram", "technosphere", "share * 10"),
            ("X", 7, "kilogram", "biosphere", "nobody + 1"),
            parameters=[("share", 0, "2 * base"), ("base", 0.1, None)],
        ),
    )
    records, report = read(path)
    _made, taken, kept = processes(records)["a"].exchanges
    assert (taken.amount, taken.formula) == (2.0, "share * 10")
    assert kept.amount == 7
    assert report.seen["formula_not_read"] == 1


def test_cutoff_columns_are_not_read(tmp_path):
    sheet = [("cutoff", 4, "a note"), *rows(("Make B", 2, "kilogram", "technosphere", "nonsense("))]
    sheet[sheet.index(HEADER)] = ("name", "amount", "unit", "formula", "type")
    sheet = [row[:3] + row[4:5] + row[3:4] if len(row) > 3 and row is not sheet[0] else row for row in sheet]
    records, report = read(book(tmp_path / "x.xlsx", sheet))
    assert report.seen["type_assumed"] == 2  # the column of types lies beyond
    assert [e.amount for e in processes(records)["a"].exchanges] == [1.0, 2.0]


def csv_of(listed, separator=","):
    return "\n".join(separator.join("" if cell is None else str(cell) for cell in row) for row in listed)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv(tmp_path, encoding):
    path = tmp_path / "x.csv"
    path.write_bytes(csv_of(rows(("焦炭", 2, "kilogram", "technosphere"))).encode(encoding))
    records, report = read(path)
    assert report.facts["format"] == "brightway"
    assert [e.amount for e in processes(records)["a"].exchanges] == [1.0, 2.0]
    assert "焦炭" in [r.text.zh for r in records if isinstance(r, FlowRecord)]


def test_texts_like_formulas_stay_texts_and_are_said(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(csv_of(rows(("=cmd|'/C calc'!A0", 2, "kilogram", "technosphere"))))
    records, report = read(path)
    assert "=cmd|'/C calc'!A0" in [r.text.en for r in records if isinstance(r, FlowRecord)]
    assert report.seen["formula_like"] == 1


def test_rows_without_a_place_are_named(tmp_path):
    _records, report = read(book(tmp_path / "x.xlsx", [("left over", "x"), *rows()]))
    assert [n.place for n in report.notices if n.code == "row_not_read"] == ["x.xlsx s0!A1"]


def test_an_unknown_type_leaves_the_exchange_out_by_name(tmp_path):
    records, report = read(book(tmp_path / "x.xlsx", rows(("Odd", 2, "kilogram", "magic"))))
    assert len(processes(records)["a"].exchanges) == 1
    assert report.refused == 1
    assert "magic" in next(n.text.en for n in report.notices if n.code == "exchange_type")


@pytest.mark.parametrize(
    ("exchanges", "parameters", "said"),
    [
        ([("B", "3,0", "kilogram", "technosphere")], [], ("x.xlsx s0!A11 B", '"3,0"')),
        ([("B", None, "kilogram", "technosphere")], [], ("x.xlsx s0!A11 B", "missing")),
        ([], [("a", 1, "b"), ("b", 1, "a")], ("circle",)),
        ([], [("a", 1, "__import__('os')")], ("program code",)),
        ([("B", 1, "kilogram", "technosphere", "9**9**9**9")], [], ("finite",)),
        ([], [("a", "much", None)], ('"much"',)),
    ],
)
def test_what_is_refused_and_where(tmp_path, exchanges, parameters, said):
    with pytest.raises(SourceRefused) as refusal:
        read(book(tmp_path / "x.xlsx", rows(*exchanges, parameters=parameters)))
    assert all(part in refusal.value.text.en for part in said)


def test_two_activities_of_one_code_are_refused(tmp_path):
    twice = [(), ("Activity", "Other"), ("code", "b")]
    with pytest.raises(SourceRefused, match="one id b"):
        read(book(tmp_path / "x.xlsx", rows() + twice))


def test_a_damaged_workbook_is_refused(tmp_path):
    path = book(tmp_path / "x.xlsx", rows())
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(SourceRefused):
        read(path)
