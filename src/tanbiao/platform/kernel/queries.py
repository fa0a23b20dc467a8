"""Reads of the event log."""

from __future__ import annotations

from django.db.models import Model, Q, QuerySet

from tanbiao.platform.kernel.models import Event


def events_of(*things: Model) -> QuerySet[Event]:
    """What happened to some things, oldest first, with the people who did it."""
    theirs = Q(pk=None)
    for thing in things:
        theirs |= Q(thing_type=thing._meta.label_lower, thing_id=thing.pk)
    return Event.objects.filter(theirs).select_related("actor")
