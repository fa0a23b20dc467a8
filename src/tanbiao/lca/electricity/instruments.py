"""May a contractual instrument be counted? The five criteria of ISO 14067:2018 6.4.9.4, one by one.

An instrument that fails is no fault of the study: it is not counted, and we say why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tanbiao.lca.electricity.data import Consumption, ContractualInstrument, ElectricityPolicy, PeriodMatch
from tanbiao.lca.units import UNITS
from tanbiao.words import Text


class Criterion(StrEnum):
    ATTRIBUTES = "i"  # conveys the attributes of the generation
    UNIQUE = "ii"  # is the only claim to them
    RETIRED = "iii"  # is tracked, and redeemed, retired or cancelled for the user
    PERIOD = "iv"  # as near as possible in time
    MARKET = "v"  # of the market or grid where the electricity is consumed


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why an instrument is not counted: the criterion it fails, by which field, said with its code."""

    instrument: ContractualInstrument
    criterion: Criterion
    field: str
    text: Text


@dataclass(frozen=True, slots=True)
class Claim:
    """To what instruments are held.

    consumptions  the whole data period, ordered in time; not empty
    user          for whom instruments must be retired, written as the register does
    """

    consumptions: Sequence[Consumption]
    user: str
    policy: ElectricityPolicy

    def of_market(self, instrument: ContractualInstrument) -> list[Consumption]:
        return [c for c in self.consumptions if c.market == instrument.market]

    def may_cover(self, instrument: ContractualInstrument, consumption: Consumption) -> bool:
        """Are both of one market and near enough in time? (criteria iv and v)"""
        return instrument.market == consumption.market and self.near(instrument, consumption)

    def near(self, instrument: ContractualInstrument, consumption: Consumption) -> bool:
        """Was the instrument produced near enough in time to this consumption?"""
        match self.policy.period.value:
            case PeriodMatch.DATA_PERIOD:
                return self.consumptions[0].start <= instrument.start and instrument.end <= self.consumptions[-1].end
            case PeriodMatch.SAME_MONTH:
                days = (instrument.start, instrument.end, consumption.start, consumption.end)
                return len({(day.year, day.month) for day in days}) == 1
            case PeriodMatch.TOLERANCE:
                early, late = consumption.start - instrument.start, instrument.end - consumption.end
                return max(early, late).days <= self.policy.tolerance_days


_Failure = tuple[str, str, str]  # field, why in Chinese, why in English


def rejections(instrument: ContractualInstrument, claim: Claim) -> Iterator[Rejection]:
    """All that keeps an instrument from being counted, criterion by criterion; nothing means that it counts."""
    for criterion, failures in _CRITERIA.items():
        for field, zh, en in failures(instrument, claim):
            said = Text(
                f"{instrument.called} 未计入（准则 {criterion}，{field}）：{zh}",
                f"{instrument.called} is not counted (criterion {criterion}, {field}): {en}",
            )
            yield Rejection(instrument, criterion, field, said.at(instrument.place) if instrument.place else said)


def _attributes(instrument: ContractualInstrument, claim: Claim) -> Iterator[_Failure]:
    if not instrument.factor:
        yield (
            "factor",
            "没有发电技术的生命周期因子。请注明发电类型。",
            "the life-cycle factor of its technology is missing. Say how it was generated.",
        )
    scheme = claim.policy.scheme(instrument.scheme)
    if scheme and scheme.kwh_per_code is not None:
        count, due = len(instrument.codes), scheme.kwh_per_code * len(instrument.codes)
        if instrument.quantity.to(UNITS["kWh"]).amount != due:
            yield (
                "quantity",
                f"{count} 个编码对应 {due:f} kWh，填写的是 {instrument.quantity}。请改正电量或补齐编码。",
                f"{count} codes stand for {due:f} kWh, not {instrument.quantity}. Correct it, or give all codes.",
            )


def _unique(instrument: ContractualInstrument, claim: Claim) -> Iterator[_Failure]:
    if not instrument.unique_claim:
        yield (
            "unique_claim",
            "没有证明是唯一主张。请提供无重复主张的声明。",
            "nothing shows that it is the only claim. Give a statement that nobody else claims it.",
        )


def _retired(instrument: ContractualInstrument, claim: Claim) -> Iterator[_Failure]:
    yield from _tracked(instrument, claim)
    if instrument.retired_on is None:
        yield "retired_on", "没有核销日期。请先核销再计入。", "it has not been retired. Retire it first."
    elif instrument.retired_on < instrument.end:
        yield (
            "retired_on",
            f"核销日期 {instrument.retired_on} 早于生产期末 {instrument.end}。请核对日期。",
            f"retired on {instrument.retired_on}, before its production ended on {instrument.end}. Check the dates.",
        )
    if not claim.user or instrument.retired_for.strip() != claim.user.strip():
        yield (
            "retired_for",
            f"核销给了“{instrument.retired_for}”，而用电方是“{claim.user}”。请提供为用电方核销的凭证。",
            f'it was retired for "{instrument.retired_for}", but "{claim.user}" uses the electricity. '
            "Give one retired for the user.",
        )
    if not instrument.evidence.strip():
        yield (
            "evidence",
            "没有核销凭证。请注明凭证编号。",
            "there is no evidence of its retirement. Name the document.",
        )


def _tracked(instrument: ContractualInstrument, claim: Claim) -> Iterator[_Failure]:
    scheme = claim.policy.scheme(instrument.scheme)
    if scheme is None:
        known = ", ".join(s.id for s in claim.policy.schemes)
        yield (
            "scheme",
            f"“{instrument.scheme}”不是这里认可的追溯体系；可用：{known}。",
            f'"{instrument.scheme}" is no tracking system known here; available: {known}.',
        )
        return
    wrong = [code for code in instrument.codes or ("",) if not re.fullmatch(scheme.code_pattern, code)]
    if wrong:
        yield (
            "codes",
            f"编码“{wrong[0]}”（{len(wrong[0])} 位）不合 {scheme.id} 的格式 {scheme.code_pattern}。请核对证书。",
            f'code "{wrong[0]}" ({len(wrong[0])} characters) does not have the form of {scheme.id}, '
            f"{scheme.code_pattern}. Check the certificate.",
        )


def _period(instrument: ContractualInstrument, claim: Claim) -> Iterator[_Failure]:
    # Where no consumption is of its market, that is said by criterion (v); the period is judged all the same.
    if not any(claim.near(instrument, c) for c in claim.of_market(instrument) or claim.consumptions):
        asked = claim.policy.period.value
        asked_for = f"{asked}, {claim.policy.tolerance_days} d" if asked is PeriodMatch.TOLERANCE else str(asked)
        used = f"{claim.consumptions[0].start} – {claim.consumptions[-1].end}"
        yield (
            "start, end",
            f"生产期 {instrument.start} – {instrument.end} 与用电期 {used} 不够接近（要求：{asked_for}）。"
            "请换用相应时期的凭证。",
            f"produced {instrument.start} – {instrument.end}, used {used}: not as near in time as asked ({asked_for}). "
            "Use instruments of that time.",
        )


def _market(instrument: ContractualInstrument, claim: Claim) -> Iterator[_Failure]:
    if not claim.of_market(instrument):
        markets = ", ".join(sorted({c.market for c in claim.consumptions}))
        yield (
            "market",
            f"凭证属于市场“{instrument.market}”，用电在“{markets}”。请换用同一市场的凭证。",
            f'it is of market "{instrument.market}", the electricity of "{markets}". Use one of the same market.',
        )


_CRITERIA: dict[Criterion, Callable[[ContractualInstrument, Claim], Iterator[_Failure]]] = {
    Criterion.ATTRIBUTES: _attributes,
    Criterion.UNIQUE: _unique,
    Criterion.RETIRED: _retired,
    Criterion.PERIOD: _period,
    Criterion.MARKET: _market,
}
