from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tanbiao.platform.kernel.models import Thing


class StudyState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    FROZEN = "frozen", _("已冻结")


class Study(Thing):
    """One calculation for one product under one rule.

    `result` is what is shown and reported, made once, when it was calculated. Frozen, the study is a document addressed
    by its content: inputs, factors, rule, engine, results; a trigger of the database then refuses every change.
    """

    NOT_LOGGED = ("result", "frozen")

    owner = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    workbook = models.ForeignKey("products.Workbook", on_delete=models.PROTECT, related_name="+")
    product_name = models.CharField(max_length=401)  # name and model, 200 characters each
    rule_id = models.CharField(max_length=60)
    rule_version = models.CharField(max_length=20)
    rule_sha256 = models.CharField(max_length=64)
    rule_title = models.JSONField()  # {"zh", "en"}
    declared_unit = models.CharField(max_length=40)
    published = models.CharField(max_length=40)  # rounded once, by the rule: what certificate and label say
    result = models.JSONField()  # the report document of tanbiao.formats.report
    frozen = models.TextField(blank=True)  # canonical JSON of the whole study
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=StudyState, default=StudyState.DRAFT)
    calculated_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=StudyState.FROZEN) | ~models.Q(frozen="") & ~models.Q(sha256=""),
                name="a_frozen_study_has_its_document",
            )
        ]

    def __str__(self) -> str:
        return self.product_name


class FactorUse(models.Model):
    """A study uses a data set of the library: kept apart, so that whoever retires one finds its users at once."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="factor_uses")
    key = models.CharField(max_length=340, db_index=True)  # library.Dataset.key; an enterprise's own factors have none

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "key"], name="one_use_per_study_and_data_set")]

    def __str__(self) -> str:
        return self.key
