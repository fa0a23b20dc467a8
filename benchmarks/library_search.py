"""How long a search of the library takes among 50,000 data sets: `python benchmarks/library_search.py [ROWS]`.

Makes a database of its own with invented data sets (names in Chinese and English, regions, years, units), and asks what
people ask, each ten times. Prints the slowest and the middle of each in milliseconds; we allow ourselves 100 ms.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

ALLOWED = 100.0  # ms
ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000


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


def ask() -> bool:
    from django.db import connection

    from tanbiao.platform.accounts.actor import PASSER_BY
    from tanbiao.platform.library.queries import Filters, find_datasets

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE library_dataset")
    fine = True
    print(f"{'question':32} {'found':>7} {'middle ms':>10} {'slowest ms':>11}")
    for text, given in QUESTIONS:
        taken = []
        find_datasets(PASSER_BY, text, filters=Filters(**given))  # type: ignore[arg-type]
        for _ in range(10):
            begun = time.perf_counter()
            found = find_datasets(PASSER_BY, text, filters=Filters(**given))  # type: ignore[arg-type]
            taken.append((time.perf_counter() - begun) * 1000)
        said = f"{text or '—'} {' '.join(f'{k}={v}' for k, v in given.items())}".strip()
        fine &= statistics.median(taken) <= ALLOWED
        print(f"{said:32} {found.total:>7} {statistics.median(taken):>10.1f} {max(taken):>11.1f}")
    return fine


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
            return 0 if ask() else 1
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
