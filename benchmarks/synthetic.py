"""A made-up supply network of any size, shaped like a background database; the same for the same seed and size.

Its shape is that of the databases in use, so that neither an iterative nor a direct solver meets what it would not meet
there:

sector      twenty products in a row, made mostly from those just before them. The first is the sector's market, which
            passes on nearly all burdens of its suppliers (97 % of its value is bought), as markets do
region      twenty sectors. The first holds the utilities: plant and machinery (counted in pieces, and taking from
            every market of the region), then electricity, heat, freight and so on, ever less popular
trade       between the markets of a sector in regions nearby, and with markets anywhere in the world, some of them
            serving nearly everybody; one such link in 25 goes to a single maker
recipes     of very different lengths (geometric); shares by value are lognormal, and add up to the part of its value
            that a product buys, so the network is productive whatever the units
units       value of a unit: about 1 for a kg, 1/30 for a MJ, 1/10 for a kWh or t km, a million for a piece of plant

Everything hangs together: a market takes the last of its row, the row leads down to the region's electricity, that to
its plant, and plant to every market of its region and to the next region's plant: one strongly connected core.

The cost of elimination hangs on the links to single makers far away, since they alone bypass the few markets by which
the graph falls apart: with none, the factors of 20,000 products hold 4 million numbers; with one link in 25, 9 million;
with one in three, 43 million; wholly random links are worse still. One in 25 puts PARDISO's time per draw where
bw2calc's own notes put it for ecoinvent (0.4 to 0.6 s on four faster cores: IterativeLCA of bw2calc 3.1). Iteration
hardly notices: the spectral radius (0.63) comes from the shares bought, not from who sells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Vector = NDArray[np.float64]

SECTOR, REGION = 20, 400  # products in a sector and in a region
CHUNK = 1 << 17  # recipes drawn at a time, each chunk from streams of its own
DRAWN = 1.11  # links drawn for one that is left: those that meet add up, and those to the product itself are dropped
UTILITIES = np.array([1e6, 1 / 10, 1 / 30, 1 / 10] + [1.0] * (SECTOR - 4))  # value of a piece, kWh, MJ, t km, kg ...
NICHE = 0.04  # of the links to the wide world, those to one maker and not to a market
# where a link leads: within the sector, to a utility, to a market of the region, to one nearby, into the wide world
ODDS = np.cumsum([0.30, 0.22, 0.16, 0.10, 0.22])


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """A background database, per unit of product: n products, m elementary flows.

    inputs (n, n)     inputs[i, j] units of product j taken by one unit of product i, with e links
    flows (n, m)      flows[i, k] kg of elementary flow k released, with b entries
    characterisation  (m,) kg CO2e per kg
    value (n,)        of one unit of product, in a currency of no account: it sets the size of amounts
    input_gsd (e,), flow_gsd (b,)  geometric standard deviations of the lognormal amounts, in the order of `.data`
    """

    inputs: sparse.csr_array
    flows: sparse.csr_array
    characterisation: Vector
    value: Vector
    input_gsd: Vector
    flow_gsd: Vector


@dataclass(frozen=True, slots=True, eq=False)
class Foreground:
    """A product model of f processes on a background of n: what they take of each other, buy, and release.

    own (f, f), bought (f, n), flows (f, m) per unit, each with the geometric standard deviations of its entries
    """

    own: sparse.csr_array
    bought: sparse.csr_array
    flows: sparse.csr_array
    own_gsd: Vector
    bought_gsd: Vector
    flow_gsd: Vector


def synthetic(n: int, links: int, seed: int) -> System:
    """A whole database: about `links` links (repeated ones add up) and six elementary flows per process."""
    inputs, value = _inputs(n, links, seed)
    random = np.random.default_rng([seed, n, 1])
    m, per_process = max(n // 20, 10), 6
    rows = np.repeat(np.arange(n), per_process)
    columns = (m * random.random(rows.size) ** 2).astype(np.int32)  # a few flows are in nearly every process
    amounts = value[rows] * random.lognormal(np.log(0.05), 1.5, rows.size)
    flows = _matrix(amounts, rows, columns, (n, m))
    warming = np.where(random.random(m) < 0.2, random.lognormal(3.0, 2.0, m), 0.0)  # most flows do not warm
    warming[0] = 1.0  # CO2
    return System(inputs, flows, warming, value, _gsd(random, inputs.nnz), _gsd(random, flows.nnz))


def foreground(background: System, f: int, seed: int) -> Foreground:
    """A chain of f processes, each a step further downstream, with some loops, five purchases and three emissions."""
    n, m = background.flows.shape
    random = np.random.default_rng([seed, n, 5])
    steps = np.arange(1, f)
    own_rows, own_columns = np.append(steps, random.integers(0, f // 2, 3)), np.append(steps - 1, f - 1 - np.arange(3))
    own = _matrix(random.uniform(0.1, 0.3, own_rows.size), own_rows, own_columns, (f, f))
    rows, columns = np.repeat(np.arange(f), 5), random.integers(0, n, 5 * f)
    bought = _matrix(random.uniform(0.02, 0.12, rows.size) / background.value[columns], rows, columns, (f, n))
    rows, columns = np.repeat(np.arange(f), 3), random.integers(0, m, 3 * f)
    flows = _matrix(random.lognormal(np.log(0.05), 1.0, rows.size), rows, columns, (f, m))
    return Foreground(own, bought, flows, *(_gsd(random, matrix.nnz) for matrix in (own, bought, flows)))


def network(n: int, links: int, seed: int) -> tuple[sparse.csr_array, Vector]:
    """Only `inputs` (n, n) and the direct burden (n,), kg CO2e per unit: for millions of products."""
    inputs, value = _inputs(n, links, seed)
    return inputs, value * np.random.default_rng([seed, n, 2]).lognormal(np.log(0.3), 1.5, n)


def _matrix(
    amounts: Vector, rows: NDArray[np.integer], columns: NDArray[np.integer], shape: tuple[int, int]
) -> sparse.csr_array:
    """Entries of one place add up; columns ascend."""
    matrix = sparse.csr_array(sparse.coo_array((amounts, (rows, columns)), shape=shape))
    matrix.sum_duplicates()
    return matrix


def _gsd(random: np.random.Generator, size: int) -> Vector:
    """As from a pedigree matrix: GSD squared mostly between 1.1 and 1.6, at most 3."""
    return np.sqrt(1.05 + np.minimum(random.lognormal(np.log(0.2), 0.8, size), 1.95))


def _inputs(n: int, links: int, seed: int) -> tuple[sparse.csr_array, Vector]:
    """The network (n, n), and the value of one unit of each product (n,)."""
    random = np.random.default_rng([seed, n, 0])
    value = random.lognormal(0.0, 1.2, n)
    for place, size in enumerate(UTILITIES):
        value[place::REGION] = size * random.lognormal(0.0, 0.3, value[place::REGION].size)
    bought = random.uniform(0.2, 0.65, n)
    bought[SECTOR::SECTOR] = np.where(np.arange(SECTOR, n, SECTOR) % REGION, 0.97, bought[SECTOR::SECTOR])
    indptr = np.zeros(n + 1, dtype=np.int32)
    indices, data = np.empty(links + links // 8, dtype=np.int32), np.empty(links + links // 8)
    filled = 0
    for start in range(0, n, CHUNK):
        rows, columns = _links(
            start, min(start + CHUNK, n), n, DRAWN * links / n, np.random.default_rng([seed, n, 3, start])
        )
        weights = np.random.default_rng([seed, n, 4, start]).lognormal(0.0, 1.5, rows.size)
        height = min(start + CHUNK, n) - start
        part = _matrix(weights, rows - start, columns, (height, n))
        scale = value[start : start + height] * bought[start : start + height] / part.sum(axis=1)
        end = filled + part.nnz
        indices[filled:end] = part.indices
        data[filled:end] = part.data * np.repeat(scale, np.diff(part.indptr)) / value[part.indices]
        indptr[start + 1 : start + height + 1] = filled + part.indptr[1:]
        filled = end
    return sparse.csr_array((data[:filled], indices[:filled], indptr), shape=(n, n)), value


def _links(
    start: int, stop: int, n: int, mean: float, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Takers and suppliers, for the recipes from `start` to `stop`; no product takes itself."""
    products = np.arange(start, stop)
    rows = np.repeat(products, random.geometric(1 / mean, stop - start))
    kind = np.searchsorted(ODDS, random.random(rows.size)).clip(max=ODDS.size - 1)
    sectors = -(-n // SECTOR)
    sector, region = rows // SECTOR, rows // REGION
    distance = random.geometric(0.2, rows.size)
    spread = random.random(rows.size)
    maker = np.where(random.random(rows.size) < NICHE, random.integers(0, SECTOR, rows.size), 0)
    anywhere = (sectors * spread**2).astype(np.int64) * 7919 % sectors  # the popular ones lie scattered, not first
    columns = np.choose(
        kind,
        [
            sector * SECTOR + (rows - distance) % SECTOR,
            region * REGION + distance % SECTOR,
            region * REGION + (spread * (REGION // SECTOR)).astype(np.int64) * SECTOR,
            sector * SECTOR + np.where(spread < 0.5, distance, -distance) * REGION,
            anywhere * SECTOR + maker,
        ],
    )
    columns = np.where((columns < 0) | (columns >= n), columns % n // SECTOR * SECTOR, columns)
    # what ties everything together
    place = products % SECTOR
    electricity = products // REGION * REGION + 1
    tie = np.select(
        [(place == 0) & (products + 1 < n), place > 1, products == electricity],
        [np.minimum(products + SECTOR - 1, n - 1), products - 1, products - 1],
        np.minimum(electricity, n - 1),
    )
    plant = products[products % REGION == 0]
    markets = (plant[:, None] + np.arange(SECTOR, REGION, SECTOR)).ravel()
    next_plant = np.where(plant + REGION < n, plant + REGION, 0)
    takers = np.concatenate([rows, products, np.repeat(plant, REGION // SECTOR - 1), plant])
    suppliers = np.concatenate([columns, tie, markets, next_plant])
    kept = (takers != suppliers) & (suppliers < n)
    return takers[kept], suppliers[kept]
