"""Two people at the same moment: real threads, real transactions, one database; exactly one of them succeeds."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from tanbiao.platform.certificates.models import Certificate
from tanbiao.platform.certification import actions as case
from tanbiao.platform.certification.models import Application, FindingState
from tanbiao.platform.certification.queries import checklist
from tanbiao.platform.footprints.actions import calculate_study, freeze_study
from tanbiao.platform.kernel.actions import Refused
from tanbiao.platform.kernel.models import Event
from tanbiao.platform.products.actions import upload_workbook
from tanbiao.platform.publiclog.models import Entry

pytestmark = pytest.mark.usefixtures("history_may_be_emptied", "transactional_db")


def at_once(*acts):
    """Run each act in a thread of its own, all starting together; answers with what each returned or raised."""
    gate, told = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            gate.wait(timeout=30)
            told[place] = act()
        except Exception as error:
            told[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return told


def refused(told):
    for answer in told:
        if isinstance(answer, Exception):
            assert isinstance(answer, Refused), repr(answer)
    return sum(isinstance(answer, Refused) for answer in told)


def events(verb):
    return Event.objects.filter(verb=verb).count()


def test_frozen_once(cast, draft_study):
    told = at_once(*[lambda: freeze_study(cast.maker, draft_study)] * 3)
    assert (refused(told), events("footprints.freeze")) == (2, 1)


def test_applied_for_once(cast, frozen_study, filed_rule, organisations):
    told = at_once(
        lambda: case.apply_for_certification(cast.maker, frozen_study, body_id=organisations["body"].pk),
        lambda: case.apply_for_certification(cast.maker, frozen_study, body_id=organisations["other_body"].pk),
    )
    assert (refused(told), events("certification.apply"), Application.objects.count()) == (1, 1, 1)


def test_applied_for_once_with_the_same_content_uploaded_twice(cast, frozen_study, filed_rule, organisations, rebar):
    workbook = upload_workbook(cast.maker, None, data=rebar, filename="又一次.xlsx")
    again = freeze_study(cast.maker, calculate_study(cast.maker, workbook))
    told = at_once(
        lambda: case.apply_for_certification(cast.maker, frozen_study, body_id=organisations["body"].pk),
        lambda: case.apply_for_certification(cast.maker, again, body_id=organisations["other_body"].pk),
    )
    assert (refused(told), Application.objects.count()) == (1, 1)


def test_called_back_or_accepted_but_not_refused_afterwards(cast, application):
    told = at_once(
        lambda: case.refuse_application(cast.acceptance, application, reason="资料不全"),
        lambda: case.accept_application(cast.acceptance, application),
        lambda: case.call_back_application(cast.maker, application),
    )
    verbs = {"certification.refuse", "certification.accept", "certification.call_back"}
    done = list(Event.objects.filter(verb__in=verbs).order_by("id").values_list("verb", flat=True))
    assert len(done) == 3 - refused(told)
    assert done in (
        ["certification.refuse"],
        ["certification.call_back"],
        ["certification.accept", "certification.call_back"],  # may be called back until the evaluation is completed
    )
    application.refresh_from_db()
    assert application.state in ("refused", "called_back")


def test_granted_once_with_one_certificate_and_one_entry(cast, reviewed):
    told = at_once(
        lambda: case.grant_certification(cast.decision_maker, reviewed, note="同意"),
        lambda: case.grant_certification(cast.all_rounder, reviewed, note="同意"),
        lambda: case.deny_certification(cast.all_rounder, reviewed, note="不同意"),
    )
    assert refused(told) == 2
    reviewed.refresh_from_db()
    granted = int(reviewed.state == "granted")
    assert events("certification.grant") + events("certification.deny") == 1
    assert (events("certification.grant"), Certificate.objects.count(), Entry.objects.count()) == (granted,) * 3


def test_an_evaluation_is_not_completed_over_a_finding_raised_meanwhile(cast, judged):
    clause = checklist(judged)[0]["clause"]
    at_once(
        lambda: case.complete_evaluation(cast.verifier, judged, conclusion="符合"),
        lambda: case.raise_finding(cast.verifier, judged, clause=clause, statement="缺少记录"),
    )
    judged.refresh_from_db()
    assert (judged.state == "evaluated") != judged.findings.filter(state=FindingState.OPEN).exists()


@pytest.mark.parametrize("verb", ["answer", "close", "reopen"])
def test_a_finding_stays_as_it_is_in_a_case_called_back_at_that_moment(cast, in_evaluation, verb):
    clause, called_back = checklist(in_evaluation)[0]["clause"], threading.Event()
    finding = case.raise_finding(cast.verifier, in_evaluation, clause=clause, statement="缺少记录")
    if verb != "answer":
        finding = case.answer_finding(cast.maker, finding, answer="已补充")

    def call_back():
        with transaction.atomic():
            case.call_back_application(cast.maker, in_evaluation)
            called_back.set()
            time.sleep(0.5)  # the other one comes before this is settled

    def act():
        called_back.wait(timeout=30)
        if verb == "answer":
            return case.answer_finding(cast.maker, finding, answer="已补充")
        return getattr(case, f"{verb}_finding")(cast.verifier, finding, note="已核对")

    assert refused(at_once(call_back, act)) == 1
    before = finding.state
    finding.refresh_from_db()
    assert finding.state == before


def test_nobody_decides_who_is_made_evaluator_at_that_moment(cast, in_evaluation):
    """An evaluator may be added only while the evaluation runs, and a decision taken only after it."""
    told = at_once(
        lambda: case.assign_verifier(cast.acceptance, in_evaluation, verifier_id=cast.all_rounder.user_id),
        lambda: case.grant_certification(cast.all_rounder, in_evaluation, note="同意"),
    )
    assert refused(told) == 1
    assert not Certificate.objects.exists()
