from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One leaf of the log. Triggers refuse every change; the index has no gaps."""

    index = models.BigIntegerField(primary_key=True)
    data = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        ordering = ["index"]

    def __str__(self) -> str:
        return f"#{self.index}"


class Checkpoint(models.Model):
    """The signed state of the log at one size."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-size"]

    def __str__(self) -> str:
        return f"size {self.size}"
