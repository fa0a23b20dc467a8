from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import Organisation
from tanbiao.platform.certificates.models import Certificate, CertificateState, IssuerKey
from tanbiao.platform.publiclog.queries import log_identity
from tanbiao.trust import KeyFileError, TrustList, Verdict, canonical, load_trust, verify_certificate


def has_key(body: Organisation) -> bool:
    """Whether a body has a signing key registered that is in use."""
    return IssuerKey.objects.filter(organisation=body, valid_until=None).exists()


def certificate_by_number(number: str) -> Certificate | None:
    """A certificate for anybody: all it says is public."""
    return Certificate.objects.filter(number=number).select_related("holder", "body").first()


UNPROVEN = "unproven"  # no state of the certificate: what is stored is not what was signed and logged
ABOUT_NOW = ("status", "validity")  # checks that fail in their time; the others hold for ever


@dataclass(frozen=True, slots=True)
class Standing:
    """How a certificate stands at a moment: the state to tell a reader, and the checks it rests on."""

    certificate: Certificate
    state: str  # of CertificateState, or UNPROVEN
    verdict: Verdict

    def get_state_display(self) -> str:
        return _("查验未通过") if self.state == UNPROVEN else str(CertificateState(self.state).label)


def standings(certificates: Iterable[Certificate], at: dt.datetime) -> list[Standing]:
    """Check every stored document as a stranger would, with the public trust list, and say how it stands.

    Whoever shows a certificate (page, list, label, paper, API) asks here, so that all of them say the same.
    """
    found = list(certificates)
    if not found:
        return []
    prefetch_related_objects(found, "statuses")
    try:
        trust = load_trust(canonical(trust_list()))
    except KeyFileError:  # without the log's key nothing can be checked, and nothing is vouched for
        trust = None
    return [_standing(certificate, trust, at) for certificate in found]


def standing(certificate: Certificate, at: dt.datetime) -> Standing:
    return standings([certificate], at)[0]


def _standing(certificate: Certificate, trust: TrustList | None, at: dt.datetime) -> Standing:
    verdict = verify_certificate(certificate.document.encode(), trust, at=at)
    genuine = all(check.ok for check in verdict.checks if check.name not in ABOUT_NOW)
    state = CertificateState(certificate.state)
    if state is CertificateState.ACTIVE and at.date() > certificate.valid_until:
        state = CertificateState.EXPIRED  # a matter of the date, nobody has to enter it
    if not genuine or (state is CertificateState.ACTIVE and not verdict.valid):
        return Standing(certificate, UNPROVEN, verdict)
    return Standing(certificate, state.value, verdict)


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
    """Which keys a verifier should accept: the log's, and every body's from its first to its last day.

    Raises KeyFileError where the log has not been opened.
    """
    keys = IssuerKey.objects.order_by("name", "valid_from", "public_key")
    return {
        "log": log_identity(),
        "issuers": [
            {
                "id": f"urn:uuid:{key.organisation_id}",
                "name": key.name,
                "key": key.public_key,
                "from": key.valid_from.isoformat(),
                "to": key.valid_until.isoformat() if key.valid_until else None,
            }
            for key in keys
        ],
    }
