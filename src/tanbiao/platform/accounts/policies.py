from __future__ import annotations

from django.utils.translation import gettext as _

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import OrganisationKind, Role
from tanbiao.platform.kernel.policies import ALLOWED, Allowed, Denied


def may_administer(actor: Actor, thing: object = None) -> Allowed | Denied:
    """Opening organisations and accounts, and registering filed rules, is the operator's work."""
    if actor.kind != OrganisationKind.OPERATOR or Role.OPERATOR not in actor.roles:
        return Denied(_("只有平台管理员可以执行此操作。"))
    return ALLOWED
