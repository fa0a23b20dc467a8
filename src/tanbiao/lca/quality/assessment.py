"""How good the data behind a footprint are: data-quality rating, share of primary data, coverage."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tanbiao.lca.faults import NoScores, raise_faults
from tanbiao.lca.footprint import Footprint
from tanbiao.lca.frames import Table
from tanbiao.lca.quality.methods import QualityMethod, quality_method
from tanbiao.lca.quality.scoring import Judgement
from tanbiao.lca.views import Contribution
from tanbiao.words import Text


@dataclass(frozen=True, slots=True)
class LineQuality:
    """The rating of one activity datum, with all it adds (supply and use together)."""

    process: str
    line: str
    place: str
    dqr: float | None  # None: not scored, or left out by the method
    kg_co2e: float
    weight: float  # its share of the sum of all absolute contributions
    primary: bool


@dataclass(frozen=True, slots=True)
class TableQuality:
    """The rating of the data that one table of the method scores; coverage is their share of the footprint."""

    name: Text
    dqr: float
    coverage: float


@dataclass(frozen=True, slots=True)
class QualitySummary(Table):
    """Ratings on the scale of the method (PEF: 1 best to 5 worst), None where nothing is scored; shares are 0 to 1.

    level   what the method calls the rating; None where there is none
    tables  the same by table, for a method that scores site and background data apart
    """

    dqr: float | None
    technological: float | None
    geographical: float | None
    temporal: float | None
    primary_share: float
    coverage: float
    dqr_by_line: tuple[LineQuality, ...]
    completeness: float | None = None
    reliability: float | None = None
    precision: float | None = None
    method: str = "pef"
    level: Text | None = None
    tables: tuple[TableQuality, ...] = ()

    def caption(self) -> Text:
        rated = "–" if self.dqr is None else f"{self.dqr:.3g}"
        level = self.level or Text("未评", "not rated")
        return Text(
            f"数据质量 {rated}（{self.method}，{level.zh}），初级数据占比 {self.primary_share:.1%}",
            f"Data quality {rated} ({self.method}, {level.en}), primary data {self.primary_share:.1%}",
        )

    def rows(self) -> list[dict[str, object]]:
        """One dict a line, in the order of the footprint."""
        return [
            {
                "process": line.process,
                "line": line.line,
                "place": line.place,
                "dqr": line.dqr,
                "kg_co2e": line.kg_co2e,
                "primary": line.primary,
                "share": line.weight,
            }
            for line in self.dqr_by_line
        ]


_Judged = tuple[Contribution, Judgement]
_Datum = tuple[str, str, str]  # process, line, place


def assess_quality(footprint: Footprint, method: str | QualityMethod = "pef") -> QualitySummary:
    """Rate the activity data of a footprint, each weighted by the absolute value of what it adds.

    method         "pef", "pact", "site-background", or one of one's own (quality_methods)
    dqr            mean of the ratings of the scored contributions
    coverage       share of the footprint that carries scores, without what the method leaves out as too small
                   (coveragePercent / 100 of PACT v3)
    primary_share  see primary_data_share; s_i = 1 where the *activity datum* is primary (measured, calculated on site,
                   or of the supplier; ISO 14067:2018 3.1.7.1), whatever its factor
    Raises WrongMethod, or NoScores (Problems for several) where scored data lack what the method needs.
    """
    chosen = quality_method(method)
    lines = footprint.contributions
    weight = _weight(lines)
    data: defaultdict[_Datum, list[Contribution]] = defaultdict(list)
    for line in lines:
        data[_datum(line)].append(line)
    judged = _judged(chosen, data, weight)
    dqr = _mean([(line, found.dqr) for line, found in judged])
    return QualitySummary(
        dqr=dqr,
        technological=_indicator(judged, "technological"),
        geographical=_indicator(judged, "geographical"),
        temporal=_indicator(judged, "temporal"),
        primary_share=primary_data_share([c.kg_co2e for c in lines], [float(c.primary) for c in lines]),
        coverage=_share(_weight(line for line, _ in judged), weight),
        dqr_by_line=_by_line(data, {_datum(c): found.dqr for c, found in judged if c is data[_datum(c)][0]}, weight),
        completeness=_indicator(judged, "completeness"),
        reliability=_indicator(judged, "reliability"),
        precision=_indicator(judged, "precision"),
        method=chosen.id,
        level=None if dqr is None else chosen.levels.of(dqr),
        tables=_by_table(judged, weight),
    )


def primary_data_share(kg_co2e: Sequence[float], shares: Sequence[float]) -> float:
    """PDS = sum(|CFP_i| s_i) / sum |CFP_i|, 0 to 1: how much of a footprint rests on primary data.

    shares  s_i of each part, 0 to 1: of a supplier's product the PDS of its own footprint
    Absolute values keep it within 0 to 1 beside removals; without removals it is the formula of PACT v3.
    """
    primary = math.fsum(abs(kg) * share for kg, share in zip(kg_co2e, shares, strict=True))
    return _share(primary, math.fsum(map(abs, kg_co2e)))


def _datum(line: Contribution) -> _Datum:
    return line.process, line.line, line.place


def _judged(method: QualityMethod, data: Mapping[_Datum, list[Contribution]], weight: float) -> list[_Judged]:
    """What the method makes of each contribution of the data that are large enough for it."""
    judged: list[_Judged] = []
    faults: list[NoScores] = []
    for parts in data.values():
        if method.threshold and round(_share(_weight(parts), weight), 12) <= method.threshold:
            continue
        try:
            judged += [(part, found) for part in parts if (found := method.judge(part))]
        except NoScores as fault:
            faults.append(fault)
    raise_faults(faults)
    return judged


def _indicator(judged: Iterable[_Judged], name: str) -> float | None:
    return _mean([(line, found.scores[name]) for line, found in judged if name in found.scores])


def _mean(scored: Sequence[tuple[Contribution, float]]) -> float | None:
    weight = _weight(line for line, _ in scored)
    return math.fsum(abs(line.kg_co2e) * score for line, score in scored) / weight if weight else None


def _by_table(judged: Iterable[_Judged], weight: float) -> tuple[TableQuality, ...]:
    found: defaultdict[Text, list[tuple[Contribution, float]]] = defaultdict(list)
    for line, judgement in judged:
        found[judgement.table].append((line, judgement.dqr))
    return tuple(
        TableQuality(name, dqr, _share(_weight(line for line, _ in scored), weight))
        for name, scored in found.items()
        if (dqr := _mean(scored)) is not None
    )


def _by_line(
    data: Mapping[_Datum, list[Contribution]], ratings: Mapping[_Datum, float], weight: float
) -> tuple[LineQuality, ...]:
    return tuple(
        LineQuality(
            *datum,
            ratings.get(datum),
            math.fsum(c.kg_co2e for c in parts),
            _share(_weight(parts), weight),
            parts[0].primary,
        )
        for datum, parts in data.items()
    )


def _weight(contributions: Iterable[Contribution]) -> float:
    return math.fsum(abs(c.kg_co2e) for c in contributions)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
