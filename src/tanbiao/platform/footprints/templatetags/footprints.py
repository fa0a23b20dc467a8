"""What pages of other rooms may show of studies: of the library, which is below, and of a case, which is above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext

from tanbiao.platform.footprints import queries
from tanbiao.platform.products.queries import value_of

if TYPE_CHECKING:
    from tanbiao.platform.footprints.models import Study
    from tanbiao.platform.library.models import Dataset

register = template.Library()


@register.simple_tag(takes_context=True)
def used_factors(context: dict[str, Any], study: Study) -> list[queries.UsedFactor]:
    """The factors of a study row by row, as far as the reader may follow them into the library."""
    return queries.used_factors(context["actor"], study)


@register.simple_tag(takes_context=True)
def uses_of(context: dict[str, Any], dataset: Dataset) -> queries.Uses:
    """How many studies use a data set, and which of the reader's own."""
    return queries.uses_of(context["actor"], dataset.key)


@register.filter
def factor_value(factor: Any) -> str:
    """The factor as one reads it: 0.5777 kgCO2e/kWh."""
    return value_of(factor)


@register.filter
def column_name(column: str) -> str:
    """Which of the two factors of an input: of its supply, or of what it releases when used."""
    return {"factor": gettext("供应因子"), "use_factor": gettext("使用排放因子")}[column]


@register.simple_tag
def beside_finding(found: queries.Beside) -> str:
    """What the bars of two studies beside each other show: where most of the difference comes from."""
    if not found.change:
        return gettext("各行的差别互相抵消")
    largest = found.changes[0]
    words = {"line": largest.line, "share": f"{largest.share * 100:.0f}%"}
    return gettext("差别最大的一行是%(line)s，占全部差别的 %(share)s") % words
