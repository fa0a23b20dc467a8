"""What readers of formats without unit groups share: numbers read strictly, and flows counted in base units."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace

from tanbiao.lca.datasets.records import FlowKind, FlowRecord, Names
from tanbiao.lca.datasets.report import Report, SourceRefused, refused
from tanbiao.lca.datasets.source_units import in_base

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_PEDIGREE = re.compile(r"\(\s*(?:[1-5]|na|n\.a\.)(?:\s*[,;]\s*(?:[1-5]|na|n\.a\.)){4,6}\s*\)", re.IGNORECASE)
_TIME = "h"  # the base unit of time
_LAST_YEAR = 2100  # what is said to hold for longer has no end

Base = tuple[str, float]  # a base unit, and how many of it one unit is


def number(text: str, place: str, what: tuple[str, str] = ("数量", "amount")) -> float:
    """A finite number as written with a decimal point. Raises SourceRefused: text never becomes a number silently."""
    if _NUMBER.fullmatch(text.strip()) and math.isfinite(value := float(text)):
        return value
    if not text.strip():
        raise refused(place, f"缺少{what[0]}；请在来源中补上", f"the {what[1]} is missing; give it in the source")
    raise refused(
        place,
        f"{what[0]}“{text[:40]}”不是有限的数；请在来源中改为以小数点书写的数",
        f'the {what[1]} "{text[:40]}" is no finite number; write a number with a decimal point in the source',
    )


def number_if_any(text: str) -> float | None:
    """A finite number, or None: for what an amount does not hang on, such as its uncertainty ("INF" occurs)."""
    value = float(text) if _NUMBER.fullmatch(text.strip()) else math.inf
    return value if math.isfinite(value) else None


def year_of(text: str) -> int | None:
    """The year a date begins with, where it does; one such as 9999 only says that there is no end."""
    found = re.match(r"\s*(\d{4})\b", text)
    return int(found[1]) if found and int(found[1]) <= _LAST_YEAR else None


def pedigree_in(comment: Names | str) -> str:
    """The pedigree scores that a comment begins with, as in ecoinvent 2 and SimaPro: "(1,2,3,4,5,na)"."""
    texts = [comment] if isinstance(comment, str) else comment.values()
    return next((found[0] for text in texts if (found := _PEDIGREE.match(text.strip()))), "")


class Flows:
    """The flows of a source as its exchanges name them; a flow is counted in the base unit it is first met in.

    Time stays in the unit it is written in, for a machine's day is no 24 of its hours to those who read the results;
    within one flow its units are converted all the same.
    """

    def __init__(self, report: Report, base_of: Callable[[str], Base | None] = in_base):
        self._report, self._base_of = report, base_of
        self._known: dict[str, FlowRecord] = {}
        self._new: list[FlowRecord] = []
        self._bases: dict[str, Base] = {}

    def __contains__(self, id: str) -> bool:
        return id in self._known

    def __getitem__(self, id: str) -> FlowRecord:
        return self._known[id]

    def know(self, flow: FlowRecord, place: str) -> None:
        """A flow that the source describes by itself, whether or not an exchange names it."""
        self._known[flow.id] = replace(flow, unit=self.base(flow.unit, place)[0])
        self._new.append(self._known[flow.id])

    def new(self) -> list[FlowRecord]:
        """Those met since the last call."""
        new, self._new = self._new, []
        return new

    def base(self, symbol: str, place: str) -> Base:
        """The base unit of a unit; conversions, and units not known (each a kind of its own), are said once."""
        if symbol in self._bases:
            return self._bases[symbol]
        found = self._base_of(symbol)
        if found and found[0] == _TIME:
            found = symbol, 1.0
        self._bases[symbol] = found or (symbol, 1.0)
        said = symbol or "—"
        if found is None:
            self._report.warn(
                "unknown_unit",
                place,
                f"单位“{said}”不认识，自成一类：只与同一单位的流相连，不作换算",
                f'unit "{said}" is not known and stays a kind of its own: linked only to flows in the same unit, never '
                "converted",
            )
        elif found[0] != symbol:
            factor = f"{found[1]:.15g}"
            self._report.note(
                "unit_converted",
                place,
                f"单位换算：1 {said} = {factor} {found[0]}",
                f"unit converted: 1 {said} = {factor} {found[0]}",
            )
        return self._bases[symbol]

    def counted(
        self, id: str, unit: str, kind: FlowKind, place: str, make: Callable[[], FlowRecord]
    ) -> tuple[float, str, FlowKind | None]:
        """Of an exchange: its factor, its unit where of another kind than the flow's, its kind where another.

        make  the flow, where it is met for the first time
        """
        base, factor = self.base(unit, place)
        flow = self._known.get(id)
        if flow is None:
            flow = self._known[id] = replace(make(), unit=base)
            self._new.append(flow)
        if base != flow.unit and (ratio := _ratio(base, flow.unit)):
            base, factor = flow.unit, factor * ratio
        if base != flow.unit:
            self._report.warn(
                "other_unit",
                place,
                f"“{flow.text.zh}”在此以 {unit} 计，别处以 {flow.unit} 计，二者不能换算；此项不与那些过程相连",
                f'"{flow.text.en}" is given in {unit} here and in {flow.unit} elsewhere, which cannot be converted; '
                "it is not linked to those processes",
            )
        return factor, "" if base == flow.unit else base, None if kind is flow.kind else kind


def _ratio(unit: str, other: str) -> float | None:
    """How many of another unit of time one of a unit of time is."""
    one, two = in_base(unit), in_base(other)
    return one[1] / two[1] if one and two and one[0] == two[0] == _TIME else None


def duplicate(id: str, first: str, second: str) -> SourceRefused:
    return refused(
        f"{first}, {second}",
        f"两个不同的数据集使用同一编号 {id}，无法判断以哪个为准；请改正后重新导出",
        f"two different data sets carry one id {id}; which one counts cannot be known. Correct and export again",
    )
