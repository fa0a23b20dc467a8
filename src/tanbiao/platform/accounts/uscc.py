"""Unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters, the last one a check digit."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check_digit(first17: str) -> str:
    """The 18th character: 31 - Σ cᵢ·3ⁱ mod 31 (GB 32100-2015, 4.6). KeyError for a character outside the alphabet."""
    values = {character: value for value, character in enumerate(ALPHABET)}
    total = sum(values[character] * pow(3, i, 31) for i, character in enumerate(first17))
    return ALPHABET[-total % 31]


def validate_uscc(code: str) -> None:
    if len(code) != 18 or any(c not in ALPHABET for c in code) or check_digit(code[:17]) != code[17]:
        raise ValidationError(
            _("统一社会信用代码“%(code)s”不正确：应为 18 位数字或大写字母（不含 I、O、S、V、Z），末位为校验码。"),
            params={"code": code},
        )
