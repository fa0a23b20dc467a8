"""A network as a datapackage of `bw_processing`, which Brightway runs as its own. Same network, same bytes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tanbiao.formats.datapackage_entries import Identifier, Ids, wrong
from tanbiao.lca.distributions.columns import Distributions
from tanbiao.lca.distributions.making import certain, combine
from tanbiao.lca.network.arrays import Network

Array = NDArray[Any]
Columns = dict[str, Array | None]

_INDICES = np.dtype([("row", "<i8"), ("col", "<i8")])
_NUMBERS = ("loc", "scale", "shape", "minimum", "maximum")
_SPREAD = np.dtype([("uncertainty_type", "u1"), *((name, "<f4") for name in _NUMBERS), ("negative", "?")])
_GLOBAL = 0  # the place of factors that hold everywhere


def write_datapackage(
    network: Network,
    *,
    methods: Mapping[Identifier, ArrayLike] | None = None,
    product_ids: ArrayLike | None = None,
    flow_ids: ArrayLike | None = None,
    name: str = "tanbiao",
) -> bytes:
    """The zip of a network: each process makes one unit of its product, or takes in one unit of it where that is waste.

    methods      characterisation (m,) by identifier; `bw2calc.LCA` takes one, `MultiLCA` several
    product_ids  (n,) of products and of their processes: whole numbers from 0, no two the same; None: 1 to n
    flow_ids     (m,) likewise; None: those that follow the products'
    Amounts are exact; distributions have the precision of Brightway's own tables, four bytes a number.
    Raises WrongDatapackage for ids or factors that do not fit.
    """
    n, m = network.size, int(network.flows.shape[1])
    products = _ids(np.arange(1, n + 1) if product_ids is None else product_ids, n)
    after = int(products.max(initial=0)) + 1
    flows = _ids(np.arange(after, after + m) if flow_ids is None else flow_ids, m)
    groups: list[tuple[str, str, Columns, dict[str, object]]] = [
        ("technosphere", "technosphere_matrix", _technosphere(network, products), {}),
        ("biosphere", "biosphere_matrix", _biosphere(network, products, flows), {}),
    ]
    for k, (identifier, factors) in enumerate((methods or {}).items(), start=1):
        more = {"identifier": list(identifier), "global_index": _GLOBAL}
        groups.append((f"characterization-{k}", "characterization_matrix", _factors(factors, flows), more))
    resources, files = [], {}
    for group, matrix, columns, more in groups:
        for kind, values in columns.items():
            if values is not None:
                resources.append(_resource(group, matrix, kind, values.size) | more)
                files[f"{group}.{kind}.npy"] = values
    return _zipped(_metadata(name, network.sha256, resources), files)


def _technosphere(network: Network, products: Ids) -> Columns:
    """What is made first, then what is taken; a product counted by its loss has all its signs turned round."""
    n, inputs = network.size, network.inputs
    sense = network.as_counted(np.ones(n))
    taken = inputs.indices
    amounts = np.concatenate((np.ones(n), inputs.data))
    spread = None
    if network.input_spread is not None or network.made_spread is not None:
        made = certain(np.ones(n)) if network.made_spread is None else network.made_spread
        spread = combine((made, certain(inputs.data) if network.input_spread is None else network.input_spread))
    return {
        "indices": _indices(
            np.concatenate((products, products[taken])), np.concatenate((products, products[_rows(inputs)]))
        ),
        "data": amounts.astype("<f8"),
        "flip": np.concatenate((sense < 0, sense[taken] > 0)),
        "reference": np.arange(amounts.size) < n,
        "distributions": _table(spread, amounts),
    }


def _biosphere(network: Network, products: Ids, flows: Ids) -> Columns:
    return {
        "indices": _indices(flows[network.flows.indices], products[_rows(network.flows)]),
        "data": network.flows.data.astype("<f8"),
        "distributions": _table(network.flow_spread, network.flows.data),
    }


def _factors(factors: ArrayLike, flows: Ids) -> Columns:
    values = np.asarray(factors, dtype="<f8")
    if values.shape != flows.shape or not np.isfinite(values).all():
        raise wrong(
            f"特征化因子应是 {flows.size} 个有限数，每个基本流一个（得到 {values.shape}）",
            f"factors must be {flows.size} finite numbers, one a flow (got {values.shape})",
        )
    return {"indices": _indices(flows, np.full(flows.size, _GLOBAL)), "data": values}


def _ids(given: ArrayLike, count: int) -> Ids:
    ids = np.asarray(given)
    if (
        ids.shape != (count,)
        or (count and (ids.dtype.kind not in "iu" or ids.min() < 0))
        or np.unique(ids).size != count
    ):
        raise wrong(
            f"编号应是 {count} 个互不相同、不小于 0 的整数",
            f"ids must be {count} whole numbers from 0, no two the same",
        )
    return ids.astype(np.int64)


def _rows(matrix: Any) -> NDArray[np.intp]:
    """The row of each entry of a CSR matrix."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def _indices(rows: Array, columns: Array) -> Array:
    table = np.empty(rows.size, _INDICES)
    table["row"], table["col"] = rows, columns
    return table


def _table(spread: Distributions | None, amounts: Array) -> Array | None:
    """In Brightway's own layout. What is certain has its amount as loc: Brightway draws that."""
    if spread is None:
        return None
    wide = spread.to_array()
    table = np.empty(amounts.size, _SPREAD)
    for field in _SPREAD.names or ():
        table[field] = wide[field]
    table["loc"] = np.where(wide["uncertainty_type"] == 0, amounts, wide["loc"])
    return table


def _resource(group: str, matrix: str, kind: str, rows: int) -> dict[str, object]:
    return {
        "profile": "data-resource",
        "format": "npy",
        "mediatype": "application/octet-stream",
        "name": f"{group}.{kind}",
        "matrix": matrix,
        "kind": kind,
        "path": f"{group}.{kind}.npy",
        "group": group,
        "category": "vector",
        "nrows": rows,
    }


def _metadata(name: str, sha256: str, resources: list[dict[str, object]]) -> dict[str, object]:
    return {
        "profile": "data-package",
        "name": re.sub(r"[^\w.-]", "-", name),
        "id": sha256[:32],
        "licenses": [],
        "resources": resources,
        "combinatorial": False,
        "sequential": False,
        "seed": None,
        "64_bit_indices": True,
        "sum_intra_duplicates": True,
        "sum_inter_duplicates": False,
        "matrix_serialize_format_type": "numpy",
    }


def _zipped(metadata: dict[str, object], files: Mapping[str, Array]) -> bytes:
    """Stored, not deflated: what deflate makes of the same bytes differs from one zlib to the next."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        _add(archive, "datapackage.json", json.dumps(metadata, ensure_ascii=False, indent=1).encode())
        for path, values in files.items():
            stream = io.BytesIO()
            np.lib.format.write_array(stream, values, version=(1, 0), allow_pickle=False)
            _add(archive, path, stream.getvalue())
    return out.getvalue()


def _add(archive: zipfile.ZipFile, path: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    archive.writestr(entry, data)
