"""The operator who would like to cheat: can write to the database and drop its triggers, but holds no key."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from tanbiao.platform.certificates.models import Certificate
from tanbiao.platform.certification import actions as case
from tanbiao.platform.kernel.actions import Refused
from tanbiao.platform.publiclog.models import Checkpoint, Entry
from tanbiao.trust import leaf_hash, root_hash


def execute(statement, values=()):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, values)


def without_triggers(table, statement, values=()):
    execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    execute(statement, values)
    execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def judged_with_finding(cast, in_evaluation):
    clause = in_evaluation.study.result["clauses"][0]["clause"]
    finding = case.raise_finding(cast.verifier, in_evaluation, clause=clause, statement="缺少记录")
    case.answer_finding(cast.maker, finding, answer="已补充")
    case.close_finding(cast.verifier, finding, note="已核对")
    return in_evaluation


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certification_application SET state = 'reviewed'",
        "UPDATE certification_application SET decision_note = ''",
        "DELETE FROM certification_application",
        "UPDATE certification_finding SET state = 'open'",
        "DELETE FROM certification_finding",
        "INSERT INTO certification_finding SELECT gen_random_uuid(), now(), clause, statement, answer, closing_note,"
        " state, application_id FROM certification_finding",
        "UPDATE certification_judgement SET conforms = false",
        "DELETE FROM certification_judgement",
        "TRUNCATE certification_judgement",
        "DELETE FROM certification_application_evaluators",
        "UPDATE certification_application_evaluators SET user_id = (SELECT id FROM accounts_user LIMIT 1)",
        "UPDATE certificates_certificate SET product_name = 'other'",
        "UPDATE certificates_certificate SET valid_until = valid_until + 400",
        "UPDATE certificates_certificate SET signed = '{}'",
        "UPDATE certificates_status SET statement = '{}'",
        "DELETE FROM certificates_status",
        "UPDATE certificates_issuerkey SET name = 'other'",
        "UPDATE certificates_issuerkey SET valid_from = valid_from - 400",
        "DELETE FROM certificates_issuerkey",
    ],
)
def test_a_decided_case_cannot_be_rewritten(judged_with_finding, certificate, statement):
    with pytest.raises(DatabaseError, match="append-only|at this stage"):
        execute(statement)


def test_an_evaluator_stays_one_while_the_case_runs(in_evaluation):
    with pytest.raises(DatabaseError, match="append-only"):
        in_evaluation.evaluators.clear()


def test_what_is_shown_is_what_was_signed(client, certificate):
    """No copy of the claims stands beside the document for somebody to edit."""
    columns = {field.name for field in Certificate._meta.get_fields()}
    assert "claims" not in columns
    assert certificate.claims == json.loads(certificate.document)["certificate"]


def test_an_entry_slipped_into_the_log_is_never_signed(cast, certificate, reviewed_again):
    forged = b'{"type":"certificate.issued","number":"TB-2026-000666-00","sha256":"' + b"0" * 64 + b'"}'
    execute(
        "INSERT INTO publiclog_entry (index, data, leaf_hash, at) VALUES (1, %s, %s, now())",
        [forged, leaf_hash(forged)],
    )
    with pytest.raises(Refused, match="日志"):
        case.grant_certification(cast.decision_maker, reviewed_again, note="同意")
    assert Checkpoint.objects.count() == 1


def test_a_checkpoint_without_the_key_of_the_log_does_not_help(cast, certificate, reviewed_again):
    forged = b"forged"
    execute(
        "INSERT INTO publiclog_entry (index, data, leaf_hash, at) VALUES (1, %s, %s, now())",
        [forged, leaf_hash(forged)],
    )
    root = root_hash([bytes(leaf) for leaf in Entry.objects.values_list("leaf_hash", flat=True)])
    first = Checkpoint.objects.get()
    execute(
        "INSERT INTO publiclog_checkpoint (size, root, note, at) VALUES (2, %s, %s, now())",
        [root, first.note.replace("\n1\n", "\n2\n")],
    )
    with pytest.raises(Refused, match="日志"):
        case.grant_certification(cast.decision_maker, reviewed_again, note="同意")


def test_a_history_with_its_end_cut_off_is_noticed(cast, certificate, reviewed_again):
    without_triggers("publiclog_entry", "DELETE FROM publiclog_entry")
    with pytest.raises(Refused, match="日志"):
        case.grant_certification(cast.decision_maker, reviewed_again, note="同意")


def test_a_log_cut_back_to_an_earlier_state_is_noticed(
    cast, reviewed, reviewed_again, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        case.grant_certification(cast.decision_maker, reviewed, note="同意")
    without_triggers("publiclog_entry", "DELETE FROM publiclog_entry")
    without_triggers("publiclog_checkpoint", "DELETE FROM publiclog_checkpoint")
    with pytest.raises(Refused, match="日志"):
        case.grant_certification(cast.decision_maker, reviewed_again, note="同意")


def test_a_log_keeps_its_name_when_the_platform_moves(client, certificate, settings, cast, reviewed_again):
    settings.PUBLIC_URL = "https://moved.example"
    case.grant_certification(cast.decision_maker, reviewed_again, note="同意")
    for issued in Certificate.objects.all():
        page = client.get(reverse("portal:certificate", args=[issued.number])).content.decode()
        assert "查验未通过" not in page and "查验：全部通过" in page


@pytest.fixture
def reviewed_again(cast, filed_rule, organisations, rebar):
    """A second case, of another enterprise, ready for the decision."""
    from tanbiao.platform.certification.queries import checklist
    from tanbiao.platform.footprints.actions import calculate_study, freeze_study
    from tanbiao.platform.products.actions import upload_workbook

    workbook = upload_workbook(cast.rival, None, data=rebar, filename="again.xlsx")
    study = freeze_study(cast.rival, calculate_study(cast.rival, workbook))
    found = case.apply_for_certification(cast.rival, study, body_id=organisations["body"].pk)
    case.accept_application(cast.acceptance, found)
    found = case.assign_verifier(cast.acceptance, found, verifier_id=cast.verifier.user_id)
    for row in checklist(found):
        if row["verdict"] == "judgement":
            case.judge_clause(cast.verifier, found, clause=row["clause"], conforms=True, note="看过")
    found = case.complete_evaluation(cast.verifier, found, conclusion="符合")
    return case.review_application(cast.reviewer, found, review="同意")
