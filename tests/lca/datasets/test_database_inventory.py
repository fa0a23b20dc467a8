"""Inventories and intensities: solved, checked, and never a normal footprint where a loop eats what it makes."""

import numpy as np
import pytest
from database_cast import AIR, CO2, compiled_of, gives, makes, process, product, takes, two

from tanbiao.lca.datasets.intensities import intensities
from tanbiao.lca.datasets.inventory import life_cycle_inventory
from tanbiao.lca.datasets.records import FlowKind, FlowRecord
from tanbiao.lca.datasets.report import SourceRefused
from tanbiao.lca.faults import Singular, UnknownProduct, WrongAmount, WrongDimension
from tanbiao.lca.model import GasClass

BIOGENIC = FlowRecord("bio", {"en": "Carbon dioxide, biogenic"}, FlowKind.ELEMENTARY, "kg", AIR)
UPTAKE = FlowRecord("up", {"en": "Carbon dioxide, in air"}, FlowKind.ELEMENTARY, "kg", ("Resource", "in air"))
METHANE = FlowRecord("ch4", {"en": "Methane"}, FlowKind.ELEMENTARY, "g", AIR)


def test_a_chain():
    compiled, _ = compiled_of(two())
    found = life_cycle_inventory(compiled, "A", 10.0)
    assert found.kg_co2e == 65.0
    assert found.by_class == {GasClass.FOSSIL: 65.0}
    assert found.processes == ("A", "B")
    assert found.runs == (10.0, 20.0)
    assert found.residual < 1e-15
    assert found.unproductive is None
    assert life_cycle_inventory(compiled, "B").processes == ("B",)


def test_a_good_loop_is_solved_not_cut():
    compiled, _ = compiled_of(two(2.0, 0.1))
    found = life_cycle_inventory(compiled, "A")
    assert found.runs == pytest.approx((1.25, 2.5), rel=1e-12)
    assert found.kg_co2e == pytest.approx(8.125, rel=1e-12)
    assert found.unproductive is None
    assert intensities(compiled).co2e("AR6") == pytest.approx([8.125, found.kg_co2e * 0.1 + 3.0])


def test_a_loop_that_eats_more_than_it_makes_is_flagged():
    compiled, report = compiled_of(two(2.0, 0.6))
    assert report.seen["unproductive_loop"] == 1
    found = life_cycle_inventory(compiled, "A")
    assert found.runs[0] == pytest.approx(-5.0)
    assert "生产A" in found.unproductive.zh
    assert "gain 1.09545" in found.unproductive.en  # once round 1.2, so a step 1.2 ** 0.5
    assert len(found.negative) == 2
    solved = intensities(compiled)
    assert np.isnan(solved.co2e("AR6")).all()
    assert set(solved.unsolved) == {0, 1}


def test_a_singular_loop_is_refused_by_name():
    with pytest.raises(SourceRefused, match="生产A"):
        compiled_of(two(2.0, 0.5))
    compiled, _ = compiled_of([*two(2.0, 0.5), product("c"), process("C", makes("c"), gives("co2", 1.0))])
    with pytest.raises(Singular, match="生产A"):
        life_cycle_inventory(compiled, "A")


def test_everything_beside_a_loop_is_solved_and_what_takes_from_it_is_named():
    more = [
        product("c"),
        product("d"),
        process("C", makes("c"), takes("a", 1.0)),
        process("D", makes("d"), gives("co2", 1.0)),
    ]
    compiled, _ = compiled_of([*two(2.0, 0.6), *more])
    solved = intensities(compiled)
    assert solved.co2e("AR6")[3] == 1.0
    assert set(solved.unsolved) == {0, 1, 2}
    assert "生产A" in solved.unsolved[2].zh
    assert "upstream" in solved.unsolved[2].en


def test_a_process_that_eats_its_own_product():
    eats = process("A", makes("a", 2.0), takes("a", 0.5), gives("co2", 3.0))
    compiled, _ = compiled_of([CO2, product("a"), eats])
    assert life_cycle_inventory(compiled, "A").kg_co2e == pytest.approx(2.0)
    whole = process("A", makes("a", 2.0), takes("a", 3.0), gives("co2", 3.0))
    compiled, report = compiled_of([CO2, product("a"), whole])
    assert report.seen["unproductive_loop"] == 1
    assert life_cycle_inventory(compiled, "A").unproductive is not None


def test_gases_by_class_in_their_units():
    flows = [BIOGENIC, UPTAKE, METHANE, CO2]
    grown = process("A", makes("a"), takes("up", 5.0), gives("bio", 2.0), gives("ch4", 100.0), gives("co2", 1.0))
    compiled, _ = compiled_of([*flows, product("a"), grown])
    found = life_cycle_inventory(compiled, "A")
    assert found.by_class[GasClass.FOSSIL] == pytest.approx(1.0 + 0.1 * 29.8)
    assert found.by_class[GasClass.BIOGENIC_REMOVAL] == -5.0
    assert found.kg_co2e == pytest.approx(1.0 + 2.98 - 3.0)
    assert found.without_uptake == pytest.approx(3.98)
    assert found.uptake_assumed == 0.0
    assert [name.en for name in found.assumed_fossil] == ["Methane"]
    assert intensities(compiled).co2e("AR6", with_uptake=False) == pytest.approx([3.98])


def test_uptake_that_the_data_lack_is_assumed_and_said():
    compiled, _ = compiled_of([BIOGENIC, product("a"), process("A", makes("a"), gives("bio", 2.0))])
    found = life_cycle_inventory(compiled, "A")
    assert found.kg_co2e == 0.0
    assert found.uptake_assumed == 2.0
    assert [row.amount for row in found.rows] == [2.0]  # the inventory is that of the data
    assert intensities(compiled).uptake_assumed.tolist() == [2.0]


def test_products_are_found_by_id_name_and_flow():
    compiled, _ = compiled_of(two())
    for asked in ("A", "生产A", "Make A", "a", "产品a", "Product a"):
        assert life_cycle_inventory(compiled, asked).product == "A"
    with pytest.raises(UnknownProduct, match="Make A"):
        life_cycle_inventory(compiled, "Make AA")
    compiled, _ = compiled_of([*two(), process("C", makes("b"))])
    with pytest.raises(UnknownProduct, match="2 products"):
        life_cycle_inventory(compiled, "b")


def test_amounts_in_other_units():
    compiled, _ = compiled_of(two())
    assert life_cycle_inventory(compiled, "A", 2.0, "t").kg_co2e == pytest.approx(13000.0)
    assert life_cycle_inventory(compiled, "A", gwp_set="AR5").gwp_set == "AR5"
    with pytest.raises(WrongDimension, match="m3"):
        life_cycle_inventory(compiled, "A", 2.0, "m3")
    with pytest.raises(WrongAmount):
        life_cycle_inventory(compiled, "A", float("nan"))


def test_a_long_chain_is_solved_by_iteration():
    n = 3200
    flows = [product(f"p{i}") for i in range(n)]
    chain = [
        process(f"P{i}", makes(f"p{i}"), *([takes(f"p{i - 1}", 0.5)] if i else []), gives("co2", 1.0)) for i in range(n)
    ]
    compiled, _ = compiled_of([CO2, *flows, *chain])
    found = life_cycle_inventory(compiled, f"P{n - 1}")
    assert found.kg_co2e == pytest.approx(2.0, rel=1e-12)
    assert found.residual < 1e-12


def test_a_flow_in_units_of_two_kinds_has_a_row_in_each():
    compiled, _ = compiled_of([CO2, process("A", makes("a"), gives("co2", 1.0), gives("co2", 5.0, counted_in="m3"))])
    found = life_cycle_inventory(compiled, "A")
    assert [(row.flow.id, row.flow.unit, row.amount) for row in found.rows] == [("co2", "kg", 1.0), ("co2", "m3", 5.0)]
    assert found.kg_co2e == 1.0
    assert [name.en for name in found.uncounted] == ["Carbon dioxide, fossil"]


def test_a_result_beyond_all_numbers_is_no_result():
    compiled, _ = compiled_of(
        [CO2, process("A", makes("a"), takes("b", 1e10)), process("B", makes("b"), gives("co2", 1e300))]
    )
    with pytest.raises(WrongAmount, match="not finite"), np.errstate(all="ignore"):
        life_cycle_inventory(compiled, "A")
