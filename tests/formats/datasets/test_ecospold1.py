"""EcoSpold 1: exchange numbers as flows, what each exchange says of itself, and what cannot be taken."""

import json
from xml.sax.saxutils import quoteattr

import pytest
from openlca_cast import processes, read

from tanbiao.lca.datasets.compiling import Compiler
from tanbiao.lca.datasets.linking import LinkRule
from tanbiao.lca.datasets.records import AllocationRecord, Direction, FlowKind, FlowRecord, MethodRecord
from tanbiao.lca.datasets.report import SourceRefused
from tanbiao.lca.network.engine import inventory_of

COUNTS = {"distinct_flows_in_exchanges": "flows"}
MADE, TAKEN = "<outputGroup>0</outputGroup>", "<inputGroup>5</inputGroup>"
RELEASED, FROM_NATURE = "<outputGroup>4</outputGroup>", "<inputGroup>4</inputGroup>"


def exchange(number, name, amount, group, unit="kg", **more):
    said = {"number": number, "name": name, "meanValue": amount, "unit": unit} | more
    return f"<exchange {' '.join(f'{k}={quoteattr(str(v))}' for k, v in said.items())}>{group}</exchange>"


def dataset(number, name, *flow_data, function="", information="", kind="1"):
    return f"""<dataset number="{number}"><metaInformation><processInformation>
        <referenceFunction name="{name}" amount="1" unit="kg" category="materials" subCategory="metals" {function}/>
        <geography location="CN" text="China"/><technology text="blast furnace"/>
        <timePeriod><startYear>2019</startYear><endDate>2023-12-31</endDate></timePeriod>
        <dataSetInformation type="{kind}" version="1.2" languageCode="en" localLanguageCode="zh" {information}/>
        </processInformation></metaInformation><flowData>{"".join(flow_data)}</flowData></dataset>"""


def written(path, *datasets, head='<?xml version="1.0" encoding="UTF-8"?>'):
    text = f'{head}<ecoSpold xmlns="http://www.EcoInvent.org/EcoSpold01">{"".join(datasets)}</ecoSpold>'
    path.write_text(text, encoding="utf-8")
    return path


def good():
    return [
        dataset(
            1,
            "Make A",
            exchange(1, "A", 1, MADE, localName="甲"),
            exchange(2, "B", 2, TAKEN, unit="lb", generalComment="(1,2,3,4,5,na); weighed"),
            exchange(9, "Carbon dioxide", 0.5, RELEASED, CASNumber="000124-38-9", category="air", subCategory="low"),
            function='localName="生产甲" generalComment="as made"',
        ),
        dataset(2, "Make B", exchange(2, "B", 1, MADE), exchange(9, "Carbon dioxide", 3, RELEASED)),
    ]


def test_the_published_release(shared):
    case = shared / "cases" / "uslci-2020-ecospold1"
    expected = json.loads((case / "expected.json").read_text())
    records, report = read(next(case.glob("*.zip")))
    assert {key: report.counts[COUNTS.get(key, key)] for key in expected["counts"]} == expected["counts"]
    assert report.refused == 0
    assert report.seen["in_and_out"] == 17  # marked as input and as reference product by the export
    compiler = Compiler()
    for record in records:
        compiler.add(record)
    compiled = compiler.compiled(LinkRule.MAIN_PRODUCT, report)
    linking = report.facts["linking"]
    assert {key: linking[key] for key in expected["linking"]} == expected["linking"]
    assert linking["strict_products"] == expected["strict_products"]
    for one in expected["strict"]:
        demand = compiled.network.demand({compiled.index[one["process"]]: one["demand_in_reference_unit"]})
        g = inventory_of(compiled.network, demand).values
        found = {(row.id, row.direction): v for row, v in zip(compiled.flow_rows, g, strict=True) if v}
        for flow in one["inventory_top"]:
            got = found[flow["flow"], Direction(flow["direction"])]
            assert got == pytest.approx(flow["amount"], rel=1e-9)


def test_what_a_data_set_says_survives(tmp_path):
    records, report = read(written(tmp_path / "x.xml", *good()))
    a, b = processes(records)["1"], processes(records)["2"]
    assert a.names == {"en": "Make A", "zh": "生产甲"}
    assert (a.location, a.geography, a.technology) == ("CN", {"en": "China"}, {"en": "blast furnace"})
    assert (a.year_from, a.year_until, a.version, a.category) == (2019, 2023, "1.2", ("materials", "metals"))
    product, taken, released = a.exchanges
    assert product.reference and product.direction is Direction.OUT
    assert (taken.flow, taken.amount, taken.unit, taken.factor) == ("2", 2.0, "lb", 0.45359237)
    assert taken.pedigree == "(1,2,3,4,5,na)"
    assert released.direction is Direction.OUT
    flows = {r.id: r for r in records if isinstance(r, FlowRecord)}
    assert flows["1"].names == {"en": "A", "zh": "甲"}
    assert (flows["9"].kind, flows["9"].cas, flows["9"].category) == (
        FlowKind.ELEMENTARY,
        "124-38-9",
        ("air", "low"),
    )
    assert b.exchanges[0].reference
    assert report.seen["unit_converted"] == 1


def test_flows_come_before_the_processes_that_name_them(tmp_path):
    records, _ = read(written(tmp_path / "x.xml", *good()))
    kinds = [isinstance(r, FlowRecord) for r in records]
    assert kinds == sorted(kinds, reverse=True)


def test_one_number_for_nature_and_a_product_and_in_two_kinds_of_unit(tmp_path):
    made = [exchange(5, "Water", n, FROM_NATURE, unit="m3") for n in (1, 2)]
    path = written(
        tmp_path / "x.xml",
        dataset(1, "A", exchange(1, "A", 1, MADE), *made, exchange(5, "Water", 3, TAKEN)),
    )
    records, report = read(path)
    (flow,) = [r for r in records if isinstance(r, FlowRecord) and r.id == "5"]
    assert (flow.kind, flow.unit) == (FlowKind.ELEMENTARY, "m3")
    odd = processes(records)["1"].exchanges[-1]
    assert (odd.kind, odd.counted_in) == (FlowKind.PRODUCT, "kg")
    assert report.seen["other_unit"] == 1


def test_uncertainties(tmp_path):
    spreads = [
        {"uncertaintyType": 1, "standardDeviation95": 1.21},
        {"uncertaintyType": 2, "standardDeviation95": 0.5},
        {"uncertaintyType": 3, "minValue": 1, "mostLikelyValue": 2, "maxValue": 4},
        {"uncertaintyType": 4, "minValue": 1, "maxValue": 4},
        {"uncertaintyType": 0},
        {"uncertaintyType": 1, "standardDeviation95": "INF"},
        {"uncertaintyType": 7},
    ]
    lines = [exchange(10 + i, f"x{i}", 2, RELEASED, **more) for i, more in enumerate(spreads)]
    records, report = read(written(tmp_path / "x.xml", dataset(1, "A", exchange(1, "A", 1, MADE), *lines)))
    found = [e.uncertainty for e in processes(records)["1"].exchanges[1:]]
    assert found[0] == {"kind": "lognormal", "mean": 2.0, "gsd": pytest.approx(1.1)}
    assert found[1] == {"kind": "normal", "mean": 2.0, "sd": 0.25}
    assert found[2] == {"kind": "triangular", "minimum": 1.0, "mode": 2.0, "maximum": 4.0}
    assert found[3] == {"kind": "uniform", "minimum": 1.0, "maximum": 4.0}
    assert found[4:] == [{}, {}, {}]
    assert report.seen["uncertainty_not_read"] == 2


def test_several_products_and_their_allocation(tmp_path):
    shares = """<allocation referenceToCoProduct="1" allocationMethod="1" fraction="70">
        <referenceToInputOutput>3</referenceToInputOutput></allocation>
        <allocation referenceToCoProduct="2" allocationMethod="1" fraction="30">
        <referenceToInputOutput>3</referenceToInputOutput></allocation>"""
    second = "<outputGroup>2</outputGroup>"
    path = written(
        tmp_path / "x.xml",
        dataset(
            1,
            "B",
            exchange(1, "A", 1, second),
            exchange(2, "B", 1, second),
            exchange(3, "C", 1, TAKEN),
            exchange(4, "ash", 1, "<outputGroup>3</outputGroup>"),
            shares,
            kind="5",
        ),
    )
    records, report = read(path)
    process = processes(records)["1"]
    assert [e.reference for e in process.exchanges] == [False, True, False, False]  # by the name of the function
    assert process.exchanges[3].kind is FlowKind.WASTE
    assert process.allocation == (
        AllocationRecord("causal", "1", 0.7, "3"),
        AllocationRecord("causal", "2", 0.3, "3"),
    )
    assert process.default_allocation == "causal"
    assert report.seen["several_products"] == 1


def test_an_impact_category_is_a_method(tmp_path):
    path = written(tmp_path / "x.xml", dataset(7, "GWP", exchange(9, "Methane", 29.8, RELEASED), kind="4"))
    records, _ = read(path)
    (method,) = [r for r in records if isinstance(r, MethodRecord)]
    assert (method.id, method.method) == ("7", "materials")
    assert [(f.flow, f.flow_name, f.value) for f in method.factors] == [("9", "Methane", 29.8)]


def test_no_reference_is_kept_and_said(tmp_path):
    records, report = read(written(tmp_path / "x.xml", dataset(1, "A", exchange(2, "B", 1, TAKEN))))
    assert not processes(records)["1"].references
    assert report.seen["no_reference"] == 1


def test_an_exchange_without_direction_is_left_out_by_name(tmp_path):
    lines = exchange(1, "A", 1, MADE), exchange(3, "lost one", 1, "")
    records, report = read(written(tmp_path / "x.xml", dataset(1, "A", *lines)))
    assert len(processes(records)["1"].exchanges) == 1
    assert report.refused == 1
    assert "lost one" in report.notices[-1].place


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (dataset(1, "A", exchange(1, "Iron", "3,0", MADE)), ("Iron", '"3,0"')),
        (dataset(1, "A", exchange(1, "Iron", "NaN", MADE)), ("Iron", "NaN")),
        (dataset(1, "A", exchange(1, "Iron", "", MADE)), ("Iron", "missing")),
        (dataset(1, "A", exchange("", "Iron", 1, MADE)), ("Iron", "no number")),
        (dataset("", "A", exchange(1, "Iron", 1, MADE)), ("no number",)),
        (dataset(1, "A", exchange(1, "A", 1, MADE)) + dataset(1, "B", exchange(1, "A", 2, MADE)), ("one id 1",)),
        ("", ("no data sets",)),
        ("<dataset", ("not well-formed",)),
    ],
)
def test_what_is_refused_and_where(tmp_path, data, said):
    with pytest.raises(SourceRefused) as refusal:
        read(written(tmp_path / "x.xml", data))
    assert all(part in refusal.value.text.en for part in said)


def test_entities_are_refused(tmp_path):
    head = '<?xml version="1.0"?><!DOCTYPE ecoSpold [<!ENTITY a "b">]>'
    with pytest.raises(SourceRefused, match="DTD"):
        read(written(tmp_path / "x.xml", *good(), head=head))


def test_texts_like_formulas_stay_texts(tmp_path):
    name = "=cmd|' /C calc'!A0"
    records, _ = read(written(tmp_path / "x.xml", dataset(1, "A", exchange(1, name, 1, MADE))))
    assert records[0].names == {"en": name}


def test_the_same_data_set_twice_is_read_once(tmp_path):
    records, report = read(written(tmp_path / "x.xml", *good(), good()[0]))
    assert len(processes(records)) == report.counts["processes"] == 2
    assert report.seen["repeated"] == 1


def test_a_report_of_an_unknown_unit(tmp_path):
    path = written(tmp_path / "x.xml", dataset(1, "A", exchange(1, "A", 1, MADE, unit="锭")))
    records, report = read(path)
    assert records[0].unit == "锭"
    assert report.seen["unknown_unit"] == 1


def test_time_stays_in_the_unit_it_is_written_in(tmp_path):
    a = dataset(1, "Saw", exchange(1, "Saw, day", 1, MADE, unit="d"), exchange(2, "Machine", 12, TAKEN, unit="h"))
    b = dataset(2, "Machine", exchange(2, "Machine", 1, MADE, unit="d"), exchange(9, "Carbon dioxide", 3, RELEASED))
    c = dataset(3, "More", exchange(3, "More", 1, MADE, unit="kg"), exchange(2, "Machine", 1, TAKEN, unit="d"))
    records, report = read(written(tmp_path / "x.xml", a, b, c))
    assert {f.id: f.unit for f in records if isinstance(f, FlowRecord)} == {"1": "d", "2": "d", "3": "kg", "9": "kg"}
    hours = processes(records)["1"].exchanges[1]
    assert (hours.factor, hours.counted_in) == (1 / 24, "")
    assert not report.seen["other_unit"]
