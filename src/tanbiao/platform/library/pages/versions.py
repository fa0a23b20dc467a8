"""Versions of databases: watched while they are read, checked, published, exported, retired."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tanbiao.formats.datasets.factor_table.writer import write_factor_table
from tanbiao.formats.datasets.writing import PACKAGES
from tanbiao.formats.tables import write_table
from tanbiao.platform.kernel.pages import download, either
from tanbiao.platform.kernel.queries import events_of
from tanbiao.platform.library.actions import decide_flags
from tanbiao.platform.library.pages.acting import decision_page, verb_page
from tanbiao.platform.library.queries import records_of, versions_visible_to
from tanbiao.platform.library.shown import factors_of, flag_groups, notice_groups
from tanbiao.platform.library.verbs import VERSION_VERBS, offered

if TYPE_CHECKING:
    from tanbiao.platform.library.models import Version
from tanbiao.platform.library.shown import format_name

COUNTS = {
    "processes": gettext_lazy("过程"),
    "factors": gettext_lazy("因子"),
    "declarations": gettext_lazy("环境产品声明"),
    "methods": gettext_lazy("评价方法"),
    "flows": gettext_lazy("流"),
    "exchanges": gettext_lazy("交换"),
    "linked": gettext_lazy("已连接的投入"),
    "unlinked": gettext_lazy("没有连接的投入"),
}
#: the packages a version can be had in, by the id of the format; and as a table
EXPORTS = {"openlca": "openLCA JSON-LD", "ilcd": "ILCD", "tidas": "TIDAS", "csv": "CSV"}
SEVERITIES = {
    "refused": ("bad", gettext_lazy("没有读入")),
    "warning": ("warn", gettext_lazy("提醒")),
    "note": ("settled", gettext_lazy("已换算或说明")),
}


@require_GET
def version(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _visible(request, pk)
    report, groups = found.report, flag_groups(found)
    counts = report.get("counts", {})
    notices = notice_groups(report.get("notices", []), report.get("seen", {}))
    for group in notices:
        group["look"], group["said"] = SEVERITIES[group["severity"]]
    running = found.state == "importing"
    verbs = offered(VERSION_VERBS, request.actor, found) if request.actor.signed_in else []
    context = {
        "thing": found,
        "version": found,
        "running": running,
        "format_name": format_name(found.format),
        "counts": [{"name": words, "value": counts[name]} for name, words in COUNTS.items() if counts.get(name)],
        "notices": notices,
        "noticed": sum(group["seen"] for group in notices),
        "flags": groups,
        "flagged": sum(group["count"] for group in groups),
        "open_blocking": found.flags.filter(state="open", severity="blocking").count(),
        "steps": [verb for verb in verbs if verb.step],
        "beside": [verb for verb in verbs if not verb.step],
        "may_decide": found.state == "staged" and not decide_flags.refusal(request.actor, found),  # type: ignore[attr-defined]
        "downloads": _exports(found).items() if request.actor.signed_in else [],
        "events": events_of(found),
    }
    return render(request, "library/version.html", context)


@require_GET
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything the import and the gate have said, as a table that is safe to open in a spreadsheet."""
    found = _visible(request, pk)
    rows: list[list[object]] = [
        ["import", n["severity"], n["code"], n["place"], n["zh"], n["en"], "", ""]
        for n in found.report.get("notices", [])
    ]
    rows += [
        ["check", f.severity, f.check_code, f.place, f.zh, f.en, f.state, f.reason]
        for f in found.flags.order_by("check_code", "place")
    ]
    header = ["部分 Part", "程度 Severity", "代码 Code", "位置 Place", "说明", "Text", "决定 Decision", "理由 Reason"]
    name = f"{found.source.name}-{found.number}-report.csv"
    return download(write_table(header, rows).encode("utf-8-sig"), name, "text/csv; charset=utf-8")


@login_required
@require_GET
def data(request: HttpRequest, pk: UUID, form: str) -> FileResponse:
    """A published version in another format, for whoever may use it."""
    found = _visible(request, pk)
    if form not in _exports(found):
        raise Http404
    ending = "csv" if form == "csv" else "zip"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"data.{ending}"
        if form == "csv":
            write_factor_table(factors_of(found), path)
        else:
            PACKAGES[form](records_of(found), path)
        made = path.open("rb")  # stays readable when the folder goes
    return FileResponse(made, as_attachment=True, filename=f"{found.source.name}-{found.number}-{form}.{ending}")


def _exports(version: Version) -> dict[str, str]:
    """In which formats a version can be had: as a table, and as a package where it was one."""
    if version.state not in ("published", "retired"):
        return {}
    tabular = version.format in ("table", "starter", "measured")
    return {form: name for form, name in EXPORTS.items() if form == "csv" or not tabular}


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    found, wanted = _visible(request, pk), VERSION_VERBS.get(verb)
    if wanted is None:
        raise Http404
    about = [(_("数据库"), either(found.source.title, found.source.title_en)), (_("版本"), f"v{found.number}")]
    return verb_page(request, wanted, found, about=about, back=reverse("library:version", args=[pk]))


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _visible(request, pk)
    return decision_page(request, found, reverse("library:version", args=[pk]) + "#flags")


def _visible(request: HttpRequest, pk: UUID) -> Version:
    found = versions_visible_to(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
