"""Measured factors on their way into the library: entered, reviewed by two, corrected, published."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tanbiao.platform.kernel.actions import Refused
from tanbiao.platform.kernel.evidence import read_file
from tanbiao.platform.kernel.pages import download, either, form_page, page_of
from tanbiao.platform.kernel.queries import events_of
from tanbiao.platform.library.actions import decide_flags, submit_factor
from tanbiao.platform.library.forms import SCORES, SubmissionForm
from tanbiao.platform.library.pages.acting import decision_page, verb_page
from tanbiao.platform.library.queries import submissions_visible_to
from tanbiao.platform.library.shown import flag_groups
from tanbiao.platform.library.verbs import SUBMISSION_VERBS, offered

if TYPE_CHECKING:
    from tanbiao.platform.library.models import Submission


@login_required
@require_GET
def submissions(request: HttpRequest) -> HttpResponse:
    context = {
        "things": page_of(request, submissions_visible_to(request.actor)),
        "may_submit": not submit_factor.refusal(request.actor, None),  # type: ignore[attr-defined]
    }
    return render(request, "library/submissions.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    if reason := submit_factor.refusal(request.actor, None):  # type: ignore[attr-defined]
        raise Refused(reason)
    return form_page(
        request,
        form=SubmissionForm(request.POST or None, request.FILES or None),
        run=lambda **data: submit_factor(request.actor, None, **data),
        done=lambda made: reverse("library:submission", args=[made.pk]),
        said=_("因子已提交，等待审核。"),
        template="library/submit.html",
        title=_("提交因子"),
        explain=_("提交后由两名来自不同机构的数据审核人员审核；审核通过前可以撤回。"),
        submit=_("提交审核"),
        back=reverse("library:submissions"),
    )


@login_required
@require_GET
def submission(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _visible(request, pk)
    reviews = list(found.reviews.select_related("reviewer", "organisation").order_by("-created_at"))
    groups, verbs = flag_groups(found), offered(SUBMISSION_VERBS, request.actor, found)
    context = {
        "thing": found,
        "submission": found,
        "steps": [verb for verb in verbs if verb.step],
        "beside": [verb for verb in verbs if not verb.step],
        "agreed": sum(r.round == found.round and r.verdict == "agree" for r in reviews),
        "scores": [(label, found.quality_scores[code]) for code, label in SCORES if found.quality_scores.get(code)],
        "documents": [(file, found.document_names.get(file.sha256, "")) for file in found.documents.all()],
        "reviews": reviews,
        "flags": groups,
        "flagged": sum(group["count"] for group in groups),
        "may_decide": found.state == "submitted" and not decide_flags.refusal(request.actor, found),  # type: ignore[attr-defined]
        "events": events_of(found),
    }
    return render(request, "library/submission.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    found, wanted = _visible(request, pk), SUBMISSION_VERBS.get(verb)
    if wanted is None:
        raise Http404
    about, back = _about(found), reverse("library:submission", args=[pk])
    if wanted.form is not SubmissionForm:
        return verb_page(request, wanted, found, about=about, back=back)
    given = request.POST if request.method == "POST" else None
    form = SubmissionForm(given, request.FILES or None, submission=found)
    return verb_page(request, wanted, found, about=about, back=back, form=form, template="library/submit.html")


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    return decision_page(request, _visible(request, pk), reverse("library:submission", args=[pk]) + "#flags")


@login_required
@require_GET
def document(request: HttpRequest, pk: UUID, sha256: str) -> HttpResponse:
    """A file that a submission rests on, for its side and its reviewers."""
    found = _visible(request, pk)
    file = found.documents.filter(sha256=sha256).first()
    if file is None:
        raise Http404
    return download(read_file(file), found.document_names.get(sha256, sha256), file.media_type)


def _about(found: Submission) -> list[tuple[str, str]]:
    return [
        (_("因子"), either(found.name, found.name_en)),
        (_("数值"), f"{found.value.normalize():f} kg CO₂e/{found.unit}"),
        (_("提交单位"), either(found.owner.name, found.owner.name_en)),
    ]


def _visible(request: HttpRequest, pk: UUID) -> Submission:
    found = submissions_visible_to(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
