"""Clauses on the activity data: the items the rule asks for, and the period."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from tanbiao.lca.model import DataKind, Input, Output, Process
from tanbiao.lca.vocabulary import called
from tanbiao.rules.clauses.base import IN_ORDER, Clause, Remark
from tanbiao.rules.finding import Finding, Verdict
from tanbiao.rules.sections import Code, RequiredItem
from tanbiao.rules.study import Study, label, listed
from tanbiao.words import Text

_WEAKNESS = list(DataKind)  # measured, calculated, supplier, secondary


class RequiredItemsPresent(Clause):
    """The activity data that the rule names are there, of the right kind, and not weaker than it accepts.

    items  codes of `required_items`; a row answers an item by its item code, where its process feeds the product
    An item of which nothing was used says so by a row with amount 0 and its source: a person looks at that.
    ISO 14067:2018 6.3.5, 6.4.2.
    """

    kind: Literal["required-items"]
    items: Annotated[tuple[Code, ...], Field(min_length=1)]

    @property
    def item_codes(self) -> tuple[str, ...]:
        return self.items

    def check(self, study: Study) -> Finding:
        obligatory = [item for code in self.items if (item := study.rule.item(code)).required]
        rows = [found for found in _item_rows(study) if found[1].item in self.items]
        counted = {row.item for process, row in rows if process.id in study.feeding}
        used = {row.item for process, row in rows if process.id in study.feeding and row.quantity.amount}
        missing = [item for item in obligatory if item.code not in counted]
        value, limit = str(len(obligatory) - len(missing)), str(len(obligatory))
        if missing:
            idle = [row for process, row in rows if process.id not in study.feeding]
            named, apart = listed(item.name for item in missing), listed(label(row) for row in idle)
            said = Text(f"缺少数据项：{named.zh}。", f"Missing items: {named.en}.")
            if idle:
                said = Text(
                    f"{said.zh}这些行所在的过程不供给产品，不计：{apart.zh}。",
                    f"{said.en} Rows of processes that do not feed the product do not count: {apart.en}.",
                )
            return self.failed(
                said,
                Text(
                    "为每一项增加一行并选择其数据项；确实没有消耗的，写数量 0 并说明来源。",
                    "Add a row for each and choose its item; where nothing was used, give amount 0 and the source.",
                ),
                value=value,
                limit=limit,
                rows=idle,
            )
        unused = {item.code for item in obligatory} - used
        return self.row_by_row(
            [_remark(row, study.rule.item(row.item), row.item in unused) for _, row in rows],
            Text(f"{limit} 个必需数据项齐全。", f"All {limit} required items are there."),
            Text(
                "改正数据项、工作表或单位；取得现场计量、结算或供应商的初级数据；数量为 0 的核对其来源。",
                "Correct item, sheet or unit; get primary data (metered, invoiced, a supplier's); where the amount "
                "is 0, look at its source.",
            ),
            value=value,
            limit=limit,
        )


def _item_rows(study: Study) -> list[tuple[Process, Input | Output]]:
    rows: list[tuple[Process, Input | Output]] = [*study.inputs()]
    return [*rows, *study.outputs()]


def _remark(row: Input | Output, item: RequiredItem, unused: bool) -> Remark:
    """What is to be said of a row that answers `item`; `unused`: no row of that item has an amount."""
    if not _answers(row, item):
        said = Text(f"种类或量纲与“{item.name.zh}”不符", f'kind or dimension does not fit "{item.name.en}"')
        return Remark(row, Verdict.FAIL, said)
    if _weaker(row, item):
        kind = called(row.data_kind)
        said = Text(f"数据类型弱于规则要求：{kind.zh}", f"weaker kind of data than the rule accepts: {kind.en}")
        return Remark(row, Verdict.FAIL, said)
    if unused and not row.source.strip():
        return Remark(row, Verdict.FAIL, Text("数量为 0 而没有来源", "amount 0 without a source"))
    if unused:
        return Remark(
            row, Verdict.JUDGEMENT, Text("数量全部为 0，是否确实没有使用", "amount 0 throughout: is none used?")
        )
    return Remark(row, Verdict.PASS, IN_ORDER)


def _answers(row: Input | Output, item: RequiredItem) -> bool:
    return row.kind in (item.kind, *item.also) and row.quantity.unit.dimension == item.dimension


def _weaker(row: Input | Output, item: RequiredItem) -> bool:
    return _WEAKNESS.index(row.data_kind) > _WEAKNESS.index(item.weakest)


class DataPeriodAtLeast(Clause):
    """The activity data cover whole operation over at least the months the rule asks (ISO 14067:2018 6.3.6).

    A period longer by more than a month may blend good years with bad ones: a person looks.
    """

    kind: Literal["data-period"]

    def check(self, study: Study) -> Finding:
        product, least = study.system.product, study.rule.data_quality.period_months.value
        months = whole_months(product.period_start, product.period_end)
        value, limit = f"{months}", f"≥ {least}"
        said = Text(
            f"数据期 {product.period_start} 至 {product.period_end}，共 {months} 个整月。",
            f"Data period {product.period_start} to {product.period_end}: {months} whole months.",
        )
        if months > least + 1:
            return self.to_judge(
                said,
                Text(
                    "数据期长于规则要求：说明为何不用最近的一期，以及产量和能耗是否各期一致。",
                    "Longer than the rule asks: say why not the latest period, and whether output and energy were "
                    "steady.",
                ),
                value=value,
                limit=limit,
            )
        if months >= least:
            return self.passed(said, value=value, limit=limit)
        return self.failed(
            said,
            Text(f"收集至少 {least} 个整月的数据。", f"Collect data over at least {least} whole months."),
            value=value,
            limit=limit,
        )


def whole_months(start: dt.date, end: dt.date) -> int:
    """Whole months from `start` to `end`, both days included: 2024-01-01 to 2024-12-31 is 12; 0 if end < start."""
    if end < start:
        return 0
    after = end + dt.timedelta(days=1)
    months = 12 * (after.year - start.year) + after.month - start.month
    return months - 1 if after.day < start.day else months
