"""System expansion: the product carries all, and is credited with what its co-products displace."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import ELECTRICITY, GAS_BURNT, GRID, emission, factor, made, process, system, taken, with_process

from tanbiao.lca.background import Dataset, Gas, on_background, solve_background
from tanbiao.lca.contributions.table import contribution_table, sankey
from tanbiao.lca.document import system_from_document, to_document
from tanbiao.lca.faults import (
    AllocationImpossible,
    FactorMisplaced,
    FactorNotPermitted,
    NoFactor,
    NoProvider,
    NoSupply,
    Singular,
    WrongDimension,
)
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import Allocation, Displaced, GasClass, OutputKind, Stage
from tanbiao.lca.network.conventions import network_from_matrices
from tanbiao.words import Text

CO = OutputKind.COPRODUCT
CLINKER = factor("clinker", "0.8", "kg")


def furnace(displaces=None, slag=("0.3", "t"), factors=(CLINKER,)):
    """1 t of steel with 2 t CO2 and 0.3 t of slag that goes to a cement works."""
    steel = process(
        "furnace",
        made(1, "t", "钢"),
        made(*slag, "渣", CO, displaces=displaces, place="产出!E3"),
        emissions=[emission(2, symbol="t")],
        allocation=Allocation.SUBSTITUTION,
    )
    return system(("1", "t"), "furnace", steel, factors=factors)


def chp(gas_per_heat=0):
    """100 kWh and 300 MJ from 50 kg of gas; the heat displaces that of a boiler, which burns gas too."""
    power = process(
        "chp",
        made(100, "kWh", "电"),
        made(300, "MJ", "热", CO, displaces=Displaced(provider="boiler")),
        inputs=[taken(50, "kg", "燃气", provider="gas")],
        emissions=[emission(60)],
        allocation=Allocation.SUBSTITUTION,
    )
    boiler = process(
        "boiler", made(100, "MJ", "热"), inputs=[taken(4, "kg", "燃气", provider="gas")], emissions=[emission(10)]
    )
    gas = process(
        "gas",
        made(1, "kg", "燃气"),
        inputs=[taken(gas_per_heat, "MJ", "热", provider="boiler")],
        emissions=[emission(2)],
        stage=Stage.RAW_MATERIALS,
    )
    return system(("100", "kWh"), "chp", power, boiler, gas)


def test_a_displaced_factor_is_a_credit_of_its_own_part():
    footprint = calculate_footprint(furnace(Displaced(factor="clinker")))
    assert footprint.by_part() == pytest.approx({"direct": 2000, "avoided": -240})
    assert footprint.total_kg_co2e == pytest.approx(1760)
    [credit] = [row for row in contribution_table(footprint) if row.part == "avoided"]
    assert (credit.line, credit.factor, credit.place) == ("渣", "clinker", "产出!E3")
    assert credit.kg_co2e == pytest.approx(-240)


def test_less_may_be_displaced_than_is_handed_over():
    expanded = furnace(Displaced(factor="clinker", ratio=Decimal("0.5")))
    assert calculate_footprint(expanded).total_kg_co2e == pytest.approx(1880)


def test_the_unit_of_the_coproduct_does_not_matter():
    of_kilograms = furnace(Displaced(factor="clinker"), slag=("300", "kg"))
    assert calculate_footprint(of_kilograms).total_kg_co2e == pytest.approx(1760, rel=1e-12)


def test_a_displaced_process_takes_its_whole_chain_with_it():
    footprint = calculate_footprint(chp())
    # caused: 60 + 50 x 2; avoided: 3 boilers of 10 and 4 x 2
    assert footprint.by_part() == pytest.approx({"direct": 160, "avoided": -54}, rel=1e-12)
    assert footprint.by_process() == pytest.approx({"chp": 60, "boiler": -30, "gas": 76}, rel=1e-12)
    assert footprint.by_stage() == pytest.approx({Stage.PRODUCTION: 30, Stage.RAW_MATERIALS: 76}, rel=1e-12)
    assert footprint.scaling == pytest.approx({"chp": 1, "boiler": -3, "gas": 38}, rel=1e-12)


def test_a_displaced_process_in_a_loop_has_its_closed_form():
    # y_gas = 2 + y_heat, y_heat = 0.1 + 0.04 y_gas: 2.1875 and 0.1875
    footprint = calculate_footprint(chp(gas_per_heat=1))
    assert footprint.total_kg_co2e == pytest.approx(60 + 50 * 2.1875 - 300 * 0.1875, rel=1e-12)
    assert footprint.by_part()["avoided"] == pytest.approx(-300 * 0.1875, rel=1e-12)


def test_the_same_credit_by_factor_and_by_process():
    by_process = chp()
    heat = factor("heat", "0.18", "MJ")
    power = by_process.processes[0]
    told = replace(power, outputs=(power.outputs[0], replace(power.outputs[1], displaces=Displaced(factor="heat"))))
    by_factor = replace(with_process(by_process, told), factors=(heat,))
    assert calculate_footprint(by_factor).by_part() == pytest.approx(calculate_footprint(by_process).by_part())


def test_what_is_displaced_may_come_from_a_background_database():
    network = network_from_matrices([[2.0]], [[1.0]], names=["clinker"])
    background = solve_background(
        network, {0: Gas("CO2", GasClass.FOSSIL)}, {0: Dataset("clinker", Text("熟料", "Clinker"), "kg")}
    )
    standing = on_background(furnace(Displaced(factor="clinker"), factors=()), background)
    assert calculate_footprint(standing).by_part() == pytest.approx({"direct": 2000, "avoided": -150})


def test_gas_classes_keep_apart_in_a_credit_and_a_removal_is_given_back():
    wood = factor(
        "wood", 0, "kg", emissions=[emission(1), emission(3, gas_class=GasClass.BIOGENIC_REMOVAL)], gwp_set=""
    )
    classes = calculate_footprint(furnace(Displaced(factor="wood"), factors=[wood])).by_gas_class()
    assert classes[GasClass.FOSSIL] == pytest.approx(2000 - 300)
    assert classes[GasClass.BIOGENIC_REMOVAL] == pytest.approx(900)


def test_a_sankey_diagram_with_credits_balances_at_every_process():
    diagram = sankey(calculate_footprint(chp()))
    net = {node["name"]: 0.0 for node in diagram["nodes"]}
    for link in diagram["links"]:
        net[link["source"]] -= link["value"]
        net[link["target"]] += link["value"]
    kinds = {node["name"]: node["kind"] for node in diagram["nodes"]}
    assert {n for n, kind in kinds.items() if kind == "process"} == {"过程 chp", "过程 boiler", "过程 gas"}
    assert [net[n] for n, kind in kinds.items() if kind == "process"] == pytest.approx([0, 0, 0], abs=1e-9)
    assert net["产品"] == pytest.approx(106)


def test_a_displaced_product_survives_its_document():
    assert system_from_document(to_document(chp())) == chp()


@pytest.mark.parametrize(
    ("kind", "displaces", "said"),
    [
        (AllocationImpossible, None, "替代什么"),
        (AllocationImpossible, Displaced(factor="clinker", ratio=Decimal(-1)), "替代比"),
        (NoSupply, Displaced(), "渣"),
        (NoSupply, Displaced(factor="clinker", provider="furnace"), "渣"),
        (NoFactor, Displaced(factor="gone"), "gone"),
        (NoProvider, Displaced(provider="gone"), "gone"),
        (WrongDimension, Displaced(factor="electricity"), "质量"),
        (FactorNotPermitted, Displaced(factor="grid"), "grid"),
        (FactorMisplaced, Displaced(factor="gas-burnt"), "gas-burnt"),
    ],
)
def test_what_is_displaced_must_be_told_and_fit(kind, displaces, said):
    with pytest.raises(kind, match=said) as refused:
        calculate_footprint(furnace(displaces, factors=[CLINKER, ELECTRICITY, GRID, GAS_BURNT]))
    assert refused.value.place == "产出!E3"


def test_two_processes_that_displace_each_other_have_no_solution():
    def half(id, other):
        return process(
            id, made(1, "kg"), made(1, "kg", "副", CO, displaces=Displaced(provider=other)), emissions=[emission(1)],
            allocation=Allocation.SUBSTITUTION,
        )  # fmt: skip

    with pytest.raises(Singular):
        calculate_footprint(system(("1", "kg"), "a", half("a", "b"), half("b", "a")))


amounts = st.decimals(min_value="0.01", max_value=1000, places=2)


@given(amounts, amounts, amounts, st.decimals(min_value=0, max_value=2, places=2))
def test_a_credit_is_amount_times_ratio_times_footprint_of_the_displaced(steel, slag, clinker, ratio):
    base = furnace(Displaced(factor="clinker", ratio=ratio), (slag, "kg"), [factor("clinker", clinker, "kg")])
    [only] = base.processes
    scaled = with_process(base, replace(only, outputs=(made(steel, "t", "钢"), only.outputs[1])))
    footprint = calculate_footprint(scaled)
    assert footprint.by_part()["avoided"] == pytest.approx(-float(slag * ratio * clinker / steel), rel=1e-12)
    assert sum(footprint.by_part().values()) == pytest.approx(footprint.total_kg_co2e, rel=1e-12, abs=1e-9)
