"""Workbooks of activity data, and other factors in them: whatever changes makes a new workbook, none is altered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tanbiao.formats.workbook import XLSX, read_workbook
from tanbiao.lca.document import to_document
from tanbiao.lca.model import Factor
from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.kernel import clock
from tanbiao.platform.kernel.actions import Invalid, action
from tanbiao.platform.kernel.evidence import keep_file
from tanbiao.platform.kernel.pages import for_reader
from tanbiao.platform.library.queries import dataset_by_key, factor_of, instead_of
from tanbiao.platform.products.models import Product, Workbook
from tanbiao.platform.products.policies import may_bring_data, may_choose_factors
from tanbiao.platform.products.queries import (
    FactorRow,
    described,
    factor_rows,
    factors_of,
    refusal_of,
    row_at,
    with_factors,
)

if TYPE_CHECKING:
    from tanbiao.platform.library.models import Version


@action("products.upload_workbook", policy=may_bring_data)
def upload_workbook(actor: Actor, thing: None, /, *, data: bytes, filename: str) -> Workbook:
    """Read a workbook and keep it; the product is found by name and model, or entered.

    Raises Problems with every fault of the file by sheet and cell; then nothing is kept.
    """
    reading = read_workbook(data, filename)
    about = reading.system.product
    product, _created = Product.objects.get_or_create(
        owner_id=actor.organisation_id, name=about.name, model=about.model
    )
    return Workbook.objects.create(
        product=product,
        file=keep_file(data, XLSX),
        filename=filename[-200:],
        system=to_document(reading.system),
        warnings=[{"place": w.place, "zh": w.text.zh, "en": w.text.en} for w in reading.warnings],
        uploaded_by_id=actor.user_id,
    )


@action("products.choose_factor", policy=may_choose_factors)
def choose_factor(
    actor: Actor, workbook: Workbook, /, *, process: str, row: int, column: str, key: str, reason: str
) -> Workbook:
    """Another factor of the library in one row, and why: a new workbook, from the same file.

    Raises Invalid where there is no such row or data set, or where the factor may not stand there (lca.factors).
    """
    return _changed(actor, workbook, [{"process": process, "row": row, "column": column, "key": key}], reason)


@action("products.put_on_background", policy=may_choose_factors)
def put_on_background(
    actor: Actor, workbook: Workbook, /, *, version: Version, chosen: Sequence[Mapping[str, Any]], reason: str
) -> Workbook:
    """The same model on another database: a data set of that version for each row of `chosen`; a new workbook.

    chosen  [{"process", "row", "column", "key"}]
    Raises Invalid as choose_factor, and for a data set of another version.
    """
    if not chosen:
        raise Invalid("chosen", _("没有选择任何因子。请至少为一行选一个数据集。"))
    return _changed(actor, workbook, chosen, reason, version)


def _changed(
    actor: Actor,
    workbook: Workbook,
    chosen: Sequence[Mapping[str, Any]],
    reason: str,
    version: Version | None = None,
) -> Workbook:
    if not reason.strip():
        raise Invalid("reason", _("请写明为什么选用这个因子。"))
    rows, beside = factor_rows(workbook), factors_of(workbook)
    taken: list[tuple[FactorRow, Factor]] = []
    for choice in chosen:
        row = row_at(rows, choice["process"], choice["row"], choice["column"])
        if row is None:
            raise Invalid("key", _("工作簿中没有这一行，请回到研究页面重新选择。"))
        taken.append((row, _fitting(actor, row, beside, choice["key"], version)))
    return Workbook.objects.create(
        product=workbook.product,
        file=workbook.file,
        filename=workbook.filename,
        system=to_document(with_factors(workbook.product_system, taken)),
        warnings=workbook.warnings,
        choices=[*workbook.choices, *(_choice(actor, row, factor, reason) for row, factor in taken)],
        uploaded_by_id=actor.user_id,
    )


def _fitting(
    actor: Actor, row: FactorRow, beside: Mapping[str, Factor], key: str, version: Version | None = None
) -> Factor:
    """The factor of a data set that may stand in a row. Raises Invalid."""
    dataset = dataset_by_key(actor, key)
    if dataset is None or (version and dataset.version_id != version.pk):
        raise Invalid("key", _("因子库中没有“%(key)s”，请重新查找。") % {"key": key})
    if key == row.factor.id:
        raise Invalid("key", _("“%(line)s”现在用的就是这个因子。") % {"line": row.input.name})
    if reason := refusal_of(row, beside, dataset, instead_of(actor, dataset)):
        raise Invalid("key", for_reader(reason))
    return factor_of(dataset)


def _choice(actor: Actor, row: FactorRow, factor: Factor, reason: str) -> dict[str, Any]:
    return {
        "process_name": row.process.name,
        **row.address,
        "line": row.input.name,
        "place": row.place,
        "from": described(row.factor),
        "to": described(factor),
        "reason": reason.strip(),
        "by": actor.name,
        "at": clock.local_now().isoformat(timespec="seconds"),
    }
