"""Which distributions cannot be: a spread below zero, a mode outside its bounds, a lognormal of zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.special import ndtr

from tanbiao.lca.distributions.columns import Distributions, Kind
from tanbiao.lca.faults import Fault, WrongDistribution, raise_faults

_SHOWN = 20  # faults shown of a table; the rest is counted
_LEAST_MASS = 1e-9  # a distribution cut down to less than this share of itself is a slip


def checked(distributions: Distributions, names: Sequence[str] = ()) -> Distributions:
    """The same, or WrongDistribution (Problems where several) with the entries at fault; `names` (N,) name them."""
    faults = list(_faults(distributions, names))
    if len(faults) > _SHOWN:
        more = len(faults) - _SHOWN
        faults[_SHOWN:] = [WrongDistribution("", f"另有 {more} 处分布有误。", f"{more} more are wrong.")]
    raise_faults(faults)
    return distributions


def _faults(d: Distributions, names: Sequence[str]) -> Iterator[Fault]:
    """What is wrong, entry by entry within each rule; the rules of one kind are asked of that kind only."""
    lognormal, normal = d.is_kind(Kind.LOGNORMAL), d.is_kind(Kind.NORMAL)
    uniform, triangular = d.is_kind(Kind.UNIFORM), d.is_kind(Kind.TRIANGULAR)
    finite = np.isfinite(d.minimum) & np.isfinite(d.maximum)
    middle, spread = np.isfinite(d.loc), np.isfinite(d.scale) & (d.scale >= 0)
    triangle = triangular & finite
    one = d.upright()
    cut = np.flatnonzero(one.cut & middle & spread)
    lost = np.zeros(len(d), dtype=np.bool_)
    if cut.size:
        low, high = one.take(cut).standard_bounds()
        lost[cut] = ~(ndtr(high) - ndtr(low) >= _LEAST_MASS)
    rules = (
        (
            ~d.is_kind(*Kind),
            d.kind,
            "不认识的分布类型 {:.0f}，请用 0、2、3、4、5",
            "unknown kind {:.0f}; use 0, 2, 3, 4 or 5",
        ),
        (
            lognormal & ~middle,
            d.loc,
            "对数正态的中位数为零或不是有限数（ln = {}），零值请改用其他分布",
            "the median of a lognormal is zero or not finite (ln = {}); take another distribution for zero",
        ),
        (
            lognormal & ~spread,
            d.scale,
            "几何标准差必须不小于 1（ln GSD = {}）",
            "the geometric standard deviation must be at least 1 (ln GSD = {})",
        ),
        (normal & ~middle, d.loc, "正态分布的均值 {} 不是有限数", "the mean {} is not finite"),
        (
            normal & ~spread,
            d.scale,
            "标准差 {} 必须是不小于 0 的有限数",
            "the standard deviation {} must be finite and not negative",
        ),
        (
            (uniform | triangular) & ~finite,
            np.where(np.isfinite(d.minimum), d.maximum, d.minimum),
            "最小值和最大值必须是有限数，得到 {}",
            "minimum and maximum must be finite, not {}",
        ),
        (
            uniform & finite & (d.minimum > d.maximum),
            d.minimum,
            "最小值 {} 大于最大值",
            "the minimum {} lies above the maximum",
        ),
        (
            triangle & ~(d.loc >= d.minimum),
            d.loc,
            "众数 {} 小于最小值或缺失",
            "the mode {} lies below the minimum or is missing",
        ),
        (triangle & (d.loc > d.maximum), d.loc, "众数 {} 大于最大值", "the mode {} lies above the maximum"),
        (
            lost,
            np.where(np.isnan(d.minimum), d.maximum, d.minimum),
            "界限（{} 等）之间几乎没有该分布的取值，请核对",
            "the bounds ({} and the other) leave next to nothing of the distribution; check them",
        ),
    )
    for wrong, values, zh, en in rules:
        for i in np.flatnonzero(wrong):
            place = str(names[int(i)]) if len(names) else f"#{i + 1}"
            yield WrongDistribution(place, zh.format(values[i]) + "。", en.format(values[i]) + ".")
