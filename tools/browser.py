"""Make sure that there is a Chromium for the browser tests: the machine's, or Debian's, or playwright's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from environment import install_debian_package
from playwright.sync_api import sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def ensure_browser() -> None:
    if any(shutil.which(program) for program in PROGRAMS):
        return
    with sync_playwright() as playwright:
        if Path(playwright.chromium.executable_path).exists():
            return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        try:
            install_debian_package("chromium")
            return
        except subprocess.CalledProcessError:
            print("apt-get 未能安装 chromium，改用 playwright / apt-get failed, trying playwright", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    ensure_browser()
