"""Milk and meat: the energies of IDF 2022 as a key by which a herd is allocated."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import emission, made, process, system

from tanbiao.lca.allocation.dairy import (
    ENERGY_TO_MAKE,
    Animals,
    Milk,
    corrected_milk,
    meat_energy,
    milk_energy,
    milk_share,
    milk_share_2015,
    shared_by_energy_to_make,
)
from tanbiao.lca.allocation.shares import allocation_shares
from tanbiao.lca.faults import AllocationImpossible, WrongAmount, WrongShare
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import Allocation, OutputKind
from tanbiao.lca.other_allocations import allocation_sensitivity

MILK, COWS, CALVES = Milk(0.04, 0.033, 0.048), Animals(650, 40, 0.8), Animals(50, 40)
MADE = {"原奶": MILK, "淘汰牛": COWS, "犊牛": CALVES}


def herd(milk=("1000", "t")):
    return process(
        "herd",
        made(*milk, "原奶"),
        made(20, "t", "淘汰牛", OutputKind.COPRODUCT),
        made(3000, "kg", "犊牛", OutputKind.COPRODUCT),
        made(900, "t", "粪肥", OutputKind.RECYCLED),
        emissions=[emission(1_000_000, "CH4")],
    )


def test_a_herd_is_shared_by_the_energy_milk_and_growth_take():
    shares = allocation_shares(shared_by_energy_to_make(herd(), MADE))
    milk, cows, calves = 1e6 * MILK.energy, 20e3 * COWS.energy, 3e3 * CALVES.energy
    assert [float(s) for s in shares] == pytest.approx([v / (milk + cows + calves) for v in (milk, cows, calves, 0)])
    assert sum(shares) == 1


def test_the_share_of_milk_is_that_of_the_formula():
    animals = replace(herd(), outputs=herd().outputs[:2])
    share, _ = allocation_shares(shared_by_energy_to_make(animals, MADE))
    assert float(share) == pytest.approx(milk_share(1e6, MILK.energy, 20e3, COWS.energy), rel=1e-14)


def test_the_unit_of_the_milk_does_not_matter():
    by_kg, by_t = (
        calculate_footprint(system(("1", "kg"), "herd", shared_by_energy_to_make(herd(milk), MADE))).total_kg_co2e
        for milk in (("1000000", "kg"), ("1000", "t"))
    )
    assert by_kg == pytest.approx(by_t, rel=1e-12)
    assert 0.8 * 27 < by_kg < 30


def test_the_energies_stand_with_the_outputs_beside_other_values():
    shared = shared_by_energy_to_make(herd(), MADE)
    assert (shared.allocation, shared.allocation_property) == (Allocation.PROPERTY, ENERGY_TO_MAKE)
    assert float(shared.outputs[2].properties[0].value) == pytest.approx(CALVES.energy)
    found = allocation_sensitivity(system(("1", "kg"), "herd", shared))
    assert [a.choices[0].method for a in found.alternatives] == [Allocation.MASS]
    assert shared_by_energy_to_make(shared, MADE) == shared


@given(st.floats(0, 0.1), st.floats(0, 0.1), st.floats(0.01, 0.1), st.floats(2, 1000), st.floats(0.8, 1))
def test_shares_of_any_herd_sum_to_exactly_one(fat, protein, lactose, weight, sex):
    told = {**MADE, "原奶": Milk(fat, protein, lactose), "犊牛": Animals(weight, 1, sex)}
    shares = allocation_shares(shared_by_energy_to_make(herd(), told))
    assert sum(shares) == 1 and min(shares) >= 0


def test_a_product_not_told_of_is_named():
    with pytest.raises(AllocationImpossible, match="犊牛"):
        shared_by_energy_to_make(herd(), {"原奶": MILK, "淘汰牛": COWS})
    with pytest.raises(AllocationImpossible, match="原奶"):
        shared_by_energy_to_make(herd(("1", "m3")), MADE)


def test_standard_milk_is_its_own_fpcm():
    assert corrected_milk(1, 4.0, 3.3) == pytest.approx(1, abs=1e-3)
    assert corrected_milk(1, 5.0, 3.3) > corrected_milk(1, 4.0, 3.3)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: milk_energy(4.0, 3.3, 4.8),  # per cent for fractions
        lambda: milk_energy(0.5, 0.4, 0.2),
        lambda: milk_share_2015(0.2),
        lambda: milk_share_2015(-0.01),
        lambda: corrected_milk(1, 400, 3.3),
    ],
)
def test_shares_outside_zero_to_one_are_refused(wrong):
    with pytest.raises(WrongShare, match="应在 0 与 1 之间"):
        wrong()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: meat_energy(40, 40, 1),
        lambda: meat_energy(500, -1, 1),
        lambda: meat_energy(500, 40, 0),
        lambda: meat_energy(float("nan"), 40, 1),
        lambda: milk_share(0, 3, 0, 12),
        lambda: milk_share(-1, 3, 1, 12),
    ],
)
def test_impossible_animals_are_refused(wrong):
    with pytest.raises(WrongAmount):
        wrong()


def test_the_slope_of_the_older_rule_may_be_another():
    assert milk_share_2015(0.02) == pytest.approx(1 - 6.04 * 0.02)
    assert milk_share_2015(0.02, slope=4.39) == pytest.approx(1 - 4.39 * 0.02)
