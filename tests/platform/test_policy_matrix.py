"""Each role against each verb: who may, and that nobody else may."""

import importlib
import importlib.util

import pytest
from django.apps import apps

from tanbiao.platform.kernel.actions import ACTIONS

OPERATOR = {"operator"}
MAKER = {"maker"}
ACCEPTANCE = {"acceptance", "all_rounder"}  # both hold the role at the body

#: verb -> (the thing it is done to, as a fixture; those who may)
MATRIX = {
    "accounts.open_organisation": (None, OPERATOR),
    "accounts.open_account": (None, OPERATOR),
    "rulebook.register_filing": (None, OPERATOR),
    "publiclog.open_log": (None, OPERATOR),
    "certificates.register_key": (None, OPERATOR),
    "products.upload_workbook": (None, {"maker", "rival"}),  # each for its own enterprise
    "footprints.calculate": ("workbook", MAKER),
    "footprints.freeze": ("draft_study", MAKER),
    "certification.apply": ("frozen_study", MAKER),
    "certification.call_back": ("application", MAKER),
    "certification.accept": ("application", ACCEPTANCE),
    "certification.refuse": ("application", ACCEPTANCE),
    "certification.assign_verifier": ("application", ACCEPTANCE),
    "certification.raise_finding": ("in_evaluation", {"verifier"}),
    "certification.judge_clause": ("in_evaluation", {"verifier"}),
    "certification.complete_evaluation": ("in_evaluation", {"verifier"}),
    "certification.answer_finding": ("finding", MAKER),
    "certification.reopen_finding": ("finding", {"verifier"}),
    "certification.close_finding": ("finding", {"verifier"}),
    "certification.send_back": ("evaluated", {"reviewer", "all_rounder"}),
    "certification.review": ("evaluated", {"reviewer", "all_rounder"}),
    "certification.grant": ("reviewed", {"decision_maker", "all_rounder"}),
    "certification.deny": ("reviewed", {"decision_maker", "all_rounder"}),
    "certificates.issue": ("granted", {"decision_maker"}),
}


@pytest.fixture(autouse=True)
def every_verb_is_known():
    """A verb is entered when its module is imported; a test run alone may not have met them all."""
    for app in apps.get_app_configs():
        if app.name.startswith("tanbiao.") and importlib.util.find_spec(f"{app.name}.actions"):
            importlib.import_module(f"{app.name}.actions")


@pytest.fixture
def finding(cast, in_evaluation):
    from tanbiao.platform.certification.actions import raise_finding
    from tanbiao.platform.certification.queries import checklist

    clause = checklist(in_evaluation)[0]["clause"]
    return raise_finding(cast.verifier, in_evaluation, clause=clause, statement="缺少原始记录")


@pytest.fixture
def granted(certificate):
    return certificate.application


def test_every_verb_is_in_the_matrix():
    assert set(MATRIX) == set(ACTIONS)


@pytest.mark.parametrize("verb", MATRIX)
def test_who_may(verb, cast, request):
    fixture, expected = MATRIX[verb]
    thing = request.getfixturevalue(fixture) if fixture else None
    allowed = {name for name, actor in cast.everybody().items() if ACTIONS[verb].policy(actor, thing)}
    assert allowed == expected
