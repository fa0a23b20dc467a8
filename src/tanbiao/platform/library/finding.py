"""Finding a data set: by words in Chinese and English with their synonyms, narrowed by filters, ranked with reasons.

The order, from the first difference on: it is published; it may be used in a product footprint and has a value; it is
no process without any greenhouse gas; how well it matches, in its name before category and technology; nothing upstream
is lacking; its level in the hierarchy; nearness of region; the very unit asked for, since others of its kind are
converted; nearness of year.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Abs, Coalesce, Length, Substr
from django.db.models.lookups import Exact

from tanbiao.platform.kernel.search import Lexemes, query_of
from tanbiao.platform.library.facets import facets_of
from tanbiao.platform.library.found import HIERARCHY, PAGE, Filters, Found, Level, row_found
from tanbiao.platform.library.models import MEASURED, Access, Dataset, DatasetState, Form, Version, VersionState
from tanbiao.platform.library.rows import FOOTPRINT, dimension_of

FEW = 10  # fewer usable ones than this with all words: those with some of the words are shown too
THIS_YEAR = 9999
#: columns that no list needs, of the rows and of what is read with each of them
LARGE = ("document", "tokens", "version__report", "version__progress")
LARGE += ("successor__document", "successor__tokens", "successor__factor")
USABLE = Q(permitted_use=FOOTPRINT, factor__isnull=False, state=DatasetState.CURRENT)
#: processes that name no greenhouse gas: inventories of something else, not clean processes
NO_EMISSIONS = Q(form=Form.PROCESS, value=0)


def find(
    versions: Sequence[Version],
    text: str,
    filters: Filters,
    *,
    hierarchy: Sequence[str] = HIERARCHY,
    page: int = 1,
    size: int = PAGE,
) -> Found:
    """What a text and filters find among the data sets of some versions (each with its source)."""
    text = text.strip()
    visible = Dataset.objects.filter(version__in=[version.pk for version in versions])
    matched, widened = _matching(visible, text, filters)
    kept = _filtered(matched, filters)
    facets = facets_of(matched, versions, text)
    total = kept.count() if filters.count else dict(facets["state"]).get(filters.state, 0)
    page = min(max(1, page), max(1, -(-total // size)))
    ranked = _ranked(kept, text, filters, _staged(versions), _places(versions, hierarchy), widened)
    found = list(ranked[(page - 1) * size : page * size])
    whole = visible.select_related("version__source", "successor").defer(*LARGE)
    by_pk = whole.in_bulk([row["pk"] for row in found])
    better = _instead(visible, by_pk.values())
    rows = tuple(row_found(by_pk[row["pk"]], row, text, filters, hierarchy, better) for row in found)
    return Found(rows, total, facets, page, size, widened)


@functools.cache
def synonyms() -> Mapping[str, Sequence[str]]:
    """The lines of `data/synonyms.csv`: words for one thing, by the first of them."""
    lines = csv.reader((Path(__file__).parent / "data" / "synonyms.csv").read_text("utf-8").splitlines())
    return {line[0]: line[1:] for line in lines}


def _matching(visible: QuerySet[Dataset], text: str, filters: Filters) -> tuple[QuerySet[Dataset], bool]:
    """The data sets with all words of the text; with some of them too where few usable ones have all."""
    if not text:
        return visible, False
    asked = query_of(text, synonyms())
    by_key = Q(key=text) if "-" in text or "@" in text else Q()  # words alone are found by their index
    by_all = visible.filter(_named(asked) | by_key)
    some = query_of(text, synonyms(), any_word=True)
    if some.written == asked.written or _filtered(by_all, filters).filter(USABLE)[:FEW].count() >= FEW:
        return by_all, False
    return visible.filter(_named(some) | by_key), True


def _named(query: Lexemes) -> Q:
    return Q(tokens=query) if query.written else Q(pk=None)


def _filtered(found: QuerySet[Dataset], filters: Filters) -> QuerySet[Dataset]:
    exact = {"kind", "form", "life_cycle_scope", "quality", "state"}
    found = found.filter(**{name: value for name in exact if (value := getattr(filters, name))})
    if filters.region:
        country = filters.region.split("-")[0]
        found = found.filter(Q(region__in={filters.region, country}) | Q(region__startswith=f"{filters.region}-"))
    if filters.year_from is not None:
        found = found.filter(year__gte=filters.year_from)
    if filters.year_to is not None:
        found = found.filter(year__lte=filters.year_to)
    if filters.source:
        found = found.filter(version__source=filters.source)
    if filters.unit:
        found = found.filter(dimension=dimension_of(filters.unit))
    return found.filter(USABLE) if filters.permitted else found


def _ranked(
    found: QuerySet[Dataset], text: str, filters: Filters, staged: Any, level: Case, widened: bool
) -> QuerySet[Dataset, dict[str, Any]]:
    ranks = {
        "staged": staged,
        "usable": _first(USABLE, otherwise=1),
        "empty": _first(~NO_EMISSIONS, otherwise=1),
        "match": _match(text, widened),
        "elsewhere": _elsewhere(text),
        "lacking": _lacking(text.split()) if widened else Value(0),
        "low": _first(Q(complete=True), otherwise=1),
        "level": level,
        "near": _first(Q(region=filters.region), Q(region__startswith=f"{filters.region}-"), otherwise=2)
        if filters.region
        else Value(0),
        "fits": _first(Q(unit=filters.unit), otherwise=1) if filters.unit else Value(0),
        "age": Abs(Coalesce(F("year"), 0) - (filters.year_to or THIS_YEAR)),
    }
    return found.annotate(**ranks).order_by(*ranks, "name", "key").values("pk", *ranks)


def _elsewhere(text: str) -> Any:
    """Whether a word for what is asked stands in category or technology alone: wood burnt in a power plant."""
    groups = ((word, *others) for word, others in synonyms().items())
    meant = next((group for group in groups if text.lower() in (word.lower() for word in group)), ())
    named = reduce(or_, (_any_of(("name", "name_en", "product"), "icontains", word) for word in meant), Q())
    return _first(named, otherwise=1) if meant else Value(0)


def _lacking(words: Sequence[str]) -> Any:
    """How many of the words, as they were typed, the name does not hold."""
    held = [Q(name__icontains=word) | Q(name_en__icontains=word) for word in words]
    return sum((_first(each, otherwise=1) for each in held), Value(0))


def _first(*cases: Q, otherwise: int) -> Case:
    """The position of the first case that holds."""
    whens = [When(case, then=Value(place)) for place, case in enumerate(cases)]
    return Case(*whens, default=Value(otherwise), output_field=IntegerField())


def _match(text: str, widened: bool) -> Any:
    """The position in MATCHES; of what need not be asked nothing is asked: thousands of rows are ranked by this."""
    if not text:
        return Value(0)
    cased = text.upper() != text.lower()
    same, holds = ("iexact", "icontains") if cased else ("exact", "contains")
    literal, asked = query_of(text), query_of(text, synonyms())
    whens = [
        When(_any_of(("name", "name_en", "product", "key"), same, text), then=Value(0)),
        When(_any_of(("name", "name_en") if cased else ("name",), holds, text), then=Value(1)),
    ]
    if literal.written != asked.written:
        whens.append(When(_named(literal), then=Value(2)))
    if widened:
        whens.append(When(_named(asked), then=Value(3 if literal.written != asked.written else 2)))
    otherwise = 4 if widened else 3 if literal.written != asked.written else 2
    return Case(*whens, default=Value(otherwise), output_field=IntegerField())


def _any_of(columns: Sequence[str], lookup: str, text: str) -> Q:
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__{lookup}": text})
    return found


def _staged(versions: Sequence[Version]) -> Any:
    """What is not yet published comes after all that is."""
    staged = [version.pk for version in versions if version.state == VersionState.STAGED]
    return Case(When(version__in=staged, then=Value(1)), default=Value(0)) if staged else Value(0)


def _places(versions: Sequence[Version], hierarchy: Sequence[str]) -> Case:
    """The position of a data set's level in the hierarchy."""
    measured = [version.pk for version in versions if version.source.name == MEASURED]
    own = [version.pk for version in versions if version.source.access == Access.OWN]
    of = {
        Level.SUPPLIER: Q(version__in=measured),
        Level.OWN: Q(version__in=own),
        Level.NATIONAL: Exact(Length("region"), 2),
        Level.REGIONAL: Exact(Substr("region", 3, 1), "-"),
    }
    place = {level: hierarchy.index(level) if level in hierarchy else len(hierarchy) for level in Level}
    whens = [When(case, then=Value(place[level])) for level, case in of.items()]
    return Case(*whens, default=Value(place[Level.LITERATURE]), output_field=IntegerField())


def _instead(visible: QuerySet[Dataset], rows: Any) -> Mapping[str, Dataset]:
    """What to use in the place of those that name another, where the actor sees it, by key."""
    keys = {row.use_instead for row in rows if row.use_instead}
    return {row.key: row for row in visible.filter(key__in=keys)} if keys else {}
