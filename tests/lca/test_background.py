import dataclasses

import numpy as np
import pytest
from lca_cast import factor, made, process, system, taken
from scipy import sparse

from tanbiao.lca.background import Dataset, Gas, on_background, solve_background
from tanbiao.lca.faults import NoFactor, Unbuildable
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.gases.gwp import GwpSet, gwp_set
from tanbiao.lca.model import GasClass, InputKind
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.conventions import network_from_matrices
from tanbiao.lca.network.engine import unit_footprints
from tanbiao.words import Problems, Text

# power, wood (takes power, takes up CO2), board (takes wood; gives heat that displaces power)
NETWORK = network_from_matrices(
    [[1000.0, -2, -50], [0, 1, -3], [0, 0, 2]],
    [[900.0, 0.4, 1], [3.0, 0, 0], [0, 1.6, 0], [0, 0, 0.2], [7.0, 7, 7]],
    names=["power", "wood", "board"],
)
GASES = {
    0: Gas("CO2", GasClass.FOSSIL),
    1: Gas("CH4", GasClass.FOSSIL, 0.001),  # given in g
    2: Gas("CO2", GasClass.BIOGENIC_REMOVAL),
    3: Gas("CH4", GasClass.BIOGENIC_EMISSION),
}
DATASETS = {
    0: Dataset("power", Text("电", "Power"), "kWh"),
    1: Dataset("wood", Text("木材", "Wood"), "kg"),
    2: Dataset("board", Text("板", "Board"), "kg", region="CN", year=2024, source="test"),
}
BACKGROUND = solve_background(NETWORK, GASES, DATASETS)
CO2, CH4 = (0.9, 0.4 + 2 * 0.9, (1 + 50 * 0.9 + 3 * 2.2) / 2), (3e-6, 2 * 3e-6, (50 * 3e-6 + 3 * 6e-6) / 2)


def test_every_gas_and_class_of_every_product_in_one_solution():
    assert BACKGROUND.labels == tuple((g.substance, g.gas_class) for g in GASES.values())
    assert BACKGROUND.kg == pytest.approx(np.array([CO2, CH4, (0, -1.6, -2.4), (0, 0, 0.1)]).T, abs=1e-15)
    assert BACKGROUND.solver.method == "iteration"


def test_several_gwp_sets_at_once_and_both_totals():
    own = GwpSet("own", "test", {("CO2", True): 1, ("CO2", False): 1, ("CH4", True): 10, ("CH4", False): 5})
    found = BACKGROUND.footprints(["AR5", "AR6", own])
    for k, (fossil, biogenic) in enumerate([(30, 28), (29.8, 27.0), (10, 5)]):
        expected = CO2[2] + fossil * CH4[2] - 2.4 + biogenic * 0.1
        assert found[2, k] == pytest.approx(expected)
    letters = BACKGROUND.positions("AR6")
    assert letters.with_uptake == pytest.approx(found[:, 1])
    assert letters.without_uptake == pytest.approx(found[:, 1] + [0, 1.6, 2.4])
    direct = unit_footprints(NETWORK, [1, 0.0298, -1, 27.0, 0]).values
    assert found[:, 1] == pytest.approx(direct)


def test_a_product_system_stands_on_the_background():
    row = taken(2, "t", "板", factor="board")
    furniture = on_background(system(("1", "t"), "shop", process("shop", made(1, "t"), inputs=[row])), BACKGROUND)
    footprint = calculate_footprint(furniture)
    assert footprint.total_kg_co2e == pytest.approx(2000 * BACKGROUND.footprints(["AR6"])[2, 0], rel=1e-12)
    classes = footprint.by_gas_class()
    assert classes[GasClass.BIOGENIC_REMOVAL] == pytest.approx(-2.4 * 2000)
    assert classes[GasClass.BIOGENIC_EMISSION] == pytest.approx(0.1 * 2000 * gwp_set("AR6").of("CH4", GasClass.DLUC))
    assert [factor.id for factor in furniture.factors] == ["board"]


def test_a_product_with_net_credits_is_a_factor_too():
    network = Network(sparse.csr_array(np.array([[0, -2.0], [0, 0]])), sparse.csr_array([[1.0], [3.0]]))
    background = solve_background(network, {0: Gas("CO2", GasClass.FOSSIL)}, {0: DATASETS[2]})
    base = system(("1", "kg"), "p", process("p", made(1, "kg"), inputs=[taken(1, "kg", factor="board")]))
    credited = on_background(base, background)
    assert calculate_footprint(credited).total_kg_co2e == pytest.approx(-5)
    own = dataclasses.replace(credited.factors[0], own=True)
    with pytest.raises(Problems, match="“-5.0”超出范围"):
        calculate_footprint(dataclasses.replace(credited, factors=(own,)))


def test_what_the_background_lacks_is_named():
    rows = [taken(1, "kg", "金", factor="gold", place="原材料!D7"), taken(1, "kg", "银", factor="board")]
    base = system(("1", "kg"), "p", process("p", made(1, "kg"), inputs=rows))
    with pytest.raises(NoFactor, match="原材料!D7.*gold"):
        on_background(base, BACKGROUND)
    with pytest.raises(NoFactor):
        BACKGROUND.factor("gold")


def test_a_waste_counts_by_its_treatment():
    # a plant takes in 4 t of waste and releases 8 kg; a mill hands over 3 kg
    network = network_from_matrices([[1, 0], [0, -4000]], [[1.0, 8.0]], names=["mill", "treatment"])
    waste = Dataset("waste", Text("废物处理", "Waste treatment"), "kg")
    background = solve_background(network, {0: Gas("CO2", GasClass.FOSSIL)}, {1: waste})
    assert background.footprints(["AR6"])[1, 0] == pytest.approx(0.002)
    row = taken(3, "kg", "废渣", InputKind.WASTE_TREATMENT, factor="waste")
    given = on_background(system(("1", "t"), "mill", process("mill", made(1, "t"), inputs=[row])), background)
    assert calculate_footprint(given).total_kg_co2e == pytest.approx(0.006)


def test_a_factor_of_ones_own_cannot_stand_in_for_a_dataset():
    row = taken(2, "t", "板", factor="board")
    base = system(("1", "t"), "shop", process("shop", made(1, "t"), inputs=[row]))
    whole = on_background(base, BACKGROUND)
    assert on_background(whole, BACKGROUND) == whole
    cheap = dataclasses.replace(base, factors=(factor("board", "0.001", "kg"),))
    with pytest.raises(Unbuildable, match="board"):
        on_background(cheap, BACKGROUND)
