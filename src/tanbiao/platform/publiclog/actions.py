"""Appending to the log: the only write there is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from tanbiao.platform.kernel import clock
from tanbiao.platform.publiclog.keys import log_signer
from tanbiao.platform.publiclog.models import Checkpoint, Entry
from tanbiao.platform.publiclog.queries import inclusion, origin
from tanbiao.trust import Checkpoint as Head
from tanbiao.trust import leaf_hash, root_hash, sign_checkpoint

LOCK = 0x7A6E_6C6F  # one appender at a time, whatever process it is in


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an entry stands, and the proof of it against the checkpoint signed with it."""

    index: int
    proof: list[bytes]
    checkpoint: str


def append_entry(data: bytes) -> Appended:
    """Enter one record and sign the new checkpoint. Call inside the transaction of the act it records."""
    if not connection.in_atomic_block:
        raise RuntimeError("append_entry belongs inside the transaction of the act it records")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    index = Entry.objects.count()
    at = clock.now()
    Entry.objects.create(index=index, data=data, leaf_hash=leaf_hash(data), at=at)
    leaves = [bytes(leaf) for leaf in Entry.objects.values_list("leaf_hash", flat=True)]
    head = Head(origin(), len(leaves), root_hash(leaves))
    note = sign_checkpoint(head, log_signer())
    Checkpoint.objects.create(size=head.size, root=head.root, note=note, at=at)
    return Appended(index, inclusion(index, len(leaves)), note)
