"""Organisations and sign-in."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from tanbiao.formats.uscc import check_digit
from tanbiao.platform.accounts.uscc import validate_uscc

PASSWORD = "a long enough passphrase"


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
    answer = client.post(page, {"login": "maker@example.com", "password": PASSWORD})
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


def test_an_organisation_with_a_wrong_code_is_refused_at_that_field(organisations):
    from tanbiao.platform.accounts.actions import open_organisation
    from tanbiao.platform.kernel.actions import Invalid

    with pytest.raises(Invalid, match="末位为校验码") as fault:
        open_organisation(organisations["operator"], None, kind="enterprise", name="又一家", uscc="91350100M000100Y44")
    assert fault.value.field == "uscc"


@pytest.fixture
def open_at(organisations):
    from tanbiao.platform.accounts.actions import open_account

    def at(home, *roles, email="new@example.com"):
        person = {"email": email, "name": "新人", "password": PASSWORD}
        return open_account(organisations["operator"], organisations[home], roles=roles, **person)

    return at


@pytest.mark.parametrize(
    ("home", "role"),
    [("maker", "operator"), ("maker", "verifier"), ("body", "applicant"), ("bank", "regulator"), ("body", "emperor")],
)
def test_a_role_is_one_of_the_organisations_kind(open_at, home, role):
    from tanbiao.platform.accounts.models import User
    from tanbiao.platform.kernel.actions import Invalid

    with pytest.raises(Invalid, match=role) as fault:
        open_at(home, role)
    assert fault.value.field == "roles"
    assert not User.objects.filter(email="new@example.com").exists()


def test_every_role_has_its_place():
    from tanbiao.platform.accounts.models import ROLES_AT, OrganisationKind, Role

    assert set(ROLES_AT) == set(OrganisationKind)
    assert set().union(*ROLES_AT.values()) == set(Role)


def test_the_operators_role_is_worth_nothing_elsewhere(cast, organisations):
    from dataclasses import replace

    from tanbiao.platform.accounts.policies import may_administer

    assert may_administer(cast.operator)
    assert not may_administer(replace(cast.operator, kind="certification_body"))


@pytest.mark.parametrize("address", ["MAKER@Example.com", "maker@example.com", " Maker@EXAMPLE.com"])
def test_one_address_however_written_has_one_account(cast, open_at, address):
    from tanbiao.platform.kernel.actions import Invalid

    with pytest.raises(Invalid) as fault:
        open_at("maker", "applicant", email=address)
    assert fault.value.field == "email"


def test_who_writes_their_address_in_capitals_signs_in(open_at, client):
    assert open_at("maker", "applicant", email="Li.Ming@Example.com").email == "li.ming@example.com"
    for login in ("li.ming@example.com", "LI.MING@example.com"):
        answer = client.post(reverse("account_login"), {"login": login, "password": PASSWORD})
        assert answer.status_code == 302
        client.logout()


def test_the_database_itself_keeps_addresses_in_small_letters(cast):
    from django.db import IntegrityError

    from tanbiao.platform.accounts.models import User

    with pytest.raises(IntegrityError, match="small_letters"):
        User.objects.filter(pk=cast.maker.user_id).update(email="Maker@example.com")


@pytest.mark.parametrize("password", ["short", "1234567890", "password123", "newcomer@example.com"])
def test_a_password_that_is_easily_guessed_is_refused(cast, organisations, password):
    from tanbiao.platform.accounts.actions import open_account
    from tanbiao.platform.accounts.models import Role
    from tanbiao.platform.kernel.actions import Invalid

    with pytest.raises(Invalid) as caught:
        open_account(cast.operator, organisations["maker"], email="newcomer@example.com", name="新人",
                     roles=[Role.APPLICANT], password=password)  # fmt: skip
    assert caught.value.field == "password"
