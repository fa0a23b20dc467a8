"""The main job in a real browser, against a real server with its own database; screenshots of each page.

Screenshots go to tests/screenshots/ (git-ignored), for people to look at.
"""

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

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "tests" / "screenshots"
pytestmark = pytest.mark.browser


def browser_program() -> str | None:
    """An installed Chromium, if there is one; otherwise playwright's own."""
    return next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)


@pytest.fixture(scope="module")
def site(var, own_environment, free_port):
    """`tanbiao demo` in a folder of its own: its address and the passwords of its accounts."""
    address = f"http://localhost:{free_port}"
    said = var / "out.txt"
    with said.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "tanbiao.cli.main", "demo", "--port", str(free_port)],
            env=own_environment | {"TANBIAO_URL": address, "PYTHONUNBUFFERED": "1"},
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
        self.page.wait_for_timeout(600)  # charts finish drawing
        self.page.screenshot(path=SHOTS / f"{name}-1280.png", full_page=True)
        found = Axe().run(self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        self.page.set_viewport_size({"width": 360, "height": 740})
        self.page.wait_for_timeout(300)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.screenshot(path=SHOTS / f"{name}-360.png", full_page=True)
        self.page.set_viewport_size({"width": 1280, "height": 900})
        assert width <= 360, f"{name}: {width} px wide on a phone of 360 px"

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
        self.page.get_by_role("link", name=link, exact=False).first.click()

    def send(self, button, **fields):
        for name, value in fields.items():
            self.page.fill(f"[name={name}]", value)
        self.page.get_by_role("button", name=button).first.click()
        self.page.wait_for_load_state()


def test_the_main_job(chromium, site):
    maker = Person(chromium, site, "steel")
    maker.page.goto("/studies/new/")
    maker.see("01-upload")
    example = next((ROOT / "examples" / "steel-rebar").glob("*.xlsx"))
    maker.page.set_input_files("input[type=file]", example)
    maker.send("上传并核算")
    maker.page.wait_for_url(re.compile(r"/studies/[0-9a-f-]{36}/$"))
    maker.wait_for_charts()
    maker.see("02-study")
    assert maker.page.locator(".tb-chart-drawing canvas, .tb-chart-drawing svg").count() == 2  # stage bars, Sankey
    maker.send("冻结研究")
    maker.step("提交认证委托")
    maker.page.get_by_label("示例认证（上海）有限公司").check()
    maker.see("03-apply")
    maker.send("提交委托")
    case = maker.page.url
    maker.see("04-application-enterprise")

    acceptance = Person(chromium, site, "acceptance")
    acceptance.page.goto(case)
    acceptance.step("受理委托")
    acceptance.send("受理委托")
    acceptance.step("指派核查员")
    acceptance.page.get_by_label("何核查").check()
    acceptance.send("指派核查员")

    verifier = Person(chromium, site, "verifier")
    verifier.page.goto(case)
    verifier.step("记录发现项")
    verifier.send("记录发现项", statement="请补充检斤单样本")
    maker.open_findings(case)
    maker.page.get_by_role("link", name="答复").click()
    maker.send("答复", answer="已补充检斤单")
    verifier.open_findings(case)
    verifier.page.get_by_role("link", name="关闭发现项").click()
    verifier.send("关闭发现项", note="已核对检斤单")
    verifier.step("打开核查清单")
    for box in verifier.page.locator("input[type=radio][value=yes]").all():
        box.check()
    for note in verifier.page.locator("input[name^=note-]").all():
        note.fill("已查看来源记录")
    verifier.see("05-checklist")
    verifier.send("保存判断")
    verifier.step("完成核查")
    verifier.send("完成核查", conclusion="活动数据与记录相符")

    reviewer = Person(chromium, site, "reviewer")
    reviewer.page.goto(case)
    reviewer.step("通过复核")
    reviewer.send("通过复核", review="程序符合要求")
    decision = Person(chromium, site, "decision")
    decision.page.goto(case)
    decision.step("批准发证")
    decision.see("06-decide")
    decision.send("批准发证", note="同意发证")
    decision.see("07-application-granted")
    decision.step("查看证书")
    public = decision.page.url

    stranger = Person(chromium, site, None)
    stranger.page.goto(public)
    assert "有效" in stranger.page.inner_text("main")
    stranger.see("08-public")
    stranger.page.goto(f"{public}label.svg")
    stranger.page.screenshot(path=SHOTS / "09-label.png")
    stranger.page.goto("/")
    stranger.see("10-home")
    stranger.page.goto("/certificates/")
    stranger.see("11-search")
    stranger.page.get_by_role("button", name="English").first.click()
    stranger.page.goto(public)
    assert "Valid" in stranger.page.inner_text("main")
    stranger.see("12-public-english")

    rival = Person(chromium, site, "rival")
    assert rival.page.goto(case).status == 404
    rival.see("13-not-found")
    rival.complaints = [c for c in rival.complaints if "404" not in c]
    for person in (maker, acceptance, verifier, reviewer, decision, stranger, rival):
        assert person.complaints == []
