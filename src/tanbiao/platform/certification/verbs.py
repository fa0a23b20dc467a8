"""The verbs a page can offer: for each its action, its form and its words. The policy decides who sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.certification import actions
from tanbiao.platform.certification import forms as f


@dataclass(frozen=True, slots=True)
class Verb:
    name: str
    act: Callable[..., Any]
    form: type[forms.Form]
    label: Any  # on the button
    explain: Any  # what will happen, and whether it can be undone
    said: Any  # when it has happened
    step: bool = True  # takes the case further; else it goes beside: a finding, a way back

    def offered_to(self, actor: Actor, thing: Any) -> bool:
        """Whether policy and state let this actor do it now."""
        return not self.act.refusal(actor, thing)  # type: ignore[attr-defined]

    def takes_further(self, thing: Any, *, failing: bool = False) -> bool:
        """Whether it is a step that the thing has not taken yet: to assign another verifier is none.

        Where a clause fails, to deny is the step.
        """
        transition = self.act.transition  # type: ignore[attr-defined]
        step = self.step or (failing and self.name == "deny")
        return step and not (transition and transition.target == thing.state)


APPLICATION_VERBS = {
    verb.name: verb
    for verb in (
        Verb(
            "accept",
            actions.accept_application,
            f.Nothing,
            _("受理委托"),
            _("确认资料齐全、在业务范围内且本机构有能力核查。受理后指派核查员。"),
            _("已受理。"),
        ),
        Verb(
            "assign",
            actions.assign_verifier,
            f.AssignForm,
            _("指派核查员"),
            _("被指派的人员不得参与本案的复核和认证决定。"),
            _("已指派核查员。"),
        ),
        Verb(
            "finding",
            actions.raise_finding,
            f.FindingForm,
            _("记录发现项"),
            _("发现项由企业答复，由核查员关闭；全部关闭后才能完成核查。"),
            _("已记录发现项。"),
            step=False,
        ),
        Verb(
            "complete",
            actions.complete_evaluation,
            f.ConclusionForm,
            _("完成核查"),
            _("提交核查结论并转入复核。系统会用冻结的研究重新计算一次。"),
            _("核查已完成，转入复核。"),
        ),
        Verb(
            "review",
            actions.review_application,
            f.ReviewForm,
            _("通过复核"),
            _("复核人员不得是本案的核查员。通过后转入认证决定。"),
            _("复核已通过，转入认证决定。"),
        ),
        Verb(
            "send-back",
            actions.send_back,
            f.ReviewForm,
            _("退回核查"),
            _("退回给核查员继续核查。"),
            _("已退回核查。"),
            step=False,
        ),
        Verb(
            "grant",
            actions.grant_certification,
            f.DecisionForm,
            pgettext_lazy("button", "批准发证"),
            _("证书随即签发并写入公开日志，不能撤回，只能以后暂停、撤销或注销。"),
            _("已批准，证书已签发。"),
        ),
        Verb(
            "deny",
            actions.deny_certification,
            f.DecisionForm,
            pgettext_lazy("button", "不予发证"),
            _("本案结束；企业可以整改后重新委托。"),
            _("已作出不予发证的决定。"),
            step=False,
        ),
        Verb(
            "refuse",
            actions.refuse_application,
            f.RefuseForm,
            pgettext_lazy("button", "不予受理"),
            _("本案结束；企业会看到理由。"),
            _("已作出不予受理的决定。"),
            step=False,
        ),
        Verb(
            "call-back",
            actions.call_back_application,
            f.Nothing,
            _("撤回委托"),
            _("撤回后可以修改资料重新委托。"),
            _("已撤回委托。"),
            step=False,
        ),
    )
}

FINDING_VERBS = {
    verb.name: verb
    for verb in (
        Verb(
            "answer",
            actions.answer_finding,
            f.AnswerForm,
            _("答复"),
            _("答复后由核查员确认并关闭。"),
            _("已答复。"),
        ),
        Verb(
            "close",
            actions.close_finding,
            f.NoteForm,
            _("关闭发现项"),
            _("确认整改有效。"),
            _("发现项已关闭。"),
        ),
        Verb(
            "reopen",
            actions.reopen_finding,
            f.NoteForm,
            _("退回整改"),
            _("说明还缺什么。"),
            _("已退回企业整改。"),
            step=False,
        ),
    )
}
