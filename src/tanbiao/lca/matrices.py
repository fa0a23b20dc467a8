"""The matrices of a product system: A (products x processes) and B (interventions x processes).

One column is one measured period of a process after allocation: its reference product in full, its inputs and
emissions by the share that this product carries. With demand f and characterisation c:

    A s = f        g = B s        h = c g        (Heijungs & Suh 2002, ch. 2; ISO 14067:2018 6.5)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tanbiao.lca.allocation.shares import avoided_inputs, product_share
from tanbiao.lca.inventory import burdens
from tanbiao.lca.model import GasClass, Input, Process, ProductSystem

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Technology:
    """What the processes make of, and take from, each other.

    processes  ids, the order of rows (their reference products) and columns
    made       (n,)    amount of its reference product that a process makes in a period, in the product's own unit
    taken      (n, n)  taken[i, j]: amount of product i that one period of process j takes, after allocation
    avoided    (n, n)  amount of product i that the co-products of one period of process j displace
    shares     (n,)    share of the burdens of a process that its reference product carries
    """

    processes: tuple[str, ...]
    made: Vector
    taken: sparse.csc_array
    avoided: sparse.csc_array
    shares: Vector

    @property
    def per_unit(self) -> sparse.csr_array:
        """What one unit of each product takes (n, n), by columns."""
        return sparse.csr_array(self.taken @ sparse.diags_array(1 / self.made))

    @property
    def A(self) -> sparse.csc_array:
        """Outputs less inputs, co-products standing for what they displace: diag(made) - taken + avoided."""
        return sparse.csc_array(self.caused + self.avoided)

    @property
    def caused(self) -> sparse.csc_array:
        """The same without any credit: diag(made) - taken."""
        return sparse.csc_array(sparse.diags_array(self.made) - self.taken)


@dataclass(frozen=True, slots=True)
class Interventions:
    """substances (g rows) and B (g, n): kg per period of each process, after allocation; removals negative."""

    substances: tuple[tuple[str, GasClass], ...]
    B: sparse.csc_array


def technology(system: ProductSystem) -> Technology:
    """The technology of a sound system (see `checks.system_faults`)."""
    index = {process.id: i for i, process in enumerate(system.processes)}
    shares = np.array([float(product_share(process)) for process in system.processes])

    def between(rows: Callable[[Process], tuple[Input, ...]]) -> sparse.csc_array:
        entries = [
            (i, j, float(row.quantity.to(system.processes[i].product.quantity.unit).amount) * shares[j])
            for j, process in enumerate(system.processes)
            for row in rows(process)
            if row.provider
            for i in (index[row.provider],)
        ]
        return _matrix(entries, (len(index), len(index)))

    return Technology(
        processes=tuple(index),
        made=np.array([float(process.product.quantity.amount) for process in system.processes]),
        taken=between(lambda process: process.inputs),
        avoided=between(avoided_inputs),
        shares=shares,
    )


def interventions(system: ProductSystem, shares: Vector) -> Interventions:
    """What each process releases in a period, with all its background supply; `shares` as in Technology."""
    factors = {factor.id: factor for factor in system.factors}
    entries = [
        ((burden.substance, burden.gas_class), j, float(burden.kg) * shares[j])
        for j, process in enumerate(system.processes)
        for burden in burdens(process, factors)
    ]
    substances = {key: i for i, key in enumerate(dict.fromkeys(key for key, _, _ in entries))}
    rows = [(substances[key], j, kg) for key, j, kg in entries]
    return Interventions(tuple(substances), _matrix(rows, (len(substances), len(system.processes))))


def demand(system: ProductSystem) -> Vector:
    """f: one declared unit of the product, in the unit its process makes it in."""
    f = np.zeros(len(system.processes))
    for i, process in enumerate(system.processes):
        if process.id == system.product.process:
            f[i] = float(system.product.declared_unit.to(process.product.quantity.unit).amount)
    return f


def _matrix(entries: list[tuple[int, int, float]], shape: tuple[int, int]) -> sparse.csc_array:
    """A sparse matrix; entries of one place add up."""
    rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    return sparse.csc_array(
        (np.array(values, dtype=float), (np.array(rows, dtype=np.int32), np.array(columns, dtype=np.int32))),
        shape=shape,
    )
