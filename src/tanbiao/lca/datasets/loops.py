"""Loops that use up what they make, found and named, so that everything else can be solved all the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from tanbiao.lca.faults import NotProductive, SystemOfEquations
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.direct import supply
from tanbiao.lca.network.productivity import check_productive, components, productive
from tanbiao.words import Text

Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """Products that supply each other and have no meaningful solution.

    gain      how much they use per what they make, >= 1; nan where credits within the loop leave no such number
    singular  no solution at all; else there is one, of negative amounts
    """

    members: Index
    gain: float
    singular: bool
    text: Text


def find_loops(network: Network) -> tuple[Loop, ...]:
    """Every loop of the network that uses up at least what it makes, or has no unique solution.

    A loop with a credit within is judged by its solution alone: what it displaces may be what keeps it going.
    """
    inputs = network.inputs
    if inputs.data.min(initial=0.0) >= 0 and productive(inputs):
        return ()
    found = (_judged(network, members) for members in components(inputs))
    return tuple(loop for loop in found if loop)


def _judged(network: Network, members: Index) -> Loop | None:
    block = sparse.csr_array(network.inputs[members][:, members])
    if not block.nnz:
        return None
    names = [network.name(i) for i in members.tolist()]
    plain = block.data.min() >= 0
    gain, text = np.nan, None
    if plain:
        try:
            check_productive(block, names)
            return None
        except NotProductive as hungry:
            gain, text = hungry.gain, hungry.problems[0].text
    try:
        supply(sparse.eye_array(members.size, format="csc") - block.T, np.ones(members.size), names)
        singular = False
    except SystemOfEquations as none:
        singular, text = True, text or none.problems[0].text
    return Loop(members, gain, singular, text) if text else None


def upstream_of(takes: sparse.csr_array | sparse.csc_array, start: NDArray[np.integer]) -> Index:
    """The start and everything reached from it, row by row: of `inputs` what it takes, of `inputs.T` who takes it."""
    if not start.size:
        return np.zeros(0, dtype=np.intp)
    links = sparse.csr_array(takes, copy=True)
    links.sum_duplicates()
    links.eliminate_zeros()
    n = links.shape[0]
    indptr = np.append(links.indptr, links.nnz + start.size)  # one more row, from which the search starts
    indices = np.concatenate((links.indices, start))
    whole = sparse.csr_array((np.ones(indices.size), indices, indptr), shape=(n + 1, n + 1))
    reached = csgraph.breadth_first_order(whole, n, directed=True, return_predecessors=False)
    return np.sort(reached[reached < n])
