"""Recycling by four methods: closed forms, where they meet, and that no burden is lost or counted twice."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanbiao.lca.end_of_life import (
    METHODS,
    MaterialLife,
    Recycling,
    circular,
    closed_loop,
    compare_recycling,
    material_footprint,
    recycled_content,
    substitution,
)
from tanbiao.lca.faults import WrongAmount, WrongShare
from tanbiao.lca.vocabulary import words_for
from tanbiao.words import Problems

STEEL = MaterialLife(
    E_virgin=2.2, E_recycled=0.5, E_recycling=0.6, E_avoided=2.0, E_disposal=0.02, R1=0.3, R2=0.8, A=0.2
)

shares = st.floats(min_value=0, max_value=1)
burdens = st.floats(min_value=-10, max_value=100)
qualities = st.floats(min_value=0, max_value=1)


@st.composite
def lives(draw, **fixed):
    """Any life of a material; what is fixed stays as told."""
    recycled = draw(shares)
    own = {
        **{f"E_{name}": draw(burdens) for name in ("virgin", "recycled", "recycling", "avoided", "disposal")},
        **{f"E_{name}": draw(burdens) for name in ("recovery", "heat", "power")},
        "R1": draw(shares),
        "R2": recycled,
        "R3": (1 - recycled) * draw(shares),
        "A": draw(shares),
        "B": draw(shares),
        "quality_in": draw(qualities),
        "quality_out": draw(qualities),
        "loop_factor": draw(shares),
        "heating_value": draw(st.floats(min_value=0, max_value=40)),
        "heat_yield": draw(shares) / 2,
        "power_yield": draw(shares) / 2,
    }
    return MaterialLife(**{**own, **fixed})


def near(expected):
    return pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_every_method_by_hand():
    by_hand = {
        Recycling.RECYCLED_CONTENT: (0.7 * 2.2 + 0.3 * 0.5, 0),
        Recycling.CLOSED_LOOP: (2.2, 0.8 * (0.6 - 2.2)),
        Recycling.SUBSTITUTION: (2.2, 0.8 * (0.6 - 2.0)),
        Recycling.CIRCULAR: (0.7 * 2.2 + 0.3 * (0.2 * 0.5 + 0.8 * 2.2), 0.8 * 0.8 * (0.6 - 2.0)),
    }
    for method, (acquisition, recycling) in by_hand.items():
        found = material_footprint(STEEL, method)
        assert (found.acquisition, found.recycling, found.energy) == (near(acquisition), near(recycling), 0)
        assert found.disposal == near(0.2 * 0.02)
        assert found.total == near(acquisition + recycling + 0.2 * 0.02)


def test_all_methods_stand_side_by_side():
    assert set(METHODS) == set(Recycling)
    assert [found.method for found in compare_recycling(STEEL).footprints] == list(Recycling)


def test_the_comparison_is_a_table_whose_parts_sum_to_its_totals():
    rows = compare_recycling(STEEL).rows()
    assert len(rows) == len(METHODS)
    for row in rows:
        assert row["acquisition"] + row["recycling"] + row["energy"] + row["disposal"] == near(row["total"])
    assert "substitution" in compare_recycling(STEEL)._repr_html_()


def test_energy_recovered_beyond_its_burden_is_a_credit_except_by_cut_off():
    # half burnt with 0.4 kg CO2e/kg; 10 MJ/kg, a tenth heat (0.1 kg/MJ) and a fifth power (0.2 kg/MJ)
    burnt = MaterialLife(
        E_virgin=1, R3=0.5, E_recovery=0.4, heating_value=10, heat_yield=0.1, E_heat=0.1, power_yield=0.2, E_power=0.2
    )
    net = 0.5 * (0.4 - 0.1 - 0.4)
    assert [m.energy for m in compare_recycling(burnt).footprints] == [near(0.2), near(0.2), near(net), near(net)]
    assert circular(replace(burnt, B=0.4)).energy == near(0.6 * net)


def test_what_is_recovered_for_energy_is_not_disposed_of():
    disposal = MaterialLife(E_virgin=0, E_disposal=10, R2=0.3, R3=0.5).disposal
    assert (disposal, MaterialLife(E_virgin=0, E_disposal=10, R2=0.3, R3=0.7).disposal) == (near(2), near(0))


@given(lives(R1=0, R2=0, R3=0))
def test_without_recycling_all_are_virgin_burden_and_end_of_life(life):
    assert [m.total for m in compare_recycling(life).footprints] == [near(life.E_virgin + life.E_disposal)] * 4


@given(lives(R3=0), shares, shares)
def test_all_are_linear_in_the_share_recycled(life, one, other):
    for method in METHODS.values():
        at_one, at_other = (method(replace(life, R2=r)).total for r in (one, other))
        assert method(replace(life, R2=(one + other) / 2)).total == near((at_one + at_other) / 2)


@given(lives(), st.sampled_from([1000.0, 0.001]))
def test_the_unit_of_the_burdens_does_not_matter(life, scale):
    scaled = replace(life, **{f.name: getattr(life, f.name) * scale for f in fields(life) if f.name.startswith("E_")})
    for method in METHODS.values():
        assert method(scaled).total == pytest.approx(method(life).total * scale, rel=1e-9, abs=1e-9 * scale)


@given(lives(heating_value=0))
def test_the_circular_formula_lies_between_cut_off_and_substitution(life):
    life = replace(life, B=0)
    between = life.A * recycled_content(life).total + (1 - life.A) * substitution(life).total
    assert circular(life).total == near(between)
    assert circular(replace(life, A=1)).total == near(recycled_content(life).total)
    assert circular(replace(life, A=0)).total == near(substitution(life).total)


@given(lives(R3=0), st.floats(min_value=0, max_value=1))
def test_a_closed_loop_is_substitution_of_the_same_material(life, factor):
    """With R1 = 0 and Ev* = Ev, the allocation factor of the loop is the quality that substitution keeps."""
    loop = replace(life, R1=0, E_avoided=life.E_virgin, quality_out=factor, loop_factor=factor)
    assert closed_loop(loop).total == near(substitution(loop).total)
    assert closed_loop(loop).total == near(circular(replace(loop, A=0)).total)


@given(lives(R3=0))
def test_all_agree_where_as_much_comes_back_as_goes_in(life):
    """R1 = R2, Er = ErEoL, Ev* = Ev, quality 1: nothing crosses the boundary, so there is nothing to share."""
    steady = replace(
        life, R1=life.R2, E_recycled=life.E_recycling, E_avoided=life.E_virgin,
        quality_in=1, quality_out=1, loop_factor=1,
    )  # fmt: skip
    assert [m.total for m in compare_recycling(steady).footprints] == [near(recycled_content(steady).total)] * 4


@given(lives(R1=0, R3=0), lives(R2=0, R3=0), shares, qualities, st.floats(min_value=0.01, max_value=100))
def test_supplier_and_user_together_carry_the_whole_whatever_a(supplier, user, A, quality, mass):
    """What the first life recycles is the recycled content of the second: no gap, no double count.

    One kilogram of the first gives R2 kg, of which `user_mass` kg of the second take the share R1. Beside virgin
    material and disposal the two carry the recycling once, and the virgin material that quality loses.
    """
    user = replace(
        user, R1=min(1.0, supplier.R2 / mass), A=A, E_virgin=supplier.E_virgin, E_recycled=supplier.E_recycling,
        quality_in=quality,
    )  # fmt: skip
    user_mass = supplier.R2 / user.R1 if user.R1 else mass
    supplier = replace(supplier, A=A, E_avoided=supplier.E_virgin, quality_out=quality)
    together = circular(supplier).total + user_mass * circular(user).total
    virgin = supplier.E_virgin + user_mass * (1 - user.R1) * user.E_virgin
    disposal = supplier.disposal + user_mass * user.disposal
    assert together == pytest.approx(
        virgin + supplier.R2 * supplier.E_recycling + disposal, rel=1e-8, abs=1e-6 * max(1.0, user_mass)
    )


@pytest.mark.parametrize(
    ("fault", "wrong", "named"),
    [
        (WrongShare, {"R1": 1.2}, "R1"),
        (WrongShare, {"A": -0.1}, "A"),
        (WrongShare, {"B": 20}, "B"),
        (WrongShare, {"R2": 0.7, "R3": 0.4}, r"R2 \+ R3"),
        (WrongShare, {"heat_yield": 0.6, "power_yield": 0.5}, "power_yield"),
        (WrongAmount, {"E_virgin": float("nan")}, "E_virgin"),
        (WrongAmount, {"R2": float("nan")}, "R2"),
        (WrongAmount, {"quality_out": -0.5}, "quality_out"),
    ],
)
def test_impossible_lives_are_refused_by_name(fault, wrong, named):
    with pytest.raises(fault, match=named) as refused:
        MaterialLife(**{"E_virgin": 1.0, **wrong})
    assert len(refused.value.problems) == 1
    assert refused.value.text.zh != refused.value.text.en


def test_all_faults_of_a_life_are_told_together():
    with pytest.raises(Problems) as refused:
        MaterialLife(E_virgin=1, R1=2, A=5)
    assert [p.place for p in refused.value.problems] == ["A", "R1"]


def test_shares_that_sum_to_one_may_be_a_little_more_in_binary():
    assert MaterialLife(E_virgin=1, R2=0.7, R3=0.1 + 0.2).disposal == pytest.approx(0)


def test_every_method_has_its_words_in_both_languages():
    assert all(words_for(method).zh != words_for(method).en for method in Recycling)
