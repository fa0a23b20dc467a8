"""Who supplies what: an input is linked to the process it names, else to the only one that makes its flow.

Nothing is guessed. Where several make a flow and none is named, or the one named is not there, the input stays unlinked
and is listed with the reason: what it would bring is missing from the result, and the result says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tanbiao.words import Text

Index = NDArray[np.int64]
NONE, ABSENT = -1, -2  # no provider named; named, but not in the data
Mask = NDArray[np.bool_]


class LinkRule(StrEnum):
    """How inputs find their suppliers and how processes share burdens among their products.

    DECLARED      links as above; burdens as the data set says, else by mass, else by energy; wastes to their treatment
    MAIN_PRODUCT  links as above; all burdens on the reference product unless the data set says how it shares them by
                  default; co-products and wastes are left out
    CO_PRODUCTS   as declared, and an input that is made as a co-product only is linked to that
    """

    DECLARED = "declared"
    MAIN_PRODUCT = "main-product"
    CO_PRODUCTS = "co-products"


class Reason(StrEnum):
    """Why an input has no supplier."""

    NO_MAKER = "no_maker"
    ONLY_CO_PRODUCT = "only_co_product"
    SEVERAL_MAKERS = "several_makers"
    PROVIDER_MISSING = "provider_missing"
    PROVIDER_MAKES_OTHER = "provider_makes_other"
    OTHER_UNIT = "other_unit"
    MAKER_UNUSABLE = "maker_unusable"  # linked, but the maker has no usable reference flow and so adds nothing
    NO_TREATMENT = "no_treatment"  # a waste that nobody treats; not an input of a product


@dataclass(frozen=True, slots=True)
class Unlinked:
    """An input (or a waste) without a supplier; amount in the unit of its flow."""

    process: str
    process_name: Text
    flow: str
    flow_name: Text
    amount: float
    unit: str
    reason: Reason
    provider: str = ""  # id of the process it names
    provider_name: str = ""
    makers: tuple[str, ...] = ()  # names of those that make it, or make it as a co-product

    def text(self) -> Text:
        """What is wrong, and why."""
        return Text(
            f"“{self.flow_name.zh}”（{self.amount:g} {self.unit}）没有连接：{_WHY[self.reason](self).zh}",
            f'"{self.flow_name.en}" ({self.amount:g} {self.unit}) is not linked: {_WHY[self.reason](self).en}',
        )


def _some(names: Sequence[str], separator: str) -> str:
    return separator.join(names[:5]) + (f"{separator}… ({len(names)})" if len(names) > 5 else "")


_WHY: dict[Reason, Callable[[Unlinked], Text]] = {
    Reason.NO_MAKER: lambda u: Text("数据中没有生产它的过程。", "no process in the data makes it."),
    Reason.ONLY_CO_PRODUCT: lambda u: Text(
        f"只作为以下过程的共生产品：{_some(u.makers, '、')}。可用规则 co-products 连接。",
        f"it is made only as a co-product of {_some(u.makers, ', ')}. The rule co-products would link it.",
    ),
    Reason.SEVERAL_MAKERS: lambda u: Text(
        f"多个过程生产它，而没有指明哪一个：{_some(u.makers, '、')}。请在数据中指定供应过程。",
        f"several processes make it and none is named: {_some(u.makers, ', ')}. Name the provider in the data.",
    ),
    Reason.PROVIDER_MISSING: lambda u: Text(
        f"指定的供应过程“{u.provider_name or u.provider}”不在数据中。请一并导入，或改指定。",
        f'the provider named, "{u.provider_name or u.provider}", is not in the data. Import it too, or name another.',
    ),
    Reason.PROVIDER_MAKES_OTHER: lambda u: Text(
        f"指定的供应过程“{u.provider_name or u.provider}”不生产它。请核对所指定的过程。",
        f'the provider named, "{u.provider_name or u.provider}", does not make it. Check which one is meant.',
    ),
    Reason.OTHER_UNIT: lambda u: Text(
        f"单位与生产它的过程（{_some(u.makers, '、')}）不是同一类，不能换算。",
        f"its unit is of another kind than that of its maker ({_some(u.makers, ', ')}) and cannot be converted.",
    ),
    Reason.MAKER_UNUSABLE: lambda u: Text(
        f"生产它的过程（{_some(u.makers, '、')}）没有可用的基准产出，不能计入。请核对该过程。",
        f"its maker ({_some(u.makers, ', ')}) has no usable reference output and adds nothing. Check it.",
    ),
    Reason.NO_TREATMENT: lambda u: Text("数据中没有处理这种废物的过程。", "no process in the data treats this waste."),
}


@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """Who makes which flow: one entry a process and flow.

    reference  whether it is the reference flow of the process
    product    index of the product in the network; -1: the process is not usable, so nothing comes of the link
    counted_in the unit it is counted in, as a number; inputs have to be counted in the same
    """

    flow: Index
    process: Index
    reference: Mask
    product: Index
    counted_in: Index

    def only(self, flows: int, among: Mask) -> tuple[Index, Index]:
        """For every flow: how many of these entries make it, and the one (any, where there are several)."""
        chosen = np.flatnonzero(among)
        counts = np.bincount(self.flow[chosen], minlength=flows)
        maker = np.full(flows, -1, dtype=np.int64)
        maker[self.flow[chosen]] = chosen
        return counts, maker

    def named(self, flow: Index, process: Index, processes: int) -> Index:
        """The entry of this flow of this process, for many pairs; -1 where there is none."""
        if not self.flow.size:
            return np.full(flow.size, -1, dtype=np.int64)
        key = self.flow * processes + self.process
        order = np.argsort(key, kind="stable")
        asked = flow * processes + process
        found = order[np.minimum(np.searchsorted(key[order], asked), order.size - 1)]
        return np.where((key[found] == asked) & (process >= 0), found, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """For every input: the product that supplies it (-1: none), how its maker was found, and what is missing."""

    product: Index
    by_provider: Mask
    by_flow: Mask
    by_co_product: Mask
    reasons: NDArray[np.int8]  # positions in REASONS, -1 where a product supplies it

    @property
    def found(self) -> Mask:
        """Whether there is a maker (which may be unusable)."""
        return self.by_provider | self.by_flow | self.by_co_product


REASONS = tuple(Reason)  # arrays hold the position of a reason in here


def link(
    flow: Index, provider: Index, counted_in: Index, offers: Offers, flows: int, processes: int, *, co_products: bool
) -> Links:
    """Link inputs.

    flow, provider  (k,) of every input; a provider is the index of a process, NONE or ABSENT
    counted_in      (k,) the unit of every input, as a number
    co_products     whether the only co-product of that flow will do where nobody makes it as the reference product
    """
    counts, maker = offers.only(flows, offers.reference)
    extra, beside = offers.only(flows, ~offers.reference)
    unnamed = provider == NONE
    unique = unnamed & (counts[flow] == 1)
    as_co_product = unnamed & (counts[flow] == 0) & (extra[flow] == 1) & co_products
    entry = np.where(unnamed, -1, offers.named(flow, provider, processes))
    entry = np.where(unique, maker[flow], np.where(as_co_product, beside[flow], entry))
    product = np.append(offers.product, -1)[entry]
    other_unit = counted_in != np.append(offers.counted_in, -1)[entry]
    found = (entry >= 0) & ~other_unit
    reasons = np.full(flow.size, -1, dtype=np.int8)
    for holds, reason in (
        (entry < 0, Reason.NO_MAKER),
        ((entry < 0) & (counts[flow] > 1), Reason.SEVERAL_MAKERS),
        ((entry < 0) & ~unnamed, Reason.PROVIDER_MAKES_OTHER),
        (provider == ABSENT, Reason.PROVIDER_MISSING),
        ((entry >= 0) & other_unit, Reason.OTHER_UNIT),
        (found & (product < 0), Reason.MAKER_UNUSABLE),
    ):
        reasons[holds] = REASONS.index(reason)
    return Links(np.where(found, product, -1), found & ~unnamed, found & unique, found & as_co_product, reasons)
