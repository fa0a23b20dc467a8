from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import emission, made, process, system, taken

from tanbiao.lca.allocation.shares import allocation_shares, allocation_value
from tanbiao.lca.faults import AllocationImpossible, AllocationNeeded
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import Allocation, Displaced, OutputKind, Property

CO, RE = OutputKind.COPRODUCT, OutputKind.RECYCLED


def furnace(method, *, steel=None, slag=None, **more):
    return process(
        "furnace",
        made("1000", "t", "钢", allocation_value=steel),
        made("150000", "kg", "渣", CO, allocation_value=slag),
        allocation=method,
        **more,
    )


def test_by_mass():
    assert allocation_shares(furnace(Allocation.MASS)) == (Fraction(1000, 1150), Fraction(150, 1150))


def test_by_price_with_each_price_per_its_own_unit():
    shares = allocation_shares(furnace(Allocation.ECONOMIC, steel=Decimal(3500), slag=Decimal("0.05")))
    assert shares == (Fraction(3_500_000, 3_507_500), Fraction(7_500, 3_507_500))


def test_by_heating_value_beside_an_output_that_is_energy_itself():
    chp = process(
        "chp",
        made(36, "MJ", "热"),
        made(2, "kg", "油", CO, allocation_value=Decimal(32)),
        allocation=Allocation.ENERGY,
    )
    assert allocation_shares(chp) == (Fraction(36, 100), Fraction(64, 100))


def test_by_a_property_such_as_dry_matter():
    dairy = process(
        "dairy",
        made(100, "kg", "奶酪", allocation_value=Decimal("0.6")),
        made(900, "kg", "乳清", CO, allocation_value=Decimal("0.06")),
        allocation=Allocation.PROPERTY,
    )
    assert allocation_shares(dairy) == (Fraction(60, 114), Fraction(54, 114))


@pytest.mark.parametrize("method", [Allocation.DRY_MATTER, Allocation.CARBON])
def test_mass_fractions_count_by_mass_whatever_the_units(method):
    mixed = process(
        "dairy",
        made("0.1", "t", "奶酪", allocation_value=Decimal("0.6")),
        made(900, "kg", "乳清", CO, allocation_value=Decimal("0.06")),
        allocation=method,
    )
    assert allocation_shares(mixed) == (Fraction(60, 114), Fraction(54, 114))


def test_by_a_property_of_the_users_own_name_among_others():
    def parts(chosen):
        pulp, rejects = ((Property("fibre", Decimal(f)), Property("economic", Decimal(5))) for f in (9, 3))
        return replace(
            process(
                "mill",
                made(1, "t", "浆", properties=pulp),
                made(1, "t", "渣", CO, properties=rejects),
                allocation=Allocation.PROPERTY,
            ),
            allocation_property=chosen,
        )

    assert allocation_shares(parts("fibre")) == (Fraction(3, 4), Fraction(1, 4))
    with pytest.raises(AllocationImpossible):
        allocation_shares(parts("lignin"))
    assert allocation_shares(replace(parts(""), allocation=Allocation.ECONOMIC)) == (Fraction(1, 2), Fraction(1, 2))


def test_two_values_for_one_method_are_refused_and_one_said_twice_is_not():
    price = (Property("economic", Decimal(7)),)
    twice = furnace(Allocation.ECONOMIC, steel=Decimal(7), slag=Decimal(1))
    named = replace(twice, outputs=(replace(twice.outputs[0], properties=price), twice.outputs[1]))
    assert allocation_value(named, named.outputs[0]) == 7
    with pytest.raises(AllocationImpossible, match="two different"):
        allocation_shares(replace(named, outputs=(named.outputs[0], replace(named.outputs[1], properties=price))))


def test_recycled_residues_carry_nothing_and_a_single_product_all():
    mill = process("mill", made(95, "t"), made(5, "t", "切头", RE), allocation=Allocation.ECONOMIC)
    assert allocation_shares(mill) == (1, 0)


def test_by_mass_a_recycled_residue_carries_nothing_either():
    mill = process(
        "mill", made(95, "t"), made(5, "t", "切头", RE), made(5, "t", "短尺", CO), allocation=Allocation.MASS
    )
    assert allocation_shares(mill) == (Fraction(95, 100), 0, Fraction(5, 100))


def test_coproducts_without_a_method_are_refused():
    with pytest.raises(AllocationNeeded) as refused:
        allocation_shares(furnace(Allocation.NONE))
    assert "渣" in refused.value.text.zh
    assert "allocation method" in refused.value.text.en


@pytest.mark.parametrize(
    "impossible",
    [
        furnace(Allocation.ECONOMIC, steel=Decimal(3500)),
        furnace(Allocation.ECONOMIC, steel=Decimal(3500), slag=Decimal(-1)),
        furnace(Allocation.ECONOMIC, steel=Decimal(0), slag=Decimal(0)),
        furnace(Allocation.PROPERTY),
        furnace(Allocation.ENERGY),
        process("p", made(1, "kWh"), made(1, "kg", "副", CO), allocation=Allocation.MASS),
        process("p", made(1, "kWh"), made(1, "kg", "副", CO), allocation=Allocation.CARBON),
        furnace(Allocation.DRY_MATTER, steel=Decimal(60), slag=Decimal("0.5")),  # per cent for a fraction
        furnace(Allocation.SUBSTITUTION),
    ],
)
def test_a_method_without_its_values_is_refused(impossible):
    with pytest.raises(AllocationImpossible):
        allocation_shares(impossible)


def test_the_product_carries_its_share_of_direct_and_upstream_burdens():
    mine = process("mine", made(1, "t"), emissions=[emission(23)])
    steel = furnace(
        Allocation.MASS, inputs=[taken("1150", "t", provider="mine")], emissions=[emission("11.5", symbol="t")]
    )
    footprint = calculate_footprint(system(("1", "t"), "furnace", steel, mine))
    # a thousandth of the period, 1000/1150 of its burdens: 10 kg direct, 1 t of ore
    assert footprint.by_process() == pytest.approx({"furnace": 10.0, "mine": 23.0}, rel=1e-12)


amounts = st.decimals(min_value="0.001", max_value=10**6, places=3)


@given(st.lists(st.tuples(amounts, amounts), min_size=2, max_size=6), st.sampled_from(Allocation))
def test_shares_sum_to_exactly_one_and_the_parts_to_the_whole(pairs, method):
    if method is Allocation.NONE:
        return
    scale = Decimal(10**6) if method in (Allocation.DRY_MATTER, Allocation.CARBON) else 1
    outputs = [
        made(
            amount, "kg", f"产品{i}", CO if i else OutputKind.PRODUCT,
            allocation_value=value / scale, displaces=Displaced(factor="slag"),
        )
        for i, (amount, value) in enumerate(pairs)
    ]  # fmt: skip
    shares = allocation_shares(process("p", *outputs, allocation=method))
    assert sum(shares) == 1
    assert all(share > 0 for share in shares) or method is Allocation.SUBSTITUTION
