"""The demonstration goes on from wherever the run before was killed."""

import json

import pytest

from tanbiao import demo
from tanbiao.platform.accounts.models import OrganisationKind
from tanbiao.platform.certificates.models import Certificate
from tanbiao.platform.certificates.queries import has_key
from tanbiao.platform.certification.models import Application
from tanbiao.platform.publiclog.queries import log_is_open

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    pass


def killed(*_args, **_words):
    raise Killed


@pytest.fixture
def workbook(pytestconfig):
    return next((pytestconfig.rootpath / "examples" / "steel-rebar").glob("*.xlsx"))


@pytest.mark.parametrize(
    "moment",
    ["open_log", "open_organisation", "register_key", "open_account", "register_filing", "study_from_workbook",
     "freeze_study", "case.apply_for_certification", "case.complete_evaluation", "case.grant_certification",
     "publish_trust_list"],
)  # fmt: skip
def test_a_run_killed_at_any_step_is_made_good_by_the_next(workbook, monkeypatch, moment):
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(f"tanbiao.demo.{moment}", killed)
        demo.walk(workbook, lambda _text: None)
    certificate = demo.walk(workbook, lambda _text: None)
    assert Certificate.objects.get() == certificate
    assert Application.objects.count() == 1
    assert log_is_open()
    bodies = [home for home in demo.Organisation.objects.all() if home.kind == OrganisationKind.CERTIFICATION_BODY]
    assert bodies and all(map(has_key, bodies))


def test_a_run_killed_while_passwords_are_written_leaves_none_half_written(settings, monkeypatch):
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr("tanbiao.site.place.os.link", killed)
        demo.passwords()
    assert json.loads(json.dumps(demo.passwords())) == demo.passwords()
    assert [file.name for file in demo.accounts_file().parent.iterdir()] == ["accounts.json"]
