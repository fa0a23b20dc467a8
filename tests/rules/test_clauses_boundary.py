"""Declared unit, life-cycle stages and unit processes."""

from dataclasses import replace

import pytest
from steelworks import (
    STEELMAKING,
    WORKS,
    billet_bought,
    finding,
    with_input,
    with_more,
    with_processes,
    with_product,
)

from tanbiao.lca import Emission, GasClass, Stage, quantity
from tanbiao.rules import Verdict


@pytest.mark.parametrize(("amount", "symbol"), [("1", "t"), ("1000", "kg")])
def test_the_same_declared_unit_passes_however_it_is_written(amount, symbol):
    assert finding("EAF-2.1", with_product(declared_unit=quantity(amount, symbol))).verdict is Verdict.PASS


@pytest.mark.parametrize(("amount", "symbol"), [("1", "kg"), ("10", "t")])
def test_another_declared_unit_fails_and_says_what_to_write(amount, symbol):
    said = finding("EAF-2.1", with_product(declared_unit=quantity(amount, symbol)))
    assert (said.verdict, said.value, said.limit) == (Verdict.FAIL, f"{amount} {symbol}", "1 t")
    assert "1 t" in said.remedy.zh
    assert "1 t" in said.remedy.en


def test_all_stages_of_the_boundary_and_no_others_pass():
    assert finding("EAF-3.1", WORKS).verdict is Verdict.PASS


def test_a_row_in_an_excluded_stage_fails_and_is_named():
    said = finding("EAF-3.1", with_input("轧钢电力", stage=Stage.DISTRIBUTION))
    assert said.verdict is Verdict.FAIL
    assert "轧钢电力" in said.text.zh
    assert said.places == ("表!electricity",)


def test_an_emission_in_an_excluded_stage_fails_too():
    leak = Emission("CO2", GasClass.FOSSIL, quantity("1", "kg"), "外溢", Stage.USE, place="直接排放!C4")
    assert finding("EAF-3.1", with_more("mill", emissions=(leak,))).places == ("直接排放!C4",)


def test_what_burning_releases_stands_in_the_stage_of_its_process():
    """The gas is filed under production, its combustion under the stage of the mill: outside, so the mill is named."""
    outside = with_processes(WORKS, lambda p: replace(p, stage=Stage.DISTRIBUTION) if p.id == "mill" else p)
    said = finding("EAF-3.1", outside)
    assert (said.verdict, said.places) == (Verdict.FAIL, ("过程!A3",))
    assert "distribution" in said.value


def test_a_row_that_an_own_process_supplies_brings_no_emissions_into_its_stage():
    only_production = with_processes(
        WORKS,
        lambda p: replace(
            p,
            inputs=tuple(replace(i, stage=Stage.RAW_MATERIALS if i.provider else Stage.PRODUCTION) for i in p.inputs),
        ),
    )
    assert finding("EAF-3.1", only_production).verdict is Verdict.FAIL


def test_an_included_stage_without_any_row_fails():
    only_production = with_processes(
        WORKS, lambda p: replace(p, inputs=tuple(replace(i, stage=Stage.PRODUCTION) for i in p.inputs))
    )
    said = finding("EAF-3.1", only_production)
    assert said.verdict is Verdict.FAIL
    assert "raw materials" in said.text.en
    assert "原材料获取" in said.text.zh


def test_another_kind_of_boundary_fails():
    assert finding("EAF-3.1", with_product(boundary="gate_to_gate")).verdict is Verdict.FAIL


def test_processes_are_recognised_by_name():
    assert finding("EAF-3.2", WORKS).verdict is Verdict.PASS


def test_a_process_that_is_not_recognised_is_put_to_a_person():
    renamed = with_processes(WORKS, lambda p: replace(p, name="第一车间") if p.id == "mill" else p)
    said = finding("EAF-3.2", renamed)
    assert (said.verdict, said.value, said.limit) == (Verdict.JUDGEMENT, "1", "2")
    assert "热轧" in said.text.zh
    assert "Hot rolling" in said.text.en


def test_a_converter_is_no_electric_arc_furnace():
    converter = replace(STEELMAKING, id="bof", name="转炉炼钢")
    fed = with_input("钢坯", provider="bof")
    said = finding("EAF-3.2", replace(fed, processes=(converter, fed.processes[1])))
    assert (said.verdict, said.value) == (Verdict.JUDGEMENT, "1")
    assert "电炉炼钢" in said.text.zh


def test_a_process_that_does_not_feed_the_product_is_not_there():
    said = finding("EAF-3.2", billet_bought())
    assert (said.verdict, said.places) == (Verdict.FAIL, ("过程!A2",))
    assert "没有供给产品" in said.text.zh


def test_one_process_may_be_recognised_as_both():
    merged = replace(
        STEELMAKING, id="plant", name="ＥＡＦ炼钢与热轧", inputs=STEELMAKING.inputs, outputs=STEELMAKING.outputs
    )
    system = replace(with_product(process="plant"), processes=(merged,))
    assert finding("EAF-3.2", system).verdict is Verdict.PASS
