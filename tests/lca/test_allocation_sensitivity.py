"""What the other methods would give, for one process and for several."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import emission, factor, made, process, system, taken

from tanbiao.lca.faults import AllocationNeeded
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import Allocation, Displaced, OutputKind, Property
from tanbiao.lca.other_allocations import Choice, allocation_sensitivity

CO = OutputKind.COPRODUCT
SLAG = factor("clinker", "0.8", "kg")


def furnace(id="furnace", allocation=Allocation.ECONOMIC, inputs=()):
    """1 t of steel at 3500 and 0.25 t of slag at 100, 2 t CO2; the slag displaces clinker, 0.8 t CO2e/t."""
    lime = (Property("lime", Decimal(9)), Property("lime", Decimal(9)))
    return process(
        id,
        made(1, "t", "钢", allocation_value=Decimal(3500), properties=lime[:1]),
        made("0.25", "t", "渣", CO, allocation_value=Decimal(100), properties=lime[1:], displaces=Displaced("clinker")),
        emissions=[emission(2, symbol="t")],
        inputs=inputs,
        allocation=allocation,
    )


def test_every_method_the_data_allow_with_its_difference():
    found = allocation_sensitivity(system(("1", "t"), "furnace", furnace(), factors=[SLAG]))
    assert found.chosen == (Choice("furnace", Allocation.ECONOMIC),)
    assert found.kg_co2e == pytest.approx(2000 * 3500 / 3525)
    assert {a.choices[0].method: a.kg_co2e for a in found.alternatives} == pytest.approx(
        {Allocation.SUBSTITUTION: 1800, Allocation.MASS: 1600, Allocation.PROPERTY: 1600}
    )
    mass = found.alternatives[1]
    assert mass.difference == pytest.approx(1600 - found.kg_co2e)
    assert mass.relative == pytest.approx(mass.difference / found.kg_co2e)
    assert found.range == (pytest.approx(1600), found.kg_co2e)


def test_it_reads_as_a_table_with_the_methods_chosen_first():
    found = allocation_sensitivity(system(("1", "t"), "furnace", furnace(), factors=[SLAG]))
    first, *others = found.rows()
    assert (first["kg_co2e"], first["difference"]) == (found.kg_co2e, 0)
    assert first["choices"] == "furnace: 按经济价值 / Economic"
    assert [row["kg_co2e"] for row in others] == [a.kg_co2e for a in found.alternatives]
    assert "按其他属性 / By property (lime)" in found._repr_html_()


def test_a_method_without_its_values_says_what_is_missing():
    found = allocation_sensitivity(system(("1", "t"), "furnace", furnace(), factors=[SLAG]))
    missing = {i.choice.method: i.reason.zh for i in found.impossible}
    assert set(missing) == {Allocation.ENERGY, Allocation.DRY_MATTER, Allocation.CARBON}
    assert "热值" in missing[Allocation.ENERGY]


def test_a_price_is_never_taken_for_another_value():
    """The value of the chosen method stands in a column without a name; as a heating value it would be nonsense."""
    found = allocation_sensitivity(system(("1", "t"), "furnace", furnace(), factors=[SLAG]))
    assert Allocation.ENERGY not in {a.choices[0].method for a in found.alternatives}


def two(most=64):
    iron = furnace("iron")
    steel = furnace("steel", inputs=[taken(1, "t", "铁", provider="iron")])
    return allocation_sensitivity(system(("1", "t"), "steel", steel, iron, factors=[SLAG]), most=most)


def test_two_processes_are_varied_alone_and_together():
    found = two()
    assert found.complete
    # three other methods for each: 3 + 3 alone, 3 x 3 together
    assert [len(a.choices) for a in found.alternatives] == [1] * 6 + [2] * 9
    by_mass = {Choice("iron", Allocation.MASS), Choice("steel", Allocation.MASS)}
    [both] = [a for a in found.alternatives if set(a.choices) == by_mass]
    assert both.kg_co2e == pytest.approx((2000 * 0.8 + 2000) * 0.8)


def test_too_many_combinations_are_left_out_and_said_to_be():
    assert two(most=16).complete
    few = two(most=15)
    assert not few.complete
    assert [len(a.choices) for a in few.alternatives] == [1] * 6


def test_nothing_shared_has_no_alternative():
    found = allocation_sensitivity(system(("1", "t"), "mill", process("mill", made(1, "t"), emissions=[emission(1)])))
    assert (found.chosen, found.alternatives, found.complete) == ((), (), True)


def test_a_system_without_a_method_is_refused_as_it_stands():
    with pytest.raises(AllocationNeeded):
        allocation_sensitivity(system(("1", "t"), "furnace", furnace(allocation=Allocation.NONE), factors=[SLAG]))


@given(st.sampled_from([Allocation.MASS, Allocation.ECONOMIC, Allocation.SUBSTITUTION]))
def test_each_alternative_is_what_choosing_it_gives(method):
    base = system(("1", "t"), "furnace", furnace(), factors=[SLAG])
    chosen = replace(base, processes=(replace(base.processes[0], allocation=method),))
    found = allocation_sensitivity(base)
    given_by = {c.method: found.kg_co2e for c in found.chosen} | {
        a.choices[0].method: a.kg_co2e for a in found.alternatives
    }
    assert given_by[method] == calculate_footprint(chosen).total_kg_co2e
