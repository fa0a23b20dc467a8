import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanbiao.lca.datasets.source_units import _table, in_base
from tanbiao.lca.units import ACTIVITY_UNITS, DIMENSIONS, UNITS, unit


@pytest.mark.parametrize(
    ("written", "base", "factor"),
    [
        ("kg", "kg", 1), ("g", "kg", 1e-3), ("t", "kg", 1e3), ("lb", "kg", 0.45359237), ("lb av", "kg", 0.45359237),
        ("sh tn", "kg", 907.18474), ("oz", "kg", 0.028349523125), ("Mg", "kg", 1e3), ("mg", "kg", 1e-6),
        ("metric ton", "kg", 1e3), ("μg", "kg", 1e-9), ("µg", "kg", 1e-9), ("吨", "kg", 1e3),
        ("MJ", "MJ", 1), ("kWh", "MJ", 3.6), ("Btu", "MJ", 0.00105505585262), ("MMBTU", "MJ", 1055.05585262),
        ("therm", "MJ", 105.505585262), ("TJ", "MJ", 1e6), ("TOE", "MJ", 41868), ("tce", "MJ", 29307.6),
        ("m3", "m3", 1), ("Nm3", "Nm3", 1), ("l", "m3", 1e-3), ("ml", "m3", 1e-6), ("dm3", "m3", 1e-3),
        ("gal (US liq)", "m3", 0.003785411784), ("bbl", "m3", 0.158987294928), ("ft3", "m3", 0.028316846592),
        ("m2", "m2", 1), ("ft2", "m2", 0.09290304), ("acre", "m2", 4046.8564224), ("ha", "m2", 1e4),
        ("m2*a", "m2*a", 1), ("m2a", "m2*a", 1), ("ha a", "m2*a", 1e4), ("m2*year", "m2*a", 1),
        ("m2*d", "m2*a", 1 / 365), ("m3*a", "m3*a", 1), ("l*day", "m3*a", 1e-3 / 365), ("kg*a", "kg*a", 1),
        ("t*km", "t*km", 1), ("tkm", "t*km", 1), ("t·km", "t*km", 1), ("metric ton*km", "t*km", 1),
        ("kgkm", "t*km", 1e-3), ("t*mi", "t*km", 1.609344), ("lb*mi", "t*km", 0.45359237 * 1.609344 / 1000),
        ("p*km", "p*km", 1), ("personkm", "p*km", 1), ("person*km", "p*km", 1), ("v*km", "v*km", 1),
        ("p*mi", "p*km", 1.609344), ("Items*mi", "piece*km", 1.609344), ("m3*km", "m3*km", 1),
        ("km", "km", 1), ("m", "km", 1e-3), ("ft", "km", 0.0003048), ("mi", "km", 1.609344), ("my", "km*a", 1e-3),
        ("Item(s)", "piece", 1), ("p", "piece", 1), ("unit", "piece", 1), ("Dozen(s)", "piece", 12),
        ("Bq", "kBq", 1e-3), ("kBq", "kBq", 1), ("Ci", "kBq", 3.7e7),
        ("h", "h", 1), ("hr", "h", 1), ("d", "h", 24), ("a", "h", 8760), ("min", "h", 1 / 60), ("s", "h", 1 / 3600),
        ("USD", "USD", 1), ("mol", "mol", 1),
    ],
)  # fmt: skip
def test_units_of_sources_are_brought_to_base_units(written, base, factor):
    found = in_base(written)
    assert found is not None
    assert found[0] == base
    assert found[1] == pytest.approx(factor, rel=1e-15)


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "kgg",
        "custom_unit",
        "EUR 2000",
        "dimensionless",
        "kg SWU",
        "MJ/kg",
        "kg/ha",
        "kg kg",
        "m2*kg",
        "*",
        "MG",
    ],
)
def test_an_unknown_unit_stays_a_kind_of_its_own(written):
    assert in_base(written) is None


@given(st.text(max_size=20))
def test_any_text_is_answered(written):
    found = in_base(written)
    assert found is None or found[1] > 0


def test_base_units_are_units_of_activity_data_too_in_their_own_dimension():
    for base in {base for base, _ in _table().values()}:
        assert unit(base).factor == 1, base
    products = ("t*km", "p*km", "v*km", "m2*a", "m3*a", "kg*a", "km*a", "piece*a", "m3*km", "piece*km")
    assert {unit(base).dimension for base in products} <= set(DIMENSIONS)


@pytest.mark.parametrize("known", UNITS.values(), ids=lambda u: u.symbol)
def test_both_tables_of_units_agree(known):
    base, factor = in_base(known.symbol)
    assert unit(base).dimension == known.dimension
    assert factor == pytest.approx(float(known.factor), rel=1e-15)


def test_forms_offer_units_of_activity_data_only():
    assert {u.dimension for u in ACTIVITY_UNITS} == {
        "mass", "energy", "volume", "gas_volume", "transport", "count", "area", "length", "time",
    }  # fmt: skip
