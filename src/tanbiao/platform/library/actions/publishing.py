"""Versions checked by people, published, and taken out of use."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.kernel import clock
from tanbiao.platform.kernel.actions import Invalid, Refused, action, required, state_of
from tanbiao.platform.kernel.bilingual import bilingual as _
from tanbiao.platform.library import flow
from tanbiao.platform.library.models import (
    Access,
    Dataset,
    DatasetState,
    Flag,
    FlagState,
    Severity,
    Submission,
    Version,
    VersionState,
)
from tanbiao.platform.library.policies import (
    may_decide_flags,
    may_publish,
    may_retire,
)
from tanbiao.platform.library.queries import dataset_by_key

UNDECIDED = 5  # flags named in a refusal


@action("library.decide_flags", policy=may_decide_flags)
def decide_flags(
    actor: Actor,
    thing: Version | Submission,
    /,
    *,
    state: str,
    reason: str,
    flags: Sequence[UUID] = (),
    check_code: str = "",
) -> None:
    """A reviewer's word on flags of a staged version or a submitted factor: some, or all of one check.

    state  "accepted": it is right as it is; "upheld": it is wrong (a data set with an upheld blocking flag is published
           as retired, a submission with one is not approved)
    Raises Invalid where none is named or the reason is empty, Refused where the thing is not under review.
    """
    if thing.state not in (VersionState.STAGED, "submitted"):
        raise Refused(_("当前状态“%(state)s”不能决定质量问题。") % {"state": state_of(thing)})
    if state not in (FlagState.ACCEPTED, FlagState.UPHELD):
        raise Invalid("state", _("请选择接受或确认问题。"))
    chosen = thing.flags.filter(check_code=check_code) if check_code else thing.flags.filter(pk__in=flags)
    found = chosen.update(state=state, reason=required("reason", reason), decided_by_id=actor.user_id)
    if not found:
        raise Invalid("flags", _("请至少选择一个质量问题。"))


def undecided(thing: Version | Submission) -> str:
    """The places of the first blocking flags that nobody has decided, for a message; "" where there are none."""
    flags = Flag.objects.filter(severity=Severity.BLOCKING, state=FlagState.OPEN)
    flags = flags.filter(**{"submission" if isinstance(thing, Submission) else "version": thing}).order_by("place")
    places = [place or "—" for place in flags.values_list("place", flat=True)[: UNDECIDED + 1]]
    return _("、").join(places[:UNDECIDED]) + (" …" if len(places) > UNDECIDED else "")


@action("library.publish_version", policy=may_publish, transition=flow.PUBLISH)
def publish_version(actor: Actor, version: Version, /) -> None:
    """Publish a staged version: from now on it can be used, and never changes.

    Data sets with a blocking flag that was upheld go in as retired. Raises Refused while blocking flags are undecided.
    """
    if places := undecided(version):
        raise Refused(_("还有未决定的质量问题：%(places)s。") % {"places": places})
    wrong = version.flags.filter(severity=Severity.BLOCKING, state=FlagState.UPHELD, dataset__isnull=False)
    for flag in wrong.select_related("dataset"):
        reason = _("质量检查不通过：%(reason)s") % {"reason": flag.reason}
        Dataset.objects.filter(pk=flag.dataset_id).update(state=DatasetState.RETIRED, retired_reason=reason[:400])
    version.published_at = clock.now()


@action("library.retire_dataset", policy=may_retire, transition=flow.RETIRE_DATASET, locks="version")
def retire_dataset(actor: Actor, dataset: Dataset, /, *, reason: str, successor: str = "") -> None:
    """Take a data set out of use; results that rest on it stay, and are told (listeners of this verb).

    successor  key of the data set to use instead, if there is one
    Raises Invalid where the actor sees no such data set, or it is this one, or follows from this one.
    """
    dataset.retired_reason = required("reason", reason)[:400]
    if successor:
        dataset.successor = _successor(actor, dataset, successor)


def _successor(actor: Actor, dataset: Dataset, key: str) -> Dataset:
    found = dataset_by_key(actor, key)
    if found is None:
        raise Invalid("successor", _("没有找到数据集“%(key)s”。") % {"key": key})
    if found.state != DatasetState.CURRENT:
        raise Invalid("successor", _("替代数据集“%(name)s”已停用。") % {"name": found.name})
    if found.pk == dataset.pk:
        raise Invalid("successor", _("数据集不能替代自己。"))
    if found.version.source.access == Access.OWN and dataset.version.source.access == Access.OPEN:
        raise Invalid("successor", _("公开的数据集只能由公开的数据集替代。"))
    return found


@action("library.retire_version", policy=may_publish, transition=flow.RETIRE)
def retire_version(actor: Actor, version: Version, /, *, reason: str) -> None:
    """Take a whole version out of use: all its data sets, each followed by that of the same id in a newer one."""
    reason = required("reason", reason)[:400]
    newer = version.source.versions.filter(state=VersionState.PUBLISHED, number__gt=version.number)
    following = Dataset.objects.filter(version=newer.order_by("-number").first(), state=DatasetState.CURRENT)
    succeed(version.datasets.filter(state=DatasetState.CURRENT), following, reason)


def succeed(old: QuerySet[Dataset], new: QuerySet[Dataset], reason: str) -> None:
    """Retire data sets, each followed by the new one of the same id in its source."""
    same = new.filter(uid=OuterRef("uid")).values("pk")[:1]
    old.update(state=DatasetState.RETIRED, retired_reason=reason, successor=Subquery(same))
