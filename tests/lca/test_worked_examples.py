"""Published and hand-solved numbers, each run by a function of the engine; and that none is left out."""

import datetime as dt
import json
from types import MappingProxyType

import pytest
from lca_cast import ELECTRICITY, SHARED, emission, factor, made, needs_shared, of_one_input, process, system, taken

from tanbiao.lca.allocation.dairy import meat_energy, milk_energy, milk_share, milk_share_2015
from tanbiao.lca.end_of_life import MaterialLife, circular
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.fuels import combustion_co2
from tanbiao.lca.gases.gwp import GwpSet
from tanbiao.lca.model import FactorKind, InputKind
from tanbiao.lca.network.direct import solve
from tanbiao.lca.units import quantity


def textbook(A, B, f, s):
    answer = solve(A, [B], f, [1])
    assert answer.s == pytest.approx(s)
    return answer.h


def bicycle(cf_kg, co2_per_kg):
    fibre = factor("fibre", 0, "kg", emissions=[emission(str(co2_per_kg))])
    frame = process("frame", made(1, "piece"), inputs=[taken(str(cf_kg), "kg", "碳纤维", factor="fibre")])
    return calculate_footprint(system(("1", "piece"), "frame", frame, factors=[fibre])).total_kg_co2e


def household_gas(co2, ch4, n2o, gwp):
    """kg per TJ of gas -> kg CO2e per kWh; the source counts all methane as 28."""
    source = GwpSet("source", "", MappingProxyType({("CH4", True): gwp[0], ("N2O", True): gwp[1]}))
    per_tj = co2 + ch4 * source.of("CH4") + n2o * source.of("N2O")
    burnt = factor("burnt", repr(per_tj), "TJ", FactorKind.FUEL_COMBUSTION)
    boiler = process("boiler", made(1, "kWh"), inputs=[taken(1, "kWh", "天然气", InputKind.ENERGY, use_factor="burnt")])
    return calculate_footprint(system(("1", "kWh"), "boiler", boiler, factors=[burnt])).total_kg_co2e


def van(parts):
    lorry = factor(
        "van", 0, "t·km", FactorKind.TRANSPORT, [emission(f"{part:f}", "CO2e") for part in map(_exact, parts)]
    )
    row = taken(1, "t·km", "货运", InputKind.TRANSPORT, factor="van")
    return calculate_footprint(of_one_input(row, lorry)).total_kg_co2e


def _exact(value):
    return quantity(repr(value), "kg").amount


def electricity_change(a, b):
    def of(value):
        year = factor("year", repr(value), "kWh", FactorKind.ELECTRICITY_FOOTPRINT)
        row = taken(1, "kWh", "电", InputKind.ENERGY, factor="year")
        return calculate_footprint(of_one_input(row, year)).total_kg_co2e

    return 100 * (of(b) - of(a)) / of(a)


def dairy_share(fpcm, lw):
    return milk_share(fpcm, milk_energy(0.04, 0.033, 0.048), lw, meat_energy(500, 40, 0.8))


def circular_total(A, R1, R2, Ev, Er, ErE, Evs, Q, Ed):
    life = MaterialLife(
        A=A, R1=R1, R2=R2, E_virgin=Ev, E_recycled=Er, E_recycling=ErE, E_avoided=Evs, E_disposal=Ed,
        quality_in=Q, quality_out=Q,
    )  # fmt: skip
    return circular(life).total


RUN_BY = {
    "W1": (textbook, 1e-9),
    "W2": (bicycle, 1e-9),
    "W5": (lambda ncv, cc, ox: combustion_co2(ncv, cc, ox), 1e-6),
    "W6": (household_gas, 1e-6),
    "W8-milk": (lambda f, p, l: milk_energy(f, p, l), 1e-6),  # noqa: E741
    "W8-meat": (lambda lw, bw, c: meat_energy(lw, bw, c), 1e-6),
    "W8-share": (dairy_share, 1e-6),
    "W9": (lambda BMR: milk_share_2015(BMR), 1e-9),
    "W11": (circular_total, 1e-9),
    "W12": (van, 2e-5),  # the source prints its parts to five decimals
    "W13": (electricity_change, 0.05 / 6.9),  # printed to one decimal
}


@needs_shared
def test_every_worked_example_gives_its_number():
    cases = json.loads((SHARED / "cases/numbers/worked_examples.json").read_text(encoding="utf-8"))
    assert len(cases) >= 16
    for case in cases:
        key = case["id"] if case["id"] in RUN_BY else case["id"].split("-")[0]
        run, tolerance = RUN_BY[key]
        assert run(**case["inputs"]) == pytest.approx(case["expected"], rel=tolerance), case["id"]


def test_natural_gas_from_its_carbon():
    """389.31 GJ, 0.0153 t C/GJ, 99 % oxidised: 21.62189 t CO2 per 10^4 Nm3 (China's guideline defaults)."""
    assert combustion_co2(389.31, 0.0153, 0.99) == pytest.approx(21.62189, rel=1e-6)


def test_electricity_of_a_year():
    """100 kWh at China's footprint factor of 2024, over the data period of the study."""
    row = taken(100, "kWh", "电", InputKind.ENERGY, factor="electricity")
    footprint = calculate_footprint(of_one_input(row, ELECTRICITY))
    assert footprint.total_kg_co2e == pytest.approx(57.77)
    assert footprint.system.product.period_end == dt.date(2025, 12, 31)
