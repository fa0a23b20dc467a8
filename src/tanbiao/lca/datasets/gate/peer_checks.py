"""The gate's look at a factor among its like: the same thing twice, the same name far apart, odd ones of a category."""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from tanbiao.lca.datasets.gate.judgements import Judged, Judgements, Severity, about
from tanbiao.lca.model import FactorKind

SPREAD = 5.0  # how far factors of one name may lie apart
_LIKE = 4  # factors that make a category one can compare with
_OF_CATEGORY = 25.0  # techniques of one category differ more than factors of one name
_BREAKS = re.compile(r"[\s,，;；、]+")


def check_peers(rows: Sequence[Judged], peers: Iterable[Judged]) -> Judgements:
    """Judgements on `rows`; `peers` are factors that stand already and are only compared with."""
    standing = list(peers)
    everything = [*rows, *standing]
    yield from _twice(rows, everything)
    yield from _far_apart(rows, everything)
    yield from _odd(rows, everything)
    yield from _grid_values(rows, everything)


def _name(row: Judged) -> str:
    return _BREAKS.sub(" ", unicodedata.normalize("NFKC", row.name.zh)).strip().casefold()


def _dimension(row: Judged) -> str:
    known = row.known_unit
    return known.dimension if known else ""


def _twice(rows: Sequence[Judged], everything: Sequence[Judged]) -> Judgements:
    """The same name, region, year, technique and provider: one too many, or a difference that is not said."""
    met: dict[tuple[object, ...], Judged] = {}
    own = {id(row) for row in rows}
    for row in sorted(everything, key=lambda r: id(r) in own):
        key = (
            _name(row), _dimension(row), row.region, row.year, row.year_from, row.technology, row.provider,
            row.boundary, row.kind, row.gas,
        )  # fmt: skip
        other = met.setdefault(key, row)
        if other is row or id(row) not in own:
            continue
        same = other.per_base == row.per_base
        yield about(
            row,
            "duplicate",
            Severity.DOUBTFUL,
            f"与“{other.name.zh}”（{other.said}，{other.where}）同名、同地区、同年份"
            + ("，数值也相同。请只留一个。" if same else "，数值不同。请写明差别（技术、边界、提供者）或只留一个。"),
            f'has the name, region and year of "{other.name.en}" ({other.said}, {other.where})'
            + (
                " and its value. Keep one."
                if same
                else " but another value. Say what differs (technique, boundary, provider), or keep one."
            ),
        )


def _far_apart(rows: Sequence[Judged], everything: Sequence[Judged]) -> Judgements:
    """Of one name and dimension, whatever the year and region: each is named with the one farthest from it."""
    groups = defaultdict(list)
    for row in everything:
        size = row.per_base
        if size is not None and size > 0:
            groups[_name(row), _dimension(row), row.kind].append((size, row))
    own = {id(row) for row in rows}
    for sized in groups.values():
        (least, low), (most, high) = min(sized, key=lambda s: s[0]), max(sized, key=lambda s: s[0])
        if most <= SPREAD * least:
            continue
        for size, row in sized:
            other, ratio = (high, most / size) if most / size >= size / least else (low, size / least)
            if id(row) in own and ratio > SPREAD:
                yield about(
                    row,
                    "spread",
                    Severity.DOUBTFUL,
                    f"与同名的“{other.name.zh}”（{other.said}，{other.where}）"
                    f"相差 {ratio:,.0f} 倍（超过 {SPREAD:g} 倍即可疑）。请核对两者的数值和单位。",
                    f'lies {ratio:,.0f} times apart from "{other.name.en}" of the same name '
                    f"({other.said}, {other.where}); more than {SPREAD:g} times is doubtful. Check both.",
                )


def _odd(rows: Sequence[Judged], everything: Sequence[Judged]) -> Judgements:
    """Far from the middle of its category."""
    groups = defaultdict(list)
    for row in everything:
        size = row.per_base
        if size is not None and size > 0 and row.category:
            groups[row.category, _dimension(row), row.kind].append((size, row))
    own = {id(row) for row in rows}
    for sized in groups.values():
        if len(sized) < _LIKE:
            continue
        middle = statistics.median(size for size, _ in sized)
        _, like = min(sized, key=lambda s: abs(s[0] - middle))
        category = " / ".join(like.category)
        for size, row in sized:
            ratio = max(size / middle, middle / size)
            if id(row) in own and ratio > SPREAD:
                yield about(
                    row,
                    "odd_in_category",
                    Severity.DOUBTFUL if ratio > _OF_CATEGORY else Severity.NOTE,
                    f"与类别“{category}”的中位数相差 {ratio:,.0f} 倍，如“{like.name.zh}”（{like.said}）。"
                    "请核对单位，或确认产品确有不同。",
                    f'lies {ratio:,.0f} times from the middle of its category "{category}", '
                    f'such as "{like.name.en}" ({like.said}). Check its unit, or that the product differs.',
                )


def _grid_values(rows: Sequence[Judged], everything: Sequence[Judged]) -> Judgements:
    """A value published as CO2 of the grid that comes back as a footprint of electricity."""
    grid = {
        (row.region, f"{row.per_base:.10g}"): row
        for row in everything
        if row.kind == FactorKind.GRID_CO2 and row.per_base
    }
    for row in rows:
        if row.kind != FactorKind.ELECTRICITY_FOOTPRINT or not row.per_base:
            continue
        other = grid.get((row.region, f"{row.per_base:.10g}"))
        if other:
            yield about(
                row,
                "grid_co2_as_footprint",
                Severity.BLOCKING,
                f"与“{other.name.zh}”（{other.said}）数值相同：那只是燃烧的 CO2，不是碳足迹。请改用电力碳足迹因子。",
                f'has the value of "{other.name.en}" ({other.said}), which is CO2 of combustion only and no footprint. '
                "Take an electricity footprint factor.",
            )
