import pytest
from lca_cast import emission, factor, of_one_input, taken

from tanbiao.lca.faults import UnknownSubstance
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.gwp import UnknownGwpSet, gwp_set
from tanbiao.lca.model import GasClass


@pytest.mark.parametrize(
    ("set_id", "substance", "gas_class", "value"),
    [
        ("AR6", "CO2", GasClass.FOSSIL, 1),
        ("AR6", "CH4", GasClass.FOSSIL, 29.8),
        ("AR6", "CH4", GasClass.AVIATION, 29.8),
        ("AR6", "CH4", GasClass.BIOGENIC_EMISSION, 27.0),
        ("AR6", "CH4", GasClass.DLUC, 27.0),
        ("AR6", "N2O", GasClass.BIOGENIC_EMISSION, 273),
        ("AR6", "SF6", GasClass.FOSSIL, 25200),
        ("AR6", "HFC-134a", GasClass.FOSSIL, 1530),
        ("AR5", "CO2", GasClass.FOSSIL, 1),
        ("AR5", "CH4", GasClass.FOSSIL, 30),
        ("AR5", "CH4", GasClass.BIOGENIC_EMISSION, 28),
        ("AR5", "N2O", GasClass.FOSSIL, 265),
        ("AR5", "SF6", GasClass.FOSSIL, 23500),
        ("AR5", "CO2e", GasClass.FOSSIL, 1),
    ],
)
def test_published_values(set_id, substance, gas_class, value):
    assert gwp_set(set_id).of(substance, gas_class) == value


def test_both_sets_know_the_same_substances():
    assert set(gwp_set("AR5").values) == set(gwp_set("AR6").values)


def test_an_unknown_substance_is_named():
    with pytest.raises(UnknownSubstance, match="CH5"):
        gwp_set("AR6").of("CH5")


def test_an_unknown_set_names_those_there_are():
    with pytest.raises(UnknownGwpSet, match="AR5, AR6"):
        gwp_set("AR7")


def test_an_unknown_substance_in_a_factor_names_the_factor():
    odd = factor("odd", 0, "kg", emissions=[emission(1, "XYZ")])
    with pytest.raises(UnknownSubstance, match="因子 odd") as refused:
        calculate_footprint(of_one_input(taken(1, "kg", factor="odd"), odd))
    assert "XYZ" in refused.value.text.en


def test_the_set_chosen_decides_the_sum():
    methane = factor("methane", 0, "kg", emissions=[emission(1, "CH4")])
    one = of_one_input(taken(1, "kg", factor="methane"), methane)
    assert calculate_footprint(one, "AR5").total_kg_co2e == 30
    assert calculate_footprint(one, "AR6").total_kg_co2e == 29.8
