"""What every page knows: the way about the house, as far as the reader's role goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tanbiao.platform.accounts.actor import PASSER_BY, Actor


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    address: str
    current: bool


def places(actor: Actor) -> list[tuple[str, str]]:
    """(words, name of the address) of what the actor works with, in the order of the work."""
    found = []
    if actor.signed_in:
        found.append((_("首页"), "portal:home"))
    if actor.is_enterprise:
        found.append((_("产品与研究"), "footprints:studies"))
    if actor.is_enterprise or actor.is_body:
        found.append((_("认证委托"), "certification:applications"))
    return [*found, (_("因子库"), "library:factors"), (_("查证书"), "portal:certificates")]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `actor` and `navigation`, the items of the menu."""
    actor = getattr(request, "actor", PASSER_BY)
    items = []
    for name, place in places(actor):
        address = reverse(place)
        current = request.path == address or (address != "/" and request.path.startswith(address))
        items.append(Item(name, address, current))
    return {"actor": actor, "navigation": items}
