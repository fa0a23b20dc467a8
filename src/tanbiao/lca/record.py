"""What has to be known to get the same digits again: a record goes with every result.

Same inputs, version, GWP set, tolerance and seed give the same digits on any machine to 1e-9 relative: sums run in a
stated order, draws are counter-based, and only the last places of exp, log and the solver differ between machines.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tanbiao
from tanbiao.lca.frames import Table
from tanbiao.lca.gases.gwp import GwpSet, ipcc_sets
from tanbiao.lca.network.engine import Solver
from tanbiao.words import Text


@dataclass(frozen=True, slots=True)
class Record(Table):
    """inputs_sha256 of what was calculated; gwp_set: id, with the hash of its values where it is none of the IPCC's.

    method, tolerance, residual as in `engine.Solver`; seed and draws of a result that was drawn
    """

    inputs_sha256: str
    gwp_set: str
    solver: Solver
    version: str = f"tanbiao.lca {tanbiao.__version__}"
    seed: int | None = None
    draws: int | None = None

    def caption(self) -> Text:
        return Text("计算记录", "Record of the calculation")

    def rows(self) -> list[dict[str, object]]:
        return [
            {
                "inputs_sha256": self.inputs_sha256,
                "version": self.version,
                "gwp_set": self.gwp_set,
                "solver": self.solver.method,
                "tolerance": self.solver.tolerance,
                "residual": self.solver.residual,
                "seed": self.seed,
                "draws": self.draws,
            }
        ]


def sha256_of_document(document: Mapping[str, Any]) -> str:
    """Hash of plain JSON values, whatever the order of their keys."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_of_arrays(*parts: str | NDArray[np.float64]) -> str:
    """Hash of hashes and float arrays, in their order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else np.ascontiguousarray(part, dtype="<f8").tobytes())
    return digest.hexdigest()


def gwp_label(gwp: GwpSet) -> str:
    """The id, and for a set of one's own the hash of its values: an id alone would not say what they were."""
    if gwp == ipcc_sets().get(gwp.id):
        return gwp.id
    values = {f"{substance}|{fossil}": repr(value) for (substance, fossil), value in gwp.values.items()}
    return f"{gwp.id} sha256:{sha256_of_document(values)}"
