"""What findings call the members of the model's enumerations, in both languages.

Kept by type: members of different enumerations with the same code ("energy" the input, "energy" the allocation key)
are equal to Python, and would share one word in a common table.
"""

from __future__ import annotations

from enum import StrEnum

from tanbiao.lca.model import Allocation, DataKind, FactorKind, GasClass, Stage
from tanbiao.words import Text

BOUNDARIES = {
    "cradle_to_gate": Text("摇篮到大门", "cradle-to-gate"),
    "cradle_to_grave": Text("摇篮到坟墓", "cradle-to-grave"),
    "gate_to_gate": Text("大门到大门", "gate-to-gate"),
}
CUTOFF_BASES = {
    "ghg": Text("碳足迹", "footprint"),
    "mass": Text("质量", "mass"),
    "energy": Text("能量", "energy"),
}
_WORDS: dict[type[StrEnum], dict[str, Text]] = {
    Stage: {
        Stage.RAW_MATERIALS: Text("原材料获取", "raw materials"),
        Stage.PRODUCTION: Text("生产", "production"),
        Stage.DISTRIBUTION: Text("分销", "distribution"),
        Stage.USE: Text("使用", "use"),
        Stage.END_OF_LIFE: Text("生命末期", "end of life"),
    },
    Allocation: {
        Allocation.NONE: Text("不分配", "none"),
        Allocation.MASS: Text("质量", "mass"),
        Allocation.ENERGY: Text("热值", "energy"),
        Allocation.ECONOMIC: Text("经济价值", "economic value"),
        Allocation.PROPERTY: Text("其他性质", "another property"),
    },
    DataKind: {
        DataKind.MEASURED: Text("现场实测", "measured"),
        DataKind.CALCULATED: Text("现场计算", "calculated"),
        DataKind.SUPPLIER: Text("供应商初级数据", "supplier's primary data"),
        DataKind.SECONDARY: Text("次级数据", "secondary data"),
    },
    FactorKind: {
        FactorKind.ELECTRICITY_FOOTPRINT: Text("电力碳足迹因子", "electricity footprint factor"),
        FactorKind.GRID_CO2: Text("电力平均二氧化碳排放因子", "average grid CO2 factor"),
        FactorKind.TRANSMISSION: Text("输配电因子", "transmission and distribution factor"),
        FactorKind.FUEL_COMBUSTION: Text("燃料燃烧因子", "fuel combustion factor"),
        FactorKind.FUEL_UPSTREAM: Text("燃料上游因子", "fuel upstream factor"),
        FactorKind.MATERIAL: Text("物料因子", "material factor"),
        FactorKind.PROCESS_EMISSION: Text("过程排放因子", "process emission factor"),
        FactorKind.HEAT: Text("热力因子", "heat factor"),
        FactorKind.TRANSPORT: Text("运输因子", "transport factor"),
        FactorKind.WATER: Text("水因子", "water factor"),
        FactorKind.WASTE: Text("废物处理因子", "waste treatment factor"),
    },
    GasClass: {
        GasClass.FOSSIL: Text("化石", "fossil"),
        GasClass.BIOGENIC_EMISSION: Text("生物源排放", "biogenic emissions"),
        GasClass.BIOGENIC_REMOVAL: Text("生物源清除", "biogenic removals"),
        GasClass.DLUC: Text("直接土地利用变化", "direct land use change"),
        GasClass.AVIATION: Text("航空运输", "aircraft"),
    },
}


def called(member: StrEnum) -> Text:
    """What a member is called: called(Stage.USE) is "使用" / "use"."""
    return _WORDS[type(member)][member]
