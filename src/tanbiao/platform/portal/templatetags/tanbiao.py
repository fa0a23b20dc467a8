"""Tags of every page: numbers with their unit, states with their colour, words in the reader's language.

{% number value %} {{ unit|co2e }}      12,300 kg CO₂e; the exact digits on hover
{% number published digits=0 %}         as given: what is published has been rounded already
{% state_badge thing %} {% verdict_badge "pass" %}
{{ stage|stage_name }} {{ boundary|boundary_name }} {{ text|text_in_language }}
{{ share|percent }} {% timeline events %} {% control field %}
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.db.models import Model
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tanbiao.formats.vocabulary import WORDS
from tanbiao.lca.model import Stage
from tanbiao.platform.portal.words import BOUNDARIES, LOOKS, VERBS, VERDICTS
from tanbiao.words import Text

register = template.Library()

FORMULA = re.compile(r"(?<=[A-Z])(\d)(?=e\b|\b|[A-Z])")  # CO2, CO2e, CH4, N2O, SF6


def as_decimal(value: Any) -> Decimal | None:
    """A number as given, digit for digit; None where there is none."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def rounded(value: Decimal, digits: int) -> Decimal:
    """The value with so many significant digits; 0 leaves it as it is."""
    return value if digits == 0 or value == 0 else round(value, digits - 1 - value.adjusted())


def grouped(value: Decimal) -> str:
    """Thousands in groups, a real minus sign, no exponent."""
    return f"{value:,f}".replace("-", "−")


@register.simple_tag
def number(value: Any, digits: int = 3) -> str:
    """A number with so many significant digits (3), thousands in groups; exact digits on hover."""
    exact = as_decimal(value)
    if exact is None:
        return "—"
    return format_html(
        '<data class="tb-number" value="{}" title="{}">{}</data>',
        f"{exact:f}",
        grouped(exact),
        grouped(rounded(exact, digits)),
    )


@register.filter
def percent(share: Any, places: int = 1) -> str:
    """A share of 1 as a percentage with one decimal."""
    value = as_decimal(share)
    return "—" if value is None else grouped(round(value * 100, places)) + "%"


@register.filter
def co2e(text: Any) -> SafeString:
    """A unit with gas formulas set right: kg CO2e -> kg CO₂e."""
    parts = FORMULA.split(str(text or "kg CO2e"))
    return mark_safe("".join(format_html("<sub>{}</sub>" if i % 2 else "{}", part) for i, part in enumerate(parts)))  # noqa: S308


def _badge(look: str, word: Any) -> str:
    return format_html('<span class="tb-state tb-state-{}">{}</span>', look, word)


@register.simple_tag
def state_badge(thing: Model) -> str:
    """The state of a thing: one word, one colour, one sign, the same everywhere."""
    return _badge(LOOKS[thing.state], thing.get_state_display())  # type: ignore[attr-defined]


@register.simple_tag
def verdict_badge(verdict: str) -> str:
    """The verdict on a clause: pass, fail or judgement."""
    return _badge(LOOKS[verdict], VERDICTS[verdict])


@register.filter
def stage_name(stage: str) -> str:
    return text_in_language(WORDS[Stage(stage)])


@register.filter
def boundary_name(boundary: str) -> str:
    return str(BOUNDARIES.get(boundary, boundary))


@register.filter
def text_in_language(text: Any) -> str:
    """A Text, a {"zh", "en"} document or a plain text in the reader's language; Chinese where there is no English."""
    if isinstance(text, Text):
        text = {"zh": text.zh, "en": text.en}
    if not isinstance(text, dict):
        return str(text or "")
    english = (get_language() or "").startswith("en")
    return str((english and text.get("en")) or text.get("zh") or "")


@register.simple_tag
def either(chinese: str, english: str) -> str:
    """The English of two given texts where the reader reads English and there is one."""
    return text_in_language({"zh": chinese, "en": english})


@register.inclusion_tag("portal/_timeline.html")
def timeline(events: Iterable[Any] | None) -> dict[str, Any]:
    """What happened to a thing, newest first."""
    lines = [{"at": e.at, "who": e.actor, "what": VERBS.get(e.verb, e.verb)} for e in events or ()]
    return {"lines": lines[::-1]}


@register.simple_tag
def control(field: BoundField) -> str:
    """The control of a form field, in Tabler's clothes."""
    classes = {"select": "form-select", "checkbox": "form-check-input", "radioselect": "tb-choices"}
    return field.as_widget(attrs={"class": classes.get(field.widget_type, "form-control")})
