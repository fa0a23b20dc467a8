"""What a source comes in: a zip, a folder or one file, looked at before anything in it is opened.

Zips are bounded in entries, size and ratio; names that lead out of the folder, links, double names and encrypted
entries are refused. Entries are read one at a time; nothing is unpacked to disk.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from tanbiao.formats.datasets import bounds
from tanbiao.formats.datasets.zips import ZipContainer
from tanbiao.lca.datasets.report import refused

_BOOKS = (".xlsx", ".xlsm", ".ods", ".docx")  # zips too, and one file to us


class Container(Protocol):
    """Files by name (with "/" between folders), read one at a time."""

    name: str  # of the file or folder, for messages

    def names(self) -> list[str]:
        """All entries, in a stable order."""

    def read(self, name: str) -> bytes:
        """One entry whole; bounded. Raises SourceRefused naming it."""

    def open(self, name: str) -> IO[bytes]:
        """One entry as a stream (bounded as it is read), for large files."""

    def first_bytes(self, name: str, size: int = 4096) -> bytes:
        """The beginning of an entry, to tell what it is."""

    def close(self) -> None: ...


def open_container(path: Path) -> Container:
    """The zip, folder or single file at `path`. Raises SourceRefused; OSError where there is nothing to read."""
    if path.is_dir():
        return _Folder(path)
    size = path.stat().st_size
    if size > bounds.MAX_FILE:
        raise refused(
            path.name,
            f"文件 {size / 2**30:.1f} GB，上限 {bounds.MAX_FILE >> 30} GB；请拆分后导入。",
            f"the file has {size / 2**30:.1f} GB, at most {bounds.MAX_FILE >> 30} GB are taken; divide it.",
        )
    if size == 0:
        raise refused(path.name, "文件是空的；请重新导出。", "the file is empty; export it again.")
    with path.open("rb") as file:
        begins = file.read(512)
    is_zip = begins.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))
    if is_zip and path.suffix.lower() not in _BOOKS:
        return ZipContainer(path)
    if path.suffix.lower() == ".zip":
        zh, en = bounds.looks_like(begins)
        raise refused(path.name, f"不是 zip 压缩包，{zh}；请重新下载或导出。", f"no zip archive: {en}; get it again.")
    if other := next((name for magic, name in bounds.OTHER_ARCHIVES.items() if begins.startswith(magic)), None):
        raise refused(
            path.name,
            f"是 {other} 压缩文件；请解压后导入文件夹，或改用 zip。",
            f"it is a {other} archive; unpack it and import the folder, or pack it as zip.",
        )
    return _Single(path)


def entries_ending(container: Container, *suffixes: str) -> Iterator[str]:
    """Entries with one of these endings, whatever the case."""
    return (name for name in container.names() if name.lower().endswith(suffixes))


class _Single:
    """One file, under its own name."""

    def __init__(self, path: Path):
        self.name, self._path = path.name, path

    def names(self) -> list[str]:
        return [self.name]

    def read(self, name: str) -> bytes:
        with self.open(name) as stream:
            data = stream.read(bounds.MAX_ENTRY + 1)
        if len(data) > bounds.MAX_ENTRY:
            raise bounds.too_large(name, len(data))
        return data

    def open(self, name: str) -> IO[bytes]:
        return self._path.open("rb")

    def first_bytes(self, name: str, size: int = 4096) -> bytes:
        with self.open(name) as stream:
            return stream.read(size)

    def close(self) -> None:
        return


class _Folder(_Single):
    """A folder and all below it; hidden files are left out, links refused."""

    def __init__(self, path: Path):
        super().__init__(path)
        self._names: list[str] = []
        total = 0
        for name, size in _walk(path, path):
            self._names.append(name)
            total += size
            if len(self._names) > bounds.MAX_ENTRIES or total > bounds.MAX_UNPACKED:
                raise bounds.too_much(self.name)
        bounds.check_names(self.name, self._names)
        if not self._names:
            raise bounds.nothing(self.name)
        self._known = frozenset(self._names)

    def names(self) -> list[str]:
        return self._names

    def open(self, name: str) -> IO[bytes]:
        if name not in self._known:
            raise KeyError(name)
        return (self._path / name).open("rb")


def _walk(folder: Path, root: Path) -> Iterator[tuple[str, int]]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        about = path.lstat()
        name = path.relative_to(root).as_posix()
        if stat.S_ISDIR(about.st_mode):
            yield from _walk(path, root)
        elif not stat.S_ISREG(about.st_mode):
            raise bounds.link(name)
        elif about.st_size > bounds.MAX_ENTRY:
            raise bounds.too_large(name, about.st_size)
        else:
            yield name, about.st_size
