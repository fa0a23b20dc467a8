"""The checklist is sent as one sheet: every judgement on it, each with its event, or none."""

import pytest
from django.urls import reverse

from tanbiao.platform.certification.actions import judge_clauses
from tanbiao.platform.kernel.actions import Invalid, Refused
from tanbiao.platform.kernel.models import Event


@pytest.fixture
def open_clauses(in_evaluation):
    return [row["clause"] for row in in_evaluation.study.result["clauses"] if row["verdict"] == "judgement"]


def judgements(clauses, note="已查看"):
    return [{"clause": clause, "conforms": True, "note": note} for clause in clauses]


def test_each_clause_has_its_event(cast, in_evaluation, open_clauses):
    judge_clauses(cast.verifier, in_evaluation, judgements(open_clauses))
    told = Event.objects.filter(verb="certification.judge_clause").values_list("details__clause", flat=True)
    assert list(told) == open_clauses


def test_one_that_does_not_do_undoes_the_others(cast, in_evaluation, open_clauses):
    with pytest.raises(Invalid):
        judge_clauses(cast.verifier, in_evaluation, judgements([*open_clauses, "EAF-99"]))
    assert not in_evaluation.judgements.exists()


def test_only_the_verifier_of_the_case_sends_the_sheet_even_an_empty_one(cast, in_evaluation, signed_in):
    for who in (cast.maker, cast.second_verifier):
        with pytest.raises(Refused):
            judge_clauses(who, in_evaluation, [])
        assert signed_in(who).post(reverse("certification:check", args=[in_evaluation.pk])).status_code == 403


def test_what_is_sent_again_unchanged_is_not_judged_again(cast, in_evaluation, open_clauses, signed_in):
    sheet = {}
    for clause in open_clauses:
        sheet |= {f"conforms-{clause}": "yes", f"note-{clause}": "已查看"}
    browser, page = signed_in(cast.verifier), reverse("certification:check", args=[in_evaluation.pk])
    for _ in range(2):
        assert browser.post(page, sheet).url == reverse("certification:application", args=[in_evaluation.pk])
    assert Event.objects.filter(verb="certification.judge_clause").count() == len(open_clauses)


def test_a_note_without_an_answer_is_asked_for_it_and_kept(cast, in_evaluation, signed_in):
    address = reverse("certification:check", args=[in_evaluation.pk])
    answer = signed_in(cast.verifier).post(address, {"note-EAF-1.1": "写了一半"})
    assert answer.status_code == 400
    assert "请选择符合或不符合" in answer.content.decode() and "写了一半" in answer.content.decode()
