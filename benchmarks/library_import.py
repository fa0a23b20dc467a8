"""Every shared case by `tanbiao library import`, each file in a process of its own: seconds and peak memory.

make bench-library

Time is that of the whole command, from its start to its end, with the database running already; memory is the peak of
the command's process (PostgreSQL has its own). A case of several files is the sum of their times and the largest of
their peaks. Writes results/library_import.json and the table of docs/performance.md.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tanbiao.embedded import Server

ROOT = Path(__file__).parents[1]
CASES = ROOT.parent / "shared" / "cases"
RESULTS = Path(__file__).parent / "results" / "library_import.json"
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- results of make bench-library -->", "<!-- end of results of make bench-library -->"
SYNTHETIC = "synthetic: 20,000 processes"


@dataclass(frozen=True, slots=True)
class Case:
    """`files`: patterns below the folder of cases; a folder that one of them matches is imported as a folder."""

    name: str
    files: tuple[str, ...]


SHARED = [
    Case("USLCI 2017, openLCA JSON-LD", ("uslci-2017-jsonld/data.zip",)),
    Case("USLCI 2018, EcoSpold 2", ("uslci-2018-ecospold2/*.zip",)),
    Case("USLCI 2020, EcoSpold 1", ("uslci-2020-ecospold1/*.zip",)),
    Case("TianGong, ILCD", ("tiangong-a-ilcd/data.zip",)),
    Case("U.S. rail, openLCA JSON-LD 2", ("us-rail-jsonld2/data.zip",)),
    Case("U.S. forest products, openLCA JSON-LD", ("us-fpl-jsonld/data.zip",)),
    Case("EPDs, ILCD+EPD", ("ilcd-epd-a/data",)),
    Case("AWARE, openLCA JSON-LD", ("aware-method-jsonld",)),
    Case("openLCA archives", ("olca-archives-a/*.zip",)),
    Case("EcoSpold 2, small", ("ecospold2-small-a/*/",)),
    Case("SimaPro CSV", ("simapro-csv-a/*.csv",)),
    Case("Brightway workbooks", ("workbook-brightway-a/*.xlsx", "workbook-brightway-a/*.csv")),
    Case("bw_processing datapackages", ("datapackages-a/*.zip",)),
]


def sources(case: Case) -> list[Path]:
    """The files of a case; of a pattern that ends in "/", the folders."""
    found = ((pattern, path) for pattern in case.files for path in sorted(CASES.glob(pattern.rstrip("/"))))
    return [path for pattern, path in found if path.is_dir() or not pattern.endswith("/")]


def measure(path: Path, name: str, environment: dict[str, str]) -> dict[str, Any]:
    """Seconds, peak memory and what was said of one file."""
    command = [sys.executable, "-m", "tanbiao.cli.main", "library", "import", str(path), "--name", name, "--json"]
    with tempfile.TemporaryFile("w+") as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.DEVNULL)
        _, _status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = 0  # waited for already
        out.seek(0)
        return {"seconds": seconds, "peak_mb": used.ru_maxrss / 1024, "said": json.load(out)}


def row(name: str, paths: list[Path], environment: dict[str, str]) -> dict[str, Any]:
    runs = [measure(path, f"{name} {place}", environment) for place, path in enumerate(paths)]
    total = {key: sum(run["said"].get(key, 0) for run in runs) for key in COUNTED}
    verdicts = [run["said"]["verdict"] for run in runs]
    return {
        "name": name,
        "files": len(runs),
        **total,
        "rejected": verdicts.count("reject"),
        "seconds": sum(run["seconds"] for run in runs),
        "peak_mb": max(run["peak_mb"] for run in runs),
    }


COUNTED = ("processes", "exchanges", "methods", "declarations", "linked", "unlinked")
HEADS = {
    "name": "什么 What",
    "files": "文件 Files",
    "processes": "过程 Processes",
    "exchanges": "交换 Exchanges",
    "methods": "方法 Methods",
    "declarations": "声明 Declarations",
    "linked": "已连接 Linked",
    "unlinked": "未连接 Unlinked",
    "seconds": "秒 s",
    "peak_mb": "峰值内存 Peak MB",
}


def write_page(rows: list[dict[str, Any]]) -> None:
    """The results as the table of docs/performance.md, between its two marks."""
    lines = [
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}.",
        "",
        f"| {' | '.join(HEADS.values())} |",
        f"|{'---|' * len(HEADS)}",
    ]
    for each in rows:
        cells = [f"{each[key]:.1f}" if key == "seconds" else f"{each[key]:.0f}" for key in HEADS if key != "name"]
        lines.append(f"| {each['name']} | {' | '.join(cells)} |")
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text("\n".join((before + BEGIN, *lines, END + after)), encoding="utf-8")


def main() -> None:
    if not CASES.is_dir():
        sys.exit("needs ../shared/cases beside the checkout")
    from synthetic_database import write_database

    with tempfile.TemporaryDirectory(prefix="tanbiao-bench-") as folder:
        var = Path(folder)
        var.chmod(0o711)  # as root, the database runs as nobody, who must be able to walk in
        with Server(var / "postgres") as server:
            environment = os.environ | {"TANBIAO_VAR": folder, "DATABASE_URL": server.url()}
            measure(CASES / "dirty" / "00-good.zip", "warm", environment)  # makes the tables
            rows = []
            print(f"{'':40} {'processes':>10} {'s':>8} {'peak MB':>8}")
            for name, paths in [
                *((case.name, sources(case)) for case in SHARED),
                (SYNTHETIC, [write_database(var / "synthetic.zip")]),
            ]:
                rows.append(row(name, paths, environment))
                last = rows[-1]
                print(f"{name:40} {last['processes']:10} {last['seconds']:8.1f} {last['peak_mb']:8.0f}", flush=True)
    RESULTS.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    write_page(rows)


if __name__ == "__main__":
    main()
