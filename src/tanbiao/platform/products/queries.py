from __future__ import annotations

from django.db.models import QuerySet

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.products.models import Product


def products_of(actor: Actor) -> QuerySet[Product]:
    """The products of the actor's own enterprise."""
    return Product.objects.filter(owner_id=actor.organisation_id).order_by("name", "model")
