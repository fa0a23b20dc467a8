"""A zip as a container: bounded before it is opened, its entries read one at a time, its damage named."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO

from tanbiao.formats.datasets import bounds
from tanbiao.lca.datasets.report import SourceRefused

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


class ZipContainer:
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
