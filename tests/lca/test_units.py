from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanbiao.lca.units import _COLLOQUIAL, DIMENSIONS, UNITS, UnitMismatch, UnknownUnit, quantity, suggest, unit


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("吨", "t"), ("千克", "kg"), ("公斤", "kg"), ("千瓦时", "kWh"), ("万千瓦时", "10^4kWh"), ("立方米", "m3"),
        ("m³", "m3"), ("标准立方米", "Nm3"), ("Nm³", "Nm3"), ("万标立方米", "10^4Nm3"), ("10⁴Nm³", "10^4Nm3"),
        ("吨公里", "t·km"), ("tkm", "t·km"), ("件", "piece"), ("吨标准煤", "tce"), ("ｋｇ", "kg"), (" kg ", "kg"),
        ("㎏", "kg"), ("kW·h", "kWh"),
    ],
)  # fmt: skip
def test_a_unit_is_known_by_its_written_forms(written, symbol):
    assert unit(written) is UNITS[symbol]


@pytest.mark.parametrize("written", ["方", "度", "锭", "KG", "T", "kgg", "", "t/t", "k g", "104Nm3", "kwh"])
def test_what_is_not_exactly_a_unit_is_refused(written):
    with pytest.raises(UnknownUnit) as refused:
        unit(written)
    assert refused.value.symbol == written


@pytest.mark.parametrize("written", _COLLOQUIAL)
def test_a_colloquial_word_is_never_taken_for_a_unit(written):
    with pytest.raises(UnknownUnit):
        unit(written)
    assert [s.unit.symbol for s in suggest(written)] == list(_COLLOQUIAL[written])


@pytest.mark.parametrize(
    ("written", "likely"),
    [("方", ["m3", "Nm3"]), ("度", ["kWh"]), ("KG", ["kg"]), ("kwh", ["kWh"]), ("标方", ["Nm3"]), ("锭", [])],
)
def test_likely_units_are_suggested_and_never_taken(written, likely):
    assert [s.unit.symbol for s in suggest(written)][: len(likely) or 1] == likely
    assert [s.unit for s in UnknownUnit(written).suggestions] == [s.unit for s in suggest(written)]


def test_coal_equivalent_is_energy():
    assert quantity(1, "吨标煤").to(UNITS["GJ"]).amount == Decimal("29.3076")


@pytest.mark.parametrize(
    ("amount", "symbol", "to", "expected"),
    [
        ("1", "万千瓦时", "kWh", "10000"),
        ("3.6", "MJ", "kWh", "1"),
        ("2.5", "t", "kg", "2500"),
        ("1", "L", "m3", "0.001"),
    ],
)
def test_conversions_are_exact(amount, symbol, to, expected):
    assert quantity(amount, symbol).to(UNITS[to]).amount == Decimal(expected)


def test_a_mismatch_says_what_is_due_in_both_languages():
    with pytest.raises(UnitMismatch) as refused:
        quantity(1, "kWh").to(UNITS["kg"])
    assert "kWh" in refused.value.text.zh
    assert "此处应为质量" in refused.value.text.zh
    assert "mass is due here" in refused.value.text.en


def test_gas_at_standard_conditions_is_not_a_plain_volume():
    with pytest.raises(UnitMismatch):
        quantity(1, "Nm3").to(UNITS["m3"])


def test_every_dimension_has_words_and_a_base_unit():
    assert {u.dimension for u in UNITS.values()} == set(DIMENSIONS)
    assert {u.dimension for u in UNITS.values() if u.factor == 1} == set(DIMENSIONS)


@given(
    st.decimals(min_value=0, max_value=10**9, places=6),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(sorted(UNITS)),
)
def test_there_and_back_is_the_same_amount(amount, symbol, other):
    one, two = UNITS[symbol], UNITS[other]
    if one.dimension != two.dimension:
        return
    back = quantity(amount, symbol).to(two).to(one).amount
    assert abs(back - amount) <= Decimal("1e-20") * max(amount, 1)
