"""What the members of the model's enumerations are called, in both languages: the only table of these words.

One word for one thing (docs/glossary.md). Kept by type: members of different enumerations with the same code
("energy" the input, "energy" the allocation key) are equal to Python and would share one word in a common table.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tanbiao.lca.end_of_life import Recycling
from tanbiao.lca.model import (
    Allocation,
    DataKind,
    FactorKind,
    GasClass,
    GasScope,
    InputKind,
    LifeCycleScope,
    OutputKind,
    Stage,
)
from tanbiao.words import Text

_WORDS: dict[type[StrEnum], dict[str, Text]] = {
    Stage: {
        Stage.RAW_MATERIALS: Text("原材料获取", "Raw materials"),
        Stage.PRODUCTION: Text("生产", "Production"),
        Stage.DISTRIBUTION: Text("分销", "Distribution"),
        Stage.USE: Text("使用", "Use"),
        Stage.END_OF_LIFE: Text("生命末期", "End of life"),
    },
    GasClass: {
        GasClass.FOSSIL: Text("化石", "Fossil"),
        GasClass.BIOGENIC_EMISSION: Text("生物源排放", "Biogenic emissions"),
        GasClass.BIOGENIC_REMOVAL: Text("生物源清除", "Biogenic removals"),
        GasClass.DLUC: Text("直接土地利用变化", "Direct land use change"),
        GasClass.LAND_MANAGEMENT_EMISSION: Text("土地管理排放", "Land management emissions"),
        GasClass.LAND_MANAGEMENT_REMOVAL: Text("土地管理清除", "Land management removals"),
        GasClass.AVIATION: Text("航空运输", "Aircraft"),
    },
    InputKind: {
        InputKind.MATERIAL: Text("原材料", "Material"),
        InputKind.ENERGY: Text("能源", "Energy"),
        InputKind.TRANSPORT: Text("运输", "Transport"),
        InputKind.WASTE_TREATMENT: Text("废物处理", "Waste treatment"),
    },
    OutputKind: {
        OutputKind.PRODUCT: Text("产品", "Product"),
        OutputKind.COPRODUCT: Text("共生产品", "Co-product"),
        OutputKind.RECYCLED: Text("再生利用", "Recycled"),
    },
    Allocation: {
        Allocation.NONE: Text("不分配", "None"),
        Allocation.MASS: Text("按质量", "By mass"),
        Allocation.ENERGY: Text("按热值", "By energy"),
        Allocation.ECONOMIC: Text("按经济价值", "Economic"),
        Allocation.PROPERTY: Text("按其他属性", "By property"),
        Allocation.DRY_MATTER: Text("按干物质", "By dry matter"),
        Allocation.CARBON: Text("按碳含量", "By carbon content"),
        Allocation.SUBSTITUTION: Text("系统扩展（替代）", "System expansion"),
    },
    Recycling: {
        Recycling.RECYCLED_CONTENT: Text("再生料成分法（取舍法）", "Recycled content (cut-off)"),
        Recycling.CLOSED_LOOP: Text("闭环回收", "Closed loop"),
        Recycling.SUBSTITUTION: Text("生命末期替代", "End-of-life substitution"),
        Recycling.CIRCULAR: Text("循环足迹公式", "Circular footprint formula"),
    },
    DataKind: {
        DataKind.MEASURED: Text("现场实测", "Measured"),
        DataKind.CALCULATED: Text("现场计算", "Calculated"),
        DataKind.SUPPLIER: Text("供应商初级数据", "Supplier"),
        DataKind.SECONDARY: Text("次级数据", "Secondary"),
    },
    FactorKind: {
        FactorKind.ELECTRICITY_FOOTPRINT: Text("电力碳足迹因子", "Electricity footprint factor"),
        FactorKind.GRID_CO2: Text("电力平均二氧化碳排放因子", "Average grid CO2 factor"),
        FactorKind.TRANSMISSION: Text("输配电因子", "Transmission and distribution factor"),
        FactorKind.FUEL_COMBUSTION: Text("燃料燃烧因子", "Fuel combustion factor"),
        FactorKind.FUEL_UPSTREAM: Text("燃料上游因子", "Fuel upstream factor"),
        FactorKind.MATERIAL: Text("物料因子", "Material factor"),
        FactorKind.PROCESS_EMISSION: Text("过程排放因子", "Process emission factor"),
        FactorKind.HEAT: Text("热力因子", "Heat factor"),
        FactorKind.TRANSPORT: Text("运输因子", "Transport factor"),
        FactorKind.WATER: Text("水因子", "Water factor"),
        FactorKind.WASTE: Text("废物处理因子", "Waste treatment factor"),
    },
    GasScope: {
        GasScope.CO2_ONLY: Text("仅二氧化碳", "CO2 only"),
        GasScope.ALL_GHG: Text("全部温室气体", "All greenhouse gases"),
    },
    LifeCycleScope: {
        LifeCycleScope.DIRECT: Text("仅直接排放", "Direct only"),
        LifeCycleScope.UPSTREAM: Text("仅上游", "Upstream only"),
        LifeCycleScope.CRADLE_TO_GATE: Text("摇篮到大门", "Cradle to gate"),
        LifeCycleScope.LIFE_CYCLE: Text("生命周期", "Life cycle"),
    },
}

# A rule names its boundary by code; the model keeps that code as text.
BOUNDARIES: Mapping[str, Text] = {
    "cradle_to_gate": Text("从摇篮到大门", "cradle to gate"),
    "cradle_to_grave": Text("从摇篮到坟墓", "cradle to grave"),
    "gate_to_gate": Text("从大门到大门", "gate to gate"),
}


def words_for(member: StrEnum) -> Text:
    """What a member is called, as a label: words_for(Stage.USE) is "使用" / "Use"."""
    return _WORDS[type(member)][member]


def called(member: StrEnum) -> Text:
    """The same within a sentence: "使用" / "use"."""
    words = words_for(member)
    return Text(words.zh, words.en if words.en[:2].isupper() else words.en[0].lower() + words.en[1:])
