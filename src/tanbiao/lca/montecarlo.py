"""Monte Carlo on a network: every draw solves for all products, so products that run together share their background.

A draw changes the amounts over one index pattern. It starts from the solution of the means, y0, and runs in the
variables x = y / d with d of the size of y0, where every product is about one and few steps are needed. The value of a
link in a draw depends on seed, draw and link alone (`sampling`), and the start on the means alone: the same seed gives
the same digits whatever products are asked for and however many workers share the draws.
JCGM 101:2008 (propagation of distributions); ISO 14067:2018 6.6 asks for the uncertainty of the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from tanbiao.lca.distributions import Distributions
from tanbiao.lca.engine import Solver, solve_network
from tanbiao.lca.execution import Cancel, Executor, InProcess
from tanbiao.lca.faults import NoUncertainty
from tanbiao.lca.frames import Table
from tanbiao.lca.iterate import bicgstab
from tanbiao.lca.network import Network
from tanbiao.lca.record import Record, sha256_of_arrays
from tanbiao.lca.sampling import Sampler
from tanbiao.words import Text

Array = NDArray[np.float64]

DRAW_TOLERANCE = 1e-7  # residual in x of a draw, which is about one; benchmarks compare with direct solves
_STEPS = 60
_CHUNK = 25  # draws in one task: lost at most, when a worker dies
_FLOW_KEYS, _MADE_KEYS = np.uint64(1 << 62), np.uint64(1 << 63)  # links, flows and yields draw from keys of their own


QUANTILES = (0.025, 0.5, 0.975)
NO_UNCERTAINTY = Text(
    "这个数据库（或所选的部分）没有带不确定性：每次抽样都会得到同一个数。请选用带分布的数据库，或先按数据质量评分补充分布。",
    "This database (or the part chosen) carries no uncertainty: every draw would give the same number. "
    "Use one with distributions, or add them from data-quality scores first.",
)


@dataclass(frozen=True, slots=True, eq=False)
class MonteCarlo(Table):
    """Draws of the footprints of some products.

    record         what has to be known to get the same digits again; its inputs are network and characterisation
    products       (p,)     their indices
    samples        (d, p)   footprint of one unit, draw by draw; column by column paired (same background)
    means          (p,)     footprints of the amounts as given (not the mean of the draws)
    contributions  for each product (d, lines): what its own flows (line 0) and each input of its recipe add;
                   they sum to the footprint of the draw. () unless asked for
    lines          for each product the index of the product of each input (line 1 on)
    all_mean, all_sd  (n,)  of the draws of every product of the network
    factorised     draws that the iteration did not reach and that were factorised
    """

    record: Record
    products: tuple[int, ...]
    samples: Array
    means: Array
    all_mean: Array
    all_sd: Array
    contributions: tuple[Array, ...] = ()
    lines: tuple[tuple[int, ...], ...] = ()
    factorised: int = 0
    names: tuple[str, ...] = ()

    @property
    def draws(self) -> int:
        return int(self.samples.shape[0])

    def of(self, product: int) -> Array:
        """The draws (d,) of one product. Raises KeyError where it was not asked for."""
        return self.samples[:, self._place(product)]

    def name(self, product: int) -> str:
        return self.names[self._place(product)]

    def caption(self) -> Text:
        return Text(f"{self.draws} 次抽样，种子 {self.record.seed}", f"{self.draws} draws, seed {self.record.seed}")

    def rows(self) -> list[dict[str, object]]:
        return [
            {
                "product": self.names[i],
                "footprint": float(self.means[i]),
                "mean": float(sample.mean()),
                "sd": float(sample.std(ddof=1)) if self.draws > 1 else 0.0,
                **{f"q{q * 100:g}": float(np.quantile(sample, q)) for q in QUANTILES},
            }
            for i, sample in enumerate(self.samples.T)
        ]

    def _place(self, product: int) -> int:
        if product not in self.products:
            raise KeyError(product)
        return self.products.index(product)


def monte_carlo(
    network: Network,
    characterisation: ArrayLike,
    products: Sequence[int],
    *,
    draws: int,
    seed: int,
    contributions: bool = False,
    vary: Callable[[Network], Network] | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], object] | None = None,
    cancel: Cancel = None,
    tolerance: float = DRAW_TOLERANCE,
) -> MonteCarlo:
    """Draw the whole network `draws` times.

    characterisation  (m,)  one impact per unit of flow
    vary       keeps only some of the uncertainty, e.g. `only_flows` or `only_inputs`
    executor   where chunks of draws run (default: here, one after the other)
    progress   called with (done, total) chunks; cancel: asked between chunks, stops with Cancelled
    Raises NoUncertainty where nothing of the network varies.
    """
    setup = prepare(
        network if vary is None else vary(network), characterisation, products, seed, contributions, tolerance
    )
    tasks = [(start, min(start + _CHUNK, draws)) for start in range(0, draws, _CHUNK)]
    run = executor or InProcess()
    chunks: list[_Chunk] = run.run(draw_chunk, tasks, shared=setup, progress=progress, cancel=cancel)
    mean, sd = _moments(chunks, tasks)
    return MonteCarlo(
        record=Record(
            sha256_of_arrays(network.sha256, setup.characterisation), "", setup.solver, seed=seed, draws=draws
        ),
        products=setup.products,
        samples=np.concatenate([chunk.samples for chunk in chunks]),
        means=setup.mean[list(setup.products)],
        all_mean=mean,
        all_sd=sd,
        contributions=tuple(
            np.concatenate([chunk.contributions[i] for chunk in chunks]) for i in range(len(chunks[0].contributions))
        ),
        lines=tuple(setup.recipe(p) for p in setup.products) if contributions else (),
        factorised=sum(chunk.factorised for chunk in chunks),
        names=tuple(network.name(p) for p in setup.products),
    )


def only_inputs(network: Network) -> Network:
    """The network with the uncertainty of its links and yields alone."""
    return replace(network, flow_spread=None)


def only_flows(network: Network) -> Network:
    """The network with the uncertainty of its elementary flows alone."""
    return replace(network, input_spread=None, made_spread=None)


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """All that a draw needs, in the variables x = y / d; sent to every worker once.

    inputs (n, n) holds the pattern; `scaled` (its nnz,) the means of d^-1 R d
    """

    network: Network
    characterisation: Array
    products: tuple[int, ...]
    seed: int
    with_contributions: bool
    tolerance: float
    mean: Array  # y0 (n,)
    d: Array  # (n,)
    links: Sampler | None
    flows: Sampler | None
    made: Sampler | None
    sense: Array  # (n,)
    solver: Solver  # of the means, with the tolerance of the draws

    def recipe(self, product: int) -> tuple[int, ...]:
        indptr = self.network.inputs.indptr
        return tuple(self.network.inputs.indices[indptr[product] : indptr[product + 1]].tolist())


def prepare(
    network: Network,
    characterisation: ArrayLike,
    products: Sequence[int],
    seed: int,
    contributions: bool = False,
    tolerance: float = DRAW_TOLERANCE,
) -> Setup:
    """Solve for the means and scale everything by them. Raises NoUncertainty."""
    cf = np.asarray(characterisation, dtype=float)
    inputs = network.inputs
    found = solve_network(network, network.flows @ cf)
    mean = found.values
    sizes = abs(mean)
    for _ in range(3):  # products whose footprint is next to nothing take the size of what they are made from
        sizes = np.maximum(sizes, abs(inputs) @ sizes) if (sizes == 0).any() else sizes
    d = np.where(sizes > 0, sizes, 1.0)
    row = np.repeat(np.arange(network.size), np.diff(inputs.indptr))
    factor = d[inputs.indices] / d[row]
    samplers = (
        _sampler(network.input_spread, inputs.data, factor, None),
        _sampler(network.flow_spread, network.flows.data, None, _FLOW_KEYS),
        _sampler(network.made_spread, np.ones(network.size), None, _MADE_KEYS),
    )
    if not any(sampler and sampler.uncertain for sampler in samplers):
        raise NoUncertainty("", NO_UNCERTAINTY.zh, NO_UNCERTAINTY.en)
    scaled = sparse.csr_array((inputs.data * factor, inputs.indices, inputs.indptr), shape=inputs.shape)
    sense = np.ones(network.size) if network.sense is None else network.sense
    bare = replace(
        network, inputs=scaled, names=(), flow_names=(), input_spread=None, flow_spread=None, made_spread=None
    )
    return Setup(
        bare,
        cf,
        tuple(int(p) for p in products),
        seed,
        contributions,
        tolerance,
        mean * sense,
        d,
        *samplers,
        sense,
        replace(found.solver, tolerance=tolerance),
    )


def _sampler(
    spread: Distributions | None, amounts: Array, factor: Array | None, first_key: np.uint64 | None
) -> Sampler | None:
    if spread is None:
        return None
    keys = np.arange(amounts.size, dtype=np.uint64) + (first_key or np.uint64(0))
    if factor is None:
        return Sampler(spread, amounts, keys)
    return Sampler(spread.scaled(factor), amounts * factor, keys)


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    """samples (d, p), contributions per product (d, lines); mean and sum of squared deviations (n,) of all products."""

    samples: Array
    contributions: tuple[Array, ...]
    mean: Array
    squares: Array
    factorised: int


def draw_chunk(setup: Setup, span: tuple[int, int]) -> _Chunk:
    """The draws span[0] to span[1]."""
    start, stop = span
    products = list(setup.products)
    samples = np.empty((stop - start, len(products)))
    shares: list[list[Array]] = [[] for _ in products] if setup.with_contributions else []
    mean, squares = np.zeros(setup.d.size), np.zeros(setup.d.size)
    factorised = 0
    for count, draw in enumerate(range(start, stop), start=1):
        x, c, R, direct = draw_network(setup, draw)
        factorised += not direct
        y = setup.sense * setup.d * x
        samples[count - 1] = y[products]
        apart = y - mean  # Welford 1962
        mean += apart / count
        squares += apart * (y - mean)
        for share, product in zip(shares, products, strict=False):
            share.append(_lines(setup, R, c, x, product))
    return _Chunk(samples, tuple(np.array(share) for share in shares), mean, squares, factorised)


def draw_network(setup: Setup, draw: int) -> tuple[Array, Array, sparse.csr_array, bool]:
    """x (n,), c (n,) and R of one draw in the scaled variables, and whether the iteration reached x."""
    pattern = setup.network.inputs
    data = setup.links.draw(setup.seed, draw) if setup.links else pattern.data
    c = _direct(setup, draw) / setup.d
    if setup.made:
        made = setup.made.draw(setup.seed, draw)
        c = c / made
        data = data / np.repeat(made, np.diff(pattern.indptr))
    R = sparse.csr_array((data, pattern.indices, pattern.indptr), shape=pattern.shape)
    x = setup.sense * setup.mean / setup.d
    reached = False
    for _ in range(3):
        r = c + R @ x - x
        reached = bool(np.max(abs(r), initial=0.0) <= setup.tolerance)
        if reached:
            return x, c, R, True
        with np.errstate(all="ignore"):
            change, _steps = bicgstab(lambda v: v - R @ v, r, setup.tolerance / 2, _STEPS)
        if not np.isfinite(change).all():
            break
        x = x + change
    solved = solve_network(replace(setup.network, inputs=R), c)
    return solved.values, c, R, solved.solver.method == "iteration"


def _direct(setup: Setup, draw: int) -> Array:
    """c (n,): direct impacts of the draw."""
    flows = setup.network.flows
    if not setup.flows:
        return np.asarray(flows @ setup.characterisation)
    data = setup.flows.draw(setup.seed, draw)
    return np.asarray(sparse.csr_array((data, flows.indices, flows.indptr), shape=flows.shape) @ setup.characterisation)


def _lines(setup: Setup, R: sparse.csr_array, c: Array, x: Array, product: int) -> Array:
    links = slice(R.indptr[product], R.indptr[product + 1])
    own = R.data[links] * x[R.indices[links]]
    size: float = setup.sense[product] * setup.d[product]
    return size * np.concatenate(([c[product]], own))


def _moments(chunks: Sequence[_Chunk], tasks: Sequence[tuple[int, int]]) -> tuple[Array, Array]:
    """Mean and standard deviation of all draws from those of the chunks (Chan, Golub & LeVeque 1983)."""
    mean, squares, count = np.zeros_like(chunks[0].mean), np.zeros_like(chunks[0].squares), 0
    for chunk, (start, stop) in zip(chunks, tasks, strict=True):
        more = stop - start
        apart = chunk.mean - mean
        mean = mean + apart * (more / (count + more))
        squares = squares + chunk.squares + apart**2 * (count * more / (count + more))
        count += more
    return mean, np.sqrt(squares / max(count - 1, 1))
