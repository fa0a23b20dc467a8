from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tanbiao.platform.certification.actions import apply_for_certification, judge_clauses
from tanbiao.platform.certification.flow import turn_of
from tanbiao.platform.certification.forms import ApplyForm, JudgementSheet
from tanbiao.platform.certification.models import Application, Finding, FindingState
from tanbiao.platform.certification.policies import may_evaluate
from tanbiao.platform.certification.queries import (
    application_for,
    application_of_study,
    applications_visible_to,
    checklist,
    finding_of,
    not_conforming,
    to_judge,
)
from tanbiao.platform.certification.verbs import APPLICATION_VERBS, FINDING_VERBS, Verb
from tanbiao.platform.footprints.queries import failing_clauses, reproduces, study_file, study_for
from tanbiao.platform.kernel.actions import Refused
from tanbiao.platform.kernel.pages import download, either, form_page, page_of
from tanbiao.platform.kernel.policies import Denied
from tanbiao.platform.kernel.queries import events_of

if TYPE_CHECKING:
    from tanbiao.platform.footprints.models import Study


@login_required
@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    things = page_of(request, applications_visible_to(request.actor))
    return render(request, "certification/applications.html", {"things": things})


@login_required
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, study_pk: UUID) -> HttpResponse:
    study = study_for(request.actor, study_pk)
    if study is None:
        raise Http404
    if running := application_of_study(study):
        if running.study_id != study.pk:
            messages.info(request, _("内容相同的研究已有认证委托，就是这一件。"))
        return redirect("certification:application", running.pk)
    return form_page(
        request,
        form=ApplyForm(request.POST or None),
        run=lambda **data: apply_for_certification(request.actor, study, **data),
        done=lambda made: reverse("certification:application", args=[made.pk]),
        said=_("认证委托已提交。"),
        title=_("提交认证委托"),
        explain=_("核查完成前可以撤回。"),
        about=_about(study),
        failing=failing_clauses(study),
        template="certification/apply.html",
        submit=_("提交委托"),
        back=reverse("footprints:study", args=[study.pk]),
    )


@login_required
@require_GET
def application(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _visible(request, pk)
    findings = [
        {"finding": finding, "verbs": _offered(FINDING_VERBS, request, finding)} for finding in found.findings.all()
    ]
    rows = checklist(found)
    failing = not_conforming(rows)
    verbs = [v for v in _offered(APPLICATION_VERBS, request, found) if not (failing and v.name == "grant")]
    steps = [verb for verb in verbs if verb.takes_further(found, failing=bool(failing))]
    context = {
        "thing": found,
        "application": found,
        "study": found.study,
        "report": found.study.result,
        "steps": steps,
        "beside": [verb for verb in verbs if verb not in steps],
        "may_call_back": any(verb.name == "call-back" for verb in verbs),
        "deciding": any(verb.name == "deny" for verb in verbs),
        "findings": findings,
        "checklist": rows,
        "to_judge": to_judge(rows),
        "failing": failing,
        "may_judge": bool(may_evaluate(request.actor, found)),
        "mine": request.actor.organisation_id == found.applicant_id,
        "events": events_of(found, *(row["finding"] for row in findings)),
        "findings_due": sum(1 for row in findings if row["verbs"]),
        "findings_open": sum(1 for row in findings if row["finding"].state != FindingState.CLOSED),
        "waits_for": _("、").join(str(role.label) for role in turn_of(found.state)),
        "certificate": getattr(found, "certificate", None),
    }
    return render(request, "certification/application.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    found = _visible(request, pk)
    return _form_for(request, APPLICATION_VERBS.get(verb), found, found)


@login_required
@require_http_methods(["GET", "POST"])
def act_on_finding(request: HttpRequest, pk: UUID, finding_pk: UUID, verb: str) -> HttpResponse:
    found = _visible(request, pk)
    finding = finding_of(found, finding_pk)
    if finding is None:
        raise Http404
    return _form_for(request, FINDING_VERBS.get(verb), finding, found)


@login_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The checklist: every clause, what the engine found, and the verifier's judgement where it is left open."""
    found = _visible(request, pk)
    sheet = JudgementSheet(request.POST if request.method == "POST" else None, application=found)
    rows = [
        {**row, "fields": sheet.fields_of(row["clause"]) if row["verdict"] == "judgement" else []}
        for row in checklist(found)
    ]
    return form_page(
        request,
        form=sheet,
        run=lambda **_data: judge_clauses(request.actor, found, sheet.changed()),
        done=lambda _result: reverse("certification:application", args=[pk]),
        said=_("判断已保存。"),
        template="certification/check.html",
        application=found,
        rows=rows,
        may_judge=bool(may_evaluate(request.actor, found)),
    )


@login_required
@require_GET
def study(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The study an application was made with, for both sides."""
    found = _visible(request, pk)
    context = {
        "thing": found.study,
        "events": events_of(found.study),
        "study": found.study,
        "report": found.study.result,
        "application": found,
        "reproduces": reproduces(found.study),
    }
    return render(request, "footprints/study.html", context)


@login_required
@require_GET
def evidence(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """The study's files for both sides of the application: workbook, report, frozen document."""
    return download(*study_file(_visible(request, pk).study, form))


def _visible(request: HttpRequest, pk: UUID) -> Application:
    """The application, or 404: who may not see it does not learn that it is there."""
    found = application_for(request.actor, pk)
    if found is None:
        raise Http404
    return found


def _about(study: Study, application: Application | None = None, thing: object = None) -> list[tuple[str, str]]:
    """What an act is about, for whoever is asked to confirm it."""
    facts = [
        (_("产品"), study.product_name),
        (_("碳足迹"), f"{study.published} kg CO₂e / {study.declared_unit}"),
    ]
    if application:
        applicant, body = application.applicant, application.body
        facts.append((_("认证委托人"), either(applicant.name, applicant.name_en)))
        facts.append((_("认证机构"), either(body.name, body.name_en)))
    if isinstance(thing, Finding):
        facts += [(_("发现项"), f"{thing.clause} {thing.statement}"), (_("答复"), thing.answer)]
    return [(name, value) for name, value in facts if value]


def _offered(verbs: dict[str, Verb], request: HttpRequest, thing: object) -> list[Verb]:
    return [verb for verb in verbs.values() if verb.offered_to(request.actor, thing)]


def _form_for(request: HttpRequest, verb: Verb | None, thing: object, application: Application) -> HttpResponse:
    if verb is None:
        raise Http404
    act = verb.act
    denied = isinstance(act.policy(request.actor, thing), Denied)  # type: ignore[attr-defined]
    reason = act.refusal(request.actor, thing)  # type: ignore[attr-defined]
    if reason and (denied or request.method == "GET"):
        raise Refused(reason)  # before the form is built: its choices are not everybody's business
    back = reverse("certification:application", args=[application.pk])
    return form_page(
        request,
        form=verb.form(request.POST if request.method == "POST" else None, application=application),
        run=lambda **data: verb.act(request.actor, thing, **data),
        done=lambda _result: back,
        said=str(verb.said),
        title=verb.label,
        explain=verb.explain,
        about=_about(application.study, application, thing),
        submit=verb.label,
        back=back,
    )
