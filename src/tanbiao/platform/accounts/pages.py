from __future__ import annotations

from allauth.account import views
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse


def password_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new password by mail; there is no such page where no mail is sent."""
    if not settings.MAIL.hostname:
        raise Http404
    return views.password_reset(request)
