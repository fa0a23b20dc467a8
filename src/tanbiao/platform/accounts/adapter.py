"""allauth, with the door of self-registration closed: an organisation's accounts are opened for its people."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)


class ClosedSignUp(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that does not answer is the operator's to know, not the stranger's who asked."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # smtplib's errors are OSErrors too
            logger.error("mail was not sent: %s", type(error).__name__)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link to a new password leads to our own address, whatever the request called us."""
        return settings.PUBLIC_URL + urlsplit(super().get_reset_password_from_key_url(key)).path
