"""Balances: mass in and out of a process, intermediates made and taken, and the haul of materials."""

from dataclasses import replace

import pytest
from steelworks import POWER, WORKS, billet_bought, finding, material, with_input, with_more, without_input

from tanbiao.lca import Output, OutputKind, Process, Stage, quantity
from tanbiao.rules import Verdict


@pytest.mark.parametrize(
    ("scrap", "verdict"),
    [
        ("1060", Verdict.PASS),
        ("1115", Verdict.PASS),
        ("1125", Verdict.FAIL),
        ("1050", Verdict.PASS),
        ("1045", Verdict.FAIL),
    ],
)
def test_losses_stay_within_the_tolerance_and_gains_within_a_tighter_one(scrap, verdict):
    assert finding("EAF-5.6", with_input("废钢", quantity=quantity(scrap, "t"))).verdict is verdict


def test_the_process_that_does_not_balance_is_named_with_its_masses():
    said = finding("EAF-5.6", with_input("废钢", quantity=quantity("1060000", "t")))
    assert said.places == ("过程!A2",)
    assert "电炉炼钢" in said.text.zh
    assert "热轧" not in said.text.zh
    assert "→ 1134 t" in said.text.en


def test_the_unit_of_a_row_does_not_matter_to_the_balance():
    assert finding("EAF-5.6", with_input("废钢", quantity=quantity("1060000", "kg"))).value == "0 %"


def test_a_process_with_mass_on_one_side_only_is_put_to_a_person():
    made = Output("蒸汽", OutputKind.PRODUCT, quantity("10", "t"))
    boiler = Process("boiler", "锅炉", Stage.PRODUCTION, (made,), place="过程!A9")
    said = finding("EAF-5.6", replace(WORKS, processes=(*WORKS.processes, boiler)))
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("过程!A9",))


def test_a_process_without_any_mass_has_nothing_to_balance():
    made = Output("氧气", OutputKind.PRODUCT, quantity("10", "Nm3"))
    plant = Process("oxygen", "制氧", Stage.PRODUCTION, (made,), (material("电", "electricity", "6", "kWh", **POWER),))
    assert finding("EAF-5.6", replace(WORKS, processes=(*WORKS.processes, plant))).verdict is Verdict.PASS


def test_what_each_process_makes_is_taken():
    assert (finding("EAF-5.8", WORKS).verdict, finding("EAF-5.8", WORKS).value) == (Verdict.PASS, "0 %")


@pytest.mark.parametrize(
    ("taken", "verdict"),
    [("990", Verdict.PASS), ("970", Verdict.JUDGEMENT), ("1", Verdict.JUDGEMENT), ("1100", Verdict.JUDGEMENT)],
)
def test_output_that_goes_nowhere_is_put_to_a_person_with_both_amounts(taken, verdict):
    said = finding("EAF-5.8", with_input("钢坯", quantity=quantity(taken, "t")))
    assert said.verdict is verdict
    if verdict is Verdict.JUDGEMENT:
        assert said.places == ("过程!A2",)
        assert "产 1000 t" in said.text.zh
        assert f"taken {taken} t" in said.text.en


def test_the_unit_in_which_it_is_taken_does_not_matter():
    assert finding("EAF-5.8", with_input("钢坯", quantity=quantity("1000000", "kg"))).verdict is Verdict.PASS


def test_a_process_nobody_takes_from_is_put_to_a_person():
    said = finding("EAF-5.8", billet_bought())
    assert (said.verdict, said.value, said.places) == (Verdict.JUDGEMENT, "100 %", ("过程!A2",))


def test_a_haul_that_covers_the_main_materials_passes():
    said = finding("EAF-5.9", WORKS)  # 100,000 t·km for 1,134 t
    assert (said.verdict, said.value, said.limit) == (Verdict.PASS, "88.18 km", "≥ 50 km")


def test_the_transport_of_one_minor_material_does_not_speak_for_all():
    said = finding("EAF-5.9", with_input("废钢汽运", quantity=quantity("2000", "t·km")))
    assert said.verdict is Verdict.JUDGEMENT
    assert "废钢 [表!scrap] 1,060 t" in said.text.zh
    assert "2,000 t·km" in said.text.zh
    assert said.places[0] == "表!scrap"


def test_transport_that_is_not_of_materials_does_not_count():
    assert finding("EAF-5.9", with_input("废钢汽运", item="")).verdict is Verdict.JUDGEMENT
    assert finding("EAF-5.9", without_input("废钢汽运")).verdict is Verdict.JUDGEMENT
    beside = finding("EAF-5.9", billet_bought())
    assert (beside.verdict, beside.value) == (Verdict.JUDGEMENT, "0 km")
    further = with_more("eaf", inputs=(material("白云石", "lime", "1000", "t"),))
    assert finding("EAF-5.9", further).verdict is Verdict.JUDGEMENT
