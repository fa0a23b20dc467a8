"""Evidence files by hash: written to a temporary name, renamed when whole, never overwritten."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction

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


def keep_path(path: Path, media_type: str) -> EvidenceFile:
    """Store a file of any size, a block at a time; otherwise as `keep_file`."""
    folder = settings.VAR / "files"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    handle, temporary = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as copy, path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                size += copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
        kept = _path(digest.hexdigest())
        kept.parent.mkdir(exist_ok=True, mode=0o700)
        Path(temporary).replace(kept)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    record, _created = EvidenceFile.objects.get_or_create(
        sha256=digest.hexdigest(), defaults={"size": size, "media_type": media_type}
    )
    return record


@contextmanager
def as_named(record: EvidenceFile, name: str) -> Iterator[Path]:
    """A kept file under the name it came with, for readers that go by endings; do not write to it."""
    with tempfile.TemporaryDirectory(dir=settings.VAR / "files") as folder:
        short = Path(name).name.encode()[-200:].decode(errors="ignore")  # file systems take 255 bytes
        path = Path(folder) / (short if short.strip(".") else record.sha256)
        path.hardlink_to(_path(record.sha256))
        yield path


def forget_file(record: EvidenceFile) -> None:
    """Delete a kept file that no row refers to any more; one that something rests on stays."""
    for relation in record._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.is_relation:
            rows = relation.related_model._base_manager  # type: ignore[union-attr]
            if rows.filter(**{relation.field.name: record}).exists():  # type: ignore[union-attr]
                return
    path = _path(record.sha256)
    record.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def read_file(record: EvidenceFile) -> bytes:
    """The bytes of a kept file, checked against their hash (a changed file is an error, not a result)."""
    data = _path(record.sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != record.sha256:
        raise OSError(f"evidence file {record.sha256} does not match its hash")
    return data
