"""How long a search of the library takes among 50,000 data sets: `make bench-search`.

Makes a database of its own with invented data sets (names in Chinese and English, regions, years, units), and asks what
people ask, each ten times. Prints the slowest and the middle of each in milliseconds; we allow ourselves 100 ms. Writes
results/library_search.json and the table of docs/performance.md.
"""

from __future__ import annotations

import json
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ALLOWED = 100.0  # ms
ROWS = 50_000
RESULTS = Path(__file__).parent / "results" / "library_search.json"
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- results of make bench-search -->", "<!-- end of results of make bench-search -->"
HEADS = {"question": "问题 Question", "found": "找到 Found", "middle": "中位数 Median ms", "slowest": "最慢 Slowest ms"}


def _pairs(written: str) -> list[list[str]]:
    return [pair.split("=") for pair in written.split("|")]


MATERIALS = _pairs(
    "钢板=steel plate|螺纹钢=rebar|铝锭=aluminium ingot|铜线=copper wire|水泥=cement|"
    "平板玻璃=flat glass|聚乙烯=polyethylene|硫酸=sulfuric acid|合成氨=ammonia|"
    "棉布=cotton cloth|瓦楞纸板=corrugated board|锂电池=lithium battery|焦炭=coke|"
    "天然气=natural gas|柴油=diesel|电力=electricity|蒸汽=steam|公路货运=road freight|"
    "铁路运输=rail transport|污水处理=wastewater treatment"
)
WAYS = _pairs("生产=production|市场组合=market mix|供应=supply|再生=recycled|处理=treatment")
TECHNIQUES = _pairs("热轧=hot rolled|冷轧=cold rolled|湿法=wet process|干法=dry process|电解=electrolytic")
REGIONS = ("CN", "CN-SH", "CN-JS", "CN-ZJ", "US", "DE", "GLO", "RER", "JP", "")
QUESTIONS: tuple[tuple[str, dict[str, object]], ...] = (
    ("电力", {}),
    ("电", {}),
    ("热轧钢板", {}),
    ("上海电力 2024", {}),
    ("electricity market", {}),
    ("rebar", {"region": "CN-SH"}),
    ("螺纹钢", {"unit": "t", "permitted": True}),
    ("运输", {"year_from": 2015, "year_to": 2020}),
    ("production", {}),
    ("没有这样的东西", {}),
    ("", {}),
    ("", {"region": "CN", "form": "factor"}),
)


def fill() -> None:
    from tanbiao.lca.datasets.records import FactorRecord
    from tanbiao.platform.library.actions import ensure_starter, open_source, start_import
    from tanbiao.platform.library.intake import Intake
    from tanbiao.platform.library.models import Version
    from tanbiao.platform.library.policies import ADMINISTRATOR

    ensure_starter()
    source = open_source(ADMINISTRATOR, None, name="invented", access="open")
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        version = start_import(
            ADMINISTRATOR, source, path=Path(file.name), filename="invented.csv", in_background=False
        )
    chance, intake = random.Random(1), Intake(version)
    for number in range(ROWS):
        (zh, en), (way_zh, way_en), (how_zh, how_en) = map(chance.choice, (MATERIALS, WAYS, TECHNIQUES))
        region, year = chance.choice(REGIONS), chance.randint(2005, 2025)
        intake._take(
            FactorRecord(
                id=f"i{number}",
                names={
                    "zh": f"{how_zh}{zh}{way_zh}，{region or '不详'}，{number % 977} 号",
                    "en": f"{how_en} {en} {way_en}, {region}",
                },
                value=chance.lognormvariate(0, 1),
                unit="kWh" if zh == "电力" else "t·km" if "运" in zh else "kg",
                given="invented",
                kind="electricity_footprint" if zh == "电力" else "material",
                gas_scope="all_ghg",
                life_cycle_scope="cradle_to_gate",
                region=region or "GLO",
                year=year,
                gwp_set="AR6",
                technology=f"{how_zh} {how_en}",
                source="invented",
                category=(way_zh, zh),
            )
        )
    intake._store()
    Version.objects.filter(pk=version.pk).update(state="published")


def ask() -> list[dict[str, Any]]:
    from django.db import connection

    from tanbiao.platform.accounts.actor import PASSER_BY
    from tanbiao.platform.library.queries import Filters, find_datasets

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE library_dataset")
    rows = []
    print(f"{'question':32} {'found':>7} {'middle ms':>10} {'slowest ms':>11}")
    for text, given in QUESTIONS:
        taken = []
        filters = Filters(**given)  # type: ignore[arg-type]
        found = find_datasets(PASSER_BY, text, filters=filters)
        for _ in range(10):
            begun = time.perf_counter()
            found = find_datasets(PASSER_BY, text, filters=filters)
            taken.append((time.perf_counter() - begun) * 1000)
        said = f"{text or '—'} {' '.join(f'{k}={v}' for k, v in given.items())}".strip()
        row = {"question": said, "found": found.total, "middle": statistics.median(taken), "slowest": max(taken)}
        print(f"{said:32} {found.total:>7} {row['middle']:>10.1f} {row['slowest']:>11.1f}", flush=True)
        rows.append(row)
    return rows


def write_page(rows: list[dict[str, Any]]) -> None:
    """The results as the table of docs/performance.md, between its two marks."""
    lines = [
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}.",
        "",
        f"| {' | '.join(HEADS.values())} |",
        f"|{'---|' * len(HEADS)}",
        *(f"| {r['question']} | {r['found']} | {r['middle']:.0f} | {r['slowest']:.0f} |" for r in rows),
    ]
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text("\n".join((before + BEGIN, *lines, END + after)), encoding="utf-8")


def main() -> int:
    from tanbiao.embedded import Server

    folder = Path(tempfile.mkdtemp(prefix="tanbiao-search-"))
    folder.chmod(0o711)  # the database may run as nobody
    os.environ |= {"TANBIAO_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "tanbiao.site.settings"}
    try:
        with Server(folder / "postgres", durable=False) as server:
            os.environ["DATABASE_URL"] = server.url("tanbiao")
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", verbosity=0)
            begun = time.perf_counter()
            fill()
            print(f"{ROWS} data sets entered in {time.perf_counter() - begun:.1f} s")
            rows = ask()
        RESULTS.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        write_page(rows)
        return 0 if all(row["middle"] <= ALLOWED for row in rows) else 1
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
