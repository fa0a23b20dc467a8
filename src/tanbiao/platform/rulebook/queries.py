from __future__ import annotations

from django.db.models import QuerySet

from tanbiao.platform.rulebook.models import FiledRule, RuleState


def rules_in_force() -> QuerySet[FiledRule]:
    return FiledRule.objects.filter(state=RuleState.FILED).order_by("rule_id", "-filed_on")


def rule_in_force(sha256: str) -> FiledRule | None:
    """The filed rule with exactly this text, if it is in force."""
    return rules_in_force().filter(sha256=sha256).first()
