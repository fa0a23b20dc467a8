"""Make .venv with everything requirements/dev.txt pins. Run by the machine's own Python; needs nothing installed."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"


def make_venv() -> None:
    """A virtual environment with pip. Debian's Python comes without the part that makes one: python3-venv."""
    if (VENV / "bin" / "pip").exists():
        return
    try:
        venv.create(VENV, with_pip=True, clear=True)
        return
    except (subprocess.CalledProcessError, ImportError):
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            f"缺少 {package} / missing: install it (Debian, Ubuntu: sudo apt-get install {package}), then try again"
        )
    install_debian_package(package)
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)


def install_debian_package(package: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], check=True, env=environment)
    subprocess.run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", package], check=True, env=environment)


def install() -> None:
    pip = [VENV / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--require-hashes", "-r", ROOT / "requirements/dev.txt"], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT], check=True)


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - this very file is what an older Python would run
        sys.exit("需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed")
    make_venv()
    install()
