"""Certificate numbers of the platform: TB-<year>-<six digits>-<two check digits>.

The certificate-number scheme of the national rule could not be confirmed; this is the platform's own form, with
check digits by ISO/IEC 7064 MOD 97-10, so that a slip of the finger is noticed.
"""

from __future__ import annotations


def _digits(text: str) -> int:
    return int("".join(str(int(c, 36)) for c in text))


def check_digits(year: int, serial: int) -> str:
    """98 - (n · 100 mod 97), n the number with letters as 10..35 (ISO/IEC 7064 MOD 97-10)."""
    return f"{98 - _digits(f'TB{year:04d}{serial:06d}') * 100 % 97:02d}"


def make_number(year: int, serial: int) -> str:
    return f"TB-{year:04d}-{serial:06d}-{check_digits(year, serial)}"
