"""Messages that are ready in both languages, for readers who may know only one of them: the command line, logs.

from tanbiao.platform.kernel.bilingual import bilingual as _

raise Refused(_("还有未决定的质量问题：%(places)s。") % {"places": places})
"""

from __future__ import annotations

from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, override

from tanbiao.words import Text


class Bilingual(str):
    """A message in the language of who caused it, that knows itself in both (`text`)."""

    __slots__ = ("text",)
    text: Text

    def __new__(cls, text: Text) -> Self:
        message = super().__new__(cls, text.said_in(get_language() or "zh"))
        message.text = text
        return message

    def __mod__(self, values: Any) -> Bilingual:
        """Fill in the values, each in the language of the message."""
        with override("zh-hans"):
            zh = self.text.zh % _in("zh", values)
        with override("en"):
            en = self.text.en % _in("en", values)
        return Bilingual(Text(zh, en))


def bilingual(message: str) -> Bilingual:
    """A message of the catalogue in both languages."""
    with override("en"):
        english = gettext(message)
    return Bilingual(Text(message, english))


def both(message: str) -> Text:
    """A message in both languages; one that was written in a single one stands in both places."""
    return message.text if isinstance(message, Bilingual) else Text(str(message), str(message))


def text_of(error: Exception) -> Text:
    """What an error says, in both languages where it knows them."""
    return both(error.args[0] if error.args else "")


def _in(language: str, values: Any) -> Any:
    return {name: _value(language, value) for name, value in values.items()}


def _value(language: str, value: Any) -> Any:
    if isinstance(value, Bilingual):
        return value.text.said_in(language)
    return str(value) if isinstance(value, Promise) else value
