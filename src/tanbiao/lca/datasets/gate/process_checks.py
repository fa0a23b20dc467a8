"""The gate's look at a process: its reference, its signs, what it says of place and time, its balance of dry mass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from tanbiao.lca.datasets.gate.judgements import Judgement, Judgements, Severity, about_process
from tanbiao.lca.datasets.gate.mass_balance import mass_balance
from tanbiao.lca.datasets.records import ExchangeRecord, FlowRecord, ProcessRecord
from tanbiao.words import Text

_OLD = 10  # years


def check_process(
    process: ProcessRecord, flows: Mapping[str, FlowRecord], today: dt.date | None = None
) -> list[Judgement]:
    """All that is wrong with one process; `flows` are those of its source."""
    return [*_reference(process), *_signs(process, flows), *_said(process, today), *mass_balance(process, flows)]


def _reference(process: ProcessRecord) -> Judgements:
    references = process.references
    if not references:
        yield about_process(
            process,
            "no_reference",
            Severity.BLOCKING,
            "没有参考流，不能用于核算。请补上定量参考。",
            "has no reference flow and cannot be used. Add its quantitative reference.",
        )
    elif any(e.amount == 0 for e in references):
        yield about_process(
            process,
            "zero_reference",
            Severity.BLOCKING,
            "参考流的数量为 0，不能用于核算。请更正。",
            "has the reference amount 0 and cannot be used. Correct it.",
        )


def _signs(process: ProcessRecord, flows: Mapping[str, FlowRecord]) -> Judgements:
    negative = [e for e in process.exchanges if e.amount < 0]
    if negative:
        first = negative[0]
        name = _name(first, flows)
        yield about_process(
            process,
            "negative",
            Severity.DOUBTFUL,
            f"{len(negative)} 个数量为负，如“{name.zh}” {first.amount:g} {first.unit}。"
            "请确认是替代扣减或废物处理，不是笔误。",
            f'{len(negative)} amounts are below zero, such as "{name.en}" {first.amount:g} {first.unit}. '
            "Make sure that they are credits or waste treated.",
        )


def _said(process: ProcessRecord, today: dt.date | None) -> Judgements:
    year = process.year_until or process.year_from
    if not process.location:
        yield about_process(
            process, "no_region", Severity.DOUBTFUL, "没有写地区。请补充。", "does not say its region. Add it."
        )
    if year is None:
        yield about_process(
            process, "no_period", Severity.DOUBTFUL, "没有写时间。请补充。", "does not say its period. Add it."
        )
    elif today and process.year_from and process.year_from > today.year:
        yield about_process(
            process,
            "future",
            Severity.DOUBTFUL,
            f"数据年份 {process.year_from} 在今天（{today}）之后：情景数据还是笔误？请核对。",
            f"the year of its data, {process.year_from}, lies after today ({today}): a scenario or a slip? Check it.",
        )
    elif today and today.year - year > _OLD:
        age = today.year - year
        yield about_process(
            process,
            "stale",
            Severity.NOTE,
            f"数据截至 {year} 年，已有 {age} 年（超过 {_OLD} 年即为陈旧）。请看有无新版。",
            f"its data end in {year} and are {age} years old (more than {_OLD} is old). Look for a newer version.",
        )


def _name(exchange: ExchangeRecord, flows: Mapping[str, FlowRecord]) -> Text:
    flow = flows.get(exchange.flow)
    return flow.text if flow else Text(exchange.flow, exchange.flow)
