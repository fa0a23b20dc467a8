import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import (
    ELECTRICITY,
    GAS_BURNT,
    GAS_SUPPLY,
    emission,
    factor,
    loop,
    made,
    of_one_input,
    power_and_fuel,
    process,
    system,
    taken,
    with_process,
)

from tanbiao.lca.faults import NotProductive
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.gases.gwp import gwp_set
from tanbiao.lca.matrices import demand, interventions, technology
from tanbiao.lca.model import DataKind, GasClass, InputKind, OutputKind, Stage
from tanbiao.lca.network.direct import solve
from tanbiao.lca.units import UNITS, quantity

ENERGY = InputKind.ENERGY


def test_the_textbook_system_as_processes():
    footprint = calculate_footprint(power_and_fuel())
    assert footprint.total_kg_co2e == 120
    assert footprint.scaling == {"power": 100, "fuel": 2}
    assert footprint.by_process() == {"power": 100, "fuel": 20}
    assert footprint.by_stage() == {Stage.RAW_MATERIALS: 20, Stage.PRODUCTION: 100}
    assert footprint.by_substance() == {"CO2": 120}
    assert footprint.by_gas_class() == {c: 120 if c is GasClass.FOSSIL else 0 for c in GasClass}


def test_the_order_of_processes_does_not_matter():
    one = power_and_fuel()
    assert calculate_footprint(replace(one, processes=one.processes[::-1])).total_kg_co2e == 120


@pytest.mark.parametrize("gain", ["0", "0.2", "0.5", "0.999"])
def test_a_loop_has_its_closed_form(gain):
    footprint = calculate_footprint(loop(gain))
    assert footprint.total_kg_co2e == pytest.approx(1 / (1 - float(gain)), rel=1e-12)


@pytest.mark.parametrize("gain", ["1", "1.2", "100"])
def test_a_loop_that_eats_what_it_makes_is_refused(gain):
    with pytest.raises(NotProductive) as refused:
        calculate_footprint(loop(gain))
    assert set(refused.value.names) == {"过程 A", "过程 B"}


def test_a_process_may_use_its_own_product():
    plant = process(
        "plant",
        made(100, "kWh"),
        inputs=[taken(20, "kWh", "自用电", ENERGY, provider="plant")],
        emissions=[emission(80)],
    )
    assert calculate_footprint(system(("1", "kWh"), "plant", plant)).total_kg_co2e == pytest.approx(1)


def test_a_line_is_supply_and_use_each_in_its_stage():
    row = taken(10, "Nm3", "天然气", ENERGY, factor="gas-supply", use_factor="gas-burnt", data_kind=DataKind.MEASURED)
    one = of_one_input(row, GAS_SUPPLY, GAS_BURNT)
    supplied, used = calculate_footprint(one).contributions
    assert (supplied.part, supplied.stage, supplied.kg_co2e, supplied.factor, supplied.primary) == (
        "supply", Stage.RAW_MATERIALS, 3.0, "gas-supply", True,
    )  # fmt: skip
    assert (used.part, used.stage, used.substance, used.factor) == ("use", Stage.PRODUCTION, "CO2", "gas-burnt")
    assert used.kg == pytest.approx(21.622)


def test_gases_are_characterised_one_by_one_and_classes_stay_apart():
    wood = factor(
        "wood", 0, "kg",
        emissions=[
            emission("1.8", gas_class=GasClass.BIOGENIC_REMOVAL),
            emission("0.3", gas_class=GasClass.BIOGENIC_EMISSION),
            emission("0.01", "CH4", GasClass.BIOGENIC_EMISSION),
            emission("0.01", "CH4"),
            emission("0.5", gas_class=GasClass.DLUC),
            emission("0.03", gas_class=GasClass.LAND_MANAGEMENT_EMISSION),
            emission("0.07", gas_class=GasClass.LAND_MANAGEMENT_REMOVAL),
            emission("0.2", gas_class=GasClass.AVIATION),
        ],
    )  # fmt: skip
    footprint = calculate_footprint(of_one_input(taken(1, "t", factor="wood"), wood))
    assert footprint.by_gas_class() == pytest.approx(
        {
            GasClass.FOSSIL: 298,
            GasClass.BIOGENIC_EMISSION: 300 + 270,
            GasClass.BIOGENIC_REMOVAL: -1800,
            GasClass.DLUC: 500,
            GasClass.LAND_MANAGEMENT_EMISSION: 30,
            GasClass.LAND_MANAGEMENT_REMOVAL: -70,
            GasClass.AVIATION: 200,
        }
    )
    assert footprint.total_kg_co2e == pytest.approx(-272)


def test_a_removal_of_the_process_itself_is_negative():
    plant = process("plant", made(1, "t"), emissions=[emission(40, gas_class=GasClass.BIOGENIC_REMOVAL)])
    assert calculate_footprint(system(("1", "t"), "plant", plant)).total_kg_co2e == -40


def test_an_emission_may_name_its_own_stage():
    plant = process("plant", made(1, "t"), emissions=[emission(1, stage=Stage.USE), emission(2)])
    assert calculate_footprint(system(("1", "t"), "plant", plant)).by_stage() == {Stage.PRODUCTION: 2, Stage.USE: 1}


def test_a_process_nobody_needs_adds_nothing():
    idle = process("idle", made(1, "t"), emissions=[emission(99)])
    one = power_and_fuel()
    footprint = calculate_footprint(replace(one, processes=(*one.processes, idle)))
    assert footprint.total_kg_co2e == 120
    assert footprint.scaling["idle"] == 0


def test_recycled_residues_leave_without_burden():
    mill = process("mill", made(95, "t"), made(5, "t", "切头", OutputKind.RECYCLED), emissions=[emission(95)])
    assert calculate_footprint(system(("1", "t"), "mill", mill)).total_kg_co2e == pytest.approx(1)


def test_scaled_amounts_are_those_one_declared_unit_carries():
    row = taken("1050", "t", "废钢", factor="scrap")
    mill = process("mill", made(1000, "t"), inputs=[row])
    footprint = calculate_footprint(system(("1", "t"), "mill", mill, factors=[factor("scrap", 0, "t")]))
    assert float(row.quantity.amount) * footprint.scaling["mill"] == pytest.approx(1.05)


# Laws. A two-step mill whose amounts vary: burdens of every part, stage and class, a loop, a co-product's share.

amounts = st.decimals(min_value="0.01", max_value=1000, places=2)


@st.composite
def mills(draw):
    a = st.builds(str, amounts)
    scrap = factor("scrap", draw(a), "t")
    melt = process(
        "melt",
        made(draw(a), "t", "钢坯"),
        inputs=[
            taken(draw(a), "kg", "废钢", factor="scrap"),
            taken(draw(a), "10^4kWh", "电", ENERGY, Stage.PRODUCTION, factor="electricity"),
            taken(draw(a), "Nm3", "天然气", ENERGY, factor="gas-supply", use_factor="gas-burnt"),
        ],
        emissions=[emission(draw(a)), emission(draw(a), gas_class=GasClass.BIOGENIC_REMOVAL)],
    )
    roll = process(
        "roll",
        made("1000", "t", "钢筋"),
        inputs=[
            taken(draw(a), "t", "钢坯", provider="melt"),
            taken("30", "t", "切头", provider="roll"),
        ],
        emissions=[emission(draw(a), "CH4", gas_class=GasClass.BIOGENIC_EMISSION, symbol="g")],
    )
    factors = [scrap, ELECTRICITY, GAS_SUPPLY, GAS_BURNT]
    return system(("1", "t"), "roll", roll, melt, factors=factors)


def same(value):
    return pytest.approx(value, rel=1e-9, abs=1e-9)


@given(mills())
def test_every_view_sums_to_the_total(mill):
    footprint = calculate_footprint(mill)
    for view in (footprint.by_stage(), footprint.by_process(), footprint.by_gas_class(), footprint.by_substance()):
        assert math.fsum(view.values()) == same(footprint.total_kg_co2e)


@given(mills(), st.decimals(min_value="0.001", max_value=1000, places=3))
def test_the_footprint_is_linear_in_demand(mill, k):
    more = replace(mill, product=replace(mill.product, declared_unit=quantity(k, "t")))
    assert calculate_footprint(more).total_kg_co2e == same(float(k) * calculate_footprint(mill).total_kg_co2e)


@given(mills())
def test_kilograms_or_tonnes_give_the_same(mill):
    def in_kg(thing):
        mass = thing.quantity.unit.dimension == "mass"
        return replace(thing, quantity=thing.quantity.to(UNITS["kg"])) if mass else thing

    def whole(p):
        return replace(p, inputs=tuple(map(in_kg, p.inputs)), outputs=tuple(map(in_kg, p.outputs)))

    converted = replace(mill, processes=tuple(map(whole, mill.processes)))
    assert calculate_footprint(converted).total_kg_co2e == same(calculate_footprint(mill).total_kg_co2e)


@given(mills(), st.integers(1, 10**6))
def test_a_longer_period_of_the_same_process_changes_nothing(mill, k):
    def times(thing):
        return replace(thing, quantity=quantity(thing.quantity.amount * Decimal(k), thing.quantity.unit.symbol))

    melt = mill.processes[1]
    longer = replace(
        melt,
        outputs=tuple(map(times, melt.outputs)),
        inputs=tuple(map(times, melt.inputs)),
        emissions=tuple(map(times, melt.emissions)),
    )
    footprint = calculate_footprint(with_process(mill, longer))
    assert footprint.total_kg_co2e == same(calculate_footprint(mill).total_kg_co2e)


@given(mills())
def test_lines_and_matrices_agree(mill):
    tech = technology(mill)
    burden = interventions(mill, tech.shares)
    c = np.array([gwp_set("AR6").of(substance, gas_class) for substance, gas_class in burden.substances])
    assert solve(tech.A, burden.B, demand(mill), c).h == same(calculate_footprint(mill).total_kg_co2e)


def test_a_footprint_reads_as_a_table():
    footprint = calculate_footprint(power_and_fuel())
    rows = footprint.rows()
    assert sum(row["kg_co2e"] for row in rows) == pytest.approx(footprint.total_kg_co2e)
    assert rows[0]["share"] == pytest.approx(100 / 120)
    assert "120 kg CO2e / 1000 kWh (AR6)" in footprint._repr_html_()
    assert footprint.to_frame()["kg_co2e"].sum() == pytest.approx(120)
