"""A background database as its sources tell it: unit processes with flows in units, linked by name.

`build_database` links who takes to who makes, brings every amount into the unit of its flow, and says everything that
stands in the way of a solution at once, by the names of the processes; what comes out is a `Network`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tanbiao.lca.distributions.columns import Distributions
from tanbiao.lca.distributions.making import certain, combine
from tanbiao.lca.faults import (
    AmbiguousProduct,
    Fault,
    NoMaker,
    NoProvider,
    NotProductive,
    SeveralMakers,
    Unbuildable,
    WrongAmount,
    WrongDimension,
    WrongDistribution,
    ZeroReference,
    raise_faults,
)
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.conventions import Entries, network_from_exchanges
from tanbiao.lca.network.engine import check_network
from tanbiao.lca.units import UnknownUnit, unit


class Role(StrEnum):
    """What an exchange is to its process; signs come on top: an input of -1 is an output of 1.

    REFERENCE   what the process is there for; below zero it takes that in (treatment of waste)
    INPUT       taken from its maker
    OUTPUT      a co-product that displaces its other maker, or a waste for whoever treats it
    ELEMENTARY  to or from nature, with the sign that the flow's characterisation expects
    """

    REFERENCE = "reference"  # what the process is there for; negative: it takes that in (treatment of waste)
    INPUT = "input"
    OUTPUT = "output"  # a co-product that displaces its other maker, or a waste for whoever treats it
    ELEMENTARY = "elementary"  # to or from nature, with the sign the flow's method expects


@dataclass(frozen=True, slots=True)
class Flow:
    """A product, a waste or an elementary flow, with the unit that amounts are brought to."""

    id: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """An amount of a flow, in `unit` ("": the flow's own); provider: id of the process meant, "" for the only maker.

    spread  one distribution (length 1) of the amount, in the same unit and sign: draws come from it alone
    Raises ValueError for a role that is none.
    """

    flow: str
    amount: float
    role: Role
    unit: str = ""
    provider: str = ""
    spread: Distributions | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "role", Role(self.role))  # "input" is as good as Role.INPUT


@dataclass(frozen=True, slots=True)
class Activity:
    """A unit process with exactly one reference flow (allocate first)."""

    id: str
    name: str
    exchanges: tuple[Exchange, ...]

    @property
    def reference(self) -> Exchange:
        return next(e for e in self.exchanges if e.role is Role.REFERENCE)


@dataclass(frozen=True, slots=True, eq=False)
class Database:
    """A network with the ids behind its indices.

    activities   ids, in the order of the network's products;  flows: ids, in the order of its elementary flows
    unlinked     (process id, flow id, amount as given, in the flow's unit) of what nobody makes and was left out
    """

    network: Network
    activities: tuple[str, ...]
    flows: tuple[str, ...]
    unlinked: tuple[tuple[str, str, float], ...] = ()

    def product(self, activity: str) -> int:
        return self.activities.index(activity)


def build_database(
    activities: Sequence[Activity], flows: Sequence[Flow], *, leave_out_unlinked: bool = False
) -> Database:
    """Link the activities of a database.

    leave_out_unlinked  cut off what nobody makes, listing it, instead of refusing
    Raises one Fault or Problems with all: double ids, unknown flows, units that do not fit, no or several or zero
    reference flows, products without a maker or with several, loops that use up what they make.
    """
    known = {flow.id: flow for flow in flows}
    raise_faults(_own_faults(activities, flows, known))
    makers: defaultdict[str, list[int]] = defaultdict(list)
    for i, activity in enumerate(activities):
        makers[activity.reference.flow].append(i)
    index = {activity.id: i for i, activity in enumerate(activities)}
    links = _Links(activities, known, makers, index, leave_out_unlinked)
    raise_faults(links.faults or _hungry_faults(activities, links.linked))
    elementary = {id: k for k, id in enumerate(dict.fromkeys(flow for flow, *_ in links.released))}
    network = network_from_exchanges(
        _exchanges(links.linked),
        _exchanges([(elementary[flow], j, a, s) for flow, j, a, s in links.released]),
        np.arange(len(activities)),
        len(elementary),
        names=[activity.name for activity in activities],
        flow_names=[known[id].name for id in elementary],
    )
    check_network(network)
    return Database(network, tuple(index), tuple(elementary), tuple(links.unlinked))


class _Links:
    """One pass over all exchanges: rows are product indices (that of the maker), columns the process."""

    def __init__(
        self,
        activities: Sequence[Activity],
        known: Mapping[str, Flow],
        makers: Mapping[str, list[int]],
        index: Mapping[str, int],
        leave_out: bool,
    ):
        self.linked: list[tuple[int, int, float, Distributions | None]] = []
        self.released: list[tuple[str, int, float, Distributions | None]] = []
        self.unlinked: list[tuple[str, str, float]] = []
        self.faults: list[Fault] = []
        missing: defaultdict[str, list[str]] = defaultdict(list)
        several: defaultdict[str, list[str]] = defaultdict(list)
        for j, activity in enumerate(activities):
            for exchange in activity.exchanges:
                factor = _factor(exchange, known[exchange.flow])
                sign = -1.0 if exchange.role is Role.INPUT else 1.0
                amount = exchange.amount * factor * sign
                spread = exchange.spread and exchange.spread.scaled(factor * sign)
                if exchange.role is Role.ELEMENTARY:
                    self.released.append((exchange.flow, j, amount, spread))
                    continue
                maker: int | None = j if exchange.role is Role.REFERENCE else None
                if maker is None and exchange.provider:
                    maker = index.get(exchange.provider)
                    if maker is None or maker not in makers.get(exchange.flow, ()):
                        self.faults.append(_no_provider(activity, exchange, known[exchange.flow]))
                        continue
                elif maker is None:
                    offers = makers.get(exchange.flow, [])
                    if len(offers) > 1 and j not in offers:
                        several[exchange.flow].append(activity.name)
                        continue
                    maker = j if j in offers else offers[0] if offers else None
                if maker is not None:
                    self.linked.append((maker, j, amount, spread))
                elif leave_out:
                    self.unlinked.append((activity.id, exchange.flow, exchange.amount * factor))
                else:
                    missing[exchange.flow].append(activity.name)
        self.faults += [_no_maker(known[flow], takers) for flow, takers in missing.items()]
        self.faults += [
            _several(known[flow], [activities[i].name for i in makers[flow]], takers)
            for flow, takers in several.items()
        ]


def _hungry_faults(
    activities: Sequence[Activity], linked: Sequence[tuple[int, int, float, Distributions | None]]
) -> Iterator[Fault]:
    """Processes that use at least as much of their own product as they make."""
    net = np.zeros(len(activities))
    made = np.array([activity.reference.amount for activity in activities])
    for i, j, amount, _ in linked:
        if i == j:
            net[j] += amount
    for j in np.flatnonzero(net * made <= 0).tolist():
        name, used = activities[j].name, 1 - net[j] / made[j] if made[j] else 1.0
        yield NotProductive(
            [name],
            f"“{name}”自用的产品不少于它产出的（{used:.3g} 倍）。请核对产出量和自用量。",
            f'"{name}" uses at least as much of its own product as it makes ({used:.3g} times). '
            "Check what it makes and what it uses itself.",
            used,
        )


def _exchanges(entries: Sequence[tuple[int, int, float, Distributions | None]]) -> Entries:
    rows, columns, amounts, spreads = zip(*entries, strict=True) if entries else ((), (), (), ())
    spread = None
    if any(s is not None for s in spreads):
        spread = combine(certain([a]) if s is None else s for a, s in zip(amounts, spreads, strict=True))
    return Entries(np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64), np.array(amounts, float), spread)


def _factor(exchange: Exchange, flow: Flow) -> float:
    """How many units of the flow one unit of the exchange is (units are checked)."""
    if exchange.unit in ("", flow.unit):
        return 1.0
    return float(unit(exchange.unit).factor / unit(flow.unit).factor)


def _own_faults(activities: Sequence[Activity], flows: Sequence[Flow], known: Mapping[str, Flow]) -> Iterator[Fault]:
    for id, count in Counter([*(a.id for a in activities), *(f.id for f in flows)]).items():
        if count > 1:
            yield Unbuildable(
                id,
                f"编号“{id}”出现 {count} 次（过程和流）；请改成不同的编号。",
                f'The id "{id}" appears {count} times among processes and flows; give each its own.',
            )
    for activity in activities:
        references = [e for e in activity.exchanges if e.role is Role.REFERENCE]
        if len(references) != 1:
            yield AmbiguousProduct(
                activity.name,
                f"有 {len(references)} 个基准流，应有且仅有一个。多产品的过程请先分配。",
                f"has {len(references)} reference flows but needs exactly one. Allocate a process of several products.",
            )
        elif references[0].amount == 0:
            yield ZeroReference(
                [activity.name], f"“{activity.name}”的基准流为零。", f'"{activity.name}" makes nothing.'
            )
        for exchange in activity.exchanges:
            yield from _exchange_faults(activity, exchange, known)


def _exchange_faults(activity: Activity, exchange: Exchange, known: Mapping[str, Flow]) -> Iterator[Fault]:
    flow = known.get(exchange.flow)
    if flow is None:
        yield Unbuildable(
            activity.name, f"没有流“{exchange.flow}”的定义。", f'the flow "{exchange.flow}" is not defined anywhere.'
        )
        return
    place = f"{activity.name} · {flow.name}"
    if not np.isfinite(exchange.amount):
        yield WrongAmount(
            place, f"数量“{exchange.amount}”不是有限数。", f'the amount "{exchange.amount}" is not finite.'
        )
    elif exchange.spread is not None:
        yield from _spread_faults(place, exchange.spread, exchange.amount)
    if exchange.unit in ("", flow.unit):
        return
    try:
        fits = unit(exchange.unit).dimension == unit(flow.unit).dimension
    except UnknownUnit as unknown:
        yield WrongDimension(place, unknown.text.zh, unknown.text.en)
        return
    if not fits:
        yield WrongDimension(
            place,
            f"单位“{exchange.unit}”不能换算为该流的单位“{flow.unit}”。请改用同类单位。",
            f'unit "{exchange.unit}" cannot be converted to "{flow.unit}", the unit of the flow. Use one of its kind.',
        )


def _spread_faults(place: str, spread: Distributions, amount: float) -> Iterator[Fault]:
    """One distribution, and one in which the amount itself may occur."""
    if len(spread) != 1:
        yield WrongDistribution(
            place,
            f"一笔数量需要一个分布，给了 {len(spread)} 个。",
            f"an amount takes one distribution, not {len(spread)}.",
        )
        return
    low, high = (float(q) for q in spread.quantiles([1e-6, 1 - 1e-6])[:, 0])
    if not low - 1e-9 * abs(low) <= amount <= high + 1e-9 * abs(high):
        yield WrongDistribution(
            place,
            f"数量 {amount:g} 不在其分布的范围（{low:.4g} 至 {high:.4g}）之内。请核对符号、单位和中位数。",
            f"the amount {amount:g} lies outside its distribution ({low:.4g} to {high:.4g}). "
            "Check sign, unit and median.",
        )


def _no_provider(activity: Activity, exchange: Exchange, flow: Flow) -> Fault:
    return NoProvider(
        f"{activity.name} · {flow.name}",
        f"指定的供应过程“{exchange.provider}”不生产“{flow.name}”，或不在数据库中。请核对编号。",
        f'the provider "{exchange.provider}" does not make "{flow.name}", or is not in the database. Check the id.',
    )


def _no_maker(flow: Flow, takers: list[str]) -> Fault:
    some = "、".join(takers[:5]) + (f" 等 {len(takers)} 个过程" if len(takers) > 5 else "")
    more = f" and {len(takers) - 5} more" if len(takers) > 5 else ""
    return NoMaker(
        takers,
        f"“{flow.name}”没有生产过程，而以下过程使用它：{some}。请补充过程，或选择略去未连接的投入。",
        f'Nobody makes "{flow.name}", which {", ".join(takers[:5])}{more} take. '
        "Add a process, or choose to leave out what is not linked.",
    )


def _several(flow: Flow, makers: list[str], takers: list[str]) -> Fault:
    return SeveralMakers(
        makers,
        f"“{flow.name}”由多个过程生产（{'、'.join(makers[:5])}），使用者（{'、'.join(takers[:5])}）没有指定供应过程。",
        f'"{flow.name}" is made by several processes ({", ".join(makers[:5])}) and {", ".join(takers[:5])} do not say '
        "which one supplies them. Name the provider.",
    )
