"""Opening organisations and accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import ROLES_AT, Membership, Organisation, OrganisationKind, Role, User
from tanbiao.platform.accounts.policies import may_administer
from tanbiao.platform.kernel.actions import Invalid, action, record_event
from tanbiao.platform.kernel.models import Thing

AnyThing = TypeVar("AnyThing", bound=Thing)


@action("accounts.open_organisation", policy=may_administer)
def open_organisation(actor: Actor, thing: None = None, /, **fields: str) -> Organisation:
    """Enter an organisation. Raises Invalid naming the field, as where the credit code's check digit is wrong."""
    return _entered(Organisation(**fields))


@action("accounts.open_account", policy=may_administer, personal=("email", "name", "password"))
def open_account(
    actor: Actor,
    organisation: Organisation,
    /,
    *,
    email: str,
    name: str,
    roles: Sequence[str],
    password: str,
) -> User:
    """Open an account for a person of an organisation, with the roles held there.

    Raises Invalid naming the field: a role that this kind of organisation has not, an address that has an account
    already, a password that is easily guessed.
    """
    return _account(organisation, email, name, roles, password)


def first_operator(*, organisation: dict[str, str], email: str, name: str, password: str) -> User:
    """The first account of an installation, which opens all others. Refuses when there is an operator already."""
    with transaction.atomic():
        if Organisation.objects.filter(kind=OrganisationKind.OPERATOR).exists():
            raise RuntimeError("this installation has an operator already")
        home = _entered(Organisation(kind=OrganisationKind.OPERATOR, **organisation))
        user = _account(home, email, name, [Role.OPERATOR], password)
        record_event(Actor(user.pk, name, home.pk), "accounts.first_operator", home)
        return user


def _account(organisation: Organisation, email: str, name: str, roles: Sequence[str], password: str) -> User:
    if strange := [str(role) for role in roles if role not in ROLES_AT[organisation.kind]]:
        kind, named = organisation.get_kind_display(), _("、").join(strange)
        raise Invalid("roles", _("%(kind)s没有这样的角色：%(roles)s。") % {"kind": kind, "roles": named})
    if not roles:
        raise Invalid("roles", _("请至少选择一个角色。"))
    user = User(email=email.strip().lower(), name=name)
    try:
        validate_password(password, user)
    except ValidationError as fault:
        raise Invalid("password", " ".join(fault.messages))
    user.set_password(password)
    _entered(user)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    Membership.objects.create(user=user, organisation=organisation, roles=list(roles))
    return user


def _entered(thing: AnyThing) -> AnyThing:
    """Save a row that its model's own checks accept. Raises Invalid naming the first field that they do not."""
    try:
        thing.full_clean()
    except ValidationError as fault:
        field, said = next(iter(fault.message_dict.items()))
        raise Invalid(field, " ".join(said))
    thing.save()
    return thing
