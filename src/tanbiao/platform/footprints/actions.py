from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from tanbiao.formats.report import footprint_json
from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.footprints.flow import FREEZE
from tanbiao.platform.footprints.models import FactorUse, Study
from tanbiao.platform.footprints.policies import may_calculate, may_freeze
from tanbiao.platform.footprints.study import study_document
from tanbiao.platform.kernel import clock
from tanbiao.platform.kernel.actions import Refused, action
from tanbiao.platform.products.actions import choose_factor, put_on_background, upload_workbook
from tanbiao.rules import Evaluation, evaluate
from tanbiao.trust import canonical
from tanbiao.words import Problem, Text

if TYPE_CHECKING:
    from tanbiao.platform.products.models import Workbook


@action("footprints.calculate", policy=may_calculate)
def calculate_study(actor: Actor, workbook: Workbook, /) -> Study:
    """Calculate the footprint of a workbook's product and check it against its rule; a draft until frozen."""
    evaluation = evaluate(workbook.product_system)
    system = evaluation.footprint.system
    rule, declared = evaluation.rule, system.product.declared_unit
    study = Study.objects.create(
        owner_id=workbook.product.owner_id,
        workbook=workbook,
        product_name=str(workbook.product),
        rule_id=rule.id,
        rule_version=rule.version,
        rule_sha256=rule.digest,
        rule_title={"zh": rule.title.zh, "en": rule.title.en},
        declared_unit=f"{declared.amount:f} {declared.unit.symbol}",
        published=f"{evaluation.published:f}",
        result=_report(evaluation, workbook),
        calculated_by_id=actor.user_id,
    )
    FactorUse.objects.bulk_create(FactorUse(study=study, key=factor.id) for factor in system.factors if not factor.own)
    return study


@action("footprints.freeze", policy=may_freeze, transition=FREEZE)
def freeze_study(actor: Actor, study: Study, /) -> None:
    """Freeze a study: its document is made canonical, hashed, and never changes again.

    Raises Refused where rule or engine have changed since the draft: what is frozen is what the person has seen.
    """
    evaluation = evaluate(study.workbook.product_system)
    if canonical(_report(evaluation, study.workbook)) != canonical(study.result):
        raise Refused(_("核算之后规则或计算方法有更新，结果不再相同。请重新上传工作簿核算。"))
    frozen = canonical(study_document(evaluation, study.result))
    study.frozen = frozen.decode()
    study.sha256 = hashlib.sha256(frozen).hexdigest()
    study.frozen_at = clock.now()


def study_from_workbook(actor: Actor, *, data: bytes, filename: str) -> Study:
    """Upload a workbook and calculate its product: both, or nothing where the file has faults (Problems)."""
    with transaction.atomic():
        return calculate_study(actor, upload_workbook(actor, None, data=data, filename=filename))


def study_with_factor(actor: Actor, study: Study, **choice: Any) -> Study:
    """The same model with another factor in one row (products.choose_factor), calculated as a draft of its own."""
    with transaction.atomic():
        return calculate_study(actor, choose_factor(actor, study.workbook, **choice))


def study_on_background(actor: Actor, study: Study, **choices: Any) -> Study:
    """The same model on another database (products.put_on_background), calculated as a draft of its own."""
    with transaction.atomic():
        return calculate_study(actor, put_on_background(actor, study.workbook, **choices))


def _report(evaluation: Evaluation, workbook: Workbook) -> dict[str, Any]:
    warnings = [Problem(w["place"], Text(w["zh"], w["en"]), fatal=False) for w in workbook.warnings]
    # who chose stays out: a report is given to others, and frozen for good
    choices = [{name: value for name, value in choice.items() if name != "by"} for choice in workbook.choices]
    return footprint_json(evaluation, warnings=warnings, choices=choices, workbook_sha256=workbook.file_id)
