"""allauth's pages of a forgotten password; there are none where no mail is sent."""

from __future__ import annotations

from allauth.account import views
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse


def password_reset(request: HttpRequest) -> HttpResponse:
    _by_mail_only()
    return views.password_reset(request)


def password_reset_done(request: HttpRequest) -> HttpResponse:
    _by_mail_only()
    return views.password_reset_done(request)


def _by_mail_only() -> None:
    if not settings.MAIL.hostname:
        raise Http404
