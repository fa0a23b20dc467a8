"""A database ready to be solved: its network, with the ids, names and units behind the indices."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tanbiao.lca.datasets.linking import Reason, Unlinked
from tanbiao.lca.datasets.records import Direction
from tanbiao.lca.datasets.rows import FlowRow
from tanbiao.lca.network.arrays import Network
from tanbiao.words import Text

Array = NDArray[Any]


@dataclass(frozen=True)
class Compiled:
    """Products and what stands behind them; everything in the order of the network's products, rows as its flows.

    processes      ids; that of a co-product is "process:flow"
    names          of the processes;  product_flows, product_names: their reference flows;  units: of one product
    unlinked       inputs without a supplier, all of them
    incomplete     (n,) whether something upstream is unlinked, so that results are too low
    """

    network: Network
    processes: tuple[str, ...]
    names: tuple[Text, ...]
    product_flows: tuple[str, ...]
    product_names: tuple[Text, ...]
    units: tuple[str, ...]
    flow_rows: tuple[FlowRow, ...]
    unlinked: tuple[Unlinked, ...]
    incomplete: NDArray[np.bool_]

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Process id -> index of its product."""
        return {id: i for i, id in enumerate(self.processes)}

    @property
    def made(self) -> NDArray[np.float64]:
        """What one run of the process makes; below zero: it takes that in (a treatment)."""
        assert self.network.made is not None
        return self.network.made

    @cached_property
    def sha256(self) -> str:
        """Hash of everything that results depend on or are told by."""
        digest = hashlib.sha256(self.network.sha256.encode())
        for part in (self._texts().tobytes(), np.packbits(self.incomplete).tobytes(), self.made.tobytes()):
            digest.update(part)
        return digest.hexdigest()

    def arrays(self) -> dict[str, Array]:
        """Plain arrays without objects, as `numpy.savez` keeps them."""
        found: dict[str, Array] = {"texts": self._texts(), "made": self.made, "incomplete": self.incomplete}
        for name, matrix in (("inputs", self.network.inputs), ("flows", self.network.flows)):
            found |= {
                f"{name}_data": matrix.data,
                f"{name}_indices": matrix.indices,
                f"{name}_indptr": matrix.indptr,
                f"{name}_shape": np.array(matrix.shape),
            }
        return found

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Compiled:
        """What `arrays` was made of."""
        texts = json.loads(arrays["texts"].tobytes())
        names = tuple(Text(*pair) for pair in texts["names"])
        rows = tuple(
            FlowRow(id, Text(zh, en), Direction(direction), unit, tuple(category), cas)
            for id, zh, en, direction, unit, category, cas in texts["flow_rows"]
        )
        network = network_of(_matrix(arrays, "inputs"), _matrix(arrays, "flows"), arrays["made"], names, rows)
        return cls(
            network,
            tuple(texts["processes"]),
            names,
            tuple(texts["product_flows"]),
            tuple(Text(*pair) for pair in texts["product_names"]),
            tuple(texts["units"]),
            rows,
            tuple(_unlinked(row) for row in texts["unlinked"]),
            np.asarray(arrays["incomplete"], dtype=bool),
        )

    def _texts(self) -> NDArray[np.uint8]:
        document = {
            "processes": self.processes,
            "names": [(t.zh, t.en) for t in self.names],
            "product_flows": self.product_flows,
            "product_names": [(t.zh, t.en) for t in self.product_names],
            "units": self.units,
            "flow_rows": [
                (r.id, r.name.zh, r.name.en, r.direction.value, r.unit, r.category, r.cas) for r in self.flow_rows
            ],
            "unlinked": [
                (
                    *(u.process, u.process_name.zh, u.process_name.en, u.flow, u.flow_name.zh, u.flow_name.en),
                    *(u.amount, u.unit, u.reason.value, u.provider, u.provider_name, u.makers),
                )
                for u in self.unlinked
            ],
        }
        return np.frombuffer(json.dumps(document, ensure_ascii=False).encode(), dtype=np.uint8)


def network_of(
    inputs: sparse.csr_array,
    flows: sparse.csr_array,
    made: NDArray[np.float64],
    names: tuple[Text, ...],
    rows: tuple[FlowRow, ...],
) -> Network:
    """A network that calls its products and flows by their Chinese names, or the only ones they have."""
    return Network(inputs, flows, tuple(t.zh for t in names), tuple(r.name.zh for r in rows), made)


def _matrix(arrays: Mapping[str, Array], name: str) -> sparse.csr_array:
    parts = (arrays[f"{name}_data"], arrays[f"{name}_indices"], arrays[f"{name}_indptr"])
    rows, columns = arrays[f"{name}_shape"].tolist()
    return sparse.csr_array(parts, shape=(rows, columns))


def _unlinked(row: list[Any]) -> Unlinked:
    process, zh, en, flow, flow_zh, flow_en, amount, unit, reason, provider, provider_name, makers = row
    return Unlinked(
        process, Text(zh, en), flow, Text(flow_zh, flow_en), amount, unit, Reason(reason), provider, provider_name,
        tuple(makers),
    )  # fmt: skip
