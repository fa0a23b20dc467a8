"""What somebody who means harm would try: strange bytes, long texts, forged ids, history rewritten."""

from __future__ import annotations

import io
import json
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from openpyxl import load_workbook

from tanbiao.platform.footprints.models import Study

PASSWORD = "a long enough passphrase"  # of the cast


@pytest.mark.parametrize(
    "address",
    [
        "/certificates/?q=%00",
        "/c/%00/",
        "/c/TB-2026-000001-63%0a/",
        "/api/v1/certificates?q=%00",
        "/api/v1/certificates/%00",
        "/certificates/?q=%ff%fe&page=-1",
        "/log/entries/99999999999999999999",
        "/studies/00000000-0000-0000-0000-000000000000/",
        "/rules/..%2f..%2fetc/workbook.xlsx",
        "/?next=//evil.example",
        "/studies/000000000000000000000000000000000000/report.pdf",
        "/applications/------------------------------------/evidence.pdf",
    ],
)
def test_strange_addresses_are_answered_calmly(cast, client, signed_in, address):
    for browser in (client, signed_in(cast.maker)):
        assert browser.get(address).status_code < 500


@pytest.mark.parametrize("charset", ["utf-7", "gb18030"])
@pytest.mark.parametrize(
    "address", ["/certificates/?q=a%2BAAA-b", "/certificates/?q=%41", "/api/v1/certificates?q=%41"]
)
def test_a_request_in_other_letters_is_refused(client, db, charset, address):
    assert client.get(address, headers={"content-type": f"text/plain; charset={charset}"}).status_code == 400
    form = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.generic("POST", "/accounts/login/", b"login=%41&password=b", form).status_code == 400


def test_a_cookie_with_a_nul_is_refused(client, db):
    client.cookies["sessionid"] = "\0\0"
    assert client.get("/").status_code == 400


def edited(rebar, change):
    """The example workbook with something changed; `change` is given the openpyxl workbook."""
    book = load_workbook(io.BytesIO(rebar))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def put(sheet_word, label, value):
    """Change one value of a key/value sheet, found by the label beside it."""

    def change(book):
        sheet = next(s for s in book.worksheets if sheet_word in s.title)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and label in cell.value:
                    beside = next(c for c in row[cell.column :] if c.value)
                    beside.value = value
                    return
        raise AssertionError(label)

    return change


@pytest.mark.parametrize("name", ["长" * 5000, "<script>alert(1)</script>", "#panic() *x* $y$", "‮gnp.exe", "=1+1"])
def test_a_hostile_product_name_is_refused_or_stays_text(cast, rebar, signed_in, name):
    browser = signed_in(cast.maker)
    data = edited(rebar, put("Product", "产品名称", name))
    answer = browser.post(reverse("footprints:new"), {"workbook": SimpleUploadedFile("x.xlsx", data)}, follow=True)
    assert answer.status_code in (200, 400)
    page = answer.content.decode()
    assert "<script>alert" not in page
    for study in Study.objects.all():
        assert len(study.product_name) <= 401
        assert browser.get(reverse("footprints:report", args=[study.pk, "pdf"])).content.startswith(b"%PDF")


def test_a_hostile_file_name_is_harmless(cast, rebar, signed_in):
    browser = signed_in(cast.maker)
    for name in ("../../etc/passwd.xlsx", "名" * 300 + ".xlsx", 'a"b\r\nSet-Cookie: x=1.xlsx'):
        browser.post(reverse("footprints:new"), {"workbook": SimpleUploadedFile(name, rebar)})
    for study in Study.objects.all():
        answer = browser.get(reverse("footprints:report", args=[study.pk, "xlsx"]))
        assert "Set-Cookie: x" not in str(answer.headers)
        assert ".." not in answer["Content-Disposition"]


def test_what_a_frozen_study_rests_on_cannot_be_changed_underneath(frozen_study):
    for statement in ("UPDATE products_workbook SET system = '{}'", "DELETE FROM products_workbook"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(statement)


def test_a_forged_body_or_verifier_is_refused(cast, application, frozen_study, signed_in, organisations):
    answer = signed_in(cast.maker).post(
        reverse("certification:apply", args=[frozen_study.pk]), {"body_id": organisations["rival"].pk}, follow=True
    )
    assert application.body_id == organisations["body"].pk
    assert answer.status_code == 200  # led to the running application
    signed_in(cast.acceptance).post(reverse("certification:act", args=[application.pk, "accept"]))
    answer = signed_in(cast.acceptance).post(
        reverse("certification:act", args=[application.pk, "assign"]), {"verifier_id": cast.other_body.user_id}
    )
    assert answer.status_code == 400


def test_a_finding_of_another_case_cannot_be_reached_through_mine(cast, in_evaluation, signed_in):
    from tanbiao.platform.certification.actions import raise_finding

    clause = in_evaluation.study.result["clauses"][0]["clause"]
    finding = raise_finding(cast.verifier, in_evaluation, clause=clause, statement="x")
    address = reverse("certification:finding", args=[finding.pk, finding.pk, "answer"])
    assert signed_in(cast.maker).get(address).status_code == 404
    address = reverse("certification:finding", args=[in_evaluation.pk, finding.pk, "answer"])
    assert signed_in(cast.rival).get(address).status_code == 404


def test_a_name_and_a_model_may_both_be_as_long_as_is_allowed(cast, rebar, signed_in):
    def long_names(book):
        put("Product", "产品名称", "名" * 200)(book)
        put("Product", "型号", "号" * 200)(book)

    file = SimpleUploadedFile("x.xlsx", edited(rebar, long_names))
    assert signed_in(cast.maker).post(reverse("footprints:new"), {"workbook": file}, follow=True).status_code == 200


def test_forms_of_others_verbs_are_not_shown(cast, application, in_evaluation, signed_in):
    for verb in ("assign", "finding", "complete"):
        answer = signed_in(cast.maker).get(reverse("certification:act", args=[application.pk, verb]))
        assert answer.status_code == 403
        assert "verifier" not in answer.content.decode()
    assert signed_in(cast.maker).post(reverse("certification:check", args=[application.pk])).status_code == 403


def test_a_finding_of_a_case_that_was_called_back_waits_for_nobody(cast, in_evaluation, signed_in):
    from tanbiao.platform.certification.actions import call_back_application, raise_finding

    clause = in_evaluation.study.result["clauses"][0]["clause"]
    finding = raise_finding(cast.verifier, in_evaluation, clause=clause, statement="x")
    call_back_application(cast.maker, in_evaluation)
    browser = signed_in(cast.maker)
    address = reverse("certification:finding", args=[in_evaluation.pk, finding.pk, "answer"])
    assert browser.post(address, {"answer": "y"}).status_code == 403
    assert address not in browser.get(reverse("certification:application", args=[in_evaluation.pk])).content.decode()


def test_a_form_without_its_token_is_refused(cast, draft_study):
    from django.test import Client

    from tanbiao.platform.accounts.models import User

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.get(pk=cast.maker.user_id))
    assert browser.post(reverse("footprints:freeze", args=[draft_study.pk])).status_code == 403
    draft_study.refresh_from_db()
    assert draft_study.state == "draft"


def test_guessing_passwords_is_slowed_down(cast, client):
    page = reverse("account_login")
    answers = [client.post(page, {"login": "maker@example.com", "password": f"guess {n}"}) for n in range(12)]
    told = answers[-1].status_code == 429 or "too many" in answers[-1].content.decode().lower()
    assert told or "过多" in answers[-1].content.decode() or "频繁" in answers[-1].content.decode()


@pytest.mark.parametrize("place", ["signup", "email", "confirm-email", "confirm-email/x:y", "login/code/confirm"])
def test_accounts_are_opened_and_addressed_by_the_operator_only(cast, signed_in, place):
    assert signed_in(cast.maker).get(f"/accounts/{place}/").status_code == 404


@pytest.fixture
def mail(settings):
    settings.MAIL = urlsplit("smtp://mail.example")


def test_nobody_can_have_us_write_to_strangers(cast, client, mail, mailoutbox):
    page = reverse("account_reset_password")
    answers = [client.post(page, {"email": f"{who}@example.com"}) for who in ("maker", "stranger")]
    assert answers[0].status_code == answers[1].status_code and answers[0].url == answers[1].url
    assert [mail.to for mail in mailoutbox] == [["maker@example.com"]]


def test_the_link_to_a_new_password_leads_to_us_whatever_the_request_calls_us(cast, client, mail, mailoutbox, settings):
    client.post(reverse("account_reset_password"), {"email": "maker@example.com"}, HTTP_HOST="localhost:6666")
    links = [line for line in mailoutbox[0].body.split() if "/password/reset/key/" in line]
    assert links and all(link.startswith(settings.PUBLIC_URL) for link in links)
    assert client.get(links[0].removeprefix(settings.PUBLIC_URL), follow=True).status_code == 200


def test_a_mail_server_that_does_not_answer_tells_nobody_who_has_an_account(cast, client, mail, monkeypatch):
    def unreachable(*_args, **_words):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", unreachable)
    page = reverse("account_reset_password")
    answers = [client.post(page, {"email": f"{who}@example.com"}) for who in ("maker", "stranger")]
    assert [(a.status_code, a.url) for a in answers] == [(302, reverse("account_reset_password_done"))] * 2


@pytest.mark.parametrize("address", ["smtp://u:Secret/ss@h.cn", "mail.example:587", "smtp+tls://h.cn", "smtp://"])
def test_an_unclear_mail_server_is_refused_without_repeating_its_password(address):
    from tanbiao.site.mail import MailServerUnclear, mail_server

    with pytest.raises(MailServerUnclear) as caught:
        mail_server(address)
    assert "Secret" not in str(caught.value) and "percent-encode" in str(caught.value)


def test_no_page_leads_to_a_mail_that_nobody_sends(cast, client, signed_in):
    for page in (client.get(reverse("account_login")), signed_in(cast.maker).get(reverse("account_change_password"))):
        assert "/password/reset/" not in page.content.decode()
    assert client.get(reverse("account_reset_password_done")).status_code == 404


def test_where_mail_is_sent_the_sign_in_page_leads_to_it(client, db, mail):
    assert "/accounts/password/reset/" in client.get(reverse("account_login")).content.decode()


def test_without_a_mail_server_no_link_is_made_and_none_is_printed(cast, client, mailoutbox, capfd):
    assert client.post(reverse("account_reset_password"), {"email": "maker@example.com"}).status_code == 404
    assert not mailoutbox and "reset/key" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "onward", ["//evil.example/", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_astray(cast, client, onward):
    answer = client.post(reverse("set_language"), {"language": "en", "next": onward})
    assert answer.url == "/"
    login = {"login": "maker@example.com", "password": PASSWORD, "next": onward}
    assert client.post(reverse("account_login"), login).url == reverse("portal:home")


def test_a_session_planted_before_the_sign_in_is_not_kept(cast, client):
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    client.post(reverse("account_login"), {"login": "maker@example.com", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(cast.maker.user_id)
    assert client.session.session_key != planted.session_key
    assert client.cookies["sessionid"]["httponly"]


def test_another_host_name_is_refused(client, db):
    answer = client.get("/", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("form", ["label.svg", "certificate.json"])
def test_files_that_a_browser_could_run_carry_the_policy(client, certificate, form):
    answer = client.get(f"/c/{certificate.number}/{form}")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_hundreds_of_processes_in_a_ring_are_refused_or_quick(cast, rebar, signed_in):
    def ring(book):
        sheet = next(s for s in book.worksheets if "Processes" in s.title)
        template = [cell.value for cell in sheet[sheet.max_row]]
        for n in range(400):
            sheet.append([f"p{n}" if k == 1 else value for k, value in enumerate(template)])

    answer = signed_in(cast.maker).post(
        reverse("footprints:new"), {"workbook": SimpleUploadedFile("x.xlsx", edited(rebar, ring))}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("tampered", ["footprint", "number"])
def test_an_operator_who_edits_the_row_is_shown_by_the_page(client, certificate, tampered):
    """The triggers stand in the way of the application's account; its owner can drop them. The proof still tells."""
    signed = certificate.signed
    if tampered == "footprint":
        signed["certificate"]["footprint"]["value"] = "1"
    else:
        signed["certificate"]["number"] = "TB-2026-000009-99"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE certificates_certificate DISABLE TRIGGER USER")
        cursor.execute("UPDATE certificates_certificate SET signed = %s", [json.dumps(signed)])
    page = client.get(reverse("portal:certificate", args=[certificate.number])).content.decode()
    assert "查验未通过" in page


@pytest.mark.parametrize("amount", [None, 0])
def test_a_product_of_nothing_has_a_page_too(cast, rebar, signed_in, amount):
    """Every input and emission taken away, or nought."""

    def empty(book):
        for sheet in book.worksheets:
            if any(word in sheet.title for word in ("Materials", "Energy", "Transport", "Emissions", "Waste")):
                column = next(c.column for c in sheet[1] if c.value and ("Amount" in c.value or "Mass *" in c.value))
                for row in range(sheet.max_row, 1, -1):
                    if amount is None:
                        sheet.delete_rows(row)
                    elif sheet.cell(row, column).value:
                        sheet.cell(row, column).value = amount

    browser = signed_in(cast.maker)
    file = SimpleUploadedFile("x.xlsx", edited(rebar, empty))
    answer = browser.post(reverse("footprints:new"), {"workbook": file}, follow=True)
    assert answer.status_code in (200, 400)
    for study in Study.objects.all():
        for form in ("pdf", "csv", "frozen"):
            assert browser.get(reverse("footprints:report", args=[study.pk, form])).status_code == 200
        browser.post(reverse("footprints:freeze", args=[study.pk]))
        assert browser.get(reverse("footprints:study", args=[study.pk])).status_code == 200
