"""The network of a database: every exchange goes to the products of its process, by their shares, per unit of each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tanbiao.lca.datasets.columns import Columns
from tanbiao.lca.datasets.compiled import Compiled, network_of
from tanbiao.lca.datasets.linking import Unlinked
from tanbiao.lca.datasets.loops import upstream_of
from tanbiao.lca.datasets.products import Exchanges, Made, reference_fact
from tanbiao.lca.datasets.records import Direction
from tanbiao.lca.datasets.report import refused
from tanbiao.lca.datasets.rows import FlowRow

Index = NDArray[np.int64]


class Assembly:
    """Entries of the network: every exchange of a process goes to all its products, by their shares."""

    def __init__(self, columns: Columns, x: Exchanges, made: Made):
        self._columns, self._x, self._made = columns, x, made
        processes = len(columns.processes)
        self._count = np.bincount(made.process, minlength=processes)
        self._first = np.cumsum(self._count) - self._count
        given = sorted(
            (product * x.flow.size + exchange, share)
            for product, shares in made.special.items()
            for exchange, share in shares.items()
        )
        self._one_by_one = np.array([key for key, _ in given], dtype=np.int64)
        self._their_shares = np.array([share for _, share in given], dtype=float)

    def compiled(self, taken: Index, supplier: Index, unlinked: tuple[Unlinked, ...], missing: Index) -> Compiled:
        """taken, supplier: exchanges and the products they take (-1: none); missing: exchanges that should have one."""
        columns, x, made = self._columns, self._x, self._made
        n = made.made.size
        linked = supplier >= 0
        sense = np.sign(made.made)
        # what is taken in counts as negative, what is avoided the other way; a waste is given to its treatment
        negative = np.where(x.waste[taken], x.avoided[taken], x.inward[taken] & ~x.avoided[taken])
        given = np.where(negative, -1.0, 1.0) * x.amount[taken]
        inputs = self._matrix(taken[linked], supplier[linked], -sense[supplier[linked]] * given[linked], n)
        nature = np.flatnonzero(x.elementary & (self._count[x.process] > 0))
        # a flow that is counted in units of several kinds has a row in each
        kinds = len(columns.units)
        key = (x.flow[nature] * 2 + x.inward[nature]) * kinds + x.counted_in[nature]
        keys, column = np.unique(key, return_inverse=True)
        flows = self._matrix(nature, column, x.amount[nature], keys.size)
        rows = tuple(self._row(*divmod(key, kinds)) for key in keys.tolist())
        products, _, weight = self._of(missing[x.amount[missing] != 0])
        incomplete = np.zeros(n, dtype=bool)
        incomplete[upstream_of(inputs.T, products[weight != 0])] = True
        ids, flow_ids = columns.processes.texts, columns.flows.texts
        side = made.flow != x.flow[x.reference_of[made.process]]
        names = tuple(columns.process_names[p] for p in made.process.tolist())
        facts = [
            columns.fact(flow) if beside else reference_fact(columns, x, process)
            for process, flow, beside in zip(made.process.tolist(), made.flow.tolist(), side.tolist(), strict=True)
        ]
        uids = [
            f"{ids[p]}:{flow_ids[f]}" if beside else ids[p]
            for p, f, beside in zip(made.process.tolist(), made.flow.tolist(), side.tolist(), strict=True)
        ]
        return Compiled(
            network_of(inputs, flows, made.made, names, rows),
            tuple(uids),
            names,
            tuple(flow_ids[f] for f in made.flow.tolist()),
            tuple(fact.name for fact in facts),
            tuple(fact.unit for fact in facts),
            rows,
            unlinked,
            incomplete,
        )

    def _of(self, exchanges: Index) -> tuple[Index, Index, NDArray[np.float64]]:
        """Products that exchanges belong to, with the position of the exchange and the share of it they carry."""
        count = self._count[self._x.process[exchanges]]
        at = np.repeat(np.arange(exchanges.size), count)
        offset = np.arange(at.size) - np.repeat(np.cumsum(count) - count, count)
        products = self._first[self._x.process[exchanges]][at] + offset
        weight = self._made.share[products]
        if self._one_by_one.size:
            key = products * self._x.flow.size + exchanges[at]
            found = np.minimum(np.searchsorted(self._one_by_one, key), self._one_by_one.size - 1)
            weight = np.where(self._one_by_one[found] == key, self._their_shares[found], weight)
        return products, at, weight

    def _matrix(self, exchanges: Index, column: Index, amount: NDArray[np.float64], width: int) -> sparse.csr_array:
        products, at, weight = self._of(exchanges)
        with np.errstate(over="ignore"):
            data = amount[at] * weight / abs(self._made.made[products])
        self._check(data, products)
        matrix = sparse.csr_array((data, (products, column[at])), shape=(self._made.made.size, width))
        matrix.sum_duplicates()
        return matrix

    def _check(self, data: NDArray[np.float64], products: Index) -> None:
        beyond = np.flatnonzero(~np.isfinite(data))
        if beyond.size:
            name = self._columns.process_names[int(self._made.process[products[beyond[0]]])]
            raise refused(
                name.zh,
                "有数量除以产量后不是有限数；请核对产量和数量。",
                f'"{name.en}" has an amount that is not finite per unit of what it makes; check both.',
            )

    def _row(self, side: int, counted_in: int) -> FlowRow:
        """Of twice the number of a flow, and one more where it is taken in."""
        flow, direction = side // 2, Direction.IN if side % 2 else Direction.OUT
        fact, unit = self._columns.fact(flow), self._columns.units.texts[counted_in]
        return FlowRow(
            self._columns.flows.texts[flow], fact.name, direction, unit or fact.unit, fact.category, fact.cas
        )
