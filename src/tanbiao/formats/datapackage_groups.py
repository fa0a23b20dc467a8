"""Resource groups of a datapackage: indices, data, flip, rescale, distributions of one matrix, as they enter it.

What a group means follows `matrix_utils`: data are turned round where `flip` says so, then multiplied by `rescale`, be
they static or drawn. Groups of scenarios (arrays) count only when one of their columns is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanbiao.formats.datapackage_zip import MAX_UNPACKED, Array, Members, opened
from tanbiao.lca.distributions.columns import Distributions, Kind
from tanbiao.lca.distributions.making import from_array
from tanbiao.words import Problem, Text

_KINDS = ("indices", "data", "flip", "rescale", "distributions", "reference")
_SPREAD = ("uncertainty_type", "loc", "scale", "minimum", "maximum", "negative")
_NUMBERS, _YES_NO, _TABLE = "iuf", "b", "V"
_PROGRAM = Text(
    "数值由程序（interface）给出，文件中没有；请先在 Brightway 中存为静态向量",
    "its numbers come from a program (interface) and are not in the file; store them as a persistent vector first",
)

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Entries of one matrix, N of each column, flipped and rescaled.

    place       package and group, for messages
    identifier  of a method, a normalisation, a weighting; () where there is none
    amounts     NaN: no entry here (values of earlier groups stay)
    sum_intra, sum_inter   whether entries of one place add up, within the group and with those of earlier groups
    reference   which entries are reference products; None: not said
    """

    place: str
    matrix: str
    identifier: tuple[str, ...]
    global_index: int | None
    sum_intra: bool
    sum_inter: bool
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    amounts: NDArray[np.float64]
    spread: Distributions | None
    reference: NDArray[np.bool_] | None


def read_groups(
    source: bytes | Path, name: str, *, scenario: int | None = None, limit: int = MAX_UNPACKED
) -> tuple[list[Group], list[Problem]]:
    """The groups of a zip in their order, and what of it is not used, with the reason. Raises WrongDatapackage."""
    with opened(source, name, limit) as members:
        reader = _Reader(members, scenario)
        reader.read()
    return reader.groups, reader.unused


class _Reader:
    def __init__(self, members: Members, scenario: int | None):
        self.members, self.scenario = members, scenario
        self.metadata = members.metadata()
        self.groups: list[Group] = []
        self.unused: list[Problem] = []

    def read(self) -> None:
        paths = [str(resource["path"]) for resource in self.metadata["resources"] if "path" in resource]
        if len(set(paths)) < len(paths):  # else a few bytes could be asked for a thousand times
            said = next(path for path in paths if paths.count(path) > 1)
            raise self.members.wrong(said, "被两项资源引用", "two resources refer to it")
        parts: dict[tuple[str, str], dict[str, Resource]] = {}
        for resource in self.metadata["resources"]:
            group, matrix, kind = (resource.get(key) for key in ("group", "matrix", "kind"))
            if not (isinstance(group, str) and isinstance(matrix, str) and kind in _KINDS):
                said = str(resource.get("name", resource.get("path")))
                self._skip(said, "不是矩阵的数值（元数据或参数）", "no numbers of a matrix (metadata or parameters)")
            elif kind in parts.setdefault((matrix, group), {}):
                raise self.members.wrong(group, f"有两个“{kind}”", f'it has two "{kind}"')
            else:
                parts[matrix, group][kind] = resource
        arrays = sum("data" in part and part["data"].get("category") == "array" for part in parts.values())
        if self.scenario is not None and self._flag("combinatorial", False) and arrays > 1:
            raise self.members.wrong(
                "datapackage.json",
                "各组的情景相互组合（combinatorial），一个编号指不出是哪一种",
                "scenarios of its groups are combined with each other (combinatorial); one number cannot name one",
            )
        for (matrix, group), part in parts.items():
            if self._is_used(group, part):
                self.groups.append(self._filled(matrix, group, part))

    def _is_used(self, group: str, part: dict[str, Resource]) -> bool:
        if "data" not in part:
            self._skip(
                group, "没有 data；只有分布，没有静态值", "it has no data; distributions alone give no static value"
            )
            return False
        category, path = part["data"].get("category"), part["data"].get("path")
        if category not in ("vector", "array"):
            raise self.members.wrong(group, "category 应为 vector 或 array", "its category must be vector or array")
        if category == "array" and self.scenario is None:
            shape = self.members.shape(path) if isinstance(path, str) else ()
            count = str(shape[1]) if len(shape) == 2 else "?"
            self._skip(
                group,
                f"含 {count} 个情景，未用；要用其一请给出 scenario=编号（从 0 起）",
                f"it holds {count} scenarios, not used; to use one give scenario=number (from 0)",
            )
            return False
        if not isinstance(path, str):
            raise self.members.wrong(group, _PROGRAM.zh, _PROGRAM.en)
        return True

    def _filled(self, matrix: str, group: str, part: dict[str, Resource]) -> Group:
        if "indices" not in part:
            raise self.members.wrong(group, "缺少 indices", "its indices are missing")
        place = f"{self.members.name} {group}"
        rows, columns = self._indices(part["indices"])
        size = rows.size
        is_array = part["data"]["category"] == "array"
        data = self._column(part["data"], size) if is_array else self._values(part["data"], _NUMBERS, size)
        amounts = data.astype(np.float64)
        factor = np.ones(size)
        if "flip" in part:
            factor[self._values(part["flip"], _YES_NO, size)] = -1
        if "rescale" in part:
            factor *= self._values(part["rescale"], _NUMBERS, size)
        if np.isinf(amounts).any() or not np.isfinite(factor).all():
            raise self.members.wrong(
                group, "有无穷大的数值，或 rescale 不是有限数", "an amount is infinite, or a rescale not finite"
            )
        spread = None
        if "distributions" in part and not is_array:
            table = self._values(part["distributions"], _TABLE, size)
            spread = self._spread(table, amounts, factor, _Places(place, rows, columns))
        return Group(
            place=place,
            matrix=matrix,
            identifier=self._identifier(group, part["data"].get("identifier")),
            global_index=self._whole(group, part["indices"].get("global_index")),
            sum_intra=self._flag("sum_intra_duplicates", True),
            sum_inter=self._flag("sum_inter_duplicates", False),
            rows=rows,
            columns=columns,
            amounts=amounts * factor,
            spread=spread,
            reference=self._values(part["reference"], _YES_NO, size) if "reference" in part else None,
        )

    def _indices(self, resource: Resource) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        table = self._values(resource, _TABLE)
        if not all(name in (table.dtype.names or ()) and table.dtype[name].kind in "iu" for name in ("row", "col")):
            raise self.members.wrong(resource["path"], "应有整数列 row 和 col", "it needs whole numbers row and col")
        rows, columns = (np.ascontiguousarray(table[name]).astype(np.int64) for name in ("row", "col"))
        if rows.size and min(rows.min(), columns.min()) < 0:
            raise self.members.wrong(resource["path"], "有负的编号", "it holds a negative id")
        return rows, columns

    def _column(self, resource: Resource, size: int) -> Array:
        shape = self.members.shape(resource["path"])
        if len(shape) != 2 or shape[0] != size or not 0 <= (self.scenario or 0) < shape[1]:
            raise self.members.wrong(
                resource["path"],
                f"没有情景 {self.scenario}：数组的形状是 {shape}，应为（{size}，情景数），情景从 0 编号",
                f"there is no scenario {self.scenario}: the shape is {shape} and should be ({size}, scenarios), "
                "numbered from 0",
            )
        return self._values(resource, _NUMBERS, size, dimensions=2)[:, self.scenario or 0]

    def _spread(self, table: Array, amounts: Array, factor: Array, places: _Places) -> Distributions | None:
        lacking = [f for f in _SPREAD if f not in (table.dtype.names or ()) or table.dtype[f].kind not in "iufb"]
        if lacking:
            said = ", ".join(lacking)
            raise self.members.wrong(places.place, f"分布缺少列 {said}", f"the distributions lack {said}")
        kinds = table["uncertainty_type"]
        strange = ~np.isin(kinds, [*Kind, 1])
        if strange.any():
            self._skip(
                places.place,
                f"{strange.sum()} 处分布的类型（{_listed(kinds[strange])}）不认识，这些数量按确定值处理",
                f"{strange.sum()} distributions of kinds not known here ({_listed(kinds[strange])}); their amounts are "
                "taken as certain",
            )
        certain = strange | (kinds <= 1) | (factor == 0)
        if certain.all():
            return None
        own = table.copy()
        own["uncertainty_type"][certain] = 0
        own["loc"][certain] = amounts[certain]
        return from_array(own, places).scaled(np.where(factor == 0, 1.0, factor))

    def _values(self, resource: Resource, kinds: str, size: int | None = None, dimensions: int = 1) -> Array:
        """The array of a resource, of these kinds of dtype, with `size` rows (None: any number)."""
        path = resource.get("path")
        if not isinstance(path, str):
            raise self.members.wrong(str(resource.get("name")), "没有 path", "it has no path")
        values = self.members.array(path)
        rows = values.shape[0] if values.ndim == dimensions else -1
        fits = rows >= 0 and size in (None, rows) and resource.get("nrows", rows) == rows
        if not fits or values.dtype.kind not in kinds:
            raise self.members.wrong(
                path,
                f"数组（形状 {values.shape}，类型 {values.dtype}）与说明或 indices 不符",
                f"the array (shape {values.shape}, type {values.dtype}) does not fit its description or the indices",
            )
        return values

    def _identifier(self, group: str, given: object) -> tuple[str, ...]:
        words = [] if given is None else [given] if isinstance(given, str) else given
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise self.members.wrong(
                group, "identifier 应为文字或其列表", "its identifier must be a text or a list of texts"
            )
        return tuple(words)

    def _whole(self, group: str, given: object) -> int | None:
        if given is not None and (not isinstance(given, int) or isinstance(given, bool)):
            raise self.members.wrong(group, "global_index 应为整数", "its global_index must be a whole number")
        return given

    def _flag(self, key: str, default: bool) -> bool:
        given = self.metadata.get(key, default)
        if not isinstance(given, bool):
            raise self.members.wrong("datapackage.json", f"{key} 应为 true 或 false", f"{key} must be true or false")
        return given

    def _skip(self, what: str, zh: str, en: str) -> None:
        place = what if what.startswith(self.members.name) else f"{self.members.name} {what[:200]}"
        self.unused.append(Problem(place, Text(zh + "。", en + "."), fatal=False))


class _Places(Sequence[str]):
    """What to call the entries of a group, made only when asked for."""

    def __init__(self, place: str, rows: Array, columns: Array):
        self.place, self._rows, self._columns = place, rows, columns

    def __len__(self) -> int:
        return int(self._rows.size)

    def __getitem__(self, i: Any) -> Any:
        return f"{self.place} ({self._rows[i]}, {self._columns[i]})"


def _listed(values: Array) -> str:
    return ", ".join(str(v) for v in np.unique(values))
