"""The published value: rounded once, half to even."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanbiao.rules import round_published
from tanbiao.rules.sections import Rounding


def rounded(value, digits):
    return str(round_published(value, Rounding(significant_digits=digits)))


@pytest.mark.parametrize(
    ("value", "digits", "published"),
    [
        (592.440206, 3, "592"),
        (592.440206, 4, "592.4"),
        (0.5, 3, "0.500"),
        (2.665, 3, "2.66"),
        (2.675, 3, "2.68"),
        (Decimal("0.12345"), 4, "0.1234"),
        (Decimal("0.12355"), 4, "0.1236"),
        (9.996, 3, "10.0"),
        (999.6, 3, "1000"),
        (61234.0, 3, "61200"),
        (-1.005, 3, "-1.00"),
        (0.0, 3, "0"),
        (1e-7, 2, "1.0E-7"),
    ],
)
def test_published_values(value, digits, published):
    assert rounded(value, digits) == published


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_not_a_number_is_not_published(value):
    with pytest.raises(ValueError, match="finite"):
        rounded(value, 3)


@given(st.floats(1e-9, 1e12), st.integers(1, 12))
def test_rounding_twice_is_rounding_once_and_stays_near(value, digits):
    once = round_published(value, Rounding(significant_digits=digits))
    assert round_published(once, Rounding(significant_digits=digits)) == once
    assert abs(once - Decimal(repr(value))) <= Decimal(repr(value)) * Decimal(5) * Decimal(10) ** -digits


@given(st.floats(1e-9, 1e12), st.floats(1e-9, 1e12), st.integers(1, 12))
def test_rounding_keeps_the_order(a, b, digits):
    low, high = sorted((a, b))
    rounding = Rounding(significant_digits=digits)
    assert round_published(low, rounding) <= round_published(high, rounding)
