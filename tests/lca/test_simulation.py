from dataclasses import replace

import numpy as np
import pytest
from lca_cast import ELECTRICITY, GAS_BURNT, GAS_SUPPLY, emission, made, process, system, taken
from scipy import sparse

from tanbiao.lca.background import Dataset, Gas, solve_background
from tanbiao.lca.contributions.table import sankey
from tanbiao.lca.distributions.making import lognormal, normal
from tanbiao.lca.distributions.pedigree import PedigreeMatrix
from tanbiao.lca.faults import NotProductive, NoUncertainty, UnknownParameter, UnknownRow, WrongAmount
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import DataQuality, GasClass
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.uncertainty.foreground import compile_foreground
from tanbiao.lca.uncertainty.montecarlo import monte_carlo
from tanbiao.lca.uncertainty.parameters import Parameter, ParameterSet
from tanbiao.lca.uncertainty.parametrised import parametrise, pedigree_spreads, scenarios, system_in
from tanbiao.lca.uncertainty.simulation import intensity_draws, simulate
from tanbiao.words import Text

SYSTEM = system(
    ("1", "t"),
    "mill",
    process(
        "mill",
        made("10", "t"),
        inputs=[
            taken("5000", "kWh", "电", factor="electricity", quality=DataQuality(2, 1, 3)),
            taken("100", "Nm3", "气", factor="gas-supply", use_factor="gas-burnt"),
        ],
        emissions=[emission("50", name="石灰石")],
    ),
    factors=(ELECTRICITY, GAS_SUPPLY, GAS_BURNT),
)
PARAMETERS = ParameterSet([
    Parameter("产量", 10.0), Parameter("电耗", 500.0, normal([500.0], 20)), Parameter("耗电量", "产量 * 电耗"),
])  # fmt: skip
POWER = {("mill", "电"): "耗电量"}
GAS = {("mill", "气"): lognormal([100.0], 1.2)}


def test_parameters_alone_data_alone_or_both():
    given = parametrise(compile_foreground(SYSTEM), PARAMETERS, POWER, GAS)
    alone, data, both = (
        simulate(given, draws=400, seed=3, vary=vary)
        for vary in (["parameters"], ["data"], ["parameters", "data", "background"])
    )
    mean = calculate_footprint(SYSTEM).total_kg_co2e
    assert (alone.varied, data.varied, both.varied) == (("parameters",), ("data",), ("parameters", "data"))
    assert both.samples - mean == pytest.approx((alone.samples - mean) + (data.samples - mean))
    assert alone.samples.std() == pytest.approx(0.5777 * 20, rel=0.15)
    assert np.log((data.samples - mean + 246.22 / 10) / 24.622).std() == pytest.approx(np.log(1.2), rel=0.15)
    again = simulate(parametrise(compile_foreground(SYSTEM), PARAMETERS, POWER), draws=400, seed=3)
    assert np.array_equal(again.samples, alone.samples)  # another source beside it changes no draw


def test_contributions_lie_within_the_uncertainty():
    found = simulate(parametrise(compile_foreground(SYSTEM), PARAMETERS, POWER, GAS), draws=200, seed=5)
    assert found.lines.sum(axis=1) == pytest.approx(found.samples)
    rows = found.rows()
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    assert rows[0]["line"] == "电"
    assert rows[0]["q2.5"] < rows[0]["q97.5"]
    assert next(row for row in rows if row["line"] == "石灰石")["sd"] == pytest.approx(0, abs=1e-12)
    assert "seed 5" in found._repr_html_()


def test_the_background_is_drawn_with_it():
    network = Network(
        sparse.csr_array(np.array([[0, 0.5], [0, 0]])), sparse.csr_array([[0.4], [0.3]]),
        flow_spread=lognormal([0.4, 0.3], 1.3), names=("power", "coal"),
    )  # fmt: skip
    dataset = Dataset("electricity", Text("电", "Power"), "kWh")
    background = solve_background(network, {0: Gas("CO2", GasClass.FOSSIL)}, {0: dataset})
    draws = monte_carlo(network, [1.0], [0], draws=120, seed=8)
    given = parametrise(compile_foreground(SYSTEM), PARAMETERS, POWER)
    found = simulate(given, draws=100, seed=8, background=intensity_draws(draws, background), vary=["background"])
    assert found.varied == ("background",)
    rest = calculate_footprint(SYSTEM).total_kg_co2e - 500 * 0.5777
    assert found.samples - rest == pytest.approx(500 * 0.5777 * draws.samples[:100, 0] / 0.55)


def test_scores_become_lognormals():
    matrix = PedigreeMatrix("test", "test", np.tile([0, 0.01, 0.04, 0.09, 0.16], (5, 1)), {})
    spreads = pedigree_spreads(compile_foreground(SYSTEM), matrix, basic=0.02)
    assert list(spreads) == [("mill", "电")]
    assert spreads["mill", "电"].scale == pytest.approx([np.sqrt(0.02 + 0.01 + 0.04)])
    assert spreads["mill", "电"].median() == pytest.approx([5000])


def test_all_scenarios_in_one_table():
    given = parametrise(compile_foreground(SYSTEM), PARAMETERS, POWER)
    table = scenarios(given, {"now": {}, "efficient": {"电耗": 400}, "half": {"产量": 5}})
    rows = {(row["scenario"], row["substance"]): row["kg"] for row in table.rows()}
    assert rows["now", "CO2e"] - rows["efficient", "CO2e"] == pytest.approx(100 * 0.5777)
    assert rows["now", "CO2"] == rows["efficient", "CO2"]
    for name, case in (("now", {}), ("efficient", {"电耗": 400}), ("half", {"产量": 5})):
        footprint = calculate_footprint(system_in(given, case))
        assert table.totals[table.names.index(name)] == pytest.approx(footprint.total_kg_co2e)
        drawn = sankey(footprint)["links"]
        assert sum(link["value"] for link in drawn if link["target"] == "产品") == pytest.approx(
            footprint.total_kg_co2e
        )
    assert "efficient" in table._repr_html_()


def test_what_cannot_be_is_named():
    foreground = compile_foreground(SYSTEM)
    with pytest.raises(UnknownRow, match="mill · 水"):
        parametrise(foreground, PARAMETERS, {("mill", "水"): "产量"})
    with pytest.raises(UnknownParameter, match="电号"):
        parametrise(foreground, PARAMETERS, {("mill", "电"): "产量 * 电号"})
    with pytest.raises(UnknownParameter, match="产能"):
        scenarios(parametrise(foreground, PARAMETERS, POWER), {"a": {"产能": 3}})
    with pytest.raises(WrongAmount, match="电"):
        scenarios(parametrise(foreground, PARAMETERS, POWER), {"a": {"电耗": -1}})
    twice = replace(SYSTEM.processes[0], inputs=SYSTEM.processes[0].inputs * 2)
    with pytest.raises(UnknownRow, match="同名"):
        parametrise(compile_foreground(replace(SYSTEM, processes=(twice,))), PARAMETERS, POWER)


def test_a_system_without_uncertainty_says_so():
    given = parametrise(compile_foreground(SYSTEM), PARAMETERS, POWER)
    for vary in (["data"], []):
        with pytest.raises(NoUncertainty, match="没有带不确定性"):
            simulate(given, draws=10, seed=1, vary=vary)
    with pytest.raises(NoUncertainty, match="background=intensity_draws"):
        simulate(given, draws=10, seed=1, vary=["background"])


def test_what_cannot_be_drawn_is_named():
    given = parametrise(compile_foreground(SYSTEM), PARAMETERS, POWER)
    with pytest.raises(WrongAmount, match="foreground"):
        simulate(given, draws=10, seed=1, vary=["foreground"])
    with pytest.raises(WrongAmount, match="至少为 1"):
        simulate(given, draws=0, seed=1)
    with pytest.raises(WrongAmount, match="只有 5 次"):
        simulate(given, draws=10, seed=1, background={"electricity": np.ones(5)})


def test_a_scenario_can_be_drawn():
    given = parametrise(compile_foreground(SYSTEM), PARAMETERS, POWER, GAS)
    found = simulate(given, draws=50, seed=3, scenario={"电耗": 400})
    assert found.varied == ("parameters", "data")
    base = simulate(given, draws=50, seed=3, vary=["data"])
    assert base.samples - found.samples == pytest.approx(np.full(50, 100 * 0.5777))


def test_the_record_is_of_all_that_the_digits_hang_on():
    given = parametrise(compile_foreground(SYSTEM), PARAMETERS, POWER, GAS)
    other = parametrise(compile_foreground(SYSTEM), PARAMETERS, POWER, {("mill", "气"): lognormal([100.0], 1.3)})
    records = [
        simulate(given, draws=5, seed=1),
        simulate(given, draws=5, seed=1, vary=["data"]),
        simulate(given, draws=5, seed=1, scenario={"产量": 11}),
        simulate(given, draws=5, seed=1, background={"electricity": np.full(5, 1.1)}),
        simulate(other, draws=5, seed=1),
    ]
    assert len({found.record.inputs_sha256 for found in records}) == 5
    assert all(found.record.solver.residual <= found.record.solver.tolerance for found in records)


def test_loops_that_eat_what_they_make_are_counted_and_named():
    own = taken("8", "t", "返料", provider="mill")
    furnace = process("mill", made("10", "t"), inputs=[own], emissions=[emission("50")])
    given = parametrise(
        compile_foreground(system(("1", "t"), "mill", furnace)),
        ParameterSet([Parameter("返料量", 8.0)]),
        {("mill", "返料"): "返料量"},
        {("mill", "返料"): lognormal([8.0], 1.2)},
    )
    found = simulate(given, draws=300, seed=1)
    assert 10 < found.impossible < 100
    assert found.samples.size == 300 - found.impossible
    assert found.samples.min() > 0
    for amount in (10.0, 12.0):
        with pytest.raises(NotProductive, match="太多"):
            scenarios(given, {"现状": {}, "太多": {"返料量": amount}})


def test_rows_that_are_one_object_are_still_two_rows():
    row = taken("100", "kWh", "电", factor="electricity")
    twins = [process(id, made("1", "t"), inputs=[row]) for id in ("a", "b")]
    b = replace(twins[1], inputs=(row, taken("1", "t", "料", provider="a")))
    both = system(("1", "t"), "b", twins[0], b, factors=(ELECTRICITY,))
    given = parametrise(compile_foreground(both), ParameterSet([Parameter("x", 100.0)]), {("a", "电"): "x"})
    case = {"x": 300.0}
    expected = scenarios(given, {"c": case}).totals[0]
    assert calculate_footprint(system_in(given, case)).total_kg_co2e == pytest.approx(expected)
    assert expected == pytest.approx(400 * 0.5777)
