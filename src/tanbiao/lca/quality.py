"""How good the data behind a footprint are: data-quality rating, share of primary data, coverage."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tanbiao.lca.footprint import Contribution, Footprint
from tanbiao.lca.model import DataQuality


@dataclass(frozen=True, slots=True)
class LineQuality:
    """The rating of one activity datum, with all it adds (supply and use together)."""

    process: str
    line: str
    place: str
    dqr: float | None  # None: not scored
    kg_co2e: float
    weight: float  # its share of the sum of all absolute contributions
    primary: bool


@dataclass(frozen=True, slots=True)
class QualitySummary:
    """dqr and its three parts are 1 (best) to 5 (worst), None where nothing is scored; shares are 0 to 1."""

    dqr: float | None
    technological: float | None
    geographical: float | None
    temporal: float | None
    primary_share: float
    coverage: float
    dqr_by_line: tuple[LineQuality, ...]


def rating(quality: DataQuality) -> float:
    """DQR = (TeR + GeR + TiR) / 3. PEF method, Recommendation (EU) 2021/2279, annex I 4.6.5."""
    return (quality.technological + quality.geographical + quality.temporal) / 3


def assess_quality(footprint: Footprint) -> QualitySummary:
    """Rate the activity data of a footprint, each weighted by the absolute value of what it adds.

    dqr            mean of the ratings of the scored contributions
    coverage       share of the footprint that carries scores
    primary_share  PDS = sum(|CFP_i| s_i) / sum |CFP_i|, with s_i = 1 where the *activity datum* is primary (measured,
                   calculated on site, or of the supplier; ISO 14067:2018 3.1.7.1), whatever its factor. Absolute
                   values keep it within 0 to 1 beside removals; without removals it is the formula of PACT v3.
    """
    lines = footprint.contributions
    scored = [c for c in lines if c.quality]
    weight = _weight(lines)
    return QualitySummary(
        dqr=_mean(scored, rating),
        technological=_mean(scored, lambda q: q.technological),
        geographical=_mean(scored, lambda q: q.geographical),
        temporal=_mean(scored, lambda q: q.temporal),
        primary_share=_share(_weight(c for c in lines if c.primary), weight),
        coverage=_share(_weight(scored), weight),
        dqr_by_line=tuple(_lines(footprint, weight)),
    )


def _weight(contributions: Iterable[Contribution]) -> float:
    return math.fsum(abs(c.kg_co2e) for c in contributions)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _mean(scored: list[Contribution], score: Callable[[DataQuality], float]) -> float | None:
    weight = _weight(scored)
    if not weight:
        return None
    return math.fsum(abs(c.kg_co2e) * score(c.quality) for c in scored if c.quality) / weight


def _lines(footprint: Footprint, weight: float) -> Iterator[LineQuality]:
    rows: defaultdict[tuple[str, str, str], list[Contribution]] = defaultdict(list)
    for c in footprint.contributions:
        rows[c.process, c.line, c.place].append(c)
    for (process, line, place), parts in rows.items():
        quality = parts[0].quality
        yield LineQuality(
            process,
            line,
            place,
            rating(quality) if quality else None,
            math.fsum(c.kg_co2e for c in parts),
            _share(_weight(parts), weight),
            parts[0].primary,
        )
