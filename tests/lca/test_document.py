import json
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lca_cast import power_and_fuel

from tanbiao.lca.document import BadDocument, system_from_document, to_document
from tanbiao.lca.footprint import calculate_footprint, footprint_document
from tanbiao.lca.model import ProductSystem
from tanbiao.lca.units import UNITS, Quantity, Unit, UnknownUnit

finite = st.decimals(allow_nan=False, allow_infinity=False, min_value="-1e40", max_value="1e40")
st.register_type_strategy(Unit, st.sampled_from(list(UNITS.values())))
st.register_type_strategy(Decimal, finite)
systems = st.from_type(ProductSystem)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(systems)
def test_every_system_comes_back_from_its_document_as_text(system):
    text = json.dumps(to_document(system), ensure_ascii=False)
    again = system_from_document(json.loads(text))
    assert again == system
    assert _digits(again) == _digits(system)


def _digits(value):
    """All decimals of a system with their trailing zeros, which == does not see."""
    if isinstance(value, Decimal):
        return [str(value)]
    if isinstance(value, Unit):
        return []
    if is_dataclass(value):
        return [d for f in fields(value) for d in _digits(getattr(value, f.name))]
    return [d for item in value for d in _digits(item)] if isinstance(value, tuple) else []


def test_what_was_left_out_takes_its_default():
    document = to_document(power_and_fuel())
    del document["exclusions"], document["processes"][0]["allocation"]
    assert system_from_document(document) == power_and_fuel()


def changed(path, value):
    document = to_document(power_and_fuel())
    *parents, last = path
    target = document
    for key in parents:
        target = target[key]
    target[last] = value
    return document


AMOUNT = ("processes", 0, "inputs", 0, "quantity", "amount")


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("format",), "tanbiao.system/9", "format"),
        (("surprise",), 1, "surprise"),
        (("processes",), {}, "processes"),
        (("processes", 0), "power", "processes[0]"),
        (("processes", 0, "stage"), "cooking", "processes[0].stage"),
        (("processes", 0, "name"), 7, "processes[0].name"),
        (AMOUNT, 2, "processes[0].inputs[0].quantity.amount"),
        (AMOUNT, "NaN", "processes[0].inputs[0].quantity.amount"),
        (AMOUNT, "1_000", "processes[0].inputs[0].quantity.amount"),
        (AMOUNT, "１２", "processes[0].inputs[0].quantity.amount"),
        (("processes", 0, "inputs", 0, "quantity", "unit"), "方", "processes[0].inputs[0].quantity.unit"),
        (("product", "period_start"), "2025-13-01", "product.period_start"),
        (
            ("processes", 0, "inputs", 0, "quality"),
            {"technological": "1"},
            "processes[0].inputs[0].quality.geographical",
        ),
        (
            ("processes", 0, "inputs", 0, "quality"),
            {"technological": True, "geographical": 1, "temporal": 1},
            "processes[0].inputs[0].quality.technological",
        ),
    ],
)
def test_what_does_not_belong_is_refused_with_its_path(path, value, place):
    with pytest.raises(BadDocument) as refused:
        system_from_document(changed(path, value))
    assert refused.value.place == place


def test_a_document_must_be_an_object():
    with pytest.raises(BadDocument):
        system_from_document([])


def test_a_unit_of_ones_own_is_not_written():
    product = power_and_fuel().product
    own = Quantity(Decimal(1), Unit("kg", "mass", Decimal(2)))
    with pytest.raises(UnknownUnit):
        to_document(replace(power_and_fuel(), product=replace(product, declared_unit=own)))


def test_the_footprint_document_keeps_every_digit():
    footprint = calculate_footprint(power_and_fuel(("1", "kWh")))
    document = json.loads(json.dumps(footprint_document(footprint)))
    assert float(document["total_kg_co2e"]) == footprint.total_kg_co2e
    assert document["declared_unit"] == {"amount": "1", "unit": "kWh"}
    assert {k: float(v) for k, v in document["scaling"].items()} == footprint.scaling
    assert [float(c["kg_co2e"]) for c in document["contributions"]] == [c.kg_co2e for c in footprint.contributions]
    assert {k: float(v) for k, v in document["stages"].items()} == footprint.by_stage()
