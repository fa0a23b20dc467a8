"""The workbook's sheets and columns, told once: the template is written from here and reading maps by it.

Every table has one header row; a header says its column in both languages ("数量 Amount", "*" where it must be
filled). The first column of a table is a mark: rows marked 示例 are examples and are not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tanbiao.lca.model import InputKind, Stage
from tanbiao.words import Text

EXAMPLE = "示例 Example"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, or one line of the product sheet.

    choices  name of the list on the Lists sheet that its drop-down offers
    strict   False where the drop-down is an offer and other texts may stand (names of own factors)
    """

    key: str
    zh: str
    en: str
    help: Text
    required: bool = False
    choices: str = ""
    strict: bool = True
    width: int = 14
    longest: int = 200  # characters of text; what people explain may be longer
    format: str = "General"

    @property
    def title(self) -> str:
        return f"{self.zh} {self.en}{' *' if self.required else ''}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name in both languages, its columns, and for sheets of inputs their kind and usual stage."""

    key: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    example: Mapping[str, str | int | float] = field(default_factory=dict)
    kind: InputKind | None = None
    stage: Stage | None = None

    @property
    def title(self) -> str:
        return f"{self.zh} {self.en}"


def _c(key: str, zh: str, en: str, help_zh: str, help_en: str, **more: object) -> Column:
    if key in ("note", "source", "reason"):
        more.setdefault("longest", 2000)
    return Column(key, zh, en, Text(help_zh, help_en), **more)  # type: ignore[arg-type]


MARK = _c("mark", "标记", "Mark", "标“示例”的行不读取", "Rows marked as example are not read", width=13)
PROCESS = _c(
    "process",
    "过程",
    "Process",
    "“过程”表中的编号",
    "An id of the Processes sheet",
    required=True,
    choices="processes",
    width=14,
)
NAME = _c("name", "名称", "Name", "这一行是什么", "What this row is", required=True, width=26)
AMOUNT = _c(
    "amount",
    "数量",
    "Amount",
    "数据期内的总量；只写数字",
    "Total over the data period; digits only",
    required=True,
    format="#,##0.######",
)
UNIT = _c(
    "unit",
    "单位",
    "Unit",
    "从列表选择，或写吨、千克、万千瓦时等",
    "Choose from the list, or write another name of it",
    required=True,
    choices="units",
    strict=False,
    width=11,
)
FACTOR_HELP = ("起始库或“自有因子”表中的名称", "A name of the starter library or of the Own factors sheet")
FACTOR = _c("factor", "供应因子", "Supply factor", *FACTOR_HELP, choices="factors", strict=False, width=44)
PROVIDER = _c(
    "provider",
    "供应过程",
    "Supplied by",
    "由本系统自己的过程供应时填其编号，代替供应因子",
    "Id of the own process that supplies it, instead of a factor",
    choices="processes",
)
USE_FACTOR = _c(
    "use_factor",
    "使用排放因子",
    "Use-emission factor",
    "使用时释放的排放（燃料燃烧、熔剂分解、电极消耗）",
    "What it releases when used (fuel burnt, flux, electrode)",
    choices="use_factors",
    strict=False,
    width=38,
)
ITEM = _c(
    "item",
    "规则必填项",
    "Rule item",
    "这一行回答规则的哪个必填数据",
    "The required datum of the rule that it answers",
    choices="items",
    width=20,
)
STAGE = _c(
    "stage", "阶段", "Stage", "留空用本表的默认阶段", "Empty: the usual stage of this sheet", choices="stages", width=22
)
DATA_KIND = _c(
    "data_kind", "数据类型", "Data kind", "留空为次级数据", "Empty: secondary", choices="data_kinds", width=24
)
SCORE = ("1 最好，5 最差；三项一起填", "1 best, 5 worst; fill all three")
QUALITY = (
    _c("technological", "技术代表性", "TeR", *SCORE, choices="scores", width=13),
    _c("geographical", "地理代表性", "GeR", *SCORE, choices="scores", width=13),
    _c("temporal", "时间代表性", "TiR", *SCORE, choices="scores", width=13),
)
SOURCE = _c("source", "来源", "Source", "台账、仪表、发票、文献", "Ledger, meter, invoice, literature", width=32)
NOTE = _c("note", "备注", "Note", "任何说明", "Any remark", width=32)
ABOUT = (ITEM, STAGE, DATA_KIND, *QUALITY, SOURCE, NOTE)

GUIDE = Sheet("guide", "说明", "Guide", ())
LISTS = Sheet("lists", "清单", "Lists", ())

PRODUCT = Sheet(
    "product",
    "产品",
    "Product",
    (
        _c("rule", "规则", "Rule", "认证规则编号，如 steel-eaf", "Id of the certification rule", required=True),
        _c(
            "name", "产品名称", "Product name", "证书上的产品名称", "As it will stand on the certificate", required=True
        ),
        _c("name_en", "产品英文名称", "Product name in English", "", ""),
        _c("model", "型号规格", "Model", "型号、规格、执行标准", "Model, specification, standard", required=True),
        _c("manufacturer", "制造商", "Manufacturer", "营业执照上的名称", "Name as registered", required=True),
        _c("factory", "生产厂", "Factory", "实际生产地的名称", "Where it is made", required=True),
        _c("uscc", "统一社会信用代码", "Unified social credit code", "18 位", "18 characters"),
        _c("address", "生产地址", "Address", "", ""),
        _c("region", "地区", "Region", "ISO 3166-2 代码，如 CN-SH", "ISO 3166-2 code, such as CN-SH", required=True),
        _c("declared_amount", "声明单位数量", "Declared amount", "通常为 1", "Usually 1", required=True),
        _c("declared_unit", "声明单位", "Declared unit", "如 t", "Such as t", required=True, choices="units"),
        _c(
            "process",
            "产品过程",
            "Product process",
            "产出该产品的过程编号",
            "Id of the process that makes it",
            required=True,
            choices="processes",
        ),
        _c(
            "boundary",
            "系统边界",
            "Boundary",
            "从列表选择",
            "Choose from the list",
            required=True,
            choices="boundaries",
        ),
        _c("period_start", "数据期开始", "Period start", "日期", "A date", required=True, format="yyyy-mm-dd"),
        _c("period_end", "数据期结束", "Period end", "日期", "A date", required=True, format="yyyy-mm-dd"),
    ),
)

PROCESSES = Sheet(
    "processes",
    "过程",
    "Processes",
    (
        MARK,
        _c("id", "编号", "Id", "简短、不重复，如 eaf", "Short and unique, such as eaf", required=True),
        NAME,
        _c(
            "stage",
            "阶段",
            "Stage",
            "该过程所处阶段",
            "The stage of the process",
            required=True,
            choices="stages",
            width=22,
        ),
        _c(
            "allocation",
            "分配方法",
            "Allocation",
            "有共生产品时填写",
            "Where it has co-products",
            choices="allocations",
            width=20,
        ),
        _c(
            "allocation_property",
            "分配属性",
            "Property",
            "按其他属性分配时：是什么属性",
            "Which property, where the allocation is by another property",
            width=20,
        ),
        NOTE,
    ),
    {"id": "eaf", "name": "电炉炼钢", "stage": "生产 Production", "allocation": "不分配 None"},
)

MATERIALS = Sheet(
    "materials",
    "原材料",
    "Materials",
    (MARK, PROCESS, NAME, AMOUNT, UNIT, FACTOR, PROVIDER, USE_FACTOR, *ABOUT),
    {
        "process": "eaf",
        "name": "白云石",
        "amount": 1200,
        "unit": "t",
        "factor": "（在此选择或填写因子名称）",
        "use_factor": "白云石（溶剂）分解（钢铁指南，过程CO₂）",
        "data_kind": "现场实测 Measured",
        "technological": 2,
        "geographical": 2,
        "temporal": 1,
        "source": "地磅台账",
    },
    InputKind.MATERIAL,
    Stage.RAW_MATERIALS,
)

ENERGY = Sheet(
    "energy",
    "能源",
    "Energy",
    (MARK, PROCESS, NAME, AMOUNT, UNIT, FACTOR, PROVIDER, USE_FACTOR, *ABOUT),
    {
        "process": "eaf",
        "name": "网购电力",
        "amount": 21000,
        "unit": "万kWh",
        "factor": "2024年全国电力平均碳足迹因子",
        "data_kind": "现场实测 Measured",
        "technological": 1,
        "geographical": 2,
        "temporal": 1,
        "source": "关口电表月度结算单",
    },
    InputKind.ENERGY,
    Stage.PRODUCTION,
)

TRANSPORT = Sheet(
    "transport",
    "运输",
    "Transport",
    (
        MARK,
        PROCESS,
        NAME,
        _c("mass", "质量", "Mass", "数据期内运输的总质量", "Total mass carried", required=True, format="#,##0.######"),
        _c("mass_unit", "质量单位", "Mass unit", "t 或 kg", "t or kg", required=True, choices="mass_units", width=11),
        _c(
            "distance",
            "距离",
            "Distance",
            "平均单程距离，千米",
            "Mean one-way distance in kilometres",
            required=True,
            format="#,##0.###",
        ),
        _c("distance_unit", "距离单位", "Distance unit", "km", "km", required=True, choices="distance_units", width=11),
        FACTOR,
        *ABOUT,
    ),
    {
        "process": "eaf",
        "name": "废钢公路运输",
        "mass": 500000,
        "mass_unit": "t",
        "distance": 150,
        "distance_unit": "km",
        "factor": "重型货车（全部，柴油）（英国2025，代理）",
        "data_kind": "现场计算 Calculated",
        "technological": 3,
        "geographical": 4,
        "temporal": 2,
        "source": "采购合同与地图里程",
    },
    InputKind.TRANSPORT,
    Stage.RAW_MATERIALS,
)

EMISSIONS = Sheet(
    "emissions",
    "直接排放",
    "Emissions",
    (
        MARK,
        PROCESS,
        NAME,
        _c(
            "substance",
            "物质",
            "Substance",
            "CO2、CH4、N2O、SF6…",
            "CO2, CH4, N2O, SF6, ...",
            required=True,
            choices="substances",
            strict=False,
        ),
        _c("gas_class", "气体类别", "Gas class", "", "", required=True, choices="gas_classes", width=26),
        AMOUNT,
        _c("unit", "单位", "Unit", "质量单位", "A mass", required=True, choices="mass_units", width=11),
        STAGE,
        DATA_KIND,
        *QUALITY,
        SOURCE,
        NOTE,
    ),
    {
        "process": "eaf",
        "name": "断路器六氟化硫泄漏",
        "substance": "SF6",
        "gas_class": "化石 Fossil",
        "amount": 2.5,
        "unit": "kg",
        "data_kind": "现场计算 Calculated",
        "source": "补气记录",
    },
)

WASTE = Sheet(
    "waste",
    "废物",
    "Waste",
    (MARK, PROCESS, NAME, AMOUNT, UNIT, FACTOR, *ABOUT),
    {
        "process": "eaf",
        "name": "耐火材料填埋",
        "amount": 900,
        "unit": "t",
        "factor": "填埋：商业和工业废物（英国2025，代理）",
        "data_kind": "现场实测 Measured",
        "source": "废物转移联单",
    },
    InputKind.WASTE_TREATMENT,
    Stage.PRODUCTION,
)

OUTPUTS = Sheet(
    "outputs",
    "产出",
    "Outputs",
    (
        MARK,
        PROCESS,
        NAME,
        _c(
            "kind",
            "类别",
            "Kind",
            "每个过程恰有一个“产品”",
            "Exactly one product for each process",
            required=True,
            choices="output_kinds",
            width=20,
        ),
        AMOUNT,
        UNIT,
        _c(
            "allocation_value",
            "分配参数",
            "Allocation value",
            "每单位数量的单价（一至三年平均）、热值（MJ）或属性；干物质和碳含量为质量分数（0 至 1）",
            "Per unit: price (average of one to three years), heating value (MJ) or property; "
            "dry matter and carbon as a mass fraction (0 to 1)",
            format="#,##0.######",
        ),
        ITEM,
        DATA_KIND,
        SOURCE,
        NOTE,
        _c(
            "displaced_factor",
            "替代因子",
            "Displaced factor",
            "系统扩展时：共生产品所替代的产品的因子",
            "With system expansion: factor of the product that the co-product displaces",
            choices="factors",
            strict=False,
            width=44,
        ),
        _c(
            "displaced_provider",
            "替代过程",
            "Displaced process",
            "被替代的产品由本系统的过程生产时填其编号，代替替代因子",
            "Id of the own process whose product is displaced, instead of a factor",
            choices="processes",
        ),
        _c(
            "displaced_ratio",
            "替代比",
            "Displacement ratio",
            "一单位共生产品替代多少单位，留空为 1",
            "Amount displaced by one of the co-product; empty is 1",
            format="0.######",
        ),
    ),
    {
        "process": "eaf",
        "name": "连铸坯",
        "kind": "产品 Product",
        "amount": 515000,
        "unit": "t",
        "data_kind": "现场实测 Measured",
        "source": "生产日报汇总",
    },
)

OWN_FACTORS = Sheet(
    "own_factors",
    "自有因子",
    "Own factors",
    (
        MARK,
        _c(
            "name",
            "因子名称",
            "Factor name",
            "其他表按此名称引用；同名多行为多种气体",
            "Other sheets refer to it by this name; several rows of one name are several gases",
            required=True,
            width=40,
        ),
        _c("name_en", "英文名称", "English name", "", "", width=30),
        _c(
            "value",
            "数值",
            "Value",
            "每单位排放的千克数",
            "Kilograms released per unit",
            required=True,
            format="#,##0.########",
        ),
        _c(
            "unit",
            "每单位",
            "Per unit",
            "如 t、kWh、Nm3",
            "Such as t, kWh, Nm3",
            required=True,
            choices="units",
            width=11,
        ),
        _c(
            "substance",
            "物质",
            "Substance",
            "只有总量时填 CO2e",
            "CO2e where only the sum is known",
            required=True,
            choices="substances",
            strict=False,
        ),
        _c("gas_class", "气体类别", "Gas class", "", "", required=True, choices="gas_classes", width=26),
        _c(
            "kind",
            "因子类别",
            "Kind",
            "决定因子可用在哪里",
            "Decides where it may be used",
            required=True,
            choices="factor_kinds",
            width=30,
        ),
        _c("gas_scope", "气体范围", "Gas scope", "", "", required=True, choices="gas_scopes", width=24),
        _c(
            "life_cycle_scope",
            "生命周期范围",
            "Life-cycle scope",
            "",
            "",
            required=True,
            choices="life_cycle_scopes",
            width=24,
        ),
        _c(
            "gwp_set",
            "GWP 集",
            "GWP set",
            "CO2e 必填：AR5 或 AR6",
            "For CO2e: AR5 or AR6",
            choices="gwp_sets",
            width=10,
        ),
        _c("region", "地区", "Region", "如 CN、GLO", "Such as CN, GLO", required=True, width=10),
        _c("year", "数据年份", "Data year", "", "", required=True, width=10, format="0"),
        _c(
            "source",
            "来源",
            "Source",
            "供应商证书、文献、假设：如实写明",
            "Supplier's certificate, literature, assumption: as it is",
            required=True,
            width=46,
        ),
        _c("document", "文号", "Document", "证书号、页码", "Number of certificate, page", width=20),
        _c("confidence", "可信度", "Confidence", "高、中、低、假设", "high, medium, low, assumption", width=14),
    ),
    {
        "name": "某供应商活性石灰",
        "name_en": "Lime of a supplier",
        "value": 1020,
        "unit": "t",
        "substance": "CO2e",
        "gas_class": "化石 Fossil",
        "kind": "物料因子 Material factor",
        "gas_scope": "全部温室气体 All greenhouse gases",
        "life_cycle_scope": "摇篮到大门 Cradle to gate",
        "gwp_set": "AR6",
        "region": "CN",
        "year": 2024,
        "source": "供应商产品碳足迹证书",
        "confidence": "高",
    },
)

EXCLUSIONS = Sheet(
    "exclusions",
    "排除项",
    "Exclusions",
    (
        MARK,
        NAME,
        _c(
            "share",
            "估计占比",
            "Estimated share",
            "占总碳足迹的百分比",
            "Percent of the footprint",
            required=True,
            format="0.00%",
        ),
        _c(
            "reason",
            "理由",
            "Reason",
            "为何按取舍准则排除",
            "Why the cut-off criteria allow it",
            required=True,
            width=50,
        ),
    ),
    {"name": "办公耗材", "share": 0.0005, "reason": "按质量和能量估算低于 0.1%"},
)

INPUT_SHEETS = (MATERIALS, ENERGY, TRANSPORT, WASTE)
TABLES = (PROCESSES, MATERIALS, ENERGY, TRANSPORT, EMISSIONS, WASTE, OUTPUTS, OWN_FACTORS, EXCLUSIONS)
SHEETS = (GUIDE, PRODUCT, *TABLES, LISTS)
