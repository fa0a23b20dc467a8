"""Another factor for one input, another database for all of them, and the two results beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from tanbiao.platform.footprints import queries
from tanbiao.platform.footprints.actions import study_on_background, study_with_factor
from tanbiao.platform.footprints.forms import ReasonForm, SwitchForm
from tanbiao.platform.footprints.pages.studies import own_study
from tanbiao.platform.footprints.proposing import proposals
from tanbiao.platform.kernel.actions import Invalid, Refused
from tanbiao.platform.kernel.pages import either, for_reader, form_page, page_number, page_of_found
from tanbiao.platform.library.queries import dataset_by_key, factor_of, instead_of, two_kinds, versions_visible_to
from tanbiao.platform.products.actions import choose_factor
from tanbiao.platform.products.queries import FactorRow, factor_rows, factors_of, refusal_of, row_at, value_of
from tanbiao.words import TanbiaoError

if TYPE_CHECKING:
    from tanbiao.platform.footprints.models import Study
    from tanbiao.platform.library.models import Dataset

TEXT_AT_MOST = 100
SHOWN_SHARE = 0.001  # of a difference: smaller ones stand in the table only


@login_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The library in the context of one row (?process=&row=&column=); with &key= the choice, to be given a reason."""
    study = _changeable(request, pk)
    row = _row(request, study)
    if key := request.GET.get("key", ""):
        return _confirm(request, study, row, key)
    given = request.GET.get("q")
    text = queries.words_for(request.actor, row) if given is None else given.strip()[:TEXT_AT_MOST]
    page = page_number(request)
    found, offers = queries.offers(request.actor, study, row, text, page)
    context = {
        "study": study,
        "row": row,
        "text": text,
        "unit": row.factor.unit.symbol,
        "things": page_of_found(offers, total=found.total, number=found.page, size=found.size),
        "two_kinds": two_kinds(request.actor, found, queries.region_of(study)) if text and page == 1 else None,
    }
    return render(request, "footprints/choose.html", context)


def _confirm(request: HttpRequest, study: Study, row: FactorRow, key: str) -> HttpResponse:
    dataset = dataset_by_key(request.actor, key)
    if dataset is None:
        raise Http404
    if refusal := refusal_of(row, factors_of(study.workbook), dataset, instead_of(request.actor, dataset)):
        raise Refused(for_reader(refusal))
    return form_page(
        request,
        form=ReasonForm(request.POST or None),
        run=_said(lambda reason: study_with_factor(request.actor, study, **row.address, key=key, reason=reason)),
        done=lambda made: reverse("footprints:study", args=[made.pk]),
        said=_("已换用因子并重新核算，得到一份新的研究。"),
        title=_("选用这个因子"),
        explain=_("原来的研究不变；换用后按同一工作簿另算一份草稿，两份可以并列比较。"),
        about=_about(row, dataset),
        submit=_("选用并重新核算"),
        back=f"{reverse('footprints:choose', args=[study.pk])}?{queries.address_of(row)}",
    )


def _about(row: FactorRow, dataset: Dataset) -> list[tuple[str, str]]:
    """What a choice is about: from what to what, and what to mind."""
    facts = [
        (_("投入"), f"{row.input.name} · {row.process.name}"),
        (_("现用因子"), f"{either(row.factor.name.zh, row.factor.name.en)}\n{value_of(row.factor)}"),
        (_("换为"), f"{either(dataset.name, dataset.name_en)}\n{value_of(factor_of(dataset))}"),
        (_("来源"), dataset.citation or str(dataset.version)),
    ]
    if dataset.says_no_emissions:
        facts.append((_("注意"), _("这个过程没有列出温室气体，数值为 0 不等于没有排放。")))
    if not dataset.complete:
        facts.append((_("注意"), _("这个数值偏低：上游有投入没有连接到供应过程。")))
    return facts


@login_required
@require_http_methods(["GET", "POST"])
def background(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same model on another database (?version=): for each row a proposal to confirm, change or leave."""
    study = _changeable(request, pk)
    versions = versions_visible_to(request.actor).filter(state="published").defer("report")
    wanted = request.GET.get("version", "")
    version = next((v for v in versions if str(v.pk) == wanted), None)
    if version is None:
        return render(request, "footprints/backgrounds.html", {"study": study, "things": list(versions)})
    again = request.method == "POST" and "again" in request.POST
    form = SwitchForm(
        request.POST if request.method == "POST" and not again else None,
        rows=[row for row in factor_rows(study.workbook) if row.column == "factor"],
        terms=request.POST,
        propose=lambda row, term: proposals(request.actor, study, row, version, term),
    )
    context = {"study": study, "version": version}
    if again:
        return render(request, "footprints/background.html", {"form": form, **context})
    return form_page(
        request,
        form=form,
        run=_said(
            lambda reason, **_picked: study_on_background(
                request.actor, study, version=version, chosen=form.chosen(), reason=reason
            )
        ),
        done=lambda made: reverse("footprints:beside", args=[study.pk, made.pk]),
        said=_("已用另一个背景数据库核算，得到一份新的研究。下面是两份结果的差别。"),
        template="footprints/background.html",
        **context,
    )


@login_required
@require_GET
def beside(request: HttpRequest, pk: UUID, other: UUID) -> HttpResponse:
    """Two studies of the actor's own enterprise, and their difference line by line."""
    first, second = own_study(request, pk), own_study(request, other)
    found = queries.beside(first, second)
    lines = Counter(line.line for line in found.changes)
    shown = [
        {
            "name": line.line if lines[line.line] == 1 else f"{line.line} · {line.process}",
            "change": line.change,
            "share": line.share,
        }
        for line in found.moved[:12]
        if abs(line.share) >= SHOWN_SHARE
    ]
    context = {
        "first": first,
        "second": second,
        "found": found,
        "shown": shown,
        "basis": [_basis(study) for study in (first, second)],
    }
    return render(request, "footprints/beside.html", context)


def _basis(study: Study) -> str:
    """What a study rests on, in a few words."""
    changed = len(study.workbook.choices)
    return (
        ngettext("换用了 %(n)d 个因子", "换用了 %(n)d 个因子", changed) % {"n": changed}
        if changed
        else _("工作簿原有的因子")
    )


def _changeable(request: HttpRequest, pk: UUID) -> Study:
    """The actor's own study; Refused where the actor may not choose its factors."""
    study = own_study(request, pk)
    if reason := choose_factor.refusal(request.actor, study.workbook):  # type: ignore[attr-defined]
        raise Refused(reason)
    return study


def _row(request: HttpRequest, study: Study) -> FactorRow:
    process, row, column = (request.GET.get(name, "") for name in ("process", "row", "column"))
    found = row_at(factor_rows(study.workbook), process, int(row) if row.isdecimal() else -1, column)
    if found is None:
        raise Http404
    return found


def _said(run: Callable[..., Any]) -> Callable[..., Any]:
    """The act, with what the calculation refuses said in the form."""

    def perform(**data: Any) -> Any:
        try:
            return run(**data)
        except TanbiaoError as fault:
            raise Invalid("", for_reader(fault.text)) from fault

    return perform
