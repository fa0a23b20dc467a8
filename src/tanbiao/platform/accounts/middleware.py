"""Gives every request its actor."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from tanbiao.platform.accounts.actor import PASSER_BY, Actor, actor_for


def actor_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        def find() -> Actor:
            return actor_for(request.user) if request.user.is_authenticated else PASSER_BY

        request.actor = SimpleLazyObject(find)
        return get_response(request)

    return middleware
