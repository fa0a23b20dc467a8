"""The verbs that pages of the library offer: for each its action, its form and its words. The policy decides who."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.library import actions
from tanbiao.platform.library import forms as f
from tanbiao.platform.library.actions.measured import agree_to_factor


@dataclass(frozen=True, slots=True)
class Verb:
    name: str
    act: Callable[..., Any]
    form: type[forms.Form]
    label: Any  # on the button
    explain: Any  # what will happen, and whether it can be undone
    said: Any  # when it has happened
    step: bool = True  # takes the thing further; else it goes beside: a way back, an end
    asks: Callable[..., Any] | None = None  # the action whose policy and state count, where `act` leads to several

    def refusal(self, actor: Actor, thing: Any) -> str:
        """Why this actor may not do it now; "" where they may."""
        said: str = (self.asks or self.act).refusal(actor, thing)  # type: ignore[attr-defined]
        return said


def offered(verbs: dict[str, Verb], actor: Actor, thing: Any) -> list[Verb]:
    """The verbs that policy and state let this actor do now."""
    return [verb for verb in verbs.values() if not verb.refusal(actor, thing)]


def _by_name(*verbs: Verb) -> dict[str, Verb]:
    return {verb.name: verb for verb in verbs}


VERSION_VERBS = _by_name(
    Verb(
        "publish",
        actions.publish_version,
        f.Nothing,
        _("发布这个版本"),
        _("发布后不能再改变；其中的数据集可以在研究里选用。确认成立的问题所在的数据集随即停用。"),
        _("已发布。"),
    ),
    Verb(
        "discard",
        actions.discard_version,
        f.WhyForm,
        _("放弃这个版本"),
        _("已导入的内容全部删除，不能恢复；以后可以重新导入。"),
        _("已放弃，内容已删除。"),
        step=False,
    ),
    Verb(
        "retire",
        actions.retire_version,
        f.WhyForm,
        _("停用这个版本"),
        _("其中的数据集不能再为新的研究选用；已有的研究不变，使用者会看到。不能撤回。"),
        _("已停用。"),
        step=False,
    ),
)

RETIRE_DATASET = Verb(
    "retire",
    actions.retire_dataset,
    f.RetireForm,
    _("停用这个数据集"),
    _("不能再为新的研究选用；已有的研究不变，使用它的企业会看到停用和替代者。不能撤回。"),
    _("已停用。"),
)

SUBMISSION_VERBS = _by_name(
    Verb(
        "review",
        actions.review_factor,
        f.ReviewForm,
        _("审核"),
        _("两名来自不同机构的审核人员都同意后通过；一名退回即退回修改，一名不予采用即结束。"),
        _("审核意见已提交。"),
        asks=agree_to_factor,
    ),
    Verb(
        "correct",
        actions.correct_factor,
        f.SubmissionForm,
        _("修改并重新提交"),
        _("重新提交后开始新一轮审核，需要两名审核人员重新同意。"),
        _("已重新提交，进入新一轮审核。"),
    ),
    Verb(
        "publish",
        actions.publish_factor,
        f.Nothing,
        pgettext_lazy("button", "发布到因子库"),
        _("因子成为因子库的新版本，人人可以选用，不能再改变；它替代的因子随即停用，使用者会看到。"),
        _("已发布到因子库。"),
    ),
    Verb(
        "call-back",
        actions.call_back_factor,
        f.Nothing,
        _("撤回因子"),
        _("撤回后不再审核；以后可以重新提交。"),
        _("已撤回。"),
        step=False,
    ),
)
