"""What a search is narrowed by and what it answers with: data sets, each with why it stands where it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tanbiao.lca.factors import factor_faults
from tanbiao.lca.model import Input, InputKind, Stage
from tanbiao.lca.units import Quantity
from tanbiao.platform.kernel.pages import for_reader
from tanbiao.platform.library.factors import factor_of_row
from tanbiao.platform.library.models import Dataset, DatasetState
from tanbiao.platform.library.rows import FOOTPRINT
from tanbiao.words import Text

PAGE = 20


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


def row_found(
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
