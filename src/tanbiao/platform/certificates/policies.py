from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import Role
from tanbiao.platform.certification.policies import took_part_in_evaluation
from tanbiao.platform.kernel.policies import ALLOWED, Allowed, Denied

if TYPE_CHECKING:
    from tanbiao.platform.certification.models import Application


def may_issue(actor: Actor, application: Application) -> Allowed | Denied:
    """Issuing follows from the decision, and is the act of the person who decided (认证认可条例 23, 24)."""
    if (
        not actor.has_role(Role.DECISION_MAKER, at=application.body_id)
        or application.decision_maker_id != actor.user_id
        or application.state != "granted"
        or took_part_in_evaluation(actor, application)
    ):
        return Denied(_("证书只能由作出批准决定的认证决定人员签发。"))
    return ALLOWED
