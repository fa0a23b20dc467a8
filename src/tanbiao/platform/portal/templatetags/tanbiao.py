"""Tags of every page: numbers with their unit, states with their colour, words in the reader's language.

{% number value %} {{ unit|co2e }}      12,300 kg CO₂e; the exact digits on hover
{% number published digits=0 %}         as given: what is published has been rounded already
{% state_badge thing %} {% verdict_badge "pass" %}
{{ stage|stage_name }} {{ boundary|boundary_name }} {{ text|text_in_language }}
{{ share|percent }} {% timeline events %} {% control field %}
    {% stage_finding stages %} {% sankey_finding sankey %}   what a chart shows, as its title
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.conf import settings
from django.db.models import Model
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from tanbiao.formats.vocabulary import PARTS
from tanbiao.lca.model import Stage
from tanbiao.lca.vocabulary import BOUNDARIES, words_for
from tanbiao.platform.certificates.label import unit_of
from tanbiao.platform.kernel.pages import either, for_reader
from tanbiao.platform.portal.words import CHECKS, LOOKS, VERBS
from tanbiao.rules import Verdict
from tanbiao.words import Text

register = template.Library()
register.simple_tag(either)

FORMULA = re.compile(r"(?<=[A-Z])(\d)(?=e\b|\b|[A-Z])")  # CO2, CO2e, CH4, N2O, SF6


def as_decimal(value: Any) -> Decimal | None:
    """A number as given, digit for digit; None where there is none."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def rounded(value: Decimal, digits: int) -> Decimal:
    """The value with at most so many significant digits (never more than it has); 0 leaves it as it is."""
    if value == 0:
        return Decimal(0)
    places = digits - 1 - value.adjusted()
    return value if digits == 0 or places >= -int(value.as_tuple().exponent) else round(value, places)


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
    return "—" if value is None else grouped(round(value * 100, places) + 0) + "%"  # + 0: no minus before a zero


@register.filter
def co2e(text: Any) -> SafeString:
    """A unit with gas formulas set right: kg CO2e -> kg CO₂e."""
    parts = FORMULA.split(str(text or "kg CO2e"))
    return mark_safe("".join(format_html("<sub>{}</sub>" if i % 2 else "{}", part) for i, part in enumerate(parts)))  # noqa: S308


@register.simple_tag
def badge(look: str, word: Any) -> str:
    """A word in one of the looks of words.LOOKS."""
    return format_html('<span class="tb-state tb-state-{}">{}</span>', look, word)


@register.simple_tag
def state_badge(thing: Model) -> str:
    """The state of a thing: one word, one colour, one sign, the same everywhere."""
    return badge(LOOKS[thing.state], thing.get_state_display())  # type: ignore[attr-defined]


@register.simple_tag
def verdict_badge(verdict: str) -> str:
    """The verdict on a clause: pass, fail or judgement."""
    return badge(LOOKS[verdict], capfirst(for_reader(Verdict(verdict).words)))


@register.simple_tag
def check_badge(ok: bool | None) -> str:
    """One check of a proof: holds, does not hold, or could not be asked (None)."""
    return badge(*CHECKS[ok])


@register.filter
def stage_name(stage: str) -> str:
    return text_in_language(words_for(Stage(stage)))


@register.simple_tag
def mail_is_sent() -> bool:
    """Whether this installation sends mails, such as the link to a new password."""
    return bool(settings.MAIL.hostname)


@register.filter
def part_name(part: str) -> str:
    return text_in_language(PARTS[part])


@register.filter
def boundary_name(boundary: str) -> str:
    return text_in_language(BOUNDARIES[boundary])


@register.filter
def unit_of_claims(claims: dict[str, Any]) -> str:
    """The unit of a certificate's figure with what it is for: kg CO2e / t."""
    return unit_of(claims)


@register.filter
def bar_width(share: Any) -> str:
    """The length of a bar, 0 to 100; a removal has none, nor has a share that is not known."""
    return f"{min(100, max(0, float(share or 0) * 100)):.1f}"


@register.simple_tag
def stage_finding(stages: Sequence[dict[str, Any]]) -> str:
    """What the bars show: the largest stage and its share."""
    largest = max(stages, key=lambda row: float(row["share"]))
    words = {"stage": text_in_language(largest), "share": percent(largest["share"])}
    return gettext("%(stage)s占 %(share)s，是最大的阶段") % words


@register.simple_tag
def sankey_finding(sankey: dict[str, Any]) -> str:
    """What the flows show: the largest source and its share of all that comes from sources."""
    reached = {link["target"] for link in sankey["links"]}
    sources = [link for link in sankey["links"] if link["source"] not in reached]
    if not sources:
        return gettext("从投入到产品")
    largest = max(sources, key=lambda link: link["value"])
    share = largest["value"] / sum(link["value"] for link in sources)
    return gettext("最大的来源是%(source)s，占 %(share)s") % {"source": largest["source"], "share": percent(share)}


@register.filter
def text_in_language(text: Any) -> str:
    """A Text, a {"zh", "en"} document or a plain text in the reader's language; Chinese where there is no English."""
    if isinstance(text, Text):
        return for_reader(text)
    if not isinstance(text, dict):
        return str(text or "")
    english = (get_language() or "").startswith("en")
    return str((english and text.get("en")) or text.get("zh") or "")


@register.filter
def in_language(both: dict[str, Any]) -> Any:
    """Of a thing made for each language ("zh", "en"), the reader's."""
    return both["en" if (get_language() or "").startswith("en") else "zh"]


@register.inclusion_tag("portal/_timeline.html")
def timeline(events: Iterable[Any] | None, people: bool = True) -> dict[str, Any]:
    """What happened to a thing, newest first; without names where the page is public."""
    lines = [{"at": e.at, "who": e.actor if people else None, "what": VERBS[e.verb]} for e in events or ()]
    return {"lines": lines[::-1]}


@register.simple_tag
def control(field: BoundField) -> str:
    """The control of a form field, in Tabler's clothes."""
    classes = {"select": "form-select", "checkbox": "form-check-input", "radioselect": "tb-choices"}
    return field.as_widget(attrs={"class": classes.get(field.widget_type, "form-control")})
