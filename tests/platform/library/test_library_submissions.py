"""A measured factor from its submission to its successor; two independent reviewers of two organisations."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile

from tanbiao.platform.accounts.actor import PASSER_BY
from tanbiao.platform.kernel.actions import Invalid, Refused, on
from tanbiao.platform.kernel.evidence import read_file
from tanbiao.platform.kernel.queries import events_of
from tanbiao.platform.library.actions import (
    call_back_factor,
    correct_factor,
    decide_flags,
    publish_factor,
    retire_dataset,
    review_factor,
    submit_factor,
)
from tanbiao.platform.library.models import Flag
from tanbiao.platform.library.queries import dataset_by_key, factor_of, waiting_for


def agree(actor, submission):
    return review_factor(actor, submission, verdict="agree", note="同意")


def test_from_submission_to_a_published_factor(cast, submission, measured):
    document = submission.documents.get()
    assert read_file(document) == b"report" and submission.document_names[document.pk] == "报告.pdf"
    submission = review_factor(cast.data_reviewer, submission, verdict="send_back", note="请说明分摊方法")
    assert submission.state == "sent_back"
    submission = correct_factor(cast.researcher, submission, **{**measured, "method": "按质量分摊"})
    assert (submission.state, submission.round, submission.method) == ("submitted", 2, "按质量分摊")
    submission = agree(cast.data_reviewer, submission)
    assert submission.state == "submitted"
    submission = agree(cast.second_data_reviewer, submission)
    assert submission.state == "approved"
    submission = publish_factor(cast.operator, submission)
    dataset = submission.published_as
    assert dataset_by_key(PASSER_BY, f"measured@1:{submission.pk.hex}") == dataset
    assert factor_of(dataset).emissions[0].quantity.amount == measured["value"]
    assert (dataset.value, dataset.region, dataset.year_from, dataset.year) == (1.25, "CN-SH", 2025, 2025)
    assert [event.verb.partition(".")[2] for event in events_of(submission)] == [
        "submit_factor", "send_back_factor", "correct_factor", "agree_to_factor", "agree_to_factor", "approve_factor",
        "publish_factor",
    ]  # fmt: skip


def test_the_submitters_side_does_not_review(cast, submission):
    from tanbiao.platform.accounts.models import Membership

    insider = Membership.objects.get(user_id=cast.data_reviewer.user_id)
    Membership.objects.create(user_id=insider.user_id, organisation_id=submission.owner_id, roles=["researcher"])
    with pytest.raises(Refused, match="提交单位"):
        agree(cast.data_reviewer, submission)


def test_who_submitted_does_not_review_even_elsewhere(cast, submission):
    from dataclasses import replace

    two_hats = replace(cast.data_reviewer, user_id=cast.researcher.user_id)
    with pytest.raises(Refused, match="提交因子的人员"):
        agree(two_hats, submission)


def test_an_institute_does_not_review_its_own_factor(cast, measured):
    submission = submit_factor(cast.institute, None, **measured)
    with pytest.raises(Refused, match="本单位"):
        agree(cast.data_reviewer, submission)


def test_two_of_one_organisation_are_not_two(cast, submission, organisations):
    from tanbiao.platform.accounts.actions import open_account
    from tanbiao.platform.accounts.actor import actor_for

    colleague = actor_for(
        open_account(
            cast.operator, organisations["institute"], email="third@example.com", name="同事",
            roles=["data_reviewer"], password="a long enough passphrase",
        )
    )  # fmt: skip
    submission = agree(cast.data_reviewer, submission)
    for actor, said in ((cast.data_reviewer, "已审核过"), (colleague, "不同机构")):
        with pytest.raises(Refused, match=said):
            agree(actor, submission)


def test_after_a_correction_two_agreements_are_needed_again(cast, submission, measured):
    agree(cast.data_reviewer, submission)
    review_factor(cast.second_data_reviewer, submission, verdict="send_back", note="缺单位换算")
    submission = correct_factor(cast.maker, submission, **measured)
    assert agree(cast.data_reviewer, submission).state == "submitted"
    assert agree(cast.second_data_reviewer, submission).state == "approved"


def test_one_may_turn_it_down(cast, submission):
    assert review_factor(cast.data_reviewer, submission, verdict="turn_down", note="方法不成立").state == "turned_down"
    with pytest.raises(Refused, match="不予采用"):
        agree(cast.second_data_reviewer, submission)


def test_it_may_be_called_back_until_it_is_approved(cast, submission, approved, measured):
    with pytest.raises(Refused, match="审核通过"):
        call_back_factor(cast.researcher, approved)
    other = submit_factor(cast.researcher, None, **measured)
    assert call_back_factor(cast.maker, other).state == "called_back"


@pytest.mark.parametrize(
    ("field", "value"),
    [("unit", "斗"), ("name", " "), ("method", ""), ("period_end", dt.date(2020, 1, 1)), ("value", "abc")],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_named_by_its_field(cast, field, value, measured):
    with pytest.raises(Invalid) as fault:
        submit_factor(cast.researcher, None, **{**measured, field: value})
    assert fault.value.field == field


def test_a_review_says_why(cast, submission):
    for given in ({"verdict": "agree", "note": " "}, {"verdict": "perhaps", "note": "x"}):
        with pytest.raises(Invalid):
            review_factor(cast.data_reviewer, submission, **given)


def test_blocking_flags_are_decided_before_approval(cast, submission):
    flag = Flag.objects.create(
        submission=submission, check_code="magnitude", severity="blocking", place="数值", zh="过大", en="too large"
    )
    with pytest.raises(Refused, match="数值"):
        agree(cast.data_reviewer, submission)
    with pytest.raises(Refused):
        decide_flags(cast.researcher, submission, flags=[flag.pk], state="accepted", reason="没问题")
    decide_flags(cast.data_reviewer, submission, flags=[flag.pk], state="upheld", reason="单位错")
    with pytest.raises(Refused, match="成立"):
        agree(cast.data_reviewer, submission)
    decide_flags(cast.data_reviewer, submission, flags=[flag.pk], state="accepted", reason="小型设备，合理")
    assert agree(cast.data_reviewer, submission).reviews.count() == 1


def test_a_newer_factor_retires_the_one_it_replaces_and_tells(cast, approved, monkeypatch, measured):
    told = []
    monkeypatch.setattr("tanbiao.platform.kernel.actions._listeners", {})
    first = publish_factor(cast.operator, approved).published_as
    on("library.retire_dataset")(lambda event, thing, actor: told.append((thing.key, thing.successor.key)))
    newer = submit_factor(cast.researcher, None, replaces=first.key, **{**measured, "name": "试验厂螺纹钢（2026）"})
    for actor in (cast.data_reviewer, cast.second_data_reviewer):
        newer = agree(actor, newer)
    second = publish_factor(cast.operator, newer).published_as
    first.refresh_from_db()
    assert (first.state, first.successor, second.version.number) == ("retired", second, 2)
    assert told == [(first.key, second.key)]
    assert first.version.state == "published"  # earlier versions stay


def test_a_measured_factor_may_be_retired_by_its_owner(cast, approved):
    dataset = publish_factor(cast.operator, approved).published_as
    with pytest.raises(Refused):
        retire_dataset(cast.rival, dataset, reason="不喜欢")
    assert retire_dataset(cast.maker, dataset, reason="产线已停").state == "retired"


def test_whose_turn_it_is(cast, submission):
    def waits():
        return {name for name, actor in cast.everybody().items() if waiting_for(actor).exists()}

    assert waits() == {"data_reviewer", "second_data_reviewer"}
    agree(cast.data_reviewer, submission)
    assert waits() == {"second_data_reviewer"}
    agree(cast.second_data_reviewer, submission)
    assert waits() == {"operator"}


def test_documents_of_a_correction_come_to_those_there(cast, submission, measured):
    review_factor(cast.data_reviewer, submission, verdict="send_back", note="补充报告")
    correct_factor(cast.researcher, submission, documents=[ContentFile(b"more", name="补充.pdf")], **measured)
    assert submission.documents.count() == 2
