"""How long the everyday commands take, as whole processes from a cold start: median of seven runs.

make bench
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TANBIAO = Path(sys.executable).parent / "tanbiao"
RUNS = 7


def seconds(*words: str) -> float:
    """Median wall-clock seconds of a command; the first run only warms the disk cache."""
    taken = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run([TANBIAO, *words], cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


def main() -> None:
    workbook = next((ROOT / "examples" / "steel-rebar").glob("*.xlsx"))
    rows = {
        "tanbiao --help": ["--help"],
        "tanbiao footprint (rebar example)": ["footprint", str(workbook)],
        "tanbiao footprint --json": ["footprint", "--json", str(workbook)],
    }
    certificate = ROOT / "var" / "demo" / "certificate.json"
    if certificate.exists():
        rows["tanbiao verify (certificate of make demo)"] = ["verify", str(certificate)]
    for name, words in rows.items():
        print(f"{name:45} {seconds(*words):6.2f} s")


if __name__ == "__main__":
    main()
