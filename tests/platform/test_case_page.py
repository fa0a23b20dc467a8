"""The page of a case: for each reader what state it is in and what they should do next."""

import re

import pytest
from django.urls import reverse

from tanbiao.platform.certification import actions as case


@pytest.fixture
def next_step(signed_in):
    """The box of the next step as a member of the cast sees it: its heading, its primary button, its other buttons."""

    def look(actor, application):
        page = signed_in(actor).get(reverse("certification:application", args=[application.pk])).content.decode()
        box = page[page.index('class="tb-next"') : page.index('class="tb-tabs')]
        buttons = re.findall(r'<a class="btn( btn-primary)?"[^>]*>([^<]*)</a>', box)
        heading = re.search(r"<h2>([^<]*)</h2>", box)
        return (
            heading[1].strip() if heading else "",
            [text for primary, text in buttons if primary],
            [text for primary, text in buttons if not primary],
        )

    return look


def test_who_accepts_gives_the_case_to_a_verifier_and_then_waits_for_them(cast, application, next_step):
    assert next_step(cast.acceptance, application)[:2] == ("受理委托", ["受理委托"])
    case.accept_application(cast.acceptance, application)
    assert next_step(cast.acceptance, application)[:2] == ("指派核查员", ["指派核查员"])
    found = case.assign_verifier(cast.acceptance, application, verifier_id=cast.verifier.user_id)
    assert next_step(cast.acceptance, found) == ("等待：核查员 verifier", [], ["指派核查员"])
    assert next_step(cast.maker, found) == ("等待：核查员 verifier", [], ["撤回委托"])


def test_the_verifier_judges_then_completes_and_never_loses_the_checklist(cast, in_evaluation, next_step):
    assert next_step(cast.verifier, in_evaluation)[:2] == ("逐条判断", ["打开核查清单"])
    for row in in_evaluation.study.result["clauses"]:
        if row["verdict"] == "judgement":
            case.judge_clause(cast.verifier, in_evaluation, clause=row["clause"], conforms=True, note="看过")
    heading, primary, others = next_step(cast.verifier, in_evaluation)
    assert (heading, primary) == ("完成核查", ["完成核查"])
    assert others == ["打开核查清单", "记录发现项"]


@pytest.fixture
def finding(cast, judged):
    return case.raise_finding(cast.verifier, judged, clause="EAF-11.1", statement="缺少检斤单")


def test_a_finding_goes_from_one_to_the_other(cast, finding, next_step, signed_in):
    found = finding.application
    assert next_step(cast.maker, found)[:2] == ("处理发现项", ["查看发现项"])
    assert next_step(cast.verifier, found)[0] == "等待企业答复发现项"
    case.answer_finding(cast.maker, finding, answer="已补充")
    assert next_step(cast.verifier, found)[:2] == ("处理发现项", ["查看发现项"])
    page = signed_in(cast.maker).get(reverse("certification:application", args=[found.pk])).content.decode()
    history = page[page.index("<aside") :]
    assert history.index("答复发现项") < history.index("提出发现项")  # newest first


def test_every_form_says_what_it_is_about(cast, finding, signed_in):
    case.answer_finding(cast.maker, finding, answer="检斤单见附件")
    address = reverse("certification:finding", args=[finding.application_id, finding.pk, "close"])
    page = signed_in(cast.verifier).get(address).content.decode()
    for words in ("热轧带肋钢筋", "678 kg CO₂e / 1 t", "试验钢铁有限公司", "缺少检斤单", "检斤单见附件"):
        assert words in page


def test_what_is_refused_is_told_in_the_form_and_nothing_typed_is_lost(cast, finding, signed_in):
    address = reverse("certification:act", args=[finding.application_id, "complete"])
    answer = signed_in(cast.verifier).post(address, {"conclusion": "写了很久的结论"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "EAF-11.1" in page and "写了很久的结论" in page


def test_a_case_that_does_not_conform_says_so_to_all_and_offers_no_grant(cast, judged, next_step, signed_in):
    case.judge_clause(cast.verifier, judged, clause="EAF-11.1", conforms=False, note="没有去现场")
    for actor in (cast.maker, cast.verifier, cast.reviewer):
        page = signed_in(actor).get(reverse("certification:application", args=[judged.pk])).content.decode()
        assert "规则对照不符合：EAF-11.1" in page
    case.complete_evaluation(cast.verifier, judged, conclusion="不符合")
    found = case.review_application(cast.reviewer, judged, review="同意")
    _heading, primary, others = next_step(cast.decision_maker, found)
    assert primary == ["不予发证"] and "批准发证" not in others
    case.deny_certification(cast.decision_maker, found, note="不符合")
    assert next_step(cast.maker, found) == ("本案已结束", ["上传工作簿"], [])


def test_an_answer_that_comes_too_late_is_not_lost(cast, finding, signed_in):
    address = reverse("certification:finding", args=[finding.application_id, finding.pk, "answer"])
    browser = signed_in(cast.maker)
    browser.post(address, {"answer": "先来的答复"})
    late = browser.post(address, {"answer": "后来的答复"})
    assert late.status_code == 403 and "后来的答复" in late.content.decode()
