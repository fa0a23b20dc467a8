"""Drawing from distributions: a value depends on (seed, draw, key) and on nothing else.

There is no state to share or to advance: not the number of threads, of links, of products nor the order of the draws
changes a digit. The bits are mix(spread(key) + stream(seed, draw)): `mix` is the finaliser of SplitMix64 with the
constants of Stafford's variant 13 (Steele, Lea & Flood 2014), `spread(key)` is output number `key` of SplitMix64
started at zero, `stream(seed, draw)` output number `draw` of SplitMix64 started at spread(seed). Integer arithmetic and
IEEE operations are the same everywhere; exp, log and tan differ by a few units in the last place between machines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tanbiao.lca.distributions.checks import checked
from tanbiao.lca.distributions.columns import Distributions, Kind
from tanbiao.lca.faults import WrongAmount

Vector = NDArray[np.float64]
Bits = NDArray[np.uint64]

_CHUNK = 24576  # four buffers of it stay in the second-level cache
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S12, _S27, _S30, _S31 = (np.uint64(n) for n in (12, 27, 30, 31))
_ONE, _TWO_TO_52 = np.uint64(0x3FF0000000000000), np.uint64(0x4330000000000000)  # as floats: 1.0 and 2.0**52
_LOWER = np.uint64(0xFFFFFF)


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Entries drawn alike. `where` is a slice when they lie side by side: no gathering, no scattering."""

    where: slice | NDArray[np.intp]
    keys: Bits  # spread
    shapes: Distributions  # upright
    sign: Vector | None  # None: all positive
    kind: Kind | None  # None: several, drawn by their quantiles


class Sampler:
    """Draws the amounts of N links from their distributions.

    distributions  N of them, checked here (WrongDistribution names the entry at fault)
    amounts  (N,)  kept by entries of kind NONE
    keys     (N,)  uint64, the position by default; links with one key move together (full rank correlation)
    May be shared between threads; most of a draw runs without the interpreter's lock.
    """

    def __init__(self, distributions: Distributions, amounts: ArrayLike, keys: ArrayLike | None = None):
        count = len(distributions)
        self._distributions = checked(distributions)
        self._amounts = np.ascontiguousarray(amounts, dtype=np.float64)
        self.keys = np.arange(count, dtype=np.uint64) if keys is None else np.asarray(keys, dtype=np.uint64)
        if self._amounts.shape != (count,) or self.keys.shape != (count,):
            raise WrongAmount(
                "",
                f"{count} 个分布需要 {count} 个数量和 {count} 个键。",
                f"{count} distributions need {count} amounts and {count} keys.",
            )
        self.varies = distributions.varies
        self.fixed = self._amounts.copy()  # amounts of what does not vary; without spread a distribution is its median
        flat = (distributions.kind != Kind.NONE) & ~self.varies
        self.fixed[flat] = distributions.take(flat).median()
        self._groups = tuple(_groups(distributions, self.keys, self.varies))

    @property
    def uncertain(self) -> int:
        """How many entries vary; 0 means that this data carries no uncertainty."""
        return int(np.count_nonzero(self.varies))

    def select(self, mask: ArrayLike) -> Sampler:
        """The same draws where the mask (N,) is true; everywhere else the amount given stands still."""
        kind = np.where(mask, self._distributions.kind, Kind.NONE).astype(np.uint8)
        return Sampler(replace(self._distributions, kind=kind), self._amounts, self.keys)

    def draw(self, seed: int, draw: int, out: Vector | None = None) -> Vector:
        """Amounts (N,) of draw number `draw`; `out` (N,) is filled where given."""
        amounts = np.empty(len(self.fixed)) if out is None else out
        if self.uncertain < len(amounts):
            amounts[:] = self.fixed
        offset = stream(seed, draw)
        for group in self._groups:
            if isinstance(group.where, slice):
                _fill(group, offset, amounts[group.where])
            else:
                values = np.empty(len(group.keys))
                _fill(group, offset, values)
                amounts[group.where] = values
        return amounts


def series(distributions: Distributions, amounts: ArrayLike, seed: int, draws: int, keys: ArrayLike) -> Vector:
    """Draws 0..draws-1 of a few entries, (N, draws): row i, column d is what a Sampler draws for entry i in draw d."""
    sampler = Sampler(distributions, amounts, keys)
    table = np.repeat(sampler.fixed[:, None], draws, axis=1)
    offsets = streams(seed, np.arange(draws))
    for i in np.flatnonzero(sampler.varies):
        everywhere = np.full(draws, i)
        for group in _groups(distributions.take(everywhere), sampler.keys[everywhere], np.ones(draws, dtype=np.bool_)):
            # the sum of key and stream is symmetric: here the streams are many and the key is one
            turned = _Group(group.where, offsets, group.shapes, group.sign, group.kind)
            _fill(turned, group.keys[0], table[i])
    return table


def streams(seed: int, draws: ArrayLike) -> Bits:
    """The stream of each draw, (D,): what is added to every key of that draw."""
    if not 0 <= seed < 2**64:
        raise WrongAmount("", f"种子 {seed} 不在 0 到 2^64-1 之间。", f"seed {seed} is not within 0 to 2^64-1.")
    numbers = np.asarray(draws)
    if np.any(numbers < 0):
        raise WrongAmount("", "抽样序号不能为负。", "the number of a draw cannot be negative.")
    start = spread(np.array([seed], dtype=np.uint64))
    return _mix(start + (numbers.reshape(-1).astype(np.uint64) + np.uint64(1)) * _GOLDEN)


def stream(seed: int, draw: int) -> np.uint64:
    return np.uint64(streams(seed, draw)[0])


def spread(keys: Bits) -> Bits:
    """Keys (N,) far apart from one another, however near they were."""
    return _mix((keys + np.uint64(1)) * _GOLDEN)


def bits(seed: int, draw: int, keys: Bits) -> Bits:
    """64 random bits for each key (N,)."""
    return _mix(spread(keys) + stream(seed, draw))


def _mix(x: Bits) -> Bits:
    """The finaliser, in place on a fresh array."""
    _mix_into(x, np.empty_like(x))
    return x


def _mix_into(x: Bits, work: Bits) -> None:
    for shift, factor in ((_S30, _FIRST), (_S27, _SECOND)):
        np.right_shift(x, shift, out=work)
        np.bitwise_xor(x, work, out=x)
        np.multiply(x, factor, out=x)
    np.right_shift(x, _S31, out=work)
    np.bitwise_xor(x, work, out=x)


def uniforms(x: Bits) -> Vector:
    """(0, 1), both ends open, from the upper 52 bits."""
    return np.asarray(((x >> _S12).astype(np.float64) + 0.5) * 2.0**-52)


def normals(x: Bits) -> Vector:
    """Standard normals (N,)."""
    z, a = np.empty(x.shape), np.empty(x.shape)
    _normals_into(x, a, z)
    return z


def _normals_into(x: Bits, a: Vector, z: Vector) -> None:
    """Box & Muller 1958, one value of the pair: sqrt(-2 ln u) sin(theta).

    The sine is symmetric, so theta within -pi/2..pi/2 will do, and sin(theta) = 2 t / (1 + t²) with t = tan(theta/2),
    which numpy computes several times faster than a sine. theta is made of the lower 24 bits, u of the upper 52: what
    they share is of no weight above u = 2^-40. Bits become numbers by setting an exponent in front of them.
    """
    radius = z.view(np.uint64)
    np.right_shift(x, _S12, out=radius)
    np.bitwise_or(radius, _ONE, out=radius)
    np.subtract(2.0, z, out=z)  # u in (0, 1]
    np.log(z, out=z)
    np.multiply(z, -8.0, out=z)
    np.sqrt(z, out=z)
    angle = a.view(np.uint64)
    np.bitwise_and(x, _LOWER, out=angle)
    np.bitwise_or(angle, _TWO_TO_52, out=angle)
    np.subtract(a, 2.0**52 + 2.0**23 - 0.5, out=a)  # the middle of the step; exact
    np.multiply(a, np.pi / 2**25, out=a)
    np.tan(a, out=a)
    np.multiply(z, a, out=z)
    np.multiply(a, a, out=a)
    np.add(a, 1.0, out=a)
    np.divide(z, a, out=z)


def _groups(d: Distributions, keys: Bits, varies: NDArray[np.bool_]) -> Iterator[_Group]:
    """Lognormals, normals, and the rest (drawn by quantiles), each with its entries."""
    gaussian = ~d.cut
    logs, normal = gaussian & (d.kind == Kind.LOGNORMAL), gaussian & (d.kind == Kind.NORMAL)
    for kind, member in ((Kind.LOGNORMAL, logs), (Kind.NORMAL, normal), (None, ~(logs | normal))):
        at = np.flatnonzero(member & varies)
        if at.size:
            part = d.take(at)
            side_by_side = at[-1] - at[0] + 1 == at.size
            where = slice(int(at[0]), int(at[-1]) + 1) if side_by_side else at
            sign = part.sign if part.negative.any() else None
            yield _Group(where, spread(keys[at]), part.upright(), sign, kind)


def _fill(group: _Group, offset: np.uint64, out: Vector) -> None:
    """Draw the entries of one group into out (len(group.keys),), a cacheful at a time."""
    d, size = group.shapes, min(len(out), _CHUNK)
    x_all, work_all, a_all = np.empty(size, np.uint64), np.empty(size, np.uint64), np.empty(size)
    for start in range(0, len(out), _CHUNK):
        part = slice(start, min(start + _CHUNK, len(out)))
        z = out[part]
        x, work, a = x_all[: len(z)], work_all[: len(z)], a_all[: len(z)]
        np.add(group.keys[part], offset, out=x)
        _mix_into(x, work)
        if group.kind is None:
            z[:] = d.take(part).ascending(uniforms(x))
        else:
            _normals_into(x, a, z)
            np.multiply(z, d.scale[part], out=z)
            np.add(z, d.loc[part], out=z)
            if group.kind is Kind.LOGNORMAL:
                np.exp(z, out=z)
        if group.sign is not None:
            np.multiply(z, group.sign[part], out=z)
