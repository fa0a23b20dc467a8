"""The words that stand in workbooks and reports, and how a typed word finds its member.

The workbook's drop-downs show both languages; reading accepts either, or the code. The words: tanbiao.lca.vocabulary.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import cache
from typing import TypeVar

from tanbiao.lca.vocabulary import BOUNDARIES, words_for
from tanbiao.words import Text

Member = TypeVar("Member", bound=StrEnum)

# The "part" of a contribution (tanbiao.lca.footprint.Contribution.part)
PARTS = {
    "supply": Text("上游", "Supply"),
    "use": Text("使用排放", "Released in use"),
    "direct": Text("直接排放", "Direct"),
    "avoided": Text("替代扣减", "Avoided"),
}


def label(member: StrEnum) -> str:
    """The bilingual form that stands in the drop-downs: "生产 Production"."""
    words = words_for(member)
    return f"{words.zh} {words.en}"


def find(kind: type[Member], typed: str) -> Member | None:
    """The member that a person wrote by its Chinese word, its English word, both, or its code; None if none."""
    return _members(kind).get(matching(typed))


@cache
def _members(kind: type[Member]) -> dict[str, Member]:
    """By every word that one may be written with; the first member that a word stands for has it."""
    found: dict[str, Member] = {}
    for member in kind:
        words = words_for(member)
        for text in (words.zh, words.en, label(member), member.value):
            found.setdefault(matching(text), member)
    return found


def find_boundary(typed: str) -> str:
    """The code of the system boundary that a person wrote by its words or its code; "" if none."""
    wanted = matching(typed)
    for code, words in BOUNDARIES.items():
        if wanted in {matching(t) for t in (words.zh, words.en, f"{words.zh} {words.en}", code)}:
            return code
    return ""


def matching(text: str) -> str:
    """Text as it is compared, never as it is stored: NFKC, no outer or double spaces, no case, no '*' mark."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("*", "").split()).casefold()
