"""What an actor may see: what is not theirs does not exist, in counts and messages too."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, Q, QuerySet

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.library.finding import LARGE
from tanbiao.platform.library.models import Access, Dataset, Source, Submission, Version, VersionState
from tanbiao.platform.library.policies import is_administrator, is_data_reviewer, is_operator

OUT = (VersionState.PUBLISHED, VersionState.RETIRED)  # once published: there for good


def source_name(name: str, access: str, owner_id: UUID | None) -> str:
    """The name of a source as its keys begin with it.

    An own one carries a mark of its owner: the same words are free to everybody, and nobody learns what others have.
    """
    plain = re.sub(r"[^\w.\-]+", "-", name.strip()).strip("-")[:100]
    if access == Access.OPEN or owner_id is None:
        return plain
    return f"{plain}-{hashlib.sha256(owner_id.bytes).hexdigest()[:8]}"


def source_named(actor: Actor, name: str, access: str = Access.OWN, owner_id: UUID | None = None) -> Source | None:
    """The source that `open_source` made of a name, where the actor sees it."""
    return sources_visible_to(actor).filter(name=source_name(name, access, owner_id)).first()


def versions_visible_to(actor: Actor) -> QuerySet[Version]:
    """Published versions of open sources to everybody; every version of an own source to the members of its owner.

    Versions of open sources that are not published: to those who check them (operator, data reviewers), and its owner.
    """
    found = Version.objects.select_related("source")
    return found if is_administrator(actor) else found.filter(_visible(actor))


def _visible(actor: Actor) -> Q:
    visible = Q(source__access=Access.OPEN, state__in=OUT)
    if actor.organisation_id is not None:
        visible |= Q(source__owner_id=actor.organisation_id)
    if is_operator(actor):
        visible |= Q(source__owner=None)
    if is_operator(actor) or is_data_reviewer(actor):
        visible |= Q(source__access=Access.OPEN)
    return visible


def sources_visible_to(actor: Actor) -> QuerySet[Source]:
    """Sources with a version that the actor sees, and those of the actor's organisation (the operator's own)."""
    if is_administrator(actor):
        return Source.objects.all()
    mine = Q(versions__in=versions_visible_to(actor).values("pk"))
    if actor.organisation_id is not None:
        mine |= Q(owner_id=actor.organisation_id)
    if is_operator(actor):
        mine |= Q(owner=None)
    return Source.objects.filter(mine).distinct()


def datasets_visible_to(actor: Actor) -> QuerySet[Dataset]:
    """Data sets of published (and retired) versions that the actor sees; for lists: without their documents."""
    versions = [version.pk for version in published_for(actor)]
    return Dataset.objects.filter(version__in=versions).select_related("version__source").defer(*LARGE)


def published_for(actor: Actor, also: Sequence[str] = ()) -> list[Version]:
    return list(versions_visible_to(actor).filter(state__in=(*OUT, *also)).order_by().defer("report", "progress"))


def datasets_of(actor: Actor, version: Version) -> QuerySet[Dataset]:
    """The data sets of one version, staged ones too, where the actor sees it."""
    seen = versions_visible_to(actor).filter(pk=version.pk)
    return Dataset.objects.filter(version__in=seen).select_related("version__source").defer(*LARGE)


def dataset_by_key(actor: Actor, key: str) -> Dataset | None:
    return datasets_visible_to(actor).select_related("successor").filter(key=key).first()


def dataset_for(actor: Actor, pk: UUID) -> Dataset | None:
    """One data set with its document: of a published version, or of a staged one that the actor sees.

    Not of one that is still filled: what is compiled for a page is kept, and must be of the whole.
    """
    whole = versions_visible_to(actor).filter(state__in=(VersionState.STAGED, *OUT))
    seen = Dataset.objects.filter(pk=pk, version__in=whole.values("pk"))
    return seen.select_related("version__source", "successor").defer("tokens").first()


def history_of(actor: Actor, dataset: Dataset) -> QuerySet[Dataset]:
    """The data set and its like in the other versions of its source that the actor sees, newest first."""
    same = datasets_visible_to(actor).filter(version__source_id=dataset.version.source_id, uid=dataset.uid)
    return same.order_by("-version__number")


def verdict_of(version: Version) -> str:
    """What is said of an import in one word: "accept", "warn" or "reject"."""
    if version.state == VersionState.FAILED and not version.progress.get("nothing"):
        return "reject"
    notices = version.report.get("notices", [])
    return "warn" if any(notice["severity"] != "note" for notice in notices) else "accept"


def submissions_visible_to(actor: Actor) -> QuerySet[Submission]:
    """Measured factors: to their organisation, to data reviewers and operators; published ones show as data sets."""
    found = Submission.objects.select_related("owner", "submitted_by").order_by("-created_at")
    if is_operator(actor) or is_data_reviewer(actor):
        return found
    return found.filter(owner_id=actor.organisation_id) if actor.organisation_id else found.none()


def waiting_for(actor: Actor) -> QuerySet[Submission]:
    """The measured factors whose next step is the actor's, oldest first."""
    mine = Q(pk=None)
    if is_data_reviewer(actor):
        spoken = Q(reviews__round=F("round"), reviews__organisation_id=actor.organisation_id)
        done = Submission.objects.filter(spoken).values("pk")
        mine |= Q(state="submitted") & ~Q(owner_id=actor.organisation_id) & ~Q(pk__in=done)
    if is_operator(actor):
        mine |= Q(state="approved")
    if actor.organisation_id:
        mine |= Q(state="sent_back", owner_id=actor.organisation_id)
    return submissions_visible_to(actor).filter(mine).order_by("created_at")
