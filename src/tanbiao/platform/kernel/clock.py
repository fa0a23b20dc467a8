"""The one clock of the platform, so that a test can stop it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """The present moment, with time zone, to the second (what is signed carries no fractions)."""
    return timezone.now().replace(microsecond=0)


def today() -> dt.date:
    return timezone.localdate(now())


def local_now() -> dt.datetime:
    """The present moment in the platform's time zone: its date is the date printed on papers."""
    return timezone.localtime(now())
