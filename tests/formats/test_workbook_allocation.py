"""Allocation in the workbook: every method can be chosen, and what it needs has its column."""

from decimal import Decimal

import pytest
from workbook_cast import EXAMPLE, changed, problems_of, sheet

from tanbiao.formats import sheets
from tanbiao.formats.vocabulary import find, label
from tanbiao.formats.workbook import read_workbook
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import Allocation, Displaced, OutputKind

SLAG, BILLET = "电炉渣和精炼渣", "连铸坯"
DOLOMITE = "白云石开采与破碎（示例自有因子）"  # 10 kg CO2e/t


def row_of(page, name):
    return next(cell.row for cell in page["C"] if cell.value == name)


def works(allocation, slag, kind="共生产品 Co-product"):
    """The example with its furnace allocated otherwise and its slag a co-product; `slag` fills cells by column key."""

    def change(book):
        processes, outputs = sheet(book, "Processes"), sheet(book, "Outputs")
        process_keys = [c.key for c in sheets.PROCESSES.columns]
        output_keys = [c.key for c in sheets.OUTPUTS.columns]
        eaf = next(cell.row for cell in processes["B"] if cell.value == "eaf")
        for key, value in allocation.items():
            processes.cell(eaf, process_keys.index(key) + 1).value = value
        for name, cells in slag.items():
            number = row_of(outputs, name)
            for key, value in cells.items():
                outputs.cell(number, output_keys.index(key) + 1).value = value
        outputs.cell(row_of(outputs, SLAG), output_keys.index("kind") + 1).value = kind

    return changed(change)


def furnace(data):
    return next(p for p in read_workbook(data).system.processes if p.id == "eaf")


@pytest.mark.parametrize("method", Allocation)
def test_a_method_is_known_by_its_words_and_its_code(method):
    words = label(method)
    assert all(find(Allocation, typed) is method for typed in (words, words.split(" ")[0], method.value))


def test_system_expansion_by_a_factor_credits_the_footprint():
    data = works(
        {"allocation": "系统扩展（替代） System expansion"},
        {SLAG: {"displaced_factor": DOLOMITE, "displaced_ratio": 0.5}},
    )
    process = furnace(data)
    [slag] = [o for o in process.outputs if o.kind is OutputKind.COPRODUCT]
    assert process.allocation is Allocation.SUBSTITUTION
    assert slag.displaces and slag.displaces.ratio == Decimal("0.5")
    footprint = calculate_footprint(read_workbook(data).system)
    before = calculate_footprint(read_workbook(EXAMPLE).system)
    tonnes = float(slag.quantity.amount) * footprint.scaling["eaf"]
    assert footprint.by_part()["avoided"] == pytest.approx(-tonnes * 0.5 * 10, rel=1e-12)
    assert footprint.total_kg_co2e == pytest.approx(before.total_kg_co2e - tonnes * 0.5 * 10, rel=1e-12)


def test_a_displaced_process_is_named_like_a_supplier_and_the_ratio_is_one():
    data = works({"allocation": "substitution"}, {SLAG: {"displaced_provider": "EAF"}})
    assert next(o for o in furnace(data).outputs if o.name == SLAG).displaces == Displaced(provider="eaf")


def test_carbon_and_a_named_property_are_read():
    values = {SLAG: {"allocation_value": 0.001}, BILLET: {"allocation_value": 0.002}}
    assert furnace(works({"allocation": "按碳含量"}, values)).allocation is Allocation.CARBON
    named = furnace(works({"allocation": "按其他属性", "allocation_property": "铁含量"}, values))
    assert (named.allocation, named.allocation_property) == (Allocation.PROPERTY, "铁含量")


@pytest.mark.parametrize(
    ("slag", "kind", "column"),
    [
        ({"displaced_factor": DOLOMITE}, "再生利用 Recycled", "displaced_factor"),
        ({"displaced_factor": DOLOMITE, "displaced_provider": "oxygen"}, "共生产品", "displaced_provider"),
        ({"displaced_ratio": 2}, "共生产品", "displaced_ratio"),
        ({"displaced_factor": "没有的因子"}, "共生产品", "displaced_factor"),
        ({"displaced_provider": "gone"}, "共生产品", "displaced_provider"),
        ({"displaced_factor": DOLOMITE, "displaced_ratio": -1}, "共生产品", "displaced_ratio"),
        ({}, "共生产品", "amount"),
        ({"displaced_factor": "2024年全国电力平均碳足迹因子"}, "共生产品", "amount"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(slag, kind, column):
    data = works({"allocation": "substitution"}, {SLAG: slag}, kind)
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[[c.key for c in sheets.OUTPUTS.columns].index(column)]
    places = {p.split("!")[1] for p in problems_of(data) if "Outputs" in p}
    assert any(place.startswith(letter) for place in places), places
