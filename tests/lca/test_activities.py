import numpy as np
import pytest

from tanbiao.lca.distributions.making import lognormal, normal
from tanbiao.lca.faults import (
    AmbiguousProduct,
    NoMaker,
    NoProvider,
    NotProductive,
    SeveralMakers,
    Unbuildable,
    WrongAmount,
    WrongDimension,
    WrongDistribution,
    ZeroReference,
)
from tanbiao.lca.network.activities import Activity, Exchange, Flow, Role, build_database
from tanbiao.lca.network.engine import inventory_of, unit_footprints
from tanbiao.words import Problems

FLOWS = [Flow("steel", "钢", "kg"), Flow("power", "电", "kWh"), Flow("slag", "废渣", "kg"), Flow("co2", "CO2", "kg")]


def made(flow, amount, unit=""):
    return Exchange(flow, amount, Role.REFERENCE, unit)


def taken(flow, amount, unit="", **more):
    return Exchange(flow, amount, Role.INPUT, unit, **more)


def released(amount, unit="", **more):
    return Exchange("co2", amount, Role.ELEMENTARY, unit, **more)


POWER = Activity("plant", "电厂", (made("power", 1, "MWh"), taken("power", 50, "kWh"), released(0.95, "t")))
LANDFILL = Activity("landfill", "填埋场", (made("slag", -2, "t"), released(40), taken("power", 20)))
MILL = Activity("mill", "钢厂", (
    made("steel", 2, "t"), taken("power", 3.6, "GJ"), Exchange("slag", 100, Role.OUTPUT, "kg"), released(1, "t"),
))  # fmt: skip


def test_units_self_use_waste_and_amounts_other_than_one():
    database = build_database([MILL, POWER, LANDFILL], FLOWS)
    # power: 950 kg per net 950 kWh; landfill: (40 + 20) kg for 2000 kg of slag
    # mill: 1000 kWh x 1 + 100 x 0.03 + 1000 kg for 2000 kg of steel
    footprints = dict(zip(database.activities, unit_footprints(database.network, [1]).values.tolist(), strict=True))
    assert footprints == pytest.approx({"mill": 2003 / 2000, "plant": 1, "landfill": -0.03})
    steel = database.network.demand({database.product("mill"): 2000})
    assert inventory_of(database.network, steel).values == pytest.approx([2003])
    assert database.flows == ("co2",)


def test_uncertainty_follows_units_and_signs():
    flows = [*FLOWS, Flow("coal", "煤", "kg")]
    mine = Activity("mine", "煤矿", (made("coal", 1, "t"), released(20, spread=normal([20], 2))))
    plant = Activity(
        "plant",
        "电厂",
        (made("power", 2, "MWh"), taken("coal", 0.6, "t", spread=lognormal([0.6], 1.1)), released(1700)),
    )
    network = build_database([plant, mine], flows).network
    assert network.input_spread.median() == pytest.approx([0.3])
    assert network.input_spread.scale == pytest.approx([np.log(1.1)])
    assert network.flow_spread.kind.tolist() == [0, 3]
    assert network.flow_spread.mean()[1] == pytest.approx(0.02)
    assert network.flow_spread.scale[1] == pytest.approx(0.002)


def test_a_provider_is_chosen_among_several():
    other = Activity("hydro", "水电站", (made("power", 1), released(0.01)))
    user = Activity("user", "用户", (made("steel", 1), taken("power", 10, provider="hydro")))
    database = build_database([POWER, other, user], FLOWS)
    assert unit_footprints(database.network, [1]).values[2] == pytest.approx(0.1)


def test_what_nobody_makes_is_left_out_only_when_asked():
    with pytest.raises(NoMaker, match="废渣.*钢厂") as refused:
        build_database([MILL, POWER], FLOWS)
    assert refused.value.names == ("钢厂",)
    database = build_database([MILL, POWER], FLOWS, leave_out_unlinked=True)
    assert database.unlinked == (("mill", "slag", 100.0),)


@pytest.mark.parametrize(
    ("activity", "fault", "said"),
    [
        (Activity("a", "甲", (released(1),)), AmbiguousProduct, "甲.*0 个基准流"),
        (Activity("a", "甲", (made("steel", 1), made("slag", 1))), AmbiguousProduct, "2 个基准流"),
        (Activity("a", "甲", (made("steel", 0),)), ZeroReference, "甲"),
        (Activity("a", "甲", (made("steel", 1), taken("gold", 1))), Unbuildable, "gold"),
        (Activity("a", "甲", (made("steel", 1, "kWh"),)), WrongDimension, "甲 · 钢.*kWh"),
        (Activity("a", "甲", (made("steel", 1, "磅"),)), WrongDimension, "不认识单位“磅”"),
        (Activity("a", "甲", (made("steel", np.nan),)), WrongAmount, "甲 · 钢"),
        (Activity("a", "甲", (made("steel", 1), taken("power", 1, provider="landfill"))), NoProvider, "landfill"),
        (Activity("plant", "甲", (made("steel", 1),)), Unbuildable, "plant"),
        (Activity("a", "甲", (made("slag", 1),)), SeveralMakers, "甲"),
    ],
)
def test_every_fault_is_named(activity, fault, said):
    user = Activity("user", "用户", (made("steel", 1), Exchange("slag", 1, Role.OUTPUT)))
    with pytest.raises(fault, match=said):
        build_database([POWER, LANDFILL, user, activity], FLOWS)


def test_all_faults_come_at_once():
    with pytest.raises(Problems) as refused:
        build_database([Activity("a", "甲", (made("steel", 0),)), Activity("b", "乙", (taken("gold", 1),))], FLOWS)
    assert len(refused.value.problems) == 3


def test_a_loop_that_uses_up_what_it_makes_is_named():
    hungry = Activity("plant", "电厂", (made("power", 1, "MWh"), taken("steel", 500)))
    mill = Activity("mill", "钢厂", (made("steel", 1), taken("power", 3)))
    with pytest.raises(NotProductive) as refused:
        build_database([hungry, mill], FLOWS)
    assert set(refused.value.names) == {"电厂", "钢厂"}
    assert refused.value.gain == pytest.approx(1.5**0.5)


def test_a_role_may_be_said_in_words():
    plain = Activity("plant", "电厂", (Exchange("power", 1, "reference", "MWh"), Exchange("co2", 950, "elementary")))
    assert unit_footprints(build_database([plain], FLOWS).network, [1]).values == pytest.approx([0.95])
    with pytest.raises(ValueError, match="taken"):
        Exchange("power", 1, "taken")


def test_a_process_that_eats_its_own_product_is_named():
    hungry = Activity("plant", "电厂", (made("power", 1), taken("power", 1.2), released(1)))
    with pytest.raises(NotProductive, match="电厂.*1.2 倍"):
        build_database([hungry], FLOWS)


@pytest.mark.parametrize(
    ("spread", "said"),
    [(lognormal([3.0, 5], 1.1), "2 个"), (lognormal([-3.0], 1.1), "符号"), (lognormal([0.01], 1.1), "范围")],
)
def test_a_distribution_must_be_one_that_the_amount_fits(spread, said):
    with pytest.raises(WrongDistribution, match=f"电厂 · CO2.*{said}"):
        build_database([Activity("plant", "电厂", (made("power", 1), released(3, spread=spread)))], FLOWS)
