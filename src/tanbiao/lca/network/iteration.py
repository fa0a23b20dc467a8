"""Solving y = c + M y for large sparse M: sweeps for scale and start, BiCGSTAB for the digits, checked by residual.

Everything is measured component by component, so that a result does not depend on the units of the products: the
residual is the backward error  max_i |c + M y - y|_i / (|c| + |M| |y| + |y|)_i  (Oettli & Prager 1964), and the
iteration runs on y / d, with d what a few sweeps of |c| and |M| reach (van der Vorst 1992 on BiCGSTAB).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]
Apply = Callable[[Array], Array]

TOLERANCE = 1e-12
_SWEEPS = 12  # sweeps that set the scale
_STEPS = 60  # of BiCGSTAB before the scale is taken anew
_ROUNDS = 4
_FARTHEST = 1e9  # times what the sweeps reached: an answer beyond hangs on the last digits of the system
_MANY = 4_000_000  # links from which threads pay


@dataclass(frozen=True, slots=True, eq=False)
class Iterated:
    """y (n, k), the backward error reached, and how: steps count products with M."""

    y: Array
    residual: float
    steps: int
    converged: bool


def iterate(M: sparse.csr_array | sparse.csc_array, c: Array, *, tolerance: float = TOLERANCE) -> Iterated:
    """Solve y = c + M y for every column of c (n, k); M (n, n).

    Never raises: whoever calls looks at `converged` (and factorises, or says so).
    """
    apply, apply_abs, close = _operators(M)
    try:
        with np.errstate(all="ignore"):  # what overflows does not converge, and is said so
            return _iterate(apply, apply_abs, c, tolerance)
    finally:
        close()


def _iterate(apply: Apply, apply_abs: Apply, c: Array, tolerance: float) -> Iterated:
    size = abs(c)
    swept = size
    for _ in range(_SWEEPS):
        swept = size + apply_abs(swept)
    scale = swept
    y = np.array(scale if apply_abs is apply and (c >= 0).all() else c)
    steps = _SWEEPS
    residual = np.inf
    for _ in range(_ROUNDS):
        reached = c + apply(y)
        if not np.isfinite(reached).all():
            break
        residual = backward_error(y, reached, size + apply_abs(abs(y)))
        steps += 1
        if residual <= tolerance:
            return Iterated(reached, residual, steps, bool(np.max(abs(reached)) <= _FARTHEST * np.max(swept)))
        d = np.where(scale > 0, scale, 1.0)
        change, taken = bicgstab(_scaled(apply, d), (reached - y) / d, tolerance / 4, _STEPS)
        steps += taken
        y = y + d * change
        scale = np.where(abs(y) > 0, abs(y), scale)
    return Iterated(y, float(residual), steps, False)


def _scaled(apply: Apply, d: Array) -> Apply:
    """x -> x - d^-1 M d x"""
    return lambda x: x - apply(x * d) / d


def backward_error(y: Array, reached: Array, size: Array) -> float:
    """max |reached - y| / (size + |y|), with reached = c + M y and size = |c| + |M| |y|; 0 where nothing is."""
    whole = size + abs(y)
    return float(np.max(abs(reached - y) / np.where(whole > 0, whole, 1.0), initial=0.0))


def bicgstab(K: Apply, b: Array, tolerance: float, steps: int) -> tuple[Array, int]:
    """x with K x = b, column by column (n, k), from x = 0 until max |residual| <= tolerance; products with K taken.

    Columns go on together; one that has arrived stands still.
    """
    x, r, work = np.zeros_like(b), b.copy(), np.empty_like(b)
    shadow = b / np.maximum(np.linalg.norm(b, axis=0), np.finfo(float).tiny)
    p, v = np.zeros_like(b), np.zeros_like(b)
    rho = alpha = omega = np.ones(b.shape[1:])
    for step in range(steps):
        going = np.max(np.abs(r, out=work), axis=0, initial=0.0) > tolerance
        if not going.any():
            return x, 2 * step
        rho, before = _dot(shadow, r), rho
        beta = _ratio(rho * alpha, before * omega, going)
        p -= np.multiply(v, omega, out=work)
        p *= beta
        p += r
        v = K(p)
        alpha = _ratio(rho, _dot(shadow, v), going)
        r -= np.multiply(v, alpha, out=work)
        t = K(r)
        omega = _ratio(_dot(t, r), _dot(t, t), going)
        x += np.multiply(p, alpha, out=work)
        x += np.multiply(r, omega, out=work)
        r -= np.multiply(t, omega, out=work)
    return x, 2 * steps


def _dot(a: Array, b: Array) -> Array:
    """Column by column; not by BLAS, whose digits hang on the number of its threads."""
    return np.asarray(np.einsum("i...,i...->...", a, b))


def _ratio(a: Array, b: Array, going: NDArray[np.bool_]) -> Array:
    return np.where(going & (b != 0), a / np.where(b != 0, b, 1.0), 0.0)


def _operators(M: sparse.csr_array | sparse.csc_array) -> tuple[Apply, Apply, Callable[[], None]]:
    """x -> M x and x -> |M| x (the same where M has no negative entry), and what to call when done."""
    apply, close = _operator(M)
    if M.nnz == 0 or M.data.min() >= 0:
        return apply, apply, close
    sizes, close_sizes = _operator(magnitudes(M))
    return apply, sizes, lambda: (close(), close_sizes())[0]


def magnitudes(M: sparse.csr_array | sparse.csc_array) -> sparse.csr_array | sparse.csc_array:
    """|M|, entry by entry. (scipy's abs sorts and adds up the entries of M itself, which others still use.)"""
    return type(M)((np.abs(M.data), M.indices, M.indptr), shape=M.shape)


def _operator(M: sparse.csr_array | sparse.csc_array) -> tuple[Apply, Callable[[], None]]:
    """Rows of a large CSR matrix are shared out among threads; each row is summed as ever, so digits stay the same."""
    threads = os.cpu_count() or 1
    if not isinstance(M, sparse.csr_array) or M.nnz < _MANY or threads < 2:
        return (lambda x: np.asarray(M @ x)), lambda: None
    edges = np.searchsorted(M.indptr, np.linspace(0, M.nnz, 4 * threads + 1))
    edges[0], edges[-1] = 0, M.shape[0]
    pool = ThreadPoolExecutor(threads)
    blocks = [(a, b, rows_of(M, a, b)) for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True) if a < b]

    def apply(x: Array) -> Array:
        y = np.empty((M.shape[0], *x.shape[1:]))

        def fill(block: tuple[int, int, sparse.csr_array]) -> None:
            a, b, rows = block
            y[a:b] = rows @ x

        list(pool.map(fill, blocks))
        return y

    return apply, pool.shutdown


def rows_of(M: sparse.csr_array, a: int, b: int) -> sparse.csr_array:
    """Rows a to b of M as views of its arrays: no copy of the links."""
    start, end = int(M.indptr[a]), int(M.indptr[b])
    block = sparse.csr_array((b - a, M.shape[1]))
    block.data, block.indices = M.data[start:end], M.indices[start:end]
    block.indptr = (M.indptr[a : b + 1] - start).astype(M.indices.dtype, copy=False)
    return block
