from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.certificates.models import Certificate, CertificateState, IssuerKey
from tanbiao.platform.publiclog.queries import log_identity


def certificate_by_number(number: str) -> Certificate | None:
    """A certificate for anybody: all it says is public."""
    return Certificate.objects.filter(number=number).select_related("holder", "body").first()


def state_on(certificate: Certificate, day: dt.date) -> CertificateState:
    """The state a reader should be told: expiry is a matter of the date, nobody has to enter it."""
    state = CertificateState(certificate.state)
    return CertificateState.EXPIRED if state is CertificateState.ACTIVE and day > certificate.valid_until else state


def search(text: str) -> QuerySet[Certificate]:
    """Certificates whose number, product, holder or body holds the text; all of them when it is empty."""
    found = Certificate.objects.select_related("holder", "body")
    if text := text.strip():
        found = found.filter(
            Q(number__icontains=text)
            | Q(product_name__icontains=text)
            | Q(holder__name__icontains=text)
            | Q(holder__uscc=text)
            | Q(body__name__icontains=text)
        )
    return found


def certificates_visible_to(actor: Actor) -> QuerySet[Certificate]:
    """The certificates of the actor's own enterprise or body."""
    if actor.organisation_id is None:
        return Certificate.objects.none()
    return Certificate.objects.filter(
        Q(holder_id=actor.organisation_id) | Q(body_id=actor.organisation_id)
    ).select_related("holder", "body")


def trust_list() -> dict[str, Any]:
    """Which keys a verifier should accept: the log's, and every body's from its first to its last day."""
    keys = IssuerKey.objects.select_related("organisation").order_by("organisation__name", "valid_from")
    return {
        "log": log_identity(),
        "issuers": [
            {
                "id": f"urn:uuid:{key.organisation_id}",
                "name": key.organisation.name,
                "key": key.public_key,
                "from": key.valid_from.isoformat(),
                "to": key.valid_until.isoformat() if key.valid_until else None,
            }
            for key in keys
        ],
    }
