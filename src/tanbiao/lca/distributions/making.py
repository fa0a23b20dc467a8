"""Making distributions: one or many at a time, checked, and from tables of stats_arrays.

>>> lognormal(median=3, gsd=1.2).quantiles([0.025, 0.975]).round(2).ravel().tolist()
[2.1, 4.29]
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tanbiao.lca.distributions.checks import checked
from tanbiao.lca.distributions.columns import Distributions, Kind


def from_array(table: NDArray[np.void], names: Sequence[str] = ()) -> Distributions:
    """Distributions from a structured array of stats_arrays (or datapackages of bw_processing), checked.

    A triangular without loc has its mode in the middle. Raises WrongDistribution for kinds that are not known here.
    """
    kind = np.where(table["uncertainty_type"] == 1, 0, table["uncertainty_type"]).astype(np.uint8)
    low, high = (table[name].astype(np.float64) for name in ("minimum", "maximum"))
    loc = table["loc"].astype(np.float64)
    with np.errstate(invalid="ignore"):  # bounds of the other kinds may be infinite
        loc = np.where((kind == Kind.TRIANGULAR) & np.isnan(loc), low + (high - low) / 2, loc)
    negative = table["negative"].astype(np.bool_)
    return checked(Distributions(kind, loc, table["scale"].astype(np.float64), low, high, negative), names)


def columns(
    kind: ArrayLike,
    loc: ArrayLike = math.nan,
    scale: ArrayLike = math.nan,
    minimum: ArrayLike = math.nan,
    maximum: ArrayLike = math.nan,
    negative: ArrayLike = False,
) -> Distributions:
    """Distributions from columns (N,), or single values that hold for all; checked."""
    kinds = np.atleast_1d(np.asarray(kind, dtype=np.uint8))
    numbers = (np.asarray(column, dtype=np.float64) for column in (loc, scale, minimum, maximum))
    signs = np.asarray(negative, dtype=np.bool_)
    shaped = np.broadcast_arrays(kinds, *numbers, signs)
    return checked(Distributions(*(column.copy() for column in shaped)))


def certain(amount: ArrayLike) -> Distributions:
    """No uncertainty: the amount () or (N,) and nothing else."""
    return columns(np.zeros(np.shape(amount), dtype=np.uint8), amount)


def lognormal(median: ArrayLike, gsd: ArrayLike) -> Distributions:
    """ln |x| is normal; a negative median makes all of it negative. GSD = exp(standard deviation of ln x) >= 1.

    Raises WrongDistribution, as all of these do: here for a median of zero or a GSD below 1.
    """
    middle, spread = np.asarray(median, dtype=np.float64), np.asarray(gsd, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return columns(Kind.LOGNORMAL, np.log(np.abs(middle)), np.log(spread), negative=middle < 0)


def from_gsd2(median: ArrayLike, gsd2: ArrayLike) -> Distributions:
    """A lognormal from its GSD² ("SD95"): from median / GSD² to median x GSD² lie 95.45 % of it (± 2 sigma of ln)."""
    with np.errstate(invalid="ignore"):
        return lognormal(median, np.sqrt(np.asarray(gsd2, dtype=np.float64)))


def normal(mean: ArrayLike, sd: ArrayLike) -> Distributions:
    """Mean and standard deviation, () or (N,), in the unit of the amount."""
    return columns(Kind.NORMAL, mean, sd)


def uniform(minimum: ArrayLike, maximum: ArrayLike) -> Distributions:
    """Anything between minimum and maximum, () or (N,), alike."""
    return columns(Kind.UNIFORM, minimum=minimum, maximum=maximum)


def triangular(minimum: ArrayLike, mode: ArrayLike, maximum: ArrayLike) -> Distributions:
    """Most likely the mode, never beyond minimum or maximum; () or (N,)."""
    return columns(Kind.TRIANGULAR, mode, minimum=minimum, maximum=maximum)


def combine(parts: Iterable[Distributions]) -> Distributions:
    """All of them, one after the other."""
    tables = list(parts) or [certain(np.empty(0))]
    return Distributions(*(np.concatenate(same) for same in zip(*(t.columns() for t in tables), strict=True)))
