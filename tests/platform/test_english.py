"""Who asks for English reads English: on no page is there Chinese that nobody typed into a workbook or a form."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

CHINESE = re.compile(r"[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef]+")  # full-width punctuation too
BRAND = "碳标 Tanbiao"
NOT_READ = re.compile(r"<script.*?</script>|<button[^>]*lang=\"zh-Hans\">中文</button>", re.DOTALL)
OURS = [
    "accounts", "certificates", "certification", "footprints", "kernel", "library", "products", "publiclog", "rulebook",
]  # fmt: skip

ANYBODY = [
    "/",
    "/certificates/",
    "/certificates/?q=nothing",
    "/c/TB-0/",
    "/nowhere/",
    reverse("account_login"),
    reverse("account_reset_password"),
    reverse("account_reset_password_done"),
    reverse("account_reset_password_from_key", args=["1", "old-key"]),
]
MEMBER = [
    "/",
    reverse("account_change_password"),
    reverse("account_reauthenticate"),
    reverse("account_logout"),
    reverse("mfa_index"),
    reverse("mfa_activate_totp"),
]
#: How far the case has come (a fixture), who looks, and at which pages of the case
CASE = [
    ("application", "maker", ["", "call-back/"]),
    ("application", "acceptance", ["", "accept/", "refuse/"]),
    ("in_evaluation", "acceptance", ["", "assign/"]),
    ("in_evaluation", "verifier", ["", "study/", "checklist/", "finding/", "complete/"]),
    ("evaluated", "reviewer", ["", "study/", "review/", "send-back/"]),
    ("reviewed", "decision_maker", ["", "study/", "grant/", "deny/"]),
]


def texts(value: Any) -> Iterator[str]:
    """Every text in a stored value, but not the Chinese of what is stored in both languages."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if not (key == "zh" and "en" in value):
                yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def typed_by_people() -> list[str]:
    """Every text in the database with Chinese in it, the longest first."""
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    rows = [row for model in models for row in model.objects.values()]
    return sorted({text for text in texts(rows) if CHINESE.search(text)}, key=len, reverse=True)


def chinese_in(page: str) -> list[str]:
    """Chinese on a page (text and attributes) that is neither data nor the platform's name."""
    read = html.unescape(NOT_READ.sub("", page)).replace(BRAND, "")
    for data in typed_by_people():
        read = read.replace(data, "")
    return CHINESE.findall(read)


def ask_for_english(browser: Client) -> Client:
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def left_in_chinese(browser: Client, addresses: list[str]) -> dict[str, list[str]]:
    """Address and Chinese of every page that is not all English to a reader of English."""
    ask_for_english(browser)
    found = {}
    for address in addresses:
        page = browser.get(address, follow=True).content.decode()
        assert '<html lang="en"' in page
        if words := chinese_in(page):
            found[address] = words
    return found


def test_the_check_sees_what_is_not_translated(cast, application, signed_in):
    page = signed_in(cast.maker).get(reverse("certification:applications")).content.decode()
    assert {"认证委托", "待受理", "退出登录"} <= set(chinese_in(page))


def test_pages_of_anybody(client, certificate):
    assert not left_in_chinese(client, [*ANYBODY, reverse("portal:certificate", args=[certificate.number])])


@pytest.mark.parametrize("who", ["maker", "acceptance", "regulator", "bank", "operator"])
def test_pages_of_every_member(cast, application, signed_in, who):
    assert not left_in_chinese(signed_in(getattr(cast, who)), MEMBER)


def test_pages_of_an_enterprise_that_begins(cast, organisations, signed_in):
    pages = ["/", reverse("footprints:studies"), reverse("footprints:new"), reverse("certification:applications")]
    assert not left_in_chinese(signed_in(cast.rival), pages)


def test_pages_of_a_study(cast, draft_study, signed_in):
    from tanbiao.platform.footprints.actions import freeze_study

    maker, page = signed_in(cast.maker), reverse("footprints:study", args=[draft_study.pk])
    assert not left_in_chinese(maker, ["/", reverse("footprints:studies"), page])
    freeze_study(cast.maker, draft_study)
    assert not left_in_chinese(maker, [page, reverse("certification:apply", args=[draft_study.pk])])


@pytest.mark.parametrize(("state", "who", "pages"), CASE)
def test_pages_of_a_case(cast, request, signed_in, state, who, pages):
    case = request.getfixturevalue(state)
    home = reverse("certification:application", args=[case.pk])
    everywhere = ["/", reverse("certification:applications"), *(home + page for page in pages)]
    assert not left_in_chinese(signed_in(getattr(cast, who)), everywhere)


def test_pages_of_a_case_that_is_closed(cast, certificate, signed_in):
    case = reverse("certification:application", args=[certificate.application_id])
    for who in (cast.maker, cast.verifier, cast.decision_maker):
        assert not left_in_chinese(signed_in(who), ["/", case])


def test_pages_of_a_finding(cast, in_evaluation, signed_in):
    from tanbiao.platform.certification.actions import answer_finding, raise_finding

    clause = in_evaluation.study.result["clauses"][0]["clause"]
    finding = raise_finding(cast.verifier, in_evaluation, clause=clause, statement="请补充检斤单")
    case = reverse("certification:application", args=[in_evaluation.pk])
    page = f"{case}findings/{finding.pk}/"
    assert not left_in_chinese(signed_in(cast.maker), [case, f"{page}answer/"])
    answer_finding(cast.maker, finding, answer="已补充")
    assert not left_in_chinese(signed_in(cast.verifier), [case, f"{page}close/", f"{page}reopen/"])


@pytest.mark.parametrize("data", [{}, {"workbook": ("a.txt", b"-")}, {"workbook": ("a.xlsx", b"<html>")}])
def test_errors_of_an_upload(cast, signed_in, data):
    maker = ask_for_english(signed_in(cast.maker))
    files = {name: SimpleUploadedFile(*file) for name, file in data.items()}
    answer = maker.post(reverse("footprints:new"), {"sent": "yes", **files})
    assert answer.status_code == 400
    assert not chinese_in(answer.content.decode())


def test_errors_of_a_form_and_refusals(cast, in_evaluation, signed_in):
    clause = next(r["clause"] for r in in_evaluation.study.result["clauses"] if r["verdict"] == "judgement")
    case = reverse("certification:application", args=[in_evaluation.pk])
    for who, page, data, status in [
        (cast.acceptance, "assign/", {}, 400),
        (cast.verifier, "finding/", {}, 400),
        (cast.verifier, "complete/", {"conclusion": "fine"}, 403),
        (cast.verifier, "checklist/", {f"conforms-{clause}": "yes"}, 400),
        (cast.acceptance, "refuse/", {"reason": "late"}, 403),
        (cast.verifier, "grant/", {"note": "mine"}, 403),
    ]:
        answer = ask_for_english(signed_in(who)).post(case + page, data)
        assert (answer.status_code, chinese_in(answer.content.decode())) == (status, []), page
