"""The quality gate against rows as public tables hold them, and what it must never say of good ones."""

import csv
import datetime as dt
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanbiao.lca.datasets.boundaries import boundaries_said
from tanbiao.lca.datasets.gate import Judged, Severity, check_factors, check_process, judged
from tanbiao.lca.datasets.gate.plausible import bounds
from tanbiao.lca.datasets.records import Direction, ExchangeRecord, FactorRecord, FlowKind, FlowRecord, ProcessRecord
from tanbiao.lca.model import FactorKind
from tanbiao.lca.units import UNITS
from tanbiao.words import Text

TODAY = dt.date(2026, 6, 1)
GOOD = Judged(
    "e", Text("某省电力碳足迹因子", "Footprint of electricity"), 0.6, "kWh", kind="electricity_footprint",
    gas_scope="all_ghg", life_cycle_scope="life_cycle", boundary="从摇篮到坟墓", region="CN-XX", year=2025,
    gwp_set="AR6", place="B2",
)  # fmt: skip
STEEL = replace(
    GOOD, uid="s", name=Text("钢材", "Steel"), value=2.1, unit="kg", kind="material", boundary="摇篮到大门",
    life_cycle_scope="cradle_to_gate",
)  # fmt: skip


def codes(*rows, peers=(), severity=None):
    found = check_factors(rows, peers, today=TODAY)
    return {j.code for j in found if severity is None or j.severity == severity}


def test_nothing_is_said_of_a_good_factor():
    assert not codes(GOOD) and not codes(STEEL)
    assert not codes(GOOD, STEEL, peers=[replace(STEEL, uid="p", year=2024, value=1.9)])


def named(row, zh, **more):
    return replace(row, name=Text(zh, zh), **more)


BAD = {
    "per kilojoule": (named(STEEL, "铜", value=17.8, unit="kJ"), "magnitude", "blocking"),
    "electricity, too much": (replace(GOOD, value=6.2), "magnitude", "blocking"),
    "electricity, per MWh written per kWh": (replace(GOOD, value=577.7), "magnitude", "blocking"),
    "electricity, doubtful": (replace(GOOD, value=1.7), "magnitude", "doubtful"),
    "more carbon than carbon": (
        named(STEEL, "煤", kind="fuel_combustion", gas="CO2", gas_scope="co2_only", value=4.1, boundary="",
              life_cycle_scope="direct"), "magnitude", "blocking"),
    "fuel per energy": (
        named(STEEL, "煤", kind="fuel_combustion", value=0.9, unit="MJ", boundary="", life_cycle_scope="direct"),
        "magnitude", "blocking"),
    "per tonne written per kilogram": (named(STEEL, "水泥", value=600000.0), "magnitude", "blocking"),
    "per kilogram written per tonne": (named(STEEL, "塑料", value=0.000868, unit="t"), "magnitude", "doubtful"),
    "unit": (replace(STEEL, unit="锭"), "unit", "blocking"),
    "electricity per kilogram": (replace(GOOD, unit="kg"), "dimension", "blocking"),
    "transport per kilogram": (named(STEEL, "铁路", kind="transport"), "dimension", "blocking"),
    "no number": (replace(STEEL, value=float("nan")), "not_a_number", "blocking"),
    "negative material": (replace(STEEL, value=-0.5), "negative", "doubtful"),
    "negative electricity": (replace(GOOD, value=-0.5), "negative", "blocking"),
    "zero": (replace(STEEL, value=0.0), "zero", "note"),
    "CO2 said to be all gases": (replace(STEEL, gas="CO2"), "gas_contradiction", "blocking"),
    "all gases said to be CO2": (replace(STEEL, gas_scope="co2_only"), "gas_contradiction", "blocking"),
    "CO2 only in words": (named(STEEL, "钢材（仅CO2）"), "gas_contradiction", "blocking"),
    "CO2 of electricity said to be CO2e": (replace(GOOD, gas="CO2"), "gas_contradiction", "blocking"),
    "CO2 as footprint": (replace(GOOD, gas="CO2", gas_scope="co2_only"), "grid_co2_as_footprint", "blocking"),
    "grid CO2 as CO2e": (
        named(GOOD, "2023年全国电力平均二氧化碳排放因子", value=0.5306), "grid_co2_as_footprint", "blocking"),
    "grid CO2 from the cradle": (
        named(GOOD, "电网排放", kind="grid_co2", gas="CO2", gas_scope="co2_only", boundary="摇篮到大门",
              life_cycle_scope="cradle_to_gate"), "boundary_contradiction", "blocking"),
    "two boundaries": (replace(STEEL, boundary="摇篮到大门；门到门"), "boundary_contradiction", "blocking"),
    "boundary against scope": (replace(STEEL, boundary="gate-to-gate"), "boundary_contradiction", "blocking"),
    "combustion from the cradle": (
        named(STEEL, "柴油燃烧", kind="fuel_combustion", value=3.1), "boundary_contradiction", "blocking"),
    "no year": (replace(STEEL, year=None), "no_period", "doubtful"),
    "no region": (replace(STEEL, region=""), "no_region", "doubtful"),
    "no boundary": (replace(STEEL, boundary="", life_cycle_scope=""), "no_boundary", "doubtful"),
    "no GWP set": (replace(STEEL, gwp_set=""), "no_gwp_set", "note"),
    "from the future": (replace(STEEL, year=2027), "future", "blocking"),
    "old power": (replace(GOOD, year=2021), "stale", "note"),
    "very old power": (replace(GOOD, year=2015), "stale", "doubtful"),
    "old material": (replace(STEEL, year=2010), "stale", "note"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_known_bad_rows_are_found(case):
    row, code, severity = BAD[case]
    found = [j for j in check_factors([row], today=TODAY) if j.code == code]
    assert [j.severity for j in found] == [severity]
    (one,) = found
    for text in (one.text.zh, one.text.en):
        assert row.said in text  # value and unit
    assert row.name.zh in one.text.zh and one.place == "B2" and one.uid == row.uid


def test_one_name_6889_times_apart_is_found_on_both_sides():
    low = judged(
        FactorRecord("a", {"zh": "聚丙烯"}, 0.868, "t", "0.868 kgCO2e/t", kind="material", gas_scope="all_ghg",
                     provider="甲", place="C2")
    )  # fmt: skip
    high = replace(low, uid="b", value=5980.0, given="5.98 t/t", provider="乙", place="C3")
    found = {j.uid: j for j in check_factors([low, high], today=TODAY) if j.code == "spread"}
    assert set(found) == {"a", "b"}
    assert "6,889" in found["a"].text.zh and "5.98 t/t" in found["a"].text.zh and "C3" in found["a"].text.en
    assert "6,889" in found["b"].text.en and "0.868 kgCO2e/t" in found["b"].text.en
    assert "magnitude" in codes(low)  # and the odd one by itself
    assert {j.uid for j in check_factors([low], [high], today=TODAY) if j.code == "spread"} == {"a"}


def test_five_times_is_the_limit_whatever_the_units():
    other = replace(STEEL, uid="p", year=2024)
    assert "spread" not in codes(replace(STEEL, value=STEEL.value * 5), peers=[other])
    assert "spread" in codes(replace(STEEL, value=STEEL.value * 5.01), peers=[other])
    assert "spread" not in codes(replace(STEEL, value=STEEL.value * 1000, unit="t"), peers=[other])
    assert "spread" not in codes(replace(STEEL, value=100.0, kind="waste"), peers=[other])


def test_the_same_twice_is_named_with_the_other():
    twin = replace(STEEL, uid="t", place="B9")
    (found,) = [j for j in check_factors([STEEL, twin], today=TODAY) if j.code == "duplicate"]
    assert found.uid == "t" and "B2" in found.text.zh
    assert "duplicate" in codes(replace(twin, value=2.2), peers=[STEEL])
    assert "duplicate" not in codes(replace(twin, region="CN-YY"), peers=[STEEL])


def test_an_odd_one_of_its_category_is_noted():
    like = [named(STEEL, f"钢{n}", uid=f"k{n}", category=("钢",), value=2.0 + n / 10) for n in range(5)]
    row = named(STEEL, "特种钢", category=("钢",), value=20.0)
    assert "odd_in_category" in codes(row, peers=like, severity=Severity.NOTE)
    assert "odd_in_category" in codes(replace(row, value=0.05), peers=like, severity=Severity.DOUBTFUL)
    assert "odd_in_category" not in codes(replace(row, value=4.0), peers=like)


def test_a_value_of_the_grid_that_comes_back_as_a_footprint_is_found():
    grid = named(GOOD, "全国电力", uid="g", value=0.5306, kind="grid_co2", gas="CO2", gas_scope="co2_only", year=2023)
    row = named(GOOD, "电力", value=530.6, unit="MWh")
    assert "grid_co2_as_footprint" in codes(row, peers=[grid])
    assert "grid_co2_as_footprint" not in codes(replace(row, value=577.7), peers=[grid])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("从摇篮到大门", ("cradle_to_gate",)), ("摇篮到门", ("cradle_to_gate",)),
        ("Cradle-to-gate", ("cradle_to_gate",)),
        ("从大门到大门", ("gate_to_gate",)), ("门到门", ("gate_to_gate",)), ("全生命周期", ("life_cycle",)),
        ("生命周期，从摇篮到坟墓", ("cradle_to_grave",)), ("", ()),
        ("摇篮到大门、门到门", ("cradle_to_gate", "gate_to_gate")),
    ],
)  # fmt: skip
def test_words_of_boundaries(text, said):
    assert boundaries_said(text) == said


def test_bounds_say_where_they_come_from_and_are_in_order():
    with files("tanbiao.lca").joinpath("data/plausible_bounds.csv").open(encoding="utf-8") as lines:
        assert all(all(row[c] for c in ("why_zh", "why_en", "source")) for row in csv.DictReader(lines))
    for (kind, _), found in bounds().items():
        assert found.low < found.high <= found.most
        assert kind in ("", *FactorKind)


rows = st.builds(
    Judged,
    uid=st.text(max_size=3),
    name=st.builds(Text, st.text(max_size=6), st.text(max_size=6)),
    value=st.floats(),
    unit=st.sampled_from([*UNITS, "lb", "锭", ""]),
    kind=st.sampled_from(["", "other", *FactorKind]),
    gas=st.sampled_from(["CO2e", "CO2", "CH4", "XYZ", ""]),
    gas_class=st.sampled_from(["fossil", "biogenic_removal", "?"]),
    boundary=st.sampled_from(["", "摇篮到大门", "gate-to-gate", "x"]),
    year=st.none() | st.integers(1900, 2100),
    category=st.sampled_from([(), ("a",)]),
)


@given(st.lists(rows, max_size=8), st.lists(rows, max_size=4))
def test_any_rows_are_judged_and_every_judgement_is_whole(some, peers):
    found = check_factors(some, peers, today=TODAY)
    assert {j.uid for j in found} <= {r.uid for r in some}
    assert all(j.text.zh and j.text.en and j.severity in set(Severity) for j in found)
    assert check_factors(some, peers, today=TODAY) == found


@given(st.floats(1e-6, 1e6), st.sampled_from(["kg", "g", "t"]))
def test_magnitude_does_not_depend_on_the_unit_it_is_written_in(kg, symbol):
    as_written = replace(STEEL, value=kg * float(UNITS[symbol].factor) * (1 + 1e-9), unit=symbol)
    found = {(j.code, j.severity) for j in check_factors([as_written], today=TODAY)}
    limits = bounds()["material", "mass"]
    expected = "blocking" if kg > limits.most else "doubtful" if not limits.low <= kg <= limits.high else None
    if min(abs(kg / x - 1) for x in (limits.low, limits.high, limits.most)) > 1e-6:
        assert ("magnitude", expected) in found if expected else not found


# --- processes -------------------------------------------------------------------------------------------------------

IN, OUT = Direction.IN, Direction.OUT


def flow(name, kind=FlowKind.PRODUCT):
    return FlowRecord(name, {"en": name}, kind, "kg")


def process(*exchanges, **more):
    flows = {
        name: flow(
            name,
            FlowKind.ELEMENTARY if name.startswith(("Carbon diox", "Water", "Oxygen", "Iron")) else FlowKind.PRODUCT,
        )
        for name, *_ in exchanges
    }
    made = ProcessRecord(
        "p",
        {"en": "Make it"},
        tuple(ExchangeRecord(n, d, a, u, reference=i == 0) for i, (n, d, a, u) in enumerate(exchanges)),
        **({"location": "CN", "year_until": 2024, "place": "p.json"} | more),
    )
    return made, flows


def found_in(*exchanges, **more):
    made, flows = process(*exchanges, **more)
    return {j.code for j in check_process(made, flows, TODAY)}


@pytest.mark.parametrize(
    ("exchanges", "code"),
    [
        ([("steel", OUT, 1, "kg"), ("scrap", IN, 1.05, "kg")], None),
        ([("steel", OUT, 1, "kg"), ("scrap", IN, 1.2, "kg")], "mass_balance"),
        ([("steel", OUT, 2.5, "kg"), ("scrap", IN, 1, "kg")], "mass_balance"),
        ([("steel", OUT, 1, "t"), ("scrap", IN, 1000, "kg")], None),
        ([("steel", OUT, 1, "kg"), ("scrap", IN, 2.2, "lb")], None),
        # coal burnt: 3 kg CO2 hold 0.82 kg of the coal, the oxygen is of the air
        ([("heat", OUT, 25, "MJ"), ("coal", IN, 1, "kg"), ("Carbon dioxide, fossil", OUT, 3, "kg")], None),
        ([("heat", OUT, 25, "MJ"), ("coal", IN, 1, "kg"), ("Carbon dioxide, fossil", OUT, 5, "kg")], "mass_balance"),
        ([("steel", OUT, 1, "kg"), ("Iron ore", IN, 1, "kg"), ("Water, river", IN, 30, "kg")], None),
        ([("steel", OUT, 1, "kg"), ("ore", IN, 1, "kg"), ("tap water", IN, 3, "m3")], None),
        ([("steel", OUT, 1, "kg"), ("ore", IN, 1, "kg"), ("power", IN, 3, "kWh"), ("lorry", IN, 9, "t*km")], None),
        ([("steel", OUT, 1, "kg"), ("ore", IN, 9, "kg"), ("natural gas", IN, 3, "m3")], "mass_balance_unsaid"),
        ([("steel", OUT, 1, "kg"), ("ore", IN, 9, "kg"), ("natural gas", IN, 3, "MJ")], "mass_balance_unsaid"),
        ([("steel", OUT, 1, "kg"), ("ore", IN, 9, "kg"), ("bearing", IN, 3, "Item(s)")], "mass_balance_unsaid"),
        ([("steel", OUT, 1, "kg"), ("ore", IN, 9, "kg"), ("thing", IN, 3, "blob")], "mass_balance_unsaid"),
        ([("steel", OUT, 1, "kg"), ("electricity", IN, 3, "kWh")], None),
        ([("coal, combusted", OUT, 1, "kg"), ("coal", IN, 1, "kg"), ("ash", OUT, 1, "kg")], "mass_balance_unsaid"),
    ],
)  # fmt: skip
def test_balance_of_dry_mass(exchanges, code):
    assert found_in(*exchanges) == ({code} if code else set())


def test_a_balance_says_what_and_how_much():
    made, flows = process(("steel", OUT, 2.5, "kg"), ("scrap", IN, 1, "kg"))
    (one,) = check_process(made, flows, TODAY)
    assert (one.place, one.uid, one.severity) == ("p.json", "p", Severity.DOUBTFUL)
    assert "150%" in one.text.zh and "10%" in one.text.zh and "2.5 kg" in one.text.en and "Make it" in one.text.en


def test_other_faults_of_processes():
    steel = ("steel", OUT, 1, "kg")
    assert found_in(steel, ("credit", IN, -1, "kg")) >= {"negative"}
    assert found_in(("steel", OUT, 0, "kg")) == {"zero_reference"}
    assert found_in() == {"no_reference"}
    assert found_in(steel, location="") == {"no_region"}
    assert found_in(steel, year_until=None) == {"no_period"}
    assert found_in(steel, year_until=2010) == {"stale"}
    assert found_in(steel, year_from=2030, year_until=2031) == {"future"}
    assert not found_in(steel, ("scrap", IN, 9, "kg"), kind="system")
    made, _ = process(steel, ("lost", IN, 1, "kg"))
    assert {j.code for j in check_process(made, {}, None)} == {"mass_balance_unsaid"}
