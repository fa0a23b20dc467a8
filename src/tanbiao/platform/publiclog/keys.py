"""The log's own signing key: a 0600 file made at the first entry."""

from __future__ import annotations

from django.conf import settings

from tanbiao.trust import FileSigner


def log_signer() -> FileSigner:
    return FileSigner(settings.VAR / "keys" / "log.key")
