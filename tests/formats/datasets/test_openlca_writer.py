"""openLCA packages that we write are read back as they were, and are the same to the byte."""

import json
import zipfile
from dataclasses import replace

import pytest
from openlca_cast import processes, read

from tanbiao.formats.datasets.openlca.writer import write_openlca
from tanbiao.lca.datasets.records import (
    AllocationRecord,
    DeclarationRecord,
    Direction,
    ExchangeRecord,
    FlowKind,
    FlowRecord,
    ImpactFactorRecord,
    MethodRecord,
    ParameterRecord,
    ProcessRecord,
    Record,
)

RECORDS: tuple[Record, ...] = (
    ParameterRecord("share", 0.5, uncertainty={"kind": "uniform", "minimum": 0.1, "maximum": 0.9}),
    FlowRecord(
        "steel", {"zh": "钢", "en": "Steel"}, FlowKind.PRODUCT, "kg", ("Metals", "Iron / steel"),
        synonyms={"en": "iron"}, comment={"zh": "热轧", "en": "hot rolled"}, location="CN",
    ),
    FlowRecord("gas", {"": "Gas"}, FlowKind.PRODUCT, "m3", properties={"Energy": (36.0, "MJ")}),
    FlowRecord("co2", {"en": "CO2"}, FlowKind.ELEMENTARY, "kg", ("air",), cas="124-38-9", formula="CO2"),
    FlowRecord("x", {"": "x"}, FlowKind.UNKNOWN, "barn"),
    ProcessRecord(
        "make-steel",
        {"zh": "炼钢", "en": "Steelmaking"},
        (
            ExchangeRecord("steel", Direction.OUT, 1.0, "t", 1000.0, reference=True, internal_id="1"),
            ExchangeRecord(
                "gas", Direction.IN, 100.0, "kWh", 0.1, internal_id="2", provider="make-gas", provider_name="Gas",
                uncertainty={"kind": "lognormal", "mean": 100.0, "gsd": 1.1}, pedigree="(1;1;1;1;1)",
                base_uncertainty=1.05, formula="200*share", location="CN", comment={"": "metered"},
            ),
            ExchangeRecord(
                "gas", Direction.OUT, 1.0, "m3", 1.0, avoided=True, internal_id="3", comment={"en": "c", "zh": "注"},
                derivation="Measured", variable="gas_out", properties={"price": (2.0, "CNY")},
            ),
            ExchangeRecord(
                "co2", Direction.OUT, 9.0, "kg", 1.0, internal_id="4",
                uncertainty={"kind": "triangular", "minimum": 8.0, "mode": 9.0, "maximum": 10.0},
            ),
            ExchangeRecord("x", Direction.IN, 9.0, "barn", 1.0, internal_id="5"),
            ExchangeRecord("co2", Direction.IN, 1.0, "m3", 1.0, counted_in="m3", internal_id="6"),
            ExchangeRecord("gas", Direction.IN, 4.0, "lb", 0.6, internal_id="7"),
        ),
        "CN",
        ("Metals", "Iron / steel"),
        "system",
        2019,
        2021,
        {"zh": "高炉"},
        {"en": "China"},
        {"en": "A comment", "zh": "说明"},
        (ParameterRecord("load", 2.0, process="make-steel", uncertainty={"kind": "normal", "mean": 2.0, "sd": 0.1}),),
        (AllocationRecord("physical", "steel", 0.9), AllocationRecord("causal", "gas", 0.1, "4")),
        "physical",
        "(1;2)",
        ("A book",),
        "01.00.000",
        {"projectDescription": "P", "dataGenerator": "W", "标题": "另一格式的内容", "lastChange": "2024-01-01"},
    ),
    MethodRecord(
        "gwp", {"en": "GWP 100", "zh": "全球变暖"}, "AR6", "kg CO2e",
        (ImpactFactorRecord("co2", "CO2", 1.0, "kg", "out", "CN", ("air",)),), {"code": "gwp", "note": "n"},
    ),
)  # fmt: skip


def test_what_is_written_is_read_back_as_it_was(tmp_path):
    report = write_openlca(RECORDS, tmp_path / "x.zip")
    assert report.counts["processes"] == 1
    assert not report.notices
    back, said = read(tmp_path / "x.zip")
    assert dict(said.seen) == {"other_unit": 1}  # the gas that is counted in kilograms elsewhere stays by itself
    by_id = {getattr(r, "id", None) or r.name: replace(r, place="") if hasattr(r, "place") else r for r in back}
    assert {r.id: r for r in RECORDS if isinstance(r, FlowRecord) and r.id != "gas"}.items() <= by_id.items()
    gas = by_id["gas"]
    assert gas.properties == {"Energy": (36.0, "MJ"), "lb": (1 / 0.6, "lb")}  # which one exchange is given in
    for record in RECORDS[-2:]:
        assert by_id[record.id] == record
    assert by_id["share"] == RECORDS[0]


def test_the_same_records_make_the_same_bytes(tmp_path):
    for name in "xy":
        write_openlca(RECORDS, tmp_path / name)
    assert (tmp_path / "x").read_bytes() == (tmp_path / "y").read_bytes()


def test_ids_that_cannot_be_names_of_files(tmp_path):
    flow = FlowRecord("a/b", {"": "F"}, FlowKind.PRODUCT, "kg")
    made = ProcessRecord("../p", {"": "P"}, (ExchangeRecord("a/b", Direction.OUT, 1.0, "kg", reference=True),))
    user = ProcessRecord("q", {"": "Q"}, (ExchangeRecord("a/b", Direction.IN, 1.0, "kg", provider="../p"),))
    write_openlca((flow, made, user), tmp_path / "x.zip")
    found = processes(read(tmp_path / "x.zip")[0])
    (other,) = found.keys() - {"q"}
    assert found["q"].exchanges[0].provider == other
    assert found["q"].exchanges[0].flow == found[other].exchanges[0].flow


def test_an_exchange_of_another_kind_than_its_flow(tmp_path):
    water = FlowRecord("1", {"": "Water"}, FlowKind.PRODUCT, "kg")
    taken = ExchangeRecord("1", Direction.IN, 2.0, "kg", kind=FlowKind.ELEMENTARY)
    made = ProcessRecord("p", {"": "P"}, (ExchangeRecord("1", Direction.OUT, 1.0, "kg", reference=True), taken))
    write_openlca((water, made), tmp_path / "x.zip")
    records, _ = read(tmp_path / "x.zip")
    kinds = {r.id: r.kind for r in records if isinstance(r, FlowRecord)}
    assert [kinds[e.flow] for e in processes(records)["p"].exchanges] == [FlowKind.PRODUCT, FlowKind.ELEMENTARY]


def test_no_group_learns_a_unit_that_is_not_what_it_usually_is(tmp_path):
    """Energy by two heating values, and two miles of one name in one flow."""
    gas = FlowRecord(
        "gas", {"": "Gas"}, FlowKind.PRODUCT, "kg", properties={"Lower": (40.0, "MJ"), "Upper": (45.0, "MJ")}
    )
    haul = FlowRecord("haul", {"": "Haul"}, FlowKind.PRODUCT, "t*km")
    exchanges = (
        ExchangeRecord("gas", Direction.OUT, 1.0, "kg", reference=True),
        ExchangeRecord("gas", Direction.IN, 1.0, "kWh", 3.6 / 45),
        ExchangeRecord("gas", Direction.IN, 1.0, "kWh", 3.6 / 40),
        ExchangeRecord("haul", Direction.IN, 1.0, "t*mi", 1.6),
        ExchangeRecord("haul", Direction.IN, 1.0, "t*mi", 1.45),
        ExchangeRecord("haul", Direction.IN, 1.0, "t*mi", 1.6),
    )
    write_openlca((gas, haul, ProcessRecord("p", {"": "P"}, exchanges)), tmp_path / "x.zip")
    records, _ = read(tmp_path / "x.zip")
    assert [e.factor for e in processes(records)["p"].exchanges] == pytest.approx([e.factor for e in exchanges])
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        groups = [json.loads(archive.read(n)) for n in archive.namelist() if n.startswith("unit_groups/")]
    factors = {(g["name"], u["name"]): u["conversionFactor"] for g in groups for u in g["units"]}
    assert factors["Units of energy", "kWh"] == pytest.approx(3.6)
    assert ("Units of transport", "t*mi") not in factors


def test_what_has_no_place_is_said(tmp_path):
    declaration = DeclarationRecord("d", {"": "D"}, "f", 1.0, "kg", ())
    process = ProcessRecord("p", {}, allocation=(AllocationRecord("by hand", "f", 1.0),))
    report = write_openlca((declaration, process), tmp_path / "x.zip")
    assert {n.place for n in report.notices} == {"DeclarationRecord", "AllocationFactor"}


@pytest.mark.parametrize("case", ["us-fpl-jsonld", "us-rail-jsonld2"])
def test_published_packages_survive(shared, tmp_path, case):
    records, _ = read(shared / "cases" / case / "data.zip")
    write_openlca(records, tmp_path / "x.zip")
    back, _ = read(tmp_path / "x.zip")

    def told(process: ProcessRecord) -> ProcessRecord:
        exchanges = tuple(replace(e, internal_id="", factor=round(e.factor, 12)) for e in process.exchanges)
        allocation = tuple(replace(a, exchange="") for a in process.allocation)
        return replace(process, exchanges=exchanges, allocation=allocation, place="")

    assert {k: told(p) for k, p in processes(records).items()} == {k: told(p) for k, p in processes(back).items()}
    flows = [{r.id: replace(r, place="") for r in all if isinstance(r, FlowRecord)} for all in (records, back)]
    assert flows[0] == flows[1]
