"""Certificate numbers of the platform: TB-<year>-<six digits>-<two check digits>.

The certificate-number scheme of the national rule could not be confirmed; this is the platform's own form, with
check digits by ISO/IEC 7064 MOD 97-10, so that a slip of the finger is noticed.
"""

from __future__ import annotations

import re

FORM = re.compile(r"TB-(\d{4})-(\d{6})-(\d{2})")


def _digits(text: str) -> int:
    return int("".join(str(int(c, 36)) for c in text))


def check_digits(year: int, serial: int) -> str:
    """98 - (n · 100 mod 97), n the number with letters as 10..35 (ISO/IEC 7064 MOD 97-10)."""
    return f"{98 - _digits(f'TB{year:04d}{serial:06d}') * 100 % 97:02d}"


def make_number(year: int, serial: int) -> str:
    return f"TB-{year:04d}-{serial:06d}-{check_digits(year, serial)}"


def is_number(text: str) -> bool:
    """Whether a text has the form of a certificate number with right check digits."""
    found = FORM.fullmatch(text)
    return found is not None and check_digits(int(found[1]), int(found[2])) == found[3]
