"""Solving A s = f by sparse LU, with a diagnosis where there is no usable solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import SuperLU, splu

from tanbiao.lca.faults import NotSquare, Singular, WrongAmount, ZeroReference
from tanbiao.lca.network.arrays import csc
from tanbiao.lca.network.productivity import components

Vector = NDArray[np.float64]

# Beyond this condition number (of the equilibrated matrix) fewer than two digits of the answer would be true.
_WORST_CONDITION = 1e14
WORST_RESIDUAL = 1e-9


@dataclass(frozen=True, slots=True)
class Supply:
    """s, how far each process runs, and the relative residual max|A s - f| / max(|A| |s| + max|f|)."""

    s: Vector
    residual: float


@dataclass(frozen=True, slots=True)
class Solution:
    """Scaling s (n,), inventory g = B s (g,), impact h = c g, and the residual of the solution."""

    s: Vector
    g: Vector
    h: float
    residual: float


def solve(A: ArrayLike | sparse.sparray, B: ArrayLike | sparse.sparray, f: ArrayLike, c: ArrayLike) -> Solution:
    """The whole calculation on plain arrays: A s = f, g = B s, h = c g (Heijungs & Suh 2002, ch. 2).

    A  (n, n)  products x processes, outputs positive and inputs negative; credits (positive entries off the
               reference product) are welcome here, and so are the negative scalings they bring
    B  (g, n)  interventions x processes;  f  (n,)  demand;  c  (g,)  kg CO2e per unit of intervention
    Raises NotSquare, ZeroReference, Singular.
    """
    found = supply(A, f)
    g = np.asarray(_single(B) @ found.s, dtype=float)
    return Solution(found.s, g, float(np.asarray(c, dtype=float) @ g), found.residual)


def supply(A: ArrayLike | sparse.sparray, f: ArrayLike, names: Sequence[str] = ()) -> Supply:
    """Solve A s = f for one demand f (n,), or for several (n, k); `names` of the processes (n,) serve the messages.

    Rows, columns and demand are scaled to size one first, so that kilograms beside megatonnes lose no digits; one
    step of iterative refinement follows. Raises WrongAmount for what is not finite, and NotSquare, ZeroReference,
    Singular naming what is at fault.
    """
    matrix, demand = _single(A), np.asarray(f, dtype=float)
    names = tuple(names) or tuple(f"#{i + 1}" for i in range(matrix.shape[1]))
    _check_arrays(matrix, demand, names)
    rows = 1 / abs(matrix).max(axis=1).toarray().ravel()
    columns = 1 / abs(sparse.diags_array(rows) @ matrix).max(axis=0).toarray().ravel()
    scaled = sparse.csc_array(sparse.diags_array(rows) @ matrix @ sparse.diags_array(columns))
    try:
        lu = splu(scaled)
    except RuntimeError:  # SuperLU: an exactly zero pivot
        raise _singular(scaled, names) from None
    size = np.max(abs(demand), axis=0, initial=0.0)
    size = np.where(size > 0, size, 1.0)
    unit_demand = demand / size
    rows, columns = (x.reshape(-1, *[1] * (demand.ndim - 1)) for x in (rows, columns))
    s = columns * lu.solve(rows * unit_demand)
    s = s + columns * lu.solve(rows * (unit_demand - matrix @ s))
    residual = float(np.max(abs(matrix @ s - unit_demand)) / np.max(abs(matrix) @ abs(s) + 1.0)) if s.size else 0.0
    if _condition(scaled, lu) > _WORST_CONDITION or not residual <= WORST_RESIDUAL:
        raise _singular(scaled, names)
    return Supply(size * s, residual)


def _single(matrix: ArrayLike | sparse.sparray) -> sparse.csc_array:
    """A copy with sorted, single entries: several functions of scipy bring a matrix into that form in place."""
    copied = csc(matrix).copy()
    copied.sum_duplicates()
    return copied


def _check_arrays(A: sparse.csc_array, f: Vector, names: Sequence[str]) -> None:
    if not (np.isfinite(A.data).all() and np.isfinite(f).all()):
        raise WrongAmount(
            "", "矩阵或需求中有非有限数（NaN 或无穷）。", "The matrix or the demand holds NaN or infinity."
        )
    products, processes = A.shape
    if products != processes or f.shape[0] != products:
        raise NotSquare(
            names,
            f"有 {products} 种产品、{processes} 个过程、{f.shape[0]} 个需求；三者应相等。请先分配或补充过程。",
            f"There are {products} products, {processes} processes and {f.shape[0]} demands; they must be equally "
            "many. Allocate co-products, or add the missing process.",
        )
    idle = [names[j] for j in np.flatnonzero(abs(A).sum(axis=0) == 0).tolist()]
    missing = [f"#{i + 1}" for i in np.flatnonzero(abs(A).sum(axis=1) == 0)]
    if idle or missing:
        raise ZeroReference(
            idle or missing,
            f"以下过程没有产出也没有投入：{'、'.join(idle) or '无'}；"
            f"以下产品（行）无人生产：{'、'.join(missing) or '无'}。请填写数量或删除。",
            f"Processes that make and take nothing: {', '.join(idle) or 'none'}; products (rows) that nobody makes: "
            f"{', '.join(missing) or 'none'}. Give the amounts, or delete them.",
        )


def _condition(A: sparse.csc_array, lu: SuperLU) -> float:
    """A lower bound of the 1-norm condition number, nearly always within a factor of three (Hager 1984)."""
    n = A.shape[0]
    x = np.full(n, 1 / n)
    inverse = 0.0
    for _ in range(5):
        y = lu.solve(x)
        inverse = max(inverse, float(np.sum(abs(y))))
        z: Vector = lu.solve(np.where(y < 0, -1.0, 1.0), "T")  # type: ignore[call-overload]  # the stubs lack "T"
        best = int(np.argmax(abs(z)))
        if abs(z[best]) <= z @ x:
            break
        x = np.zeros(n)
        x[best] = 1.0
    return inverse * float(abs(A).sum(axis=0).max())


def _singular(A: sparse.csc_array, names: Sequence[str]) -> Singular:
    """Find the blocks without a unique solution: match each process to a product, then split into loops."""
    maker = csgraph.maximum_bipartite_matching(sparse.csr_array(A), perm_type="column")
    if (maker < 0).any():
        unmatched = set(range(A.shape[1])) - set(maker.tolist())
        guilty = [names[j] for j in sorted(unmatched)]
    else:
        blocks = components(sparse.csr_array(A[:, maker]))
        guilty = [
            names[j]
            for block in blocks
            if np.linalg.cond(A[:, maker].tocsr()[block][:, block].toarray(), 1) > 1 / np.finfo(float).eps
            for j in sorted(maker[block])
        ] or list(names)
    return Singular(
        guilty,
        f"方程组没有唯一解；问题在过程“{'、'.join(guilty)}”之间。请核对它们相互供应的数量。",
        f'The system has no unique solution; the fault lies among the processes "{", ".join(guilty)}". '
        "Check the amounts they supply to each other.",
    )
