"""The actor: who is asking, and for which organisation. Every policy and action begins with one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tanbiao.platform.accounts.models import Membership, OrganisationKind, User


@dataclass(frozen=True, slots=True)
class Actor:
    """One person acting for one organisation; the passer-by (`PASSER_BY`) is neither."""

    user_id: UUID | None = None
    name: str = ""
    organisation_id: UUID | None = None
    organisation_name: str = ""
    organisation_name_en: str = ""
    kind: str = ""
    roles: frozenset[str] = frozenset()

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def is_enterprise(self) -> bool:
        return self.kind == OrganisationKind.ENTERPRISE

    @property
    def is_body(self) -> bool:
        return self.kind == OrganisationKind.CERTIFICATION_BODY

    def has_role(self, role: str, *, at: UUID) -> bool:
        """Whether the actor holds the role in that organisation, and acts for it now."""
        return self.organisation_id is not None and self.organisation_id == at and role in self.roles


PASSER_BY = Actor()


def actor_for(user: User) -> Actor:
    """The actor of a signed-in person: acts for the first organisation joined (one person, one desk)."""
    membership = Membership.objects.filter(user=user).select_related("organisation").order_by("id").first()
    if membership is None:
        return Actor(user_id=user.pk, name=user.name)
    organisation = membership.organisation
    return Actor(
        user.pk,
        user.name,
        organisation.pk,
        organisation.name,
        organisation.name_en,
        organisation.kind,
        frozenset(membership.roles),
    )
