"""openLCA JSON-LD, both schemas: what is read of it, and the published packages with their counts."""

import json

import pytest
from openlca_cast import exchange, flow, good, packed, processes, read, ref

from tanbiao.formats.datasets.formulas import value_of
from tanbiao.formats.datasets.openlca_formulas import as_openlca
from tanbiao.lca.datasets.records import (
    AllocationRecord,
    Direction,
    FlowKind,
    FlowRecord,
    MethodRecord,
    ParameterRecord,
)
from tanbiao.lca.datasets.report import SourceRefused

COUNTS = {"distinct_flows_in_exchanges": "flows"}


@pytest.mark.parametrize("case", ["uslci-2017-jsonld", "us-fpl-jsonld", "us-rail-jsonld2"])
def test_published_packages_have_the_listed_counts(shared, case):
    folder = shared / "cases" / case
    expected = json.loads((folder / "expected.json").read_text())
    records, report = read(folder / "data.zip")
    assert {key: report.counts[COUNTS.get(key, key)] for key in expected["counts"]} == expected["counts"]
    assert report.refused == 0
    assert report.seen["absent_flow"] == report.seen["unknown_unit"] == 0
    known = processes(records)
    for example in expected["formula_examples"]:
        found = known[example["process"]].exchanges
        (amount,) = [
            e.counted for e in found if (e.flow, e.formula.strip()) == (example["flow"], example["formula"].strip())
        ]
        assert amount == pytest.approx(example["stored_amount_in_reference_unit"], rel=1e-12)
    assert (
        report.seen["formula_not_read"] == report.seen["formula_differs"] == 0
    )  # every formula gives its stored amount


def test_tiny_archives_of_the_old_schema(shared):
    folder = shared / "cases" / "olca-archives-a"
    for name, each in json.loads((folder / "expected.json").read_text())["files"].items():
        records, report = read(folder / name)
        assert {key: report.counts[COUNTS.get(key, key)] for key in each["counts"]} == each["counts"]
        assert sum(isinstance(r, FlowRecord) for r in records) == each["documents"].get("flows", 0)


def test_a_method_whose_flows_are_elsewhere_keeps_their_names(shared):
    folder = shared / "cases" / "aware-method-jsonld"
    expected = json.loads((folder / "expected.json").read_text())["files"]["impact_category.json"]
    (method,), report = read(folder)
    assert (method.id, method.names, method.method) == (expected["id"], {"": expected["name"]}, "AWARE")
    assert len({f.flow for f in method.factors}) == expected["distinct_flows"] == report.counts["factors"]
    assert sum(f.value for f in method.factors) == pytest.approx(expected["sum_of_values"], rel=1e-12)
    assert all(f.flow_name and f.unit and f.flow_category for f in method.factors)


def test_the_good_package(tmp_path):
    records, report = read(packed(good(), tmp_path / "x.zip"))
    made = processes(records)["make-a"]
    reference, supplied, emitted = made.exchanges
    assert (reference.reference, reference.direction, reference.internal_id) == (True, Direction.OUT, "1")
    assert (supplied.provider, supplied.provider_name, supplied.direction) == ("make-b", "Make B", Direction.IN)
    assert (emitted.counted, emitted.unit) == (0.5, "kg")
    (co2,) = (r for r in records if isinstance(r, FlowRecord) and r.id == "co2")
    assert (co2.kind, co2.unit, co2.category) == (FlowKind.ELEMENTARY, "kg", ("Elementary flows", "air"))
    assert not report.notices


def test_a_folder_and_a_single_document_are_read_too(tmp_path):
    for name, document in good().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps(document))
    assert len(processes(read(tmp_path)[0])) == 2
    records, report = read(tmp_path / "processes" / "make-b.json")
    assert [r.names for r in records if isinstance(r, FlowRecord)] == [{}, {}]
    assert report.seen["absent_flow"] == 2


def test_the_old_schema_names_things_otherwise(tmp_path):
    documents = good()
    old = {
        "isRefUnit": "referenceUnit", "isRefFlowProperty": "referenceFlowProperty", "isInput": "input",
        "isQuantitativeReference": "quantitativeReference",
    }  # fmt: skip
    text = json.dumps(documents)
    for new, name in old.items():
        text = text.replace(f'"{new}"', f'"{name}"')
    documents = json.loads(text)
    documents["categories/air.json"] = ref("Category", "air", name="air", category=ref("Category", "top"))
    documents["categories/top.json"] = ref("Category", "top", name="Elementary flows")
    documents["flows/co2.json"]["category"] = ref("Category", "air", name="air")
    documents["processes/make-b.json"]["category"] = ref("Category", "x", name="Steel", categoryPath=["Industry"])
    documents["processes/make-b.json"]["exchanges"][1] |= {"avoidedProduct": True, "pedigreeUncertainty": "(1;2;3;4;5)"}
    records, _ = read(packed(documents, tmp_path / "x.zip"))
    assert processes(records)["make-a"] == processes(read(packed(good(), tmp_path / "y.zip"))[0])["make-a"]
    (co2,) = (r for r in records if isinstance(r, FlowRecord) and r.id == "co2")
    assert co2.category == ("Elementary flows", "air")
    other = processes(records)["make-b"]
    assert other.category == ("Industry", "Steel")
    assert (other.exchanges[1].avoided, other.exchanges[1].pedigree) == (True, "(1;2;3;4;5)")


def test_amounts_in_other_units_and_flow_properties(tmp_path):
    documents = good()
    documents["unit_groups/energy.json"] = ref(
        "UnitGroup",
        "energy group",
        units=[
            ref("Unit", "mj", name="MJ", conversionFactor=1.0, isRefUnit=True),
            ref("Unit", "kwh", name="kWh", conversionFactor=3.6),
        ],
    )
    documents["flow_properties/energy.json"] = ref(
        "FlowProperty", "energy", name="Energy", unitGroup=ref("UnitGroup", "energy group")
    )
    energy = {"conversionFactor": 36.0, "flowProperty": ref("FlowProperty", "energy", name="Energy")}
    documents["flows/b.json"] = flow("b", "PRODUCT_FLOW", energy)
    documents["processes/make-a.json"]["exchanges"] += [
        exchange("b", 2.0, is_input=True, unit=ref("Unit", "t", name="t")),
        exchange("b", 10.0, unit=ref("Unit", "kwh"), flowProperty=ref("FlowProperty", "energy")),
    ]
    records, _ = read(packed(documents, tmp_path / "x.zip"))
    in_tons, in_kwh = processes(records)["make-a"].exchanges[-2:]
    assert (in_tons.amount, in_tons.unit, in_tons.counted) == (2.0, "t", 2000.0)
    assert (in_kwh.unit, in_kwh.counted) == ("kWh", pytest.approx(1.0))
    (b,) = (r for r in records if isinstance(r, FlowRecord) and r.id == "b")
    assert b.properties == {"Energy": (36.0, "MJ")}


def test_units_that_the_package_leaves_to_another_database(tmp_path):
    documents = {name: d for name, d in good().items() if not name.startswith(("unit_groups", "flow_properties"))}
    for each in documents["flows/a.json"], documents["flows/b.json"]:
        each["flowProperties"][0]["flowProperty"] |= {"refUnit": "kg"}
    documents["flows/co2.json"]["flowProperties"][0]["flowProperty"] |= {"name": "Mass"}
    documents["processes/make-a.json"]["exchanges"] += [
        exchange("b", 1.0, unit=ref("Unit", "lb", name="lb")),
        exchange("b", 1.0, unit=ref("Unit", "x", name="furlong-firkin")),
    ]
    records, report = read(packed(documents, tmp_path / "x.zip"))
    made = processes(records)["make-a"].exchanges
    assert [e.factor for e in made] == [1.0, 1.0, 1.0, 0.45359237, 1.0]
    assert [e.counted_in for e in made] == ["", "", "", "", "furlong-firkin"]
    assert dict(report.seen) == {"unit_by_name": 1, "unknown_unit": 1, "absent_flow_property": 1}


def test_a_unit_that_the_package_does_not_define_is_refused(tmp_path):
    documents = good()
    documents["processes/make-a.json"]["exchanges"][1]["unit"] = ref("Unit", "4d", name="kgg")
    with pytest.raises(SourceRefused, match=r"“Make A” ← “Flow b”: the unit \"kgg\" is none of the flow"):
        read(packed(documents, tmp_path / "x.zip"))


def test_parameters_formulas_and_uncertainties(tmp_path):
    documents = good()
    documents["parameters/share.json"] = ref("Parameter", "share", name="Share", value=0.25, isInputParameter=True)
    documents["processes/make-a.json"] |= {
        "parameters": [
            {"name": "load", "value": 8.0, "isInputParameter": True},
            {"name": "used", "formula": "if(LOAD>5;load^2;0)*share", "value": 16.0, "isInputParameter": False},
        ]
    }
    emitted = documents["processes/make-a.json"]["exchanges"][2]
    emitted |= {
        "amountFormula": "Used/2",
        "amount": 8.0,
        "dqEntry": "(1;2;3;4;5)",
        "baseUncertainty": 1.05,
        "uncertainty": {"distributionType": "LOG_NORMAL_DISTRIBUTION", "geomMean": 8.0, "geomSd": 1.2},
    }
    documents["processes/make-b.json"]["exchanges"][1] |= {"amountFormula": "sinh(3)*unheard_of"}
    records, report = read(packed(documents, tmp_path / "x.zip"))
    made = processes(records)["make-a"]
    assert made.parameters[1] == ParameterRecord("used", 16.0, "if(LOAD>5;load^2;0)*share", "make-a")
    assert next(r for r in records if isinstance(r, ParameterRecord)) == ParameterRecord("Share", 0.25)
    e = made.exchanges[2]
    assert (e.formula, e.pedigree, e.base_uncertainty) == ("Used/2", "(1;2;3;4;5)", 1.05)
    assert e.uncertainty == {"kind": "lognormal", "mean": 8.0, "gsd": 1.2}
    assert dict(report.seen) == {"formula_not_read": 1}  # sinh is not known: the stored amount stands, and that is said
    assert processes(records)["make-b"].exchanges[1].amount == 3.0


def test_a_formula_that_gives_another_amount_than_stored_is_said(tmp_path):
    documents = good()
    documents["processes/make-b.json"]["exchanges"][1] |= {"amountFormula": "2*2"}
    records, report = read(packed(documents, tmp_path / "x.zip"))
    assert processes(records)["make-b"].exchanges[1].amount == 3.0
    assert report.seen["formula_differs"] == 1
    del documents["processes/make-b.json"]["exchanges"][1]["amount"]
    records, report = read(packed(documents, tmp_path / "y.zip"))
    assert processes(records)["make-b"].exchanges[1].amount == 4.0
    assert not report.notices


def test_parameters_that_contradict_themselves_are_said(tmp_path):
    documents = good()
    documents["processes/make-b.json"]["parameters"] = [
        {"name": "x", "value": 3.0, "isInputParameter": True},
        {"name": "X", "value": 4.0, "isInputParameter": True},
        {"name": "y", "value": 5.0, "formula": "x+2", "isInputParameter": False},
    ]
    exchange = documents["processes/make-b.json"]["exchanges"][1]
    del exchange["amount"]
    exchange["amountFormula"] = "y"
    records, report = read(packed(documents, tmp_path / "x.zip"))
    assert report.seen == {"duplicate_parameter": 1, "formula_differs": 1}
    assert processes(records)["make-b"].exchanges[1].amount == 5.0


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("2^3^2", 64),
        ("-2^2", 4),
        ("ln(x)+LOG(100)", 3.0986122886681098),
        ("pow(x;2)+sqr(2)", 13),
        ("x<>3 | y=2 && true", 1),
        ("avg", 7),
        ("sum(1;x;y)", 6),
        ("IIF(not(x>y);1;2E1)", 20),
        ("pi()*0+.5", 0.5),
    ],
)
def test_the_language_of_formulas(formula, value):
    values = {"x": 3.0, "y": 2.0, "avg": 7.0, "pi": 3.14, "true": 1.0}
    assert value_of(as_openlca(formula), values, "here") == pytest.approx(value)


def test_allocation_factors(tmp_path):
    documents = good()
    documents["processes/make-a.json"]["exchanges"].append(exchange("b", 0.1, internalId=7))
    documents["processes/make-a.json"] |= {
        "defaultAllocationMethod": "ECONOMIC_ALLOCATION",
        "allocationFactors": [
            {"allocationType": "ECONOMIC_ALLOCATION", "product": ref("Flow", "a"), "value": 0.9},
            {
                "allocationType": "CAUSAL_ALLOCATION",
                "product": ref("Flow", "b"),
                "value": 1.0,
                "exchange": {"internalId": 7},
            },
            {"allocationType": "CAUSAL_ALLOCATION", "value": 1.0},
        ],
    }
    records, report = read(packed(documents, tmp_path / "x.zip"))
    made = processes(records)["make-a"]
    assert made.default_allocation == "economic"
    assert made.allocation == (AllocationRecord("economic", "a", 0.9), AllocationRecord("causal", "b", 1.0, "7"))
    assert report.seen["allocation_not_read"] == 1


def test_documentation_places_and_sources(tmp_path):
    documents = good()
    documents["locations/cn.json"] = ref("Location", "x", name="China", code="CN")
    documents["sources/book.json"] = ref("Source", "book", name="Book", textReference="A book", url="example.org")
    documents["processes/make-a.json"] |= {
        "location": ref("Location", "x", name="China"),
        "dqEntry": "(1;2)",
        "dqSystem": ref("DQSystem", "s", name="Matrix"),
        "processDocumentation": {
            "validFrom": "2019-01-01T00:00:00", "validUntil": "2021-12-31", "technologyDescription": "Furnace",
            "geographyDescription": "Everywhere", "projectDescription": "P",
            "dataGenerator": ref("Actor", "w", name="W"), "sources": [ref("Source", "book")],
        },
    }  # fmt: skip
    made = processes(read(packed(documents, tmp_path / "x.zip"))[0])["make-a"]
    assert (made.location, made.year_from, made.year_until, made.quality) == ("CN", 2019, 2021, "(1;2)")
    assert (made.technology, made.geography) == ({"": "Furnace"}, {"": "Everywhere"})
    assert made.sources == ("Book; A book; example.org",)
    assert made.documentation == {"projectDescription": "P", "dataGenerator": "W", "dqSystem": "Matrix"}


@pytest.mark.parametrize("until", ["9999-12-31T00:00:00", "9998-12-31", "2101-01-01"])
def test_a_year_that_never_comes_says_that_there_is_no_end(tmp_path, until):
    documents = good()
    documents["processes/make-a.json"]["processDocumentation"] = {"validFrom": "1995-01-01", "validUntil": until}
    made = processes(read(packed(documents, tmp_path / "x.zip"))[0])["make-a"]
    assert (made.year_from, made.year_until) == (1995, None)


def test_methods(tmp_path):
    documents = good()
    documents["lcia_methods/m.json"] = ref(
        "ImpactMethod", "m", name="AR6", impactCategories=[ref("ImpactCategory", "gwp")]
    )
    documents["lcia_categories/gwp.json"] = ref(
        "ImpactCategory", "gwp", name="GWP 100", refUnit="kg CO2e", direction="OUTPUT",
        impactFactors=[{"flow": ref("Flow", "co2"), "value": 1.0, "unit": ref("Unit", "kg", name="kg")}, {"value": 2}],
    )  # fmt: skip
    records, report = read(packed(documents, tmp_path / "x.zip"))
    (method,) = (r for r in records if isinstance(r, MethodRecord))
    assert (method.method, method.unit, report.refused) == ("AR6", "kg CO2e", 1)
    (factor,) = method.factors
    assert (factor.flow, factor.flow_name, factor.value, factor.direction) == ("co2", "Flow co2", 1.0, "out")


def test_what_is_not_read_is_said(tmp_path):
    documents = good()
    documents["product_systems/x.json"] = ref("ProductSystem", "x")
    documents["processes/make-a.json"]["exchanges"][1]["costValue"] = 3.0
    _, report = read(packed(documents, tmp_path / "x.zip"))
    assert [n.place for n in report.notices] == ["ProductSystem", "Exchange.costValue"]


def units_of(documents):
    return documents["unit_groups/mass.json"]["units"]


def measures_of(documents):
    return documents["flows/co2.json"]["flowProperties"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: units_of(d).append({"@id": "t", "name": "ton", "conversionFactor": 907.0}), "stands for two units"),
        (lambda d: units_of(d)[1].update(isRefUnit=True), "several reference units"),
        (lambda d: measures_of(d).append(measures_of(d)[0] | {"conversionFactor": 4.0}), "two factors of property"),
        (
            lambda d: measures_of(d).append(
                {"isRefFlowProperty": True, "conversionFactor": 1.0, "flowProperty": {"@id": "volume"}}
            ),
            "several reference properties",
        ),
    ],
)
def test_units_that_mean_two_things_are_refused(tmp_path, change, said):
    documents = good()
    change(documents)
    with pytest.raises(SourceRefused, match=said):
        read(packed(documents, tmp_path / "x.zip"))


def test_a_reference_unit_of_another_factor_is_said(tmp_path):
    documents = good()
    units_of(documents)[0]["conversionFactor"] = 2.0
    documents["processes/make-a.json"]["exchanges"][2]["unit"] = ref("Unit", "t", name="t")
    records, report = read(packed(documents, tmp_path / "x.zip"))
    assert report.seen["reference_unit_not_1"] == 1
    assert processes(records)["make-a"].exchanges[2].factor == 500.0


def test_the_only_property_of_a_flow_is_its_reference_and_counts_one(tmp_path):
    documents = good()
    measures_of(documents)[0] |= {"isRefFlowProperty": False, "conversionFactor": 2.0}
    records, _ = read(packed(documents, tmp_path / "x.zip"))
    assert next(r for r in records if r.id == "co2").unit == "kg"
    assert processes(records)["make-a"].exchanges[2].counted == 0.5


def test_of_two_units_of_one_name_the_id_says_which(tmp_path):
    documents = good()
    units_of(documents).append({"@id": "short", "name": "t", "conversionFactor": 907.0})  # as in the USLCI of 2017
    exchanges = documents["processes/make-a.json"]["exchanges"]
    exchanges += [exchange("co2", 1.0, unit=ref("Unit", id, name="t")) for id in ("t", "short")]
    records, _ = read(packed(documents, tmp_path / "x.zip"))
    assert [e.factor for e in processes(records)["make-a"].exchanges[-2:]] == [1000.0, 907.0]
    exchanges[-1]["unit"] = {"name": "t"}
    with pytest.raises(SourceRefused, match='the unit "t" is none of the flow'):
        read(packed(documents, tmp_path / "x.zip"))
