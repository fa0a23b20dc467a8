"""Work in the background: reading an uploaded database."""

from __future__ import annotations

from tanbiao.platform.accounts.actor import actor_for
from tanbiao.platform.kernel import jobs
from tanbiao.platform.kernel.bilingual import bilingual as _
from tanbiao.platform.kernel.evidence import as_named
from tanbiao.platform.library.actions import discard_version, import_into, start_import
from tanbiao.platform.library.models import Version, VersionState
from tanbiao.platform.library.policies import ADMINISTRATOR


def give_up_import(version: str) -> None:
    """The worker died of this source several times: fail its version, so that nobody waits for it."""
    found = Version.objects.get(pk=version)
    if found.state == VersionState.IMPORTING:
        discard_version(ADMINISTRATOR, found, reason=_("读取时多次中断（内存或时间不足）。"))


@jobs.task("library.import", given_up=give_up_import)
def import_version(version: str) -> None:
    """Read the upload of an importing version; begun twice, it goes on where it was interrupted."""
    found = Version.objects.select_related("source", "upload", "imported_by").get(pk=version)
    if found.state != VersionState.IMPORTING or not found.upload:
        return
    actor = actor_for(found.imported_by) if found.imported_by else ADMINISTRATOR
    if reason := start_import.refusal(actor, found.source):  # type: ignore[attr-defined]  # may not any more
        discard_version(ADMINISTRATOR, found, reason=reason)
        return
    with as_named(found.upload, found.filename) as path:
        import_into(actor, found, path)
