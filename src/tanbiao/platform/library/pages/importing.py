"""Where databases come from, and bringing one in: read in the background, watched on the page of its version."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tanbiao.formats.datasets.reading import formats
from tanbiao.platform.kernel.actions import Refused
from tanbiao.platform.kernel.pages import form_page
from tanbiao.platform.library.actions import open_source, start_import
from tanbiao.platform.library.forms import ImportForm
from tanbiao.platform.library.queries import sources_visible_to, versions_visible_to

if TYPE_CHECKING:
    from tanbiao.platform.library.models import Source, Version
from tanbiao.platform.library.shown import format_name


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
        formats=[format_name(format.id) for format in formats()],
    )


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
