from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from tanbiao.platform.accounts.queries import members_of
from tanbiao.platform.kernel.models import Thing


class ApplicationState(models.TextChoices):
    SUBMITTED = "submitted", _("待受理")
    REFUSED = "refused", _("不予受理")
    ACCEPTED = "accepted", _("已受理")
    IN_EVALUATION = "in_evaluation", _("核查中")
    EVALUATED = "evaluated", _("待复核")
    REVIEWED = "reviewed", _("待决定")
    GRANTED = "granted", _("批准发证")
    DENIED = "denied", _("不予发证")
    CALLED_BACK = "called_back", _("已撤回")


#: Ended without a certificate: the study may be applied with again.
CAME_TO_NOTHING = (ApplicationState.REFUSED, ApplicationState.DENIED, ApplicationState.CALLED_BACK)
ENDED = (*CAME_TO_NOTHING, ApplicationState.GRANTED)


class Application(Thing):
    """An enterprise's application (认证委托) to a certification body for one frozen study."""

    study = models.ForeignKey("footprints.Study", on_delete=models.PROTECT, related_name="applications")
    study_sha256 = models.CharField(max_length=64)  # of the study, copied for the second constraint
    applicant = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    filed_rule = models.ForeignKey("rulebook.FiledRule", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=ApplicationState, default=ApplicationState.SUBMITTED)
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    verifier = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: everyone who ever had the evaluation in hand; none of them may review or decide (ISO/IEC 17065 7.5, 7.6)
    evaluators = models.ManyToManyField("accounts.User", related_name="+", blank=True)
    reviewer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision_maker = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True)  # of the applicant
    refusal_reason = models.TextField(blank=True)
    conclusion = models.TextField(blank=True)  # verifier's conclusion of the evaluation
    review = models.TextField(blank=True)  # reviewer's recommendation
    decision_note = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["study"],
                name="one_running_application_per_study",
                condition=~models.Q(state__in=CAME_TO_NOTHING),
            ),
            models.UniqueConstraint(  # the same workbook, uploaded again, is another study
                fields=["applicant", "study_sha256"],
                name="one_running_application_per_content",
                condition=~models.Q(state__in=ENDED),
            ),
        ]

    # Both are asked once, however many verbs a page offers; an action loads the application anew.

    @cached_property
    def applicants_side(self) -> set[UUID]:
        """Whoever belongs to the enterprise, or ever acted for it in this case, has a side (ISO/IEC 17065 4.2)."""
        study = self.study
        acted = {study.workbook.uploaded_by_id, study.calculated_by_id, self.submitted_by_id}
        return acted | members_of(self.applicant_id)

    @cached_property
    def ever_evaluated_by(self) -> set[UUID]:
        return set(self.evaluators.values_list("pk", flat=True))

    def __str__(self) -> str:
        return f"{self.study} → {self.body}"


class FindingState(models.TextChoices):
    OPEN = "open", _("待整改")
    ANSWERED = "answered", _("已整改待关闭")
    CLOSED = "closed", _("已关闭")


class Finding(Thing):
    """A nonconformity or question of the verifier, answered by the enterprise, closed by the verifier."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="findings")
    clause = models.CharField(max_length=40)
    statement = models.TextField()
    answer = models.TextField(blank=True)
    closing_note = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=FindingState, default=FindingState.OPEN)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"{self.clause}: {self.statement[:40]}"


class Judgement(Thing):
    """The verifier's word on a clause that a machine cannot decide."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="judgements")
    clause = models.CharField(max_length=40)
    conforms = models.BooleanField()
    note = models.TextField()
    judged_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "clause"], name="one_judgement_per_clause")]

    def __str__(self) -> str:
        return f"{self.clause}: {'conforms' if self.conforms else 'does not conform'}"
