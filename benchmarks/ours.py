"""What tanbiao.lca needs for the systems of `synthetic`; every function is one measurement, as in `peer`.

Answers with seconds, or whatever its unit is; `accuracy` says how far draws are from direct solves of the same draws.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu
from synthetic import Foreground, System, foreground, network, synthetic

from tanbiao.lca.distributions.making import lognormal
from tanbiao.lca.execution.executors import Processes
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.conventions import Entries, network_from_exchanges
from tanbiao.lca.network.engine import inventory_of, unit_footprints
from tanbiao.lca.network.live import LiveFootprints
from tanbiao.lca.uncertainty.draws import Setup, draw_chunk, draw_network, prepare

N, LINKS, SEED = 20_000, 216_000, 1
DRAWS = 25  # in one task


def import_time() -> float:
    """`from tanbiao import lca` alone."""
    bare, loaded = (
        _seconds(lambda code=code: subprocess.run([sys.executable, "-c", code], check=True))
        for code in ("", "from tanbiao import lca")
    )
    return loaded - bare


def first_result() -> float:
    """From exchanges in memory to the footprint and inventory of one product, nothing prepared but the imports."""
    system = synthetic(N, LINKS, SEED)
    links, releases, everyone = system.inputs.tocoo(), system.flows.tocoo(), np.arange(N)
    technology = Entries(
        np.concatenate((everyone, links.col)),
        np.concatenate((everyone, links.row)),
        np.concatenate((np.ones(N), -links.data)),
    )
    interventions = Entries(releases.col, releases.row, releases.data)

    def work() -> float:
        net = network_from_exchanges(technology, interventions, everyone, system.flows.shape[1])
        return float(inventory_of(net, {0: 1.0}).values @ system.characterisation)

    return _seconds(work)


def all_products() -> float:
    """The footprint of every product, from arrays in memory."""
    system = synthetic(N, LINKS, SEED)
    return _seconds(lambda: unit_footprints(Network(system.inputs, system.flows), system.characterisation))


def repeated_demand() -> float:
    """Another product with the footprints of all kept: the score, and its inventory solved anew."""
    system = synthetic(N, LINKS, SEED)
    net = Network(system.inputs, system.flows)
    y = unit_footprints(net, system.characterisation).values
    return median(
        _seconds(lambda product=product: (y[product], inventory_of(net, net.demand({product: 1.0}))))
        for product in range(7, N, N // 30)
    )


def draw() -> float:
    """One draw of all products with every link and emission lognormal, in one process."""
    setup = _setup()
    draw_network(setup, 0)
    return median(_seconds(lambda number=number: draw_network(setup, number)) for number in range(1, 40))


def draw_on_all_cores() -> float:
    """The same with one process a core, without their start: the time between the first and the last chunk done."""
    setup = _setup()
    cores = os.cpu_count() or 1
    tasks = [(start, start + DRAWS) for start in range(0, 24 * cores * DRAWS, DRAWS)]
    done: list[float] = []
    for _ in Processes().iterate(draw_chunk, tasks, shared=setup):
        done.append(time.perf_counter())
    return (done[-1] - done[cores - 1]) / ((len(done) - cores) * DRAWS)


def accuracy() -> float:
    """Largest relative deviation of any product in five draws from direct solves (SuperLU) of the same draws."""
    setup = _setup()
    worst = 0.0
    for number in range(5):
        found = draw_network(setup, number)
        identity = sparse.eye_array(setup.d.size, format="csc")
        exact = splu(sparse.csc_array(identity - found.R), permc_spec="COLAMD").solve(found.c)
        worst = max(worst, float(np.max(abs(found.x - exact) / abs(exact))))
    return worst


def foreground_set_up() -> float:
    """Forty uncertain processes on a certain background: its footprints solved, everything laid out, the first draw."""
    system = synthetic(N, LINKS, SEED)
    own = foreground(system, 40, SEED)
    return _seconds(lambda: draw_network(_foreground_setup(system, own), 0))


def foreground_draw() -> float:
    """One draw of forty uncertain processes on a certain background, solved before."""
    system = synthetic(N, LINKS, SEED)
    setup = _foreground_setup(system, foreground(system, 40, SEED))
    return median(_seconds(lambda number=number: draw_network(setup, number)) for number in range(1, 200))


def million() -> float:
    """All footprints of 1 M products with 11 M links."""
    return _all_of(1_000_000, 11_000_000)


def ten_million() -> float:
    """All footprints of 10 M products with 110 M links."""
    return _all_of(10_000_000, 110_000_000)


def one_change() -> float:
    """One recipe of 1 M products changes (inputs and direct by up to 10 %): median time to all new footprints."""
    inputs, direct = network(1_000_000, 11_000_000, SEED)
    live = LiveFootprints(Network(inputs, sparse.csr_array(direct[:, None])), [1.0], tolerance=1e-6)
    random = np.random.default_rng(SEED)
    times = []
    for _ in range(200):
        product = int(random.integers(inputs.shape[0]))
        row = slice(inputs.indptr[product], inputs.indptr[product + 1])
        amounts = inputs.data[row] * random.uniform(0.9, 1.1, inputs.data[row].size)
        recipe = dict(zip(inputs.indices[row].tolist(), amounts.tolist(), strict=True))
        new_direct = float(direct[product] * random.uniform(0.9, 1.1))
        times.append(_seconds(lambda p=product, r=recipe, c=new_direct: live.change(p, r, c)))
    return median(times)


def _all_of(n: int, links: int) -> float:
    inputs, direct = network(n, links, SEED)
    net = Network(inputs, sparse.csr_array((direct, np.zeros(n, dtype=np.int32), np.arange(n + 1)), shape=(n, 1)))
    return _seconds(lambda: unit_footprints(net, [1.0], tolerance=1e-9))


def _setup() -> Setup:
    system = synthetic(N, LINKS, SEED)
    net = Network(
        system.inputs,
        system.flows,
        input_spread=lognormal(system.inputs.data, system.input_gsd),
        flow_spread=lognormal(system.flows.data, system.flow_gsd),
    )
    return prepare(net, system.characterisation, [0], SEED)


def _foreground_setup(system: System, own: Foreground) -> Setup:
    """The background enters by its footprints, as a flow of its own for every product bought."""
    y = unit_footprints(Network(system.inputs, system.flows), system.characterisation).values
    flows = sparse.csr_array(sparse.hstack([own.flows, own.bought]))
    gsd = np.concatenate([own.flow_gsd, own.bought_gsd])[_row_order(own.flows, own.bought)]
    net = Network(
        own.own,
        flows,
        input_spread=lognormal(own.own.data, own.own_gsd),
        flow_spread=lognormal(flows.data, gsd),
    )
    return prepare(net, np.concatenate([system.characterisation, y]), [39], SEED)


def _row_order(left: sparse.csr_array, right: sparse.csr_array) -> np.ndarray:
    """Where each entry of [left right], row by row, stands in the entries of both laid end to end."""
    rows = np.concatenate([np.repeat(np.arange(m.shape[0]), np.diff(m.indptr)) for m in (left, right)])
    return np.argsort(rows, kind="stable")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
