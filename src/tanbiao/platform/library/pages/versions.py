"""Sources and their versions: brought in, watched while they are read, checked, published, exported, retired."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tanbiao.formats.datasets.factor_table.writer import write_factor_table
from tanbiao.formats.datasets.reading import formats
from tanbiao.formats.datasets.writing import PACKAGES
from tanbiao.formats.tables import write_table
from tanbiao.platform.kernel.actions import Refused
from tanbiao.platform.kernel.pages import download, either, form_page
from tanbiao.platform.kernel.queries import events_of
from tanbiao.platform.library.actions import decide_flags, open_source, start_import
from tanbiao.platform.library.forms import ImportForm
from tanbiao.platform.library.pages.acting import decision_page, verb_page
from tanbiao.platform.library.queries import records_of, sources_visible_to, versions_visible_to
from tanbiao.platform.library.shown import factors_of, flag_groups, notice_groups
from tanbiao.platform.library.verbs import VERSION_VERBS, offered

if TYPE_CHECKING:
    from tanbiao.platform.library.models import Source, Version

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
#: formats that are no product's name
PLAIN_FORMATS = {
    "table": gettext_lazy("因子表（CSV、Excel）"),
    "starter": gettext_lazy("随平台提供"),
    "measured": gettext_lazy("平台测算"),
}
SEVERITIES = {
    "refused": ("bad", gettext_lazy("没有读入")),
    "warning": ("warn", gettext_lazy("提醒")),
    "note": ("settled", gettext_lazy("已换算或说明")),
}


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    seen = Prefetch("versions", versions_visible_to(request.actor).defer("report"), to_attr="shown")
    things = sources_visible_to(request.actor).select_related("owner").prefetch_related(seen).order_by("title")
    return render(request, "library/sources.html", {"things": list(things), "may_import": not _no_import(request)})


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Upload a database: read in the background, seen and found again on the page of its version."""
    if reason := _no_import(request):
        raise Refused(reason)
    mine = [s for s in sources_visible_to(request.actor) if not start_import.refusal(request.actor, s)]  # type: ignore[attr-defined]
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        sources=mine,
        may_open=request.actor.kind == "operator",
        initial={"source": request.GET.get("source", "")},
    )
    return form_page(
        request,
        form=form,
        run=lambda **data: _start(request, **data),
        done=lambda version: reverse("library:version", args=[version.pk]),
        said=_("文件已收到。"),
        template="library/import.html",
        title=_("导入数据库"),
        explain=_("先读入并检查，别人看不到；您确认发布后才能选用。文件被拒绝时什么也不保存。"),
        submit=_("上传并导入"),
        back=reverse("library:sources"),
        formats=[_format_name(format.id) for format in formats()],
    )


def _format_name(id: str) -> str:
    return str(PLAIN_FORMATS.get(id) or next((format.name for format in formats() if format.id == id), id))


def _no_import(request: HttpRequest) -> str:
    return str(open_source.refusal(request.actor, None))  # type: ignore[attr-defined]


def _start(request: HttpRequest, *, file: UploadedFile, link_rule: str, source: Source | None, **about: Any) -> Version:
    with _on_disk(file) as path, transaction.atomic():
        into = source or open_source(request.actor, None, **about)
        made: Version = start_import(request.actor, into, path=path, filename=file.name or "", link_rule=link_rule)
    return made


@contextmanager
def _on_disk(file: UploadedFile) -> Iterator[Path]:
    """Where an upload lies; a small one is in memory and put down first."""
    if hasattr(file, "temporary_file_path"):
        yield Path(file.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile() as put:
        for chunk in file.chunks():
            put.write(chunk)
        put.flush()
        yield Path(put.name)


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
        "format_name": _format_name(found.format),
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
