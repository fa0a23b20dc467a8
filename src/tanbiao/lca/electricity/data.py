"""What is said of the electricity of a site: its consumption, what supplies it, instruments, and the policy.

Where the standard leaves a choice, or a published number does not say what it contains, the choice stands in the
policy with its source, so that a verifier can read it and another can be made.
Clause: ISO 14067:2018 6.4.9.4.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from tanbiao.lca.model import DataKind, DataQuality, Stage
from tanbiao.lca.units import Quantity, quantity

_T = TypeVar("_T")
_NONE = quantity(0, "kWh")


@dataclass(frozen=True, slots=True)
class Stated(Generic[_T]):
    """A choice and where it comes from."""

    value: _T
    source: str


class PeriodMatch(StrEnum):
    """How near in time to the consumption an instrument must have been produced (criterion iv)."""

    DATA_PERIOD = "data_period"  # anywhere within the data period of the study
    SAME_MONTH = "same_month"  # in the calendar month of the consumption, which must then be given by month
    TOLERANCE = "tolerance"  # within the period of the consumption, give or take `tolerance_days`


@dataclass(frozen=True, slots=True)
class InstrumentScheme:
    """A system that issues and tracks instruments.

    code_pattern  regular expression that a whole code must match
    kwh_per_code  what one code stands for; None where an instrument says its own quantity
    """

    id: str
    code_pattern: str
    kwh_per_code: Decimal | None
    source: str


# Green electricity certificate 绿色电力证书. The 17 digits are the project's: type, energy, technology, date of
# approval, place, sequence, check; the 15 the electricity's: date of production, sequence, class of electricity, class
# of trade. How many digits each takes, and how the check digit is reckoned, is not published where we could read it.
GEC = InstrumentScheme(
    "GEC",
    "(?P<project>[0-9]{17})(?P<electricity>[0-9]{15})",
    Decimal(1000),
    "国家能源局绿证制度：1个绿证对应1000千瓦时，编码32位（项目17位＋电量15位）；引自转载，未核对原文",
)


@dataclass(frozen=True, slots=True)
class Consumption:
    """Electricity taken over one period, both days included; several (say, months) make up the data period.

    quantity  in kWh, MWh, GWh or 10^4kWh
    market    the market or grid that it is taken from, in the words the instruments use ("CN")
    item, data_kind, quality, source, place  are carried into the inputs made of it
    """

    start: dt.date
    end: dt.date
    quantity: Quantity
    market: str
    name: str = "电力"
    stage: Stage = Stage.PRODUCTION
    data_kind: DataKind = DataKind.SECONDARY
    quality: DataQuality | None = None
    item: str = ""
    source: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class OwnGeneration:
    """Electricity generated on the site within one period of consumption.

    quantity          all that was generated, used here or not
    factor, provider  id of its life-cycle factor, or of the process of the system that generates it: one of both
    instruments_sold  the part whose instruments (certificates) went to others
    """

    name: str
    start: dt.date
    end: dt.date
    quantity: Quantity
    factor: str = ""
    provider: str = ""
    instruments_sold: Quantity = _NONE
    source: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class DirectLine:
    """Electricity delivered within one period of consumption by a dedicated line, outside the grid.

    quantity, factor, provider, instruments_sold  as of OwnGeneration, for what was delivered
    transmission  id of the factor of the line itself, where its burdens and losses are known
    """

    name: str
    start: dt.date
    end: dt.date
    quantity: Quantity
    factor: str = ""
    provider: str = ""
    transmission: str = ""
    instruments_sold: Quantity = _NONE
    source: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ContractualInstrument:
    """Certificates of one generator and one period of production, or a supplier's contract.

    codes         of every certificate of the batch
    quantity      what they stand for together
    start, end    period of production, both days included
    factor        id of the life-cycle factor of the generating technology (or of the supplier's product)
    market        where it was issued and may be used
    unique_claim  nobody else claims these attributes, nor are they of own generation that counts already
    retired_on, retired_for, evidence  when, for whom and by which document it was redeemed, retired or cancelled
    """

    name: str
    codes: tuple[str, ...]
    quantity: Quantity
    start: dt.date
    end: dt.date
    factor: str
    market: str
    unique_claim: bool
    retired_on: dt.date | None
    retired_for: str
    evidence: str
    scheme: str = GEC.id
    place: str = ""

    @property
    def called(self) -> str:
        """The instrument by its first code: "GEC 123... (+9)"."""
        more = f" (+{len(self.codes) - 1})" if len(self.codes) > 1 else ""
        return f"{self.scheme} {self.codes[0] if self.codes else '—'}{more}"


@dataclass(frozen=True, slots=True)
class ElectricityPolicy:
    """Which factors stand for the grid, and the choices that standard and announcements leave open.

    grid          id of the consumption mix of the grid
    residual      id of the residual mix; "" where none is published: then the grid mix takes its place
    transmission  id of the factor of transmission and distribution, with or without losses
    technology_lacks_transmission  factors of technologies are per kWh leaving the plant: add `transmission`
    mix_lacks_transmission         the same of the grid and residual mix
    exports_carry_sold  instruments sold are those of exported electricity first, of own use only for the rest;
                        otherwise of own use first
    """

    grid: str
    residual: str = ""
    transmission: str = ""
    technology_lacks_transmission: Stated[bool] = Stated(
        True, "生态环境部电力碳足迹因子公告把分发电类型因子与输配电因子分别列出"
    )
    mix_lacks_transmission: Stated[bool] = Stated(
        False, "公告附件未说明全国平均因子是否已含输配电；未核对编制说明前不另加"
    )
    exports_carry_sold: Stated[bool] = Stated(True, "绿证以上网电量交易；ISO 14067:2018 6.4.9.4 未规定次序")
    period: Stated[PeriodMatch] = Stated(
        PeriodMatch.DATA_PERIOD, "ISO 14067:2018 6.4.9.4: as near as possible in time; taken as within the data period"
    )
    tolerance_days: int = 0
    schemes: tuple[InstrumentScheme, ...] = (GEC,)

    def scheme(self, id: str) -> InstrumentScheme | None:
        return next((scheme for scheme in self.schemes if scheme.id == id), None)
