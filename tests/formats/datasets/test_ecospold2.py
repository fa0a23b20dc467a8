"""EcoSpold 2: activities and their exchanges, child data sets, formulas beside stored amounts, and what is refused."""

import json
import zipfile

import pytest
from openlca_cast import processes, read

from tanbiao.lca.datasets.compiling import Compiler
from tanbiao.lca.datasets.linking import LinkRule
from tanbiao.lca.datasets.records import Direction, FlowKind, FlowRecord
from tanbiao.lca.datasets.report import SourceRefused
from tanbiao.lca.network.engine import inventory_of

COUNTS = {"distinct_flows_in_exchanges": "flows"}
GROUPS = ("min", "min1", "min2", "min3", "mixed-units", "multiproduct", "units")
MADE, TAKEN = "<outputGroup>0</outputGroup>", "<inputGroup>5</inputGroup>"


def product(id, name, amount, inner=MADE, unit="kg", **more):
    said = " ".join(f'{key}="{value}"' for key, value in ({"amount": amount} | more).items())
    return (
        f'<intermediateExchange id="e-{id}" intermediateExchangeId="{id}" {said}><name xml:lang="en">{name}</name>'
        f'<unitName xml:lang="en">{unit}</unitName>{inner}</intermediateExchange>'
    )


def released(id, name, amount, inner="<outputGroup>4</outputGroup>", unit="kg", **more):
    said = " ".join(f'{key}="{value}"' for key, value in ({"amount": amount} | more).items())
    return (
        f'<elementaryExchange elementaryExchangeId="{id}" {said}><name>{name}</name><unitName>{unit}</unitName>'
        f"<compartment><compartment>air</compartment><subcompartment>urban</subcompartment></compartment>{inner}"
        "</elementaryExchange>"
    )


def activity(id, name, *flow_data, about=""):
    return f"""<?xml version="1.0" encoding="UTF-8"?><ecoSpold xmlns="http://www.EcoInvent.org/EcoSpold02">
        <activityDataset><activityDescription><activity id="{id}" type="1">
        <activityName xml:lang="en">{name}</activityName><activityName xml:lang="zh">某过程</activityName>
        <generalComment><text xml:lang="en" index="2">second</text><text xml:lang="en" index="1">first</text>
        </generalComment></activity><geography><shortname>CN</shortname></geography>
        <timePeriod startDate="2019-01-01" endDate="2023-12-31"/>{about}</activityDescription>
        <flowData>{"".join(flow_data)}</flowData></activityDataset></ecoSpold>"""


def written(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("group", GROUPS)
def test_small_systems(shared, group):
    folder = shared / "cases" / "ecospold2-small-a"
    expected = json.loads((folder / "expected.json").read_text())["groups"][group]
    records, report = read(folder / group)
    assert {key: report.counts[COUNTS.get(key, key)] for key in expected["counts"]} == expected["counts"]
    flows = {r.id: r for r in records if isinstance(r, FlowRecord)}
    found = processes(records)
    for id, process in expected["processes"].items():
        got = found[id]
        assert (got.text.en, got.location) == (process["name"], process["location"])
        (reference,) = got.references
        assert [flows[reference.flow].text.en, reference.amount, reference.unit] == process["reference"]
        assert [
            [flows[e.flow].text.en, e.direction.value, flows[e.flow].kind.value[:4], e.amount, e.unit]
            for e in got.exchanges
        ] == process["exchanges"]
    compiler = Compiler()
    for record in records:
        compiler.add(record)
    compiled = compiler.compiled(LinkRule.MAIN_PRODUCT, report)
    assert {key: report.facts["linking"][key] for key in expected["linking"]} == expected["linking"]
    if group == "mixed-units":
        steel = compiled.index["12345678-1234-5678-9abc-123456789001"]
        demand = compiled.network.demand({steel: 2.2 * 0.45359237})
        g = dict(
            zip((r.name.en for r in compiled.flow_rows), inventory_of(compiled.network, demand).values, strict=True)
        )
        assert g == {"Carbon dioxide": pytest.approx(3.7), "Sulfur dioxide": pytest.approx(0.02)}
        assert any("1 lb = 0.45359237 kg" in n.text.en for n in report.notices)


def test_the_faulty_release_is_taken_and_each_empty_process_named(shared):
    case = shared / "cases" / "uslci-2018-ecospold2"
    expected = json.loads((case / "expected.json").read_text())
    _records, report = read(next(case.glob("*.zip")))
    assert {key: report.counts[COUNTS.get(key, key)] for key in expected["counts"]} == expected["counts"]
    assert report.seen["no_reference"] == expected["counts"]["without_reference"] == 726
    assert report.refused == 0


def test_what_a_data_set_says_survives(tmp_path):
    steel = product(
        "p1",
        "Steel",
        1,
        '<property propertyId="w" amount="0.9"><name>dry mass</name><unitName>kg</unitName></property>' + MADE,
        productionVolumeAmount=500,
    )
    coal = product(
        "p2",
        "Coal",
        2,
        '<comment>weighed</comment><uncertainty><lognormal meanValue="2" mu="0.69" variance="0.01" '
        'varianceWithPedigreeUncertainty="0.04"/><pedigreeMatrix reliability="1" completeness="2" '
        'temporalCorrelation="3" geographicalCorrelation="4" furtherTechnologyCorrelation="5"/></uncertainty>' + TAKEN,
        activityLinkId="other",
    )
    bark = product("p3", "Bark", 3, "<outputGroup>3</outputGroup>", activityLinkId="treatment")
    records, _ = read(written(tmp_path, {"a.spold": activity("a", "Make", steel, coal, bark)}))
    process = processes(records)["a"]
    assert process.names == {"en": "Make", "zh": "某过程"}
    assert (process.location, process.year_from, process.year_until) == ("CN", 2019, 2023)
    assert process.comment == {"en": "first\nsecond"}
    assert process.documentation["productionVolume"] == "500"
    made, taken, waste = process.exchanges
    assert made.properties == {"dry mass": (0.9, "kg")}
    assert (taken.provider, taken.comment, taken.pedigree) == ("other", {"": "weighed"}, "(1;2;3;4;5)")
    assert taken.uncertainty == {"kind": "lognormal", "mean": 2.0, "gsd": pytest.approx(1.2214027581601699)}
    assert (waste.kind, waste.provider, waste.direction) == (FlowKind.WASTE, "treatment", Direction.OUT)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ('<normal meanValue="2" variance="0.25"/>', {"kind": "normal", "mean": 2.0, "sd": 0.5}),
        (
            '<triangle minValue="1" mostLikelyValue="2" maxValue="4"/>',
            {"kind": "triangular", "minimum": 1.0, "mode": 2.0, "maximum": 4.0},
        ),
        ('<uniform minValue="1" maxValue="4"/>', {"kind": "uniform", "minimum": 1.0, "maximum": 4.0}),
        ('<undefined minValue="1" maxValue="4"/>', {}),
        ('<lognormal meanValue="2" variance="INF"/>', {}),
    ],
)
def test_uncertainties(tmp_path, said, found):
    line = released("x", "X", 2, f"<uncertainty>{said}</uncertainty><outputGroup>4</outputGroup>")
    records, report = read(written(tmp_path, {"a.spold": activity("a", "A", product("p", "P", 1), line)}))
    assert processes(records)["a"].exchanges[1].uncertainty == found
    assert report.seen["uncertainty_not_read"] == (not found)


def test_child_data_sets_of_one_activity_have_ids_of_their_own(tmp_path):
    def child(reference):
        return activity(
            "act", "Joint", *(product(p, p.upper(), int(p == reference)) for p in ("p1", "p2")), released("c", "CO2", 1)
        )

    user = activity("use", "User", product("p9", "P9", 1), product("p2", "P2", 3, TAKEN, activityLinkId="act"))
    files = {"act_p1.spold": child("p1"), "act_p2.spold": child("p2"), "use_p9.spold": user}
    found = processes(read(written(tmp_path, files))[0])
    assert set(found) == {"act_p1", "act_p2", "use"}
    assert [e.flow for e in found["act_p2"].references] == ["p2"]
    assert found["use"].exchanges[1].provider == "act_p2"


def test_files_named_otherwise_are_told_apart_and_it_is_said(tmp_path):
    files = {f"{p}.spold": activity("act", "Joint", product(p, p, 1)) for p in ("p1", "p2")}
    records, report = read(written(tmp_path, files))
    assert set(processes(records)) == {"act", "act_p2"}
    assert report.seen["shared_activity"] == 1


def test_several_reference_products(tmp_path):
    text = activity("act", "Joint", product("p1", "P1", 1), product("p2", "P2", 2))
    records, report = read(written(tmp_path, {"act_p2.spold": text}))
    assert [e.flow for e in processes(records)["act"].references] == ["p2"]
    assert report.seen["several_products"] == 1


def test_master_data_describe_the_flows(tmp_path):
    master = """<validIntermediateExchanges xmlns="http://www.EcoInvent.org/EcoSpold02">
        <intermediateExchange id="p"><name xml:lang="en">Steel</name><name xml:lang="zh">钢</name>
        <unitName>kg</unitName><synonym xml:lang="en">iron</synonym></intermediateExchange>
        </validIntermediateExchanges>"""
    elementary = """<validElementaryExchanges xmlns="http://www.EcoInvent.org/EcoSpold02"><elementaryExchange id="c"
        casNumber="000124-38-9" formula="CO2"><name>CO2</name><unitName>kg</unitName></elementaryExchange>
        </validElementaryExchanges>"""
    files = {
        "datasets/a_p.spold": activity("a", "A", product("p", "Steel", 1), released("c", "CO2", 1)),
        "MasterData/IntermediateExchanges.xml": master,
        "MasterData/ElementaryExchanges.xml": elementary,
        "MasterData/Persons.xml": '<validPersons xmlns="http://www.EcoInvent.org/EcoSpold02"/>',
    }
    archive = tmp_path / "x.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for name, text in files.items():
            out.writestr(name, text)
    records, report = read(archive)
    flows = {r.id: r for r in records if isinstance(r, FlowRecord)}
    assert flows["p"].names == {"en": "Steel", "zh": "钢"}
    assert flows["p"].synonyms == {"en": "iron"}
    assert (flows["c"].cas, flows["c"].formula) == ("124-38-9", "CO2")
    assert report.seen["not_read"] == 1


def parameter(name, amount, formula=""):
    relation = f'mathematicalRelation="{formula}"' if formula else ""
    return f'<parameter variableName="{name}" amount="{amount}" {relation}><name>{name}</name></parameter>'


def test_parameters_and_formulas_are_worked_out_and_compared(tmp_path):
    text = activity(
        "a",
        "A",
        product("p", "P", 1),
        released("x", "X", 8, mathematicalRelation="Base^2 * 2", variableName="emitted"),
        released("y", "Y", 5, mathematicalRelation="emitted"),
        released("z", "Z", 7, mathematicalRelation="Ref('guid')"),
        parameter("base", 2),
        parameter("half", 1, "IF(base &gt; 1; base / 2; 0)"),
    )
    records, report = read(written(tmp_path, {"a.spold": text}))
    process = processes(records)["a"]
    assert [(p.name, p.value, p.formula) for p in process.parameters] == [
        ("base", 2.0, ""),
        ("half", 1.0, "IF(base > 1; base / 2; 0)"),
    ]
    assert [e.amount for e in process.exchanges] == [1.0, 8.0, 5.0, 7.0]  # what is stored stands
    assert (report.seen["formula_differs"], report.seen["formula_not_read"]) == (1, 1)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([parameter("a", 1, "b + 1"), parameter("b", 1, "c"), parameter("c", 1, "a")], ("circle", "a -> ")),
        ([parameter("a", 1, "__import__('os').system('true')")], ("program code",)),
        ([parameter("a", 1, "9^9^9^9")], ("finite",)),
        ([parameter("a", 1, "1+" * 3000 + "1")], ("too long",)),
        ([parameter("a", "much")], ('"much"',)),
        ([released("x", "X", "3,0")], ("X", '"3,0"')),
        ([released("x", "X", "INF")], ("X", "INF")),
        ([released("", "X", 1)], ("X", "no id")),
    ],
)
def test_what_is_refused_and_where(tmp_path, lines, said):
    with pytest.raises(SourceRefused) as refusal:
        read(written(tmp_path, {"a.spold": activity("a", "Make A", product("p", "P", 1), *lines)}))
    assert all(part in refusal.value.text.en for part in ("a.spold", *said))


def test_two_different_data_sets_of_one_id_are_refused(tmp_path):
    files = {f"{i}.spold": activity("a", "A", product("p", "P", i)) for i in (1, 2)}
    with pytest.raises(SourceRefused, match=r"1\.spold.*2\.spold"):
        read(written(tmp_path, files))


def test_an_activity_without_id_is_refused(tmp_path):
    with pytest.raises(SourceRefused, match="no id"):
        read(written(tmp_path, {"a.spold": activity("", "A", product("p", "P", 1))}))


def test_a_file_without_an_activity_is_named(tmp_path):
    empty = '<ecoSpold xmlns="http://www.EcoInvent.org/EcoSpold02"/>'
    files = {"a.spold": activity("a", "A", product("p", "P", 1)), "b.spold": empty, "c.xml": empty}
    _records, report = read(written(tmp_path, files))
    assert [n.place for n in report.notices if n.code == "not_read"] == ["b.spold", "c.xml"]


def test_an_exchange_without_direction_is_left_out_by_name(tmp_path):
    text = activity("a", "A", product("p", "P", 1), released("x", "lost one", 1, ""))
    records, report = read(written(tmp_path, {"a.spold": text}))
    assert len(processes(records)["a"].exchanges) == 1
    assert report.refused == 1
    assert "lost one" in report.notices[-1].place
