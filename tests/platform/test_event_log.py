"""The event log: every act leaves a line, and no line can be changed."""

import pytest
from django.db import DatabaseError, connection, transaction

from tanbiao.platform.kernel.models import Event
from tanbiao.platform.kernel.queries import events_of


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_event SET verb = 'nothing'",
        "DELETE FROM kernel_event",
        "TRUNCATE kernel_event CASCADE",
        "UPDATE publiclog_entry SET data = ''",
        "DELETE FROM publiclog_entry",
        "TRUNCATE publiclog_checkpoint",
        "UPDATE footprints_study SET published = '1'",
        "DELETE FROM footprints_study",
        "UPDATE certificates_certificate SET log = '{}'",
        "DELETE FROM certificates_certificate",
        "TRUNCATE certificates_certificate CASCADE",
        "TRUNCATE certificates_issuerkey CASCADE",
        "UPDATE rulebook_filedrule SET demonstration = false",
        "DELETE FROM rulebook_filedrule",
        "INSERT INTO certification_application_evaluators (application_id, user_id)"
        " SELECT application_id, decision_maker_id FROM certification_application_evaluators"
        " JOIN certification_application a ON a.id = application_id",
    ],
)
def test_the_database_itself_refuses_to_rewrite_history(certificate, statement):
    with (
        pytest.raises(DatabaseError, match="append-only|foreign key|at this stage"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


def test_an_application_tells_its_whole_story(certificate):
    verbs = [event.verb for event in events_of(certificate.application)]
    assert verbs[0] == "certification.apply"
    assert [v for v in verbs if v != "certification.judge_clause"] == [
        "certification.apply",
        "certification.accept",
        "certification.assign_verifier",
        "certification.complete_evaluation",
        "certification.review",
        "certification.grant",
    ]


def test_an_event_says_who_when_and_what_changed(cast, application):
    from tanbiao.platform.certification.actions import accept_application

    accept_application(cast.acceptance, application)
    event = events_of(application).last()
    assert event.actor_id == cast.acceptance.user_id
    assert event.organisation_id == cast.acceptance.organisation_id
    assert (event.before["state"], event.after["state"]) == ("submitted", "accepted")


def test_no_secret_and_no_address_enters_the_log(cast):
    told = " ".join(f"{e.before} {e.after} {e.details}" for e in Event.objects.all())
    assert "passphrase" not in told
    assert "@example.com" not in told


def test_no_document_enters_the_log(certificate):
    for event in Event.objects.all():
        assert not set(event.after) & {"system", "warnings", "result", "frozen", "document"}, event.verb


def test_an_argument_is_told_whatever_columns_the_model_keeps_out(cast, application, monkeypatch):
    from tanbiao.platform.certification.actions import refuse_application

    monkeypatch.setattr(type(application), "NOT_LOGGED", ("refusal_reason", "reason"))
    refuse_application(cast.acceptance, application, reason="资料不全")
    event = events_of(application).last()
    assert event.details == {"reason": "资料不全"} and "refusal_reason" not in event.after


def test_a_verb_has_one_action():
    from tanbiao.platform.kernel.actions import action

    with pytest.raises(ValueError, match="certification.apply"):
        action("certification.apply", policy=None)(lambda actor, thing: None)


def test_a_refused_act_leaves_no_event(cast, application):
    from tanbiao.platform.certification.actions import accept_application
    from tanbiao.platform.kernel.actions import Refused

    before = Event.objects.count()
    with pytest.raises(Refused):
        accept_application(cast.rival, application)
    assert Event.objects.count() == before
