"""Finding a data set: by words in Chinese and English with their synonyms, narrowed by filters, ranked with reasons.

The order, from the first difference on: it is published; it may be used in a product footprint and has a value; it is
no process without any greenhouse gas; how well its name matches; nothing upstream is lacking; its level in the
hierarchy; nearness of region; the very unit asked for, since others of its kind are converted; nearness of year.
"""

from __future__ import annotations

import csv
import functools
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Abs, Coalesce, Length, Substr
from django.db.models.lookups import Exact

from tanbiao.lca.factors import factor_faults
from tanbiao.lca.model import Input, InputKind, Stage
from tanbiao.lca.units import Quantity
from tanbiao.platform.kernel.pages import for_reader
from tanbiao.platform.kernel.search import Lexemes, query_of
from tanbiao.platform.library.models import MEASURED, Access, Dataset, DatasetState, Form, Version, VersionState
from tanbiao.platform.library.rows import FOOTPRINT, dimension_of, factor_of_row
from tanbiao.words import Text

PAGE = 20
FEW = 10  # fewer usable ones than this with all words: those with some of the words are shown too
THIS_YEAR = 9999
#: columns that no list needs, of the rows and of what is read with each of them
LARGE = ("document", "tokens", "version__report", "version__progress")
LARGE += ("successor__document", "successor__tokens", "successor__factor")


class Level(StrEnum):
    """Where a value comes from, in the order that most rules prefer."""

    SUPPLIER = "supplier"  # measured for this very product, reviewed by two, published here
    OWN = "own"  # a database under one's own licence
    NATIONAL = "national"  # data of a country
    REGIONAL = "regional"  # data of a part of a country
    LITERATURE = "literature"  # all else: global averages, data without a place


HIERARCHY = tuple(Level)
LEVELS = {
    Level.SUPPLIER: Text("供应商测算并经审核", "measured by the supplier, reviewed"),
    Level.OWN: Text("本单位许可的数据库", "database under own licence"),
    Level.NATIONAL: Text("国家数据", "national data"),
    Level.REGIONAL: Text("地区数据", "regional data"),
    Level.LITERATURE: Text("文献或全球数据", "literature or global data"),
}
MATCHES = (
    Text("名称相同", "same name"),
    Text("名称含全部文字", "the name holds the words"),
    Text("含全部词", "all words"),
    Text("含同义词", "by synonyms"),
    Text("含部分词", "some of the words"),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What to keep; "" or None keeps all.

    region     code: data of it, of its parts, and of the country it belongs to
    unit       data per a unit of the same dimension
    source     id of a source
    permitted  only what may be used in a product footprint and has a value
    state      "current", "retired" or "" for both
    """

    region: str = ""
    year_from: int | None = None
    year_to: int | None = None
    kind: str = ""
    form: str = ""
    source: str = ""
    unit: str = ""
    life_cycle_scope: str = ""
    quality: str = ""
    permitted: bool = False
    state: str = DatasetState.CURRENT

    @property
    def count(self) -> int:
        """How many filters narrow the search."""
        return sum(getattr(self, field.name) != field.default for field in fields(self))


@dataclass(frozen=True, slots=True)
class Row:
    """One data set found; `why` it stands here, and, where it may not be used in a footprint, why and what instead.

    match  the position of its name's likeness in MATCHES
    """

    dataset: Dataset
    level: Level
    why: Text
    refused: Text | None = None
    instead: Dataset | None = None
    match: int = 0

    @property
    def whole(self) -> bool:
        """Whether it has all the words asked for, as they stand or by synonyms."""
        return self.match < len(MATCHES) - 1

    @property
    def rank(self) -> str:
        """`why`, in the reader's language."""
        return for_reader(self.why)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found.

    total    how many there are in all
    facets   for each of FACETS: (value, how many of those with these words have it), the most frequent first
    widened  whether data sets with only some of the words are among them, since few have all
    """

    rows: tuple[Row, ...]
    total: int
    facets: Mapping[str, Sequence[tuple[Any, int]]]
    page: int = 1
    size: int = PAGE
    widened: bool = False

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


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
USABLE = Q(permitted_use=FOOTPRINT, factor__isnull=False, state=DatasetState.CURRENT)
#: processes that name no greenhouse gas: inventories of something else, not clean processes
NO_EMISSIONS = Q(form=Form.PROCESS, value=0)


def find(
    versions: Sequence[Version],
    text: str = "",
    filters: Filters = Filters(),
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
    facets = _facets(matched, versions, text)
    total = kept.count() if filters.count else dict(facets["state"]).get(filters.state, 0)
    page = min(max(1, page), max(1, -(-total // size)))
    ranked = _ranked(kept, text, filters, _staged(versions), _places(versions, hierarchy), widened)
    found = list(ranked[(page - 1) * size : page * size])
    whole = visible.select_related("version__source", "successor").defer(*LARGE)
    by_pk = whole.in_bulk([row["pk"] for row in found])
    better = _instead(visible, by_pk.values())
    rows = tuple(_row(by_pk[row["pk"]], row, text, filters, hierarchy, better) for row in found)
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


def _facets(found: QuerySet[Dataset], versions: Sequence[Version], text: str) -> dict[str, list[tuple[Any, int]]]:
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


def _instead(visible: QuerySet[Dataset], rows: Any) -> Mapping[str, Dataset]:
    """What to use in the place of those that name another, where the actor sees it, by key."""
    keys = {row.use_instead for row in rows if row.use_instead}
    return {row.key: row for row in visible.filter(key__in=keys)} if keys else {}


def refusal(dataset: Dataset, instead: Dataset | None) -> Text | None:
    """Why a data set may not be used in a product footprint, in the words of lca.factors; None where it may."""
    if dataset.permitted_use == FOOTPRINT or dataset.factor is None:
        return None
    factor = factor_of_row(dataset)
    lookup = {instead.key: factor_of_row(instead)} if instead and instead.factor else {}
    row = Input(dataset.name, InputKind.ENERGY, Quantity(Decimal(1), factor.unit), Stage.PRODUCTION, factor=factor.id)
    said = [problem.text for fault in factor_faults("", row, {factor.id: factor}, lookup) for problem in fault.problems]
    return said[0] if said else None


_SAME_REGION = Text("地区一致", "same region")
_PART_OF_REGION = Text("地区的一部分", "part of the region")
_WIDER_REGION = Text("所在国家的数据", "data of its country")


def _row(
    dataset: Dataset,
    ranks: Mapping[str, Any],
    text: str,
    filters: Filters,
    hierarchy: Sequence[str],
    better: Mapping[str, Dataset],
) -> Row:
    level = Level(hierarchy[ranks["level"]]) if ranks["level"] < len(hierarchy) else Level.LITERATURE
    instead = better.get(dataset.use_instead)
    refused = refusal(dataset, instead)
    said = [MATCHES[ranks["match"]]] if text else []
    if refused:
        said.append(Text("不可用于产品碳足迹", "not for product footprints"))
    elif ranks["usable"]:
        said.append(Text("没有可用的数值", "no usable value"))
    if filters.unit and not ranks["fits"]:
        said.append(Text("单位一致", "same unit"))
    said.append(LEVELS[level])
    if filters.region:
        said.append((_SAME_REGION, _PART_OF_REGION, _WIDER_REGION)[ranks["near"]])
    if dataset.year:
        said.append(Text(f"{dataset.year} 年", str(dataset.year)))
    why = Text("；".join(part.zh for part in said), "; ".join(part.en for part in said))
    return Row(dataset, level, why, refused, instead, ranks["match"])
