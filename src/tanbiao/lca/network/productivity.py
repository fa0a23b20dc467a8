"""Is a network productive: does it hand out more of every product than its making takes?

With the input coefficients Z >= 0 this is so if and only if some x > 0 has x - Z x > 0 (the Hawkins-Simon condition;
Collatz-Wielandt: then the gain, the spectral radius of Z, is below one). Such an x proves it whatever way it was found,
so the large case needs an iteration and one check, not eigenvalues. Only what fails is taken apart to find the loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from tanbiao.lca.faults import NotProductive
from tanbiao.lca.network.arrays import named
from tanbiao.lca.network.iteration import iterate

Index = NDArray[np.intp]

_SMALL = 400  # up to here a loop is tested and its gain found densely
_NAMED = 12  # processes of a large loop that a message names: those that carry it
_MARGIN = 1e-14  # x - Z x must stay above this share of x: less cannot be told from rounding
_POWERS = 300


def check_productive(Z: sparse.csr_array, names: Sequence[str] = ()) -> None:
    """Refuse input coefficients with a loop that uses up at least what it makes.

    Z      (n, n) >= 0  units taken per unit made, in rows or in columns (a loop is a loop either way)
    names  (n,); () for #1, #2, ...
    Raises NotProductive naming the processes of the loop (of a large one those that carry it) and its gain.
    """
    if productive(Z):
        return
    for members in components(Z):
        loop = Z[members][:, members]
        if loop.nnz and not productive(loop):
            raise _refusal(loop, members, names)


def productive(Z: sparse.csr_array) -> bool:
    """Whether some x > 0 with x - Z x > 0 was found; Z (n, n) >= 0."""
    n = int(Z.shape[0])
    d: NDArray[np.float64] = np.ones(n)
    for _ in range(8):  # so that the margin to reach is of the size of x itself, whatever the units
        d = 1 + Z @ d
        if not np.all(d < 1e300):
            return False
    if n <= _SMALL:
        try:
            share = np.linalg.solve(np.eye(n) - Z.toarray() * d / d[:, None], np.ones(n))
        except np.linalg.LinAlgError:
            return False
        return bool(np.all(share > 0) and np.all(share < 1 / _MARGIN))
    x = iterate(Z, d[:, None]).y[:, 0]
    return bool(np.all(np.isfinite(x)) and np.all(x > 0) and np.all(x - Z @ x > _MARGIN * x))


def components(graph: sparse.csr_array) -> Iterator[Index]:
    """The strongly connected components of a square matrix, as index arrays."""
    links = sparse.csr_array(graph, copy=True)
    links.sum_duplicates()  # with an entry given twice, scipy's search may never end
    links.eliminate_zeros()  # and an entry of zero would count as a link
    count, labels = csgraph.connected_components(links, directed=True, connection="strong")
    order = np.argsort(labels, kind="stable")
    yield from np.split(order, np.cumsum(np.bincount(labels, minlength=count))[:-1])


def _refusal(loop: sparse.csr_array, members: Index, names: Sequence[str]) -> NotProductive:
    if members.size <= _SMALL:
        gain, chosen = float(max(abs(np.linalg.eigvals(loop.toarray())))), members
    else:
        gain, weight = _gain(loop)
        chosen = members[np.sort(np.argsort(-weight, kind="stable")[:_NAMED])]
    said = [named(names, i) for i in chosen.tolist()]
    more = members.size - len(said)
    others = (f"等 {members.size} 个过程", f" and {more} more") if more else ("", "")
    return NotProductive(
        said,
        f"循环“{'→'.join(said)}”{others[0]}消耗的产品不少于它产出的（增益 {gain:.6g} ≥ 1），没有合理的解。"
        "请核对这些过程相互供应的数量和单位。",
        f'The loop "{" -> ".join(said)}"{others[1]} uses up at least what it makes (gain {gain:.6g} >= 1), so there is '
        "no meaningful solution. Check the amounts and units these processes supply to each other.",
        gain,
    )


def _gain(loop: sparse.csr_array) -> tuple[float, NDArray[np.float64]]:
    """Spectral radius of a large loop by power iteration, and how much each member carries of it (u_i v_i)."""
    n = loop.shape[0]
    right, left = np.ones(n), np.ones(n)
    gain = 0.0
    for _ in range(_POWERS):  # half a step of rest: a loop of even length would swing for ever
        ahead, back = loop @ right, loop.T @ left
        gain = float(ahead.sum() / right.sum())
        right = right / right.sum() + ahead / max(ahead.sum(), 1e-300)
        left = left / left.sum() + back / max(back.sum(), 1e-300)
    return gain, right * left
