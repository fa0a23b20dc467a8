"""What a source comes in: a zip, a folder or one file, looked at before anything in it is opened.

Zips are bounded in entries, size and ratio; names that lead out of the folder, links, double names and encrypted
entries are refused. Entries are read one at a time; nothing is unpacked to disk.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from tanbiao.formats.datasets import bounds
from tanbiao.lca.datasets.report import SourceRefused, refused

_BOOKS = (".xlsx", ".xlsm", ".ods", ".docx")  # zips too, and one file to us
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    struct.error,
)


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
        return _Zip(path)
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


class _Zip:
    """A zip that has been looked at as a whole before any of its entries is opened."""

    def __init__(self, path: Path):
        self.name = path.name
        self._file = _ZipFile(path)  # closed by close(), or here where it is refused
        try:
            self._archive = zipfile.ZipFile(self._file)
            self._file.opening = False
            self._entries = self._checked()
        except SourceRefused:
            self._file.close()
            raise
        except _DAMAGED as error:
            self._file.close()
            raise bounds.damaged(self.name) from error

    def names(self) -> list[str]:
        return list(self._entries)

    def read(self, name: str) -> bytes:
        # zipfile gives no more than the declared size, which is bounded, and checks the sum at the end
        try:
            data = self._archive.read(self._entries[name])
        except _DAMAGED as error:
            raise bounds.damaged(name) from error
        if len(data) != self._entries[name].file_size:
            raise bounds.damaged(name)
        return data

    def open(self, name: str) -> IO[bytes]:
        try:
            return io.BufferedReader(_Guarded(name, self._archive.open(self._entries[name])), 1 << 16)
        except _DAMAGED as error:
            raise bounds.damaged(name) from error

    def first_bytes(self, name: str, size: int = 4096) -> bytes:
        with self.open(name) as stream:
            return stream.read(size)

    def close(self) -> None:
        self._archive.close()
        self._file.close()

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        infos = {_name_of(info): info for info in self._archive.infolist()}
        names = [_name_of(info) for info in self._archive.infolist()]
        bounds.check_names(self.name, names)
        entries = {
            name: info
            for name, info in infos.items()
            if not info.is_dir() and not any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
        }
        for name, info in entries.items():
            bounds.check_entry(name, info)
        unpacked = sum(info.file_size for info in entries.values())
        packed = sum(info.compress_size for info in entries.values())
        if unpacked > bounds.MAX_UNPACKED:
            raise bounds.too_much(self.name)
        if unpacked > bounds.ALL_RATIO_FREE and unpacked > bounds.MAX_RATIO * packed:
            raise bounds.bomb(self.name, unpacked, packed)
        if not entries:
            raise bounds.nothing(self.name)
        return entries


class _ZipFile(io.FileIO):
    """The file of a zip: its list of entries, which zipfile reads at one go, is bounded before it is taken apart."""

    opening = True

    def read(self, size: int | None = -1, /) -> bytes:
        if self.opening and size is not None and size > bounds.MAX_DIRECTORY:
            raise bounds.too_much(Path(str(self.name)).name)
        data = super().read(-1 if size is None else size) or b""
        if self.opening and data.count(b"PK\x01\x02") > bounds.MAX_ENTRIES:
            raise bounds.too_much(Path(str(self.name)).name)
        return data


class _Guarded(io.RawIOBase):
    """An entry as a stream, whose damage is a refusal that names it."""

    def __init__(self, name: str, stream: IO[bytes]):
        self.name, self._stream = name, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except _DAMAGED as error:
            raise bounds.damaged(self.name) from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name as meant: zipfile takes what is not declared as UTF-8 for code page 437; it is UTF-8 or GB18030."""
    if info.flag_bits & 0x800 or info.orig_filename.isascii():
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename
