"""Records as JSON and back."""

import json

import pytest

from tanbiao.lca.datasets.document import from_document, to_document
from tanbiao.lca.datasets.records import (
    AllocationRecord,
    DeclarationRecord,
    Direction,
    ExchangeRecord,
    FactorRecord,
    FlowKind,
    FlowRecord,
    ImpactFactorRecord,
    IndicatorRecord,
    MethodRecord,
    ParameterRecord,
    ProcessRecord,
)

EXCHANGE = ExchangeRecord(
    "f",
    Direction.IN,
    -2.5e-13,
    "lb",
    0.45359237,
    provider="p",
    formula="2 * x",
    uncertainty={"kind": "lognormal", "mean": 2.0, "gsd": 1.1},
    pedigree="(1;2;3;4;5)",
    comment={"zh": "注"},
    kind=FlowKind.WASTE,
    counted_in="m3",
    properties={"mass": (2.0, "kg")},
)
RECORDS = [
    FlowRecord("f", {"zh": "流", "": "flow"}, FlowKind.ELEMENTARY, "kg", ("a", "b"), properties={"mass": (1.0, "kg")}),
    ProcessRecord(
        "p",
        {"en": "process"},
        (EXCHANGE, ExchangeRecord("g", Direction.OUT, 1.0, reference=True)),
        year_from=2020,
        parameters=(ParameterRecord("x", 1.0, "y", "p"),),
        allocation=(AllocationRecord("causal", "g", 0.25, "1"),),
        sources=("s",),
        documentation={"Sampling": "说明"},
    ),
    MethodRecord("m", {"en": "GWP"}, "AR6", "kg", (ImpactFactorRecord("f", "flow", 29.8, flow_category=("air",)),)),
    DeclarationRecord(
        "d",
        {"de": "Zement"},
        "f",
        1.0,
        "t",
        (IndicatorRecord({"en": "GWP"}, "kg", {"A1-A3": "1,5E2", "C1": None, "D": ""}, "i"),),
        exchanges=(EXCHANGE,),
    ),
    FactorRecord("1", {"zh": "电力"}, 0.5366, "kWh", "0.5366 kgCO2/kWh", year=2022, category=("能源",)),
    ParameterRecord("x", 1.5, uncertainty={"kind": "uniform", "minimum": 1, "maximum": 2}),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_nothing_is_lost(record):
    document = json.loads(json.dumps(to_document(record), allow_nan=False))
    assert from_document(document) == record
    assert type(from_document(document)) is type(record)


def test_defaults_are_left_out():
    record = ProcessRecord("p", {}, (ExchangeRecord("f", Direction.OUT, 1.0),))
    document = to_document(record)
    assert document == {
        "record": "process",
        "id": "p",
        "names": {},
        "exchanges": [{"flow": "f", "direction": "out", "amount": 1.0}],
    }
    assert from_document(document) == record


def test_directions_and_kinds_come_back_as_themselves():
    process = from_document(to_document(RECORDS[1]))
    assert process.exchanges[0].direction is Direction.IN
    assert process.exchanges[0].kind is FlowKind.WASTE
    assert isinstance(process.exchanges, tuple)
    assert from_document(to_document(RECORDS[0])).kind is FlowKind.ELEMENTARY
