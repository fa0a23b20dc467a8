import dataclasses
import json
import subprocess
import sys

import pytest
from lca_cast import power_and_fuel, with_process
from test_montecarlo import ONES, uncertain

import tanbiao
from tanbiao.lca.background import Gas, solve_background
from tanbiao.lca.faults import WrongGwpSet
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.gases.gwp import GwpSet, gwp_set
from tanbiao.lca.model import GasClass
from tanbiao.lca.uncertainty.montecarlo import monte_carlo


def test_a_footprint_tells_all_that_its_digits_hang_on():
    record = calculate_footprint(power_and_fuel(), "AR5").record
    assert record.gwp_set == "AR5"
    assert record.version == f"tanbiao.lca {tanbiao.__version__}"
    assert record.solver.method == "factorisation"
    assert record.solver.residual <= record.solver.tolerance
    assert record.seed is None
    row = record.rows()[0]
    assert list(row) == ["inputs_sha256", "version", "gwp_set", "solver", "tolerance", "residual", "seed", "draws"]


def test_the_hash_is_of_the_inputs_whatever_else():
    base = power_and_fuel()
    same = calculate_footprint(power_and_fuel()).record.inputs_sha256
    assert calculate_footprint(base).record.inputs_sha256 == same
    other = with_process(base, dataclasses.replace(base.processes[0], name="另一个"))
    assert calculate_footprint(other).record.inputs_sha256 != same


def test_a_set_of_ones_own_is_told_by_its_values():
    one, two = (GwpSet("own", "test", {("CO2", True): value}) for value in (1.0, 2.0))
    labels = {calculate_footprint(power_and_fuel(), gwp).record.gwp_set for gwp in (one, two)}
    assert len(labels) == 2
    assert all(label.startswith("own sha256:") for label in labels)
    disguised = GwpSet("AR6", "test", {**gwp_set("AR6").values, ("CO2", True): 2.0})
    with pytest.raises(WrongGwpSet, match="AR6"):
        calculate_footprint(power_and_fuel(), disguised)


def test_draws_and_backgrounds_tell_theirs():
    network = uncertain()
    record = monte_carlo(network, ONES, [0], draws=5, seed=3).record
    assert (record.seed, record.draws) == (3, 5)
    assert record.inputs_sha256 != monte_carlo(network, 2 * ONES, [0], draws=5, seed=3).record.inputs_sha256
    background = solve_background(network, {0: Gas("CH4", GasClass.FOSSIL)}, {})
    other = solve_background(network, {0: Gas("CO2", GasClass.FOSSIL)}, {})
    assert background.record("AR6").inputs_sha256 != other.record("AR6").inputs_sha256
    assert background.record("AR6").solver.residual <= 1e-12


@pytest.mark.parametrize("threads", ["1", "2"])
def test_another_process_gets_the_same_digits(threads):
    code = (
        "import sys, json; sys.path.insert(0, 'tests/lca'); from test_montecarlo import *; "
        "print(json.dumps(monte_carlo(uncertain(), ONES, [5], draws=20, seed=11).samples[:, 0].tolist()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120,
        env={"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "PATH": ""},
    )  # fmt: skip
    here = monte_carlo(uncertain(), ONES, [5], draws=20, seed=11).samples[:, 0]
    assert json.loads(done.stdout) == pytest.approx(here.tolist(), rel=1e-9)
