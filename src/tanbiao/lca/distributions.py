"""What is known of an uncertain amount: columns of distributions, their moments and quantiles in closed form.

Numbers and columns mean what they mean in stats_arrays, so tables of Brightway are exchanged as they are:
    LOGNORMAL   loc = ln |median|, scale = ln GSD; `negative`: the amounts are below zero
    NORMAL      loc = mean, scale = standard deviation
    UNIFORM     minimum, maximum
    TRIANGULAR  loc = mode, minimum, maximum
A lognormal or normal with a minimum or maximum is cut off there and renormalised (NaN: not cut off).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from tanbiao.lca.faults import Fault, WrongDistribution, raise_faults

Vector = NDArray[np.float64]
Mask = NDArray[np.bool_]

STATS_ARRAYS = np.dtype(
    [
        ("loc", "<f8"),
        ("scale", "<f8"),
        ("shape", "<f8"),
        ("minimum", "<f8"),
        ("maximum", "<f8"),
        ("negative", "?"),
        ("uncertainty_type", "u1"),
    ]
)
_NAN = math.nan
_SHOWN = 20  # faults shown of a table; the rest is counted
_LEAST_MASS = 1e-9  # a distribution cut down to less than this share of itself is a slip


class Kind(IntEnum):
    """The numbers of stats_arrays; its 1 ("no uncertainty") is read as NONE."""

    NONE = 0
    LOGNORMAL = 2
    NORMAL = 3
    UNIFORM = 4
    TRIANGULAR = 5


@dataclass(frozen=True, slots=True, eq=False)
class Distributions:
    """N distributions: one column of length N each, in the unit of the amount they speak of.

    negative  mirrored at zero: decides the sign of a lognormal; says of the others only that a draw of them is minus
              a draw of their mirror image, so that an amount keeps its draws when its sign convention is turned round
    """

    kind: NDArray[np.uint8]
    loc: Vector
    scale: Vector
    minimum: Vector
    maximum: Vector
    negative: Mask

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def cut(self) -> Mask:
        """Which are normals or lognormals that are cut off at a bound."""
        bounded = (self.minimum > -np.inf) | (self.maximum < np.inf)
        return self._is(Kind.LOGNORMAL, Kind.NORMAL) & bounded & (self.scale > 0)

    @property
    def varies(self) -> Mask:
        """Which have any spread at all (a GSD of 1, a minimum equal to the maximum have none)."""
        spread = self._is(Kind.LOGNORMAL, Kind.NORMAL) & (self.scale > 0)
        return spread | (self._is(Kind.UNIFORM, Kind.TRIANGULAR) & (self.maximum > self.minimum))

    @property
    def sign(self) -> Vector:
        return np.where(self.negative, -1.0, 1.0)

    def median(self) -> Vector:
        return self.quantiles(0.5)

    def mean(self) -> Vector:
        return self._moments()[0]

    def variance(self) -> Vector:
        return self._moments()[1]

    def quantiles(self, p: ArrayLike) -> Vector:
        """The values that are not passed with probability p (0..1): p () gives (N,), p (Q,) gives (Q, N).

        An entry without a distribution answers with its loc.
        """
        wanted = np.asarray(p, dtype=np.float64)
        if not np.all((wanted >= 0) & (wanted <= 1)):
            raise WrongDistribution(
                "", f"概率 {wanted} 不在 0 到 1 之间。", f"probability {wanted} is not within 0 to 1."
            )
        upright, sign = self.upright(), self.sign
        rows = [sign * upright.ascending(np.where(self.negative, 1 - each, each)) for each in wanted.reshape(-1)]
        return rows[0] if wanted.ndim == 0 else np.array(rows).reshape(*wanted.shape, len(self))

    def upright(self) -> Distributions:
        """The mirror images of the negative ones, the others as they are."""
        if not self.negative.any():
            return self
        mirrored, lognormal = self.negative, self._is(Kind.LOGNORMAL)
        return Distributions(
            self.kind,
            np.where(mirrored & ~lognormal, -self.loc, self.loc),
            self.scale,
            np.where(mirrored, -self.maximum, self.minimum),
            np.where(mirrored, -self.minimum, self.maximum),
            np.zeros(len(self), dtype=np.bool_),
        )

    def ascending(self, p: Vector) -> Vector:
        """Quantile p (N,) of each upright distribution; grows with p."""
        answer = self.loc.copy()
        gaussian = np.flatnonzero(self._is(Kind.LOGNORMAL, Kind.NORMAL))
        if gaussian.size:
            part = self.take(gaussian)
            spread = part.scale > 0
            low, high = part.take(spread)._standard_bounds()
            share = ndtr(low) + p[gaussian][spread] * (ndtr(high) - ndtr(low))
            part.loc[spread] += part.scale[spread] * np.clip(ndtri(share), low, high)
            np.exp(part.loc, out=part.loc, where=part._is(Kind.LOGNORMAL))
            answer[gaussian] = part.loc
        uniform = np.flatnonzero(self._is(Kind.UNIFORM))
        if uniform.size:
            low, high = self.minimum[uniform], self.maximum[uniform]
            answer[uniform] = low + p[uniform] * (high - low)
        triangular = np.flatnonzero(self._is(Kind.TRIANGULAR))
        if triangular.size:
            mode, low, high, q = (c[triangular] for c in (self.loc, self.minimum, self.maximum, p))
            left = low + np.sqrt(q * (high - low) * (mode - low))
            right = high - np.sqrt((1 - q) * (high - low) * (high - mode))
            answer[triangular] = np.where(q * (high - low) < mode - low, left, right)
        return answer

    def _standard_bounds(self) -> tuple[Vector, Vector]:
        """Bounds of upright normals and lognormals in standard deviations from the middle; infinite where uncut."""
        logs = self._is(Kind.LOGNORMAL)
        with np.errstate(divide="ignore", invalid="ignore"):
            low = np.where(logs, np.log(np.maximum(self.minimum, 0)), self.minimum)
            high = np.where(logs, np.log(np.maximum(self.maximum, 0)), self.maximum)
            low, high = (low - self.loc) / self.scale, (high - self.loc) / self.scale
        return np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)

    def _moments(self) -> tuple[Vector, Vector]:
        """Mean and variance (N,), of the distribution as cut off; NONE: its loc, and zero."""
        one = self.upright()
        mean, variance = one.loc.copy(), np.zeros(len(one))
        normal, lognormal = one._is(Kind.NORMAL), one._is(Kind.LOGNORMAL)
        variance[normal] = one.scale[normal] ** 2
        square = one.scale[lognormal] ** 2
        mean[lognormal] = np.exp(one.loc[lognormal] + square / 2)
        variance[lognormal] = mean[lognormal] ** 2 * np.expm1(square)
        uniform, triangular = one._is(Kind.UNIFORM), one._is(Kind.TRIANGULAR)
        width = one.maximum[uniform] - one.minimum[uniform]
        mean[uniform] = one.minimum[uniform] + width / 2
        variance[uniform] = width**2 / 12
        width = one.maximum[triangular] - one.minimum[triangular]
        left = one.loc[triangular] - one.minimum[triangular]
        mean[triangular] = one.minimum[triangular] + (width + left) / 3
        variance[triangular] = (width**2 - width * left + left**2) / 18
        cut = np.flatnonzero(one.cut)
        if cut.size:
            mean[cut], variance[cut] = one.take(cut)._cut_moments()
        return self.sign * mean, variance

    def _cut_moments(self) -> tuple[Vector, Vector]:
        """Johnson, Kotz & Balakrishnan 1994, 13.10.1 (normal) and 14.3 (moments of the cut-off lognormal)."""
        low, high = self._standard_bounds()
        mass = ndtr(high) - ndtr(low)
        lower, upper = _density(low), _density(high)
        shift = (lower - upper) / mass
        edges = np.where(np.isfinite(low), low, 0) * lower - np.where(np.isfinite(high), high, 0) * upper
        narrowed = 1 + edges / mass - shift**2
        s = self.scale
        shares = [(ndtr(high - k * s) - ndtr(low - k * s)) / mass for k in (1, 2)]
        logs = self._is(Kind.LOGNORMAL)
        with np.errstate(over="ignore", invalid="ignore"):  # the branch that is not taken
            first = np.exp(self.loc + s**2 / 2) * shares[0]
            second = np.exp(2 * self.loc + 2 * s**2) * shares[1]
            mean = np.where(logs, first, self.loc + s * shift)
            variance = np.where(logs, second - first**2, s**2 * narrowed)
        return mean, np.maximum(variance, 0.0)

    def scaled(self, k: ArrayLike) -> Distributions:
        """The distributions of k times the amounts; k () or (N,), finite and not zero (unit or sign changed)."""
        factor = np.broadcast_to(np.asarray(k, dtype=np.float64), (len(self),))
        if not np.all(np.isfinite(factor) & (factor != 0)):
            raise WrongDistribution(
                "", "换算系数必须是有限的非零数。", "a factor that scales a distribution must be finite and not zero."
            )
        logs, turned = self._is(Kind.LOGNORMAL), factor < 0
        low, high = factor * self.minimum, factor * self.maximum
        return Distributions(
            self.kind,
            np.where(logs, self.loc + np.log(np.abs(factor)), factor * self.loc),
            np.where(logs, self.scale, np.abs(factor) * self.scale),
            np.where(turned, high, low),
            np.where(turned, low, high),
            self.negative ^ turned,
        )

    def take(self, indices: ArrayLike) -> Distributions:
        """Those at the indices (or where a mask is true), in that order."""
        at = np.asarray(indices)
        return Distributions(*(column[at] for column in self._columns()))

    def to_array(self) -> NDArray[np.void]:
        """A structured array (N,) with the fields of stats_arrays; shape is not used by these kinds (NaN)."""
        table = np.zeros(len(self), dtype=STATS_ARRAYS)
        table["uncertainty_type"], table["shape"] = self.kind, _NAN
        for name in ("loc", "scale", "minimum", "maximum", "negative"):
            table[name] = getattr(self, name)
        return table

    def checked(self, names: Sequence[str] = ()) -> Distributions:
        """Itself, or WrongDistribution (Problems where several) with the entries at fault; `names` (N,) name them."""
        faults = list(_faults(self, names))
        if len(faults) > _SHOWN:
            more = len(faults) - _SHOWN
            faults[_SHOWN:] = [WrongDistribution("", f"另有 {more} 处分布有误。", f"{more} more are wrong.")]
        raise_faults(faults)
        return self

    def _is(self, *kinds: Kind) -> Mask:
        return np.asarray(np.isin(self.kind, kinds))

    def _columns(self) -> tuple[NDArray[np.generic], ...]:
        return self.kind, self.loc, self.scale, self.minimum, self.maximum, self.negative


def from_array(table: NDArray[np.void], names: Sequence[str] = ()) -> Distributions:
    """Distributions from a structured array of stats_arrays (or datapackages of bw_processing), checked.

    A triangular without loc has its mode in the middle. Raises WrongDistribution for kinds that are not known here.
    """
    kind = np.where(table["uncertainty_type"] == 1, 0, table["uncertainty_type"]).astype(np.uint8)
    low, high = (table[name].astype(np.float64) for name in ("minimum", "maximum"))
    loc = table["loc"].astype(np.float64)
    loc = np.where((kind == Kind.TRIANGULAR) & np.isnan(loc), low + (high - low) / 2, loc)
    negative = table["negative"].astype(np.bool_)
    return Distributions(kind, loc, table["scale"].astype(np.float64), low, high, negative).checked(names)


def columns(
    kind: ArrayLike,
    loc: ArrayLike = _NAN,
    scale: ArrayLike = _NAN,
    minimum: ArrayLike = _NAN,
    maximum: ArrayLike = _NAN,
    negative: ArrayLike = False,
) -> Distributions:
    """Distributions from columns (N,), or single values that hold for all; checked."""
    kinds = np.atleast_1d(np.asarray(kind, dtype=np.uint8))
    numbers = (np.asarray(column, dtype=np.float64) for column in (loc, scale, minimum, maximum))
    signs = np.asarray(negative, dtype=np.bool_)
    shaped = np.broadcast_arrays(kinds, *numbers, signs)
    return Distributions(*(column.copy() for column in shaped)).checked()


def certain(amount: ArrayLike) -> Distributions:
    """No uncertainty: the amount and nothing else."""
    return columns(np.zeros(np.shape(amount), dtype=np.uint8), amount)


def lognormal(median: ArrayLike, gsd: ArrayLike) -> Distributions:
    """ln |x| is normal; a negative median makes all of it negative. GSD = exp(standard deviation of ln x) >= 1."""
    middle, spread = np.asarray(median, dtype=np.float64), np.asarray(gsd, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return columns(Kind.LOGNORMAL, np.log(np.abs(middle)), np.log(spread), negative=middle < 0)


def from_gsd2(median: ArrayLike, gsd2: ArrayLike) -> Distributions:
    """A lognormal from its GSD² ("SD95"): from median / GSD² to median x GSD² lie 95.45 % of it (± 2 sigma of ln)."""
    with np.errstate(invalid="ignore"):
        return lognormal(median, np.sqrt(np.asarray(gsd2, dtype=np.float64)))


def normal(mean: ArrayLike, sd: ArrayLike) -> Distributions:
    return columns(Kind.NORMAL, mean, sd)


def uniform(minimum: ArrayLike, maximum: ArrayLike) -> Distributions:
    return columns(Kind.UNIFORM, minimum=minimum, maximum=maximum)


def triangular(minimum: ArrayLike, mode: ArrayLike, maximum: ArrayLike) -> Distributions:
    return columns(Kind.TRIANGULAR, mode, minimum=minimum, maximum=maximum)


def combine(parts: Iterable[Distributions]) -> Distributions:
    """All of them, one after the other."""
    tables = list(parts) or [certain(np.empty(0))]
    return Distributions(*(np.concatenate(same) for same in zip(*(t._columns() for t in tables), strict=True)))


def _density(z: Vector) -> Vector:
    return np.asarray(np.exp(-np.square(z) / 2) / math.sqrt(2 * math.pi))


def _faults(d: Distributions, names: Sequence[str]) -> Iterator[Fault]:
    """What is wrong, entry by entry within each rule; the rules of one kind are asked of that kind only."""
    lognormal, normal = d._is(Kind.LOGNORMAL), d._is(Kind.NORMAL)
    uniform, triangular = d._is(Kind.UNIFORM), d._is(Kind.TRIANGULAR)
    finite = np.isfinite(d.minimum) & np.isfinite(d.maximum)
    middle, spread = np.isfinite(d.loc), np.isfinite(d.scale) & (d.scale >= 0)
    triangle = triangular & finite
    one = d.upright()
    cut = np.flatnonzero(one.cut & middle & spread)
    lost = np.zeros(len(d), dtype=np.bool_)
    if cut.size:
        low, high = one.take(cut)._standard_bounds()
        lost[cut] = ~(ndtr(high) - ndtr(low) >= _LEAST_MASS)
    rules = (
        (
            ~d._is(*Kind),
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
