"""Where an impact arises: the processes, flows, stages or other groups that add most, and a line for the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from tanbiao.lca.frames import Table, share
from tanbiao.lca.network.arrays import Network
from tanbiao.words import Text

Vector = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Line:
    """What one process, flow or group adds: `members` names it, one name a column asked for."""

    members: tuple[str, ...]
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Top(Table):
    """Lines, the largest first by absolute value; with the rest, of `others` more of them, they sum to the total."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    rest: float
    others: int
    total: float

    def caption(self) -> Text:
        return Text("主要贡献", "Largest contributions")

    def rows(self) -> list[dict[str, object]]:
        lines = list(self.lines)
        if self.others:
            name = str(Text(f"其余 {self.others} 项", f"{self.others} others"))
            lines.append(Line((name, *("" for _ in self.columns[1:])), self.rest))
        return [
            {
                **dict(zip(self.columns, line.members, strict=True)),
                "value": line.value,
                "share": share(line.value, self.total),
            }
            for line in lines
        ]


def top(
    network: Network,
    supplies: ArrayLike,
    characterisation: ArrayLike,
    by: Sequence[str] = ("process",),
    *,
    labels: Mapping[str, Sequence[str]] | None = None,
    limit: int = 10,
) -> Top:
    """The largest contributions  s_i flows[i, k] q_k  of what processes release themselves.

    supplies          (n,)  s, from `engine.total_supply`
    characterisation  (m,)  q
    by      columns: "process", "flow", and the keys of `labels`; what is alike in all of them adds up, so
            ("stage", "flow") is a table of stages by flows. Processes and flows stay apart even where named alike.
    labels  (n,) names of the processes' groups by column: stage, region, tag, ...
    Raises KeyError for a column that is none of these.
    """
    s, q = np.asarray(supplies, dtype=float), np.asarray(characterisation, dtype=float)
    entries = sparse.coo_array(network.flows)
    process, flow = (coordinates.astype(np.intp) for coordinates in entries.coords)
    values = s[process] * entries.data * q[flow]
    carrying = values != 0
    process, flow, values = process[carrying], flow[carrying], values[carrying]
    codes: list[Index] = []
    names: list[Callable[[int], str]] = []
    for column in by:
        if column in ("process", "flow"):
            codes.append(process if column == "process" else flow)
            names.append(network.name if column == "process" else network.flow_name)
        else:
            groups, group = np.unique(np.asarray((labels or {})[column], dtype=str), return_inverse=True)
            codes.append(group[process])
            names.append(groups.tolist().__getitem__)
    shape = tuple(int(code.max(initial=0)) + 1 for code in codes)
    keys, place = np.unique(np.ravel_multi_index(codes, shape), return_inverse=True)
    sums = np.bincount(place, values, keys.size)
    order = np.argsort(-abs(sums), kind="stable")
    order = order[sums[order] != 0]
    members = zip(*(c.tolist() for c in np.unravel_index(keys[order[:limit]], shape)), strict=True)
    lines = tuple(
        Line(tuple(name(k) for name, k in zip(names, member, strict=True)), value)
        for member, value in zip(members, sums[order[:limit]].tolist(), strict=True)
    )
    rest = sums[order[limit:]]
    return Top(tuple(by), lines, float(rest.sum()), int(rest.size), float(sums.sum()))
