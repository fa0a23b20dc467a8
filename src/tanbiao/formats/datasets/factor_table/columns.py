"""Which column of a factor table is which: headers in Chinese and English, taken whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tanbiao.formats.datasets.factor_table.numbers import has_decimal_comma
from tanbiao.formats.vocabulary import matching
from tanbiao.lca.datasets.factor_units import NotAFactorUnit, factor_unit, gas_named

# Column -> the headers it may stand under, without units in brackets; the first ones are those we write.
HEADERS: dict[str, tuple[str, ...]] = {
    "id": ("编号", "ID", "uuid", "代码", "编码", "因子编号", "code", "identifier"),
    "name": (
        "名称", "name", "产品名称", "因子名称", "物料名称", "材料名称", "燃料名称", "数据集名称", "产品", "活动",
        "product", "product name", "factor name", "activity", "material", "fuel", "dataset", "name_zh",
    ),
    "name_en": ("英文名称", "english name", "name_en", "名称（英文）", "英文名"),
    "value": (
        "因子值", "value", "排放因子", "碳足迹", "碳足迹因子", "碳排放因子", "碳足迹值", "碳足迹数值", "数值", "因子",
        "排放系数", "排放因子值", "emission factor", "factor", "carbon footprint", "factor value", "ef", "pcf",
        "footprint",
    ),
    "unit": ("单位", "unit", "因子单位", "碳足迹单位", "排放因子单位", "units", "factor unit", "ghg/unit"),
    "per": (
        "每单位", "per", "功能单位", "声明单位", "计量单位", "基准单位", "per unit", "declared unit", "functional unit",
        "uom", "reference unit",
    ),
    "gas": ("气体", "gas", "温室气体", "物质", "substance", "ghg"),
    "gas_class": ("气体类别", "gas class"),
    "gas_scope": ("气体范围", "gas scope", "gases", "gas_scope"),
    "kind": ("因子类型", "kind", "factor kind", "因子类别"),
    "life_cycle_scope": ("生命周期范围", "life-cycle scope", "life cycle scope", "life_cycle_scope"),
    "boundary": ("边界", "boundary", "核算边界", "系统边界", "系统边界范围", "system boundary", "scope"),
    "region": ("地区", "region", "区域", "地域", "国家", "国家/地区", "地理范围", "location", "country", "geography"),
    "year": ("年份", "year", "数据年份", "年度", "数据时间", "data year", "period", "时间"),
    "gwp_set": ("GWP集", "GWP set", "gwp", "gwp_set", "gwp版本"),
    "technology": ("技术", "technology", "工艺", "技术代表性", "process"),
    "provider": ("提供者", "provider", "企业", "企业名称", "提供单位", "生产企业", "company", "manufacturer"),
    "source": ("来源", "source", "数据来源", "出处", "reference"),
    "document": ("文件", "document", "文号", "文件号", "document number", "publication"),
    "category": ("类别", "category", "分类", "行业", "产品类别", "class", "sector"),
    "quality": ("数据质量", "data quality", "quality", "质量等级", "质量评分"),
    "confidence": ("可信度", "confidence"),
    "use_instead": ("改用因子", "use instead", "use_instead"),
}  # fmt: skip
NEEDED = ("name", "value", "unit")
_BY_HEADER = {matching(header): column for column, headers in HEADERS.items() for header in headers}
_BRACKETS = re.compile(r"[（(\[【](.*)[）)\]】]\s*$")
LOOKED_AT = 15  # rows in which a header is looked for: titles and notes may stand above it


@dataclass(slots=True)
class Columns:
    """Where the columns of a table stand (from 0), and which stay as words beside the factor."""

    row: int  # of the header, from 0
    at: dict[str, int] = field(default_factory=dict)
    kept: dict[int, str] = field(default_factory=dict)
    twice: dict[str, list[str]] = field(default_factory=dict)  # headers that claim the same column
    decimal_commas: bool = False  # some value has one, so that 1,234 may be either
    value_header: str = ""  # without its brackets
    header_unit: str = ""  # of the value, where its header says it: 排放因子（kgCO2e/kWh）

    @property
    def missing(self) -> list[str]:
        there = {*self.at} | ({"unit"} if self.header_unit or "per" in self.at else set())
        return [column for column in NEEDED if column not in there]


def headers_of(column: str) -> str:
    """What a column may be called, for messages."""
    return " / ".join(HEADERS[column][:4])


def find_columns(lines: Sequence[Sequence[str]]) -> Columns | None:
    """The columns under the first line that names a value and one other thing of a factor; None where no line does."""
    for number, line in enumerate(lines[:LOOKED_AT]):
        columns = _columns(number, line)
        if "value" in columns.at and len(columns.at) > 1:
            at = columns.at["value"]
            columns.decimal_commas = any(at < len(row) and has_decimal_comma(row[at]) for row in lines[number + 1 :])
            return columns
    return None


def _columns(number: int, line: Sequence[str]) -> Columns:
    columns = Columns(number)
    for position, header in enumerate(line):
        plain, inside = _split(header)
        column = _BY_HEADER.get(matching(header)) or _BY_HEADER.get(matching(plain))
        if column is None:
            if header.strip():
                columns.kept[position] = " ".join(header.split())
        elif column in columns.at:
            columns.twice.setdefault(column, [line[columns.at[column]]]).append(header)
            columns.kept[position] = " ".join(header.split())
        else:
            columns.at[column] = position
            if column == "value":
                columns.value_header = matching(plain)
                columns.header_unit = inside if _is_unit(inside) else ""
    return columns


def _split(header: str) -> tuple[str, str]:
    """A header and what it holds in brackets at its end: 排放因子 and kgCO2e/kWh; a bilingual one by its first word."""
    found = _BRACKETS.search(header)
    plain = header[: found.start()] if found else header
    words = plain.split()
    if len(words) > 1 and matching(words[0]) in _BY_HEADER and _BY_HEADER.get(matching(" ".join(words[1:]))):
        plain = words[0]
    return plain, found[1].strip() if found else ""


def _is_unit(text: str) -> bool:
    try:
        return bool(factor_unit(text, per="kg"))
    except NotAFactorUnit:
        return bool(gas_named(text))
