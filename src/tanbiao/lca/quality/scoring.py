"""Scoring tables and levels: how the scores of a datum become a rating, and what a rating is called.

All tables are fed by the scores 1 (best) to 5 (worst) that a datum carries (model.DataQuality).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from tanbiao.lca.faults import NoScores
from tanbiao.lca.model import DataQuality
from tanbiao.words import TanbiaoError, Text

INDICATORS: Mapping[str, Text] = MappingProxyType(
    {
        "technological": Text("技术代表性", "technological representativeness"),
        "geographical": Text("地理代表性", "geographical representativeness"),
        "temporal": Text("时间代表性", "temporal representativeness"),
        "completeness": Text("完整性", "completeness"),
        "reliability": Text("可靠性", "reliability"),
        "precision": Text("精确度", "precision"),
    }
)
ONE_TO_FIVE = (1.0, 2.0, 3.0, 4.0, 5.0)
ONE_TO_THREE = (1.0, 1.5, 2.0, 2.5, 3.0)  # linear: 1 good, 3 fair, 5 poor are the 1, 2, 3 of PACT


class WrongMethod(TanbiaoError):
    """A scoring table or levels that do not hold together, or a method nobody knows."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a method makes of one datum: its scores by indicator and their mean, on the scale of the method."""

    dqr: float
    scores: Mapping[str, float]
    table: Text


@dataclass(frozen=True, slots=True)
class ScoringTable:
    """Which indicators count, how much, and what the scores 1 to 5 are worth.

    weights   (indicator, relative weight); they need not sum to one
    points    worth of the scores 1, 2, 3, 4, 5, not falling: the conversion to the scale of the scheme
    optional  indicators that count only where they are scored; without one of the others a datum is refused
    Raises WrongMethod.
    """

    name: Text
    weights: tuple[tuple[str, float], ...]
    source: str
    points: tuple[float, ...] = ONE_TO_FIVE
    optional: tuple[str, ...] = ()
    verified: bool = False

    def __post_init__(self) -> None:
        known = {field.name for field in fields(DataQuality)}
        names = [indicator for indicator, _ in self.weights]
        sound = names and len(set(names)) == len(names) and known.issuperset(names) and set(names) - set(self.optional)
        if not sound or not all(0 < weight < math.inf for _, weight in self.weights):
            raise WrongMethod(
                Text(
                    f"评分表“{self.name.zh}”的指标或权重不对：指标须为 {', '.join(sorted(known))}，权重须为正数。",
                    f'The indicators or weights of table "{self.name.en}" are wrong: indicators are '
                    f"{', '.join(sorted(known))}, weights greater than zero.",
                )
            )
        if (
            len(self.points) != 5
            or list(self.points) != sorted(self.points)
            or not all(map(math.isfinite, self.points))
        ):
            raise WrongMethod(
                Text(
                    f"评分表“{self.name.zh}”须为 1 至 5 分各给一个不递减的分值。",
                    f'Table "{self.name.en}" needs one value for each of the scores 1 to 5, not falling.',
                )
            )

    def judge(self, quality: DataQuality, place: str) -> Judgement:
        """The scores of a datum by this table. Raises NoScores naming the indicators that are missing."""
        given = {name: score for name, _ in self.weights if (score := getattr(quality, name)) is not None}
        if missing := [name for name, _ in self.weights if name not in given and name not in self.optional]:
            zh, en = ("、".join(INDICATORS[n].zh for n in missing), ", ".join(INDICATORS[n].en for n in missing))
            raise NoScores(
                place,
                f"缺少“{self.name.zh}”所需的评分：{zh}。请补充 1 至 5 的评分，或改用其他方法。",
                f'Table "{self.name.en}" needs scores for {en}. Give them (1 to 5), or take another method.',
            )
        scores = {name: self.points[score - 1] for name, score in given.items()}
        weights = {name: weight for name, weight in self.weights if name in scores}
        dqr = math.fsum(weights[name] * scores[name] for name in scores) / math.fsum(weights.values())
        return Judgement(dqr, scores, self.name)


@dataclass(frozen=True, slots=True)
class Levels:
    """What ratings are called: (limit, name) from the best on; a rating is called by the first limit it keeps.

    A rating beyond the last limit has the last name. Raises WrongMethod.
    """

    steps: tuple[tuple[float, Text], ...]
    source: str
    verified: bool = False

    def __post_init__(self) -> None:
        limits = [limit for limit, _ in self.steps]
        if not limits or limits != sorted(set(limits)):
            raise WrongMethod(
                Text("数据质量等级的界限须逐级递增。", "The limits of data-quality levels must rise from step to step.")
            )

    def of(self, dqr: float) -> Text:
        """The name of a rating; its last binary digits do not move it over a limit."""
        return next((name for limit, name in self.steps if round(dqr, 9) <= limit), self.steps[-1][1])
