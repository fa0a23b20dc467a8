"""Clauses on the activity data: the items the rule asks for, the period, and the mass balance of each process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from tanbiao.lca.model import DataKind, Input, InputKind, Output, Process
from tanbiao.lca.units import Quantity
from tanbiao.lca.vocabulary import called
from tanbiao.rules.clauses.base import Clause
from tanbiao.rules.finding import Finding
from tanbiao.rules.sections import Code, RequiredItem, Share
from tanbiao.rules.study import Study, label_as, listed, percent
from tanbiao.words import Text

_WEAKNESS = list(DataKind)  # measured, calculated, supplier, secondary


class RequiredItemsPresent(Clause):
    """The activity data that the rule names are there, of the right kind, and not weaker than it accepts.

    items  codes of `required_items`; a row answers an item by its item code (ISO 14067:2018 6.3.5, 6.4.2)
    """

    kind: Literal["required-items"]
    items: Annotated[tuple[Code, ...], Field(min_length=1)]

    @property
    def item_codes(self) -> tuple[str, ...]:
        return self.items

    def check(self, study: Study) -> Finding:
        asked = [study.rule.item(code) for code in self.items]
        rows: list[Input | Output] = [row for _, row in study.inputs() if row.item in self.items]
        rows += [row for _, row in study.outputs() if row.item in self.items]
        answered = {row.item for row in rows}
        missing = [item for item in asked if item.required and item.code not in answered]
        misplaced = [row for row in rows if not _answers(row, study.rule.item(row.item))]
        weak = [row for row in rows if _weaker(row, study.rule.item(row.item))]
        obligatory = [item for item in asked if item.required]
        value, limit = str(len(obligatory) - len(missing)), str(len(obligatory))
        if missing:
            named = listed(item.name for item in missing)
            return self.failed(
                Text(f"缺少数据项：{named.zh}。", f"Missing items: {named.en}."),
                Text(
                    "为每一项增加一行并选择其数据项；确实没有消耗的，写数量 0 并说明来源。",
                    "Add a row for each and choose its item; where nothing was used, give amount 0 and the source.",
                ),
                value=value,
                limit=limit,
            )
        if misplaced:
            named = listed(label_as(row, study.rule.item(row.item).name) for row in misplaced)
            return self.failed(
                Text(f"种类或量纲与数据项不符：{named.zh}。", f"Kind or dimension does not fit the item: {named.en}."),
                Text("改正该行的数据项、工作表或单位。", "Correct the item, the sheet or the unit of the row."),
                value=value,
                limit=limit,
                rows=misplaced,
            )
        if weak:
            named = listed(label_as(row, called(row.data_kind)) for row in weak)
            return self.failed(
                Text(f"数据类型弱于规则要求：{named.zh}。", f"Weaker kind of data than the rule accepts: {named.en}."),
                Text("取得现场计量、结算或供应商的初级数据。", "Get primary data: metered, invoiced, or a supplier's."),
                value=value,
                limit=limit,
                rows=weak,
            )
        return self.passed(
            Text(f"{limit} 个必需数据项齐全。", f"All {limit} required items are there."), value=value, limit=limit
        )


def _answers(row: Input | Output, item: RequiredItem) -> bool:
    return row.kind in (item.kind, *item.also) and row.quantity.unit.dimension == item.dimension


def _weaker(row: Input | Output, item: RequiredItem) -> bool:
    return _WEAKNESS.index(row.data_kind) > _WEAKNESS.index(item.weakest)


class DataPeriodAtLeast(Clause):
    """The activity data cover whole operation over at least the months the rule asks (ISO 14067:2018 6.3.6)."""

    kind: Literal["data-period"]

    def check(self, study: Study) -> Finding:
        product, least = study.system.product, study.rule.data_quality.period_months.value
        months = whole_months(product.period_start, product.period_end)
        value, limit = f"{months}", f"≥ {least}"
        said = Text(
            f"数据期 {product.period_start} 至 {product.period_end}，共 {months} 个整月。",
            f"Data period {product.period_start} to {product.period_end}: {months} whole months.",
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


class MassBalanceWithin(Clause):
    """Of each process, mass in and mass out differ by no more than the tolerance (ISO 14067:2018 6.4.3).

    In: material inputs, own products and returned scrap included. Out: products, co-products, recycled residues, and
    waste handed over. Only rows given as mass count: gases drawn in or given off are within the tolerance.
    difference = |in - out| / max(in, out)
    """

    kind: Literal["mass-balance"]
    tolerance: Share

    def check(self, study: Study) -> Finding:
        balances = {process: mass_balance(process) for process in study.system.processes}
        limit = f"≤ {percent(float(self.tolerance.value))}"
        one_sided = [p for p, (taken, given) in balances.items() if (taken == 0) != (given == 0)]
        differences = {p: abs(i - o) / max(i, o) for p, (i, o) in balances.items() if i and o}
        value = percent(float(max(differences.values()))) if differences else "—"
        if open_ones := [p for p, difference in differences.items() if difference > self.tolerance.value]:
            said = listed(_in_and_out(p, *balances[p]) for p in open_ones)
            return self.failed(
                Text(f"物料不平衡：{said.zh}。", f"Mass does not balance: {said.en}."),
                Text(
                    "检查漏记或重复的投入、产出、废物和单位。",
                    "Look for inputs, outputs or waste forgotten or counted twice, and for wrong units.",
                ),
                value=value,
                limit=limit,
                rows=open_ones,
            )
        if one_sided or not differences:
            named = listed(p.name for p in one_sided or balances)
            return self.to_judge(
                Text(
                    f"这些过程的投入和产出没有都以质量给出，无法做物料平衡：{named.zh}。",
                    f"Input and output are not both given as mass, so no balance can be made: {named.en}.",
                ),
                Text("请人工核对其物料平衡。", "Check their material balance by hand."),
                value=value,
                limit=limit,
                rows=one_sided,
            )
        named = listed(f"{p.name} {percent(float(d))}" for p, d in differences.items())
        return self.passed(
            Text(f"各过程物料差：{named.zh}。", f"Difference by process: {named.en}."), value=value, limit=limit
        )


def mass_balance(process: Process) -> tuple[Decimal, Decimal]:
    """Mass in and mass out of a process over its period, in kg."""
    taken = (row.quantity for row in process.inputs if row.kind is InputKind.MATERIAL)
    handed_over = (row.quantity for row in process.inputs if row.kind is InputKind.WASTE_TREATMENT)
    return _kilograms(taken), _kilograms(q for q in (*(o.quantity for o in process.outputs), *handed_over))


def _kilograms(quantities: Iterable[Quantity]) -> Decimal:
    return sum((q.amount * q.unit.factor for q in quantities if q.unit.dimension == "mass"), Decimal(0))


def _in_and_out(process: Process, mass_in: Decimal, mass_out: Decimal) -> str:
    return f"{process.name}: {mass_in / 1000:.6g} t → {mass_out / 1000:.6g} t"
