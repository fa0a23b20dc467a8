"""A network of products that supply each other: arrays, per unit of output, one convention for every source.

    y = c + R y         footprint of one unit of every product (adjoint form); c = flows @ characterisation
    s = f + R^T s       how much of every product the demand f takes in all;   g = flows^T s, its inventory

R (`inputs`) holds in row i the recipe of product i: R[i, j] units of product j for one unit of i. What a process takes
is positive, also the treatment of its waste, which is a service; a co-product that displaces another product is a
credit, negative. Heijungs & Suh 2002, ch. 2 and 3, divided by the reference flow; ISO 14067:2018 6.5.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tanbiao.lca.distributions.making import Distributions

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
    def sense(self) -> Vector | None:
        """(n,): -1 where the source counts the product by its loss (a waste, by its treatment), else 1; None: all 1."""
        return None if self.made is None or (self.made > 0).all() else np.sign(self.made)

    @property
    def size(self) -> int:
        return int(self.inputs.shape[0])

    def name(self, product: int) -> str:
        return self.names[product] if len(self.names) else f"#{product + 1}"

    def flow_name(self, flow: int) -> str:
        return self.flow_names[flow] if len(self.flow_names) else f"#{flow + 1}"

    def index(self, name: str) -> int:
        """The product of this name. Raises KeyError where none has it, or several have."""
        found = [i for i, own in enumerate(self.names) if own == name]
        if len(found) != 1:
            raise KeyError(f"{name!r}: {len(found)} products")
        return found[0]

    def demand(self, amounts: dict[int, float]) -> Vector:
        """f (n,) of some products: amounts as the source counts them (a waste: by its sense)."""
        f = np.zeros(self.size)
        for product, amount in amounts.items():
            f[product] += amount if self.sense is None else amount * self.sense[product]
        return f

    def runs(self, s: Vector) -> Vector:
        """How many runs of each process, as the source gives them, a supply s (n,) takes."""
        return s if self.made is None else s / abs(self.made)

    @property
    def sha256(self) -> str:
        """Hash of the numbers: structure, amounts, flows and distributions; names do not enter."""
        digest = hashlib.sha256()
        for matrix in (self.inputs, self.flows):
            digest.update(np.array(matrix.shape, dtype="<i8").tobytes())
            for part, kind in ((matrix.indptr, "<i8"), (matrix.indices, "<i8"), (matrix.data, "<f8")):
                _feed(digest, part, kind)
        for spread in (self.input_spread, self.flow_spread, self.made_spread):
            digest.update(b"-" if spread is None else b"+")
            for part in (
                () if spread is None else (spread.kind, spread.loc, spread.scale, spread.minimum, spread.maximum)
            ):
                _feed(digest, part, "<f8")
        return digest.hexdigest()


def _feed(digest: hashlib._Hash, values: NDArray[np.generic], kind: str, block: int = 1 << 20) -> None:
    """In blocks: a hash of 110 million links must not need a copy of them."""
    for start in range(0, values.size, block):
        digest.update(np.ascontiguousarray(values[start : start + block], dtype=kind).tobytes())
