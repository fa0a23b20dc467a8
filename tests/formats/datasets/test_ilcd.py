"""ILCD is read as it stands: names, units, amounts, links, versions; what cannot be right is refused by its place."""

from __future__ import annotations

import json
import math
import zipfile
from dataclasses import replace

import pytest
from ilcd_cast import (
    CO2,
    GROUND,
    MELTING,
    MINING,
    ORE,
    SLAG,
    STEEL,
    exchange,
    flow,
    only,
    process,
    quantity,
    read,
    units,
)

from tanbiao.formats.datasets.reading import read_source
from tanbiao.lca.datasets.records import (
    AllocationRecord,
    Direction,
    FlowKind,
    FlowRecord,
    MethodRecord,
    ProcessRecord,
)
from tanbiao.lca.datasets.report import Report, SourceRefused


def one_process(tmp_path, **parts):
    records, report = read(tmp_path, GROUND | {"processes/p.xml": process(**parts)})
    return only(records, ProcessRecord), report


def one_exchange(tmp_path, inner, marks="", direction="Output", **parts):
    made, report = one_process(tmp_path, exchanges=exchange(0, STEEL, direction, inner, marks), **parts)
    return made.exchanges[0], report


def test_flow_with_names_units_and_properties(tmp_path):
    name = """<baseName xml:lang="en">Steel</baseName><baseName xml:lang="zh">钢</baseName>
      <treatmentStandardsRoutes xml:lang="en">hot rolled</treatmentStandardsRoutes>
      <mixAndLocationTypes xml:lang="en">at plant</mixAndLocationTypes><flowProperties>7.8 t/m3</flowProperties>"""
    more = """<common:synonyms xml:lang="zh">钢材</common:synonyms><classificationInformation><common:classification>
      <common:class level="1">Metals</common:class><common:class level="0">Materials</common:class>
      </common:classification></classificationInformation><CASNumber>000124-38-9</CASNumber>
      <sumFormula>Fe</sumFormula><common:generalComment xml:lang="en">good</common:generalComment>"""
    measures = """<flowProperty dataSetInternalID="8"><referenceToFlowPropertyDataSet refObjectId="fp2"/>
      <meanValue>0.4</meanValue></flowProperty><flowProperty dataSetInternalID="9">
      <referenceToFlowPropertyDataSet refObjectId="93a60a56-a3c8-22da-a746-0800200c9a66"><common:shortDescription
      xml:lang="en">Volume</common:shortDescription></referenceToFlowPropertyDataSet><meanValue>2</meanValue>
      </flowProperty>"""
    files = {
        "unitgroups/u.xml": units(reference="1"),
        "unitgroups/v.xml": units("u2"),
        "flowproperties/mass.xml": quantity(),
        "flowproperties/other.xml": quantity("fp2", "Carbon content", "u2"),
        "flows/f.xml": flow(STEEL, name=name, more=more, measures=measures),
    }
    records, report = read(tmp_path, files)
    assert only(records, FlowRecord) == FlowRecord(
        id=STEEL,
        names={"en": "Steel; hot rolled; at plant", "zh": "钢", "": "7.8 t/m3"},
        kind=FlowKind.PRODUCT,
        unit="t",
        category=("Materials", "Metals"),
        cas="124-38-9",
        formula="Fe",
        synonyms={"zh": "钢材"},
        properties={"Carbon content": (0.4, "kg"), "Volume": (2.0, "m3")},
        comment={"en": "good"},
        place="flows/f.xml",
    )
    assert report.seen["reference_unit_not_1"] == 1  # the group says that its reference unit is 1000 of itself


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Product flow", FlowKind.PRODUCT),
        ("Waste flow", FlowKind.WASTE),
        ("Elementary flow", FlowKind.ELEMENTARY),
        ("Nonsense", FlowKind.PRODUCT),
    ],
)
def test_kinds_of_flows(tmp_path, said, kind):
    records, report = read(tmp_path, GROUND | {"flows/steel.xml": flow(STEEL, said)})
    assert only(records, FlowRecord).kind is kind
    assert report.seen["unknown_flow_type"] == (said == "Nonsense")


def test_a_reference_property_of_ilcd_is_known_without_its_data_set(tmp_path):
    records, report = read(tmp_path, {"f.xml": flow(STEEL), "g.xml": flow(CO2).replace("0b9a66", "fffff6")})
    assert [r.unit for r in records if isinstance(r, FlowRecord)] == ["kg", ""]
    assert report.seen["unknown_unit"] == 1


def test_process_with_everything_around_it(tmp_path):
    information = """<time><common:referenceYear>2019</common:referenceYear>
      <common:dataSetValidUntil>2024</common:dataSetValidUntil></time><geography>
      <locationOfOperationSupplyOrProduction location="CN"><descriptionOfRestrictions xml:lang="zh">全国
      </descriptionOfRestrictions></locationOfOperationSupplyOrProduction></geography><technology>
      <technologyDescriptionAndIncludedProcesses xml:lang="en">furnace</technologyDescriptionAndIncludedProcesses>
      <technologicalApplicability xml:lang="en">rods</technologicalApplicability></technology>"""
    modelling = """<LCIMethodAndAllocation><typeOfDataSet>LCI result</typeOfDataSet></LCIMethodAndAllocation>
      <dataSourcesTreatmentAndRepresentativeness><referenceToDataSource><common:shortDescription>Book
      </common:shortDescription></referenceToDataSource></dataSourcesTreatmentAndRepresentativeness><validation>
      <review type="Independent"><common:dataQualityIndicators><common:dataQualityIndicator name="Time" value="Good"/>
      <common:dataQualityIndicator name="Overall" value="Fair"/></common:dataQualityIndicators></review></validation>"""
    made, report = one_process(tmp_path, information=information, modelling=modelling)
    assert made.names == {"en": "Melting", "zh": "冶炼"}
    assert (made.kind, made.location, made.year_from, made.year_until) == ("system", "CN", 2019, 2024)
    assert (made.technology, made.geography) == ({"en": "furnace"}, {"zh": "全国"})
    assert (made.sources, made.quality, made.version) == (("Book",), "Time: Good; Overall: Fair", "01.00.000")
    assert made.documentation == {"technologicalApplicability (en)": "rods", "reviewType": "Independent"}
    assert made.references == made.exchanges
    assert made.exchanges[0].amount == 1.0 and made.exchanges[0].unit == "kg"  # the resulting amount, not the mean
    assert not report.warnings


def test_a_flow_without_data_set_is_named_by_those_who_use_it(tmp_path):
    records, report = read(
        tmp_path, GROUND | {"processes/p.xml": process(exchanges=exchange(0, STEEL) + exchange(1, ORE, "Input"))}
    )
    assert [r.id for r in records] == [STEEL, ORE, MELTING]
    unknown = records[1]
    assert isinstance(unknown, FlowRecord)
    assert (unknown.kind, unknown.names, unknown.unit) == (FlowKind.UNKNOWN, {"en": "named"}, "")
    assert report.seen["absent_flow"] == 1
    assert report.counts["unknown_type"] == 1


@pytest.mark.parametrize(
    ("inner", "amount", "code"),
    [
        ("<meanAmount>2</meanAmount>", 2.0, ""),
        ("<meanAmount>2</meanAmount><resultingAmount>-1e-3</resultingAmount>", -0.001, ""),
        (" ", 0.0, "amount_assumed"),
    ],
)
def test_amounts(tmp_path, inner, amount, code):
    made, report = one_exchange(tmp_path, inner)
    assert made.amount == amount
    assert report.seen[code] == bool(code)


@pytest.mark.parametrize("said", ["3,0", "NaN", "INF", "1_000", "about 3"])
def test_an_amount_that_is_no_number_is_refused_by_process_and_exchange(tmp_path, said):
    with pytest.raises(SourceRefused, match=r"processes/p\.xml · Melting · 0 named.*is no finite number"):
        one_exchange(tmp_path, f"<meanAmount>{said}</meanAmount>")


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("log-normal|<relativeStandardDeviation95In>1.44</relativeStandardDeviation95In>", ("lognormal", 1.2)),
        ("normal|<relativeStandardDeviation95In>0.5</relativeStandardDeviation95In>", ("normal", 0.25)),
        ("uniform|<minimumAmount>0</minimumAmount><maximumAmount>4</maximumAmount>", ("uniform", 0.0, 4.0)),
        ("triangular|<minimumAmount>0</minimumAmount><maximumAmount>4</maximumAmount>", ("triangular", 0.0, 2.0, 4.0)),
        ("log-normal|<relativeStandardDeviation95In>0.5</relativeStandardDeviation95In>", None),
        ("uniform|<minimumAmount>0</minimumAmount>", None),
        ("triangular|<minimumAmount>3</minimumAmount><maximumAmount>4</maximumAmount>", None),
        ("undefined|", ()),
    ],
)
def test_uncertainty(tmp_path, inner, expected):
    kind, _, rest = inner.partition("|")
    made, report = one_exchange(
        tmp_path,
        f"<meanAmount>2</meanAmount><uncertaintyDistributionType>{kind}</uncertaintyDistributionType>{rest}",
    )
    keys = {"lognormal": ("gsd",), "normal": ("sd",), "uniform": ("minimum", "maximum")}.get(
        expected[0] if expected else "", ("minimum", "mode", "maximum")
    )
    if expected:
        assert made.uncertainty["kind"] == expected[0]
        assert tuple(made.uncertainty[key] for key in keys) == pytest.approx(expected[1:])
        assert made.uncertainty.get("mean", 2.0) == 2.0
    assert bool(made.uncertainty) == bool(expected)
    assert report.seen["uncertainty_not_read"] == (expected is None)


def test_extensions_of_openlca(tmp_path):
    made, _ = one_exchange(
        tmp_path,
        "<meanAmount>2</meanAmount><location>CN</location><dataDerivationTypeStatus>Measured</dataDerivationTypeStatus>"
        '<generalComment xml:lang="zh">实测</generalComment>',
        f'olca:defaultProvider="{MINING}" olca:avoidedProduct="true" olca:formula="2*a" '
        'olca:pedigreeUncertainty="(1;2;3;4;5)"',
        "Input",
        references=(),
    )
    assert (made.provider, made.avoided, made.formula, made.pedigree) == (MINING, True, "2*a", "(1;2;3;4;5)")
    assert (made.location, made.derivation, made.comment) == ("CN", "Measured", {"zh": "实测"})
    assert made.direction is Direction.IN and not made.reference


RELATIONS = "<mathematicalRelations>{}</mathematicalRelations>"
VARIABLE = '<variableParameter name="{}"><formula>{}</formula>{}</variableParameter>'


def test_parameters_and_an_amount_that_hangs_on_one(tmp_path):
    information = RELATIONS.format(
        VARIABLE.format("A", "", "<meanValue>3</meanValue><comment xml:lang='zh'>数</comment>")
        + VARIABLE.format("b", "2 * a ^ 2", "")
        + VARIABLE.format("c", "b + 1", "<meanValue>20</meanValue>")
        + VARIABLE.format("d", "unheard(a)", "<meanValue>5</meanValue>")
    )
    made, report = one_exchange(
        tmp_path, "<referenceToVariable>b</referenceToVariable><meanAmount>2</meanAmount>", information=information
    )
    assert (made.amount, made.formula) == (36.0, "2.0 * b")
    records, _ = read(tmp_path, {})
    parameters = only(records, ProcessRecord).parameters
    assert [(p.name, p.value, p.formula) for p in parameters] == [
        ("A", 3.0, ""),
        ("b", 18.0, "2 * a ^ 2"),
        ("c", 20.0, "b + 1"),  # what is stored stands
        ("d", 5.0, "unheard(a)"),
    ]
    assert {p.process for p in parameters} == {MELTING}
    assert parameters[0].comment == {"zh": "数"}
    assert report.seen["formula_differs"] == report.seen["formula_not_read"] == 1


@pytest.mark.parametrize(
    ("formulas", "said"),
    [
        ({"a": "b", "b": "c", "c": "a"}, "circle: (a -> b -> c -> a|b -> c -> a -> b|c -> a -> b -> c)"),
        ({"a": "__import__('os')"}, "code"),
        ({"a": "9**9**9**9**9"}, "no finite value"),
        ({"a": "(" * 3000 + "1" + ")" * 3000}, "too long"),
    ],
)
def test_formulas_that_cannot_be_trusted_refuse_the_source(tmp_path, formulas, said):
    information = RELATIONS.format("".join(VARIABLE.format(name, text, "") for name, text in formulas.items()))
    with pytest.raises(SourceRefused, match=said):
        one_process(tmp_path, information=information)


def test_a_variable_that_is_not_there(tmp_path):
    with pytest.raises(SourceRefused, match='"k", which the data set lacks'):
        one_exchange(tmp_path, "<referenceToVariable>k</referenceToVariable><meanAmount>2</meanAmount>")


def test_allocation_factors(tmp_path):
    shares = '<meanAmount>2</meanAmount><allocations><allocation internalReferenceToCoProduct="{}"'
    exchanges = (
        exchange(0, STEEL)
        + exchange(1, SLAG)
        + exchange(
            2, CO2, inner=shares.format(0) + ' allocatedFraction="80.3"/><allocation '
            'internalReferenceToCoProduct="1" allocatedFraction="19.7"/></allocations>',
        )
        + exchange(3, ORE, "Input", shares.format(9) + ' allocatedFraction="100"/></allocations>')
    )  # fmt: skip
    made, report = one_process(tmp_path, exchanges=exchanges)
    assert made.allocation == (
        AllocationRecord("causal", STEEL, 0.803, exchange="2"),
        AllocationRecord("causal", SLAG, 0.197, exchange="2"),
    )
    assert made.default_allocation == "causal"
    assert report.seen["allocation_not_read"] == 1


def test_reminder_flows_are_no_part_of_the_inventory(tmp_path):
    reminder = "<functionType>General reminder flow</functionType><meanAmount>9</meanAmount>"
    made, report = one_process(tmp_path, exchanges=exchange(0, STEEL) + exchange(1, CO2, inner=reminder))
    assert [e.flow for e in made.exchanges] == [STEEL]
    assert report.seen["reminder_flow"] == report.counts["reminder_flows"] == 1


@pytest.mark.parametrize("references", [(), (0,), (0, 1), (0, 7)])
def test_none_one_or_several_reference_flows(tmp_path, references):
    made, report = one_process(tmp_path, exchanges=exchange(0, STEEL) + exchange(1, SLAG), references=references)
    assert [e.internal_id for e in made.references] == [str(n) for n in references if n < 2]
    assert report.seen["no_reference"] == (not references)
    assert report.seen["absent_reference"] == (7 in references)


def test_a_reference_without_uuid_and_one_with_a_blank(tmp_path):
    exchanges = exchange(0, STEEL) + exchange(1, "", "Input") + exchange(2, f"{STEEL} ", "Input")
    made, report = one_process(tmp_path, exchanges=exchanges)
    assert [e.flow for e in made.exchanges] == [STEEL, "?named", f"{STEEL} "]
    assert report.seen["malformed_uuid"] == 1
    assert report.counts["unknown_type"] == 2


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        (f"UUID>{MELTING}<", f"UUID>&#x30;{MELTING[1:]}<"),
        ("<processInformation>", "<processInformation><x><![CDATA[<common:UUID>another</common:UUID>]]></x>"),
    ],
)
def test_the_uuid_is_that_which_parsing_finds(tmp_path, plain, written):
    text = process(exchanges=exchange(0, STEEL))
    assert plain in text
    records, _ = read(tmp_path, GROUND | {"processes/p.xml": text.replace(plain, written, 1)})
    assert only(records, ProcessRecord).id == MELTING


def test_the_newer_version_of_a_uuid_counts(tmp_path):
    old = process(version="01.09.000", name="<baseName>Old</baseName>")
    files = GROUND | {"processes/a.xml": old, "processes/b.xml": process(version="01.10.000")}
    records, report = read(tmp_path, files)
    made = only(records, ProcessRecord)
    assert (made.version, made.place) == ("01.10.000", "processes/b.xml")
    [notice] = [n for n in report.notices if n.code == "older_version"]
    assert notice.place == "processes/a.xml" and "processes/b.xml" in notice.text.en


def test_two_contents_under_one_uuid_and_version_are_refused_by_both_names(tmp_path):
    files = GROUND | {"processes/a.xml": process(), "processes/b.xml": process(about="<!-- --><common:other/>")}
    with pytest.raises(SourceRefused, match=r"processes/b\.xml.*processes/a\.xml"):
        read(tmp_path, files)


def test_the_same_data_set_twice_is_read_once(tmp_path):
    records, report = read(tmp_path, GROUND | {"processes/a.xml": process(), "processes/b.xml": process()})
    only(records, ProcessRecord)
    assert report.seen["repeated"] == 1


def test_placeholders_are_left_out_by_name(tmp_path):
    records, report = read(tmp_path, GROUND | {"flows/t.xml": flow("00000000-0000-0000-0000-000000000000")})
    only(records, FlowRecord)
    [notice] = [n for n in report.notices if n.code == "no_uuid"]
    assert notice.place == "flows/t.xml" and report.refused == 1


def test_life_cycle_models_name_the_suppliers(tmp_path):
    def model(uuid, upstream):
        return f"""<lifeCycleModelDataSet xmlns="http://eplca.jrc.ec.europa.eu/ILCD/LifeCycleModel/2017"
          xmlns:common="http://lca.jrc.it/ILCD/Common"><common:UUID>{uuid}</common:UUID><processes>
          <processInstance dataSetInternalID="1"><referenceToProcess refObjectId="{upstream}"/><connections>
          <outputExchange flowUUID="{ORE}"><downstreamProcess id="2" flowUUID="{ORE}"/></outputExchange></connections>
          </processInstance><processInstance dataSetInternalID="2"><referenceToProcess refObjectId="{MELTING}"/>
          </processInstance></processes></lifeCycleModelDataSet>"""

    exchanges = exchange(0, STEEL) + exchange(1, ORE, "Input") + exchange(2, SLAG, "Input")
    files = GROUND | {"processes/p.xml": process(exchanges=exchanges), "models/m.xml": model("m1", MINING)}
    records, _ = read(tmp_path, files)
    assert [e.provider for e in only(records, ProcessRecord).exchanges] == ["", MINING, ""]
    records, report = read(tmp_path, {"models/n.xml": model("m2", STEEL)})
    assert [e.provider for e in only(records, ProcessRecord).exchanges] == ["", "", ""]
    assert report.seen["models_differ"] == 1


def test_methods(tmp_path):
    described = "carbon dioxide (fossil) (Mass, kg, Emissions to air, unspecified)"
    content = f"""<LCIAMethodDataSet xmlns="http://lca.jrc.it/ILCD/LCIAMethod" version="1.1"
      xmlns:common="http://lca.jrc.it/ILCD/Common"><LCIAMethodInformation><dataSetInformation>
      <common:UUID>m</common:UUID><common:name xml:lang="en">Climate change</common:name>
      <methodology>EF</methodology><impactCategory>Climate change</impactCategory></dataSetInformation>
      <quantitativeReference><referenceQuantity refObjectId="q"><common:shortDescription>kg CO2 eq
      </common:shortDescription></referenceQuantity></quantitativeReference></LCIAMethodInformation>
      <characterisationFactors><factor><referenceToFlowDataSet refObjectId="{CO2}"><common:shortDescription>{described}
      </common:shortDescription></referenceToFlowDataSet>
      <exchangeDirection>Output</exchangeDirection><meanValue>1.0</meanValue></factor><factor>
      <referenceToFlowDataSet refObjectId="{STEEL}"/><location>CN</location><meanValue>-2</meanValue></factor>
      </characterisationFactors></LCIAMethodDataSet>"""
    records, report = read(tmp_path, GROUND | {"lciamethods/m.xml": content})
    made = only(records, MethodRecord)
    assert (made.names, made.method, made.unit) == ({"en": "Climate change"}, "EF", "kg CO2 eq")
    first, second = made.factors
    assert (first.flow, first.value, first.unit, first.direction) == (CO2, 1.0, "kg", "out")
    assert first.flow_name == "carbon dioxide (fossil)"
    assert first.flow_category == ("Emissions to air, unspecified",)
    assert (second.value, second.unit, second.location, second.direction) == (-2.0, "kg", "CN", "")
    assert report.counts["methods"] == 1


def test_a_zip_a_folder_and_a_single_file_are_read_alike(tmp_path):
    records, _ = read(tmp_path / "folder", GROUND | {"processes/p.xml": process()})
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        for name, content in (GROUND | {"processes/p.xml": process()}).items():
            archive.writestr(f"ILCD/{name}", content)
    zipped = list(read_source(tmp_path / "z.zip", Report()))
    assert [replace(r, place="") for r in zipped] == [replace(r, place="") for r in records]  # type: ignore[type-var]
    (tmp_path / "p.xml").write_text(process())
    assert [type(r) for r in read_source(tmp_path / "p.xml", Report())] == [FlowRecord, ProcessRecord]


@pytest.fixture(scope="session")
def tiangong(shared):
    """Kinds of flows, and what is expected of the processes; the processes themselves are counted and let go."""
    case = shared / "cases" / "tiangong-a-ilcd"
    report, seen = Report(), []
    for record in read_source(case / "data.zip", report, lambda done, total: seen.append((done, total))):
        if isinstance(record, ProcessRecord):
            assert all(math.isfinite(e.amount) for e in record.exchanges)
    return json.loads((case / "expected.json").read_text()), report, seen


def test_tiangong_has_the_counts_listed(tiangong):
    expected, report, progress = tiangong
    counts = expected["counts"]
    assert report.counts["flows"] == counts.pop("distinct_flows_in_exchanges")
    assert {name: report.counts[name] for name in counts} == counts
    assert report.facts["documents"] == expected["reader"]["counts"]
    assert progress[-1][0] == progress[-1][1] and progress == sorted(progress)


def test_tiangong_methods_have_the_factors_listed(shared):
    case = shared / "cases" / "tiangong-a-ilcd"
    methods = [r for r in read_source(case / "lciamethods.zip", Report()) if isinstance(r, MethodRecord)]
    expected = json.loads((case / "expected.json").read_text())["lcia_methods"]
    assert [(m.id, m.names["en"], len(m.factors)) for m in methods] == [
        (e["uuid"], e["name"], e["factors"]) for e in expected
    ]
    for method, e in zip(methods, expected, strict=True):
        assert sum(f.value for f in method.factors) == pytest.approx(e["sum_of_factors"], rel=1e-12)
