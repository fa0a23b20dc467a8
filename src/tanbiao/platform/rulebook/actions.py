from __future__ import annotations

import datetime as dt

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.policies import may_administer
from tanbiao.platform.kernel.actions import action
from tanbiao.platform.rulebook.models import FiledRule
from tanbiao.rules import load_rule


@action("rulebook.register_filing", policy=may_administer)
def register_filing(
    actor: Actor,
    thing: None,
    /,
    *,
    rule_id: str,
    filing_number: str,
    filed_on: dt.date,
    demonstration: bool = False,
) -> FiledRule:
    """Enter the filing of a rule document that ships with this version: number, date, and its text with its hash."""
    rule = load_rule(rule_id)
    return FiledRule.objects.create(
        rule_id=rule.id,
        version=rule.version,
        title=rule.title.zh,
        title_en=rule.title.en,
        sha256=rule.digest,
        document=rule.document,
        filing_number=filing_number,
        filed_on=filed_on,
        demonstration=demonstration,
    )
