"""Write examples/steel-rebar/steel-rebar-2024.xlsx: one year of a fictional EAF rebar plant, from the data below.

    python tools/steel_rebar_example.py [path]

The plant does not exist. Factors are published facts where the notes say so; activity data are assumptions in the
usual range of Chinese EAF rebar plants. Each row says which (columns Source and Note).
"""

# ruff: noqa: C408, E501 (rows read best as one line of names and values)

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from tanbiao.formats import sheets
from tanbiao.formats.sheets import Sheet
from tanbiao.formats.template import template
from tanbiao.rules import load_rule

TARGET = Path(__file__).parents[1] / "examples" / "steel-rebar" / "steel-rebar-2024.xlsx"

ASSUMED = "假设：取国内电炉螺纹钢厂的常见范围"
ELECTRICITY = "2024年全国电力平均碳足迹因子"
GAS_UPSTREAM = "天然气上游，按标准立方米（英国2025，代理）"
GAS_BURNT = "天然气燃烧（中国缺省值，仅CO₂）"
TRUCK = "铰接式货车（>33 t，柴油）（英国2025，代理）"
RAIL = "铁路货运（英国2025，代理）"
MEASURED, CALCULATED = "现场实测 Measured", "现场计算 Calculated"

PRODUCT: dict[str, Any] = {
    "rule": "steel-eaf",
    "name": "热轧带肋钢筋",
    "name_en": "Hot-rolled ribbed steel bar",
    "model": "HRB400E，直径 12–32 mm，GB/T 1499.2",
    "manufacturer": "示例钢铁（上海）有限公司",
    "factory": "示例钢铁（上海）有限公司宝山工厂",
    "uscc": "91310000MA1FL0000N",
    "address": "上海市宝山区示例路 1 号（虚构）",
    "region": "CN-SH",
    "declared_amount": 1,
    "declared_unit": "t",
    "process": "rolling",
    "boundary": "cradle_to_gate",
    "period_start": dt.date(2024, 1, 1),
    "period_end": dt.date(2024, 12, 31),
}

PROCESSES = [
    ("oxygen", "制氧", "生产 Production", "不分配 None", "氮、氩未外销，负荷全部由氧气承担（保守）"),
    (
        "eaf",
        "电炉炼钢（含精炼、连铸）",
        "生产 Production",
        "不分配 None",
        "渣和除尘灰无偿交付利用，按再生料成分法不分担负荷",
    ),
    ("rolling", "热轧", "生产 Production", "不分配 None", "切头返回电炉，氧化铁皮外售利用"),
]


def quality(technological: int, geographical: int, temporal: int) -> dict[str, int]:
    return {"technological": technological, "geographical": geographical, "temporal": temporal}


SCRAP = "废钢（再生料成分法，零负荷，不含加工与运输）"
MATERIALS: list[dict[str, Any]] = [
    dict(
        process="eaf",
        name="外购废钢",
        amount=538000,
        unit="t",
        factor=SCRAP,
        item="scrap",
        data_kind=MEASURED,
        **quality(1, 1, 1),
        source="地磅年度汇总（示例）",
        note=f"{ASSUMED} 1.02–1.08 t/t 坯；此处 1.045。方法：ISO 14067 再生料成分法；加工能耗未计",
    ),
    dict(
        process="eaf",
        name="返回切头",
        amount=10300,
        unit="t",
        factor=SCRAP,
        item="scrap",
        data_kind=MEASURED,
        **quality(1, 1, 1),
        source="厂内过磅（示例）",
        note="等于热轧工序的切头产出，厂内循环",
    ),
    dict(
        process="eaf",
        name="生铁",
        amount=15450,
        unit="t",
        factor="生铁，高炉流程（示例自有因子）",
        use_factor="生铁（外购含碳原料）（钢铁指南，过程CO₂）",
        item="pig_iron",
        data_kind=MEASURED,
        **quality(2, 2, 3),
        source="地磅年度汇总（示例）",
        note=f"{ASSUMED} 0–100 kg/t；此处 30。碳的释放用钢铁指南的 0.172 tCO2/t（公布值）",
    ),
    dict(
        process="eaf",
        name="硅锰合金",
        amount=7210,
        unit="t",
        factor="硅锰合金（示例自有因子）",
        item="alloys",
        data_kind=MEASURED,
        **quality(3, 2, 3),
        source="地磅年度汇总（示例）",
        note=f"{ASSUMED} 12–20 kg/t；此处 14",
    ),
    dict(
        process="eaf",
        name="75硅铁",
        amount=1288,
        unit="t",
        factor="75硅铁（示例自有因子）",
        item="alloys",
        data_kind=MEASURED,
        **quality(3, 2, 3),
        source="地磅年度汇总（示例）",
        note=f"{ASSUMED} 2–4 kg/t；此处 2.5",
    ),
    dict(
        process="eaf",
        name="活性石灰",
        amount=23175,
        unit="t",
        factor="活性石灰（示例自有因子）",
        item="lime",
        data_kind=MEASURED,
        **quality(2, 2, 3),
        source="地磅年度汇总（示例）",
        note=f"{ASSUMED} 35–55 kg/t；此处 45",
    ),
    dict(
        process="eaf",
        name="白云石",
        amount=4120,
        unit="t",
        factor="白云石开采与破碎（示例自有因子）",
        use_factor="白云石（溶剂）分解（钢铁指南，过程CO₂）",
        item="lime",
        data_kind=MEASURED,
        **quality(2, 2, 3),
        source="地磅年度汇总（示例）",
        note=f"{ASSUMED} 5–12 kg/t；此处 8。分解 0.471 tCO2/t 为公布值",
    ),
    dict(
        process="eaf",
        name="喷吹与配入碳（无烟煤）",
        amount=6180,
        unit="t",
        factor="工业用煤上游（英国2025，代理）",
        use_factor="无烟煤燃烧（中国缺省值，仅CO₂）",
        item="carbon_additives",
        data_kind=MEASURED,
        **quality(2, 3, 3),
        source="地磅年度汇总（示例）",
        note=f"{ASSUMED} 10–15 kg/t；此处 12。燃烧 2.3228 tCO2/t 由公布参数计算",
    ),
    dict(
        process="eaf",
        name="石墨电极",
        amount=876,
        unit="t",
        factor="石墨电极生产（示例自有因子）",
        use_factor="电极消耗（钢铁指南，过程CO₂）",
        item="electrodes",
        data_kind=MEASURED,
        **quality(3, 3, 3),
        source="领料台账（示例）",
        note=f"{ASSUMED} 1.5–2.0 kg/t；此处 1.7。消耗 3.663 tCO2/t 为公布值",
    ),
    dict(
        process="eaf",
        name="氧气",
        amount=1802.5,
        unit="万Nm3",
        provider="oxygen",
        item="oxygen",
        data_kind=MEASURED,
        **quality(1, 1, 1),
        source="氧气流量计（示例）",
        note=f"{ASSUMED} 30–45 Nm3/t；此处 35；由本厂制氧供应",
    ),
    dict(
        process="eaf",
        name="耐火材料",
        amount=3090,
        unit="t",
        factor="镁碳质耐火材料（示例自有因子）",
        item="refractories",
        data_kind=MEASURED,
        **quality(3, 3, 4),
        source="领料台账（示例）",
        note=f"{ASSUMED} 4–8 kg/t；此处 6",
    ),
    dict(
        process="eaf",
        name="新水",
        amount=618000,
        unit="m3",
        factor="自来水供应（英国2025，代理）",
        data_kind=MEASURED,
        **quality(2, 4, 2),
        source="水表（示例）",
        note=f"{ASSUMED} 1–2 m3/t；此处 1.2",
    ),
    dict(
        process="rolling",
        name="连铸坯",
        amount=515000,
        unit="t",
        provider="eaf",
        data_kind=MEASURED,
        **quality(1, 1, 1),
        source="生产日报（示例）",
        note="成材率 0.971，假设的常见值；全部来自本厂电炉",
    ),
    dict(
        process="rolling",
        name="新水",
        amount=250000,
        unit="m3",
        factor="自来水供应（英国2025，代理）",
        data_kind=MEASURED,
        **quality(2, 4, 2),
        source="水表（示例）",
        note=f"{ASSUMED} 0.3–0.8 m3/t；此处 0.5",
    ),
]

FACTOR_2024 = "因子 0.5777 kgCO2e/kWh 为公布值（MEE/NBS/NEA，2024 年度）"
ENERGY: list[dict[str, Any]] = [
    dict(
        process="eaf",
        name="网购电力（电炉、精炼、连铸、除尘）",
        amount=21887.5,
        unit="万kWh",
        factor=ELECTRICITY,
        item="electricity",
        data_kind=MEASURED,
        **quality(1, 2, 1),
        source="关口电表月度结算单（示例）",
        note=f"{ASSUMED} 电炉与精炼 380–460 kWh/t；此处 425。{FACTOR_2024}",
    ),
    dict(
        process="eaf",
        name="天然气（炉门、烘烤）",
        amount=257.5,
        unit="万Nm3",
        factor=GAS_UPSTREAM,
        use_factor=GAS_BURNT,
        item="natural_gas",
        data_kind=MEASURED,
        **quality(2, 3, 2),
        source="燃气流量计（示例）",
        note=f"{ASSUMED} 3–8 Nm3/t；此处 5。燃烧 2.1622 kgCO2/Nm3 由公布参数计算",
    ),
    dict(
        process="rolling",
        name="网购电力（热轧）",
        amount=4500,
        unit="万kWh",
        factor=ELECTRICITY,
        item="electricity",
        data_kind=MEASURED,
        **quality(1, 2, 1),
        source="关口电表月度结算单（示例）",
        note=f"{ASSUMED} 70–110 kWh/t 材；此处 90。{FACTOR_2024}",
    ),
    dict(
        process="rolling",
        name="天然气（加热炉）",
        amount=1500,
        unit="万Nm3",
        factor=GAS_UPSTREAM,
        use_factor=GAS_BURNT,
        item="natural_gas",
        data_kind=MEASURED,
        **quality(2, 3, 2),
        source="燃气流量计（示例）",
        note=f"{ASSUMED} 25–40 Nm3/t 材；此处 30",
    ),
    dict(
        process="oxygen",
        name="网购电力（制氧）",
        amount=991.375,
        unit="万kWh",
        factor=ELECTRICITY,
        item="electricity",
        data_kind=MEASURED,
        **quality(1, 2, 1),
        source="分表（示例）",
        note=f"{ASSUMED} 0.45–0.65 kWh/Nm3；此处 0.55。{FACTOR_2024}",
    ),
]

TRANSPORT: list[dict[str, Any]] = [
    dict(process="eaf", name=name, mass=mass, mass_unit="t", distance=distance, distance_unit="km", factor=factor, item=item,
         data_kind=CALCULATED, **quality(3, 4, 2), source="采购合同与地图里程（示例）", note=f"距离为假设；{note}", **more)
    for name, mass, distance, factor, item, note, more in [
        ("外购废钢公路运输", 538000, 180, TRUCK, "inbound_transport", "长三角回收半径", {}),
        ("生铁铁路运输", 15450, 900, RAIL, "inbound_transport", "因子为英国代理值", {}),
        ("铁合金铁路运输", 8498, 1600, RAIL, "inbound_transport", "西北、西南产地", {}),
        ("石灰和白云石公路运输", 27295, 200, TRUCK, "inbound_transport", "皖浙产地", {}),
        ("无烟煤铁路运输", 6180, 1200, RAIL, "inbound_transport", "山西产地", {}),
        ("除尘灰公路运输", 7725, 250, TRUCK, "", "运往锌回收厂", {"stage": "生产 Production"}),
    ]
]  # fmt: skip

EMISSIONS: list[dict[str, Any]] = [
    dict(
        process="eaf",
        name="高压断路器六氟化硫泄漏",
        substance="SF6",
        gas_class="化石 Fossil",
        amount=4,
        unit="kg",
        data_kind=CALCULATED,
        **quality(2, 1, 1),
        source="补气记录（示例）",
        note="假设",
    ),
]

WASTE: list[dict[str, Any]] = [
    dict(
        process="eaf",
        name="废耐火材料填埋",
        amount=2000,
        unit="t",
        factor="填埋：混合金属罐（英国2025，代理）",
        data_kind=MEASURED,
        **quality(3, 4, 2),
        source="转移联单（示例）",
        note="惰性废物填埋的代理值，不含降解产生的甲烷",
    ),
]

OUTPUTS: list[dict[str, Any]] = [
    dict(
        process="oxygen",
        name="氧气",
        kind="产品 Product",
        amount=1802.5,
        unit="万Nm3",
        data_kind=MEASURED,
        source="流量计（示例）",
        note="等于电炉用氧",
    ),
    dict(
        process="eaf",
        name="连铸坯",
        kind="产品 Product",
        amount=515000,
        unit="t",
        item="billet",
        data_kind=MEASURED,
        source="生产日报（示例）",
        note="全部用于本厂热轧",
    ),
    dict(
        process="eaf",
        name="电炉渣和精炼渣",
        kind="再生利用 Recycled",
        amount=69525,
        unit="t",
        item="slag",
        data_kind=MEASURED,
        source="外运过磅（示例）",
        note=f"{ASSUMED} 120–150 kg/t；此处 135。无偿交付建材利用，按再生料成分法不分担负荷",
    ),
    dict(
        process="eaf",
        name="除尘灰",
        kind="再生利用 Recycled",
        amount=7725,
        unit="t",
        item="dust",
        data_kind=MEASURED,
        source="危险废物转移联单（示例）",
        note=f"{ASSUMED} 12–20 kg/t；此处 15。交付锌回收",
    ),
    dict(
        process="rolling",
        name="热轧带肋钢筋",
        kind="产品 Product",
        amount=500000,
        unit="t",
        item="rolled_product",
        data_kind=MEASURED,
        source="成品入库台账（示例）",
        note="假设的年产量",
    ),
    dict(
        process="rolling",
        name="切头切尾",
        kind="再生利用 Recycled",
        amount=10300,
        unit="t",
        data_kind=MEASURED,
        source="厂内过磅（示例）",
        note="返回电炉",
    ),
    dict(
        process="rolling",
        name="氧化铁皮",
        kind="再生利用 Recycled",
        amount=3600,
        unit="t",
        item="scale",
        data_kind=MEASURED,
        source="外运过磅（示例）",
        note="约 0.7% 烧损，外售利用",
    ),
]

SHARED = dict(
    unit="t",
    gas_class="化石 Fossil",
    kind="物料因子 Material factor",
    life_cycle_scope="摇篮到大门 Cradle to gate",
    region="CN",
    year=2024,
    confidence="假设",
)
CO2E = dict(substance="CO2e", gas_scope="全部温室气体 All greenhouse gases", gwp_set="AR6")
CO2 = dict(substance="CO2", gas_scope="仅二氧化碳 CO2 only")
# The producer's own CO2 with the footprint of its electricity: a sum, but not of all gases, nor of ore, coke and quarrying.
PARTLY = dict(gas_scope="仅二氧化碳 CO2 only")
NOT_ALL = "除电力外仅计CO₂，原料上游未计"
IPCC = "IPCC 2006 GL Vol.3"
OWN_FACTORS: list[dict[str, Any]] = [
    SHARED | CO2 | row if row.pop("only_co2", False) else SHARED | CO2E | row
    for row in [
        dict(name="生铁，高炉流程（示例自有因子）", name_en="Pig iron, blast furnace route (example)", value=1930, only_co2=True,
             source=f"{IPCC} Table 4.1 的公布值（生铁 1.35、烧结 0.20、焦炭 0.56 tCO2/t）× 假设的单耗：1.35 + 1.5 × 0.20 + 0.5 × 0.56"),
        dict(name="硅锰合金（示例自有因子）", name_en="Silicomanganese (example)", value=3710.8, **PARTLY,
             source=f"{IPCC} Table 4.5 硅锰 1.4 tCO2/t（公布值）+ 假设电耗 4000 kWh/t × 0.5777；{NOT_ALL}"),
        dict(name="75硅铁（示例自有因子）", name_en="Ferrosilicon 75 (example)", value=8910.45, **PARTLY,
             source=f"{IPCC} Table 4.5 75硅铁 4.0 tCO2/t（公布值）+ 假设电耗 8500 kWh/t × 0.5777；{NOT_ALL}"),
        dict(name="活性石灰（示例自有因子）", name_en="Quicklime (example)", value=1170.43, **PARTLY,
             source=f"{IPCC} Table 2.4 高钙石灰 0.75 tCO2/t（公布值）+ 假设热耗 4.2 GJ/t × 94.6 kg/GJ（IPCC 烟煤）+ 假设电耗 40 kWh/t × 0.5777；{NOT_ALL}"),
        dict(name="白云石开采与破碎（示例自有因子）", name_en="Dolomite, quarried and crushed (example)", value=10, source="假设，无公布来源"),
        dict(name="石墨电极生产（示例自有因子）", name_en="Graphite electrode production (example)", value=4000, source="假设，无公布来源；应以供应商数据替换"),
        dict(name="镁碳质耐火材料（示例自有因子）", name_en="Magnesia-carbon refractory (example)", value=1200, source="假设，无公布来源；应以供应商数据替换"),
    ]
]  # fmt: skip

EXCLUSIONS: list[dict[str, Any]] = [
    dict(name="轧辊和备件", share=0.002, reason="年耗量按质量低于 0.1%，估算低于总量的 0.2%"),
    dict(name="保护渣、覆盖剂和润滑油", share=0.002, reason="单项低于 1 kg/t，估算低于总量的 0.2%"),
]


def workbook() -> Workbook:
    """The filled-in workbook."""
    book = template(load_rule("steel-eaf"))
    page = book[sheets.PRODUCT.title]
    for row, column in enumerate(sheets.PRODUCT.columns, 1):
        page.cell(row, 2).value = PRODUCT.get(column.key)
    keys = ("id", "name", "stage", "allocation", "note")
    _fill(book, sheets.PROCESSES, [dict(zip(keys, p, strict=True)) for p in PROCESSES])
    for sheet, rows in [
        (sheets.MATERIALS, MATERIALS), (sheets.ENERGY, ENERGY), (sheets.TRANSPORT, TRANSPORT), (sheets.EMISSIONS, EMISSIONS),
        (sheets.WASTE, WASTE), (sheets.OUTPUTS, OUTPUTS), (sheets.OWN_FACTORS, OWN_FACTORS), (sheets.EXCLUSIONS, EXCLUSIONS),
    ]:  # fmt: skip
        _fill(book, sheet, rows)
    return book


def _fill(book: Workbook, sheet: Sheet, rows: list[dict[str, Any]]) -> None:
    """Write rows from row 2 on, over the template's example row."""
    page, keys = book[sheet.title], [c.key for c in sheet.columns]
    for number, row in enumerate(rows, 2):
        if unknown := row.keys() - set(keys):
            raise ValueError(f"{sheet.title}: no column {unknown}")
        for column, key in enumerate(keys, 1):
            cell = page.cell(number, column)
            cell.value, cell.font, cell.fill = row.get(key), Font(), PatternFill()


def steady(data: bytes) -> bytes:
    """The same workbook without the moment of its writing, so that equal data make equal files."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2025-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))
            new.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main(path: Path) -> None:
    out = io.BytesIO()
    workbook().save(out)
    path.write_bytes(steady(out.getvalue()))
    print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
