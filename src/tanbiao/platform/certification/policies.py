"""Who may do what to an application, and if not, why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import Role
from tanbiao.platform.certification import flow
from tanbiao.platform.certification.models import Application, ApplicationState, Finding
from tanbiao.platform.kernel.flow import Transition
from tanbiao.platform.kernel.policies import ALLOWED, Allowed, Denied

if TYPE_CHECKING:
    from tanbiao.platform.footprints.models import Study


def may_apply(actor: Actor, study: Study) -> Allowed | Denied:
    if not actor.has_role(Role.APPLICANT, at=study.owner_id):
        return Denied(_("只有产品所属企业的认证委托人可以提交认证委托。"))
    if study.state != "frozen":
        return Denied(_("请先冻结研究，再提交认证委托。"))
    return ALLOWED


def _is_applicant(actor: Actor, application: Application) -> bool:
    return actor.has_role(flow.CALL_BACK.role, at=application.applicant_id)


def may_call_back(actor: Actor, application: Application) -> Allowed | Denied:
    return ALLOWED if _is_applicant(actor, application) else Denied(_("只有认证委托人可以撤回委托。"))


def took_part_in_evaluation(actor: Actor, application: Application) -> bool:
    return actor.user_id in application.ever_evaluated_by


def _for_the_body(actor: Actor, application: Application, step: Transition) -> Allowed | Denied:
    """What everybody who acts for the body must be: of this body, in the role of the step, on nobody's side."""
    if not actor.has_role(step.role, at=application.body_id):
        only = _("只有所委托认证机构的%(role)s可以执行此操作。")
        return Denied(only % {"role": Role(step.role).label})
    if actor.user_id in application.applicants_side:
        return Denied(_("代表过委托企业的人员不得为认证机构办理本案（ISO/IEC 17065 4.2）。"))
    return ALLOWED


def may_accept(actor: Actor, application: Application) -> Allowed | Denied:
    """Application review: accept, refuse, assign (ISO/IEC 17065 7.3)."""
    return _for_the_body(actor, application, flow.ACCEPT)


def may_evaluate(actor: Actor, application: Application) -> Allowed | Denied:
    """Findings, judgements and conclusion belong to the assigned verifier (ISO/IEC 17065 7.4)."""
    if actor.user_id != application.verifier_id:
        return Denied(_("只有本案指派的核查员可以执行此操作。"))
    if application.state != ApplicationState.IN_EVALUATION:
        return Denied(_("本案当前不在核查阶段。"))
    return _for_the_body(actor, application, flow.COMPLETE)


def may_answer(actor: Actor, finding: Finding) -> Allowed | Denied:
    if not _is_applicant(actor, finding.application):
        return Denied(_("只有认证委托人可以答复发现项。"))
    if finding.application.state != ApplicationState.IN_EVALUATION:
        return Denied(_("本案当前不在核查阶段。"))
    return ALLOWED


def may_close(actor: Actor, finding: Finding) -> Allowed | Denied:
    return may_evaluate(actor, finding.application)


def may_review(actor: Actor, application: Application) -> Allowed | Denied:
    if took_part_in_evaluation(actor, application):
        return Denied(_("参与本案核查的人员不得复核（ISO/IEC 17065 7.5）。"))
    return _for_the_body(actor, application, flow.REVIEW)


def may_decide(actor: Actor, application: Application) -> Allowed | Denied:
    if took_part_in_evaluation(actor, application):
        return Denied(_("参与本案核查的人员不得作出认证决定（ISO/IEC 17065 7.6）。"))
    return _for_the_body(actor, application, flow.GRANT)
