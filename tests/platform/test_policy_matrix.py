"""Each role against each verb: who may, and that nobody else may."""

import importlib
import importlib.util

import pytest
from django.apps import apps

from tanbiao.platform.kernel.actions import ACTIONS

OPERATOR = {"operator"}
MAKER = {"maker"}
ACCEPTANCE = {"acceptance", "all_rounder"}  # both hold the role at the body
MAKERS = {"maker", "researcher"}  # applicant and researcher of the maker
REVIEWERS = {"data_reviewer", "second_data_reviewer"}

#: verb -> (the thing it is done to, as a fixture; those who may)
MATRIX = {
    "accounts.open_organisation": (None, OPERATOR),
    "accounts.open_account": (None, OPERATOR),
    "rulebook.register_filing": (None, OPERATOR),
    "publiclog.open_log": (None, OPERATOR),
    "certificates.register_key": (None, OPERATOR),
    "products.upload_workbook": (None, {"maker", "rival"}),  # each for its own enterprise
    "products.choose_factor": ("workbook", MAKER),
    "products.put_on_background": ("workbook", MAKER),
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
    "library.open_source": (None, {"maker", "rival", "researcher", "institute", "operator"}),
    "library.start_import": ("own_source", MAKERS),
    "library.stage_version": ("own_version", MAKERS),
    "library.fail_import": ("own_version", MAKERS),
    "library.discard_version": ("own_version", MAKERS),
    "library.decide_flags": ("open_version", REVIEWERS | OPERATOR),
    "library.publish_version": ("own_version", MAKERS),
    "library.retire_version": ("open_version", REVIEWERS | OPERATOR),
    "library.retire_dataset": ("own_dataset", MAKERS),
    "library.submit_factor": (None, {"maker", "rival", "researcher", "institute"}),
    "library.correct_factor": ("submission", MAKERS),
    "library.call_back_factor": ("submission", MAKERS),
    "library.agree_to_factor": ("submission", REVIEWERS),
    "library.send_back_factor": ("submission", REVIEWERS),
    "library.turn_down_factor": ("submission", REVIEWERS),
    "library.approve_factor": ("agreed_by_two", REVIEWERS),
    "library.publish_factor": ("submission", OPERATOR),
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


@pytest.fixture
def own_source(cast):
    from tanbiao.platform.library.actions import open_source

    return open_source(cast.researcher, None, name="钢厂数据库")


@pytest.fixture
def own_version(own_source):
    from tanbiao.platform.library.models import Version

    return Version.objects.create(source=own_source, number=1, state="staged")


@pytest.fixture
def own_dataset(own_version):
    from tanbiao.platform.library.models import Dataset

    return Dataset.objects.create(version=own_version, uid="a", key="a", form="factor", name="a")


@pytest.fixture
def open_version(cast):
    from tanbiao.platform.library.actions import open_source
    from tanbiao.platform.library.models import Version

    source = open_source(cast.operator, None, name="公开数据库", access="open")
    return Version.objects.create(source=source, number=1, state="staged")


@pytest.fixture
def submission(cast, measured):
    from tanbiao.platform.library.actions import submit_factor

    return submit_factor(cast.researcher, None, **measured)


@pytest.fixture
def agreed_by_two(cast, submission):
    from tanbiao.platform.library.models import Review

    for actor in (cast.data_reviewer, cast.second_data_reviewer):
        Review.objects.create(
            submission=submission, round=1, reviewer_id=actor.user_id, organisation_id=actor.organisation_id,
            verdict="agree", note="同意",
        )  # fmt: skip
    return submission


def test_every_verb_is_in_the_matrix():
    assert set(MATRIX) == set(ACTIONS)


@pytest.mark.parametrize("verb", MATRIX)
def test_who_may(verb, cast, request):
    fixture, expected = MATRIX[verb]
    thing = request.getfixturevalue(fixture) if fixture else None
    allowed = {name for name, actor in cast.everybody().items() if ACTIONS[verb].policy(actor, thing)}
    assert allowed == expected
