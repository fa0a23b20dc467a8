"""A network of products that supply each other: arrays, per unit of output, one convention for every source.

    y = c + R y         footprint of one unit of every product (adjoint form); c = flows @ characterisation
    s = f + R^T s       how much of every product the demand f takes in all;   g = flows^T s, its inventory

R (`inputs`) holds in row i the recipe of product i: R[i, j] units of product j for one unit of i. What a process takes
is positive, also the treatment of its waste, which is a service; a co-product that displaces another product is a
credit, negative. Heijungs & Suh 2002, ch. 2 and 3, divided by the reference flow; ISO 14067:2018 6.5.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from tanbiao.lca.distributions.columns import Distributions
from tanbiao.lca.faults import UnknownProduct, WrongShape

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Products per unit of output.

    inputs   (n, n) CSR  units of product j that one unit of product i takes; entries of one place add up
    flows    (n, m) CSR  units of elementary flow k that one unit of product i releases
    names, flow_names    of products and flows; () where they have none (then #1, #2, ...)
    made     (n,)        what one run of the process makes in the source, before division; negative: it takes that in
    input_spread, flow_spread   distributions of inputs.data and flows.data, in their order; None: certain
    made_spread          distributions of what one unit of each process really makes (mean 1); None: certain
    """

    inputs: sparse.csr_array
    flows: sparse.csr_array
    names: Sequence[str] = ()
    flow_names: Sequence[str] = ()
    made: Vector | None = None
    input_spread: Distributions | None = None
    flow_spread: Distributions | None = None
    made_spread: Distributions | None = None

    @property
    def size(self) -> int:
        return int(self.inputs.shape[0])

    def name(self, product: int) -> str:
        return named(self.names, product)

    def flow_name(self, flow: int) -> str:
        return named(self.flow_names, flow)

    def index(self, product: int | str) -> int:
        """The index of a product, given by index or by name. Raises UnknownProduct."""
        if isinstance(product, str):
            found = [i for i, own in enumerate(self.names) if own == product]
            if len(found) == 1:
                return found[0]
            near = "、".join(difflib.get_close_matches(product, self.names, n=3))
            raise UnknownProduct(
                product,
                f"有 {len(found)} 个叫“{product}”的产品。"
                + (f"是否指 {near}？" if near else "请用编号（从 0 数起）。"),
                f'{len(found)} products are called "{product}". '
                + (f"Did you mean {near}?" if near else "Use the index (counted from 0)."),
            )
        if 0 <= product < self.size:
            return int(product)
        raise UnknownProduct(
            str(product),
            f"没有编号 {product} 的产品：编号从 0 到 {self.size - 1}。",
            f"There is no product {product}: indexes run from 0 to {self.size - 1}.",
        )

    def demand(self, amounts: Mapping[int, float] | Mapping[str, float]) -> Vector:
        """f (n,) of some products, by index or name: amounts as the source counts them (a waste: below zero)."""
        f = np.zeros(self.size)
        for product, amount in amounts.items():
            f[self.index(product)] += amount
        return self.as_counted(f)

    def as_demand(self, given: ArrayLike | Mapping[int, float] | Mapping[str, float]) -> Vector:
        """f (n,) or (n, k), from amounts by product or as it stands. Raises WrongShape."""
        f = self.demand(given) if isinstance(given, Mapping) else np.asarray(given, dtype=float)
        if f.ndim not in (1, 2) or f.shape[0] != self.size:
            raise WrongShape(
                "",
                f"需求的形状是 {f.shape}，应为 ({self.size},) 或 ({self.size}, k)；也可以给出“产品: 数量”。",
                f"The demand has the shape {f.shape}; ({self.size},) or ({self.size}, k) is due, or amounts "
                "by product.",
            )
        return f

    def direct(self, characterisation: ArrayLike) -> Vector:
        """c (n,) or (n, k): impact of what one unit of every product releases itself. Raises WrongShape."""
        q, flows = np.asarray(characterisation, dtype=float), int(self.flows.shape[1])
        if q.ndim not in (1, 2) or q.shape[0] != flows:
            raise WrongShape(
                "",
                f"特征化因子的形状是 {q.shape}，而网络有 {flows} 种基本流：应为 ({flows},) 或 ({flows}, k)。",
                f"The characterisation has the shape {q.shape} but the network {flows} elementary flows: "
                f"({flows},) or ({flows}, k) is due.",
            )
        return np.asarray(self.flows @ q)

    def as_counted(self, values: Vector) -> Vector:
        """Amounts or footprints of products, (n,) or (n, k), from the network's own sense into the source's, or back.

        They differ in the sign of products that the source counts by their loss: a waste, by its treatment.
        """
        if self.made is None or (self.made > 0).all():
            return values
        return values * np.sign(self.made).reshape(-1, *[1] * (values.ndim - 1))

    def runs(self, s: Vector) -> Vector:
        """How many runs of each process, as the source gives them, a supply s (n,) takes."""
        return s if self.made is None else s / abs(self.made)

    @property
    def sha256(self) -> str:
        """Hash of the numbers: structure, amounts, flows, distributions, signs of products; names do not enter."""
        digest = hashlib.sha256()
        for matrix in (self.inputs, self.flows):
            digest.update(np.array(matrix.shape, dtype="<i8").tobytes())
            for part, kind in ((matrix.indptr, "<i8"), (matrix.indices, "<i8"), (matrix.data, "<f8")):
                _feed(digest, part, kind)
        for spread in (self.input_spread, self.flow_spread, self.made_spread):
            digest.update(b"-" if spread is None else b"+")
            for column in () if spread is None else spread.columns():
                _feed(digest, column, "<f8")
        signs = self.as_counted(np.ones(self.size))
        _feed(digest, signs if signs.min(initial=1.0) < 0 else np.empty(0), "<f8")
        return digest.hexdigest()


def csc(matrix: ArrayLike | sparse.sparray) -> sparse.csc_array:
    """Any matrix as CSC of floats; may share its arrays with the one given."""
    if isinstance(matrix, sparse.sparray | sparse.spmatrix):
        return sparse.csc_array(matrix, dtype=float)
    return sparse.csc_array(np.atleast_2d(np.asarray(matrix, dtype=float)))


def named(names: Sequence[str], i: int) -> str:
    """The name of entry i, or its number (from 1) where there are no names."""
    return names[i] if len(names) else f"#{i + 1}"


def rows_of_entries(matrix: sparse.csr_array) -> NDArray[np.intp]:
    """The row of every entry of a CSR matrix, (nnz,), in the order of its data."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def _feed(digest: hashlib._Hash, values: NDArray[np.generic], kind: str, block: int = 1 << 20) -> None:
    """In blocks: a hash of 110 million links must not need a copy of them."""
    for start in range(0, values.size, block):
        digest.update(np.ascontiguousarray(values[start : start + block], dtype=kind).tobytes())
