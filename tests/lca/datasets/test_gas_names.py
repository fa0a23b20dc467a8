"""Elementary flows that are greenhouse gases, as databases call them."""

import csv

import pytest

from tanbiao.lca.datasets.gases import fossil_is_assumed, gas_of, has_no_potential
from tanbiao.lca.datasets.records import Direction
from tanbiao.lca.datasets.rows import FlowRow
from tanbiao.lca.gases.gwp import gwp_set
from tanbiao.lca.model import GasClass
from tanbiao.words import Text

AIR = ("Elementary flows", "Emission to air", "high population density")


def row(name, direction="out", category=AIR, unit="kg", cas="", zh=""):
    return FlowRow("x", Text(zh or name, name), Direction(direction), unit, category, cas)


@pytest.mark.parametrize(
    ("name", "substance", "gas_class"),
    [
        ("Carbon dioxide, fossil ", "CO2", GasClass.FOSSIL),
        ("carbon dioxide (fossil)", "CO2", GasClass.FOSSIL),
        ("Carbon dioxide", "CO2", GasClass.FOSSIL),
        ("Carbon dioxide [Inorganic emissions to air]", "CO2", GasClass.FOSSIL),
        ("Carbon dioxide, biogenic", "CO2", GasClass.BIOGENIC_EMISSION),
        ("Carbon dioxide, non-fossil", "CO2", GasClass.BIOGENIC_EMISSION),
        ("Carbon dioxide, land transformation", "CO2", GasClass.DLUC),
        ("carbon dioxide (land use change)", "CO2", GasClass.DLUC),
        ("Carbon dioxide, from soil or biomass stock", "CO2", GasClass.DLUC),
        ("Carbon dioxide, to soil or biomass stock", "CO2", GasClass.LAND_MANAGEMENT_REMOVAL),
        ("二氧化碳（化石）", "CO2", GasClass.FOSSIL),
        ("二氧化碳，生物源", "CO2", GasClass.BIOGENIC_EMISSION),
        ("Methane, fossil", "CH4", GasClass.FOSSIL),
        ("methane (biogenic)", "CH4", GasClass.BIOGENIC_EMISSION),
        ("Methane, non-fossil", "CH4", GasClass.BIOGENIC_EMISSION),
        ("甲烷", "CH4", GasClass.FOSSIL),
        ("Dinitrogen monoxide", "N2O", GasClass.FOSSIL),
        ("Nitrous oxide (laughing gas) [Inorganic emissions to air]", "N2O", GasClass.FOSSIL),
        ("Sulfur hexafluoride", "SF6", GasClass.FOSSIL),
        ("Methane, tetrafluoro-, CFC-14", "CF4", GasClass.FOSSIL),
        ("Methane, tetrafluoro-, R-14", "CF4", GasClass.FOSSIL),
        ("Ethane, hexafluoro-, HFC-116", "C2F6", GasClass.FOSSIL),
        ("Ethane, 1,1,1,2-tetrafluoro-, HFC-134a", "HFC134a", GasClass.FOSSIL),
        ("Methane, chlorodifluoro-, HCFC-22", "HCFC22", GasClass.FOSSIL),
        ("1,1,1,3,3-Pentafluoropropane, HFC-245fa", "HFC245fa", GasClass.FOSSIL),
    ],
)
def test_names(name, substance, gas_class):
    gas = gas_of(row(name))
    assert (gas.substance, gas.gas_class, gas.kg) == (substance, gas_class, 1.0)


@pytest.mark.parametrize(
    "name",
    [
        "Methane, chloro-",
        "Methane, dichloro-, HCC-30",
        "NMVOC, non-methane volatile organic compounds, unspecified origin",
        "Hydrocarbons (other than methane)",
        "Carbon dioxide, liquid",
        "Carbon monoxide, fossil",
        "Ethane, trifluoro-, HFC-143",
        "dinitrogen",
        "Methanesulfonic acid",
    ],
)
def test_other_flows(name):
    assert gas_of(row(name)) is None


def test_what_goes_to_water_or_soil_does_not_warm():
    assert gas_of(row("Methane, fossil", category=("Emission to water", "river"))) is None
    assert gas_of(row("carbon dioxide (biogenic)", category=("Emissions", "Emissions to soil"))) is None
    assert gas_of(row("Methane", category=("Emissions to air", "Emissions to urban air close to ground")))
    assert gas_of(row("Carbon dioxide", category=()))


def test_uptake_from_the_air():
    for name, category in (
        ("Carbon dioxide, in air", ("Resource", "biotic")),
        ("Carbon dioxide", ("resource", "in air")),
        ("carbon dioxide (biogenic)", ("Resources", "Resources from air")),
        ("二氧化碳，来自空气", ("资源",)),
    ):
        gas = gas_of(row(name, "in", category))
        assert (gas.substance, gas.gas_class) == ("CO2", GasClass.BIOGENIC_REMOVAL), name
    assert gas_of(row("Carbon dioxide, fossil", "in", ("Resource", "in ground"))) is None
    assert gas_of(row("Carbon dioxide", "in", ("Resource", "in ground"))) is None
    assert gas_of(row("Carbon dioxide", "in", AIR)) is None  # an emission taken in: no one can say what it is
    assert gas_of(row("Methane", "in", ("Resource", "in air"))) is None


def test_by_cas_number_whatever_the_name():
    assert gas_of(row("R744", cas="000124-38-9")).substance == "CO2"
    assert gas_of(row("Kohlendioxid, biogenic", cas="124-38-9")).gas_class is GasClass.BIOGENIC_EMISSION


def test_units():
    assert gas_of(row("Methane", unit="g")).kg == pytest.approx(1e-3)
    assert gas_of(row("Methane", unit="m3")) is None
    assert gas_of(row("Methane", unit="who knows")) is None


def test_an_origin_that_is_not_said_counts_as_fossil_and_is_said():
    assert fossil_is_assumed(row("Carbon dioxide"))
    assert fossil_is_assumed(row("甲烷"))
    assert not fossil_is_assumed(row("Carbon dioxide, fossil"))
    assert not fossil_is_assumed(row("Methane, biogenic"))
    assert not fossil_is_assumed(row("Dinitrogen monoxide"))
    assert not fossil_is_assumed(row("Carbon monoxide"))


def test_every_substance_has_a_potential():
    from importlib.resources import files

    with files("tanbiao.lca").joinpath("data/gas_names.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    names = [name for each in rows for name in each["names"].split("|")]
    assert len(names) == len(set(names))
    assert all(each["source"] for each in rows)
    for each in rows:
        for id in ("AR5", "AR6"):
            assert not each["substance"] or gwp_set(id).of(each["substance"]) > 0


def test_greenhouse_gases_without_a_value_are_known_as_such():
    assert has_no_potential(row("Methane, dichlorodifluoro-, CFC-12"))
    assert gas_of(row("Methane, dichlorodifluoro-, CFC-12")) is None
    assert not has_no_potential(row("Methane, dichlorodifluoro-, CFC-12", category=("Emission to water",)))
    assert not has_no_potential(row("Carbon dioxide"))
    assert not has_no_potential(row("Zinc"))
    assert has_no_potential(row("Carbon dioxide", unit="m3"))
