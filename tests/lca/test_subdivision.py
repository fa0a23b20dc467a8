"""A process measured as a whole, divided into its parts without a rest."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import emission, factor, made, process, system, taken, with_process

from tanbiao.lca.allocation.subdivision import Part, split, subdivide
from tanbiao.lca.faults import AllocationNeeded, Unsplittable, WrongShare
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import Allocation, OutputKind, Stage
from tanbiao.lca.units import UnitMismatch, quantity
from tanbiao.words import Problems

CO = OutputKind.COPRODUCT
FACTORS = (factor("milk", "1.2", "kg"), factor("power", "0.5", "kWh"), factor("heat", "0.1", "MJ"))


def dairy(allocation=Allocation.MASS):
    """3 t of cheese and 1 t of whey powder; milk, electricity and heat measured for the whole."""
    return process(
        "dairy",
        made(3, "t", "奶酪"),
        made(1, "t", "乳清粉", CO),
        inputs=[
            taken(40, "t", "原奶", factor="milk"),
            taken(1000, "kWh", "电", factor="power"),
            taken(8000, "MJ", "热", factor="heat"),
        ],
        emissions=[emission(100, name="制冷剂")],
        allocation=allocation,
    )


CHEESE = Part("dairy", "奶酪车间", ("奶酪",), meters={"电": quantity("0.3", "MWh")})
POWDER = Part("tower", "喷雾塔", ("乳清粉",), {"热": Decimal(1)}, {"电": quantity(500, "kWh")})


def amounts(part):
    return {row.name: row.quantity.amount for row in (*part.inputs, *part.emissions)}


def test_what_belongs_to_one_goes_there_and_the_rest_is_shared():
    cheese, powder = subdivide(dairy(), (CHEESE, POWDER))
    # 200 kWh, the milk and the refrigerant are common: 3 to 1 by mass
    assert amounts(cheese) == {"原奶": 30, "电": 300 + 150, "制冷剂": 75}
    assert amounts(powder) == {"原奶": 10, "电": 500 + 50, "热": 8000, "制冷剂": 25}
    assert (powder.product.name, powder.allocation, powder.id) == ("乳清粉", Allocation.NONE, "tower")


def test_who_took_from_the_whole_takes_from_the_part():
    shop = process("shop", made(1, "t"), inputs=[taken(1, "t", "奶酪", provider="dairy")], stage=Stage.DISTRIBUTION)
    base = system(("1", "t"), "shop", shop, dairy(), factors=FACTORS)
    cheese, powder = subdivide(dairy(), (CHEESE, POWDER))
    divided = replace(with_process(base, cheese), processes=(shop, cheese, powder))
    assert calculate_footprint(divided).total_kg_co2e == pytest.approx((30_000 * 1.2 + 450 * 0.5 + 75) / 3)


def test_without_a_share_or_meter_it_is_plain_allocation():
    parts = (Part("dairy", "奶酪车间", ("奶酪",)), Part("tower", "喷雾塔", ("乳清粉",)))
    cheese, _ = subdivide(dairy(), parts)
    whole = system(("1", "t"), "dairy", dairy(), factors=FACTORS)
    assert calculate_footprint(with_process(whole, cheese)).total_kg_co2e == pytest.approx(
        calculate_footprint(whole).total_kg_co2e, rel=1e-12
    )


def test_an_intermediate_goes_from_part_to_part():
    front = Part("front", "收奶", (), {"原奶": 1, "电": 1, "热": 1, "制冷剂": 1}, makes=made(40, "t", "标准化奶"))
    cheese = Part("dairy", "奶酪车间", ("奶酪",), takes=(taken(30, "t", "标准化奶", provider="front"),))
    powder = Part("tower", "喷雾塔", ("乳清粉",), takes=(taken(10, "t", "标准化奶", provider="front"),))
    divided = subdivide(dairy(Allocation.NONE), (cheese, powder, front))
    whole = 40_000 * 1.2 + 500 + 800 + 100
    found = calculate_footprint(system(("1", "t"), "dairy", *divided, factors=FACTORS))
    assert found.total_kg_co2e == pytest.approx(whole * 30 / 40 / 3)


def test_nothing_common_needs_no_method_and_something_common_does():
    everything = {"原奶": Fraction(3, 4), "电": Decimal("0.5"), "热": 0, "制冷剂": 1}
    rest = {"原奶": Fraction(1, 4), "电": Decimal("0.5"), "热": 1}
    parts = (Part("dairy", "奶酪", ("奶酪",), everything), Part("tower", "塔", ("乳清粉",), rest))
    assert amounts(subdivide(dairy(Allocation.NONE), parts)[1]) == {"原奶": 10, "电": 500, "热": 8000}
    with pytest.raises(AllocationNeeded):
        subdivide(dairy(Allocation.NONE), (CHEESE, POWDER))


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ((CHEESE,), "乳清粉"),
        ((CHEESE, POWDER, Part("third", "第三", ("酪蛋白",))), "酪蛋白"),
        ((CHEESE, replace(POWDER, id="dairy")), "重复"),
        ((replace(CHEESE, id="other"), POWDER), "沿用编号"),
        ((CHEESE, POWDER, Part("empty", "空")), "恰有一个产品"),
        ((CHEESE, replace(POWDER, shares={"蒸汽": 1})), "蒸汽"),
        ((CHEESE, replace(POWDER, shares={"电": 1})), "电"),
    ],
)
def test_parts_that_do_not_make_up_the_whole_are_refused(parts, named):
    with pytest.raises((Unsplittable, Problems), match=named) as refused:
        subdivide(dairy(), parts)
    assert "subdivided" in refused.value.text.en


@pytest.mark.parametrize(
    "powder",
    [
        replace(POWDER, shares={"热": Decimal("-0.1")}),
        replace(POWDER, shares={"热": Decimal("1.01")}),
        replace(POWDER, meters={"电": quantity(701, "kWh")}),  # 300 are metered elsewhere
    ],
)
def test_shares_and_meters_beyond_the_whole_are_refused(powder):
    with pytest.raises(WrongShare, match="合计不超过 1"):
        subdivide(dairy(), (CHEESE, powder))


def test_a_meter_that_ran_where_nothing_was_used_is_refused():
    idle = replace(dairy(), inputs=(taken(0, "kWh", "电", factor="power"),), emissions=())
    with pytest.raises(WrongShare):
        subdivide(idle, (CHEESE, replace(POWDER, shares={}, meters={})))


def test_a_meter_of_another_kind_of_unit_is_refused():
    with pytest.raises(UnitMismatch):
        subdivide(dairy(), (CHEESE, replace(POWDER, meters={"电": quantity(1, "t")})))


def test_system_expansion_cannot_share_what_is_common():
    with pytest.raises(Unsplittable, match="系统扩展"):
        subdivide(dairy(Allocation.SUBSTITUTION), (CHEESE, POWDER))


fractions = st.fractions(min_value=0, max_value=Fraction(1, 2), max_denominator=997)
numbers = st.decimals(min_value=0, max_value=10**9, places=6)


@given(numbers, numbers, st.tuples(fractions, fractions), st.tuples(fractions, fractions))
def test_the_parts_sum_to_the_whole_to_the_last_digit(milk, power, to_cheese, to_powder):
    whole = dairy()
    rows = (taken(milk, "t", "原奶", factor="milk"), taken(power, "kWh", "电", factor="power"))
    whole = replace(whole, inputs=rows)
    parts = (
        Part("dairy", "奶酪", ("奶酪",), dict(zip(("原奶", "电"), to_cheese, strict=True))),
        Part("tower", "塔", ("乳清粉",), dict(zip(("原奶", "电"), to_powder, strict=True))),
    )
    divided = subdivide(whole, parts)
    for row in (*whole.inputs, *whole.emissions):
        assert sum(amounts(part).get(row.name, 0) for part in divided) == row.quantity.amount
    assert all(amount > 0 for part in divided for amount in amounts(part).values())


@given(numbers, st.lists(st.integers(min_value=0, max_value=99), min_size=1, max_size=5).filter(any))
def test_split_is_exact_in_sum_and_close_in_each(amount, weights):
    shares = [Fraction(w, sum(weights)) for w in weights]
    parts = split(amount, shares)
    assert sum(parts) == amount
    assert all(
        abs(Fraction(part) - Fraction(amount) * share) <= Fraction(amount) * Fraction(1, 10**22)
        for part, share in zip(parts, shares, strict=True)
    )
