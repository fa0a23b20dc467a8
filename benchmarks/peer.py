"""What Brightway needs for the same made-up system: bw2calc with PARDISO (pypardiso), by its public classes.

Every function is one measurement and answers with seconds; `engine` runs each in a process of its own. PARDISO takes
as many threads as it likes: one for every core.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import bw2calc
import bw_processing
import numpy as np
from numpy.typing import NDArray
from synthetic import Foreground, System, foreground, synthetic

LINKS_PER_PRODUCT = 10.8
N, SEED = 20_000, 1
FLOWS, OWN = 1_000_000, 2_000_000  # ids: products from 0, elementary flows and foreground processes from these on
WARMING = ("warming",)  # how Brightway names a method
NO_GSD = np.empty(0)


def import_time() -> float:
    """`import bw2calc` alone: bw2data, which a bare calculation does not need, is kept from being found."""
    bare, loaded = (
        _seconds(lambda code=code: subprocess.run([sys.executable, "-c", code], check=True))
        for code in ("", "import sys; sys.modules['bw2data'] = None; import bw2calc")
    )
    return loaded - bare


def first_result() -> float:
    """From the datapackage in memory to the score of one product, nothing prepared but the imports."""
    package = database(_system())
    return _seconds(lambda: _result(bw2calc.LCA({0: 1.0}, data_objs=[package])))


def first_solve() -> float:
    """PARDISO alone: ordering, factors and the first answer."""
    lca = bw2calc.LCA({0: 1.0}, data_objs=[database(_system())])
    lca.load_lci_data()
    lca.build_demand_array()
    return _seconds(lca.solve_linear_system)


def repeated_demand() -> float:
    """Another product with the factors kept: inventory and score."""
    lca = bw2calc.LCA({0: 1.0}, data_objs=[database(_system())])
    _result(lca)
    return median(_seconds(lambda product=product: _result(lca, {product: 1.0})) for product in range(7, N, N // 30))


def all_by_demands() -> float:
    """All products one by one: the repeated demand times their number, not run out."""
    return N * repeated_demand()


def all_by_adjoint() -> float:
    """All products by one transposed solve, from the datapackage: what bw2calc offers since 3.1 to those who ask."""
    package = database(_system())
    lca = bw2calc.FastScoresOnlyMultiLCA(
        demands={"one": {0: 1.0}},
        method_config={"impact_categories": [WARMING]},
        data_objs=[package],
        direction="adjoint",
    )
    return _seconds(lambda: next(lca))


def draw() -> float:
    """One Monte Carlo draw of one product with every link and emission lognormal, factors made anew."""
    return _draw(bw2calc.LCA)


def draw_iterative() -> float:
    """The same draw by bw2calc's IterativeLCA: BiCGSTAB started from the undisturbed answer."""
    return _draw(bw2calc.IterativeLCA)


def foreground_set_up() -> float:
    """PartitionedMonteCarloLCA: forty uncertain processes on a certain background, until the first draw."""
    lca = _partitioned()
    return _seconds(lambda: _result(lca))


def foreground_draw() -> float:
    """One more draw of those forty processes."""
    lca = _partitioned()
    _result(lca)
    return median(_seconds(lambda: (next(lca), lca.score)) for _ in range(50))


def database(system: System, *, uncertain: bool = True, method: bool = True) -> Any:
    """The system as a datapackage in memory; production is one unit, inputs are flipped in sign by Brightway."""
    n = system.flows.shape[0]
    package = bw_processing.create_datapackage(name="background", metadata={"database_dependencies": []})
    everyone, links, releases = np.arange(n), system.inputs.tocoo(), system.flows.tocoo()
    input_gsd, flow_gsd = (system.input_gsd, system.flow_gsd) if uncertain else (NO_GSD, NO_GSD)
    _add(package, "technosphere_matrix", everyone, everyone, np.ones(n), reference_array=np.ones(n, dtype=bool))
    _add(package, "technosphere_matrix", links.col, links.row, links.data, input_gsd, taken=True)
    _add(package, "biosphere_matrix", releases.col + FLOWS, releases.row, releases.data, flow_gsd)
    if method:
        _characterise(package, system.characterisation)
    return package


def model(own: Foreground) -> Any:
    """The foreground as a datapackage that depends on the background."""
    f = own.own.shape[0]
    package = bw_processing.create_datapackage(name="model", metadata={"database_dependencies": ["background"]})
    processes, inner, bought, releases = np.arange(f) + OWN, own.own.tocoo(), own.bought.tocoo(), own.flows.tocoo()
    _add(package, "technosphere_matrix", processes, processes, np.ones(f), reference_array=np.ones(f, dtype=bool))
    _add(package, "technosphere_matrix", inner.col + OWN, inner.row + OWN, inner.data, own.own_gsd, taken=True)
    _add(package, "technosphere_matrix", bought.col, bought.row + OWN, bought.data, own.bought_gsd, taken=True)
    _add(package, "biosphere_matrix", releases.col + FLOWS, releases.row + OWN, releases.data, own.flow_gsd)
    return package


def _characterise(package: Any, characterisation: NDArray[np.float64]) -> None:
    flows = np.arange(characterisation.size) + FLOWS
    _add(package, "characterization_matrix", flows, flows, characterisation, identifier=list(WARMING))


def _add(
    package: Any,
    matrix: str,
    rows: NDArray[np.integer],
    columns: NDArray[np.integer],
    amounts: NDArray[np.float64],
    gsd: NDArray[np.float64] = NO_GSD,
    *,
    taken: bool = False,
    **metadata: Any,
) -> None:
    """One resource; lognormal with the amounts as medians where there are `gsd`."""
    indices = np.zeros(amounts.size, dtype=bw_processing.INDICES_DTYPE)
    indices["row"], indices["col"] = rows, columns
    spread = {}
    if gsd.size:
        spread["distributions_array"] = np.zeros(amounts.size, dtype=bw_processing.UNCERTAINTY_DTYPE)
        for name in ("shape", "minimum", "maximum"):
            spread["distributions_array"][name] = np.nan
        spread["distributions_array"]["uncertainty_type"] = 2
        spread["distributions_array"]["loc"] = np.log(amounts)
        spread["distributions_array"]["scale"] = np.log(gsd)
    package.add_persistent_vector(
        matrix=matrix,
        indices_array=indices,
        data_array=amounts,
        flip_array=np.full(amounts.size, taken),
        **spread,
        **metadata,
    )


def _system() -> System:
    return synthetic(N, round(LINKS_PER_PRODUCT * N), SEED)


def _partitioned() -> Any:
    system = _system()
    method = bw_processing.create_datapackage(name="warming")
    _characterise(method, system.characterisation)
    return bw2calc.PartitionedMonteCarloLCA(
        {OWN + 39: 1.0},
        static_databases=["background"],
        data_objs=[model(foreground(system, 40, SEED)), database(system, uncertain=False, method=False), method],
        seed_override=SEED,
    )


def _result(lca: Any, demand: dict[int, float] | None = None) -> float:
    lca.lci(demand) if demand else lca.lci()
    lca.lcia()
    return float(lca.score)


def _draw(kind: type[bw2calc.LCA]) -> float:
    lca = kind({0: 1.0}, data_objs=[database(_system())], use_distributions=True, seed_override=SEED)
    _result(lca)
    return median(_seconds(lambda: (next(lca), lca.score)) for _ in range(7))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
