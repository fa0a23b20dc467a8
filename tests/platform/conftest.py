"""The fixed cast, known by name, and the things most stories begin with."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from journey_cast import chromium, fonts, site  # noqa: F401 - fixtures
from library_cast import MEASURED

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long enough passphrase"  # of every account of the cast
TABLES = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"


@dataclass(frozen=True)
class Cast:
    maker: object  # a steel maker's applicant
    rival: object  # an outsider enterprise's applicant
    acceptance: object  # the body's application reviewer
    verifier: object
    second_verifier: object
    reviewer: object
    decision_maker: object
    all_rounder: object  # of the body, holds every role there: the person who would like to do it all alone
    other_body: object  # somebody with every role at a second body
    regulator: object
    bank: object
    researcher: object  # the maker's, measures factors
    institute: object  # a researcher of a technical institute
    data_reviewer: object  # of that institute
    second_data_reviewer: object  # of the body
    operator: object
    passer_by: object

    def everybody(self):
        return {field.name: getattr(self, field.name) for field in fields(self)}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Keys, evidence files and counts of failed sign-ins are a test's own; its passwords need not withstand anybody."""
    cache.clear()
    settings.VAR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@contextmanager
def triggers_off():
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [row[0] for row in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def history_may_be_emptied(monkeypatch):
    """Committed tests are followed by TRUNCATE, which history refuses; its owner lifts the triggers meanwhile."""
    empty = TransactionTestCase._fixture_teardown

    def teardown(self):
        with triggers_off():
            empty(self)

    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", teardown)


@pytest.fixture
def organisations(db):
    from tanbiao.formats.uscc import check_digit
    from tanbiao.platform.accounts.actions import first_operator, open_organisation
    from tanbiao.platform.accounts.actor import actor_for
    from tanbiao.platform.accounts.models import Organisation
    from tanbiao.platform.accounts.models import OrganisationKind as Kind
    from tanbiao.platform.certificates.actions import register_key
    from tanbiao.platform.publiclog.actions import open_log

    def code(serial):
        first17 = f"91310113TEM{serial:06d}"
        return first17 + check_digit(first17)

    home = {"name": "平台", "uscc": code(0)}
    operator = actor_for(
        first_operator(organisation=home, email="operator@example.com", name="管理员", password=PASSWORD)
    )
    open_log(operator, Organisation.objects.get(pk=operator.organisation_id))
    made = {"operator": operator}
    for serial, (key, kind, name) in enumerate(
        [
            ("maker", Kind.ENTERPRISE, "试验钢铁有限公司"),
            ("rival", Kind.ENTERPRISE, "对手钢铁有限公司"),
            ("body", Kind.CERTIFICATION_BODY, "甲认证有限公司"),
            ("other_body", Kind.CERTIFICATION_BODY, "乙认证有限公司"),
            ("regulator", Kind.REGULATOR, "市场监管局"),
            ("bank", Kind.ADOPTER, "试验银行"),
            ("institute", Kind.INSTITUTE, "试验计量研究院"),
        ],
        start=1,
    ):
        made[key] = open_organisation(
            operator, None, kind=kind, name=name, uscc=code(serial), approval_number=f"试-{serial}"
        )
        if kind == Kind.CERTIFICATION_BODY:
            register_key(operator, made[key])
    return made


@pytest.fixture
def cast(organisations):
    from tanbiao.platform.accounts.actions import open_account
    from tanbiao.platform.accounts.actor import PASSER_BY, actor_for
    from tanbiao.platform.accounts.models import Role

    at_body = [Role.APPLICATION_REVIEWER, Role.VERIFIER, Role.REVIEWER, Role.DECISION_MAKER]

    def person(key, home, *roles):
        return actor_for(
            open_account(
                organisations["operator"],
                organisations[home],
                email=f"{key}@example.com",
                name=key,
                roles=roles,
                password=PASSWORD,
            )
        )

    return Cast(
        maker=person("maker", "maker", Role.APPLICANT),
        rival=person("rival", "rival", Role.APPLICANT),
        acceptance=person("acceptance", "body", Role.APPLICATION_REVIEWER),
        verifier=person("verifier", "body", Role.VERIFIER),
        second_verifier=person("second_verifier", "body", Role.VERIFIER),
        reviewer=person("reviewer", "body", Role.REVIEWER),
        decision_maker=person("decision_maker", "body", Role.DECISION_MAKER),
        all_rounder=person("all_rounder", "body", *at_body),
        other_body=person("other_body", "other_body", *at_body),
        regulator=person("regulator", "regulator", Role.REGULATOR),
        bank=person("bank", "bank", Role.ADOPTER),
        researcher=person("researcher", "maker", Role.RESEARCHER),
        institute=person("institute", "institute", Role.RESEARCHER),
        data_reviewer=person("data_reviewer", "institute", Role.DATA_REVIEWER),
        second_data_reviewer=person("second_data_reviewer", "body", Role.DATA_REVIEWER),
        operator=organisations["operator"],
        passer_by=PASSER_BY,
    )


@pytest.fixture(scope="session")
def rebar():
    """The rebar example workbook, as bytes."""
    return next((ROOT / "examples" / "steel-rebar").glob("*.xlsx")).read_bytes()


@pytest.fixture
def filed_rule(cast):
    from tanbiao.platform.rulebook.actions import register_filing

    return register_filing(
        cast.operator,
        None,
        rule_id="steel-eaf",
        filing_number="试验-1",
        filed_on=dt.date(2026, 1, 5),
        demonstration=True,
    )


@pytest.fixture
def workbook(cast, rebar):
    from tanbiao.platform.products.actions import upload_workbook

    return upload_workbook(cast.maker, None, data=rebar, filename="螺纹钢.xlsx")


@pytest.fixture
def draft_study(cast, workbook):
    from tanbiao.platform.footprints.actions import calculate_study

    return calculate_study(cast.maker, workbook)


@pytest.fixture
def frozen_study(cast, draft_study):
    from tanbiao.platform.footprints.actions import freeze_study

    return freeze_study(cast.maker, draft_study)


@pytest.fixture
def application(cast, frozen_study, filed_rule, organisations):
    """Submitted by the maker to the body."""
    from tanbiao.platform.certification.actions import apply_for_certification

    return apply_for_certification(cast.maker, frozen_study, body_id=organisations["body"].pk)


@pytest.fixture
def in_evaluation(cast, application):
    from tanbiao.platform.certification.actions import accept_application, assign_verifier

    accept_application(cast.acceptance, application)
    return assign_verifier(cast.acceptance, application, verifier_id=cast.verifier.user_id)


@pytest.fixture
def judged(cast, in_evaluation):
    """Every clause that was left open is judged to conform."""
    from tanbiao.platform.certification.actions import judge_clause
    from tanbiao.platform.certification.queries import checklist

    for row in checklist(in_evaluation):
        if row["verdict"] == "judgement":
            judge_clause(cast.verifier, in_evaluation, clause=row["clause"], conforms=True, note="已查看")
    return in_evaluation


@pytest.fixture
def evaluated(cast, judged):
    from tanbiao.platform.certification.actions import complete_evaluation

    return complete_evaluation(cast.verifier, judged, conclusion="符合")


@pytest.fixture
def reviewed(cast, evaluated):
    from tanbiao.platform.certification.actions import review_application

    return review_application(cast.reviewer, evaluated, review="同意")


@pytest.fixture
def certificate(cast, reviewed):
    from tanbiao.platform.certificates.models import Certificate
    from tanbiao.platform.certification.actions import grant_certification

    grant_certification(cast.decision_maker, reviewed, note="同意发证")
    return Certificate.objects.get(application=reviewed)


@pytest.fixture
def signed_in(client):
    """Sign a member of the cast in; answers with a client."""
    from django.test import Client

    from tanbiao.platform.accounts.models import User

    def enter(actor):
        browser = Client()
        browser.force_login(User.objects.get(pk=actor.user_id))
        return browser

    return enter


@pytest.fixture
def starter(db):
    """The version of the starter library."""
    from tanbiao.platform.library.actions import ensure_starter

    return ensure_starter()


@pytest.fixture
def measured():
    """What the form of a measured factor says."""
    return MEASURED
