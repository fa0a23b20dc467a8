"""What is not yours is not there: 404, not 403, so that nobody learns that it exists."""

import pytest
from django.urls import reverse


@pytest.fixture
def addresses(application):
    study, pk = application.study_id, application.pk
    return [
        reverse("footprints:study", args=[study]),
        reverse("footprints:report", args=[study, "csv"]),
        reverse("footprints:report", args=[study, "xlsx"]),
        reverse("certification:apply", args=[study]),
        reverse("certification:application", args=[pk]),
        reverse("certification:check", args=[pk]),
        reverse("certification:study", args=[pk]),
        reverse("certification:evidence", args=[pk, "xlsx"]),
        reverse("certification:act", args=[pk, "accept"]),
    ]


@pytest.mark.parametrize("outsider", ["rival", "other_body", "regulator", "bank", "operator"])
def test_an_outsider_finds_nothing(cast, addresses, signed_in, outsider):
    browser = signed_in(getattr(cast, outsider))
    assert {address: browser.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 404)


def test_a_passer_by_is_asked_to_sign_in(client, addresses):
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))


def test_the_applicant_and_the_body_see_the_application(cast, application, signed_in):
    address = reverse("certification:application", args=[application.pk])
    for name in ("maker", "acceptance", "verifier", "decision_maker"):
        assert signed_in(getattr(cast, name)).get(address).status_code == 200


def test_a_visible_thing_without_the_right_says_why(cast, application, signed_in):
    address = reverse("certification:act", args=[application.pk, "accept"])
    answer = signed_in(cast.maker).post(address)
    assert answer.status_code == 403
    assert "受理人员" in answer.content.decode()


def test_the_applicant_list_holds_only_its_own(cast, application, signed_in):
    page = reverse("certification:applications")
    assert application.study.product_name in signed_in(cast.maker).get(page).content.decode()
    assert application.study.product_name not in signed_in(cast.rival).get(page).content.decode()


def test_a_case_called_back_before_anybody_evaluated_it_is_the_enterprises_alone_again(cast, application, signed_in):
    from tanbiao.platform.certification.actions import call_back_application

    call_back_application(cast.maker, application)
    address = reverse("certification:evidence", args=[application.pk, "xlsx"])
    assert signed_in(cast.acceptance).get(address).status_code == 404
    assert signed_in(cast.maker).get(address).status_code == 200
