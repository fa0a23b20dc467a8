"""Opening the log, and appending to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import Organisation
from tanbiao.platform.accounts.policies import may_administer
from tanbiao.platform.kernel import clock
from tanbiao.platform.kernel.actions import Refused, action
from tanbiao.platform.publiclog.keys import key_file, log_signer, remember_size, size_reached
from tanbiao.platform.publiclog.models import Checkpoint, Entry
from tanbiao.platform.publiclog.queries import latest_checkpoint, log_identity, log_is_open, origin
from tanbiao.trust import Checkpoint as Head
from tanbiao.trust import (
    KeyFileError,
    VerifierKey,
    inclusion_proof,
    leaf_hash,
    make_key,
    open_checkpoint,
    root_hash,
    sign_checkpoint,
)
from tanbiao.trust.note import NoteError

LOCK = 0x7A6E_6C6F  # one appender at a time, whatever process it is in


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an entry stands, and the proof of it against the checkpoint signed with it."""

    index: int
    proof: list[bytes]
    checkpoint: str


@action("publiclog.open_log", policy=may_administer)
def open_log(actor: Actor, operator: Organisation, /) -> None:
    """Make the key that the log's checkpoints are signed with, once; all that verify rely on it.

    Raises Refused where the log is open, or has entries whose key is gone: then nobody signs until it is back.
    """
    if log_is_open():
        raise Refused(_("公开日志已经开通，不能另换密钥。"))
    make_key(key_file())


def append_entry(data: bytes) -> Appended:
    """Enter one record and sign the new checkpoint. Call inside the transaction of the act it records.

    Raises Refused where the log's key is not there, or somebody has changed the log behind our back.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("append_entry belongs inside the transaction of the act it records")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    try:
        signer = log_signer()
    except KeyFileError as error:
        raise Refused(_("公开日志的签名密钥不在，不能签发。请联系平台运营方。")) from error
    leaves = [bytes(leaf) for leaf in Entry.objects.values_list("leaf_hash", flat=True)]
    _refuse_unless_ours(leaves)
    index, at = len(leaves), clock.now()
    entry = Entry.objects.create(index=index, data=data, leaf_hash=leaf_hash(data), at=at)
    leaves.append(entry.leaf_hash)
    head = Head(origin(), len(leaves), root_hash(leaves))
    note = sign_checkpoint(head, signer)
    Checkpoint.objects.create(size=head.size, root=head.root, note=note, at=at)
    transaction.on_commit(lambda: remember_size(head.size))
    return Appended(index, inclusion_proof(leaves, index), note)


def _refuse_unless_ours(leaves: list[bytes]) -> None:
    """Raise Refused unless the entries are those of the last checkpoint that the log's own key signed, and all of them.

    Key and size are files, not rows: who can only write to the database can neither slip an entry in and have it
    signed, nor cut off the end of the log and have another one signed in its place.
    """
    latest = latest_checkpoint()
    if latest is None and not leaves and size_reached() == 0:
        return
    identity = VerifierKey.parse(log_identity()["verifier_key"])
    try:
        head = open_checkpoint(latest.note if latest else "", identity)
    except NoteError:
        head = None
    if head is None or not head.size == len(leaves) >= size_reached() or head.root != root_hash(leaves):
        raise Refused(_("公开日志与它最后签署的检查点不符，已停止签发。请联系平台运营方。"))
