"""The main job over HTTP: from the workbook to a public page, each step by the person whose step it is."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tanbiao.platform.certificates.models import Certificate
from tanbiao.platform.certification.models import Application
from tanbiao.platform.footprints.models import Study
from tanbiao.platform.kernel import clock
from tanbiao.trust import load_trust, verify_certificate


def post(browser, address, data=None, **extra):
    answer = browser.post(address, data or {}, follow=True, **extra)
    assert answer.status_code == 200, answer.content.decode()[:3000]
    return answer.content.decode()


def upload(browser, data, name="螺纹钢.xlsx"):
    return browser.post(reverse("footprints:new"), {"workbook": SimpleUploadedFile(name, data)}, follow=True)


def test_from_workbook_to_public_page(cast, filed_rule, organisations, rebar, signed_in, client):
    maker, acceptance = signed_in(cast.maker), signed_in(cast.acceptance)
    verifier, reviewer, decision = signed_in(cast.verifier), signed_in(cast.reviewer), signed_in(cast.decision_maker)

    page = upload(maker, rebar).content.decode()
    study = Study.objects.get()
    assert study.published in page
    assert "原材料获取" in page
    post(maker, reverse("footprints:freeze", args=[study.pk]))
    post(
        maker, reverse("certification:apply", args=[study.pk]), {"body_id": organisations["body"].pk, "note": "请尽快"}
    )
    case = Application.objects.get()

    def act(browser, verb, **data):
        return post(browser, reverse("certification:act", args=[case.pk, verb]), data)

    act(acceptance, "accept")
    act(acceptance, "assign", verifier_id=cast.verifier.user_id)
    first = study.result["clauses"][0]["clause"]
    act(verifier, "finding", clause=first, statement="请补充检斤单")
    finding = case.findings.get()
    post(maker, reverse("certification:finding", args=[case.pk, finding.pk, "answer"]), {"answer": "已补充"})
    post(verifier, reverse("certification:finding", args=[case.pk, finding.pk, "close"]), {"note": "已核对"})
    sheet = {}
    for row in study.result["clauses"]:
        if row["verdict"] == "judgement":
            sheet |= {f"conforms-{row['clause']}": "yes", f"note-{row['clause']}": "已查看"}
    post(verifier, reverse("certification:check", args=[case.pk]), sheet)
    act(verifier, "complete", conclusion="符合")
    act(reviewer, "review", review="同意")
    act(decision, "grant", note="同意发证")

    certificate = Certificate.objects.get()
    page = client.get(reverse("portal:certificate", args=[certificate.number])).content.decode()
    for said in (certificate.number, study.published, "热轧带肋钢筋", "甲认证有限公司", "有效", "试验-1"):
        assert said in page
    document = client.get(reverse("certificates:document", args=[certificate.number])).content
    trust = load_trust(client.get(reverse("certificates:trust")).content)
    assert verify_certificate(document, trust, at=clock.now()).valid
    note = client.get(reverse("publiclog:checkpoint")).content.decode()
    assert json.loads(document)["log"]["checkpoint"] == note
    for form, start in (("label.svg", b"<"), ("label.pdf", b"%PDF"), ("certificate.pdf", b"%PDF")):
        answer = client.get(f"/c/{certificate.number}/{form}")
        assert answer.status_code == 200
        assert answer.content.lstrip().startswith(start)


def test_a_bad_workbook_shows_every_problem_and_keeps_nothing(cast, rebar, signed_in, tmp_path):
    from openpyxl import load_workbook

    path = tmp_path / "bad.xlsx"
    path.write_bytes(rebar)
    book = load_workbook(path)
    changed = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float) and len(changed) < 2 and "Materials" in sheet.title:
                    cell.value = "很多"
                    changed.append(f"{sheet.title}!{cell.coordinate}")
    book.save(path)
    assert len(changed) == 2
    answer = upload(signed_in(cast.maker), path.read_bytes())
    assert answer.status_code == 400
    for place in changed:
        assert place in answer.content.decode()
    assert not Study.objects.exists()


@pytest.mark.parametrize("data", [b"", b"<html>", b"PK\x03\x04 cut short"])
def test_what_is_no_workbook_is_refused_politely(cast, signed_in, data):
    answer = upload(signed_in(cast.maker), data)
    assert answer.status_code == 400
    assert not Study.objects.exists()


def test_an_empty_judgement_note_is_pointed_out(cast, in_evaluation, signed_in):
    clause = next(r["clause"] for r in in_evaluation.study.result["clauses"] if r["verdict"] == "judgement")
    page = reverse("certification:check", args=[in_evaluation.pk])
    answer = signed_in(cast.verifier).post(page, {f"conforms-{clause}": "yes"})
    assert answer.status_code == 400
    assert not in_evaluation.judgements.exists()


def test_strict_content_policy_on_every_page(cast, application, signed_in):
    browser = signed_in(cast.maker)
    for address in ("/", reverse("certification:application", args=[application.pk])):
        answer = browser.get(address)
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        body = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\b(src=|type=\"application/json\"))", body)
        assert " style=" not in body


def test_pages_speak_english_when_asked(cast, application, signed_in):
    browser = signed_in(cast.maker)
    browser.post(reverse("set_language"), {"language": "en", "next": "/"})
    page = browser.get(reverse("certification:applications")).content.decode()
    assert "Applications" in page


def next_step(page):
    """The first heading of the next-step box: what the page says is to be done now."""
    box = page.content.decode().split("tb-next", 1)[1]
    return re.search(r"<h2>(.*?)</h2>", box)[1]


def test_who_waits_is_told_for_whom_and_is_not_urged_to_withdraw(cast, application, signed_in):
    page = signed_in(cast.maker).get(f"/applications/{application.pk}/")
    assert next_step(page) == "等待：受理人员" and "撤回委托" in page.content.decode()


def test_who_has_a_finding_to_answer_is_sent_to_it(cast, in_evaluation, signed_in):
    from tanbiao.platform.certification.actions import raise_finding

    raise_finding(cast.verifier, in_evaluation, clause="EAF-11.1", statement="请补充检斤单")
    page = signed_in(cast.maker).get(f"/applications/{in_evaluation.pk}/")
    assert next_step(page) == "处理发现项"
