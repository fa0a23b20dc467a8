"""Who may do what to an application, and if not, why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import Role
from tanbiao.platform.certification.models import Application, ApplicationState, Finding
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
    return actor.has_role(Role.APPLICANT, at=application.applicant_id)


def may_call_back(actor: Actor, application: Application) -> Allowed | Denied:
    return ALLOWED if _is_applicant(actor, application) else Denied(_("只有认证委托人可以撤回委托。"))


def may_accept(actor: Actor, application: Application) -> Allowed | Denied:
    """Application review: accept, refuse, assign (ISO/IEC 17065 7.3)."""
    if not actor.has_role(Role.APPLICATION_REVIEWER, at=application.body_id):
        return Denied(_("只有所委托认证机构的受理人员可以执行此操作。"))
    return ALLOWED


def may_evaluate(actor: Actor, application: Application) -> Allowed | Denied:
    """Findings, judgements and conclusion belong to the assigned verifier (ISO/IEC 17065 7.4)."""
    if not actor.has_role(Role.VERIFIER, at=application.body_id) or actor.user_id != application.verifier_id:
        return Denied(_("只有本案指派的核查员可以执行此操作。"))
    if application.state != ApplicationState.IN_EVALUATION:
        return Denied(_("本案当前不在核查阶段。"))
    return ALLOWED


def may_answer(actor: Actor, finding: Finding) -> Allowed | Denied:
    if not _is_applicant(actor, finding.application):
        return Denied(_("只有认证委托人可以答复发现项。"))
    return ALLOWED


def may_close(actor: Actor, finding: Finding) -> Allowed | Denied:
    return may_evaluate(actor, finding.application)


def took_part_in_evaluation(actor: Actor, application: Application) -> bool:
    return application.evaluators.filter(pk=actor.user_id).exists()


def may_review(actor: Actor, application: Application) -> Allowed | Denied:
    if not actor.has_role(Role.REVIEWER, at=application.body_id):
        return Denied(_("只有所委托认证机构的复核人员可以复核。"))
    if took_part_in_evaluation(actor, application):
        return Denied(_("参与本案核查的人员不得复核（ISO/IEC 17065 7.5）。"))
    return ALLOWED


def may_decide(actor: Actor, application: Application) -> Allowed | Denied:
    if not actor.has_role(Role.DECISION_MAKER, at=application.body_id):
        return Denied(_("只有所委托认证机构的认证决定人员可以作出认证决定。"))
    if took_part_in_evaluation(actor, application):
        return Denied(_("参与本案核查的人员不得作出认证决定（ISO/IEC 17065 7.6）。"))
    return ALLOWED
