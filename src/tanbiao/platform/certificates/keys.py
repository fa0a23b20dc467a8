"""The signing keys of certification bodies: one file a body, mode 0600, made at the first certificate."""

from __future__ import annotations

from django.conf import settings

from tanbiao.platform.accounts.models import Organisation
from tanbiao.platform.certificates.models import IssuerKey
from tanbiao.platform.kernel import clock
from tanbiao.trust import FileSigner


def signer_of(body: Organisation) -> FileSigner:
    """The body's signer; its public key is on record from the day it is first used."""
    signer = FileSigner(settings.VAR / "keys" / f"{body.pk}.key")
    IssuerKey.objects.get_or_create(
        public_key=signer.public_key, defaults={"organisation": body, "valid_from": clock.today()}
    )
    return signer
