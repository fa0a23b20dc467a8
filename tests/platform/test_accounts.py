"""Organisations and sign-in."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from tanbiao.formats.uscc import check_digit
from tanbiao.platform.accounts.uscc import validate_uscc


def test_a_known_credit_code_passes():
    validate_uscc("91350100M000100Y43")  # the worked example printed in GB 32100-2015


@pytest.mark.parametrize(
    "code", ["91350100M000100Y44", "91350100M000100Y4", "91350100m000100y43", "9135010OM000100Y43"]
)
def test_a_slip_in_a_credit_code_is_noticed(code):
    with pytest.raises(ValidationError):
        validate_uscc(code)


def test_the_check_digit_notices_every_single_slip():
    code = "91350100M000100Y43"
    for position in range(17):
        for character in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            if character != code[position]:
                assert check_digit(code[:position] + character + code[position + 1 : 17]) != code[17]


def test_sign_in_by_password(cast, client):
    page = reverse("account_login")
    assert client.post(page, {"login": "maker@example.com", "password": "wrong"}).status_code == 200
    answer = client.post(page, {"login": "maker@example.com", "password": "a long enough passphrase"})
    assert answer.status_code == 302


def test_nobody_registers_alone(client, db):
    page = client.get(reverse("account_signup"))
    assert 'name="password1"' not in page.content.decode()


def test_the_first_operator_is_the_only_first(cast):
    from tanbiao.platform.accounts.actions import first_operator

    with pytest.raises(RuntimeError):
        first_operator(
            organisation={"name": "又一个", "uscc": "91350100M000100Y43"}, email="x@example.com", name="x", password="y"
        )
