"""Reads of the event log."""

from __future__ import annotations

from django.db.models import Model, QuerySet

from tanbiao.platform.kernel.models import Event


def events_of(thing: Model) -> QuerySet[Event]:
    """What happened to one thing, oldest first, with the people who did it."""
    return Event.objects.filter(thing_type=thing._meta.label_lower, thing_id=thing.pk).select_related("actor")
