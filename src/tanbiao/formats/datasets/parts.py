"""The sources that a folder or a zip holds.

An archive is one, and so is a table or a workbook; files of data sets that lie together are one, with the folders that
their format gives them (the processes and flows of ILCD and openLCA, the master data of EcoSpold). Folders of data sets
side by side are sources of their own: they may hold other versions of one data set. What is no data is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO

from tanbiao.formats.datasets.container import Container
from tanbiao.formats.datasets.factor_table import reader as factor_table
from tanbiao.formats.datasets.ilcd.index import FOLDERS
from tanbiao.formats.datasets.openlca.reader import HEADERS
from tanbiao.formats.datasets.recognising import TABLES, TREES
from tanbiao.formats.datasets.simapro import reader as simapro
from tanbiao.lca.datasets.report import Report, SourceRefused, refused
from tanbiao.words import Text

_SHOWN = 12
_TABLES = (".csv", ".tsv", ".xlsx", ".xlsm")
_OF_OPENLCA = {"unit_groups", "flow_properties", "flows", "processes", "lcia_methods", "lcia_categories", "parameters"}
_PACKAGE = "datapackage.json"  # packages of Brightway side by side are made to be joined
_OF_TREES = {*FOLDERS.values(), *_OF_OPENLCA, "masterdata"}


class PartKind(StrEnum):
    ARCHIVE = "archive"
    TABLE = "table"
    TREE = "tree"


@dataclass(frozen=True, slots=True)
class Part:
    """One source: an entry, or a folder with all below it ("" all there is)."""

    name: str
    kind: PartKind


@dataclass(slots=True)
class Parts:
    parts: list[Part] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    @property
    def one(self) -> bool:
        """Whether all of it can be read as one source; tables that were packed together are."""
        kinds = [part.kind for part in self.parts]
        return set(kinds) == {PartKind.TABLE} or kinds == [PartKind.TREE]


def find_parts(container: Container) -> Parts:
    """The sources in a container in the order of their names; where there is none, all of it as one."""
    found = Parts()
    _look(container, "", container.names(), found)
    if any(part.kind is not PartKind.TABLE for part in found.parts):
        without = [p for p in found.parts if p.kind is PartKind.TABLE and _is_beside(Within(container, [p.name]))]
        found.parts = [part for part in found.parts if part not in without]
        found.passed_over += [part.name for part in without]
    if not found.parts:
        return Parts([Part("", PartKind.TREE)])
    return found


def several(container: Container, parts: Iterable[Part], why: Text | None = None) -> SourceRefused:
    """The refusal of what holds other sources, naming them; and why they are not one, where that was tried."""
    zh, en = (f"不能作为一个读取：{why.zh}", f" Not to be read as one: {why.en}") if why else ("", "")
    names = sorted(part.name for part in parts)
    said = ", ".join(names[:_SHOWN]) + (f" … ({len(names)})" if len(names) > _SHOWN else "")
    return refused(
        container.name,
        f"里面是独立的数据源：{said}。请解压后逐个导入，或用命令 tanbiao library import 导入解压后的文件夹，"
        f"每个成为一个数据库。{zh}",
        f"it holds what is a source by itself: {said}. Unpack it and import them one by one, or give the unpacked "
        f"folder to the command tanbiao library import, which makes a database of each.{en}",
    )


class Within:
    """Some of the entries of a container."""

    def __init__(self, container: Container, names: list[str]):
        self.name, self._container, self._names = container.name, container, names

    def names(self) -> list[str]:
        return self._names

    def read(self, name: str) -> bytes:
        return self._container.read(name)

    def open(self, name: str) -> IO[bytes]:
        return self._container.open(name)

    def first_bytes(self, name: str, size: int = 4096) -> bytes:
        return self._container.first_bytes(name, size)

    def close(self) -> None:
        return


def _look(container: Container, folder: str, names: list[str], found: Parts) -> None:
    direct: list[str] = []
    below: dict[str, list[str]] = {}
    for name in names:
        first, _, rest = name[len(folder) :].partition("/")
        (below.setdefault(first, []) if rest else direct).append(name)
    singles = list(_singles(container, direct))
    own = {part.name for part in singles}
    loose = [name for name in direct if name not in own]
    inside = [
        name
        for first, names in below.items()
        if first.lower() in _OF_TREES or f"{folder}{first}/{_PACKAGE}" in names  # a database and its methods
        for name in names
    ]
    if _is_tree(container, loose + inside):
        found.parts.append(Part(folder.rstrip("/"), PartKind.TREE))
        found.passed_over += [name for name in direct if name in own or not _belongs(container, name, bool(inside))]
        return
    found.parts += singles
    found.passed_over += loose
    for first, names in below.items():
        _look(container, f"{folder}{first}/", names, found)


def _is_tree(container: Container, names: list[str]) -> bool:
    return bool(names) and any(each.is_it(Within(container, names)) for each in TREES)


def _belongs(container: Container, name: str, in_folders: bool) -> bool:
    """Whether a file at the top of a tree is of it. Where its data sets lie in folders, those at the top are few."""
    file = name.rpartition("/")[2].lower()
    if file in HEADERS or not file.endswith((".json", ".xml")):
        return file in HEADERS or file.endswith((".spold", ".npy"))
    return not in_folders or _is_tree(container, [name])


def _singles(container: Container, names: list[str]) -> Iterator[Part]:
    """Entries that are sources by themselves."""
    for name in names:
        lower = name.lower()
        if lower.endswith(".zip"):
            yield Part(name, PartKind.ARCHIVE)
        elif (lower.endswith(_TABLES) and not lower.rpartition("/")[2].startswith("~$")) or (
            lower.endswith(".txt") and simapro.FORMAT.is_it(Within(container, [name]))
        ):
            yield Part(name, PartKind.TABLE)


def _is_beside(table: Container) -> bool:
    """Whether a table is a note beside the data: one without a single factor. What cannot be read says so itself."""
    try:
        if any(each.is_it(table) for each in TABLES[:-1]):
            return False
        return next(iter(factor_table.FORMAT.records(table, Report(), lambda done, total: None)), None) is None
    except SourceRefused:
        return False
