from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tanbiao.platform.kernel.models import Thing


class CertificateState(models.TextChoices):
    ACTIVE = "active", _("有效")
    SUSPENDED = "suspended", _("暂停")
    WITHDRAWN = "withdrawn", _("撤销")
    CANCELLED = "cancelled", _("注销")
    EXPIRED = "expired", _("过期失效")


class IssuerKey(Thing):
    """A public key under which a certification body signs, from one day to another."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    public_key = models.CharField(max_length=64, unique=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.organisation}: {self.public_key[:8]}"


class Certificate(Thing):
    """A certificate as issued: the signed document is the truth, the columns are for finding it."""

    number = models.CharField(max_length=40, unique=True)
    application = models.OneToOneField(
        "certification.Application", on_delete=models.PROTECT, related_name="certificate"
    )
    holder = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    product_name = models.CharField(max_length=401)
    state = models.CharField(max_length=12, choices=CertificateState, default=CertificateState.ACTIVE)
    valid_from = models.DateField()
    valid_until = models.DateField()
    document = models.TextField()  # canonical JSON: claims, signature, status snapshot, log proof
    log_index = models.BigIntegerField(unique=True)

    class Meta:
        ordering = ["-created_at"]

    @cached_property
    def claims(self) -> dict[str, Any]:
        """What the document states; never kept apart from it, so that what is shown is what was signed."""
        return json.loads(self.document)["certificate"]

    def __str__(self) -> str:
        return self.number
