"""From groups of a datapackage to the entries of its matrices: which count, which replace which, where they go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tanbiao.formats.datapackage_groups import Group
from tanbiao.formats.datapackage_zip import WrongDatapackage
from tanbiao.lca.distributions.columns import Distributions
from tanbiao.lca.distributions.making import certain, combine
from tanbiao.lca.network.conventions import Entries
from tanbiao.words import Problem, Text

Ids = NDArray[np.int64]
Index = NDArray[np.intp]
Vector = NDArray[np.float64]
Identifier = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Entries of one group that are still in force: which, and their places row * width + column."""

    group: Group
    entries: Index
    places: Ids


def ids_of(columns: Iterable[Ids]) -> Ids:
    """All ids, once, ascending: the order of rows or columns of a matrix."""
    return np.unique(np.concatenate([np.empty(0, np.int64), *columns]))


def find(ids: Ids, wanted: Ids) -> Index:
    """Where the wanted stand among ascending ids; -1 where they do not."""
    if not ids.size:
        return np.full(wanted.size, -1, dtype=np.intp)
    at = np.minimum(np.searchsorted(ids, wanted), ids.size - 1)
    return np.where(ids[at] == wanted, at, -1)


def settled(
    groups: Sequence[Group], row_ids: Ids, column_ids: Ids, unused: list[Problem]
) -> tuple[Entries, NDArray[np.bool_]]:
    """The entries of a matrix that are in force, by index; and which of them are said to be reference products.

    Several of one place add up. What falls away is added to `unused`.
    """
    parts = _in_force(groups, row_ids, column_ids, unused)
    width = max(column_ids.size, 1)
    places = np.concatenate([np.empty(0, np.int64), *(p.places for p in parts)])
    amounts = np.concatenate([np.empty(0), *(p.group.amounts[p.entries] for p in parts)])
    flags = [
        np.zeros(p.entries.size, np.bool_) if p.group.reference is None else p.group.reference[p.entries] for p in parts
    ]
    return (
        Entries(places // width, places % width, amounts, _spread(parts)),
        np.concatenate([np.empty(0, np.bool_), *flags]),
    )


def flagged_reference(technology: Entries, flags: NDArray[np.bool_], size: int) -> Index | None:
    """(n,) reference products as the source says them, where it says one for every process and every product."""
    pairs = np.unique(technology.columns[flags] * size + technology.rows[flags])
    processes, products = pairs // size, pairs % size
    whole = np.array_equal(processes, np.arange(size)) and np.array_equal(np.sort(products), np.arange(size))
    return products if whole else None


def diagonals(groups: Sequence[Group], flow_ids: Ids, unused: list[Problem]) -> dict[Identifier, Vector]:
    """One factor a flow (m,), by the identifier of the groups."""
    found = {}
    for words in dict.fromkeys(g.identifier for g in groups):
        of_one = [replace(g, columns=np.zeros_like(g.columns)) for g in groups if g.identifier == words]
        entries, _flags = settled(of_one, flow_ids, np.zeros(1, np.int64), unused)
        found[words] = np.asarray(np.bincount(entries.rows, entries.amounts, flow_ids.size), dtype=np.float64)
        if flow_ids.size and not found[words].any():
            unused.append(
                note(
                    of_one[0].place,
                    "这里的基本流都没有因子，得分为零；请核对方法与数据库的版本",
                    "it has no factor for any flow here, so every score is zero; check that method and database fit",
                )
            )
    return found


def of_global_index(groups: Sequence[Group]) -> list[Group]:
    """Factors that hold everywhere: of the one `global_index`, where the groups give one. Raises WrongDatapackage."""
    given = {g.global_index for g in groups}
    if len(given) > 1:
        said = ", ".join(f"{g.place}: {g.global_index}" for g in groups[:20])
        raise wrong(
            f"特征化因子的 global_index 不一致（{said}）；请分别读入",
            f"characterisation factors of different global_index ({said}); read them apart",
        )
    index = next(iter(given), None)
    return list(groups) if index is None else [_taken(g, np.flatnonzero(g.columns == index)) for g in groups]


def single_values(groups: Sequence[Group], unused: list[Problem]) -> dict[Identifier, float]:
    """One number by identifier; where a weighting has several it is listed as unused."""
    found = {}
    for words in dict.fromkeys(g.identifier for g in groups):
        values = np.concatenate([g.amounts for g in groups if g.identifier == words])
        if values.size == 1:
            found[words] = float(values[0])
        else:
            said = " / ".join(words)
            unused.append(
                note(f"weighting {said}", f"应为一个数，有 {values.size} 个", f"{values.size} numbers, not one")
            )
    return found


def note(place: str, zh: str, en: str) -> Problem:
    return Problem(place, Text(f"{zh}。", f"{en}."), fatal=False)


def wrong(zh: str, en: str) -> WrongDatapackage:
    return WrongDatapackage(Text(f"{zh}。", f"{en[:1].upper()}{en[1:]}."))


def _in_force(groups: Sequence[Group], row_ids: Ids, column_ids: Ids, unused: list[Problem]) -> list[_Part]:
    parts: list[_Part] = []
    for group in groups:
        rows, columns = find(row_ids, group.rows), find(column_ids, group.columns)
        inside = (rows >= 0) & (columns >= 0)
        places = rows.astype(np.int64) * max(column_ids.size, 1) + columns
        entries = _own(np.flatnonzero(inside), places, group)
        if outside := int((~inside).sum()):
            zh = f"{group.matrix} 中 {outside} 笔所属的过程或基本流不在这里，未用"
            unused.append(
                note(group.place, zh, f"{outside} entries of {group.matrix} belong to processes or flows not here")
            )
        if without := int(inside.sum()) - entries.size:
            zh = f"{without} 笔没有值（NaN），或被本组后面的同一处替换"
            unused.append(note(group.place, zh, f"{without} entries are NaN, or replaced by later ones of their place"))
        if not group.sum_inter:
            parts = [_replaced(part, places[entries], group, unused) for part in parts]
        parts.append(_Part(group, entries, places[entries]))
    return parts


def _own(inside: Index, places: Ids, group: Group) -> Index:
    """Of the entries inside the matrix those that count within their group, in their order."""
    empty = np.isnan(group.amounts[inside])
    if group.sum_intra:  # a sum with NaN is NaN: no entry
        return inside[~np.isin(places[inside], places[inside[empty]])] if empty.any() else inside
    filled = inside[~empty]
    _, last = np.unique(places[filled][::-1], return_index=True)
    return np.sort(filled[::-1][last])


def _replaced(part: _Part, places: Ids, by: Group, unused: list[Problem]) -> _Part:
    stays = ~np.isin(part.places, places)
    if stays.all():
        return part
    count = int((~stays).sum())
    unused.append(
        note(part.group.place, f"{count} 笔被“{by.place}”替换", f'{count} entries are replaced by "{by.place}"')
    )
    return _Part(part.group, part.entries[stays], part.places[stays])


def _spread(parts: Sequence[_Part]) -> Distributions | None:
    if all(part.group.spread is None for part in parts):
        return None
    return combine(
        certain(part.group.amounts[part.entries]) if part.group.spread is None else part.group.spread.take(part.entries)
        for part in parts
    )


def _taken(group: Group, entries: Index) -> Group:
    return replace(
        group,
        rows=group.rows[entries],
        columns=group.columns[entries],
        amounts=group.amounts[entries],
        spread=None if group.spread is None else group.spread.take(entries),
        reference=None if group.reference is None else group.reference[entries],
    )
