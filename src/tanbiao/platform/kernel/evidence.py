"""Evidence files by hash: written to a temporary name, renamed when whole, never overwritten."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from tanbiao.platform.kernel.models import EvidenceFile


def _path(sha256: str) -> Path:
    return settings.VAR / "files" / sha256[:2] / sha256


def keep_file(data: bytes, media_type: str) -> EvidenceFile:
    """Store the bytes once and answer with their record; the same bytes again cost nothing."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = _path(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).rename(path)
    record, _created = EvidenceFile.objects.get_or_create(
        sha256=sha256, defaults={"size": len(data), "media_type": media_type}
    )
    return record


def read_file(record: EvidenceFile) -> bytes:
    """The bytes of a kept file, checked against their hash (a changed file is an error, not a result)."""
    data = _path(record.sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != record.sha256:
        raise OSError(f"evidence file {record.sha256} does not match its hash")
    return data
