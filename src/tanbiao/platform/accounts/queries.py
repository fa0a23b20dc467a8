from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from tanbiao.platform.accounts.models import Membership, Organisation, OrganisationKind, Role, User


def organisation(pk: UUID) -> Organisation:
    return Organisation.objects.get(pk=pk)


def certification_bodies() -> QuerySet[Organisation]:
    """Every certification body an enterprise can apply to, in neutral order (by approval number)."""
    return Organisation.objects.filter(kind=OrganisationKind.CERTIFICATION_BODY).order_by("approval_number", "name")


def members_of(organisation_id: UUID) -> set[UUID]:
    """Everybody who belongs to an organisation, for whichever one they act now."""
    return set(Membership.objects.filter(organisation_id=organisation_id).values_list("user_id", flat=True))


def people_with_role(organisation_id: UUID, role: Role) -> QuerySet[User]:
    """Active members of an organisation who hold a role."""
    return User.objects.filter(
        is_active=True, memberships__organisation_id=organisation_id, memberships__roles__contains=[role]
    ).order_by("name")
