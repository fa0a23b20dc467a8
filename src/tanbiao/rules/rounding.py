"""Rounding of the published value: once, at the end, by the rule's number of significant digits."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

from tanbiao.rules.sections import Rounding


def round_published(value: Decimal | float, rounding: Rounding) -> Decimal:
    """The value with the significant digits that `rule.rounding` asks for; halves go to the even digit.

    A float is taken by its shortest decimal form (repr): 2.675 is the 2.675 that was printed. Trailing zeros are kept,
    they tell the precision (0.5 with 3 digits is 0.500); large values have no exponent (61234 is 61200). Zero is 0.
    Raises ValueError for a value that is not finite. Half to even as in GB/T 8170-2008.
    """
    digits = rounding.significant_digits
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not exact.is_finite():
        raise ValueError(f"cannot publish {value}: it is not a finite number")
    if not exact:
        return Decimal(0)
    rounded = Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(exact)
    last_place = rounded.adjusted() - digits + 1
    return rounded.quantize(Decimal(1).scaleb(min(last_place, 0)))
