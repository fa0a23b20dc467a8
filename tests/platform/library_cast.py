"""Records and forms that the tests of the library speak of."""

import datetime as dt
from decimal import Decimal

from tanbiao.lca.datasets.records import FactorRecord


def factor(id, name="热轧钢板", name_en="Hot rolled plate", value=2.1, unit="kg", **more):
    given = {
        "kind": "material",
        "gas_scope": "all_ghg",
        "life_cycle_scope": "cradle_to_gate",
        "region": "CN",
        "year": 2023,
        "gwp_set": "AR6",
        "source": "试验来源",
        "document": "试验文件",
    }
    return FactorRecord(
        id=id, names={"zh": name, "en": name_en}, value=value, unit=unit, given=f"{value} kgCO2e/{unit}", **given | more
    )


MEASURED = {
    "name": "试验厂螺纹钢",
    "name_en": "Rebar of the test mill",
    "value": Decimal("1.25"),
    "unit": "kg",
    "kind": "material",
    "gas_scope": "all_ghg",
    "life_cycle_scope": "cradle_to_gate",
    "boundary": "摇篮到大门",
    "region": "CN-SH",
    "period_start": dt.date(2025, 1, 1),
    "period_end": dt.date(2025, 12, 31),
    "technology": "电弧炉短流程",
    "method": "ISO 14067:2018；按产品分摊",
    "representativeness": "单一工厂全年数据",
    "inventory": [{"name": "电力", "amount": "0.5", "unit": "kWh", "source": "电表"}],
    "quality_scores": {"technological": 1, "geographical": 1, "temporal": 2},
}
