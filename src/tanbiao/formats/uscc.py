"""Unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters, the last one a check digit."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check_digit(first17: str) -> str:
    """The 18th character: 31 - Σ cᵢ·3ⁱ mod 31 (GB 32100-2015, 4.6). KeyError for a character outside the alphabet."""
    values = {character: value for value, character in enumerate(ALPHABET)}
    total = sum(values[character] * pow(3, i, 31) for i, character in enumerate(first17))
    return ALPHABET[-total % 31]


def is_uscc(code: str) -> bool:
    """Whether a text is such a code, its check digit right."""
    return len(code) == 18 and all(c in ALPHABET for c in code) and check_digit(code[:17]) == code[17]
