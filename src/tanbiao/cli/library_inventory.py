"""`tanbiao library inventory`: what a product takes from nature and releases, flow by flow, and its footprint."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from tanbiao.cli.answering import answer, print_json
from tanbiao.words import Text

if TYPE_CHECKING:
    from tanbiao.lca.datasets.inventory import LifeCycleInventory

SHOWN = 30


def run_inventory(args: argparse.Namespace) -> int:
    return answer(args, lambda: _inventory(args))


def _inventory(args: argparse.Namespace) -> int:
    from tanbiao.cli.library_named import version_named
    from tanbiao.lca.datasets.inventory import life_cycle_inventory
    from tanbiao.platform.library.queries import compiled_of

    compiled = compiled_of(version_named(args.database), args.link or "")
    found = life_cycle_inventory(compiled, args.product, args.amount, args.unit, args.gwp)
    if args.json:
        print_json(inventory_document(found))
    else:
        print("\n".join(_lines(found)))
    return 0


def inventory_document(found: LifeCycleInventory) -> dict[str, Any]:
    """An inventory for machines: ids are those of the source. A loop that uses up what it makes leaves no footprint."""
    footprint = {
        "total": found.kg_co2e,
        "unit": "kg CO2e",
        "gwp_set": found.gwp_set,
        "by_gas_class": {gas_class.value: kg for gas_class, kg in found.by_class.items()},
        "gases": [
            {"gas": gas.substance, "class": gas.gas_class.value, "kg": gas.kg, "kg_co2e": gas.kg_co2e}
            for gas in found.gases
        ],
        "without_uptake": found.without_uptake,
        "uptake_assumed": found.uptake_assumed,
        "assumed_fossil": [{"zh": name.zh, "en": name.en} for name in found.assumed_fossil],
        "uncounted": [{"zh": name.zh, "en": name.en} for name in found.uncounted],
        "assumed": [{"zh": text.zh, "en": text.en} for text in _assumed(found)],
    }
    return {
        "product": {"process": found.product, "zh": found.name.zh, "en": found.name.en},
        "demand": {"amount": found.amount, "unit": found.unit},
        "footprint": None if found.unproductive else footprint,
        "flows": [
            {
                "flow": row.flow.id,
                "name": row.flow.name.en,
                "name_zh": row.flow.name.zh,
                "direction": row.flow.direction.value,
                "amount": row.amount,
                "unit": row.flow.unit,
                "category": list(row.flow.category),
            }
            for row in found.rows
        ],
        "incomplete": found.incomplete,
        "unproductive": {"zh": found.unproductive.zh, "en": found.unproductive.en} if found.unproductive else None,
        "negative": [{"zh": name.zh, "en": name.en} for name in found.negative],
        "processes_in_system": len(found.processes),
        "residual": found.residual,
    }


def _assumed(found: LifeCycleInventory) -> list[Text]:
    """What the footprint takes for granted, and what it leaves out."""
    said = []
    if found.assumed_fossil:
        said.append(
            Text(
                f"未说明来源，按化石计：{'、'.join(name.zh for name in found.assumed_fossil)}",
                f"source not said, counted as fossil: {', '.join(name.en for name in found.assumed_fossil)}",
            )
        )
    if found.uptake_assumed:
        said.append(
            Text(
                f"数据中没有的生物源 CO2 吸收按释放量补足：{found.uptake_assumed:.6g} kg",
                f"uptake of biogenic CO2 that the data lack, taken as what is released: {found.uptake_assumed:.6g} kg",
            )
        )
    if found.uncounted:
        said.append(
            Text(
                f"是温室气体但没有可用的 GWP 值，未计入：{'、'.join(name.zh for name in found.uncounted)}",
                f"greenhouse gases without a usable GWP value, not counted: "
                f"{', '.join(name.en for name in found.uncounted)}",
            )
        )
    return said


def _lines(found: LifeCycleInventory) -> list[str]:
    lines = [f"{found.amount:g} {found.unit}  {found.name}  ({found.product})"]
    if found.unproductive:
        lines += [
            "✗ 没有碳足迹：供应网络消耗的比它生产的多；以下流量只是方程的解",
            "  no footprint: its supply uses up more than it makes; the flows below solve the equations and no more",
            f"    {found.unproductive.zh}",
            f"    {found.unproductive.en}",
        ]
    else:
        lines += _footprint(found)
    lines.append(f"系统中的过程 processes in the system: {len(found.processes)} · 残差 residual {found.residual:.1e}")
    rows = sorted(found.rows, key=lambda row: -abs(row.amount))
    lines.append(f"基本流 elementary flows: {len(rows)}")
    for row in rows[:SHOWN]:
        arrow = "←" if row.flow.direction.value == "in" else "→"
        lines.append(
            f"  {arrow} {row.amount:14.6g} {row.flow.unit:6} {row.flow.name.zh}  [{' / '.join(row.flow.category)}]"
        )
    if len(rows) > SHOWN:
        lines.append(f"  … 另有 {len(rows) - SHOWN} 条，见 --json / {len(rows) - SHOWN} more, see --json")
    return lines


def _footprint(found: LifeCycleInventory) -> list[str]:
    lines = [f"碳足迹 footprint: {found.kg_co2e:.8g} kg CO2e ({found.gwp_set})"]
    lines += [f"    {gas_class.value:28} {kg:14.6g} kg CO2e" for gas_class, kg in found.by_class.items()]
    if found.without_uptake != found.kg_co2e:
        lines.append(
            "  生物源 CO2 不计吸收与释放 / biogenic CO2 neither taken up nor released: "
            f"{found.without_uptake:.8g} kg CO2e"
        )
    if found.incomplete:
        lines.append(
            "! 不完整：上游有未连接的投入，结果偏低 / incomplete: inputs upstream are not linked, the result is too low"
        )
    return lines + [f"! {text.zh} / {text.en}" for text in _assumed(found)]
