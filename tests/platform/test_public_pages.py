"""What anybody sees: home, search, a certificate's page, errors; and the words and numbers every page shares."""

import datetime as dt
import json
import re
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import override

from tanbiao.platform.certificates.models import CertificateState
from tanbiao.platform.certificates.queries import standing
from tanbiao.platform.certification.models import ApplicationState, FindingState
from tanbiao.platform.footprints.models import StudyState
from tanbiao.platform.kernel import clock
from tanbiao.platform.kernel.actions import ACTIONS
from tanbiao.platform.portal import pages
from tanbiao.platform.portal.proof import sentence_of
from tanbiao.platform.portal.templatetags import tanbiao as tags
from tanbiao.platform.portal.words import LOOKS, VERBS
from tanbiao.platform.rulebook.models import RuleState
from tanbiao.rules import Verdict
from tanbiao.words import Text


@pytest.fixture
def page_of(client):
    def get(certificate, **query):
        answer = client.get(reverse("portal:certificate", args=[certificate.number]), query)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


# the public page of a certificate


def test_the_page_answers_first_and_shows_what_stands_behind(certificate, page_of):
    page, claims = page_of(certificate), certificate.claims
    answer = page[page.index("tb-answer") : page.index("证书内容")]
    for words in (
        certificate.number,
        "查验全部通过",
        claims["footprint"]["value"],
        "从摇篮到大门",
        claims["product"]["name"],
    ):
        assert words in answer
    for words in (
        claims["holder"]["uscc"],
        claims["rule"]["filing_number"],
        claims["issuer"]["approval_number"],
        claims["valid_until"],
        claims["product"]["factory"],
    ):
        assert words in page
    for stage in claims["stages"]:
        assert stage["zh"] in page
        assert f"tb-fill-{stage['stage']}" in page


def test_every_hash_of_the_proof_is_shown(certificate, page_of):
    page, document = page_of(certificate), json.loads(certificate.document)
    shown = [
        document["signature"]["key"],
        document["signature"]["value"],
        document["status"]["certificate_sha256"],
        certificate.claims["study_sha256"],
        certificate.claims["rule"]["sha256"],
        document["log"]["checkpoint"].splitlines()[2],
    ]
    for value in shown:
        assert value.replace("+", "&#x2B;").replace("=", "&#x3D;") in page or value in page
    assert page.count("tb-state-good") == 1 + len(standing(certificate, clock.now()).verdict.checks)


def test_a_demonstration_says_so_and_no_page_praises(certificate, page_of):
    page = page_of(certificate)
    assert "演示证书" in page
    for praise in ("绿色", "低碳", "green", "low-carbon"):
        assert praise not in page.lower()
    certificate.claims["demonstration"] = False
    assert "演示" not in sentence_of(standing(certificate, clock.local_now()))


@pytest.mark.parametrize("state", [state for state in CertificateState if state != CertificateState.ACTIVE])
def test_a_certificate_in_another_state_is_never_called_valid(certificate, state):
    certificate.state = state
    stands = standing(certificate, clock.local_now())
    assert (stands.state, stands.get_state_display()) == (state, state.label)
    assert str(state.label) in sentence_of(stands)


@pytest.fixture
def last_year_of_validity_over(certificate, monkeypatch):
    later = clock.local_now() + dt.timedelta(days=800)
    monkeypatch.setattr(clock, "now", lambda: later)
    return certificate


def test_after_its_last_day_a_certificate_is_expired_everywhere(client, last_year_of_validity_over):
    number = last_year_of_validity_over.number
    assert "过期失效" in client.get(f"/c/{number}/").content.decode()
    assert "过期失效" in client.get("/certificates/").content.decode()
    assert client.get(f"/api/v1/certificates/{number}").json()["state"] == "expired"


@pytest.fixture
def rewritten(certificate):
    """Somebody with the database in hand has switched the seal off and made the figure smaller."""
    from django.db import connection

    smaller = json.dumps(certificate.signed).replace('"value": "678"', '"value": "78"')
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE certificates_certificate DISABLE TRIGGER USER")
        cursor.execute("UPDATE certificates_certificate SET signed = %s", [smaller])
        cursor.execute("ALTER TABLE certificates_certificate ENABLE TRIGGER USER")
    return certificate


def test_a_rewritten_document_is_vouched_for_nowhere(client, rewritten):
    number = rewritten.number
    page = client.get(f"/c/{number}/").content.decode()
    assert "请勿采信" in page and "查验未通过" in page
    assert "查验未通过" in client.get("/certificates/").content.decode()
    for address in ("/api/v1/certificates", f"/api/v1/certificates/{number}"):
        answer = client.get(address).json()
        assert answer.get("items", [answer])[0]["state"] == "unproven"
    for paper in ("label.svg", "label.pdf", "certificate.pdf"):
        assert client.get(f"/c/{number}/{paper}").status_code == 403


def test_names_of_people_are_not_public(certificate, cast, page_of):
    page = page_of(certificate)
    assert "签发证书" in page
    for name in ("decision_maker", "verifier", "reviewer", "maker@"):
        assert name not in page


def test_an_unknown_number_is_a_page_that_says_what_to_do(client, db):
    answer = client.get("/c/TB-2026-999999-00/")
    assert answer.status_code == 404
    assert "请向认证机构核实" in answer.content.decode()


def test_what_is_typed_is_shown_as_text(client, db):
    for address in ("/certificates/?q=<script>alert(1)</script>", "/c/<img src=x>/"):
        assert not re.search("<script>alert|<img src=x", client.get(address).content.decode())


# search


@pytest.mark.parametrize("text", ["TB-", "螺纹", "试验钢铁", "甲认证"])
def test_certificates_are_found_by_number_product_enterprise_and_body(client, certificate, text):
    text = certificate.product_name[2:6] if text == "螺纹" else text
    page = client.get(reverse("portal:certificates"), {"q": text}).content.decode()
    assert certificate.number in page


def test_a_whole_number_leads_straight_to_the_certificate(client, certificate):
    answer = client.get(reverse("portal:certificates"), {"q": f" {certificate.number.lower()} "})
    assert answer["Location"] == reverse("portal:certificate", args=[certificate.number])


def test_nothing_found_says_how_to_go_on(client, certificate):
    page = client.get(reverse("portal:certificates"), {"q": "没有这个产品"}).content.decode()
    assert certificate.number not in page
    assert "没有找到" in page


# home, sign-in, errors


def test_home_shows_what_waits_for_whom(cast, evaluated, signed_in, client):
    name = evaluated.study.product_name
    assert name in signed_in(cast.reviewer).get("/").content.decode()
    assert "现在没有等您处理的事" in signed_in(cast.decision_maker).get("/").content.decode()
    assert name in signed_in(cast.maker).get("/").content.decode()  # among the studies
    for actor in (cast.rival, cast.bank, cast.regulator, cast.operator):
        assert name not in signed_in(actor).get("/").content.decode()
    assert name not in client.get("/").content.decode()


def test_the_menu_leads_only_where_the_role_goes(cast, signed_in, client):
    def menu(browser):
        return re.findall(r'class="nav-link" href="([^"]+)"', browser.get("/certificates/").content.decode())

    studies, applications = reverse("footprints:studies"), reverse("certification:applications")
    assert {studies, applications} <= set(menu(signed_in(cast.maker)))
    assert applications in menu(signed_in(cast.reviewer))
    assert studies not in menu(signed_in(cast.reviewer))
    for browser in (signed_in(cast.bank), client):
        assert not {studies, applications} & set(menu(browser))


@pytest.mark.parametrize(
    "address", ["/", "/certificates/", "/nothing/here/", "/accounts/login/", "/accounts/password/reset/"]
)
def test_pages_for_everybody_keep_the_content_policy_and_say_their_language(client, db, address):
    answer = client.get(address)
    page = answer.content.decode()
    assert 'lang="zh-hans"' in page
    assert "<h1" in page
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert re.search(r"<title>\s*\S+.*碳标 Tanbiao</title>", page)


def test_a_wrong_password_is_said_in_a_summary_that_leads_to_the_form(client, db):
    answer = client.post(reverse("account_login"), {"login": "a@example.com", "password": "wrong"})
    page = answer.content.decode()
    assert "tb-error-summary" in page
    assert client.get(reverse("portal:home")).context["actor"].signed_in is False


def test_fields_in_error_are_tied_to_their_words(client, db):
    page = client.post(reverse("account_login"), {"login": ""}).content.decode()
    field = re.search(r'<input[^>]*name="login"[^>]*>', page)[0]
    described = re.search(r'aria-describedby="([^"]+)"', field)[1].split()
    assert 'aria-invalid="true"' in field
    for target in (*described, re.search(r'href="#(id_login)"', page)[1]):
        assert f'id="{target}"' in page


def test_the_page_of_an_error_needs_no_database(rf):
    answer = pages.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "系统出错了" in answer.content.decode()


def test_a_form_without_its_token_is_explained(db):
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


# words and numbers


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        ("529.8123", 3, "530"),
        (12529.8, 3, "12,500"),
        ("0.0012345", 3, "0.00123"),
        (0.5, 3, "0.5"),
        ("228.400000", 3, "228"),
        (1, 3, "1"),
        ("0.000000", 3, "0"),
        (Decimal("-1234.5"), 3, "−1,230"),
        ("999.6", 3, "1,000"),
        ("1234567.890", 0, "1,234,567.890"),
        (1e-9, 3, "0.000000001"),
        (1e15, 3, "1,000,000,000,000,000"),
    ],
)
def test_numbers_have_three_digits_in_groups_and_the_rest_on_hover(value, digits, shown):
    drawn = tags.number(value, digits)
    assert re.search(r">([^<]*)<", drawn)[1] == shown
    assert Decimal(re.search(r'value="([^"]*)"', drawn)[1]) == Decimal(str(value))


@pytest.mark.parametrize("value", [None, "", "很多", float("nan"), float("inf")])
def test_what_is_no_number_is_a_dash(value):
    assert tags.number(value) == "—"
    assert tags.percent(value) == "—"


def test_formulas_have_their_figures_low_and_nothing_else_does():
    assert tags.co2e("kg CO2e / t") == "kg CO<sub>2</sub>e / t"
    assert tags.co2e("CH4, N2O, SF6") == "CH<sub>4</sub>, N<sub>2</sub>O, SF<sub>6</sub>"
    assert tags.co2e("1000 m2") == "1000 m2"
    assert tags.co2e("<b>CO2") == "&lt;b&gt;CO<sub>2</sub>"


@pytest.mark.parametrize(("share", "shown"), [("0.3364", "33.6%"), (1, "100.0%"), (-0.02, "−2.0%")])
def test_shares_are_percentages(share, shown):
    assert tags.percent(share) == shown


@pytest.mark.parametrize(("share", "width"), [("0.3364", "33.6"), (-0.2, "0.0"), (1.2, "100.0")])
def test_bars_stay_in_their_box(share, width):
    assert tags.bar_width(share) == width


def test_texts_come_in_the_readers_language():
    with override("en"):
        assert tags.text_in_language(Text("生产", "Production")) == "Production"
        assert tags.either("甲公司", "") == "甲公司"
        assert tags.stage_name("production") == "Production"
    with override("zh-hans"):
        assert tags.text_in_language({"zh": "生产", "en": "Production"}) == "生产"
        assert tags.boundary_name("cradle_to_gate") == "从摇篮到大门"


def test_a_charts_title_is_its_finding():
    stages = [
        {"zh": "原材料获取", "en": "Raw materials", "share": "0.34"},
        {"zh": "生产", "en": "Production", "share": "0.66"},
    ]
    links = [
        {"source": "电", "target": "炼钢", "value": 3.0},
        {"source": "气", "target": "炼钢", "value": 1.0},
        {"source": "炼钢", "target": "钢筋", "value": 4.0},
    ]
    with override("zh-hans"):
        assert "生产" in tags.stage_finding(stages)
        assert "66.0%" in tags.stage_finding(stages)
        assert "电" in tags.sankey_finding({"links": links})
        assert "75.0%" in tags.sankey_finding({"links": links})


def test_every_state_has_its_look():
    for states in (CertificateState, ApplicationState, FindingState, StudyState, RuleState):
        for state in states:
            thing = SimpleNamespace(state=state.value, get_state_display=lambda state=state: state.label)
            assert f">{state.label}<" in tags.state_badge(thing)
    for verdict in Verdict:
        assert f">{verdict.words.zh}<" in tags.verdict_badge(verdict)


def test_every_look_is_in_the_sheet_of_tokens():
    from django.contrib.staticfiles.finders import find

    sheet = Path(find("portal/tanbiao.css")).read_text(encoding="utf-8")
    for look in {*LOOKS.values(), "good", "bad", "over"}:
        assert f".tb-state-{look} " in sheet
        assert f".tb-state-{look}::before" in sheet  # a sign beside the colour


def test_every_verb_has_its_words():
    assert set(ACTIONS) <= set(VERBS)


def test_an_unknown_state_is_an_error_not_a_grey_badge():
    with pytest.raises(KeyError):
        tags.state_badge(SimpleNamespace(state="unknown", get_state_display=lambda: "?"))


def test_navigation_of_a_passer_by_needs_no_actor():
    from tanbiao.platform.portal.context import navigation

    request = RequestFactory().get("/certificates/")
    assert [item.current for item in navigation(request)["navigation"]] == [False, True]  # library, certificates
