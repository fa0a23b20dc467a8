from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import Role
from tanbiao.platform.kernel.policies import ALLOWED, Allowed, Denied

if TYPE_CHECKING:
    from tanbiao.platform.products.models import Workbook


def may_bring_data(actor: Actor, thing: object = None) -> Allowed | Denied:
    """An enterprise's applicant brings the data of the enterprise's own products."""
    if not actor.is_enterprise or Role.APPLICANT not in actor.roles:
        return Denied(_("只有企业的认证委托人可以上传活动数据。"))
    return ALLOWED


def may_choose_factors(actor: Actor, workbook: Workbook) -> Allowed | Denied:
    """Only the enterprise whose product it is."""
    if not actor.has_role(Role.APPLICANT, at=workbook.product.owner_id):
        return Denied(_("只有产品所属企业的认证委托人可以更换因子。"))
    return ALLOWED
