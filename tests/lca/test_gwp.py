import csv

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


def test_every_gathered_value_is_the_one_we_use(shared):
    """All GWP100 rows of the gathered facts, but for the one of methane whose origin is not said (AR6: 27.9)."""
    with (shared / "domain" / "starter-factors.csv").open(encoding="utf-8") as lines:
        facts = [row for row in csv.DictReader(lines) if " GWP100 " in row["name_en"]]
    told = [f for f in facts if "unspecified" not in f["name_en"]]
    assert len(told) == len(facts) - 1 == 47
    for fact in told:
        name, id = fact["name_en"].split(" GWP100 ")
        fossil = GasClass.FOSSIL if name != "CH4" and "non-fossil" not in name else GasClass.BIOGENIC_EMISSION
        assert gwp_set(id).of(name.split(" (")[0], fossil) == float(fact["value"]), fact["name_en"]


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
