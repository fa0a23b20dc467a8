"""The draws of a network, chunk by chunk: what runs in the workers of a Monte Carlo.

A draw changes the amounts over one index pattern and solves x = c + R x in the variables x = y / d, with d of the size
of the solution of the means, so that every product is about one. It starts from the means and takes Gauss-Seidel sweeps
over a few blocks of rows, accelerated by BiCGSTAB. Products stand in a scattered order, which spreads the links over
the blocks and needs a third fewer sweeps than the order of a database, where neighbours supply each other.
The value of a link in a draw depends on seed, draw and the link alone (`sampling`), the start on the means alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from tanbiao.lca.distributions.columns import Distributions
from tanbiao.lca.distributions.sampling import Sampler, bits
from tanbiao.lca.faults import NotProductive, NoUncertainty, SystemOfEquations
from tanbiao.lca.network.arrays import Network, rows_of_entries
from tanbiao.lca.network.engine import Solver, check_network, solve_network
from tanbiao.lca.network.iteration import bicgstab, iterate, magnitudes, rows_of

Array = NDArray[np.float64]
Index = NDArray[np.intp]

DRAW_TOLERANCE = 3e-7  # change of x in the last sweep; x is about one, and benchmarks compare with direct solves
_AIM = 2e-6  # and never more than this over kappa, the most that a change can grow into an error
_BLOCKS = 4
_STEPS = 60
_ROUNDS = 3
_FLOW_KEYS, _MADE_KEYS = 1 << 62, 1 << 63  # links, flows and yields draw from keys of their own


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """All that a draw needs, products in scattered order; sent to every worker once.

    network  inputs are the means of d^-1 R d, flows as they are
    places   of the products asked for;  rank (n,): place of every product;  means (p,): of the products asked for
    d (n,)   size of a unit's footprint, with the sense of the product;  start (n,): x of the means
    """

    network: Network
    characterisation: Array
    products: tuple[int, ...]
    places: tuple[int, ...]
    rank: Index
    means: Array
    d: Array
    start: Array
    links: Sampler | None
    flows: Sampler | None
    made: Sampler | None
    seed: int
    with_contributions: bool
    solver: Solver  # of the means, with the tolerance of the draws

    def recipe(self, place: int) -> tuple[int, ...]:
        """The products that the one at this place takes, in the order of its lines."""
        inputs, order = self.network.inputs, np.argsort(self.rank)
        return tuple(order[inputs.indices[inputs.indptr[place] : inputs.indptr[place + 1]]].tolist())


def prepare(
    network: Network,
    characterisation: ArrayLike,
    products: Sequence[int],
    seed: int,
    contributions: bool = False,
    tolerance: float = DRAW_TOLERANCE,
) -> Setup:
    """Solve for the means and lay everything out for draws. Raises NoUncertainty."""
    cf = np.asarray(characterisation, dtype=float)
    n = network.size
    order = np.argsort(bits(0, 0, np.arange(n, dtype=np.uint64)), kind="stable")
    rank = np.empty(n, dtype=np.intp)
    rank[order] = np.arange(n)
    inputs, link_at = _in_order(network.inputs, order, rank)
    inputs.indices = rank[inputs.indices].astype(inputs.indices.dtype)
    flows, flow_at = _in_order(network.flows, order, rank)
    found = solve_network(network, network.direct(cf))
    mean = found.values[order]
    size = _sizes(inputs, flows @ cf, mean)
    factor = size[inputs.indices] / size[rows_of_entries(inputs)]
    links = _sampler(network.input_spread, link_at, inputs.data, factor, 0)
    samplers = (
        links,
        _sampler(network.flow_spread, flow_at, flows.data, np.ones(flows.nnz), _FLOW_KEYS),
        _sampler(network.made_spread, order, np.ones(n), np.ones(n), _MADE_KEYS),
    )
    if not any(sampler and sampler.uncertain for sampler in samplers):
        raise no_uncertainty()
    inputs.data = inputs.data * factor
    sense = network.as_counted(np.ones(n))[order]
    places = tuple(int(rank[p]) for p in products)
    growth = iterate(magnitudes(inputs), np.ones((n, 1)), tolerance=1e-3)
    kappa = float(growth.y.max(initial=1.0)) if growth.converged else 1e6
    return Setup(
        Network(inputs, flows),
        cf,
        tuple(int(p) for p in products),
        places,
        rank,
        (sense * mean)[list(places)],
        sense * size,
        mean / size,
        *samplers,
        seed,
        contributions,
        replace(found.solver, tolerance=min(tolerance, _AIM / kappa)),
    )


def no_uncertainty() -> NoUncertainty:
    return NoUncertainty(
        "",
        "这个数据库（或所选的部分）没有带不确定性：每次抽样都会得到同一个数。请选用带分布的数据库，或先按数据质量评分补充分布。",
        "This database (or the part chosen) carries no uncertainty: every draw would give the same number. "
        "Use one with distributions, or add them from data-quality scores first.",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """One draw in the scaled variables: x = c + R x.

    reached   by the iteration, not by factorisation
    possible  False where the amounts drawn make a loop that uses up what it makes, or a process that makes nothing
    """

    x: Array
    c: Array
    R: sparse.csr_array
    reached: bool = True
    possible: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Of the draws that are possible: samples (d, p), contributions per product (d, lines); mean and sum of squared
    deviations (n,) of all products."""

    samples: Array
    contributions: tuple[Array, ...]
    mean: Array
    squares: Array
    factorised: int
    impossible: int


def draw_chunk(setup: Setup, span: tuple[int, int]) -> Chunk:
    """The draws span[0] to span[1]."""
    samples: list[Array] = []
    shares: list[list[Array]] = [[] for _ in setup.places] if setup.with_contributions else []
    mean, squares = np.zeros(setup.d.size), np.zeros(setup.d.size)
    factorised = impossible = 0
    for number in range(*span):
        draw = draw_network(setup, number)
        if not draw.possible:
            impossible += 1
            continue
        factorised += not draw.reached
        y = setup.d * draw.x
        samples.append(y[list(setup.places)])
        apart = y - mean  # Welford 1962
        mean += apart / len(samples)
        squares += apart * (y - mean)
        for share, place in zip(shares, setup.places, strict=False):
            share.append(_lines(setup, draw, place))
    by_product = tuple(np.array(share).reshape(len(samples), -1) for share in shares)
    drawn = np.array(samples).reshape(len(samples), len(setup.places))
    return Chunk(drawn, by_product, mean[setup.rank], squares[setup.rank], factorised, impossible)


def draw_network(setup: Setup, number: int) -> Draw:
    """Draw the amounts and solve."""
    pattern = setup.network.inputs
    data = setup.links.draw(setup.seed, number) if setup.links else pattern.data
    c = _direct(setup, number) / abs(setup.d)
    if setup.made:
        made = setup.made.draw(setup.seed, number)
        if made.min(initial=1.0) <= 0:
            return Draw(setup.start, c, pattern, possible=False)
        c = c / made
        data = data / np.repeat(made, np.diff(pattern.indptr))
    R = sparse.csr_array((data, pattern.indices, pattern.indptr), shape=pattern.shape)
    edges = np.searchsorted(R.indptr, np.linspace(0, R.nnz, _BLOCKS + 1)[1:-1]).tolist()
    bounds = [0, *edges, setup.d.size]
    blocks = [(a, b, rows_of(R, a, b)) for a, b in pairwise(bounds) if a < b]

    def swept(v: Array) -> Array:
        """One Gauss-Seidel sweep of v = R v, block after block."""
        for a, b, rows in blocks:
            v[a:b] = rows @ v
        return v

    x = setup.start.copy()
    for _ in range(_ROUNDS):
        ahead = x.copy()
        for a, b, rows in blocks:
            ahead[a:b] = c[a:b] + rows @ ahead
        if np.max(abs(ahead - x), initial=0.0) <= setup.solver.tolerance:
            return Draw(ahead, c, R, possible=_possible(setup, ahead, c, R))
        with np.errstate(all="ignore"):
            change, _ = bicgstab(lambda v: v - swept(v.copy()), ahead - x, setup.solver.tolerance / 2, _STEPS)
        if not np.isfinite(change).all():
            break
        x += change
    try:
        solved = solve_network(replace(setup.network, inputs=R), c)
    except SystemOfEquations:
        return Draw(x, c, R, possible=False)
    return Draw(solved.values, c, R, solved.solver.method == "iteration", _possible(setup, solved.values, c, R))


def _possible(setup: Setup, x: Array, c: Array, R: sparse.csr_array) -> bool:
    """Whether the draw has no loop that uses up what it makes."""
    if c.min(initial=0.0) >= 0 and R.data.min(initial=0.0) >= 0:
        return bool(x.min(initial=0.0) >= 0)  # only such a loop turns plus into minus
    try:
        check_network(replace(setup.network, inputs=R))
    except NotProductive:
        return False
    return True


def _direct(setup: Setup, number: int) -> Array:
    """c (n,): direct impacts of the draw."""
    flows = setup.network.flows
    if not setup.flows:
        return np.asarray(flows @ setup.characterisation)
    data = setup.flows.draw(setup.seed, number)
    return np.asarray(sparse.csr_array((data, flows.indices, flows.indptr), shape=flows.shape) @ setup.characterisation)


def _lines(setup: Setup, draw: Draw, place: int) -> Array:
    """What a product's own flows (first) and its inputs add."""
    links = slice(draw.R.indptr[place], draw.R.indptr[place + 1])
    own = draw.R.data[links] * draw.x[draw.R.indices[links]]
    size: float = setup.d[place]
    return size * np.concatenate(([draw.c[place]], own))


def _in_order(matrix: sparse.csr_array, order: Index, rank: Index) -> tuple[sparse.csr_array, Index]:
    """The rows in another order, and where each entry stood before; columns as they were."""
    counts = np.diff(matrix.indptr)
    at = np.argsort(rank[rows_of_entries(matrix)], kind="stable")
    indptr = np.concatenate(([0], np.cumsum(counts[order]))).astype(matrix.indptr.dtype)
    return sparse.csr_array((matrix.data[at], matrix.indices[at], indptr), shape=matrix.shape), at


def _sizes(inputs: sparse.csr_array, c: Array, mean: Array) -> Array:
    """How large the footprints are before credits cancel anything (n,); never zero."""
    size = abs(mean)
    if inputs.data.min(initial=0.0) < 0 or c.min(initial=0.0) < 0:
        whole = iterate(magnitudes(inputs), abs(c)[:, None], tolerance=1e-3)
        size = np.maximum(size, whole.y[:, 0]) if whole.converged else size + abs(c)
    return np.where(size > 0, size, 1.0)


def _sampler(spread: Distributions | None, at: Index, amounts: Array, factor: Array, first_key: int) -> Sampler | None:
    """Of entries in scattered order (`at`: where they stood), each keyed by where it stood, times a factor."""
    if spread is None:
        return None
    return Sampler(spread.take(at).scaled(factor), amounts * factor, at.astype(np.uint64) + np.uint64(first_key))
