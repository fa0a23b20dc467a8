"""Keys of bodies; and issuing: certificate, log entry and status snapshot, in the transaction of the decision."""

from __future__ import annotations

import fcntl
import json
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import Organisation
from tanbiao.platform.accounts.policies import may_administer
from tanbiao.platform.certificates.claims import certificate_claims
from tanbiao.platform.certificates.keys import key_file, signer_of
from tanbiao.platform.certificates.models import Certificate, CertificateState, IssuerKey, Status
from tanbiao.platform.certificates.number import make_number
from tanbiao.platform.certificates.policies import may_issue
from tanbiao.platform.certificates.queries import trust_list
from tanbiao.platform.kernel import clock
from tanbiao.platform.kernel.actions import action
from tanbiao.platform.kernel.models import Event
from tanbiao.platform.publiclog.actions import append_entry
from tanbiao.platform.publiclog.queries import log_is_open
from tanbiao.trust import assemble, build_certificate, log_entry, make_key, sign_status

if TYPE_CHECKING:
    from tanbiao.platform.certification.models import Application


def _next_serial() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('certificates_serial')")
        return int(cursor.fetchone()[0])


@action("certificates.register_key", policy=may_administer)
def register_key(actor: Actor, body: Organisation, /) -> IssuerKey:
    """Make a body a new signing key, known to all who verify from today; the one before is used no more.

    For now the platform keeps the key; in real use the body would bring the public half of its own.
    """
    today = clock.today()
    IssuerKey.objects.filter(organisation=body, valid_until=None).update(valid_until=today)
    key = IssuerKey(organisation=body, name=body.name, valid_from=today)
    key.public_key = make_key(key_file(key)).public_key
    key.save()
    transaction.on_commit(publish_trust_list, robust=True)
    return key


@action("certificates.issue", policy=may_issue)
def issue_certificate(actor: Actor, application: Application, /) -> Certificate:
    """Sign the certificate, enter its hash in the public log, and keep the whole document."""
    now = clock.local_now()
    number = make_number(now.year, _next_serial())
    claims = certificate_claims(application, number, now)
    signer = signer_of(application.body)
    signed = build_certificate(claims, signer)
    status = sign_status(signed, CertificateState.ACTIVE.value, now, signer)
    appended = append_entry(log_entry(signed))
    file = assemble(signed, status, appended.index, appended.proof, appended.checkpoint)
    certificate = Certificate.objects.create(
        number=number,
        application=application,
        holder=application.applicant,
        body=application.body,
        product_name=application.study.product_name,
        valid_from=claims["valid_from"],
        valid_until=claims["valid_until"],
        signed=signed,
        log=json.loads(file)["log"],
    )
    Status.objects.create(certificate=certificate, statement=status)
    return certificate


def issue_when_granted(event: Event, application: Application, actor: Actor) -> None:
    """Listener of `certification.grant`: no decision without its certificate, no certificate without a decision."""
    issue_certificate(actor, application)
    transaction.on_commit(publish_trust_list, robust=True)  # the certificate is issued, whatever the disk says


def publish_trust_list() -> None:
    """Write the trust list to var/trust.json, where `tanbiao verify` looks for it, whole or not at all.

    A log that is not open yet has no list.
    """
    if not log_is_open():
        return
    path = settings.VAR / "trust.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one writer at a time, and nobody writes an older list over a newer one
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(trust_list(), ensure_ascii=False, indent=1))
        fresh.replace(path)
