"""Monte Carlo on a network: every draw solves for all products, so products that run together share their background.

The same seed gives the same digits whatever products are asked for and however many workers share the draws (`draws`).
JCGM 101:2008 (propagation of distributions); ISO 14067:2018 6.6 asks for the uncertainty of the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tanbiao.lca.execution.executors import Cancel, Executor, InProcess
from tanbiao.lca.faults import NotProductive, UnknownProduct, WrongAmount, WrongShape
from tanbiao.lca.frames import Table, share
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.record import Record, sha256_of_arrays
from tanbiao.lca.uncertainty.draws import DRAW_TOLERANCE, Chunk, draw_chunk, prepare
from tanbiao.words import Text

Array = NDArray[np.float64]

QUANTILES = (0.025, 0.5, 0.975)
_CHUNK = 25  # draws in one task: lost at most, when a worker dies


@dataclass(frozen=True, slots=True, eq=False)
class MonteCarlo(Table):
    """Draws of the footprints of some products.

    record         what has to be known to get the same digits again; its inputs are network and characterisation
    products       (p,)     their indices
    samples        (d, p)   footprint of one unit, draw by draw; column by column paired (same background)
    means          (p,)     footprints of the amounts as given (not the mean of the draws)
    contributions  for each product (d, lines): what its own flows (line 0) and each input of its recipe add;
                   they sum to the footprint of the draw. () unless asked for
    line_names     for each product the names of its lines
    all_mean, all_sd  (n,)  of the draws of every product of the network
    factorised     draws that the iteration did not reach and that were factorised
    impossible     draws left out, because the amounts drawn make a loop that uses up what it makes or a process that
                   makes nothing: where there are more than a few, the spreads are too wide for the loops they are in
    """

    record: Record
    products: tuple[int, ...]
    samples: Array
    means: Array
    all_mean: Array
    all_sd: Array
    contributions: tuple[Array, ...] = ()
    line_names: tuple[tuple[str, ...], ...] = ()
    factorised: int = 0
    impossible: int = 0
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
        left_out = (
            Text(f"；另有 {self.impossible} 次无解，已略去", f"; {self.impossible} more have no solution, left out")
            if self.impossible
            else Text("", "")
        )
        return Text(
            f"{self.draws} 次抽样，种子 {self.record.seed}{left_out.zh}",
            f"{self.draws} draws, seed {self.record.seed}{left_out.en}",
        )

    def rows(self) -> list[dict[str, object]]:
        return [
            {"product": self.names[i], "footprint": float(self.means[i]), **spread_columns(sample)}
            for i, sample in enumerate(self.samples.T)
        ]

    def within(self, product: int) -> DrawnContributions:
        """Contributions within the uncertainty of one product: what its own flows and each input add, drawn.

        Raises UnknownProduct where it was not drawn with `contributions`.
        """
        place = self._place(product)
        if not self.contributions:
            raise UnknownProduct(
                self.names[place],
                "抽样时没有记录贡献。请以 contributions=True 重新抽样。",
                "contributions were not kept. Draw again with contributions=True.",
            )
        return DrawnContributions(self.names[place], self.line_names[place], self.contributions[place])

    def _place(self, product: int) -> int:
        if product not in self.products:
            drawn = "、".join(self.names)
            raise UnknownProduct(
                str(product),
                f"没有抽取编号 {product} 的产品；抽取了：{drawn}。",
                f"product {product} was not drawn; drawn were: {drawn}.",
            )
        return self.products.index(product)


@dataclass(frozen=True, slots=True, eq=False)
class DrawnContributions(Table):
    """samples (d, lines): what the flows of a product itself (first) and each of its inputs add, draw by draw."""

    product: str
    lines: tuple[str, ...]
    samples: Array

    def caption(self) -> Text:
        return Text(f"“{self.product}”不确定性之内的贡献", f'Contributions within the uncertainty of "{self.product}"')

    def rows(self) -> list[dict[str, object]]:
        """The lines, by how much of the variance of the sum goes with them; see `rows_by_variance`."""
        return rows_by_variance([{"line": line} for line in self.lines], self.samples)


def rows_by_variance(labels: Sequence[dict[str, object]], samples: Array) -> list[dict[str, object]]:
    """Lines with their samples (d, lines), by how much of the variance of their sum goes with each.

    share  of the covariance with the sum: adds up to 1
    """
    total = samples.sum(axis=1)
    covariance = (samples - samples.mean(axis=0)).T @ (total - total.mean())
    whole = float(covariance.sum())
    return [
        {**labels[k], **spread_columns(samples[:, k]), "share": share(float(covariance[k]), whole)}
        for k in np.argsort(-abs(covariance), kind="stable").tolist()
    ]


def spread_columns(sample: Array) -> dict[str, object]:
    """Mean, standard deviation and quantiles of a sample (d,), as columns of a table."""
    return {
        "mean": float(sample.mean()),
        "sd": float(sample.std(ddof=1)) if sample.size > 1 else 0.0,
        **{f"q{q * 100:g}": float(np.quantile(sample, q)) for q in QUANTILES},
    }


def monte_carlo(
    network: Network,
    characterisation: ArrayLike,
    products: Sequence[int | str],
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
    products   by index or name
    vary       keeps only some of the uncertainty, e.g. `only_flows` or `only_inputs`
    executor   where chunks of draws run (default: here, one after the other)
    progress   called with (done, total) chunks; cancel: asked between chunks, stops with Cancelled
    Raises NoUncertainty where nothing of the network varies, WrongAmount for fewer than one draw, WrongShape,
    UnknownProduct.
    """
    check_draws(draws)
    if np.ndim(characterisation) != 1:
        raise WrongShape(
            "",
            f"特征化因子的形状是 {np.shape(characterisation)}；抽样一次用一种方法，应为 (m,)。",
            f"The characterisation has the shape {np.shape(characterisation)}; draws take one method, (m,).",
        )
    varied = network if vary is None else vary(network)
    chosen = [network.index(product) for product in products]
    setup = prepare(varied, characterisation, chosen, seed, contributions, tolerance)
    tasks = [(start, min(start + _CHUNK, draws)) for start in range(0, draws, _CHUNK)]
    run = executor or InProcess()
    chunks: list[Chunk] = run.run(draw_chunk, tasks, shared=setup, progress=progress, cancel=cancel)
    impossible = sum(chunk.impossible for chunk in chunks)
    if impossible == draws:
        raise NotProductive(
            (),
            "每次抽样都有循环消耗不少于产出，没有解。请减小循环中投入和产出的不确定性。",
            "In every draw some loop uses up what it makes, so there is no solution. Narrow the spreads of the inputs "
            "and yields that lie in loops.",
            1.0,
        )
    mean, sd = _moments(chunks)
    return MonteCarlo(
        record=Record(
            sha256_of_arrays(varied.sha256, setup.characterisation), "", setup.solver, seed=seed, draws=draws
        ),
        products=setup.products,
        samples=np.concatenate([chunk.samples for chunk in chunks]),
        means=setup.means,
        all_mean=mean,
        all_sd=sd,
        contributions=tuple(
            np.concatenate([chunk.contributions[i] for chunk in chunks]) for i in range(len(chunks[0].contributions))
        ),
        line_names=tuple(
            ("直接排放 / Direct emissions", *(network.name(i) for i in setup.recipe(place))) for place in setup.places
        )
        if contributions
        else (),
        factorised=sum(chunk.factorised for chunk in chunks),
        impossible=impossible,
        names=tuple(network.name(p) for p in setup.products),
    )


def check_draws(draws: int) -> None:
    """At least one, or WrongAmount."""
    if draws < 1:
        raise WrongAmount("draws", f"抽样次数 {draws} 应至少为 1。", f"{draws} draws: at least one is due.")


def only_inputs(network: Network) -> Network:
    """The network with the uncertainty of its links and yields alone."""
    return replace(network, flow_spread=None)


def only_flows(network: Network) -> Network:
    """The network with the uncertainty of its elementary flows alone."""
    return replace(network, input_spread=None, made_spread=None)


def _moments(chunks: Sequence[Chunk]) -> tuple[Array, Array]:
    """Mean and standard deviation of all draws from those of the chunks (Chan, Golub & LeVeque 1983)."""
    mean, squares, count = np.zeros_like(chunks[0].mean), np.zeros_like(chunks[0].squares), 0
    for chunk in chunks:
        if more := len(chunk.samples):
            apart = chunk.mean - mean
            mean = mean + apart * (more / (count + more))
            squares = squares + chunk.squares + apart**2 * (count * more / (count + more))
            count += more
    return mean, np.sqrt(squares / max(count - 1, 1))
