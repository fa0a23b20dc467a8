"""The state tables: every state can be reached, every verb has its action, and a verb out of turn is refused."""

import pytest

from tanbiao.platform.certification import actions as case
from tanbiao.platform.certification.flow import FINDING_FLOW, FLOW
from tanbiao.platform.certification.models import ApplicationState, FindingState
from tanbiao.platform.kernel.actions import ACTIONS, Refused
from tanbiao.platform.library import actions as library
from tanbiao.platform.library.flow import DATASET_FLOW, SUBMISSION_FLOW, VERSION_FLOW
from tanbiao.platform.library.models import DatasetState, SubmissionState, VersionState

FLOWS = {
    FLOW: ApplicationState,
    FINDING_FLOW: FindingState,
    VERSION_FLOW: VersionState,
    DATASET_FLOW: DatasetState,
    SUBMISSION_FLOW: SubmissionState,
}


@pytest.mark.parametrize(("flow", "states"), FLOWS.items())
def test_every_state_can_be_reached(flow, states):
    reached, before = {flow.start}, set()
    while reached != before:
        before = set(reached)
        reached |= {t.target for state in before for t in flow.following(state)}
    assert reached == set(states.values)


@pytest.mark.parametrize("flow", FLOWS)
def test_every_transition_has_exactly_one_action(flow):
    bound = [perform.transition for perform in ACTIONS.values() if perform.transition in flow.transitions]
    assert sorted(t.name for t in bound) == sorted(t.name for t in flow.transitions)


def test_a_verb_out_of_turn_is_refused(cast, application):
    case.accept_application(cast.acceptance, application)
    with pytest.raises(Refused, match="已受理"):
        case.accept_application(cast.acceptance, application)


def test_a_measured_factor_out_of_turn_is_refused(cast, measured):
    submission = library.submit_factor(cast.researcher, None, **measured)
    with pytest.raises(Refused, match="待审核"):
        library.publish_factor(cast.operator, submission)
    with pytest.raises(Refused, match="待审核"):
        library.correct_factor(cast.researcher, submission, **measured)


def test_evaluation_waits_for_open_findings(cast, judged):
    clause = judged.study.result["clauses"][0]["clause"]
    finding = case.raise_finding(cast.verifier, judged, clause=clause, statement="缺少原始记录")
    with pytest.raises(Refused, match=clause):
        case.complete_evaluation(cast.verifier, judged, conclusion="符合")
    case.answer_finding(cast.maker, finding, answer="已补充")
    with pytest.raises(Refused, match=clause):
        case.complete_evaluation(cast.verifier, judged, conclusion="符合")
    case.close_finding(cast.verifier, finding, note="已核对")
    assert case.complete_evaluation(cast.verifier, judged, conclusion="符合").state == "evaluated"


def test_evaluation_waits_for_every_judgement(cast, in_evaluation):
    with pytest.raises(Refused, match="EAF"):
        case.complete_evaluation(cast.verifier, in_evaluation, conclusion="符合")


@pytest.fixture
def not_conforming(cast, judged):
    clause = next(row["clause"] for row in judged.study.result["clauses"] if row["verdict"] == "judgement")
    case.judge_clause(cast.verifier, judged, clause=clause, conforms=False, note="证据不足")
    return judged, clause


def test_a_case_that_does_not_conform_is_decided_too_but_not_granted(cast, not_conforming):
    found, clause = not_conforming
    case.complete_evaluation(cast.verifier, found, conclusion="一条不符合")
    found = case.review_application(cast.reviewer, found, review="同意核查结论")
    with pytest.raises(Refused, match=clause):
        case.grant_certification(cast.decision_maker, found, note="同意发证")
    assert case.deny_certification(cast.decision_maker, found, note="不符合").state == "denied"


def test_the_applicant_of_such_a_case_may_begin_again_instead(cast, not_conforming):
    assert case.call_back_application(cast.maker, not_conforming[0]).state == "called_back"


def test_one_running_application_per_study(cast, application, organisations):
    with pytest.raises(Refused, match="已有办理中"):
        case.apply_for_certification(cast.maker, application.study, body_id=organisations["other_body"].pk)


def test_a_study_under_an_unfiled_rule_cannot_apply(cast, frozen_study, organisations):
    with pytest.raises(Refused, match="未备案"):
        case.apply_for_certification(cast.maker, frozen_study, body_id=organisations["body"].pk)
