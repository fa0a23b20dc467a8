"""The words that stand in workbooks and reports for the members of the model's enumerations.

One word for one thing (docs/glossary.md); the workbook's drop-downs show both languages and reading accepts either.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import TypeVar

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

Member = TypeVar("Member", bound=StrEnum)

WORDS: dict[StrEnum, Text] = {
    Stage.RAW_MATERIALS: Text("原材料获取", "Raw materials"),
    Stage.PRODUCTION: Text("生产", "Production"),
    Stage.DISTRIBUTION: Text("分销", "Distribution"),
    Stage.USE: Text("使用", "Use"),
    Stage.END_OF_LIFE: Text("生命末期", "End of life"),
    GasClass.FOSSIL: Text("化石", "Fossil"),
    GasClass.BIOGENIC_EMISSION: Text("生物源排放", "Biogenic emissions"),
    GasClass.BIOGENIC_REMOVAL: Text("生物源清除", "Biogenic removals"),
    GasClass.DLUC: Text("直接土地利用变化", "Direct land use change"),
    GasClass.AVIATION: Text("航空运输", "Aircraft"),
    InputKind.MATERIAL: Text("原材料", "Material"),
    InputKind.ENERGY: Text("能源", "Energy"),
    InputKind.TRANSPORT: Text("运输", "Transport"),
    InputKind.WASTE_TREATMENT: Text("废物处理", "Waste treatment"),
    OutputKind.PRODUCT: Text("产品", "Product"),
    OutputKind.COPRODUCT: Text("共生产品", "Co-product"),
    OutputKind.RECYCLED: Text("再生利用", "Recycled"),
    Allocation.NONE: Text("不分配", "None"),
    Allocation.MASS: Text("按质量", "By mass"),
    Allocation.ENERGY: Text("按热值", "By energy"),
    Allocation.ECONOMIC: Text("按经济价值", "Economic"),
    Allocation.PROPERTY: Text("按其他属性", "By property"),
    DataKind.MEASURED: Text("现场实测", "Measured"),
    DataKind.CALCULATED: Text("现场计算", "Calculated"),
    DataKind.SUPPLIER: Text("供应商初级数据", "Supplier"),
    DataKind.SECONDARY: Text("次级数据", "Secondary"),
    FactorKind.ELECTRICITY_FOOTPRINT: Text("电力碳足迹因子", "Electricity footprint"),
    FactorKind.GRID_CO2: Text("电力平均二氧化碳排放因子", "Grid CO2 factor"),
    FactorKind.TRANSMISSION: Text("输配电", "Transmission and distribution"),
    FactorKind.FUEL_COMBUSTION: Text("燃料燃烧", "Fuel combustion"),
    FactorKind.FUEL_UPSTREAM: Text("燃料上游", "Fuel upstream"),
    FactorKind.MATERIAL: Text("物料", "Material"),
    FactorKind.PROCESS_EMISSION: Text("过程排放", "Process emission"),
    FactorKind.HEAT: Text("热力", "Heat"),
    FactorKind.TRANSPORT: Text("运输", "Transport"),
    FactorKind.WATER: Text("水", "Water"),
    FactorKind.WASTE: Text("废物处理", "Waste"),
    GasScope.CO2_ONLY: Text("仅二氧化碳", "CO2 only"),
    GasScope.ALL_GHG: Text("全部温室气体", "All greenhouse gases"),
    LifeCycleScope.DIRECT: Text("仅直接排放", "Direct only"),
    LifeCycleScope.UPSTREAM: Text("仅上游", "Upstream only"),
    LifeCycleScope.CRADLE_TO_GATE: Text("摇篮到大门", "Cradle to gate"),
    LifeCycleScope.LIFE_CYCLE: Text("生命周期", "Life cycle"),
}

# The "part" of a contribution (tanbiao.lca.footprint.Contribution.part)
PARTS = {
    "supply": Text("上游", "Supply"),
    "use": Text("使用排放", "Released in use"),
    "direct": Text("直接排放", "Direct"),
}


def words_for(member: StrEnum) -> Text:
    """What a member is called, in both languages."""
    return WORDS[member]


def label(member: StrEnum) -> str:
    """The bilingual form that stands in the drop-downs: "生产 Production"."""
    words = WORDS[member]
    return f"{words.zh} {words.en}"


def find(kind: type[Member], typed: str) -> Member | None:
    """The member that a person wrote by its Chinese word, its English word, both, or its code; None if none."""
    wanted = matching(typed)
    for member in kind:
        words = WORDS[member]
        if wanted in {matching(t) for t in (words.zh, words.en, label(member), member.value)}:
            return member
    return None


def matching(text: str) -> str:
    """Text as it is compared, never as it is stored: NFKC, no outer or double spaces, no case, no '*' mark."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("*", "").split()).casefold()
