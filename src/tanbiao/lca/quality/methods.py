"""How data are scored: the methods that `quality.assess_quality` can rate a footprint by.

Tables and levels are configuration with a source: what was not read in that source says so (`verified`).

    pef              PEF method: (TeR + GeR + TiR [+ P]) / n, 1 to 5, over everything that is scored
    pact             PACT v3: five indicators, 1 to 3, over what adds more than 5 % of the footprint
    site-background  Chinese group standards: one table for site data, another for background data, 1 to 5
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from tanbiao.lca.quality.scoring import ONE_TO_THREE, Judgement, Levels, ScoringTable, WrongMethod
from tanbiao.lca.views import Contribution
from tanbiao.words import Text


class QualityMethod(Protocol):
    """All that a method is: what it leaves out, what it makes of a line, what it calls the result."""

    @property
    def id(self) -> str: ...

    @property
    def threshold(self) -> float:
        """Data that add no more than this share of the footprint are left out; 0: none are."""

    @property
    def levels(self) -> Levels: ...

    def judge(self, line: Contribution) -> Judgement | None:
        """None where the datum has no scores. Raises NoScores where it lacks some that are needed."""


@dataclass(frozen=True, slots=True)
class TableMethod:
    """A method made of two tables: for primary data (of the site or the supplier), and for background data."""

    id: str
    primary: ScoringTable
    secondary: ScoringTable
    levels: Levels
    threshold: float = 0.0

    def judge(self, line: Contribution) -> Judgement | None:
        if line.quality is None:
            return None
        return (self.primary if line.primary else self.secondary).judge(line.quality, line.place or line.line)


_PEF_TABLE = ScoringTable(
    Text("PEF 数据质量", "PEF data quality"),
    (("technological", 1), ("geographical", 1), ("temporal", 1), ("precision", 1)),
    "PEF method, Recommendation (EU) 2021/2279, annex I 4.6.5; Catena-X battery components 1.0.0",
    optional=("precision",),
    verified=True,
)
PEF = TableMethod(
    "pef",
    _PEF_TABLE,
    _PEF_TABLE,
    Levels(
        (
            (1.5, Text("优秀", "excellent")),
            (2.0, Text("很好", "very good")),
            (3.0, Text("好", "good")),
            (4.0, Text("一般", "fair")),
            (5.0, Text("差", "poor")),
        ),
        "PEF method, Recommendation (EU) 2021/2279, annex I; limits from memory of it",
    ),
)

_PACT_TABLE = ScoringTable(
    Text("PACT 数据质量指标", "PACT data quality indicators"),
    (("technological", 1), ("temporal", 1), ("geographical", 1), ("completeness", 1), ("reliability", 1)),
    "PACT data exchange v3, DataQualityIndicators; scores of its table 9 from ours by the linear map",
    points=ONE_TO_THREE,
)
PACT = TableMethod(
    "pact",
    _PACT_TABLE,
    _PACT_TABLE,
    Levels(
        ((1.5, Text("好", "good")), (2.5, Text("一般", "fair")), (3.0, Text("差", "poor"))),
        "rounding to the nearest of good 1, fair 2, poor 3; the scheme names no levels of a mean",
    ),
    threshold=0.05,
)

SITE_BACKGROUND = TableMethod(
    "site-background",
    ScoringTable(
        Text("现场数据", "site data"),
        (("reliability", 1), ("completeness", 1), ("temporal", 1)),
        "separate table as in T/CIECCPA 041-2023 table 1; its indicators and weights were not read",
    ),
    ScoringTable(
        Text("背景数据", "background data"),
        (("technological", 1), ("geographical", 1), ("temporal", 1)),
        "separate table as in T/CIECCPA 041-2023 table 2; its indicators and weights were not read",
    ),
    Levels(
        (
            (2.0, Text("优", "high")),
            (3.0, Text("良", "good")),
            (4.0, Text("中", "medium")),
            (5.0, Text("差", "low")),
        ),
        "own default, no source",
    ),
)

QUALITY_METHODS: Mapping[str, QualityMethod] = MappingProxyType({m.id: m for m in (PEF, PACT, SITE_BACKGROUND)})


def quality_method(id: str | QualityMethod) -> QualityMethod:
    """The method of that id, or the method given itself. Raises WrongMethod."""
    if not isinstance(id, str):
        return id
    found = QUALITY_METHODS.get(id)
    if found is None:
        known = ", ".join(QUALITY_METHODS)
        raise WrongMethod(
            Text(
                f"没有数据质量方法“{id}”；可用：{known}。",
                f'There is no data-quality method "{id}"; available: {known}.',
            )
        )
    return found
