"""Measured factors (产品碳排放因子测算): submitted, sent back, corrected, reviewed by two, published, replaced."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction

from tanbiao.lca.units import UnknownUnit, unit
from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.kernel import clock
from tanbiao.platform.kernel.actions import Invalid, Refused, action, required
from tanbiao.platform.kernel.bilingual import bilingual as _
from tanbiao.platform.kernel.evidence import keep_file
from tanbiao.platform.kernel.pages import for_reader
from tanbiao.platform.kernel.search import vector
from tanbiao.platform.library import flow
from tanbiao.platform.library.actions.publishing import retire_dataset, undecided
from tanbiao.platform.library.gate import judge_submission
from tanbiao.platform.library.models import (
    MEASURED,
    Access,
    Dataset,
    FlagState,
    Review,
    Severity,
    Source,
    Submission,
    Verdict,
    Version,
    VersionState,
)
from tanbiao.platform.library.policies import may_approve, may_correct, may_publish_factor, may_review, may_submit
from tanbiao.platform.library.queries import dataset_by_key
from tanbiao.platform.library.rows import packed, record_of_submission, row_of, searched


class Document(Protocol):
    """A file as it is uploaded: a name, and bytes to read."""

    name: str

    def read(self) -> bytes: ...


@action("library.submit_factor", policy=may_submit)
def submit_factor(
    actor: Actor, thing: None = None, /, *, documents: Sequence[Document] = (), replaces: str = "", **fields: Any
) -> Submission:
    """Submit a measured factor for review; the gate says at once what it finds.

    fields    name, name_en, value, unit, kind, gas_scope, life_cycle_scope, boundary, gwp_set, region, period_start,
              period_end, technology, method, inventory, representativeness, quality_scores (see Submission)
    replaces  key of a factor measured by the same organisation that this one shall follow
    Raises Invalid naming the field.
    """
    submission = Submission(owner_id=actor.organisation_id, submitted_by_id=actor.user_id)
    return _entered(actor, submission, documents, replaces, fields)


@action("library.correct_factor", policy=may_correct, transition=flow.CORRECT)
def correct_factor(
    actor: Actor, submission: Submission, /, *, documents: Sequence[Document] = (), replaces: str = "", **fields: Any
) -> None:
    """Correct a factor that was sent back and send it in again: a new round, which needs two reviewers again.

    Documents come to those that are there. Raises Invalid naming the field.
    """
    submission.round += 1
    submission.submitted_by_id = actor.user_id
    _entered(actor, submission, documents, replaces, fields)


def _entered(
    actor: Actor, submission: Submission, documents: Sequence[Document], replaces: str, fields: dict[str, Any]
) -> Submission:
    for name, value in fields.items():
        setattr(submission, name, value.strip() if isinstance(value, str) else value)
    try:
        submission.unit = unit(submission.unit).symbol
    except UnknownUnit as fault:
        raise Invalid("unit", for_reader(fault.text))
    submission.replaces = _replaced(actor, replaces) if replaces else submission.replaces
    try:
        submission.full_clean()
    except ValidationError as fault:
        field, said = next(iter(fault.message_dict.items()))
        raise Invalid(field, " ".join(said))
    if submission.period_end < submission.period_start:
        raise Invalid("period_end", _("数据期的结束日期早于开始日期。"))
    submission.save()
    for document in documents:
        kept = keep_file(document.read(), mimetypes.guess_type(document.name)[0] or "application/octet-stream")
        submission.documents.add(kept)
        submission.document_names[kept.sha256] = document.name[-200:]
    submission.save(update_fields=["document_names"])
    judge_submission(submission)
    return submission


def _replaced(actor: Actor, key: str) -> Dataset:
    found = dataset_by_key(actor, key)
    if found is None or not found.measured_as.filter(owner_id=actor.organisation_id).exists():
        raise Invalid("replaces", _("没有找到本单位测算的因子“%(key)s”；只能替代本单位测算的因子。") % {"key": key})
    return found


@action("library.call_back_factor", policy=may_correct, transition=flow.CALL_BACK)
def call_back_factor(actor: Actor, submission: Submission, /) -> None:
    """Take a factor back before it is approved."""


def review_factor(actor: Actor, submission: Submission, *, verdict: str, note: str) -> Submission:
    """One reviewer's word on this round. The second agreement, of another organisation, approves the factor.

    Raises Invalid for a verdict that there is not or an empty note; Refused by policy and state, and for an agreement
    while blocking flags are not accepted.
    """
    act = {Verdict.AGREE: agree_to_factor, Verdict.SEND_BACK: send_back_factor, Verdict.TURN_DOWN: turn_down_factor}
    if verdict not in act:
        raise Invalid("verdict", _("请选择审核意见。"))
    with transaction.atomic():
        submission = act[Verdict(verdict)](actor, submission, note=note)
        agreed = submission.reviews.filter(round=submission.round, verdict=Verdict.AGREE)
        if verdict == Verdict.AGREE and agreed.count() == 2:
            submission = approve_factor(actor, submission)
    return submission


def _reviewed(actor: Actor, submission: Submission, verdict: Verdict, note: str) -> None:
    Review.objects.create(
        submission=submission,
        round=submission.round,
        reviewer_id=actor.user_id,
        organisation_id=actor.organisation_id,
        verdict=verdict,
        note=required("note", note),
    )


@action("library.agree_to_factor", policy=may_review, transition=flow.AGREE)
def agree_to_factor(actor: Actor, submission: Submission, /, *, note: str) -> None:
    if places := undecided(submission):
        raise Refused(_("还有未决定的质量问题：%(places)s。") % {"places": places})
    if submission.flags.filter(severity=Severity.BLOCKING, state=FlagState.UPHELD).exists():
        raise Refused(_("有必须处理的质量问题已确认成立，请退回修改或不予采用。"))
    _reviewed(actor, submission, Verdict.AGREE, note)


@action("library.approve_factor", policy=may_approve, transition=flow.APPROVE)
def approve_factor(actor: Actor, submission: Submission, /) -> None:
    """Two reviewers of two organisations agree; follows from `review_factor`."""


@action("library.send_back_factor", policy=may_review, transition=flow.SEND_BACK)
def send_back_factor(actor: Actor, submission: Submission, /, *, note: str) -> None:
    _reviewed(actor, submission, Verdict.SEND_BACK, note)


@action("library.turn_down_factor", policy=may_review, transition=flow.TURN_DOWN)
def turn_down_factor(actor: Actor, submission: Submission, /, *, note: str) -> None:
    _reviewed(actor, submission, Verdict.TURN_DOWN, note)


@action("library.publish_factor", policy=may_publish_factor, transition=flow.PUBLISH_FACTOR)
def publish_factor(actor: Actor, submission: Submission, /) -> None:
    """Publish an approved factor as a new version of the source of measured factors, open to all.

    The one that it replaces is retired with it as successor (verb library.retire_dataset).
    """
    source, _created = Source.objects.get_or_create(
        name=MEASURED,
        defaults={"title": "平台测算因子", "title_en": "Factors measured on this platform", "access": Access.OPEN},
    )
    source = Source.objects.select_for_update().get(pk=source.pk)
    latest = source.versions.order_by("-number").first()
    version = Version.objects.create(
        source=source,
        number=latest.number + 1 if latest else 1,
        state=VersionState.STAGED,
        format="measured",
        imported_by_id=submission.submitted_by_id,
    )
    record = record_of_submission(submission)
    dataset = row_of(version, record, {})
    dataset.document, version.content_sha256 = packed(record)
    dataset.tokens = vector(searched(dataset))
    dataset.save()
    version.state, version.published_at = VersionState.PUBLISHED, clock.now()
    version.save()
    submission.published_as = dataset
    if submission.replaces and submission.replaces.state == "current":
        retire_dataset(actor, submission.replaces, reason=_("已有新的测算结果。"), successor=dataset.key)
