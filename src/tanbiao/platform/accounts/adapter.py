"""allauth, with the door of self-registration closed: an organisation's accounts are opened for its people."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class ClosedSignUp(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link to a new password leads to our own address, whatever the request called us."""
        return settings.PUBLIC_URL + urlsplit(super().get_reset_password_from_key_url(key)).path
