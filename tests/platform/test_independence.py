"""Who evaluated a case neither reviews nor decides it (ISO/IEC 17065 7.5, 7.6), whatever roles they hold."""

import pytest

from tanbiao.platform.certificates.models import Certificate
from tanbiao.platform.certification import actions as case
from tanbiao.platform.certification.queries import checklist
from tanbiao.platform.kernel.actions import Refused


@pytest.fixture
def evaluated_by_all_rounder(cast, application):
    case.accept_application(cast.acceptance, application)
    found = case.assign_verifier(cast.acceptance, application, verifier_id=cast.all_rounder.user_id)
    for row in checklist(found):
        if row["verdict"] == "judgement":
            case.judge_clause(cast.all_rounder, found, clause=row["clause"], conforms=True, note="看过")
    return case.complete_evaluation(cast.all_rounder, found, conclusion="符合")


def test_the_verifier_may_not_review(cast, evaluated_by_all_rounder):
    with pytest.raises(Refused, match="17065 7.5"):
        case.review_application(cast.all_rounder, evaluated_by_all_rounder, review="自己复核")


def test_the_verifier_may_not_decide(cast, evaluated_by_all_rounder):
    reviewed = case.review_application(cast.reviewer, evaluated_by_all_rounder, review="同意")
    with pytest.raises(Refused, match="17065 7.6"):
        case.grant_certification(cast.all_rounder, reviewed, note="自己决定")
    assert not Certificate.objects.exists()


def test_a_verifier_who_handed_the_case_over_still_may_not_decide(cast, application):
    case.accept_application(cast.acceptance, application)
    case.assign_verifier(cast.acceptance, application, verifier_id=cast.all_rounder.user_id)
    found = case.assign_verifier(cast.acceptance, application, verifier_id=cast.verifier.user_id)
    for row in checklist(found):
        if row["verdict"] == "judgement":
            case.judge_clause(cast.verifier, found, clause=row["clause"], conforms=True, note="看过")
    case.complete_evaluation(cast.verifier, found, conclusion="符合")
    reviewed = case.review_application(cast.reviewer, found, review="同意")
    with pytest.raises(Refused, match="17065 7.6"):
        case.grant_certification(cast.all_rounder, reviewed, note="自己决定")


def test_a_verifier_of_another_body_cannot_be_assigned(cast, application):
    from tanbiao.platform.kernel.actions import Invalid

    case.accept_application(cast.acceptance, application)
    with pytest.raises(Invalid):
        case.assign_verifier(cast.acceptance, application, verifier_id=cast.other_body.user_id)
