"""Make the starter library from a table of gathered facts, the same every time.

    python tools/starter_factors.py gathered-factors.csv > src/tanbiao/formats/data/starter_factors.csv
    python tools/starter_factors.py gathered-factors.csv --properties > .../starter_properties.csv

Takes the rows that are emission factors, says of each what it covers and where it may be used, converts it to kg per
unit, and adds a few published facts (`added`). Combustion factors are computed here from their three parameters, which
stand beside them. With --properties: the rows that are none (heating values, carbon contents, oxidation rates, carbon
stored in products), as they are. Left out of both: GWPs (lca/data/gwp100.csv holds them), and flights with radiative
forcing, which GWP100 has no place for (ISO 14067:2018 7.2 asks for flights apart, without a multiplier).
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

COLUMNS = [
    "id",
    "name_zh",
    "name_en",
    "value",
    "unit",
    "substance",
    "gas_class",
    "kind",
    "gas_scope",
    "life_cycle_scope",
    "gwp_set",
    "region",
    "year",
    "source",
    "document",
    "confidence",
    "use_instead",
    "category",
    "boundary",
    "published",  # date of the document, where known
    "document_sha256",  # of the file it was read from, as far as it was kept
    "licence",
    "formula",
    "ncv",  # GJ per t or per 10^4 Nm3, see ncv_unit
    "ncv_unit",
    "carbon_content",  # t C per GJ
    "oxidation",  # %
    "newer",  # id of the same factor of the next year
]
PROPERTY_COLUMNS = [
    "name_zh",
    "name_en",
    "quantity",
    "value",
    "unit",
    "region",
    "year",
    "source",
    "document",
    "confidence",
]
# What facts that are no emission factors speak of, by how their English names end.
QUANTITIES = {
    "net calorific value": "net_calorific_value",
    "average NCV": "net_calorific_value",
    "default NCV": "net_calorific_value",
    "carbon content per energy": "carbon_content",
    "oxidation rate": "oxidation",
    "to standard coal (calorific)": "coal_equivalent",
    "to standard coal": "coal_equivalent",
    "(stored carbon)": "stored_co2",
}
Row = dict[str, str]

# The only life-cycle counterpart of a grid CO2 factor is the national average of its own year; where none was published
# for that year, the latest.
GRID_INSTEAD = {"2023": "cn-electricity-footprint-2023"}
GRID_LATEST = "cn-electricity-footprint-2024"
ELECTRICITY = {
    "national average electricity": "",
    "coal-fired power": "coal",
    "gas-fired power": "gas",
    "hydropower": "hydro",
    "nuclear power": "nuclear",
    "wind power": "wind",
    "photovoltaic power": "photovoltaic",
    "solar thermal power": "solar-thermal",
    "biomass power": "biomass",
    "transmission and distribution excl. losses": "transmission-without-losses",
    "transmission and distribution incl. losses": "transmission-with-losses",
}
FREIGHT = {
    "Vans / Average (up to 3.5 tonnes) / Diesel": "厢式货车（≤3.5 t，柴油，平均）",
    "Vans / Average (up to 3.5 tonnes) / Battery Electric Vehicle": "厢式货车（≤3.5 t，纯电动，平均）",
    "HGV (all diesel) / Rigid (>3.5 - 7.5 tonnes) / Average laden": "整体式货车（3.5–7.5 t，柴油）",
    "HGV (all diesel) / Rigid (>7.5 tonnes-17 tonnes) / Average laden": "整体式货车（7.5–17 t，柴油）",
    "HGV (all diesel) / Rigid (>17 tonnes) / Average laden": "整体式货车（>17 t，柴油）",
    "HGV (all diesel) / All rigids / Average laden": "整体式货车（全部，柴油）",
    "HGV (all diesel) / Articulated (>3.5 - 33t) / Average laden": "铰接式货车（3.5–33 t，柴油）",
    "HGV (all diesel) / Articulated (>33t) / Average laden": "铰接式货车（>33 t，柴油）",
    "HGV (all diesel) / All artics / Average laden": "铰接式货车（全部，柴油）",
    "HGV (all diesel) / All HGVs / Average laden": "重型货车（全部，柴油）",
    "HGV refrigerated (all diesel) / All rigids / Average laden": "冷藏整体式货车（柴油）",
    "HGV refrigerated (all diesel) / All artics / Average laden": "冷藏铰接式货车（柴油）",
    "HGV refrigerated (all diesel) / All HGVs / Average laden": "冷藏重型货车（全部，柴油）",
    "Freight flights / Domestic, to/from UK / Without RF": "航空货运（英国国内，不含辐射强迫）",
    "Freight flights / Short-haul, to/from UK / Without RF": "航空货运（短程，不含辐射强迫）",
    "Freight flights / Long-haul, to/from UK / Without RF": "航空货运（长程，不含辐射强迫）",
    "Freight flights / International, to/from non-UK / Without RF": "航空货运（国际，不含辐射强迫）",
    "Rail / Freight train": "铁路货运",
    "Sea tanker / Crude tanker / Average": "原油船",
    "Sea tanker / Products tanker / Average": "成品油船",
    "Sea tanker / Chemical tanker / Average": "化学品船",
    "Sea tanker / LNG tanker / Average": "液化天然气船",
    "Sea tanker / LPG Tanker / Average": "液化石油气船",
    "Cargo ship / Bulk carrier / Average": "散货船",
    "Cargo ship / General cargo / Average": "杂货船",
    "Cargo ship / Container ship / Average": "集装箱船",
    "Cargo ship / Vehicle transport / Average": "汽车运输船",
    "Cargo ship / RoRo-Ferry / Average": "滚装船",
    "Cargo ship / Large RoPax ferry / Average": "大型客滚船",
}
UPSTREAM = {
    "LNG": "液化天然气",
    "LPG": "液化石油气",
    "Natural gas": "天然气",
    "Burning oil": "煤油",
    "Diesel (100% mineral diesel)": "柴油",
    "Fuel oil": "燃料油",
    "Naphtha": "石脑油",
    "Petrol (100% mineral petrol)": "汽油",
    "Coal (industrial)": "工业用煤",
    "Coking coal": "炼焦煤",
    "Petroleum coke": "石油焦",
}
LANDFILL = {
    "Household residual waste": "生活残余垃圾",
    "Organic: food and drink waste": "食品饮料垃圾",
    "Organic: garden waste": "园林垃圾",
    "Organic: mixed food and garden waste": "混合食品园林垃圾",
    "Commercial and industrial waste": "商业和工业废物",
    "Metal: mixed cans": "混合金属罐",
    "Plastics: average plastics": "混合塑料",
    "Paper and board: mixed": "混合纸和纸板",
}
# The table gives sums. What rots in a landfill is biomass, its methane biogenic; of mixed waste nobody says how much.
BIOGENIC = "gas class inferred: landfill methane of biomass taken as biogenic"
MIXED = "gas class inferred: mixed waste reported as fossil, its methane is biogenic in part"
LANDFILL_GAS = {
    "Organic": BIOGENIC,
    "Paper and board": BIOGENIC,
    "Household residual waste": MIXED,
    "Commercial and industrial waste": MIXED,
}
# What the gathered table says of the files behind the announcements.
DIGESTS = {"d43b60a3…f018e5a": "d43b60a3eaad9f3f…f018e5a", "68aa11ae…": "68aa11ae…"}
OGL = "Open Government Licence v3.0"
FACTS = "政府公告（事实数据） / government announcement (facts)"
LICENCES = dict.fromkeys(("MEE", "企业温室气体", "中国钢铁", "各行业企业", "沪环气"), FACTS) | {
    "IPCC": "IPCC 缺省值 / IPCC default value",
    "2006 IPCC": "IPCC 缺省值 / IPCC default value",
    "UK Government": OGL,
    "ISO 14067": "方法规定 / a rule of method",
}
FUELS = {
    "煤及制品 Coal": ("coal", "anthracite", "lignite", "briquettes", "coke", "coking"),
    "燃气 Gases": ("gas", "lng", "lpg"),
    "生物质 Biomass": ("wood",),
}
MATERIALS = {
    "金属 Metals": ("metal", "pig-iron", "ferro", "scrap", "steel"),
    "塑料 Plastics": ("plastic",),
    "纸 Paper": ("paper",),
    "电池 Batteries": ("batter",),
    "建材及其他 Construction and other": ("",),
}
MODES = {"航空 Air": "flights", "铁路 Rail": "rail", "水运 Water": "ship tanker", "公路 Road": "vans hgv"}
# In these words `lca.datasets.boundaries` finds the scope of the row, and none beside it.
BOUNDARY = {
    "grid_co2": "发电燃烧的CO2，不是碳足迹",
    "electricity_footprint": "全生命周期；是否含输配电，公告附件未说明",
    "transmission": "输配电环节，全生命周期",
    "fuel_combustion": "使用处的直接排放",
    "fuel_upstream": "燃料上游（WTT）",
    "process_emission": "使用处的直接排放",
    "heat": "供热燃料燃烧的CO2",
    "material": "从摇篮到大门",
    "transport": "运输工具的直接排放，燃料生产另计（WTT 不在内）",
    "water": "从摇篮到大门",
    "waste": "收集、运输与填埋，全生命周期",
}
DEFRA = "UK Government GHG Conversion Factors for Company Reporting 2025 (DESNZ/DEFRA)"
IPCC3 = "2006 IPCC Guidelines for National Greenhouse Gas Inventories, Vol. 3"


def row(
    id: str, zh: str, en: str, value: Decimal | str, unit: str, kind: str, life_cycle_scope: str, **more: str
) -> Row:
    """One line of the library; CO2 of fossil origin unless said otherwise."""
    substance = more.pop("substance", "CO2")
    line = {
        "id": id,
        "name_zh": zh,
        "name_en": en,
        "value": plain(Decimal(value)),
        "unit": unit,
        "substance": substance,
        "gas_class": "fossil",
        "kind": kind,
        "gas_scope": "all_ghg" if substance == "CO2e" else "co2_only",
        "life_cycle_scope": life_cycle_scope,
        "gwp_set": "",
        "document": "",
        "confidence": "",
        "use_instead": "",
    } | dict.fromkeys(COLUMNS[COLUMNS.index("category") :], "")
    return line | more


def plain(value: Decimal) -> str:
    """The number without exponent and without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def provenance(fact: Row) -> Row:
    """Region, year, source, document number and how sure we are, from a gathered fact."""
    source = re.sub(r"\s*\d{4}-\d\d-\d\d$", "", fact["source"])
    document = re.search(r"公告20\d\d年第\d+号|发改办气候〔\d+〕\d+号|沪环气〔\d+〕\d+号|Table [\d.]+", fact["source"])
    dated = re.search(r"\d{4}-\d\d-\d\d$", fact["source"])
    said = fact["confidence"]
    # "high: two independent copies agree" says more than "high": keep it, but for where the gatherer keeps his files
    confidence = re.sub(r" or in stored file id \d+", "", said)
    if not said.startswith(("high", "medium")):
        confidence = "medium: known value, original page not opened"
    return {
        "region": fact["region"],
        "year": fact["year"],
        "source": source,
        "document": document[0] if document else f"公告（{dated[0]}）" if dated else "",
        "published": dated[0] if dated else "",
        "document_sha256": next((whole for part, whole in DIGESTS.items() if part in said), ""),
        "confidence": confidence,
    }


def electricity(facts: list[Row]) -> Iterator[Row]:
    for fact in facts:
        en, from_ = fact["name_en"], provenance(fact)
        if "life-cycle carbon footprint factor" in en:
            what = en.split(" life-cycle")[0]
            part = ELECTRICITY[what]
            from_["confidence"] += (
                "; GWP set not stated by the announcement, taken as AR6 (the latest, ISO 14067:2018 6.5.1)"
            )
            yield row(
                "-".join(filter(None, ["cn", "electricity-footprint", part, fact["year"]])),
                fact["name_zh"],
                f"China {what} carbon footprint factor {fact['year']}",
                fact["value"],
                "kWh",
                "transmission" if part.startswith("transmission") else "electricity_footprint",
                "life_cycle",
                **from_,
                substance="CO2e",
                gwp_set="AR6",
            )
        elif fact["unit"] == "kgCO2/kWh":
            variant = "-residual" if "residual" in en else "-fossil" if "fossil power" in en else ""
            yield row(
                f"{slug(fact['region'])}-grid-co2{variant}-{fact['year']}",
                fact["name_zh"],
                en,
                fact["value"],
                "kWh",
                "grid_co2",
                "direct",
                **from_,
                use_instead=GRID_INSTEAD.get(fact["year"], GRID_LATEST),
            )


def fuels(facts: list[Row]) -> Iterator[Row]:
    by_name = {f["name_en"]: f for f in facts}
    for fact in facts:
        en, zh = fact["name_en"], fact["name_zh"]
        if en.endswith("combustion CO2 factor (computed)"):
            fuel = en.removesuffix(" combustion CO2 factor (computed)")
            ncv, carbon, oxidation = (
                by_name[f"{fuel} {p}"] for p in ("net calorific value", "carbon content per energy", "oxidation rate")
            )
            gas = ncv["unit"].endswith("10^4Nm3")
            tonnes = Decimal(ncv["value"]) * Decimal(carbon["value"]) * Decimal(oxidation["value"]) / 100 * 44 / 12
            kg = tonnes / 10 if gas else tonnes * 1000
            zh_fuel = zh.split(" ")[0]
            from_ = provenance(ncv)
            from_["source"] = (
                f"{ncv['source']}；"
                f"NCV {ncv['value']} {ncv['unit']} × {carbon['value']} tC/GJ × {oxidation['value']}% × 44/12"
            )
            from_ |= {
                "formula": "NCV × CC × OF × 44/12",
                "ncv": ncv["value"],
                "ncv_unit": ncv["unit"],
                "carbon_content": carbon["value"],
                "oxidation": oxidation["value"],
            }
            yield row(
                f"cn-combustion-{slug(fuel)}",
                f"{zh_fuel}燃烧（中国缺省值，仅CO₂）",
                f"{fuel} combustion, China default (CO2 only)",
                kg.quantize(Decimal("0.000001")),
                "Nm3" if gas else "t",
                "fuel_combustion",
                "direct",
                **from_,
            )
        elif en.endswith("default CO2 factor"):
            fuel = en.removesuffix(" default CO2 factor")
            yield row(
                f"ipcc-combustion-{slug(fuel)}",
                f"{zh.split(' ')[0]}燃烧（IPCC 2006 缺省值，按净热值，仅CO₂）",
                f"{fuel} combustion, IPCC 2006 default per net calorific value (CO2 only)",
                fact["value"],
                "TJ",
                "fuel_combustion",
                "direct",
                **provenance(fact),
                gas_class="biogenic_emission" if "biogenic" in en else "fossil",
            )


def steel_and_heat(facts: list[Row]) -> Iterator[Row]:
    for fact in facts:
        en, zh = fact["name_en"], fact["name_zh"]
        if en.startswith("Steel guideline") and "stored carbon" not in en:
            what = en.removeprefix("Steel guideline: ")
            yield row(
                f"cn-steel-{slug(what)}",
                f"{zh.removeprefix('钢铁生产 ')}（钢铁指南，过程CO₂）",
                f"{what}, steel guideline (process CO2)",
                Decimal(fact["value"]) * 1000,
                "t",
                "process_emission",
                "direct",
                **provenance(fact),
            )
        elif fact["unit"] == "tCO2/GJ":
            place = "shanghai" if fact["region"] == "CN-SH" else "cn"
            yield row(
                f"{place}-heat-{fact['year']}",
                f"{zh}（仅CO₂）",
                f"{en} {fact['year']} (CO2 only)",
                Decimal(fact["value"]) * 1000,
                "GJ",
                "heat",
                "direct",
                **provenance(fact),
            )


def defra(facts: list[Row]) -> Iterator[Row]:
    """UK factors: a stand-in for China, and their names say so. Recycling and energy-recovery rows carry
    transport only and are left out; so are flights with radiative forcing, outside product footprints."""
    for fact in facts:
        if "DEFRA" not in fact["source"]:
            continue
        en, zh = fact["name_en"].replace(" / ", "/").rstrip("/ ").replace("/", " / "), fact["name_zh"]
        en = en.replace("to / from", "to/from")
        proxy = "（英国2025，代理）"
        more = {
            "region": "GB",
            "year": fact["year"],
            "source": f"{DEFRA}, {OGL}",
            "confidence": fact["confidence"],
            "document": f"{sheet(en)} (Scope 3)",
            "substance": "CO2e",
            "gwp_set": "AR5",
        }
        unit = fact["unit"].removeprefix("kgCO2e/")
        if en.startswith("Freight "):
            what = en.removeprefix("Freight ")
            if what.endswith("With RF"):
                continue
            if "flights" in what:
                more["gas_class"] = "aviation"
            yield row(
                f"gb-freight-{slug(what).removeprefix('freight-')}",
                f"{FREIGHT[what]}{proxy}",
                f"{what} (UK 2025, proxy)",
                fact["value"],
                unit,
                "transport",
                "direct",
                **more,
            )
        elif en.startswith("Well-to-tank "):
            what = en.removeprefix("Well-to-tank ")
            per_m3 = unit == "m3"
            yield row(
                f"gb-upstream-{slug(what)}{'-m3' if per_m3 else ''}",
                f"{UPSTREAM[what]}上游{'，按立方米' if per_m3 else ''}{proxy}",
                f"{what} upstream{', per m3' if per_m3 else ''} (UK 2025, proxy)",
                fact["value"],
                unit,
                "fuel_upstream",
                "upstream",
                **more,
            )
            if per_m3:  # Chinese gas is metered in standard cubic metres
                kg = (Decimal(fact["value"]) * Decimal("288.15") / Decimal("273.15")).quantize(Decimal("0.00001"))
                more["formula"] = f"{fact['value']} × 288.15/273.15"
                more["source"] += f"; {fact['value']} kg per m3 at 15 °C × 288.15/273.15, to standard m3 at 0 °C"
                yield row(
                    "gb-upstream-natural-gas-nm3",
                    f"天然气上游，按标准立方米{proxy}",
                    "Natural gas upstream, per standard m3 (UK 2025, proxy)",
                    kg,
                    "Nm3",
                    "fuel_upstream",
                    "upstream",
                    **more,
                )
        elif en.startswith("Waste ") and en.endswith("Landfill"):
            what = en.removeprefix("Waste ").removesuffix(" – Landfill")
            origin = next((said for waste, said in LANDFILL_GAS.items() if what.startswith(waste)), "")
            if origin:
                more["confidence"] += f"; {origin}"
            if origin == BIOGENIC:
                more["gas_class"] = "biogenic_emission"
            yield row(
                f"gb-landfill-{slug(what)}",
                f"填埋：{LANDFILL[what]}{proxy}",
                f"Landfill: {what} (UK 2025, proxy)",
                fact["value"],
                unit,
                "waste",
                "life_cycle",
                **more,
            )
        elif en.startswith("Water "):
            yield row(
                f"gb-{slug(en)}",
                f"{zh}{proxy}",
                f"{en} (UK 2025, proxy)",
                fact["value"],
                unit,
                "water",
                "cradle_to_gate",
                **more,
            )
        else:
            what, route = en.split(" – ")
            zh_what, zh_route = zh.rsplit(" ", 1)
            yield row(
                f"gb-material-{slug(what)}-{slug(route)}",
                f"{zh_what}，{zh_route}{proxy}",
                f"{what}, {route.lower()} (UK 2025, proxy)",
                fact["value"],
                unit,
                "material",
                "cradle_to_gate",
                **more,
            )


def sheet(en: str) -> str:
    """The sheet of the British workbook that a row stands on; all of them are Scope 3 of a reporting company."""
    for start, name in (
        ("Freight ", "Freighting goods"),
        ("Well-to-tank ", "WTT- fuels"),
        ("Waste ", "Waste disposal"),
        ("Water ", "Water supply and treatment"),
    ):
        if en.startswith(start):
            return name
    return "Material use"


def tidy(rows: list[Row]) -> list[Row]:
    """Category, boundary, licence and the factor of the next year, which follow from what a row is."""
    ids = {r["id"] for r in rows}
    for line in rows:
        line["category"] = category(line)
        direct = line["kind"] == "material" and line["life_cycle_scope"] == "direct"
        line["boundary"] = "生产过程的直接排放，上游不在内" if direct else BOUNDARY[line["kind"]]
        if line["category"].endswith("By technology"):
            line["boundary"] = "发电，全生命周期；输配电另计"
        if line["id"].startswith("scrap"):
            line["boundary"] = "再生料成分法：废钢零负荷，加工与运输另计"
        line["licence"] = next(licence for start, licence in LICENCES.items() if line["source"].startswith(start))
        after = line["id"].replace(line["year"], str(int(line["year"]) + 1))
        line["newer"] = after if after in ids and after != line["id"] else ""
    return rows


def category(line: Row) -> str:
    """Where one looks for it, from the top down; like stands with like, so that the gate can compare."""
    id, kind = line["id"], line["kind"]
    footprint = "电力 Electricity / 电力碳足迹 Footprint"
    match kind:
        case "grid_co2":
            place = "区域 Regions" if line["region"].startswith("CN-GRID") else "省级 Provinces"
            return f"电力 Electricity / 电网CO2 Grid CO2 / {'全国 National' if line['region'] == 'CN' else place}"
        case "electricity_footprint":
            national = id.removeprefix("cn-electricity-footprint-").isdigit()
            return f"{footprint} / {'全国平均 National' if national else '按发电类型 By technology'}"
        case "transmission":
            return f"{footprint} / 输配电 Transmission"
        case "fuel_combustion" | "fuel_upstream":
            what = "燃烧 Combustion" if kind == "fuel_combustion" else "上游 Upstream"
            words = set(id.split("-"))
            group = next((g for g, names in FUELS.items() if words & set(names)), "油品 Oils")
            return f"燃料 Fuels / {what} / {group}"
        case "material":
            return "物料 Materials / " + next(g for g, names in MATERIALS.items() if any(n in id for n in names))
        case "transport":
            return "运输 Transport / " + next(m for m, words in MODES.items() if any(w in id for w in words.split()))
        case "process_emission":
            return "过程排放 Process emissions / 钢铁 Steel"
        case "heat":
            return "热力 Heat"
        case "water":
            return "水 Water"
    return "废弃物 Waste / 填埋 Landfill"


def properties(facts: list[Row]) -> Iterator[Row]:
    """The facts that are no emission factors: what fuels hold, and carbon that stays in products."""
    for fact in facts:
        quantity = next((q for ending, q in QUANTITIES.items() if fact["name_en"].endswith(ending)), "")
        if quantity:
            named = {column: fact[column] for column in ("name_zh", "name_en", "value", "unit")}
            from_ = provenance(fact)
            yield named | {"quantity": quantity} | {c: from_[c] for c in PROPERTY_COLUMNS if c in from_}


def added() -> Iterator[Row]:
    """Published facts that the gathered table does not hold."""
    known = "medium: known value, original page not opened"
    more = {"region": "GLO", "year": "2006", "source": IPCC3, "confidence": known}
    for id, zh, en, value, table in [
        ("lime-high-calcium", "高钙石灰", "High-calcium lime", "750", "Table 2.4"),
        ("pig-iron", "生铁", "Pig iron", "1350", "Table 4.1"),
        ("ferromanganese-7c", "高碳锰铁（7% C）", "Ferromanganese (7% C)", "1300", "Table 4.5"),
        ("ferromanganese-1c", "中低碳锰铁（1% C）", "Ferromanganese (1% C)", "1500", "Table 4.5"),
        ("ferrosilicon-75", "75硅铁", "Ferrosilicon 75% Si", "4000", "Table 4.5"),
    ]:
        yield row(
            f"ipcc-{id}",
            f"{zh}（IPCC 2006，仅生产过程直接排放，代理）",
            f"{en}, producer's process emissions only (IPCC 2006, proxy)",
            value,
            "t",
            "material",
            "direct",
            document=table,
            **more,
        )
    yield row(
        "scrap-recycled-content",
        "废钢（再生料成分法，零负荷，不含加工与运输）",
        "Steel scrap, recycled-content method (no burden; no processing, no transport)",
        "0",
        "t",
        "material",
        "cradle_to_gate",
        substance="CO2e",
        gwp_set="AR6",
        region="GLO",
        year="2018",
        source="ISO 14067:2018 6.4.6, Annex D (recycled content)",
        document="ISO 14067:2018",
        confidence="method, not a measured value",
    )


def main(path: str, *options: str) -> None:
    with Path(path).open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file))
    rows = tidy([*electricity(facts), *fuels(facts), *steel_and_heat(facts), *added(), *defra(facts)])
    for column in ("id", "name_zh", "name_en"):
        values = [r[column] for r in rows]
        if twice := {v for v in values if values.count(v) > 1}:
            sys.exit(f"{column} not unique: {sorted(twice)}")
    asked = "--properties" in options
    writer = csv.DictWriter(sys.stdout, PROPERTY_COLUMNS if asked else COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(properties(facts) if asked else rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
