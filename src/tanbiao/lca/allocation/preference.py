"""Which allocation method first: the order of ISO as data, and the price rule of some sectors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from tanbiao.lca.allocation.shares import allocation_value, burden_bearers
from tanbiao.lca.faults import AllocationImpossible
from tanbiao.lca.model import Allocation, Process
from tanbiao.words import Text


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the order: what it asks for, and the methods that answer it, in no order among themselves."""

    asks: Text
    methods: tuple[Allocation, ...]


# Subdivision, the other half of the first step, is done to the process itself: see `subdivision.subdivide`.
ORDER: tuple[Step, ...] = (
    Step(Text("以细分或系统扩展避免分配", "avoid allocation, by subdivision or system expansion"),
         (Allocation.SUBSTITUTION,)),
    Step(Text("按物理因果关系", "by physical causality"),
         (Allocation.MASS, Allocation.ENERGY, Allocation.DRY_MATTER, Allocation.CARBON, Allocation.PROPERTY)),
    Step(Text("按其他关系，如经济价值", "by another relation, such as economic value"), (Allocation.ECONOMIC,)),
)  # fmt: skip
"""ISO 14067:2018 6.4.6.2; ISO 14044:2006 4.3.4.2; GB/T 24067-2024 6.4.6.2."""


def step_of(method: Allocation) -> int:
    """The number of the step that a method belongs to, from 1. Raises ValueError for NONE, which is no method."""
    for number, step in enumerate(ORDER, 1):
        if method in step.methods:
            return number
    raise ValueError(method)


@dataclass(frozen=True, slots=True)
class PriceRatioRule:
    """By price where prices per kilogram differ by more than a factor; else by a physical key.

    limit     the ratio of the highest to the lowest price above which the economic key applies
    physical  the key that applies up to it
    source    where the rule is written
    """

    limit: Decimal
    source: str
    physical: Allocation = Allocation.MASS

    def method_for(self, process: Process) -> Allocation:
        """The method the rule asks for. Needs the price and a mass of each product and co-product.

        Raises AllocationImpossible naming the output without them, or with a negative price.
        """
        prices = _prices_per_kg(process)
        return Allocation.ECONOMIC if max(prices) > Fraction(self.limit) * min(prices) else self.physical


def _prices_per_kg(process: Process) -> list[Fraction]:
    priced = replace(process, allocation=Allocation.ECONOMIC)
    own = process.allocation is Allocation.ECONOMIC
    prices = []
    for output in burden_bearers(process):
        # a value given without saying of what is a price only where the process allocates by price
        price = allocation_value(priced, output if own else replace(output, allocation_value=None))
        mass = output.quantity.unit.dimension == "mass"
        if not mass or price is None or not price.is_finite() or price < 0:
            raise AllocationImpossible(
                output.place or f"{process.name} · {output.name}",
                f"按价格比选择分配方法，需要产出“{output.name}”的质量单位和非负价格（一至三年平均）。",
                f'To choose by the ratio of prices, output "{output.name}" needs a unit of mass and a price that is '
                "not negative (the average of one to three years).",
            )
        prices.append(Fraction(price) / Fraction(output.quantity.unit.factor))
    return prices
