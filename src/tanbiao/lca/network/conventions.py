"""Into the one convention of `arrays.Network`, from any other.

Sources differ in what they give: reference amounts other than one, a process's use of its own product, treatment of
waste with a negative reference flow (the process takes the waste in), co-products as credits, products in another order
than processes. What an amount means is said by its sign alone: made positive, taken negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph

from tanbiao.lca.distributions.columns import Distributions, Kind
from tanbiao.lca.faults import NoMaker, NotSquare, SeveralMakers, WrongAmount, WrongShape, ZeroReference
from tanbiao.lca.network.arrays import Network, csc, named

Index = NDArray[np.intp]
Vector = NDArray[np.float64]
_SHOWN = 20  # names in a message


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Entries of a matrix, one by one, as a source gives them: rows, columns, amounts (all (E,)), distributions."""

    rows: NDArray[np.integer]
    columns: NDArray[np.integer]
    amounts: Vector
    spread: Distributions | None = None

    @classmethod
    def of(cls, matrix: ArrayLike | sparse.sparray) -> Entries:
        entries = sparse.coo_array(csc(matrix))
        return cls(entries.coords[0], entries.coords[1], entries.data)


def network_from_matrices(
    A: ArrayLike | sparse.sparray,
    B: ArrayLike | sparse.sparray,
    *,
    names: Sequence[str] = (),
    flow_names: Sequence[str] = (),
    reference: ArrayLike | None = None,
) -> Network:
    """The network of a technology matrix A (products, processes) and interventions B (flows, processes).

    A          outputs positive, inputs negative
    reference  (processes,) row of the reference product of each process; None: the diagonal where all
               of it is positive, else found, see `find_reference`
    names      of the processes; product i of the network is the one in row i of A, named after its process
    Raises WrongShape, WrongAmount, NotSquare, ZeroReference, NoMaker, SeveralMakers.
    """
    technology, interventions = csc(A), csc(B)
    check_square(*technology.shape, names)
    _check_sizes(technology, interventions, names, flow_names)
    entries = Entries.of(technology)
    _check_finite(entries, names)
    if reference is None:
        aligned = bool((technology.diagonal() > 0).all())
        reference = np.arange(technology.shape[0]) if aligned else find_reference(technology, names)
    return network_from_exchanges(
        entries,
        Entries.of(interventions),
        np.asarray(reference, dtype=np.intp),
        int(interventions.shape[0]),
        names=names,
        flow_names=flow_names,
    )


def network_from_exchanges(
    technology: Entries,
    interventions: Entries,
    reference: Index,
    flows: int,
    *,
    names: Sequence[str] = (),
    flow_names: Sequence[str] = (),
) -> Network:
    """The network of exchanges given one by one; several of one place add up, each with its own distribution.

    technology     rows are products, columns processes, made positive and taken negative
    interventions  rows are flows, columns processes, released positive
    reference      (n,) row of the reference product of each of the n processes; flows: how many there are
    Raises WrongAmount, ZeroReference, NoMaker, SeveralMakers.
    """
    n = reference.size
    said = tuple(names) or tuple(f"#{j + 1}" for j in range(n))
    for part in (technology, interventions):
        _check_finite(part, names)
    _check_makers(reference, said)
    own, made = _making(technology, reference)
    if not made.all():
        _refuse_zero(np.flatnonzero(made == 0), said)
    sense = np.empty(n)
    sense[reference] = np.sign(made)
    product_of = reference[technology.columns[~own]]
    taken = technology.rows[~own]
    per_unit = -sense[taken] / abs(made[technology.columns[~own]])
    inputs, input_spread = _by_product(technology, np.flatnonzero(~own), product_of, taken, per_unit, (n, n))
    flow_matrix, flow_spread = _by_product(
        interventions,
        np.arange(interventions.amounts.size),
        reference[interventions.columns],
        interventions.rows,
        1 / abs(made[interventions.columns]),
        (n, flows),
    )
    order = np.argsort(reference)
    return Network(
        inputs=inputs,
        flows=flow_matrix,
        names=tuple(said[j] for j in order) if names else (),
        flow_names=tuple(flow_names),
        made=made[order],
        input_spread=input_spread,
        flow_spread=flow_spread,
        made_spread=_made_spread(technology, np.flatnonzero(own), made, reference, said),
    )


def check_square(products: int, processes: int, names: Sequence[str] = ()) -> None:
    """As many products as processes, or NotSquare."""
    if products != processes:
        said = f"（{'、'.join(names[:_SHOWN])}）" if names else ""
        raise NotSquare(
            tuple(names),
            f"有 {products} 种产品、{processes} 个过程{said}；应一样多。请先分配共生产品，或补充、合并过程。",
            f"There are {products} products and {processes} processes{said}; they must be equally many. "
            "Allocate co-products, or add or merge processes.",
        )


def _check_sizes(A: sparse.csc_array, B: sparse.csc_array, names: Sequence[str], flow_names: Sequence[str]) -> None:
    """As many columns of B and names as processes, and as many flow names as rows of B, or WrongShape."""
    n, m = A.shape[1], B.shape[0]
    for wrong, zh, en in (
        (B.shape[1] != n, f"干预矩阵 B 有 {B.shape[1]} 列", f"the interventions B have {B.shape[1]} columns"),
        (len(names) not in (0, n), f"有 {len(names)} 个过程名称", f"there are {len(names)} names of processes"),
    ):
        if wrong:
            raise WrongShape(
                "", f"{zh}，而过程有 {n} 个；应一样多。", f"{en} for {n} processes; they must be equally many."
            )
    if len(flow_names) not in (0, m):
        raise WrongShape(
            "",
            f"有 {len(flow_names)} 个基本流名称，而 B 有 {m} 行；应一样多。",
            f"There are {len(flow_names)} names of flows for {m} rows of B; they must be equally many.",
        )


def find_reference(A: sparse.csc_array, names: Sequence[str] = ()) -> Index:
    """Which product each process is there for: the row of its reference product, (n,).

    The pairing with the largest product of amounts, whatever their
    signs (a process that takes its product in treats waste): going round any loop, another pairing would have to trade
    what is made for what is taken, which is less wherever no loop uses up what it makes. It depends neither on units
    nor on the scale of processes (Duff & Koster 2001 on maximum product transversals). The solution is the same for
    any pairing, names and convergence are not. Raises NoMaker where there is no pairing.
    """
    n = int(A.shape[0])
    entries = sparse.coo_array(A)
    rows, columns = entries.coords
    given = entries.data != 0
    size = np.log(np.nan_to_num(abs(entries.data[given]), nan=1.0))  # what is not finite is refused later, by name
    price = size.max(initial=0) - size + 1 + 1e-9 * (rows != columns)[given]  # of equals the diagonal
    offers = sparse.csr_array((price, (columns[given], rows[given])), (n, n))
    try:
        processes, products = csgraph.min_weight_full_bipartite_matching(offers)
    except ValueError:
        raise _no_pairing(offers, names) from None
    reference = np.empty(n, dtype=np.intp)
    reference[processes] = products
    return reference


def _no_pairing(offers: sparse.csr_array, names: Sequence[str]) -> NoMaker:
    paired = csgraph.maximum_bipartite_matching(offers, perm_type="column")
    idle = np.flatnonzero(paired < 0)
    missing = sorted(set(range(offers.shape[1])) - set(paired.tolist()))
    said = tuple(names) or tuple(f"#{j + 1}" for j in range(offers.shape[0]))
    makers, rows = "、".join(said[j] for j in idle), ", ".join(f"#{i + 1}" for i in missing)
    return NoMaker(
        [said[j] for j in idle],
        f"产品（行）{rows} 没有可对应的生产过程，过程“{makers}”没有自己的产品。请补充过程或更正数量。",
        f'Products (rows) {rows} have no process to make them, and "{makers}" no product of its own. '
        "Add the process, or correct the amounts.",
    )


def _check_finite(part: Entries, names: Sequence[str]) -> None:
    wrong = np.flatnonzero(~np.isfinite(part.amounts))
    if wrong.size:
        entry = int(wrong[0])
        column, amount = int(part.columns[entry]), part.amounts[entry]
        name = named(names, column)
        raise WrongAmount(
            name,
            f"过程“{name}”第 {int(part.rows[entry]) + 1} 行的数量是“{amount}”，应为有限数。共 {wrong.size} 处。",
            f'Process "{name}", row {int(part.rows[entry]) + 1}: the amount is "{amount}" but must be finite. '
            f"{wrong.size} in all.",
        )


def _check_makers(reference: Index, names: Sequence[str]) -> None:
    makers = np.bincount(reference, minlength=reference.size)
    if reference.size and (makers.size > reference.size or makers.max() > 1):
        twice = int(np.argmax(makers))
        guilty = [names[j] for j in np.flatnonzero(reference == twice).tolist()]
        raise SeveralMakers(
            guilty,
            f"产品 #{twice + 1} 由多个过程生产：{'、'.join(guilty)}。请指定供应者，或先混合成一个市场过程。",
            f"Product #{twice + 1} is made by several processes: {', '.join(guilty)}. "
            "Name the supplier, or mix them in a market process first.",
        )


def _refuse_zero(processes: Index, names: Sequence[str]) -> None:
    guilty = [names[j] for j in processes.tolist()]
    raise ZeroReference(
        guilty,
        f"过程“{'、'.join(guilty[:20])}”的基准流净值为零（共 {len(guilty)} 个）。请填写产出量，或核对自用量。",
        f'The net reference flow of "{", ".join(guilty[:20])}" is zero ({len(guilty)} in all). '
        "Give the amount made, or check how much of it the process uses itself.",
    )


def _making(technology: Entries, reference: Index) -> tuple[NDArray[np.bool_], Vector]:
    """Which entries are the making of reference products, (E,), and how much is made, (n,).

    What a process uses of its own product is netted; where either amount is uncertain it stays an input of its own.
    """
    own = technology.rows == reference[technology.columns]

    def total() -> Vector:
        return np.bincount(technology.columns[own], technology.amounts[own], reference.size).astype(float)

    made = total()
    if technology.spread is None:
        return own, made
    uncertain = np.zeros(reference.size, dtype=bool)
    uncertain[technology.columns[own & (technology.spread.kind != Kind.NONE)]] = True
    used = own & uncertain[technology.columns] & (technology.amounts * made[technology.columns] < 0)
    own = own & ~used
    return own, total()


def _by_product(
    part: Entries, entries: Index, rows: Index, columns: NDArray[np.integer], factor: Vector, shape: tuple[int, int]
) -> tuple[sparse.csr_array, Distributions | None]:
    """A CSR matrix of the entries times factor, and their distributions in the same order; nothing is added up."""
    order = np.argsort(rows, kind="stable")
    indptr = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=shape[0]))))
    small = np.int32 if max(*shape, rows.size) < 2**31 else np.int64
    data = (part.amounts[entries] * factor)[order]
    matrix = sparse.csr_array((data, columns[order].astype(small), indptr.astype(small)), shape=shape)
    if part.spread is None:
        return matrix, None
    return matrix, part.spread.take(entries[order]).scaled(factor[order])


def _made_spread(
    technology: Entries, own: Index, made: Vector, reference: Index, names: Sequence[str]
) -> Distributions | None:
    """Distributions of the reference amounts, relative to their means, in the order of the products."""
    if technology.spread is None:
        return None
    uncertain = own[technology.spread.kind[own] != Kind.NONE]
    if not uncertain.size:
        return None
    counts = np.bincount(technology.columns[own], minlength=reference.size)
    several = [names[j] for j in technology.columns[uncertain].tolist() if counts[j] > 1]
    if several:
        raise WrongAmount(
            several[0],
            f"过程“{several[0]}”的基准产出由多笔组成，其中有不确定的；请合并为一笔，或只给投入加不确定性。",
            f'What "{several[0]}" makes is given in several amounts, some uncertain; give it as one, or put '
            "the uncertainty on the inputs.",
        )
    processes, first = np.unique(technology.columns[own], return_index=True)
    chosen = own[first][np.argsort(reference[processes])]  # one a product; where there are several, all are certain
    return technology.spread.take(chosen).scaled(1 / made[technology.columns[chosen]])
