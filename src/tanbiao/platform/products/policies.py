from __future__ import annotations

from django.utils.translation import gettext as _

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import Role
from tanbiao.platform.kernel.policies import ALLOWED, Allowed, Denied


def may_bring_data(actor: Actor, thing: object = None) -> Allowed | Denied:
    """An enterprise's applicant brings the data of the enterprise's own products."""
    if not actor.is_enterprise or Role.APPLICANT not in actor.roles:
        return Denied(_("只有企业的认证委托人可以上传活动数据。"))
    return ALLOWED
