"""What a database makes: reference products of usable processes, treatments, and co-products with their shares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tanbiao.lca.datasets.allocating import Shares, declared_shares, measured_shares
from tanbiao.lca.datasets.columns import AVOIDED, IN, KINDS, REFERENCE, Columns, FlowFacts
from tanbiao.lca.datasets.linking import LinkRule, Offers
from tanbiao.lca.datasets.records import FlowKind, FlowRecord, ProcessRecord

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]
Vector = NDArray[np.float64]
_WASTE, _ELEMENTARY = KINDS.index(FlowKind.WASTE), KINDS.index(FlowKind.ELEMENTARY)


class Exchanges:
    """The columns of all exchanges, with what follows from them at once."""

    def __init__(self, columns: Columns):
        self.process, self.flow = columns.process, columns.flow
        self.amount = np.nan_to_num(columns.amount, nan=0.0)  # nan: the source gives none
        flags = columns.flags
        for flow in np.unique(self.flow).tolist():
            columns.fact(flow)  # so that every flow has its facts, also one without a data set
        self.kind, self.counted_in = columns.kind, columns.counted_in
        self.own_unit = columns.units("")
        self.other_unit = self.counted_in != self.own_unit
        self.inward, self.avoided = (flags & IN) > 0, (flags & AVOIDED) > 0
        named = np.flatnonzero(flags & REFERENCE)
        with_reference, first = np.unique(self.process[named], return_index=True)
        self.reference = np.zeros(self.flow.size, dtype=bool)
        self.reference[named[first]] = True  # the first one of a process; others are exchanges like any
        self.reference_of = np.full(len(columns.processes), -1, dtype=np.int64)
        self.reference_of[with_reference] = named[first]
        product = (self.kind != _WASTE) & (self.kind != _ELEMENTARY)
        self.co_product = product & ~self.inward & ~self.avoided & ~self.reference
        self.product_input = product & ~self.reference & (self.inward | self.avoided)
        self.waste = self.kind == _WASTE
        self.waste_output = self.waste & (~self.inward | self.avoided) & ~self.reference
        self.waste_input = self.waste & self.inward & ~self.avoided & ~self.reference  # treated beside the reference
        self.given_away = self.waste_output & (columns.flow_kind != _WASTE)  # a product that goes to treatment
        self.elementary = self.kind == _ELEMENTARY

    def reference_amount(self) -> Vector:
        """(processes,) of the reference flow; 0 where there is none."""
        return np.append(self.amount, 0.0)[self.reference_of]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """Products, sorted by process, the reference product first.

    made      (n,) how much one run makes; below zero: takes in
    share     (n,) of the burdens of its process
    special   product -> exchange -> share, where they differ from exchange to exchange
    usable    (processes,) has a reference output that is not zero;  treatment: takes in a waste
    methods   process -> how burdens were shared, of those with co-products
    """

    process: Index
    flow: Index
    made: Vector
    share: Vector
    special: dict[int, dict[int, float]]
    usable: Mask
    treatment: Mask
    methods: dict[int, str]

    def offers(self, exchanges: Exchanges) -> Offers:
        """All makers of all flows: products, and the reference flows of processes that are not usable."""
        idle = np.flatnonzero((exchanges.reference_of >= 0) & ~self.usable & ~self.treatment)
        return self._offers(
            exchanges,
            np.concatenate((self.process, idle)),
            np.concatenate((self.flow, exchanges.flow[exchanges.reference_of[idle]])),
            np.concatenate((np.arange(self.flow.size), np.full(idle.size, -1))),
        )

    def treatments(self, exchanges: Exchanges) -> Offers:
        """The makers of treatments, by the waste they take in."""
        chosen = np.flatnonzero(self.treatment[self.process])
        return self._offers(exchanges, self.process[chosen], self.flow[chosen], chosen)

    def _offers(self, exchanges: Exchanges, process: Index, flow: Index, product: Index) -> Offers:
        reference = exchanges.reference_of[process]
        is_reference = flow == exchanges.flow[reference]
        counted_in = np.where(is_reference, exchanges.counted_in[reference], exchanges.own_unit)
        return Offers(flow, process, is_reference, product, counted_in)


def made_by(columns: Columns, exchanges: Exchanges, rule: LinkRule) -> Made:
    """The products of a database under a rule."""
    amount = exchanges.reference_amount()
    has = exchanges.reference_of >= 0
    inward = np.append(exchanges.inward, False)[exchanges.reference_of] & has
    waste = (np.append(exchanges.kind, 0)[exchanges.reference_of] == _WASTE) & has
    usable = has & ~inward & (amount != 0)
    treatment = inward & waste & (amount != 0) & (rule is not LinkRule.MAIN_PRODUCT)
    beside = _by_process(exchanges, exchanges.co_product & ~exchanges.other_unit)
    one_by_one = np.isin(exchanges.process, [p for p, shared in columns.shared.items() if shared.causal])
    inputs = _by_process(exchanges, ~exchanges.co_product & ~exchanges.reference & one_by_one)
    rows: list[tuple[int, int, float, float]] = []
    special: dict[int, dict[int, float]] = {}
    methods: dict[int, str] = {}
    for process in np.flatnonzero(usable | treatment).tolist():
        reference = int(exchanges.flow[exchanges.reference_of[process]])
        own = float(amount[process]) * (-1.0 if treatment[process] else 1.0)
        sums = {reference: own}
        for e in beside.get(process, ()):
            flow = int(exchanges.flow[e])
            sums[flow] = sums.get(flow, 0.0) + float(exchanges.amount[e])
        if rule is LinkRule.MAIN_PRODUCT:
            sums[reference] = own
        products = {reference: sums.pop(reference), **{f: a for f, a in sums.items() if a > 0}}
        if len(products) == 1 or (own < 0 and rule is LinkRule.MAIN_PRODUCT):
            rows.append((process, reference, products[reference], 1.0))
            continue
        flows = list(products)
        facts = [reference_fact(columns, exchanges, process), *(columns.fact(flow) for flow in flows[1:])]
        shares = _shares(columns, process, products, facts, inputs.get(process, []), rule)
        methods[process] = shares.method
        kept = range(len(flows) if shares.method and rule is not LinkRule.MAIN_PRODUCT else 1)
        for k in kept:
            if shares.by_exchange:
                special[len(rows)] = {e: by[k] for e, by in shares.by_exchange.items()}
            rows.append((process, flows[k], products[flows[k]], shares.shares[k]))
    return Made(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=float),
        np.array([row[3] for row in rows], dtype=float),
        special,
        usable,
        treatment,
        methods,
    )


def method_used(process: ProcessRecord, flows: Iterable[FlowRecord]) -> str:
    """How the burdens of a process are shared, as `Shares.method`; "" where it has but one product, too."""
    columns = Columns()
    for flow in flows:
        columns.add_flow(flow)
    columns.add_process(process)
    return made_by(columns, Exchanges(columns), LinkRule.DECLARED).methods.get(0, "")


def reference_fact(columns: Columns, exchanges: Exchanges, process: int) -> FlowFacts:
    """The reference flow of a process, in the unit it is counted in there."""
    e = int(exchanges.reference_of[process])
    fact = columns.fact(int(exchanges.flow[e]))
    return fact.counted_in(columns.units.texts[exchanges.counted_in[e]]) if exchanges.other_unit[e] else fact


def _shares(
    columns: Columns,
    process: int,
    products: dict[int, float],
    facts: list[FlowFacts],
    exchanges: list[int],
    rule: LinkRule,
) -> Shares:
    main = rule is LinkRule.MAIN_PRODUCT
    declared = declared_shares(columns.shared.get(process), list(products), exchanges, default_only=main)
    if declared:
        return declared
    if (
        main or next(iter(products.values())) < 0
    ):  # what is taken in for treatment has no mass in common with what is made
        return Shares("", (1.0, *[0.0] * (len(facts) - 1)))
    return measured_shares(facts, list(products.values()))


def _by_process(exchanges: Exchanges, chosen: Mask) -> dict[int, list[int]]:
    """The numbers of the chosen exchanges of every process that has some."""
    numbers = np.flatnonzero(chosen)
    processes, first = np.unique(exchanges.process[numbers], return_index=True)
    parts = np.split(numbers, first[1:])
    return {p: part.tolist() for p, part in zip(processes.tolist(), parts, strict=True)} if processes.size else {}
