"""Small supply networks that the tests of contributions share."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from scipy import sparse

from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.conventions import network_from_matrices


def chain_of(inputs, flows, names=()):
    """A network of dense coefficients: inputs[i][j] of product j for one of product i, flows[i][k] of flow k."""
    return Network(sparse.csr_array(np.array(inputs, float)), sparse.csr_array(np.array(flows, float)), tuple(names))


def loop():
    """1 甲 takes 1 乙, 1 乙 takes 1/2 甲; 甲 releases 1: the footprint of 甲 is 1 + 1/2 + 1/4 + ... = 2."""
    return chain_of([[0, 1], [0.5, 0]], [[1], [0]], ["甲", "乙"])


def factory():
    """A factory (5 released) takes 2 of power (1 each) and hands 3 of its waste to a treatment (4 each)."""
    technology = [[1, 0, 0], [-2, 1, 0], [3, 0, -1]]
    return network_from_matrices(technology, [[5, 1, 4]], names=["厂", "电", "废物处理"])


def random_chain(seed, n=6, m=3, credits=True):
    """A productive network with loops, self-use, credits and, in places, two entries that add up; units far apart."""
    rng = np.random.default_rng(seed)
    Z = rng.uniform(-0.3 if credits else 0, 1, (n, n)) * (rng.random((n, n)) < 0.4)
    Z = 0.6 * Z / np.maximum(abs(Z).sum(axis=1, keepdims=True), 1)
    unit = 10.0 ** rng.uniform(-3, 3, n)
    Z *= unit[:, None] / unit
    rows, columns = np.nonzero(Z)
    halves = np.concatenate((Z[rows, columns] * 0.25, Z[rows, columns] * 0.75))
    order = np.argsort(np.tile(rows, 2), kind="stable")
    indptr = np.concatenate(([0], np.cumsum(2 * np.bincount(rows, minlength=n))))
    inputs = sparse.csr_array((halves[order], np.tile(columns, 2)[order], indptr), shape=(n, n))
    flows = rng.uniform(-0.2 if credits else 0, 1, (n, m)) * (rng.random((n, m)) < 0.6) * unit[:, None]
    return Network(inputs, sparse.csr_array(flows), made=np.where(rng.random(n) < 0.2, -1.0, 1.0))


Q = (1.0, 29.8, 273.0)  # characterisation of the three flows of a random chain
seeds = st.integers(0, 2**32 - 1)
