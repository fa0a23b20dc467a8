from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from tanbiao.platform.accounts.models import Membership, Organisation, OrganisationKind, Role, User


def organisation(pk: UUID) -> Organisation:
    return Organisation.objects.get(pk=pk)


def certification_bodies() -> QuerySet[Organisation]:
    """Every certification body an enterprise can apply to, in neutral order (by approval number)."""
    return Organisation.objects.filter(kind=OrganisationKind.CERTIFICATION_BODY).order_by("approval_number", "name")


def belongs_to(user_id: UUID | None, organisation_id: UUID) -> bool:
    """Whether a person is a member of an organisation, for whichever one they act now."""
    return Membership.objects.filter(user_id=user_id, organisation_id=organisation_id).exists()


def people_with_role(organisation_id: UUID, role: Role) -> QuerySet[User]:
    """Active members of an organisation who hold a role."""
    return User.objects.filter(
        is_active=True, memberships__organisation_id=organisation_id, memberships__roles__contains=[role]
    ).order_by("name")
