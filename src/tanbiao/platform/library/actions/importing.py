"""Databases brought in: a source opened, a version begun from a file, filled, staged; or failed, or given up."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tanbiao.lca.datasets.linking import LinkRule
from tanbiao.lca.datasets.report import SourceRefused
from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.kernel import jobs
from tanbiao.platform.kernel.actions import Invalid, Refused, action, required
from tanbiao.platform.kernel.bilingual import bilingual as _
from tanbiao.platform.kernel.bilingual import both
from tanbiao.platform.kernel.evidence import forget_file, keep_path
from tanbiao.platform.library import flow
from tanbiao.platform.library.intake import GivenUp, Intake, Progress, Tell, empty_version, still_importing
from tanbiao.platform.library.models import (
    KEPT_BY_US,
    Access,
    Source,
    Version,
    VersionState,
)
from tanbiao.platform.library.policies import (
    is_operator,
    may_fill,
    may_import,
    may_open_source,
)
from tanbiao.platform.library.queries import source_name
from tanbiao.platform.library.rows import clean
from tanbiao.words import Text


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
