"""The starter library: what it holds, and that every factor says where it comes from."""

import csv
import datetime as dt
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tanbiao.formats.starter import DATA, PROPERTIES, _rows, starter_library, starter_properties, starter_records
from tanbiao.lca.datasets.boundaries import scope_said
from tanbiao.lca.datasets.gate import Severity, check_factors, judged
from tanbiao.lca.fuels import combustion_co2
from tanbiao.lca.gases.gwp import gwp_set
from tanbiao.lca.model import FactorKind, GasClass, GasScope, LifeCycleScope
from tanbiao.words import Text

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("id", "value", "unit"),
    [
        ("cn-electricity-footprint-2024", "0.5777", "kWh"),
        ("cn-electricity-footprint-2023", "0.6205", "kWh"),
        ("cn-grid-co2-2023", "0.5306", "kWh"),
        ("cn-sh-grid-co2-2023", "0.5737", "kWh"),
        ("cn-combustion-natural-gas", "2.162189", "Nm3"),  # 389.31 x 0.0153 x 0.99 x 44/12 / 10
        ("ipcc-combustion-natural-gas", "56100", "TJ"),
        ("cn-steel-graphite-electrode", "3663", "t"),
        ("gb-freight-rail-freight-train", "0.02779", "t·km"),
    ],
)
def test_published_values(id, value, unit):
    factor = starter_library()[id]
    assert f"{factor.emissions[0].quantity.amount:f}" == value
    assert (factor.emissions[0].quantity.unit.symbol, factor.unit.symbol) == ("kg", unit)


def test_every_factor_has_a_source_a_region_and_a_known_gas():
    for factor in starter_library().values():
        assert factor.source and factor.region and factor.confidence, factor.id
        for emission in factor.emissions:
            assert gwp_set("AR6").of(emission.substance, emission.gas_class) > 0, factor.id


def test_a_sum_of_gases_carries_the_gwp_set_it_was_made_with():
    for factor in starter_library().values():
        summed = factor.emissions[0].substance == "CO2e"
        assert bool(factor.gwp_set) is summed, factor.id
        assert (factor.gas_scope is GasScope.ALL_GHG) is summed, factor.id


def test_grid_co2_factors_are_marked_and_name_the_one_to_use():
    grid = [f for f in starter_library().values() if f.kind is FactorKind.GRID_CO2]
    assert len(grid) == 120
    for factor in grid:
        assert factor.life_cycle_scope is LifeCycleScope.DIRECT
        assert starter_library()[factor.use_instead].kind is FactorKind.ELECTRICITY_FOOTPRINT


def test_a_grid_factor_names_the_footprint_factor_of_its_year():
    for factor in starter_library().values():
        if factor.kind is FactorKind.GRID_CO2:
            assert starter_library()[factor.use_instead].year == (2023 if factor.year == 2023 else 2024), factor.id


def test_landfill_gas_of_biomass_is_biogenic_and_said_to_be_inferred():
    landfill = {id.removeprefix("gb-landfill-"): f for id, f in starter_library().items() if "-landfill-" in id}
    for waste, factor in landfill.items():
        biomass, mixed = waste.startswith(("organic", "paper")), waste.startswith(("household", "commercial"))
        assert (factor.emissions[0].gas_class is GasClass.BIOGENIC_EMISSION) is biomass, waste
        assert ("inferred" in factor.confidence) is (biomass or mixed), waste


def test_the_confidence_keeps_its_grounds():
    said = {f.confidence for f in starter_library().values()}
    assert "high" not in said and "high: two independent copies agree" in said
    assert not [text for text in said if "session" in text or "stored file" in text]


def test_flights_are_reported_apart_and_british_factors_say_so():
    for factor in starter_library().values():
        assert ("flights" in factor.id) is (factor.emissions[0].gas_class is GasClass.AVIATION)
        assert (factor.region == "GB") is ("代理）" in factor.name.zh and "英国" in factor.name.zh)


def test_display_names_are_unique_and_find_their_factor():
    library = starter_library()
    names = Counter(n for f in library.values() for n in {f.name.zh, f.name.en})
    assert max(names.values()) == 1
    assert library.by_name("2024年全国电力平均碳足迹因子") is library["cn-electricity-footprint-2024"]
    assert library.by_name("no such factor") is None


def test_recycling_rows_of_the_british_table_are_not_carried():
    """They cover transport only (company reporting) and would understate an end of life."""
    assert not [f for f in starter_library().values() if f.kind is FactorKind.WASTE and "填埋" not in f.name.zh]


@pytest.mark.parametrize(("file", "options"), [(DATA, []), (PROPERTIES, ["--properties"])])
def test_the_library_is_made_from_the_gathered_facts(shared, file, options):
    facts = str(shared / "domain" / "starter-factors.csv")
    made = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "starter_factors.py"), facts, *options], capture_output=True, check=True
    )
    assert made.stdout.decode() == file.read_text(encoding="utf-8")


def test_every_gathered_fact_is_carried_or_left_out_on_purpose(shared):
    """Factors, properties and GWPs; a flight with radiative forcing and methane of no stated origin are left out."""
    with (shared / "domain" / "starter-factors.csv").open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file))
    gwps = [f for f in facts if "GWP100" in f["name_en"]]
    added = [r for r in starter_library() if r.startswith(("ipcc-", "scrap-")) and "combustion" not in r]
    assert len(facts) == 449
    assert len(starter_library()) == 295
    assert (len(starter_properties()), len(gwps), len(added)) == (109, 48, 6)
    derived = 1  # natural gas upstream per standard cubic metre
    factors = len(starter_library()) - len(added) - derived
    assert len(facts) - factors - len(starter_properties()) - len(gwps) == len(
        [f for f in facts if "With RF" in f["name_en"]]
    )


def test_fuels_are_computed_from_what_stands_beside_them():
    """NCV x carbon content x oxidation x 44/12, each number found again among the properties."""
    known = {(p.quantity, p.value, p.unit) for p in starter_properties()}
    computed = [r for r in _rows() if r["ncv"]]
    assert len(computed) == 24
    for row in computed:
        ncv, carbon, oxidation = (Decimal(row[c]) for c in ("ncv", "carbon_content", "oxidation"))
        assert ("net_calorific_value", ncv, row["ncv_unit"]) in known
        assert ("carbon_content", carbon, "tC/GJ") in known and ("oxidation", oxidation, "%") in known
        tonnes = combustion_co2(float(ncv), float(carbon), float(oxidation) / 100)
        per = {"GJ/t": 1000, "GJ/10^4Nm3": 0.1}[row["ncv_unit"]]  # kg per t, kg per Nm3
        assert float(row["value"]) == pytest.approx(tonnes * per, abs=5e-7), row["id"]


def test_the_gate_blocks_none_of_them():
    rows = [judged(record) for record in starter_records().values()]
    found = check_factors(rows, today=dt.date(2026, 6, 1))
    assert not [j for j in found if j.severity is Severity.BLOCKING]
    assert {j.code for j in found if j.severity is Severity.DOUBTFUL} <= {"odd_in_category"}


def test_the_gate_blocks_the_same_values_with_the_labels_of_careless_tables():
    """The grid's CO2 factors as CO2e, from the cradle to the gate."""
    grid = [judged(r) for r in starter_records().values() if r.kind == "grid_co2"]
    careless = [
        replace(row, uid=f"x-{row.uid}", name=Text("电力", "Electricity"), kind="electricity_footprint", gas="CO2e",
                gas_scope="all_ghg", life_cycle_scope="cradle_to_gate", boundary="摇篮到大门")
        for row in grid
    ]  # fmt: skip
    found = check_factors(careless, peers=grid, today=dt.date(2026, 6, 1))
    assert {j.uid for j in found if j.code == "grid_co2_as_footprint"} == {row.uid for row in careless}


def test_records_say_what_factors_cannot():
    records = starter_records()
    assert list(records) == list(starter_library())
    for id, record in records.items():
        factor = starter_library()[id]
        assert (record.text, record.unit, record.year) == (factor.name, factor.unit.symbol, factor.year)
        assert Decimal(repr(record.value)) == factor.emissions[0].quantity.amount
        assert record.category and record.boundary and record.documentation["许可 Licence"]
        assert scope_said(record.boundary) in (None, factor.life_cycle_scope), id
    shanghai = records["cn-sh-grid-co2-2022"]
    assert shanghai.documentation["下一年度因子 Factor of the next year"] == "cn-sh-grid-co2-2023"
    assert records["cn-electricity-footprint-2024"].documentation["公布日期 Published"] == "2025-09-28"


def test_digest_is_of_the_file():
    with DATA.open(encoding="utf-8") as file:
        assert sum(1 for _ in csv.DictReader(file)) == len(starter_library())
    assert len(starter_library().digest) == 64
