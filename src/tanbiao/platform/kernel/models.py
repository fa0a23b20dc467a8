"""Tables every app stands on: the event log and the evidence files."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Thing(models.Model):
    """Base of what has an address of its own: an unguessable id and its time of birth."""

    #: columns that stay out of the event log: what is personal, since nobody can ever make the log forget, and whole
    #: documents, whose hashes stand beside them
    NOT_LOGGED: tuple[str, ...] = ()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Event(models.Model):
    """Something that happened: written once, in the transaction of the act, never changed.

    Triggers of the database (migration 0002) refuse UPDATE, DELETE and TRUNCATE. Whoever owns the database could drop
    them: what proves things to outsiders is the public log.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    organisation_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=80)  # "certification.accept"
    thing_type = models.CharField(max_length=80)  # "certification.application"
    thing_id = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["thing_type", "thing_id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class EvidenceFile(models.Model):
    """A file kept under its SHA-256, so that what was judged can always be shown again."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256
