from decimal import Decimal

import pytest
from lca_cast import made, process

from tanbiao.lca.allocation.preference import ORDER, PriceRatioRule, step_of
from tanbiao.lca.faults import AllocationImpossible
from tanbiao.lca.model import Allocation, OutputKind, Property

RULE = PriceRatioRule(Decimal(5), "a sector's guideline", physical=Allocation.MASS)


def cracker(ethylene, fuel_gas, unit="t", allocation=Allocation.ECONOMIC):
    return process(
        "cracker",
        made(30, "t", "乙烯", allocation_value=ethylene),
        made(10, unit, "燃料气", OutputKind.COPRODUCT, allocation_value=fuel_gas),
        allocation=allocation,
    )


def test_every_method_has_its_step_in_the_order_of_iso():
    assert {m for step in ORDER for m in step.methods} == set(Allocation) - {Allocation.NONE}
    steps = [step_of(m) for m in (Allocation.SUBSTITUTION, Allocation.CARBON, Allocation.ECONOMIC)]
    assert steps == [1, 2, 3]
    with pytest.raises(ValueError, match="none"):
        step_of(Allocation.NONE)


@pytest.mark.parametrize(
    ("prices", "method"),
    [
        ((7000, 1399), Allocation.ECONOMIC),
        ((7000, 1400), Allocation.MASS),  # five is not above five
        ((1400, 7001), Allocation.ECONOMIC),
        ((7000, 0), Allocation.ECONOMIC),
        ((0, 0), Allocation.MASS),
    ],
)
def test_price_decides_only_where_prices_are_far_apart(prices, method):
    assert RULE.method_for(cracker(*map(Decimal, prices))) is method


def test_prices_are_compared_per_kilogram():
    assert RULE.method_for(cracker(Decimal(7000), Decimal(6), unit="kg")) is Allocation.MASS


def test_the_limit_and_the_physical_key_are_the_rules_own():
    rule = PriceRatioRule(Decimal("1.5"), "another", physical=Allocation.ENERGY)
    assert rule.method_for(cracker(Decimal(2), Decimal(1))) is Allocation.ECONOMIC
    assert rule.method_for(cracker(Decimal(3), Decimal(2))) is Allocation.ENERGY


@pytest.mark.parametrize(
    "without",
    [
        cracker(Decimal(7), None),
        cracker(Decimal(7), Decimal(-1)),
        cracker(Decimal(7), Decimal(1), unit="MJ"),
        cracker(Decimal(44), Decimal(50), allocation=Allocation.ENERGY),  # heating values are no prices
    ],
)
def test_a_missing_price_is_named(without):
    with pytest.raises(AllocationImpossible, match="价格"):
        RULE.method_for(without)


def test_a_price_may_stand_among_the_properties():
    priced = process(
        "cracker",
        made(30, "t", "乙烯", allocation_value=Decimal(44), properties=(Property("economic", Decimal(6)),)),
        made(10, "t", "燃料气", OutputKind.COPRODUCT, properties=(Property("economic", Decimal(1)),)),
        allocation=Allocation.ENERGY,
    )
    assert RULE.method_for(priced) is Allocation.ECONOMIC
