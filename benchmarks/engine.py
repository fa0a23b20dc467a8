"""The calculation library beside its peer on the same made-up systems: seconds, megabytes, ratios.

make bench-engine

Every measurement runs in a process of its own, one after the other and the two sides in turn, so that neither the
memory nor the caches of one show in another; the median of RUNS is kept. Writes results/engine.json and the table of
docs/performance.md.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

RUNS = 5
RESULTS = Path(__file__).parent / "results" / "engine.json"
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- results of make bench-engine -->", "<!-- end of results -->"


@dataclass(frozen=True, slots=True)
class Case:
    """`ours` and `peer` are "module.function" and answer with seconds; where the unit is MB, peak memory counts."""

    name: str
    unit: str = "s"
    ours: str | None = None
    peer: str | None = None


CASES = [
    Case("import", ours="ours.import_time", peer="peer.import_time"),
    Case("first result, 20,000 processes", ours="ours.first_result", peer="peer.first_result"),
    Case("first result, 20,000 processes: memory", unit="MB", ours="ours.first_result", peer="peer.first_result"),
    Case("another demand, with inventory", ours="ours.repeated_demand", peer="peer.repeated_demand"),
    Case("all products, against one demand after another", ours="ours.all_products", peer="peer.all_by_demands"),
    Case("all products, against the transposed solve", ours="ours.all_products", peer="peer.all_by_adjoint"),
    Case("Monte Carlo, one draw on all cores, against LCA", ours="ours.draw_on_all_cores", peer="peer.draw"),
    Case("Monte Carlo, one draw, against LCA", ours="ours.draw", peer="peer.draw"),
    Case("Monte Carlo, one draw, against IterativeLCA", ours="ours.draw", peer="peer.draw_iterative"),
    Case("Monte Carlo: memory", unit="MB", ours="ours.draw", peer="peer.draw"),
    Case("Monte Carlo: largest deviation from direct solves", unit="1", ours="ours.accuracy"),
    Case(
        "40 uncertain processes on a background: set-up", ours="ours.foreground_set_up", peer="peer.foreground_set_up"
    ),
    Case("40 uncertain processes on a background: one draw", ours="ours.foreground_draw", peer="peer.foreground_draw"),
    Case("1 M products, 11 M links: all footprints", ours="ours.million"),
    Case("1 M products: one recipe changes", ours="ours.one_change"),
    Case("10 M products, 110 M links: all footprints", ours="ours.ten_million"),
]


def measure(name: str) -> tuple[float, float]:
    """Seconds, and the peak memory in MB, of one "module.function" in a new process."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", __file__, name], check=True, stdout=subprocess.PIPE, text=True
    )
    seconds, peak_mb = json.loads(done.stdout.splitlines()[-1])
    return seconds, peak_mb


def row(case: Case) -> dict[str, str | float | None]:
    """Medians of both sides, and how many times more the peer needs; `peak_mb` is ours, or the peer's where alone."""
    sides = [name for name in (case.ours, case.peer) if name]
    runs = [{name: measure(name) for name in sides} for _ in range(RUNS)]
    which = 1 if case.unit == "MB" else 0
    ours, peer = (median(run[name][which] for run in runs) if name else None for name in (case.ours, case.peer))
    return {
        "name": case.name,
        "ours": ours,
        "peer": peer,
        "ratio": peer / ours if ours and peer else None,
        "unit": case.unit,
        "peak_mb": median(run[sides[0]][1] for run in runs),
    }


def write_page(rows: list[dict[str, str | float | None]]) -> None:
    """The results as the table of docs/performance.md, between its two marks."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "bw2calc", "pypardiso", "mkl"))
    lines = [
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}; {versions}.",
        "",
        "| 什么 What | 我们 Ours | 对照 Peer | 倍数 Ratio | 单位 Unit | 峰值内存 Peak MB |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        ours, peer = (f"{row[side]:.3g}" if row[side] else "–" for side in ("ours", "peer"))
        ratio = f"{row['ratio']:.3g}×" if row["ratio"] else "–"
        lines.append(f"| {row['name']} | {ours} | {peer} | {ratio} | {row['unit']} | {row['peak_mb']:.0f} |")
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text("\n".join((before + BEGIN, *lines, END + after)), encoding="utf-8")


def child(name: str) -> None:
    """One measurement, answered on the last line."""
    module, function = name.split(".")
    seconds = getattr(importlib.import_module(module), function)()
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def main() -> None:
    print(f"{'':48} {'ours':>10} {'peer':>10} {'ratio':>8} unit {'peak MB':>8}")
    rows = []
    for case in CASES:
        rows.append(row(case))
        ours, peer, ratio = (f"{rows[-1][key]:.4g}" if rows[-1][key] else "" for key in ("ours", "peer", "ratio"))
        print(f"{case.name:48} {ours:>10} {peer:>10} {ratio:>8} {case.unit:4} {rows[-1]['peak_mb']:8.0f}", flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    write_page(rows)


if __name__ == "__main__":
    if sys.argv[1:]:
        child(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["BRIGHTWAY2_DIR"] = folder  # whatever Brightway writes on being imported is not kept
            main()
