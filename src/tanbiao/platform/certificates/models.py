from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tanbiao.platform.kernel.models import Thing
from tanbiao.trust import certificate_file


class CertificateState(models.TextChoices):
    ACTIVE = "active", _("有效")
    SUSPENDED = "suspended", _("暂停")
    WITHDRAWN = "withdrawn", _("撤销")
    CANCELLED = "cancelled", _("注销")
    EXPIRED = "expired", _("过期失效")


class IssuerKey(Thing):
    """A public key under which a certification body signs, under one name, from one day to another."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)  # of the body while it signs with this key, as its certificates state it
    public_key = models.CharField(max_length=64, unique=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.public_key[:8]}"


class Certificate(Thing):
    """A certificate as issued: what was signed and logged is the truth, and sealed; the columns are for finding it."""

    NOT_LOGGED = ("signed", "log")

    number = models.CharField(max_length=40, unique=True)
    application = models.OneToOneField(
        "certification.Application", on_delete=models.PROTECT, related_name="certificate"
    )
    holder = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    product_name = models.CharField(max_length=401)
    valid_from = models.DateField()
    valid_until = models.DateField()
    signed = models.JSONField()  # {"certificate": claims, "signature"}
    log = models.JSONField()  # {"index", "proof", "checkpoint"}
    state = models.CharField(max_length=12, choices=CertificateState, default=CertificateState.ACTIVE)

    class Meta:
        ordering = ["-created_at"]

    @property
    def claims(self) -> dict[str, Any]:
        """What the certificate states; never kept apart from what was signed, so that what is shown is that."""
        return self.signed["certificate"]

    @property
    def document(self) -> str:
        """The certificate file: what was signed, its newest status snapshot, its place in the log."""
        newest = max(self.statuses.all(), key=lambda status: status.pk)
        return certificate_file(self.signed, newest.statement, self.log).decode()

    def __str__(self) -> str:
        return self.number


class Status(models.Model):
    """What the body said of a certificate's state at one moment, signed. A later word is another row."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="statuses")
    statement = models.JSONField()  # {"number", "state", "as_of", "certificate_sha256", "signature"}

    def __str__(self) -> str:
        return f"{self.certificate}: {self.statement['state']}"
