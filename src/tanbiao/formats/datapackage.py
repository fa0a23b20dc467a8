"""Datapackages of Brightway (`bw_processing`): read into a network, answered in their own ids and signs.

How groups become matrices follows `matrix_utils` and `bw2calc` 3: ids in ascending order; entries of one place add up
within a group unless `sum_intra_duplicates` is false (then the last counts), and replace those of earlier groups unless
`sum_inter_duplicates` is true; NaN is no entry; a biosphere entry of a process that is not in the technosphere, and a
factor of a flow that is not in the biosphere, fall away; of characterisation factors only those of `global_index` hold.
Sums are of double precision, whatever the precision of the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tanbiao.formats.datapackage_entries import (
    Identifier,
    Ids,
    Vector,
    diagonals,
    find,
    flagged_reference,
    ids_of,
    note,
    of_global_index,
    settled,
    single_values,
    wrong,
)
from tanbiao.formats.datapackage_groups import Group, read_groups
from tanbiao.formats.datapackage_zip import MAX_UNPACKED
from tanbiao.lca.faults import NotSquare
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.conventions import Entries, find_reference, network_from_exchanges
from tanbiao.lca.network.engine import inventory_of, total_supply, unit_footprints
from tanbiao.words import Problem

_SHOWN = 20


@dataclass(frozen=True, slots=True, eq=False)
class Datapackage:
    """What datapackages read together hold.

    product_ids   (n,) of the network's products, ascending; process_ids (n,) ascending; flow_ids (m,)
    reference     (n,) index of the reference product of each process
    methods       characterisation (m,) by identifier, () where the source gives none
    normalisations (m,), weightings   by identifier; present, but not applied to scores
    unused        what the packages hold besides, and why it does not enter
    """

    network: Network
    product_ids: Ids
    process_ids: Ids
    flow_ids: Ids
    reference: NDArray[np.intp]
    methods: Mapping[Identifier, Vector]
    normalisations: Mapping[Identifier, Vector]
    weightings: Mapping[Identifier, float]
    unused: tuple[Problem, ...]

    def demand(self, amounts: Mapping[int, float]) -> Vector:
        """f (n,) for the engine, from amounts by product id as the source counts them. Raises WrongDatapackage."""
        return self.network.demand({self._index(id): amount for id, amount in amounts.items()})

    def supply(self, amounts: Mapping[int, float]) -> dict[int, float]:
        """How often each process runs for a demand by product id: process id -> runs, as Brightway's supply array."""
        s = total_supply(self.network, self.demand(amounts)).values
        return dict(zip(self.process_ids.tolist(), self.network.runs(s)[self.reference].tolist(), strict=True))

    def inventory(self, amounts: Mapping[int, float]) -> dict[int, float]:
        """What a demand by product id releases in all: flow id -> amount."""
        g = inventory_of(self.network, self.demand(amounts)).values
        return dict(zip(self.flow_ids.tolist(), g.tolist(), strict=True))

    def score(self, amounts: Mapping[int, float], method: Identifier | None = None) -> float:
        """Characterised result of a demand by product id; method None: the only one there is."""
        return float(self.characterisation(method) @ inventory_of(self.network, self.demand(amounts)).values)

    def scores(self, method: Identifier | None = None) -> dict[int, float]:
        """Characterised result of one unit of every product, as the source counts it: product id -> score."""
        y = unit_footprints(self.network, self.characterisation(method)).values
        return dict(zip(self.product_ids.tolist(), y.tolist(), strict=True))

    def characterisation(self, method: Identifier | None = None) -> Vector:
        """(m,) of a method. Raises WrongDatapackage where there is none, no such one, several, or no flow at all."""
        known = "; ".join(" / ".join(words) or "()" for words in self.methods)
        if not self.flow_ids.size:
            raise wrong(
                "没有基本流（biosphere_matrix 为空），不能计算得分；请连同含排放的数据包一起读入",
                "there are no elementary flows (the biosphere_matrix is empty), so no score; read the package that "
                "holds them too",
            )
        if not self.methods:
            raise wrong(
                "没有特征化因子（characterization_matrix），不能计算得分；请连同方法的数据包一起读入",
                "there are no characterisation factors (characterization_matrix), so no score; read the package of a "
                "method too",
            )
        if method is None and len(self.methods) > 1:
            raise wrong(f"有几种方法，请指定其一：{known}", f"there are several methods, name one: {known}")
        wanted = next(iter(self.methods)) if method is None else method
        if wanted not in self.methods:
            raise wrong(f"没有方法 {wanted}；有：{known}", f"there is no method {wanted}; there are: {known}")
        return self.methods[wanted]

    def _index(self, id: int) -> int:
        found = find(self.product_ids, np.array([id], dtype=np.int64))[0]
        if found >= 0:
            return int(found)
        process = find(self.process_ids, np.array([id], dtype=np.int64))[0]
        if process >= 0:
            product = self.product_ids[self.reference[process]]
            raise wrong(f"{id} 是过程；请指定它的产品 {product}", f"{id} is a process; ask for its product {product}")
        raise wrong(f"没有产品 {id}", f"there is no product {id}")


def read_datapackage(
    *sources: bytes | Path, names: Sequence[str] = (), scenario: int | None = None, limit: int = MAX_UNPACKED
) -> Datapackage:
    """The network and methods of one or several zips read together, in the order that later ones replace earlier ones.

    names     of the sources, for messages; those of paths are known
    scenario  column of groups that hold several values (arrays), from 0; None: such groups are listed as unused
    limit     bytes that one zip may unpack to
    Raises WrongDatapackage, NotSquare, WrongDistribution, NoMaker, ZeroReference, WrongAmount.
    """
    groups: list[Group] = []
    unused: list[Problem] = []
    for k, source in enumerate(sources):
        own = names[k] if k < len(names) else source.name if isinstance(source, Path) else f"datapackage {k + 1}"
        found, skipped = read_groups(source, own, scenario=scenario, limit=limit)
        groups += found
        unused += skipped
    return _assembled(groups, unused)


def _assembled(groups: Sequence[Group], unused: list[Problem]) -> Datapackage:
    of = {matrix: [g for g in groups if g.matrix == matrix] for matrix in dict.fromkeys(g.matrix for g in groups)}
    technosphere, biosphere = of.pop("technosphere_matrix", []), of.pop("biosphere_matrix", [])
    product_ids, process_ids = ids_of(g.rows for g in technosphere), ids_of(g.columns for g in technosphere)
    flow_ids = ids_of(g.rows for g in biosphere)
    if not product_ids.size:
        raise wrong(
            f"没有 technosphere_matrix（有：{'、'.join(of) or '无'}）；请连同数据库的数据包一起读入",
            f"there is no technosphere_matrix (but: {', '.join(of) or 'nothing'}); read the package of a database too",
        )
    technology, flags = settled(technosphere, product_ids, process_ids, unused)
    if product_ids.size != process_ids.size:
        raise _not_square(technology, product_ids, process_ids)
    interventions, _flags = settled(biosphere, flow_ids, process_ids, unused)
    said = [str(id) for id in process_ids]
    reference = _reference(technology, flags, product_ids, process_ids)
    methods = diagonals(of_global_index(of.pop("characterization_matrix", [])), flow_ids, unused)
    normalisations = diagonals(of.pop("normalization_matrix", []), flow_ids, unused)
    weightings = single_values(of.pop("weighting_matrix", []), unused)
    unused += [note(matrix, "不认识的矩阵，未读", "a matrix that is not known here, not read") for matrix in of]
    for words in (*normalisations, *weightings):
        unused.append(
            note(" / ".join(words), "归一化或加权，不用于得分", "normalisation or weighting, not applied to scores")
        )
    return Datapackage(
        network=network_from_exchanges(
            technology, interventions, reference, flow_ids.size, names=said, flow_names=[str(id) for id in flow_ids]
        ),
        product_ids=product_ids,
        process_ids=process_ids,
        flow_ids=flow_ids,
        reference=reference,
        methods=methods,
        normalisations=normalisations,
        weightings=weightings,
        unused=tuple(unused),
    )


def _reference(technology: Entries, flags: NDArray[np.bool_], product_ids: Ids, process_ids: Ids) -> NDArray[np.intp]:
    """As the source flags it; else the product of the same id, as in databases of Brightway; else by the amounts."""
    n = process_ids.size
    flagged = flagged_reference(technology, flags, n)
    if flagged is not None:
        return flagged
    A = sparse.csc_array((technology.amounts, (technology.rows, technology.columns)), shape=(n, n))
    if np.array_equal(product_ids, process_ids) and A.diagonal().all():
        return np.arange(n)
    return find_reference(A, [str(id) for id in process_ids])


def _not_square(technology: Entries, product_ids: Ids, process_ids: Ids) -> NotSquare:
    """Names what is too many: products that nobody makes, or processes that make what another one makes too."""
    n, m = product_ids.size, process_ids.size
    makers = np.bincount(technology.rows[technology.amounts > 0], minlength=n)
    if n > m:
        guilty = product_ids[makers == 0]
        zh, en = "没有过程生产的产品", "products that no process makes"
        what = "若其过程在另一个数据包里，请一起读入", "If their processes are in another package, read it too"
    else:
        several = (makers > 1)[technology.rows] & (technology.amounts > 0)
        guilty = process_ids[np.unique(technology.columns[several])]
        zh, en = "与别的过程生产同一产品的过程", "processes whose product another one makes too"
        what = "请合并，或先混合成市场过程", "Merge them, or mix them in a market process"
    said = ", ".join(str(id) for id in guilty[:_SHOWN])
    return NotSquare(
        [str(id) for id in guilty],
        f"有 {n} 种产品（行）、{m} 个过程（列），应一样多。{zh}：{said}。{what[0]}。",
        f"There are {n} products (rows) and {m} processes (columns); they must be equally many. {en.capitalize()}: "
        f"{said}. {what[1]}.",
    )
