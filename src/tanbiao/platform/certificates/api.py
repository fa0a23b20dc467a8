"""The public API of certificates: what banks, buyers and shops ask. No sign-in; everything here is public.

Amounts are decimal strings, as in the signed document: a program must not round them on the way.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from ninja import Router, Schema, Status

from tanbiao.platform.certificates.queries import Standing, certificate_by_number, search, standing, standings
from tanbiao.platform.kernel import clock

router = Router(tags=["certificates"])
MOST = 100  # certificates in one answer


class Found(Schema):
    """A certificate in a list: enough to choose one.

    `state` is active, suspended, withdrawn, cancelled or expired; "unproven" where the stored document does not verify,
    so that nothing it says is to be relied on. A `demonstration` certifies nothing.
    """

    number: str
    state: str
    demonstration: bool
    product: str
    holder: str
    body: str
    footprint: str
    unit: str
    declared_unit: str
    boundary: str
    valid_from: dt.date
    valid_until: dt.date


class Whole(Found):
    """One certificate: its claims, and the signed document with the log's proof, byte for byte."""

    claims: dict[str, Any]
    document: str


class Page(Schema):
    """One page of a search, and how much there is of it."""

    count: int
    page: int
    pages: int
    items: list[Found]


class Missing(Schema):
    zh: str
    en: str


def _found(stands: Standing) -> dict[str, Any]:
    certificate = stands.certificate
    claims = certificate.claims
    return {
        "number": certificate.number,
        "state": stands.state,
        "demonstration": claims["demonstration"],
        "product": certificate.product_name,
        "holder": certificate.holder.name,
        "body": certificate.body.name,
        "footprint": claims["footprint"]["value"],
        "unit": claims["footprint"]["unit"],
        "declared_unit": claims["declared_unit"],
        "boundary": claims["boundary"],
        "valid_from": certificate.valid_from,
        "valid_until": certificate.valid_until,
    }


@router.get("", response=Page, summary="Search certificates by number, product, holder, body or credit code")
def list_certificates(request: HttpRequest, q: str = "", page: int = 1) -> dict[str, Any]:
    pages = Paginator(search(q[:200]), MOST)
    things = pages.get_page(page)
    return {
        "count": pages.count,
        "page": things.number,
        "pages": pages.num_pages,
        "items": [_found(stands) for stands in standings(things.object_list, clock.local_now())],
    }


@router.get("/{number}", response={200: Whole, 404: Missing}, summary="One certificate with its signed document")
def get_certificate(request: HttpRequest, number: str) -> Status[Any]:
    certificate = certificate_by_number(number)
    if certificate is None:
        return Status(
            404,
            {
                "zh": f"没有编号为“{number[:40]}”的证书，请核对编号。",
                "en": f'no certificate has the number "{number[:40]}"; check the number.',
            },
        )
    stands = standing(certificate, clock.local_now())
    return Status(200, {**_found(stands), "claims": certificate.claims, "document": certificate.document})
