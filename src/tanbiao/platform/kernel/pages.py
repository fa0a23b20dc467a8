"""What every page needs: the reader's language, refusals as pages, lists by the page, one form page for one verb."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from tanbiao.platform.kernel.actions import Invalid, Refused
from tanbiao.words import Text

ON_A_PAGE = 20


def plain_requests_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Only requests in UTF-8 and without NUL: no text of ours holds one, and PostgreSQL would refuse it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            return HttpResponseBadRequest()
        asked = (text for name, values in request.GET.lists() for text in (name, *values))
        if any("\0" in text for text in (request.path, *asked, *request.COOKIES.values())):
            return HttpResponseBadRequest()
        return get_response(request)

    return middleware


class RefusalMiddleware:
    """A refused act becomes a 403 page that says why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return render(request, "403.html", {"reason": str(exception)}, status=403)
        return None


def for_reader(text: Text) -> str:
    """A text of the pure floors in the reader's language."""
    return text.said_in(get_language() or "zh")


def either(chinese: str, english: str) -> str:
    """The English of two given texts where the reader reads English and there is one."""
    return for_reader(Text(chinese, english or chinese))


def download(data: bytes, filename: str, media_type: str) -> HttpResponse:
    """A file to keep, under its own name in any script."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response


def page_of(request: HttpRequest, things: QuerySet[Any]) -> Page[Any]:
    """The page of a long list that the address asks for (?page=2); `portal/_pages.html` leads to the others."""
    return Paginator(things, ON_A_PAGE).get_page(request.GET.get("page"))


def page_number(request: HttpRequest) -> int:
    """The number of the page that the address asks for, for what counts its pages itself."""
    asked = request.GET.get("page", "")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else 1


def page_of_found(rows: Sequence[Any], *, total: int, number: int, size: int) -> Page[Any]:
    """The rows of one page of `total` as a page of a list, so that the links to the others are those of every list."""
    return Paginator(_Found(rows, total), size).get_page(number)


class _Found(Sequence[Any]):
    """As long as all that was found, with the rows of one page."""

    def __init__(self, rows: Sequence[Any], total: int):
        self.rows, self.total = rows, total

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, place: Any) -> Any:
        return self.rows


def form_page(
    request: HttpRequest,
    *,
    form: forms.Form,
    run: Callable[..., Any],
    done: Callable[[Any], str],
    said: str,
    template: str = "portal/form.html",
    **context: Any,
) -> HttpResponse:
    """Show a form; when it is sent and good, run the action and go where `done(result)` says.

    An action that raises Invalid puts its message at the field it names, one that raises Refused above the form; what
    was typed stays. Nothing has happened then. `about` is what the act is about: pairs of name and value.
    """
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            result = run(**form.cleaned_data)
        except Invalid as fault:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 403
        else:
            messages.success(request, said)
            return redirect(done(result))
    if status == 200 and form.is_bound and form.errors:
        status = 400
    return render(request, template, {"form": form, "refused": status == 403, **context}, status=status)
