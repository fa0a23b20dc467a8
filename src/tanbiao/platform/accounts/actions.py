"""Opening organisations and accounts."""

from __future__ import annotations

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.db import transaction

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from tanbiao.platform.accounts.policies import may_administer
from tanbiao.platform.kernel.actions import action, record_event


@action("accounts.open_organisation", policy=may_administer)
def open_organisation(actor: Actor, thing: None = None, /, **fields: str) -> Organisation:
    """Enter an organisation. Raises django ValidationError when the credit code's check digit is wrong."""
    organisation = Organisation(**fields)
    organisation.full_clean()
    organisation.save()
    return organisation


@action("accounts.open_account", policy=may_administer, personal=("email", "name", "password"))
def open_account(
    actor: Actor,
    organisation: Organisation,
    /,
    *,
    email: str,
    name: str,
    roles: Sequence[Role],
    password: str,
) -> User:
    """Open an account for a person of an organisation, with the roles held there."""
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    Membership.objects.create(user=user, organisation=organisation, roles=list(roles))
    return user


def first_operator(*, organisation: dict[str, str], email: str, name: str, password: str) -> User:
    """The first account of an installation, which opens all others. Refuses when there is an operator already."""
    with transaction.atomic():
        if Organisation.objects.filter(kind=OrganisationKind.OPERATOR).exists():
            raise RuntimeError("this installation has an operator already")
        home = Organisation(kind=OrganisationKind.OPERATOR, **organisation)
        home.full_clean()
        home.save()
        user = User.objects.create_user(email, password, name=name)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        Membership.objects.create(user=user, organisation=home, roles=[Role.OPERATOR])
        record_event(Actor(user.pk, name, home.pk), "accounts.first_operator", home)
        return user
