"""Who evaluated a case neither reviews nor decides it (ISO/IEC 17065 7.5, 7.6), whatever roles they hold."""

import pytest

from tanbiao.platform.certificates.models import Certificate
from tanbiao.platform.certification import actions as case
from tanbiao.platform.certification.queries import checklist
from tanbiao.platform.kernel.actions import Invalid, Refused


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
    case.accept_application(cast.acceptance, application)
    with pytest.raises(Invalid):
        case.assign_verifier(cast.acceptance, application, verifier_id=cast.other_body.user_id)


@pytest.fixture
def changed_sides(cast, organisations):
    """The maker's applicant leaves for the body, where every role is open to them."""
    from tanbiao.platform.accounts.actor import actor_for
    from tanbiao.platform.accounts.models import Membership, Role, User

    def move():
        roles = [Role.APPLICATION_REVIEWER, Role.VERIFIER, Role.REVIEWER, Role.DECISION_MAKER]
        Membership.objects.filter(user_id=cast.maker.user_id).update(
            organisation_id=organisations["body"].pk, roles=roles
        )
        return actor_for(User.objects.get(pk=cast.maker.user_id))

    return move


def test_who_applied_does_not_decide_after_changing_sides(cast, reviewed, changed_sides):
    with pytest.raises(Refused, match="17065 4.2"):
        case.grant_certification(changed_sides(), reviewed, note="自己决定")
    assert not Certificate.objects.exists()


def test_who_applied_neither_accepts_nor_reviews_nor_verifies_after_changing_sides(cast, application, changed_sides):
    turncoat = changed_sides()
    with pytest.raises(Refused, match="17065 4.2"):
        case.accept_application(turncoat, application)
    case.accept_application(cast.acceptance, application)
    with pytest.raises(Invalid, match="17065 4.2"):
        case.assign_verifier(cast.acceptance, application, verifier_id=turncoat.user_id)


def test_a_member_of_the_enterprise_does_not_act_for_the_body(cast, evaluated, organisations):
    from tanbiao.platform.accounts.models import Membership, Role

    Membership.objects.create(
        user_id=cast.reviewer.user_id, organisation=organisations["maker"], roles=[Role.APPLICANT]
    )
    with pytest.raises(Refused, match="17065 4.2"):
        case.review_application(cast.reviewer, evaluated, review="同意")
