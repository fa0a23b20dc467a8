"""What journeys in a real browser share: the site they are made on, the browser, and a person at it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from own_process import a_free_port, data_folder, environment_in

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "tests" / "screenshots"


def browser_program() -> str | None:
    """An installed Chromium, if there is one; otherwise playwright's own."""
    return next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)


@pytest.fixture(scope="session")
def site():
    """`tanbiao demo` in a folder of its own, one for all journeys: its address and the passwords of its accounts."""
    port = a_free_port()
    address = f"http://localhost:{port}"
    with data_folder() as var:
        said = var / "out.txt"
        with said.open("w") as out:
            server = subprocess.Popen(
                [sys.executable, "-m", "tanbiao.cli.main", "demo", "--port", str(port)],
                env=environment_in(var) | {"TANBIAO_URL": address, "PYTHONUNBUFFERED": "1"},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            for _ in range(600):
                if server.poll() is not None:
                    pytest.fail(said.read_text())
                if "listening" in said.read_text():
                    break
                time.sleep(0.2)
            yield address, json.loads((var / "demo" / "accounts.json").read_text())
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)


@pytest.fixture(scope="module")
def fonts(tmp_path_factory):
    """The machine's fonts and that of our papers: a bare machine has no Chinese font, and would show boxes."""
    settings = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    settings.write_text(
        "<fontconfig><include ignore_missing='yes'>/etc/fonts/fonts.conf</include>"
        f"<dir>{ROOT / 'node_modules/@expo-google-fonts'}</dir></fontconfig>"
    )
    return settings


@pytest.fixture(scope="module")
def chromium(fonts):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_program(),
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-sync",
                "--disable-background-networking",
                "--disable-component-update",
            ],
        )
        yield browser
        browser.close()


class Person:
    """One person at one browser; notes what the page's console complains about."""

    def __init__(self, chromium, site, key):
        address, accounts = site
        self.context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 900}, locale="zh-CN")
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("requestfailed", self.note_failure)
        if key:
            email = f"{key}@example.com"
            self.page.goto("/accounts/login/")
            self.page.fill("input[name=login]", email)
            self.page.fill("input[name=password]", accounts[email])
            self.page.click("form button.btn-primary")
            self.page.wait_for_url(re.compile(r"/$"))

    def note_failure(self, request):
        if request.failure != "net::ERR_ABORTED":  # our own next step came before an icon was there
            self.complaints.append(f"{request.url}: {request.failure}")

    def see(self, name):
        """Screenshots at desk and phone width, and an accessibility check of what stands there."""
        from axe_playwright_python.sync_playwright import Axe

        SHOTS.mkdir(exist_ok=True)
        self.let_charts_finish(600)
        self.page.screenshot(path=SHOTS / f"{name}-1280.png", full_page=True)
        found = Axe().run(self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        self.page.set_viewport_size({"width": 360, "height": 740})
        self.let_charts_finish(300)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.screenshot(path=SHOTS / f"{name}-360.png", full_page=True)
        self.page.set_viewport_size({"width": 1280, "height": 900})
        assert width <= 360, f"{name}: {width} px wide on a phone of 360 px"

    def let_charts_finish(self, milliseconds):
        """They move while they are drawn; nothing else does."""
        if self.page.locator(".tb-chart-drawing").count():
            self.page.wait_for_timeout(milliseconds)

    def wait_for_charts(self):
        from playwright.sync_api import TimeoutError

        try:
            self.page.wait_for_selector(".tb-chart-drawing canvas, .tb-chart-drawing svg")
        except TimeoutError:
            SHOTS.mkdir(exist_ok=True)
            self.page.screenshot(path=SHOTS / "no-charts.png")
            pytest.fail(f"no charts on {self.page.url}; the browser said: {self.complaints}")

    def open_findings(self, case):
        self.page.goto(case)
        self.page.get_by_role("tab", name="发现项").click()

    def step(self, link):
        self.page.locator("main").get_by_role("link", name=link, exact=False).first.click()

    def send(self, button, **fields):
        for name, value in fields.items():
            self.page.fill(f"[name={name}]", value)
        self.page.get_by_role("button", name=button).first.click()
        self.page.wait_for_load_state()
