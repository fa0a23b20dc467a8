"""Which product of a process is its reference: Brightway leaves it to the matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tanbiao.formats.datapackage_entries import flagged_reference
from tanbiao.lca.datasets.report import Report
from tanbiao.lca.faults import SystemOfEquations
from tanbiao.lca.network.conventions import Entries, find_reference

_SHOWN = 20


def reference_products(
    technology: Entries,
    flags: NDArray[np.bool_],
    product_ids: NDArray[np.int64],
    process_ids: NDArray[np.int64],
    place: str,
    report: Report,
) -> NDArray[np.intp]:
    """Row of the reference product of each process, -1 where it has none: flagged, of its own id, or by amounts."""
    n, m = process_ids.size, product_ids.size
    A = sparse.csc_array((technology.amounts, (technology.rows, technology.columns)), shape=(m, n))
    if n == m:
        flagged = flagged_reference(technology, flags, n)
        if flagged is not None:
            return flagged
        if np.array_equal(product_ids, process_ids) and A.diagonal().all():
            return np.arange(n)
        try:
            return find_reference(A, [str(id) for id in process_ids])
        except SystemOfEquations as fault:
            report.warn("no_pairing", place, fault.text.zh, fault.text.en)
    else:
        _say_not_square(A, product_ids, process_ids, place, report)
    found = np.full(n, -1, dtype=np.intp)
    for k in range(n):
        column = slice(A.indptr[k], A.indptr[k + 1])
        made = A.indices[column][A.data[column] > 0]
        own = made[product_ids[made] == process_ids[k]]
        found[k] = own[0] if own.size else made[0] if made.size == 1 else -1
    return found


def _say_not_square(
    A: sparse.csc_array, products: NDArray[np.int64], processes: NDArray[np.int64], place: str, report: Report
) -> None:
    made = np.unique(A.indices[A.data > 0])
    lacking = ", ".join(str(id) for id in np.delete(products, made)[:_SHOWN]) or "—"
    report.warn(
        "not_square",
        place,
        f"有 {products.size} 种产品、{processes.size} 个过程，应一样多；没有过程生产：{lacking}。"
        "若其过程在另一个数据包里，请一起导入",
        f"there are {products.size} products and {processes.size} processes, which should be equally many; no "
        f"process makes: {lacking}. If their processes are in another package, import it too",
    )
