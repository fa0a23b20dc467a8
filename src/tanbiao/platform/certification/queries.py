from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.certification.flow import ANSWER, COMPLETE, FLOW, turn_of
from tanbiao.platform.certification.models import CAME_TO_NOTHING, ENDED, Application, Finding, FindingState
from tanbiao.platform.certification.models import ApplicationState as S

if TYPE_CHECKING:
    from tanbiao.platform.footprints.models import Study


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """Applications of the actor's own enterprise, or made to the actor's own body; nothing to anybody else.

    One called back before anybody evaluated it is the enterprise's alone again. For lists: without the documents
    of their studies.
    """
    if actor.organisation_id is None:
        return Application.objects.none()
    visible = Q(applicant_id=actor.organisation_id)
    visible |= Q(body_id=actor.organisation_id) & ~Q(state=S.CALLED_BACK, verifier=None)
    found = Application.objects.filter(visible).select_related("study", "applicant", "body", "verifier")
    return found.defer("study__frozen", "study__result")


def application_for(actor: Actor, pk: UUID) -> Application | None:
    """One application the actor may see, with what its page and its policies ask for; or None."""
    found = applications_visible_to(actor).filter(pk=pk)
    found = found.select_related("study__workbook", "filed_rule", "reviewer", "decision_maker")
    documents = "study__frozen", "study__workbook__system", "study__workbook__warnings", "filed_rule__document"
    return found.defer(None).defer(*documents).first()


def finding_of(application: Application, pk: UUID) -> Finding | None:
    return application.findings.filter(pk=pk).first()


def application_of_study(study: Study) -> Application | None:
    """The running or granted application made with a study, or the running one with another of the same content."""
    made = Application.objects.exclude(state__in=CAME_TO_NOTHING)
    same = made.filter(applicant_id=study.owner_id, study_sha256=study.sha256).exclude(state__in=ENDED)
    return made.filter(study_id=study.pk).first() or same.first()


def waiting_for(actor: Actor) -> QuerySet[Application]:
    """The applications whose next step is the actor's, oldest first."""
    of_this = {"application": OuterRef("pk")}
    to_answer = Exists(Finding.objects.filter(**of_this, state__in=ANSWER.source))
    evaluated = Exists(Application.evaluators.through.objects.filter(**of_this, user=actor.user_id))
    mine = Q(pk=None)
    if ANSWER.role in actor.roles:
        mine |= Q(to_answer, applicant_id=actor.organisation_id, state=S.IN_EVALUATION)
    for role in actor.roles:
        states = [state for state in FLOW.states if role in turn_of(state)]
        own = Q(verifier_id=actor.user_id) if role == COMPLETE.role else ~evaluated
        mine |= Q(own, body_id=actor.organisation_id, state__in=states)
    return applications_visible_to(actor).filter(mine).order_by("created_at")


def checklist(application: Application) -> list[dict[str, Any]]:
    """Every clause of the rule with what the engine found and, where it left it open, the verifier's judgement."""
    judged = {j.clause: j for j in application.judgements.select_related("judged_by")}
    return [{**row, "judgement": judged.get(row["clause"])} for row in application.study.result["clauses"]]


def to_judge(rows: list[dict[str, Any]]) -> list[str]:
    """The clauses of a checklist that a person has yet to judge."""
    return [row["clause"] for row in rows if row["verdict"] == "judgement" and row["judgement"] is None]


def open_findings(application: Application) -> list[str]:
    """The clauses of the findings that are not closed."""
    return [f.clause for f in application.findings.exclude(state=FindingState.CLOSED)]


def not_conforming(rows: list[dict[str, Any]]) -> list[str]:
    """The clauses of a checklist that fail, by the engine or by the verifier's judgement."""
    return [
        row["clause"]
        for row in rows
        if row["verdict"] == "fail" or (row["judgement"] and not row["judgement"].conforms)
    ]
