from __future__ import annotations

from django.conf import settings

from tanbiao.platform.publiclog.keys import key_file, log_signer
from tanbiao.platform.publiclog.models import Checkpoint, Entry
from tanbiao.trust import inclusion_proof, verifier_key


def latest_checkpoint() -> Checkpoint | None:
    return Checkpoint.objects.first()


def inclusion(index: int, size: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of the first `size` leaves (RFC 6962, 2.1.1)."""
    leaves = Entry.objects.filter(index__lt=size).values_list("leaf_hash", flat=True)
    return inclusion_proof([bytes(leaf) for leaf in leaves], index)


def entry(index: int) -> Entry | None:
    return Entry.objects.filter(index=index).first()


def origin() -> str:
    """The log's name: the public address without its scheme, as it was at the first entry.

    A log keeps its name, whatever address the platform moves to: its checkpoints are signed under it.
    """
    if first := Checkpoint.objects.last():
        return first.note.split("\n", 1)[0]
    return settings.PUBLIC_URL.split("://", 1)[-1] + "/log"


def log_is_open() -> bool:
    """Whether the log has been opened; a log with entries is, even where its key has gone."""
    return key_file().exists() or Entry.objects.exists()


def log_identity() -> dict[str, str]:
    """The log's name and the key its checkpoints verify with, as a trust list carries them.

    Raises KeyFileError where the log has not been opened.
    """
    return {"origin": origin(), "verifier_key": verifier_key(origin(), log_signer().public_key)}
