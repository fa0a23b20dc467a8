"""How a data set is said on any page: what it covers, what it may be used for, in which version it stands."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from tanbiao.lca.datasets.codes import CHECKS, NOTICES
from tanbiao.lca.datasets.linking import LinkRule
from tanbiao.lca.model import FactorKind, GasScope, LifeCycleScope
from tanbiao.lca.vocabulary import words_for
from tanbiao.platform.kernel.pages import for_reader
from tanbiao.platform.library import queries
from tanbiao.platform.library.forms import LINK_RULES
from tanbiao.platform.library.models import Form

if TYPE_CHECKING:
    from tanbiao.platform.library.models import Dataset, Review

register = template.Library()


def _named(kind: type[StrEnum], code: str) -> str:
    """The words of a member; what a source has said in other words stays as it is."""
    return for_reader(words_for(kind(code))) if code in set(kind) else code


@register.filter
def kind_name(code: str) -> str:
    return _named(FactorKind, code)


@register.filter
def gas_scope_name(code: str) -> str:
    return _named(GasScope, code)


@register.filter
def life_cycle_name(code: str) -> str:
    return _named(LifeCycleScope, code)


@register.filter
def form_name(code: str) -> str:
    return str(Form(code).label)


@register.simple_tag
def value_per(dataset: Dataset, asked: str = "") -> tuple[float | None, str]:
    """The value, per the unit asked for where that measures the same, and its unit."""
    return queries.value_per(dataset, asked)


@register.filter
def may_stand(dataset: Dataset) -> bool:
    """Whether a footprint may use it at all."""
    return dataset.permitted_use == "footprint"


def _standing(dataset: Dataset) -> tuple[str, str]:
    """Look and word: may a product footprint use it? Not by kind, not any more, without a value, too low; or yes."""
    if dataset.permitted_use != "footprint":
        return "bad", gettext("不可用于碳足迹")
    if dataset.state == "retired":
        return "over", str(dataset.get_state_display())
    if dataset.not_usable:
        return "draft", gettext("没有可用数值")
    if not dataset.complete:
        return "warn", gettext("数值偏低：上游有缺")
    if dataset.says_no_emissions:
        return "warn", gettext("数值为 0：没有温室气体数据")
    if dataset.life_cycle_scope == LifeCycleScope.DIRECT:
        return "good", gettext("可用：只含直接排放")
    if dataset.life_cycle_scope == LifeCycleScope.UPSTREAM:
        return "good", gettext("可用：只含上游")
    return "good", pgettext("badge", "可用于碳足迹")


def usability(dataset: Dataset) -> str:
    return _standing(dataset)[1]


@register.simple_tag
def scope_badge(dataset: Dataset) -> SafeString:
    return format_html('<span class="tb-state tb-state-{}">{}</span>', *_standing(dataset))


@register.filter
def years(dataset: Dataset) -> str:
    """The years that the data are of."""
    first, last = dataset.year_from, dataset.year
    return f"{first}–{last}" if first and last and first != last else str(last or first or "—")


@register.filter
def phase_name(phase: str) -> str:
    """What an import is doing."""
    words = {
        "reading": gettext("读取文件"),
        "linking": gettext("连接过程"),
        "solving": gettext("求解"),
        "storing": gettext("保存数据集"),
        "checking": gettext("质量检查"),
    }
    return words.get(phase, gettext("等待开始"))


@register.filter
def link_rule_name(rule: str) -> str:
    return str(LINK_RULES[LinkRule(rule)])


@register.simple_tag
def verdict_look(review: Review) -> SafeString:
    """What a reviewer says, in its colour."""
    look = {"agree": "good", "send_back": "warn", "turn_down": "bad"}[review.verdict]
    return format_html('<span class="tb-state tb-state-{}">{}</span>', look, review.get_verdict_display())


@register.filter
def check_name(code: str) -> str:
    """A check of the quality gate; one that there is no more goes by its code."""
    return for_reader(CHECKS[code]) if code in CHECKS else code


@register.filter
def notice_name(code: str) -> str:
    """What a notice of an import is about; a code that there is no more stands for itself."""
    return for_reader(NOTICES[code]) if code in NOTICES else code
