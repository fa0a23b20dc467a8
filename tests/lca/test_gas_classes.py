import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import emission, factor, made, of_one_input, process, system, taken

from tanbiao.lca.document import system_from_document, to_document
from tanbiao.lca.faults import NoRemoval
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.gases.positions import Position, position, positions
from tanbiao.lca.model import GasClass, Stage
from tanbiao.lca.vocabulary import words_for

CLASSES = list(GasClass)
REMOVALS = [GasClass.BIOGENIC_REMOVAL, GasClass.LAND_MANAGEMENT_REMOVAL]
LABELS = [(s, c) for c in GasClass for s in (("CO2",) if c.removal else ("CO2", "CH4", "N2O", "CO2e"))]


def board(*more):
    """1 kg of a board that holds 0.45 kg of carbon (1.65 kg CO2): sown, felled, dried with bark, flown."""
    wood = factor(
        "wood", 0, "kg",
        emissions=[
            emission("0.2"),
            emission("2.0", gas_class=GasClass.BIOGENIC_REMOVAL),
            emission("0.1", gas_class=GasClass.DLUC),
            emission("0.05", gas_class=GasClass.LAND_MANAGEMENT_EMISSION),
            emission("0.001", "N2O", GasClass.LAND_MANAGEMENT_EMISSION),
            emission("0.002", "CH4", GasClass.LAND_MANAGEMENT_EMISSION),
            emission("0.03", gas_class=GasClass.LAND_MANAGEMENT_REMOVAL),
            emission("0.04", gas_class=GasClass.AVIATION),
        ],
    )  # fmt: skip
    bark = [emission("0.35", gas_class=GasClass.BIOGENIC_EMISSION), emission("0.01", "CH4", GasClass.BIOGENIC_EMISSION)]
    mill = process("mill", made(1, "kg"), inputs=[taken(1, "kg", factor="wood")], emissions=[*bark, *more])
    return system(("1", "kg"), "mill", mill, factors=[wood])


def test_exactly_the_removals_are_removals():
    assert [c for c in GasClass if c.removal] == REMOVALS


def test_every_class_has_its_own_words_in_both_languages():
    assert len({words_for(c).zh for c in GasClass}) == len({words_for(c).en for c in GasClass}) == len(CLASSES) == 7


@pytest.mark.parametrize("gas_class", REMOVALS)
def test_a_removal_is_given_positive_counts_negative_and_is_carbon_dioxide(gas_class):
    one = of_one_input(taken(1, "kg", factor="f"), factor("f", 0, "kg", emissions=[emission(2, gas_class=gas_class)]))
    assert calculate_footprint(one).total_kg_co2e == -2
    methane = factor("f", 0, "kg", emissions=[emission(2, "CH4", gas_class)])
    with pytest.raises(NoRemoval):
        calculate_footprint(replace(one, factors=(methane,)))


def test_the_letters_of_a_board_solved_by_hand():
    found = calculate_footprint(board()).by_position()
    assert found.by_letter() == pytest.approx(
        {
            Position.A: 0.2 + 0.001 * 273,
            Position.C: 0.01 * 27 + 0.002 * 27,
            Position.D: -2.0 + 0.35,
            Position.E: 0.1,
            Position.F: 0.05,
            Position.G: -0.03,
            Position.H: 0.04,
        }
    )
    assert found.without_uptake == pytest.approx(0.473 + 0.324 + 0.1 + 0.05 - 0.03 + 0.04)
    assert found.with_uptake == pytest.approx(float(found.without_uptake) - 1.65)
    assert found.biogenic_carbon == pytest.approx(0.45)


def test_burning_the_board_in_the_end_leaves_no_carbon_and_both_totals_alike():
    burnt = emission("1.65", gas_class=GasClass.BIOGENIC_EMISSION, stage=Stage.END_OF_LIFE)
    found = calculate_footprint(board(burnt)).by_position()
    assert found.biogenic_carbon == pytest.approx(0, abs=1e-12)
    assert found.with_uptake == pytest.approx(float(found.without_uptake))


def test_a_product_without_biomass_holds_no_carbon():
    found = calculate_footprint(of_one_input(taken(1, "kg", factor="f"), factor("f", 1, "kg"))).by_position()
    assert math.copysign(1, found.biogenic_carbon) == 1
    assert found.biogenic_carbon == 0


def test_a_sum_of_biogenic_gases_stays_in_both_totals():
    assert position("CO2e", GasClass.BIOGENIC_EMISSION) is Position.C
    assert position("CO2e", GasClass.LAND_MANAGEMENT_EMISSION) is Position.F


def test_nothing_at_all_is_zero_under_every_letter():
    assert set(positions([], []).by_letter().values()) == {0.0}


def test_the_classes_come_back_from_a_document():
    one = board()
    assert system_from_document(to_document(one)) == one


amounts = st.floats(-1e6, 1e6)


@given(st.lists(st.lists(amounts, min_size=len(LABELS), max_size=len(LABELS)), min_size=1, max_size=4))
def test_many_products_at_once_are_each_as_if_alone_and_the_letters_sum_to_the_total(rows):
    many = positions(LABELS, rows)
    assert many.kg_co2e.shape == (len(rows), len(Position))
    for i, row in enumerate(rows):
        one = positions(LABELS, row)
        assert many.kg_co2e[i] == pytest.approx(one.kg_co2e, rel=1e-12, abs=1e-6)
        assert one.with_uptake == pytest.approx(math.fsum(row), rel=1e-12, abs=1e-6)
        assert many.with_uptake[i] - many.without_uptake[i] == pytest.approx(one.of(Position.D), abs=1e-6)


def test_the_view_of_a_footprint_is_the_pure_function_of_its_classes_and_substances():
    footprint = calculate_footprint(board())
    cube = footprint.cube()
    found = positions(cube.gases, cube.amounts.sum(axis=(0, 1)))
    np.testing.assert_allclose(found.kg_co2e, footprint.by_position().kg_co2e, rtol=1e-12)
    assert footprint.by_position().with_uptake == pytest.approx(footprint.total_kg_co2e, rel=1e-12)
