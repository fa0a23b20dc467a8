"""The signing keys of certification bodies: one 0600 file a key, named by its row; made by a verb, never by the way."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from tanbiao.platform.accounts.models import Organisation
from tanbiao.platform.certificates.models import IssuerKey
from tanbiao.platform.kernel.actions import Refused
from tanbiao.trust import FileSigner, KeyFileError


def key_file(key: IssuerKey) -> Path:
    return settings.VAR / "keys" / f"{key.pk}.key"


def signer_of(body: Organisation) -> FileSigner:
    """The body's signer. Raises Refused unless its key is registered, under its present name, and at hand."""
    key = IssuerKey.objects.filter(organisation=body, name=body.name, valid_until=None).first()
    try:
        signer = FileSigner(key_file(key)) if key else None
    except KeyFileError:
        signer = None
    if signer is None or signer.public_key != key.public_key:
        raise Refused(_("认证机构的签名密钥没有登记或已经遗失，不能签发。请联系平台运营方。"))
    return signer
