import copy
import csv
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import emission, factor, made, of_one_input, process, system, taken

from tanbiao.lca.contributions.table import sankey
from tanbiao.lca.faults import UnknownSubstance, WrongGwpSet
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.gases.gwp import UnknownGwpSet, characterisation, gwp_set
from tanbiao.lca.gases.own import own_gwp_set, read_gwp_set
from tanbiao.lca.model import GasClass, Stage
from tanbiao.words import Problems


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


# Sets of one's own

SOURCE = "a list of ours"


def test_a_set_of_ones_own_is_used_like_one_of_ours():
    own = own_gwp_set("AR4", SOURCE, {("CH4", True): 25, ("CH4", False): 22.25, "N2O": 298, "HFC-134a": 1430})
    methane = factor("methane", 0, "kg", emissions=[emission(1, "CH4"), emission(1, "CH4", GasClass.DLUC), emission(1)])
    footprint = calculate_footprint(of_one_input(taken(1, "kg", factor="methane"), methane), own)
    assert footprint.total_kg_co2e == 25 + 22.25 + 1
    assert footprint.gwp_set == "AR4"
    assert own.of("HFC134a") == own.of("HFC-134a", GasClass.DLUC) == 1430
    assert sankey(footprint)["links"][-1]["value"] == footprint.total_kg_co2e


def test_our_sets_can_be_given_more_gases():
    more = own_gwp_set("AR6 and one", SOURCE, {**gwp_set("AR6").values, "HFC-245ca": 787})
    assert more.of("HFC245ca") == 787
    assert {key: value for key, value in more.values.items() if key[0] != "HFC245ca"} == gwp_set("AR6").values


def test_a_set_is_read_from_csv():
    text = "\ufeffsubstance,origin,value\nCH4,fossil,25\nCH4,non-fossil,22.25\nN2O,,298\nHFC-134a,any,1.43e3\n"
    known = {("CH4", True): 25, ("CH4", False): 22.25, "N2O": 298, "HFC134a": 1430}
    assert read_gwp_set("AR4", SOURCE, text) == own_gwp_set("AR4", SOURCE, known)
    assert read_gwp_set("X", SOURCE, "substance,value\nSF6,22800").of("SF6") == 22800


@pytest.mark.parametrize(
    ("id", "source", "values", "said"),
    [
        ("AR6", SOURCE, {"CH4": 28}, "none of AR5, AR6"),
        ("ar5", SOURCE, {"CH4": 28}, "none of AR5, AR6"),
        ("", SOURCE, {"CH4": 28}, "not empty"),
        (" X", SOURCE, {"CH4": 28}, "no space"),
        ("X", " ", {"CH4": 28}, "where the values come from"),
        ("X", SOURCE, {}, "no value"),
        ("X", SOURCE, {"CH4": math.nan}, "finite"),
        ("X", SOURCE, {"CH4": math.inf}, "finite"),
        ("X", SOURCE, {"CH4": -1}, "not negative"),
        ("X", SOURCE, {"CO2": 2}, "1 for CO2"),
        ("X", SOURCE, {("CO2", False): 0}, "1 for CO2"),
        ("X", SOURCE, {"CO2e": 1}, "always 1"),
        ("X", SOURCE, {"Ch4": 28}, "write it like CH4"),
        ("X", SOURCE, {"CH₄": 28}, "misspelt"),
        ("X", SOURCE, {"甲烷": 28}, "misspelt"),
        ("X", SOURCE, {"HFC-134a": 1430, "HFC134a": 1300}, "twice"),
        ("X", SOURCE, {"CH4": 28, ("CH4", True): 30}, "twice"),
    ],
)
def test_what_does_not_hold_is_refused(id, source, values, said):
    with pytest.raises(WrongGwpSet) as refused:
        own_gwp_set(id, source, values)
    assert said in refused.value.text.en
    assert refused.value.text.zh


def test_a_csv_is_refused_with_every_line_at_fault():
    with pytest.raises(WrongGwpSet, match="value"):
        read_gwp_set("X", SOURCE, "substance,gwp\nCH4,28")
    with pytest.raises(Problems) as refused:
        read_gwp_set("X", SOURCE, "substance,origin,value\nCH4,fossil,1_000\nN2O,,298\nSF6,marine,3\nch4,,28\nNF3,,")
    assert [p.place for p in refused.value.problems] == ["X:2", "X:4", "X:6", "X:5"]


def test_a_substance_that_a_set_lacks_is_refused_by_name_of_set():
    with pytest.raises(UnknownSubstance, match="short has no GWP100 of"):
        own_gwp_set("short", SOURCE, {"CH4": 28}).of("SF6")


def test_a_set_travels_and_cannot_be_changed():
    own = own_gwp_set("X", SOURCE, {"CH4": 28})
    assert pickle.loads(pickle.dumps(own)) == copy.deepcopy(own) == own
    assert hash(own) == hash(pickle.loads(pickle.dumps(own)))
    with pytest.raises(TypeError):
        own.values["CH4", True] = 1


# Several sets in one pass, and the cube

GASES = [
    ("CO2", GasClass.FOSSIL),
    ("CH4", GasClass.FOSSIL),
    ("CH4", GasClass.BIOGENIC_EMISSION),
    ("SF6", GasClass.DLUC),
]


def test_characterisation_is_labels_by_sets():
    own = own_gwp_set("X", SOURCE, {"CH4": 28, "SF6": 22800})
    factors = characterisation([*GASES, ("CO2e", GasClass.FOSSIL)], ["AR5", "AR6", own])
    assert factors.tolist() == [[1, 1, 1], [30, 29.8, 28], [28, 27, 28], [23500, 25200, 22800], [1, 1, 1]]
    assert characterisation([], ["AR6"]).shape == (0, 1)
    with pytest.raises(UnknownGwpSet):
        characterisation(GASES, ["AR7"])


def mixed():
    """1 t from gases, a sum of AR5, a sum of AR6, and an emission that is a sum of nobody knows what."""
    gases = factor("gases", 0, "kg", emissions=[emission(2), emission(1, "CH4")])
    old, new = factor("old", 10, "kg", gwp_set="AR5"), factor("new", 20, "kg", gwp_set="AR6")
    rows = [taken(1, "kg", f.id, factor=f.id) for f in (gases, old, new)]
    mill = process("mill", made(1, "t"), inputs=rows, emissions=[emission(5, "CO2e", stage=Stage.USE)])
    return system(("1", "t"), "mill", mill, factors=[gases, old, new])


def test_a_footprint_under_several_sets_shows_what_other_sets_summed():
    five, six = calculate_footprint(mixed()).under(["AR5", "AR6"])
    assert (five.gwp_set, five.total_kg_co2e) == ("AR5", 2 + 30 + 35)
    assert (six.gwp_set, six.total_kg_co2e) == ("AR6", 2 + 29.8 + 35)
    assert five.sums == six.sums == {"": 5, "AR5": 10, "AR6": 20}
    assert five.sums_share == pytest.approx(35 / 67)
    assert five.mixed
    assert six.mixed


def test_sums_of_the_same_set_are_no_mixture():
    footprint = calculate_footprint(of_one_input(taken(1, "kg", factor="f"), factor("f", 1, "kg", gwp_set="AR6")))
    five, six = footprint.under(["AR5", "AR6"])
    assert (five.mixed, six.mixed, six.sums_share) == (True, False, 1)
    gases = factor("f", 0, "kg", emissions=[emission(1)])
    (alone,) = calculate_footprint(of_one_input(taken(1, "kg", factor="f"), gases)).under(["AR5"])
    assert (alone.mixed, alone.sums, alone.sums_share) == (False, {}, 0)


amounts = st.decimals(min_value="0.01", max_value=1000, places=2)


@st.composite
def plants(draw):
    """Two processes in a loop, with gases of several classes in several stages."""
    a = st.builds(str, amounts)
    gases = [emission(draw(a), s, c, stage=draw(st.sampled_from([None, *Stage]))) for s, c in GASES]
    wood = factor(
        "wood", 0, "kg", emissions=[emission(draw(a), gas_class=GasClass.BIOGENIC_REMOVAL), emission(draw(a))]
    )
    first = process("first", made(draw(a), "kg"), inputs=[taken(draw(a), "kg", factor="wood")], emissions=gases[:3])
    second = process(
        "second",
        made("1000", "kg"),
        inputs=[taken(draw(a), "kg", provider="first"), taken("5", "kg", provider="second")],
        emissions=gases[2:],
    )
    return system(("1", "kg"), "second", second, first, factors=[wood])


@given(plants())
def test_under_a_set_is_what_a_calculation_with_it_gives(plant):
    footprint = calculate_footprint(plant, "AR6")
    for found in footprint.under(["AR5", "AR6"]):
        assert found.total_kg_co2e == calculate_footprint(plant, found.gwp_set).total_kg_co2e


@given(plants())
def test_the_cube_sums_to_every_view(plant):
    footprint = calculate_footprint(plant)
    cube = footprint.cube()

    def same(view, axes, keys):
        sums = dict(zip(keys, cube.amounts.sum(axis=axes), strict=True))
        assert sums == pytest.approx({key: view[key] for key in keys}, rel=1e-9, abs=1e-9)
        assert not any(value for key, value in view.items() if key not in sums)

    assert cube.amounts.shape == (len(cube.stages), len(cube.processes), len(cube.gases))
    assert (cube.unit, cube.gwp_set) == ("kg CO2e", "AR6")
    assert cube.amounts.sum() == pytest.approx(footprint.total_kg_co2e, rel=1e-9, abs=1e-9)
    same(footprint.by_stage(), (1, 2), cube.stages)
    same(footprint.by_process(), (0, 2), cube.processes)
    by_substance = footprint.cube(classes=False)
    assert by_substance.gases == tuple((s, None) for s in footprint.by_substance())
    assert by_substance.amounts.sum(axis=(0, 1)) == pytest.approx(list(footprint.by_substance().values()), rel=1e-9)


@given(plants())
def test_the_cube_in_kilograms_characterised_is_the_cube_of_a_set(plant):
    footprint = calculate_footprint(plant)
    kilograms = footprint.cube(kg=True)
    assert (kilograms.unit, kilograms.gwp_set) == ("kg", "")
    by_set = kilograms.amounts @ characterisation(kilograms.gases, ["AR5", "AR6"])
    for i, id in enumerate(("AR5", "AR6")):
        np.testing.assert_allclose(by_set[:, :, i], footprint.cube(id).amounts.sum(axis=2), rtol=1e-9, atol=1e-9)


def test_an_empty_footprint_has_an_empty_cube():
    cube = calculate_footprint(system(("1", "t"), "mill", process("mill", made(1, "t")))).cube()
    assert cube.amounts.shape == (0, 1, 0)
