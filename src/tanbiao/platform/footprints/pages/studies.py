from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanbiao.formats.workbook import XLSX, write_template
from tanbiao.platform.footprints.actions import freeze_study, study_from_workbook
from tanbiao.platform.footprints.forms import UploadForm
from tanbiao.platform.footprints.models import Study
from tanbiao.platform.footprints.policies import may_freeze
from tanbiao.platform.footprints.queries import failing_clauses, studies_of, study_file, study_for
from tanbiao.platform.kernel.actions import Refused
from tanbiao.platform.kernel.pages import download, for_reader, page_of
from tanbiao.platform.kernel.queries import events_of
from tanbiao.platform.products.actions import upload_workbook
from tanbiao.rules import available_rules
from tanbiao.words import Problems, TanbiaoError


@login_required
@require_GET
def studies(request: HttpRequest) -> HttpResponse:
    return render(request, "footprints/studies.html", {"things": page_of(request, studies_of(request.actor))})


@login_required
@require_http_methods(["GET", "POST"])
def new_study(request: HttpRequest) -> HttpResponse:
    """Upload a workbook and calculate; every fault of the file is listed by sheet and cell, and nothing is kept."""
    if reason := upload_workbook.refusal(request.actor, None):  # type: ignore[attr-defined]
        raise Refused(reason)  # before somebody looks for a file
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["workbook"]
        try:
            study = study_from_workbook(request.actor, data=file.read(), filename=file.name)
        except Problems as faults:
            problems = [{"place": p.place, "text": for_reader(p.text)} for p in faults.problems]
        except TanbiaoError as fault:
            problems = [{"place": "", "text": for_reader(fault.text)}]
        else:
            messages.success(request, _("已读取工作簿并完成核算。"))
            if study.result["warnings"]:
                messages.warning(request, _("读取时有提醒，请先看。"))
            return redirect("footprints:study", study.pk)
    status = 400 if problems or form.errors else 200
    context = {"form": form, "problems": problems, "rules": available_rules()}
    return render(request, "footprints/new_study.html", context, status=status)


@login_required
@require_GET
def study(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = own_study(request, pk)
    context = {
        "thing": found,
        "events": events_of(found),
        "study": found,
        "report": found.result,
        "failing": failing_clauses(found),
        "may_freeze": bool(may_freeze(request.actor, found)) and found.state == "draft",
    }
    return render(request, "footprints/study.html", context)


@login_required
@require_POST
def freeze(request: HttpRequest, pk: UUID) -> HttpResponse:
    freeze_study(request.actor, own_study(request, pk))
    messages.success(request, _("研究已冻结：输入、因子、规则与结果已固定，可以提交认证委托。"))
    return redirect("footprints:study", pk)


@require_GET
def template(request: HttpRequest, rule_id: str) -> HttpResponse:
    """The empty workbook of a rule, for anybody."""
    rule = next((r for r in available_rules() if r.id == rule_id), None)
    if rule is None:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(rule, path)
        return download(path.read_bytes(), f"tanbiao-{rule.id}.xlsx", XLSX)


@login_required
@require_GET
def report(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """A file of the study: report.pdf, report.csv, report.frozen (the frozen document), report.xlsx (the workbook)."""
    return download(*study_file(own_study(request, pk), form))


def own_study(request: HttpRequest, pk: UUID) -> Study:
    found = study_for(request.actor, pk)
    if found is None:
        raise Http404
    return found
