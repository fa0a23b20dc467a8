"""Whose turn it is: each case waits for those who can take it further, and for nobody else."""

import pytest
from django.db import connection

from tanbiao.platform.certification import actions as case
from tanbiao.platform.certification.flow import FLOW, turn_of
from tanbiao.platform.certification.models import ENDED, ApplicationState
from tanbiao.platform.certification.queries import waiting_for


@pytest.fixture
def waits_for(cast):
    """Names of the cast for whom something waits."""

    def ask():
        return {name for name, actor in cast.everybody().items() if waiting_for(actor)}

    return ask


def test_a_new_application_waits_for_who_accepts(cast, application, waits_for):
    assert waits_for() == {"acceptance", "all_rounder"}
    case.accept_application(cast.acceptance, application)
    assert waits_for() == {"acceptance", "all_rounder"}  # to give it to a verifier


def test_an_evaluation_waits_for_its_own_verifier(in_evaluation, waits_for):
    assert waits_for() == {"verifier"}


def test_open_findings_wait_for_the_applicant_too_once_however_many(cast, in_evaluation, waits_for):
    findings = [
        case.raise_finding(cast.verifier, in_evaluation, clause="EAF-11.1", statement=text) for text in ("甲", "乙")
    ]
    assert waits_for() == {"maker", "verifier"}
    assert list(waiting_for(cast.maker)) == [in_evaluation]
    for finding in findings:
        case.answer_finding(cast.maker, finding, answer="已补充")
    assert waits_for() == {"verifier"}


def test_a_case_called_back_waits_for_nobody(cast, in_evaluation, waits_for):
    case.raise_finding(cast.verifier, in_evaluation, clause="EAF-11.1", statement="甲")
    case.call_back_application(cast.maker, in_evaluation)
    assert waits_for() == set()


def test_review_and_decision_wait_for_nobody_who_evaluated(cast, application, waits_for):
    case.accept_application(cast.acceptance, application)
    case.assign_verifier(cast.acceptance, application, verifier_id=cast.all_rounder.user_id)
    found = case.assign_verifier(cast.acceptance, application, verifier_id=cast.verifier.user_id)
    for row in found.study.result["clauses"]:
        if row["verdict"] == "judgement":
            case.judge_clause(cast.verifier, found, clause=row["clause"], conforms=True, note="看过")
    case.complete_evaluation(cast.verifier, found, conclusion="符合")
    assert waits_for() == {"reviewer"}
    case.review_application(cast.reviewer, found, review="同意")
    assert waits_for() == {"decision_maker"}


def test_review_and_decision_wait_for_all_others(evaluated, cast, waits_for):
    assert waits_for() == {"reviewer", "all_rounder"}
    case.review_application(cast.reviewer, evaluated, review="同意")
    assert waits_for() == {"decision_maker", "all_rounder"}


def test_a_case_that_ended_waits_for_nobody(certificate, waits_for):
    assert waits_for() == set()


def test_what_ends_a_case_is_said_alike_by_the_state_table_the_model_and_the_database(db):
    ended = {state for state in FLOW.states if not list(FLOW.following(state))}
    assert ended == set(ENDED) == {s for s in FLOW.states if not turn_of(s)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'certification_application_ended'")
        trigger = cursor.fetchone()[0]
    assert {state for state in ApplicationState if f"'{state}'" in trigger} == ended
