"""The log for anybody: checkpoint, entries, inclusion proofs, as plain files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from tanbiao.platform.publiclog.queries import entry, inclusion, latest_checkpoint


@require_GET
def checkpoint(request: HttpRequest) -> HttpResponse:
    latest = latest_checkpoint()
    if latest is None:
        raise Http404
    return HttpResponse(latest.note, content_type="text/plain; charset=utf-8")


@require_GET
def log_entry(request: HttpRequest, index: int) -> JsonResponse:
    """One entry with the proof of it against the latest checkpoint."""
    found, latest = entry(index), latest_checkpoint()
    if found is None or latest is None:
        raise Http404
    return JsonResponse(
        {
            "index": index,
            "data": bytes(found.data).decode(),
            "leaf_hash": bytes(found.leaf_hash).hex(),
            "proof": [step.hex() for step in inclusion(index, latest.size)],
            "checkpoint": latest.note,
        }
    )
