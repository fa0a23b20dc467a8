"""The starter library: what it holds, and that every factor says where it comes from."""

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tanbiao.formats.starter import DATA, starter_library
from tanbiao.lca.gases.gwp import gwp_set
from tanbiao.lca.model import FactorKind, GasClass, GasScope, LifeCycleScope

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


def test_the_library_is_made_from_the_gathered_facts(shared):
    made = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "starter_factors.py"), str(shared / "domain" / "starter-factors.csv")],
        capture_output=True,
        check=True,
    )
    assert made.stdout.decode() == DATA.read_text(encoding="utf-8")


def test_digest_is_of_the_file():
    with DATA.open(encoding="utf-8") as file:
        assert sum(1 for _ in csv.DictReader(file)) == len(starter_library())
    assert len(starter_library().digest) == 64
