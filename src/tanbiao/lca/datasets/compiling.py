"""From a stream of records to a network: collect columns, share burdens, link, and tell what stayed unlinked.

    compiler = Compiler()
    for record in records: compiler.add(record)
    compiled = compiler.compiled(LinkRule.DECLARED, report)

Only columns are kept of the processes, so that the largest databases fit. One compiler compiles under any rule.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tanbiao.lca.datasets import telling
from tanbiao.lca.datasets.assembling import Assembly
from tanbiao.lca.datasets.columns import Columns
from tanbiao.lca.datasets.compiled import Compiled
from tanbiao.lca.datasets.linking import REASONS, LinkRule, Links, Offers, Reason, Unlinked, link
from tanbiao.lca.datasets.products import Exchanges, Made, made_by
from tanbiao.lca.datasets.records import FlowRecord, ProcessRecord, Record
from tanbiao.lca.datasets.report import Report, refused

__all__ = ["Compiled", "Compiler"]

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Compiler:
    """Takes the records of a source in any order of kinds; methods, factors and declarations pass by."""

    def __init__(self) -> None:
        self._columns = Columns()

    def add(self, record: Record) -> None:
        """Raises SourceRefused for a second process of one id."""
        if isinstance(record, ProcessRecord):
            self._columns.add_process(record)
        elif isinstance(record, FlowRecord):
            self._columns.add_flow(record)

    def compiled(self, rule: LinkRule, report: Report) -> Compiled:
        """The database under a rule; counts, what stayed unlinked and what cannot be solved go to the report.

        Raises SourceRefused where an input names a provider that makes nothing, or where nothing can be solved.
        """
        columns, exchanges = self._columns, Exchanges(self._columns)
        made = made_by(columns, exchanges, rule)
        offers = made.offers(exchanges)
        _refuse_empty_providers(columns, exchanges)
        inputs = np.flatnonzero(exchanges.product_input)
        links = _link(columns, exchanges, offers, inputs, co_products=rule is LinkRule.CO_PRODUCTS)
        wastes = np.flatnonzero(exchanges.waste_output)
        treated = _link_wastes(columns, exchanges, made, wastes, rule)
        left, untreated = inputs[links.reasons >= 0], wastes[treated.reasons >= 0]
        if rule is LinkRule.MAIN_PRODUCT:
            untreated = untreated[:0]
        reasons = [*_reasons(exchanges, inputs, links), *[Reason.NO_TREATMENT] * untreated.size]
        missing = np.concatenate((left, untreated))
        compiled = Assembly(columns, exchanges, made).compiled(
            np.concatenate((inputs, wastes)),
            np.concatenate((links.product, treated.product)),
            _unlinked(columns, exchanges, offers, missing, reasons),
            missing,
        )
        telling.count(report, exchanges, made, offers, telling.Linked(inputs, links, wastes, treated))
        telling.tell_processes(report, columns, exchanges, made, rule)
        telling.tell_unlinked(report, compiled)
        telling.tell_loops(report, compiled)
        return compiled


def _link(columns: Columns, x: Exchanges, offers: Offers, inputs: Index, *, co_products: bool) -> Links:
    return link(
        x.flow[inputs],
        columns.provider[inputs],
        x.counted_in[inputs],
        offers,
        len(columns.flows),
        len(columns.processes),
        co_products=co_products,
    )


def _link_wastes(columns: Columns, x: Exchanges, made: Made, wastes: Index, rule: LinkRule) -> Links:
    """Wastes go to the treatment they name, or the only one; under "main-product" they are left out."""
    offers = made.treatments(x)
    if rule is LinkRule.MAIN_PRODUCT:
        none = np.zeros(0, dtype=np.int64)
        return _link(columns, x, Offers(none, none, none.astype(bool), none, none), wastes, co_products=False)
    return _link(columns, x, offers, wastes, co_products=False)


def _refuse_empty_providers(columns: Columns, x: Exchanges) -> None:
    """An amount that nothing can be divided by must not be taken for "no burden"."""
    empty = (x.reference_of >= 0) & (x.reference_amount() == 0)
    provider = columns.provider
    named = np.flatnonzero((provider >= 0) & np.append(empty, False)[provider])
    named = named[x.flow[named] == x.flow[x.reference_of[provider[named]]]]
    if named.size:
        first = int(named[0])
        taker, maker = columns.process_names[int(x.process[first])], columns.process_names[int(provider[first])]
        raise refused(
            maker.zh,
            f"基准流数量为 0，而过程“{taker.zh}”把它作为供应者。请填写产出量。",
            f'"{maker.en}" has the reference amount 0, and the process "{taker.en}" takes from it. '
            "Give the amount it makes.",
        )


def _unlinked(
    columns: Columns, x: Exchanges, offers: Offers, left: Index, reasons: Sequence[Reason]
) -> tuple[Unlinked, ...]:
    """Exchanges without a supplier, told by name."""
    makers = _by_flow(columns, offers.flow[offers.reference], offers.process[offers.reference])
    beside = np.flatnonzero(x.co_product)
    co_makers = _by_flow(columns, x.flow[beside], x.process[beside])
    ids, flows = columns.processes.texts, columns.flows.texts
    units, providers = columns.units.texts, columns.providers.texts
    named, unit = columns.provider_id, columns.unit

    def told(e: int, reason: Reason) -> Unlinked:
        flow, process, provider = int(x.flow[e]), int(x.process[e]), int(named[e])
        fact = columns.fact(flow)
        known = columns.processes.index.get(providers[provider]) if provider >= 0 else None
        offered = (co_makers if reason is Reason.ONLY_CO_PRODUCT else makers).get(flow, [])
        return Unlinked(
            ids[process],
            columns.process_names[process],
            flows[flow],
            fact.name,
            float(x.amount[e]),
            units[int(x.counted_in[e])] or fact.unit or units[int(unit[e])],
            reason,
            providers[provider] if provider >= 0 else "",
            columns.process_names[known].zh if known is not None else columns.provider_names.get(provider, ""),
            tuple(offered) if reason in _WITH_MAKERS else (),
        )

    return tuple(told(e, reason) for e, reason in zip(left.tolist(), reasons, strict=True))


_WITH_MAKERS = (Reason.ONLY_CO_PRODUCT, Reason.SEVERAL_MAKERS, Reason.OTHER_UNIT, Reason.MAKER_UNUSABLE)


def _by_flow(columns: Columns, flows: Index, processes: Index) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for flow, process in zip(flows.tolist(), processes.tolist(), strict=True):
        names.setdefault(flow, []).append(columns.process_names[process].zh)
    return names


def _reasons(x: Exchanges, inputs: Index, links: Links) -> list[Reason]:
    """Why inputs are left; of those that nobody makes, some come as a co-product."""
    beside = np.isin(x.flow[inputs], x.flow[x.co_product])
    return [
        Reason.ONLY_CO_PRODUCT if reason is Reason.NO_MAKER and side else reason
        for reason, side in (
            (REASONS[code], side)
            for code, side in zip(links.reasons.tolist(), beside.tolist(), strict=True)
            if code >= 0
        )
    ]
