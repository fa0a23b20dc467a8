"""Databases: opened as sources, imported as versions, checked, published, retired."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery

from tanbiao.lca.datasets.linking import LinkRule
from tanbiao.lca.datasets.report import SourceRefused
from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.kernel import clock, jobs
from tanbiao.platform.kernel.actions import Invalid, Refused, action, state_of
from tanbiao.platform.kernel.bilingual import bilingual as _
from tanbiao.platform.kernel.bilingual import both
from tanbiao.platform.kernel.evidence import forget_file, keep_path
from tanbiao.platform.library import flow
from tanbiao.platform.library.intake import GivenUp, Intake, Progress, Tell, empty_version, still_importing
from tanbiao.platform.library.models import (
    KEPT_BY_US,
    Access,
    Dataset,
    DatasetState,
    Flag,
    FlagState,
    Severity,
    Source,
    Submission,
    Version,
    VersionState,
)
from tanbiao.platform.library.policies import (
    is_operator,
    may_decide_flags,
    may_fill,
    may_import,
    may_open_source,
    may_publish,
    may_retire,
)
from tanbiao.platform.library.queries import dataset_by_key, source_name
from tanbiao.platform.library.rows import clean
from tanbiao.words import Text

UNDECIDED = 5  # flags named in a refusal


def required(field: str, text: str) -> str:
    """A text that must say something. Raises Invalid naming the field."""
    if not text.strip():
        raise Invalid(field, _("请填写此项。"))
    return text.strip()


@action("library.open_source", policy=may_open_source)
def open_source(
    actor: Actor,
    thing: None = None,
    /,
    *,
    name: str,
    title: str = "",
    title_en: str = "",
    publisher: str = "",
    licence: str = "",
    access: str = Access.OWN,
    address: str = "",
    owner_id: UUID | None = None,
) -> Source:
    """Enter a source of data sets. An own one belongs to the actor's organisation; an operator may name another's.

    Raises Invalid: a name without letters, or one that this owner has used; Refused where others than the operator
    would open something to all.
    """
    if not is_operator(actor):
        owner_id = actor.organisation_id
        if access == Access.OPEN:
            raise Refused(_("只有平台管理员可以开放数据库给所有人。"))
    if not re.search(r"\w", name):
        raise Invalid("name", _("请填写名称（字母、数字或汉字）。"))
    known = source_name(name, access, owner_id)
    about = {
        "title": (title.strip() or name.strip())[:200],
        "title_en": title_en.strip(),
        "publisher": publisher.strip(),
        "licence": licence.strip(),
        "access": access,
        "address": address.strip(),
        "owner_id": owner_id,
    }
    source, fresh = Source.objects.get_or_create(name=known, defaults=about)
    if not fresh or known in KEPT_BY_US:
        raise Invalid("name", _("已有名为“%(name)s”的数据库，请换一个名称，或作为新版本导入。") % {"name": name})
    return source


@action("library.start_import", policy=may_import, personal=("path",))
def start_import(
    actor: Actor,
    source: Source,
    /,
    *,
    path: Path,
    filename: str,
    link_rule: str = LinkRule.DECLARED,
    in_background: bool = True,
) -> Version:
    """Begin a version from a file (or, not in the background, a folder); the file is kept and a job is queued.

    The same file again under the same source and rule is not imported twice: its version is answered, and gone on with
    where it was interrupted. Raises Invalid for a link rule that there is not.
    """
    if link_rule not in set(LinkRule):
        raise Invalid("link_rule", _("没有连接规则“%(rule)s”。") % {"rule": link_rule})
    if path.is_dir():
        upload, digest = None, _hash_of_folder(path)
    else:
        upload = keep_path(path, mimetypes.guess_type(filename)[0] or "application/octet-stream")
        digest = upload.sha256
    same = source.versions.filter(file_sha256=digest, link_rule=link_rule)
    version = same.exclude(state=VersionState.FAILED).first()
    if version is None:
        latest = source.versions.order_by("-number").first()
        version = Version.objects.create(
            source=source,
            number=latest.number + 1 if latest else 1,
            filename=Path(filename).name[-200:],
            file_sha256=digest,
            upload=upload,
            link_rule=link_rule,
            imported_by_id=actor.user_id,
        )
    if in_background and version.state == VersionState.IMPORTING:
        jobs.defer("library.import", version=str(version.pk))
    return version


def _hash_of_folder(folder: Path) -> str:
    whole = hashlib.sha256()
    for file in sorted(f for f in folder.rglob("*") if f.is_file()):
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        whole.update(f"{file.relative_to(folder).as_posix()}\n{digest}\n".encode())
    return whole.hexdigest()


def import_into(actor: Actor, version: Version, path: Path, tell: Tell = lambda phase, done, total: None) -> Version:
    """Read a source into an importing version: the one way, for job and command line alike.

    Answers with the version: staged, or failed with the reason in `progress` ({"zh", "en"}) and nothing of it kept. A
    source that was read but holds no data set is "failed" too, with "nothing": true. Killed meanwhile, it stays
    importing; called again with the same file, it goes on. Given up by a person meanwhile, it stays as it then is. Any
    other error fails the version and is raised. Commits as it goes: call it outside a transaction. Raises Refused where
    another process is importing this version.
    """
    with _alone(version):
        version.refresh_from_db()
        if version.state != VersionState.IMPORTING:
            return version
        try:
            return _filled(actor, version, path, tell)
        except GivenUp:  # and emptied; what was kept since is this file
            records = version.records
            version.refresh_from_db()
            if records:
                forget_file(records)
            return version


def _filled(actor: Actor, version: Version, path: Path, tell: Tell) -> Version:
    intake = Intake(version)

    def end(act: Callable[..., Version], **said: Any) -> Version:
        with transaction.atomic():
            still_importing(version)
            return act(actor, version, intake=intake, **said)

    try:
        intake.fill(path, Progress(version, tell))
    except GivenUp:
        raise
    except SourceRefused as refusal:
        return end(fail_import, text=refusal.text)
    except Exception as error:
        kind = type(error).__name__
        said = Text(
            f"读取时出现意外错误（{kind}），没有导入任何内容。请把文件交给平台管理员检查。",
            f"An unexpected error ({kind}) while reading; nothing was imported. Show the operator the file.",
        )
        end(fail_import, text=said)
        raise
    if intake.empty:
        said = Text(
            "文件可以读取，但其中没有过程、因子或声明，没有存入任何内容。",
            "The file can be read but holds no process, factor or declaration; nothing was stored.",
        )
        return end(fail_import, text=said, nothing=True)
    return end(stage_version)


class _alone:
    """Only one process fills a version at a time: a lock of the session, let go when the process dies."""

    def __init__(self, version: Version):
        self.number = version.pk.int & 0x7FFF_FFFF_FFFF_FFFF

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [self.number])
            if not cursor.fetchone()[0]:
                raise Refused(_("这个版本正在导入，请稍候。"))

    def __exit__(self, *_error: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [self.number])


@action("library.stage_version", policy=may_fill, transition=flow.STAGE, personal=("intake",))
def stage_version(actor: Actor, version: Version, /, *, intake: Intake) -> None:
    """An import has ended well: what it found stands in the version, waiting to be looked at."""
    for column in ("format", "content_sha256", "report", "records"):
        setattr(version, column, getattr(intake.version, column))
    version.progress = {}


@action("library.fail_import", policy=may_fill, transition=flow.FAIL, personal=("intake",))
def fail_import(actor: Actor, version: Version, /, *, text: Text, intake: Intake, nothing: bool = False) -> None:
    """An import has ended badly: the reason and the report stay, nothing else."""
    version.format = str(intake.report.facts.get("format", ""))[:20]
    version.report = clean(intake.report.document())
    version.progress = {"zh": clean(text.zh), "en": clean(text.en)} | ({"nothing": True} if nothing else {})
    version.records = intake.version.records
    empty_version(version)


@action("library.discard_version", policy=may_fill, transition=flow.DISCARD)
def discard_version(actor: Actor, version: Version, /, *, reason: str) -> None:
    """Give up a version that is not published; everything it holds is removed."""
    required("reason", reason)
    said = both(reason)
    version.progress = {"zh": f"已放弃：{said.zh.strip()}", "en": f"Given up: {said.en.strip()}"}
    empty_version(version)


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
