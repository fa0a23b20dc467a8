"""Words in two languages: every message of the pure floors is said in Chinese and in English.

The pages have their own catalogue (gettext); this module serves the floors that must not know Django.
"""

from __future__ import annotations

import copyreg
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One message, said twice."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}" if self.zh != self.en else self.zh

    def at(self, place: str) -> Text:
        """The same message, with the place (sheet and cell, field, clause) in front."""
        return Text(f"{place}：{self.zh}", f"{place}: {self.en}")

    def said_in(self, language: str) -> str:
        """The message in the language asked for: Chinese unless the code starts with "en"."""
        return self.en if language.lower().startswith("en") else self.zh


class TanbiaoError(Exception):
    """Something is wrong with what we were given; says what, where and what to do, in both languages."""

    def __init__(self, text: Text):
        self.text = text
        super().__init__(str(text))

    def __reduce__(self) -> tuple[object, ...]:
        """Travel whole between processes: by what it holds, since each class takes other arguments."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place of an input, with what to do about it."""

    place: str
    text: Text
    fatal: bool = True

    def __str__(self) -> str:
        return str(self.text.at(self.place)) if self.place else str(self.text)


class Problems(TanbiaoError):
    """All that is wrong with one input, found in one reading, in the order of the places."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__(
            Text(
                "\n".join((p.text.at(p.place) if p.place else p.text).zh for p in self.problems),
                "\n".join((p.text.at(p.place) if p.place else p.text).en for p in self.problems),
            )
        )
