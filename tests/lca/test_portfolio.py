from dataclasses import replace

import pytest
from lca_cast import loop, made, power_and_fuel, process, system, taken
from test_background import BACKGROUND

from tanbiao.lca.execution.executors import Processes
from tanbiao.lca.portfolio import calculate_portfolio


def catalogue(n):
    """Furniture of 1 to n kg of board; every seventh product eats what it makes."""
    for kg in range(1, n + 1):
        row = taken(kg, "kg", "板", factor="board")
        base = system(("1", "piece"), "shop", process("shop", made(1, "piece"), inputs=[row]))
        yield loop(2) if kg % 7 == 0 else replace(base, product=replace(base.product, name=f"桌 {kg}"))


def test_faulty_products_do_not_stop_the_others():
    told = []
    found = calculate_portfolio(
        list(catalogue(30)), background=BACKGROUND, progress=lambda done, total: told.append((done, total))
    )
    per_kg = BACKGROUND.footprints(["AR6"])[2, 0]
    for kg, answer in enumerate(found.answers, start=1):
        if kg % 7 == 0:
            assert answer.footprint is None
            assert "循环" in answer.wrong.zh
        else:
            assert answer.product == f"桌 {kg}"
            assert answer.footprint.total_kg_co2e == pytest.approx(kg * per_kg)
    assert told == [(1, 2), (2, 2)]
    assert "30 products, 4 with faults" in found._repr_html_()
    assert [row["product"] for row in found.rows()][:2] == ["桌 1", "桌 2"]


def test_processes_give_the_same_digits():
    systems = [*catalogue(45), power_and_fuel()]
    here, there = (
        calculate_portfolio(systems, "AR5", background=BACKGROUND, executor=executor)
        for executor in (None, Processes(2))
    )
    assert here == there
    assert calculate_portfolio([]).answers == ()
