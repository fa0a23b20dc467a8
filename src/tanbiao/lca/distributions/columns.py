"""Columns of distributions: what is known of N uncertain amounts, their moments and quantiles in closed form.

Numbers and columns mean what they mean in stats_arrays, so tables of Brightway are exchanged as they are:
    LOGNORMAL   loc = ln |median|, scale = ln GSD; `negative`: the amounts are below zero
    NORMAL      loc = mean, scale = standard deviation
    UNIFORM     minimum, maximum
    TRIANGULAR  loc = mode, minimum, maximum
A lognormal or normal with a minimum or maximum is cut off there and renormalised (NaN: not cut off).
They are made in `making` and checked in `checks`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from tanbiao.lca.faults import WrongDistribution

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
        return self.is_kind(Kind.LOGNORMAL, Kind.NORMAL) & bounded & (self.scale > 0)

    @property
    def varies(self) -> Mask:
        """Which have any spread at all (a GSD of 1, a minimum equal to the maximum have none)."""
        spread = self.is_kind(Kind.LOGNORMAL, Kind.NORMAL) & (self.scale > 0)
        return spread | (self.is_kind(Kind.UNIFORM, Kind.TRIANGULAR) & (self.maximum > self.minimum))

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
        mirrored, lognormal = self.negative, self.is_kind(Kind.LOGNORMAL)
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
        gaussian = np.flatnonzero(self.is_kind(Kind.LOGNORMAL, Kind.NORMAL))
        if gaussian.size:
            part = self.take(gaussian)
            spread = part.scale > 0
            low, high = part.take(spread).standard_bounds()
            share = ndtr(low) + p[gaussian][spread] * (ndtr(high) - ndtr(low))
            part.loc[spread] += part.scale[spread] * np.clip(ndtri(share), low, high)
            np.exp(part.loc, out=part.loc, where=part.is_kind(Kind.LOGNORMAL))
            answer[gaussian] = part.loc
        uniform = np.flatnonzero(self.is_kind(Kind.UNIFORM))
        if uniform.size:
            low, high = self.minimum[uniform], self.maximum[uniform]
            answer[uniform] = low + p[uniform] * (high - low)
        triangular = np.flatnonzero(self.is_kind(Kind.TRIANGULAR))
        if triangular.size:
            mode, low, high, q = (c[triangular] for c in (self.loc, self.minimum, self.maximum, p))
            left = low + np.sqrt(q * (high - low) * (mode - low))
            right = high - np.sqrt((1 - q) * (high - low) * (high - mode))
            answer[triangular] = np.where(q * (high - low) < mode - low, left, right)
        return answer

    def standard_bounds(self) -> tuple[Vector, Vector]:
        """Bounds of upright normals and lognormals in standard deviations from the middle; infinite where uncut."""
        logs = self.is_kind(Kind.LOGNORMAL)
        with np.errstate(divide="ignore", invalid="ignore"):
            low = np.where(logs, np.log(np.maximum(self.minimum, 0)), self.minimum)
            high = np.where(logs, np.log(np.maximum(self.maximum, 0)), self.maximum)
            low, high = (low - self.loc) / self.scale, (high - self.loc) / self.scale
        return np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)

    def _moments(self) -> tuple[Vector, Vector]:
        """Mean and variance (N,), of the distribution as cut off; NONE: its loc, and zero."""
        one = self.upright()
        mean, variance = one.loc.copy(), np.zeros(len(one))
        normal, lognormal = one.is_kind(Kind.NORMAL), one.is_kind(Kind.LOGNORMAL)
        variance[normal] = one.scale[normal] ** 2
        square = one.scale[lognormal] ** 2
        mean[lognormal] = np.exp(one.loc[lognormal] + square / 2)
        variance[lognormal] = mean[lognormal] ** 2 * np.expm1(square)
        uniform, triangular = one.is_kind(Kind.UNIFORM), one.is_kind(Kind.TRIANGULAR)
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
        low, high = self.standard_bounds()
        mass = ndtr(high) - ndtr(low)
        lower, upper = _density(low), _density(high)
        shift = (lower - upper) / mass
        edges = np.where(np.isfinite(low), low, 0) * lower - np.where(np.isfinite(high), high, 0) * upper
        narrowed = 1 + edges / mass - shift**2
        s = self.scale
        shares = [(ndtr(high - k * s) - ndtr(low - k * s)) / mass for k in (1, 2)]
        logs = self.is_kind(Kind.LOGNORMAL)
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
        logs, turned = self.is_kind(Kind.LOGNORMAL), factor < 0
        low, high = factor * self.minimum, factor * self.maximum
        return Distributions(
            self.kind,
            np.where(logs, self.loc + np.log(np.abs(factor)), factor * self.loc),
            np.where(logs, self.scale, np.abs(factor) * self.scale),
            np.where(turned, high, low),
            np.where(turned, low, high),
            self.negative ^ turned,
        )

    def take(self, indices: ArrayLike | slice) -> Distributions:
        """Those at the indices (or where a mask is true, or a view of a slice), in that order."""
        at = indices if isinstance(indices, slice) else np.asarray(indices)
        return Distributions(*(column[at] for column in self.columns()))

    def to_array(self) -> NDArray[np.void]:
        """A structured array (N,) with the fields of stats_arrays; shape is not used by these kinds (NaN)."""
        table = np.zeros(len(self), dtype=STATS_ARRAYS)
        table["uncertainty_type"], table["shape"] = self.kind, math.nan
        for name in ("loc", "scale", "minimum", "maximum", "negative"):
            table[name] = getattr(self, name)
        return table

    def is_kind(self, *kinds: Kind) -> Mask:
        return np.asarray(np.isin(self.kind, kinds))

    def columns(self) -> tuple[NDArray[Any], ...]:
        return self.kind, self.loc, self.scale, self.minimum, self.maximum, self.negative


def _density(z: Vector) -> Vector:
    return np.asarray(np.exp(-np.square(z) / 2) / math.sqrt(2 * math.pi))
