"""The main job in a real browser, against a real server with its own database; screenshots of each page.

Screenshots go to tests/screenshots/ (git-ignored), for people to look at.
"""

from __future__ import annotations

import re

import pytest
from journey_cast import ROOT, SHOTS, Person

pytestmark = pytest.mark.browser


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
