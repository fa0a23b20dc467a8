"""The two kinds of factor of a grid: the footprint of its electricity, and the CO2 of its power stations alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from tanbiao.lca.datasets.regions import region_in
from tanbiao.lca.model import FactorKind
from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.queries import organisation
from tanbiao.platform.library.finding import USABLE
from tanbiao.platform.library.found import Found
from tanbiao.platform.library.models import Dataset, DatasetState
from tanbiao.platform.library.queries.visible import datasets_visible_to

HOME = "CN"  # whose grid is meant where no place is named
_AVERAGE = Q(name__contains="平均") | Q(name_en__icontains="average")


@dataclass(frozen=True, slots=True)
class TwoKinds:
    """The averages of a grid: `right` for footprints, `wrong` the CO2 factor, which they refuse; `count` such ones."""

    right: Dataset | None
    wrong: Dataset
    count: int


def two_kinds(actor: Actor, found: Found, region: str = "") -> TwoKinds | None:
    """Both kinds, like beside like, where a search finds one that footprints refuse.

    region  code of the place that is asked about; "": where the actor's organisation is
    """
    count = dict(found.facets["kind"]).get(FactorKind.GRID_CO2)
    if not count:
        return None
    region = region or _home_of(actor)
    visible = datasets_visible_to(actor).filter(state=DatasetState.CURRENT)
    wrong = _nearest(visible.filter(kind=FactorKind.GRID_CO2), region)
    if wrong is None:
        return None
    whole = visible.filter(USABLE, kind=FactorKind.ELECTRICITY_FOOTPRINT, complete=True)
    right = _nearest(whole, region) or visible.filter(key=wrong.use_instead).first()
    return TwoKinds(right, wrong, count)


def _home_of(actor: Actor) -> str:
    address = organisation(actor.organisation_id).address if actor.organisation_id else ""
    return region_in(address) or HOME


def _nearest(datasets: QuerySet[Dataset], region: str) -> Dataset | None:
    """Of the region, else of its country: an average before others, the newest, the one said with the fewest words."""
    country = region.split("-")[0]
    near = Case(When(region=region, then=Value(0)), default=Value(1), output_field=IntegerField())
    average = Case(When(_AVERAGE, then=Value(0)), default=Value(1), output_field=IntegerField())
    kept = datasets.filter(region__in={region, country}, value__isnull=False)
    return kept.order_by(average, near, "-year", Length("name")).first()
