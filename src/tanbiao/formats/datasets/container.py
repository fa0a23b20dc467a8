"""What a source comes in: a zip, a folder or one file, looked at before anything in it is opened.

Zips are bounded in entries, size and ratio; names that lead out of the folder, links, double names and encrypted
entries are refused. Entries are read one at a time; nothing is unpacked to disk. The bounds leave room for the largest
databases there are (20,000 data sets and more than 1 GB unpacked) and stop what only pretends to be one.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Protocol

from tanbiao.lca.datasets.report import SourceRefused, refused

MAX_FILE = 2 << 30  # bytes of the file as it is sent
MAX_ENTRIES = 200_000
MAX_UNPACKED = 16 << 30
MAX_ENTRY = 512 << 20
MAX_NAME = 500  # characters
MAX_RATIO = 100  # unpacked to packed, of an entry above RATIO_FREE and of all together above ALL_RATIO_FREE
RATIO_FREE, ALL_RATIO_FREE = 4 << 20, 64 << 20
_DIRECTORY = 128 << 20  # bytes of the list of entries at the end of a zip

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
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
_OTHER_ARCHIVES = {b"7z\xbc\xaf": "7z", b"Rar!": "rar", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}


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
    if size > MAX_FILE:
        raise refused(
            path.name,
            f"文件 {size / 2**30:.1f} GB，上限 {MAX_FILE >> 30} GB；请拆分后导入。",
            f"the file has {size / 2**30:.1f} GB, at most {MAX_FILE >> 30} GB are taken; divide it.",
        )
    if size == 0:
        raise refused(path.name, "文件是空的；请重新导出。", "the file is empty; export it again.")
    with path.open("rb") as file:
        begins = file.read(512)
    is_zip = begins.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))
    if is_zip and path.suffix.lower() not in _BOOKS:
        return _Zip(path)
    if path.suffix.lower() == ".zip":
        zh, en = _looks_like(begins)
        raise refused(path.name, f"不是 zip 压缩包，{zh}；请重新下载或导出。", f"no zip archive: {en}; get it again.")
    if other := next((name for magic, name in _OTHER_ARCHIVES.items() if begins.startswith(magic)), None):
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
            data = stream.read(MAX_ENTRY + 1)
        if len(data) > MAX_ENTRY:
            raise _too_large(name, len(data))
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
            if len(self._names) > MAX_ENTRIES or total > MAX_UNPACKED:
                raise _too_much(self.name)
        _check_names(self.name, self._names)
        if not self._names:
            raise _nothing(self.name)
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
            raise _link(name)
        elif about.st_size > MAX_ENTRY:
            raise _too_large(name, about.st_size)
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
            raise _damaged(self.name) from error

    def names(self) -> list[str]:
        return list(self._entries)

    def read(self, name: str) -> bytes:
        # zipfile gives no more than the declared size, which is bounded, and checks the sum at the end
        try:
            data = self._archive.read(self._entries[name])
        except _DAMAGED as error:
            raise _damaged(name) from error
        if len(data) != self._entries[name].file_size:
            raise _damaged(name)
        return data

    def open(self, name: str) -> IO[bytes]:
        try:
            return io.BufferedReader(_Guarded(name, self._archive.open(self._entries[name])), 1 << 16)
        except _DAMAGED as error:
            raise _damaged(name) from error

    def first_bytes(self, name: str, size: int = 4096) -> bytes:
        with self.open(name) as stream:
            return stream.read(size)

    def close(self) -> None:
        self._archive.close()
        self._file.close()

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        infos = {_name_of(info): info for info in self._archive.infolist()}
        names = [_name_of(info) for info in self._archive.infolist()]
        _check_names(self.name, names)
        entries = {
            name: info
            for name, info in infos.items()
            if not info.is_dir() and not any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
        }
        for name, info in entries.items():
            _check_entry(name, info)
        unpacked = sum(info.file_size for info in entries.values())
        packed = sum(info.compress_size for info in entries.values())
        if unpacked > MAX_UNPACKED:
            raise _too_much(self.name)
        if unpacked > ALL_RATIO_FREE and unpacked > MAX_RATIO * packed:
            raise _bomb(self.name, unpacked, packed)
        if not entries:
            raise _nothing(self.name)
        return entries


class _ZipFile(io.FileIO):
    """The file of a zip: its list of entries, which zipfile reads at one go, is bounded before it is taken apart."""

    opening = True

    def read(self, size: int | None = -1, /) -> bytes:
        if self.opening and size is not None and size > _DIRECTORY:
            raise _too_much(Path(str(self.name)).name)
        data = super().read(-1 if size is None else size) or b""
        if self.opening and data.count(b"PK\x01\x02") > MAX_ENTRIES:
            raise _too_much(Path(str(self.name)).name)
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
            raise _damaged(self.name) from error
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


def _check_names(place: str, names: list[str]) -> None:
    if odd := [name for name in names if _leads_out(name)]:
        said = _listed(odd)
        raise refused(
            place,
            f"条目名称指向文件夹之外或不合规：{said}。不予读取；请向提供者索取干净的压缩包。",
            f"entries with names that lead out of the folder or are malformed: {said}. Not read; ask for a clean one.",
        )
    seen: dict[str, str] = {}
    for name in names:
        key = unicodedata.normalize("NFC", name).casefold()
        if key not in seen:
            seen[key] = name
        else:
            first = seen[key]
            both = _listed([first]) if first == name else _listed([first, name])
            raise refused(
                place,
                f"条目名称重复：{both}，无法判断以哪个为准；请重新导出。",
                f"an entry name occurs twice: {both}; which one counts cannot be known. Export it again.",
            )


def _leads_out(name: str) -> bool:
    return (
        not name
        or len(name) > MAX_NAME
        or name.startswith("/")
        or "\\" in name
        or re.match(r"[A-Za-z]:", name) is not None
        or any(part in ("..", ".") for part in name.split("/"))
        or _CONTROL.search(name) is not None
    )


def _listed(names: Iterable[str]) -> str:
    """Names as they are shown: no control characters, not too many."""
    shown = [_CONTROL.sub("?", name)[:120] for name in names]
    return ", ".join(shown[:5]) + (f" … ({len(shown)})" if len(shown) > 5 else "")


def _check_entry(name: str, info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise _link(name)
    if info.flag_bits & 0x1:
        raise refused(name, "条目已加密；请提供未加密的压缩包。", "the entry is encrypted; send it without a password.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refused(name, "压缩方式不支持；请用 deflate。", "its compression is not supported; pack it with deflate.")
    if info.file_size > MAX_ENTRY:
        raise _too_large(name, info.file_size)
    if info.file_size > RATIO_FREE and info.file_size > MAX_RATIO * info.compress_size:
        raise _bomb(name, info.file_size, info.compress_size)


def _looks_like(begins: bytes) -> tuple[str, str]:
    text = begins.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "看起来是网页（可能是下载失败的提示页）", "it looks like a web page (maybe of a failed download)"
    for magic, name in _OTHER_ARCHIVES.items():
        if begins.startswith(magic):
            return f"看起来是 {name} 压缩文件", f"it looks like a {name} archive"
    if text.startswith(b"<"):
        return "看起来是 XML 文件", "it looks like an XML file"
    if text.startswith((b"{", b"[")):
        return "看起来是 JSON 文件", "it looks like a JSON file"
    return "开头不是压缩包应有的内容", "it does not begin as one"


def _damaged(place: str) -> SourceRefused:
    return refused(place, "压缩包已损坏或不完整；请重新下载或导出。", "damaged or cut short; get or export it again.")


def _link(name: str) -> SourceRefused:
    said = _listed([name])
    return refused(
        said,
        "是链接或特殊文件，不予读取；请换成文件本身。",
        "it is a link or a special file, which is never followed; put the file itself there.",
    )


def _too_large(name: str, size: int) -> SourceRefused:
    return refused(
        name,
        f"解压后至少 {size / 2**20:.0f} MB，单个文件上限 {MAX_ENTRY >> 20} MB；请拆分。",
        f"it has {size / 2**20:.0f} MB or more unpacked, at most {MAX_ENTRY >> 20} MB are taken; divide it.",
    )


def _too_much(name: str) -> SourceRefused:
    return refused(
        name,
        f"内容过多：最多 {MAX_ENTRIES} 个条目，解压后 {MAX_UNPACKED >> 30} GB；请拆分。",
        f"it holds too much: at most {MAX_ENTRIES} entries and {MAX_UNPACKED >> 30} GB unpacked; divide it.",
    )


def _bomb(name: str, unpacked: int, packed: int) -> SourceRefused:
    ratio = unpacked / max(packed, 1)
    return refused(
        name,
        f"{packed} 字节解压后为 {unpacked / 1e6:.0f} MB（{ratio:.0f} 倍，上限 {MAX_RATIO} 倍），疑为压缩炸弹，未解压。",
        f"{packed} bytes unpack to {unpacked / 1e6:.0f} MB ({ratio:.0f} times, at most {MAX_RATIO}): "
        "it looks like a zip bomb and was not unpacked.",
    )


def _nothing(name: str) -> SourceRefused:
    return refused(name, "里面没有数据集；请检查导出。", "no data sets found; check the export.")
