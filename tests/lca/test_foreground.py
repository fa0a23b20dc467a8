from collections import Counter
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import ELECTRICITY, GAS_BURNT, GAS_SUPPLY, emission, made, power_and_fuel, process, system, taken

from tanbiao.lca.contributions.table import contribution_table
from tanbiao.lca.faults import NotProductive, WrongAmount
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import Allocation, Displaced, OutputKind
from tanbiao.lca.uncertainty.foreground import compile_foreground, evaluate


def mill(electricity="400", gas="50", recycled="0.1"):
    """Steel with gas burnt, power of a plant in a loop, and a slag that displaces cement."""
    slag = replace(
        made("0.2", "t", "矿渣", OutputKind.COPRODUCT), displaces=Displaced(provider="cement", ratio=Decimal("0.5"))
    )
    return system(
        ("1", "t"),
        "mill",
        process(
            "mill",
            made("2", "t"),
            slag,
            inputs=[
                taken(electricity, "kWh", "电", provider="plant"),
                taken(gas, "Nm3", "气", factor="gas-supply", use_factor="gas-burnt"),
                taken(recycled, "t", "返料", provider="mill"),
            ],
            emissions=[emission("30"), emission("1", "CH4")],
            allocation=Allocation.SUBSTITUTION,
        ),
        process(
            "plant",
            made("10", "MWh"),
            inputs=[taken("9000", "kWh", "网电", factor="electricity"), taken("1", "t", "钢", provider="mill")],
        ),
        process("cement", made("1", "t"), emissions=[emission("600")]),
        factors=(ELECTRICITY, GAS_SUPPLY, GAS_BURNT),
    )  # fmt: skip


@pytest.mark.parametrize("case", [mill(), power_and_fuel()])
def test_the_same_lines_as_the_footprint(case):
    footprint = calculate_footprint(case)
    foreground = compile_foreground(case)
    found = evaluate(foreground)
    assert found.totals("AR6") == pytest.approx([footprint.total_kg_co2e], rel=1e-12)
    here = Counter[tuple[str, str]]()
    for line, kg in zip(foreground.lines, found.by_line("AR6")[0].tolist(), strict=True):
        here[line.process, line.name] += kg
    there = Counter[tuple[str, str]]()  # a displaced process of the system stands there twice: caused, and avoided
    for row in contribution_table(footprint):
        there[row.process, row.line] += row.kg_co2e
    assert dict(here) == pytest.approx(dict(there), rel=1e-12)
    assert found.scaling[0] == pytest.approx(list(footprint.scaling.values()), rel=1e-12)


@given(st.lists(st.tuples(st.integers(1, 900), st.integers(0, 90), st.integers(0, 50)), min_size=1, max_size=4))
def test_many_amounts_at_once_are_as_many_systems(sets):
    foreground = compile_foreground(mill())
    names = [row.name for row in foreground.rows]
    amounts = np.repeat(foreground.amounts[None, :], len(sets), axis=0)
    for d, (electricity, gas, recycled) in enumerate(sets):
        amounts[d, names.index("电")] = electricity
        amounts[d, names.index("气")] = gas
        amounts[d, names.index("返料")] = recycled / 100
    found = evaluate(foreground, amounts).totals("AR5")
    for total, (electricity, gas, recycled) in zip(found, sets, strict=True):
        alone = mill(str(electricity), str(gas), str(Decimal(recycled) / 100))
        assert total == pytest.approx(calculate_footprint(alone, "AR5").total_kg_co2e, rel=1e-11)


def test_a_factor_may_vary_by_itself():
    foreground = compile_foreground(mill())
    amounts = np.repeat(foreground.amounts[None, :], 2, axis=0)
    found = evaluate(foreground, amounts, {"electricity": np.array([1.0, 2.0])})
    power = next(k for k, line in enumerate(foreground.lines) if line.factor == "electricity")
    lines = found.by_line("AR6")
    assert lines[1, power] == pytest.approx(2 * lines[0, power])
    assert found.totals("AR6")[1] - found.totals("AR6")[0] == pytest.approx(lines[0, power])


@pytest.mark.parametrize("amount", [-1.0, np.nan])
def test_an_amount_that_cannot_be_is_named(amount):
    foreground = compile_foreground(power_and_fuel())
    amounts = foreground.amounts.copy()
    amounts[0] = amount
    with pytest.raises(WrongAmount, match="燃料"):
        evaluate(foreground, amounts)


def test_a_faulty_system_is_refused_as_ever():
    hungry = system(("1", "kg"), "a", process("a", made(1, "kg"), inputs=[taken(2, "kg", provider="a")]))
    with pytest.raises(NotProductive):
        compile_foreground(hungry)
    assert compile_foreground(power_and_fuel()).demand.tolist() == [1000, 0]
