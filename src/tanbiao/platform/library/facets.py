"""How many of the data sets found have which value of what they can be filtered by."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from tanbiao.platform.library.models import Dataset, Version

FACETS = {
    "region": "region",
    "year": "year",
    "kind": "kind",
    "form": "form",
    "version": "version_id",  # said as "source"
    "unit": "unit",
    "life_cycle_scope": "life_cycle_scope",
    "quality": "quality",
    "state": "state",
}


def facets_of(found: QuerySet[Dataset], versions: Sequence[Version], text: str) -> dict[str, list[tuple[Any, int]]]:
    """How many of the data sets have which value of which facet, the most frequent first.

    Those of everything, without words, may be a minute old: they are asked for most and take longest.
    """
    key = "library.facets." + hashlib.sha256("".join(sorted(str(v.pk) for v in versions)).encode()).hexdigest()
    if not text and (kept := cache.get(key)):
        return dict(kept)
    facets: dict[str, Counter[Any]] = {name: Counter() for name in (*FACETS, "source") if name != "version"}
    source = {version.pk: str(version.source_id) for version in versions}
    for name, value, count in _counted(found):
        if name == "version":
            facets["source"][source[UUID(value)]] += count
        elif value:
            facets[name][value] += count
    counted = {name: sorted(of.items(), key=lambda pair: (-pair[1], pair[0])) for name, of in facets.items()}
    if not text:
        cache.set(key, counted, timeout=60)
    return counted


def _counted(found: QuerySet[Dataset]) -> Iterator[tuple[str, str, int]]:
    """(facet, value, how many), counted in one pass over the data sets."""
    try:
        sql, values = found.order_by().values(*FACETS.values()).query.sql_with_params()
    except EmptyResultSet:
        return
    columns = [f"c{place}" for place in range(len(FACETS))]
    told = f"SELECT GROUPING({', '.join(columns)}), COALESCE({', '.join(f'{c}::text' for c in columns)}), COUNT(*)"
    sets = ", ".join(f"({column})" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"{told} FROM ({sql}) AS found({', '.join(columns)}) GROUP BY GROUPING SETS ({sets})", values)
        for bits, value, count in cursor.fetchall():
            # of the columns only the one that was grouped by has no bit; the first column is the highest
            grouped = len(columns) - ((1 << len(columns)) - 1 ^ bits).bit_length()
            yield list(FACETS)[grouped], value, count
