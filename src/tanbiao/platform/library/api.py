"""The library for programs: what the actor of the session may see; without one, what is open to all.

Values are kg CO2e per unit as numbers; the emissions of a factor stand gas by gas as decimal strings, exact.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from tanbiao.platform.library.models import Dataset
from tanbiao.platform.library.queries import Filters, dataset_by_key, find_datasets, versions_visible_to

router = Router(tags=["library"])
MOST = 100  # data sets in one answer


class Said(Schema):
    zh: str
    en: str


class FactorItem(Schema):
    """A data set in a list: enough to choose one.

    `permitted_use` is "footprint" or "not_in_footprint"; then `use_instead` may name the key of the one to use.
    `value` is null where it cannot be known; it is too low where not `complete`.
    """

    key: str
    name: str
    name_en: str
    form: str
    state: str
    value: float | None
    unit: str
    kind: str
    gas_scope: str
    life_cycle_scope: str
    boundary: str
    region: str
    year: int | None
    permitted_use: str
    use_instead: str
    complete: bool
    source: str
    version: int


class Ranked(FactorItem):
    """`why` it stands at this place of the search; `refused` says why a product footprint may not use it."""

    why: Said
    refused: Said | None


class Page(Schema):
    """One page of a search, how much there is of it, and how many data sets have which value of a filter."""

    count: int
    page: int
    pages: int
    facets: dict[str, list[tuple[str | int, int]]]
    items: list[Ranked]


class Whole(FactorItem):
    """One data set: where it comes from, its factor gas by gas, and what became of it."""

    product: str
    category: str
    technology: str
    quality: str
    confidence: str
    provider: str
    citation: str
    licence: str
    retired_reason: str
    successor: str
    not_usable: Said | None
    factor: dict[str, Any] | None


class VersionItem(Schema):
    id: UUID
    source: str
    title: str
    number: int
    state: str
    format: str
    access: str
    licence: str
    content_sha256: str
    published_at: dt.datetime | None
    counts: dict[str, Any]


class Asked(Schema):
    """Filters of a search; an empty one keeps all."""

    region: str = ""
    year: int | None = None
    kind: str = ""
    form: str = ""
    source: UUID | None = None
    unit: str = ""
    life_cycle_scope: str = ""
    quality: str = ""
    permitted: bool = False
    state: Literal["", "current", "retired"] = "current"


def _item(row: Dataset) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in FactorItem.model_fields if hasattr(row, name)}
    return said | {"source": row.version.source.name, "version": row.version.number}


@router.get("/factors", response=Page, summary="Search data sets by words in Chinese or English, with filters")
def list_factors(request: HttpRequest, asked: Query[Asked], q: str = "", page: int = 1) -> dict[str, Any]:
    filters = Filters(
        year_from=asked.year,
        year_to=asked.year,
        source=str(asked.source or ""),
        **asked.dict(exclude={"year", "source"}),
    )
    found = find_datasets(request.actor, q[:200], filters=filters, page=page, size=MOST)
    return {
        "count": found.total,
        "page": found.page,
        "pages": found.pages,
        "facets": {name: [(value, count) for value, count in values] for name, values in found.facets.items()},
        "items": [
            _item(row.dataset) | {"why": _both(row.why), "refused": row.refused and _both(row.refused)}
            for row in found.rows
        ],
    }


def _both(text: Any) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


@router.get("/factors/{path:key}", response={200: Whole, 404: Said}, summary="One data set by its key")
def get_factor(request: HttpRequest, key: str) -> Status[Any]:
    row = dataset_by_key(request.actor, key[:340])
    if row is None:
        shown = key[:80]
        return Status(
            404,
            {"zh": f"没有编号为“{shown}”的数据集，请核对编号。", "en": f'no data set has the key "{shown}"; check it.'},
        )
    more = {name: getattr(row, name) for name in Whole.model_fields if hasattr(row, name)}
    more |= {"licence": row.version.source.licence, "successor": row.successor.key if row.successor else ""}
    return Status(200, more | _item(row))


@router.get("/versions", response=list[VersionItem], summary="Versions of databases that can be seen")
def list_versions(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "id": v.pk,
            "source": v.source.name,
            "title": v.source.title,
            "number": v.number,
            "state": v.state,
            "format": v.format,
            "access": v.source.access,
            "licence": v.source.licence,
            "content_sha256": v.content_sha256,
            "published_at": v.published_at,
            "counts": v.report.get("counts", {}),
        }
        for v in versions_visible_to(request.actor).order_by("source__name", "-number")
    ]
