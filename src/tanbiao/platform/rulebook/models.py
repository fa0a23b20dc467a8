from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tanbiao.platform.kernel.models import Thing


class RuleState(models.TextChoices):
    FILED = "filed", _("已备案")
    CANCELLED = "cancelled", _("已注销备案")


class FiledRule(Thing):
    """One version of a certification rule with the text that was filed, and its hash.

    A certificate can only be issued under a rule in force whose text is, word for word, the one the study used.
    """

    NOT_LOGGED = ("document",)

    rule_id = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    document = models.JSONField()  # what the text says; Rule.model_validate of it is the rule
    filing_number = models.CharField(max_length=60, unique=True)
    filed_on = models.DateField()
    demonstration = models.BooleanField(default=False)  # a made-up filing number, for showing the platform
    state = models.CharField(max_length=12, choices=RuleState, default=RuleState.FILED)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule_id", "version"], name="one_text_per_rule_version")]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"
