"""The verbs from application to decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import Role
from tanbiao.platform.accounts.queries import certification_bodies, people_with_role
from tanbiao.platform.certification import flow
from tanbiao.platform.certification.models import Application, Finding, Judgement
from tanbiao.platform.certification.policies import (
    may_accept,
    may_answer,
    may_apply,
    may_call_back,
    may_close,
    may_decide,
    may_evaluate,
    may_review,
)
from tanbiao.platform.certification.queries import checklist, not_conforming, open_findings, to_judge
from tanbiao.platform.footprints.queries import reproduces
from tanbiao.platform.kernel.actions import Invalid, Refused, action, required
from tanbiao.platform.rulebook.queries import rule_in_force

if TYPE_CHECKING:
    from tanbiao.platform.footprints.models import Study


@action("certification.apply", policy=may_apply)
def apply_for_certification(actor: Actor, study: Study, /, *, body_id: UUID, note: str = "") -> Application:
    """Submit an application (认证委托) for a frozen study; its rule must be filed and in force, text for text.

    Raises Refused where one with this study is running or was granted, or one with the same content is running.
    """
    filed = rule_in_force(study.rule_sha256)
    if filed is None:
        raise Refused(_("该研究所依据的认证规则文本未备案或已失效，不能提交认证委托。"))
    body = certification_bodies().filter(pk=body_id).first()
    if body is None:
        raise Invalid("body_id", _("请选择一家认证机构。"))
    try:
        with transaction.atomic():
            return Application.objects.create(
                study=study,
                study_sha256=study.sha256,
                applicant_id=study.owner_id,
                body=body,
                filed_rule=filed,
                submitted_by_id=actor.user_id,
                note=note.strip(),
            )
    except IntegrityError:
        raise Refused(_("该研究或内容相同的研究已有办理中的认证委托。"))


@action("certification.call_back", policy=may_call_back, transition=flow.CALL_BACK)
def call_back_application(actor: Actor, application: Application, /) -> None:
    """Take an application back before its evaluation is completed."""


@action("certification.accept", policy=may_accept, transition=flow.ACCEPT)
def accept_application(actor: Actor, application: Application, /) -> None:
    """Accept (受理): the application is complete, within scope, and the body is able (ISO/IEC 17065 7.3)."""


@action("certification.refuse", policy=may_accept, transition=flow.REFUSE)
def refuse_application(actor: Actor, application: Application, /, *, reason: str) -> None:
    application.refusal_reason = required("reason", reason)


@action("certification.assign_verifier", policy=may_accept, transition=flow.ASSIGN)
def assign_verifier(actor: Actor, application: Application, /, *, verifier_id: UUID) -> None:
    """Give the evaluation to a verifier of the body; who ever had it stays on record as an evaluator."""
    verifier = people_with_role(application.body_id, Role.VERIFIER).filter(pk=verifier_id).first()
    if verifier is None:
        raise Invalid("verifier_id", _("请选择本机构的一名核查员。"))
    if verifier.pk in application.applicants_side:
        raise Invalid("verifier_id", _("这名核查员代表过委托企业，不得核查本案（ISO/IEC 17065 4.2）。"))
    application.verifier = verifier
    application.evaluators.add(verifier)


@action("certification.raise_finding", policy=may_evaluate)
def raise_finding(actor: Actor, application: Application, /, *, clause: str, statement: str) -> Finding:
    """Record a finding against a clause of the rule; the enterprise has to answer it."""
    if clause not in {row["clause"] for row in checklist(application)}:
        raise Invalid("clause", _("规则中没有条款“%(clause)s”。") % {"clause": clause})
    return Finding.objects.create(application=application, clause=clause, statement=required("statement", statement))


@action("certification.answer_finding", policy=may_answer, transition=flow.ANSWER, locks="application")
def answer_finding(actor: Actor, finding: Finding, /, *, answer: str) -> None:
    finding.answer = required("answer", answer)


@action("certification.reopen_finding", policy=may_close, transition=flow.REOPEN, locks="application")
def reopen_finding(actor: Actor, finding: Finding, /, *, note: str) -> None:
    """The answer does not do; says why."""
    finding.closing_note = required("note", note)


@action("certification.close_finding", policy=may_close, transition=flow.CLOSE, locks="application")
def close_finding(actor: Actor, finding: Finding, /, *, note: str) -> None:
    """Close an answered finding; the note says what was checked."""
    finding.closing_note = required("note", note)


@action("certification.judge_clause", policy=may_evaluate)
def judge_clause(actor: Actor, application: Application, /, *, clause: str, conforms: bool, note: str) -> Judgement:
    """The verifier's word on a clause the engine left open; a later word replaces it (both stay in the event log)."""
    open_clauses = {row["clause"] for row in checklist(application) if row["verdict"] == "judgement"}
    if clause not in open_clauses:
        raise Invalid("clause", _("条款“%(clause)s”不需要人工判断。") % {"clause": clause})
    judgement, _created = Judgement.objects.update_or_create(
        application=application,
        clause=clause,
        defaults={"conforms": conforms, "note": required("note", note), "judged_by_id": actor.user_id},
    )
    return judgement


def judge_clauses(actor: Actor, application: Application, judgements: Iterable[dict[str, Any]]) -> None:
    """Judge several clauses at once: all of them, each with its event, or none."""
    if reason := judge_clause.refusal(actor, application):
        raise Refused(reason)
    with transaction.atomic():
        for judgement in judgements:
            judge_clause(actor, application, **judgement)


@action("certification.complete_evaluation", policy=may_evaluate, transition=flow.COMPLETE)
def complete_evaluation(actor: Actor, application: Application, /, *, conclusion: str) -> None:
    """Finish the evaluation: nothing left open, and the frozen study gives the same digits again.

    Where a clause fails the case goes on all the same, to be denied: who evaluated does not decide.
    """
    if rest := to_judge(checklist(application)):
        raise Refused(_("还有未判断的条款：%(rest)s。") % {"rest": _("、").join(rest)})
    if rest := open_findings(application):
        raise Refused(_("还有未关闭的发现项：%(rest)s。") % {"rest": _("、").join(rest)})
    if not reproduces(application.study):
        raise Refused(_("用冻结的研究重新计算，结果与发布数字不一致，不能完成核查。"))
    application.conclusion = required("conclusion", conclusion)


@action("certification.send_back", policy=may_review, transition=flow.SEND_BACK)
def send_back(actor: Actor, application: Application, /, *, review: str) -> None:
    """The reviewer is not convinced: back to the verifier, with the reason."""
    application.review = required("review", review)


@action("certification.review", policy=may_review, transition=flow.REVIEW)
def review_application(actor: Actor, application: Application, /, *, review: str) -> None:
    """Review by a person who took no part in the evaluation (ISO/IEC 17065 7.5)."""
    application.review = required("review", review)
    application.reviewer_id = actor.user_id


@action("certification.grant", policy=may_decide, transition=flow.GRANT)
def grant_certification(actor: Actor, application: Application, /, *, note: str) -> None:
    """Decide to certify (ISO/IEC 17065 7.6). The certificate is issued in the same transaction (certificates)."""
    if rule_in_force(application.study.rule_sha256) is None:
        raise Refused(_("认证规则已不在备案有效状态，不能发证。"))
    if failing := not_conforming(checklist(application)):
        raise Refused(_("以下条款不符合，不能批准发证：%(rest)s。") % {"rest": _("、").join(failing)})
    application.decision_maker_id = actor.user_id
    application.decision_note = required("note", note)


@action("certification.deny", policy=may_decide, transition=flow.DENY)
def deny_certification(actor: Actor, application: Application, /, *, note: str) -> None:
    application.decision_maker_id = actor.user_id
    application.decision_note = required("note", note)
