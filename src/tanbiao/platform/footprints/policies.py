from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import Role
from tanbiao.platform.footprints.models import Study
from tanbiao.platform.kernel.policies import ALLOWED, Allowed, Denied

if TYPE_CHECKING:
    from tanbiao.platform.products.models import Workbook


def may_calculate(actor: Actor, workbook: Workbook) -> Allowed | Denied:
    """Only the enterprise whose workbook it is."""
    if not actor.has_role(Role.APPLICANT, at=workbook.product.owner_id):
        return Denied(_("只有产品所属企业的认证委托人可以核算。"))
    return ALLOWED


def may_freeze(actor: Actor, study: Study) -> Allowed | Denied:
    if not actor.has_role(Role.APPLICANT, at=study.owner_id):
        return Denied(_("只有产品所属企业的认证委托人可以冻结研究。"))
    return ALLOWED
