"""Words to find things by, in Chinese and in Latin script.

A text becomes exact lexemes of our own making: Chinese by pairs of characters and by single ones, so that 电力 and 电
both find 电力; other words in lower case without the ending of a plural; numbers whole. No parser or dictionary of the
database takes part, so the same text gives the same words on every installation, whatever its locale.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func, TextField, Value

MOST_TOKENS = 2000  # of one row, and LONGEST characters each: PostgreSQL takes 1 MB in all and 2 kB of one
LONGEST = 80

#: Chinese, kana and hangul: written without blanks, hence found by pairs
_UNSPACED = r"\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U000323af"
_PIECE = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|(?P<number>\d+(?:[.,]\d+)+)|(?P<word>[^\W_{_UNSPACED}]+)")

Synonyms = Mapping[str, Sequence[str]]


def tokens_of(*texts: str) -> list[str]:
    """The lexemes of some texts, each once, in the order met; none for texts without letters or digits."""
    found: dict[str, None] = {}
    for text in texts:
        for unspaced, piece in _pieces(text):
            found |= dict.fromkeys([*_pairs(piece), *piece] if unspaced else [piece])
            if len(found) >= MOST_TOKENS:
                return list(found)[:MOST_TOKENS]
    return list(found)


def vector(tokens: Sequence[str]) -> Func:
    """An expression that fills a SearchVectorField with exactly these lexemes."""
    value = Value(list(tokens), output_field=ArrayField(TextField()))
    return Func(value, function="array_to_tsvector", output_field=SearchVectorField())


def written(tokens: Sequence[str]) -> str:
    """The same lexemes as the text of a tsvector, for rows that are copied in."""
    return " ".join(f"'{token}'" for token in tokens)


def query_of(text: str, synonyms: Synonyms | None = None, *, any_word: bool = False) -> Lexemes:
    """What finds the rows that hold all words of a text, each in its own form or in that of one of its synonyms.

    any_word  one of the words is enough
    synonyms  word -> other words for the same, in any language; each of them stands for all. The longest word met
              counts first, so 上海电力 is read as 上海 and 电力 where both are known.

    A text without words finds nothing.
    """
    wanted = [_all(words) for words in _words(text, synonyms or {})]
    return Lexemes((" | " if any_word else " & ").join(wanted))


class Lexemes(SearchQuery):
    """A tsquery that is taken as it is written, past all dictionaries."""

    def __init__(self, written: str):
        super().__init__(written, search_type="raw")
        self.written = written

    def as_sql(self, compiler: Any, connection: Any, function: Any = None, template: Any = None) -> Any:  # type: ignore[override]
        return "%s::tsquery", [self.written]


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Runs of unspaced script, and words with their endings taken off; numbers keep their separators."""
    for found in _PIECE.finditer(unicodedata.normalize("NFKC", text).lower()):
        piece = found[0]
        if found["unspaced"]:
            yield True, piece
        else:
            yield False, (_stem(piece) if found["word"] else piece)[:LONGEST]


def _pairs(run: str) -> list[str]:
    """Each two neighbours of a run."""
    return ["".join(pair) for pair in pairwise(run)]


def _stem(word: str) -> str:
    """One form for singular and plural: batteries, battery; processes, process; houses, house. Others stay apart."""
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def _units(text: str) -> list[tuple[str, bool]]:
    """Single characters of unspaced script and whole words, each with: does it follow the one before without a gap?"""
    units: list[tuple[str, bool]] = []
    for unspaced, piece in _pieces(text):
        units += [(letter, place > 0) for place, letter in enumerate(piece)] if unspaced else [(piece, False)]
    return units[:LONGEST]


@functools.lru_cache(maxsize=50_000)
def _spelt(word: str) -> tuple[tuple[str, bool], ...]:
    """The units of a known word; asked again and again."""
    return tuple(_units(word))


def _words(text: str, synonyms: Synonyms) -> Iterator[list[list[str]]]:
    """The words asked for, each as its alternatives, each of those as lexemes that must all be there."""
    units = _units(text)
    spelt = {unit for unit, _ in units}
    known: dict[tuple[tuple[str, bool], ...], list[str]] = {}
    for group in ((word, *others) for word, others in synonyms.items()):
        for word in group:
            if (key := _spelt(word)) and key[0][0] in spelt:
                known.setdefault(key, []).extend(group)
    longest = max(map(len, known), default=0)
    place = begun = 0
    while place < len(units):
        first = (units[place][0], False)
        sizes = range(min(longest, len(units) - place), 0, -1)
        keys = ((first, *units[place + 1 : place + size]) for size in sizes)
        key = next((key for key in keys if key in known and (len(key) > 1 or _alone(units, place))), ())
        if not key:
            place += 1
            continue
        yield from _plain(units[begun:place])
        yield [tokens for other in known[key] if (tokens := _asked(other))]
        place = begun = place + len(key)
    yield from _plain(units[begun:])


def _alone(units: list[tuple[str, bool]], place: int) -> bool:
    """Whether a unit is a word of its own: 热 in 热轧 is not, and no synonym of heat is meant."""
    return not units[place][1] and not (place + 1 < len(units) and units[place + 1][1])


def _plain(units: list[tuple[str, bool]]) -> Iterator[list[list[str]]]:
    """Words without synonyms: one alternative each."""
    runs: list[list[str]] = []
    for unit, glued in units:
        if glued and runs:
            runs[-1].append(unit)
        else:
            runs.append([unit])
    for run in runs:
        yield [_pairs("".join(run)) if len(run) > 1 else run]


def _asked(text: str) -> list[str]:
    """The lexemes that a text needs to be found as it stands: of unspaced script its pairs, or its one character."""
    return [token for [tokens] in _plain(_units(text)) for token in tokens]


def _all(alternatives: list[list[str]]) -> str:
    spelt = dict.fromkeys(" & ".join(f"'{token}'" for token in tokens) for tokens in alternatives)
    return "(" + " | ".join(f"({one})" for one in spelt) + ")"
