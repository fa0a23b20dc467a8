"""The members of a `bw_processing` datapackage, a zip of npy arrays with a datapackage.json, opened with suspicion.

Members are looked up by their exact names and never unpacked to disk; each is bounded by what the archive declares of
it, and the header of an array must fit its bytes before anything is made of them. Nothing is unpickled.
"""

from __future__ import annotations

import io
import json
import math
import re
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanbiao.words import TanbiaoError, Text

MAX_UNPACKED = 4 << 30  # bytes; a background database of 20,000 processes has some 50 MB
_MAX_JSON = 8 << 20
_MAX_ENTRIES = 1000
_HEADER = 1 << 16  # bytes that hold the header of any array we take
_PLAIN_NAME = re.compile(r"[\w()~+ -][\w.()~+ -]*(/[\w()~+ -][\w.()~+ -]*)*")
_LINK = 0o120000
_BAD_HEADER = (ValueError, TypeError, KeyError, EOFError, SyntaxError, tokenize.TokenError)

Array = NDArray[Any]


class WrongDatapackage(TanbiaoError):
    """A datapackage that cannot be read, or not as asked; says which member or id, what is wrong and what to do."""


class Members:
    """The members of one open archive. `name` is that of the package, for messages."""

    def __init__(self, name: str, archive: zipfile.ZipFile, limit: int):
        self.name, self._archive = name, archive
        self._entries = self._checked(limit)

    def wrong(self, member: str, zh: str, en: str) -> WrongDatapackage:
        place = f"{self.name} {ascii(member)[1:-1][:200]}"
        return WrongDatapackage(Text(f"{place}：{zh}。", f"{place}: {en}."))

    def metadata(self) -> dict[str, Any]:
        """datapackage.json, with a list of resources."""
        said = "datapackage.json"
        if self._entry(said).file_size > _MAX_JSON:
            raise self.wrong(said, f"大于 {_MAX_JSON >> 20} MB", f"it is larger than {_MAX_JSON >> 20} MB")
        try:
            found = json.loads(self._bytes(said).decode("utf-8-sig"), object_pairs_hook=_unique)
        except (ValueError, RecursionError) as error:
            raise self.wrong(said, f"不是正确的 JSON（{error}）", f"it is no sound JSON ({error})") from None
        resources = found.get("resources") if isinstance(found, dict) else None
        if not isinstance(resources, list) or not all(isinstance(each, dict) for each in resources):
            raise self.wrong(said, "缺少资源列表 resources", "it has no list of resources")
        return dict(found)

    def shape(self, member: str) -> tuple[int, ...]:
        """Of an array, from its header alone."""
        return self._header(member)[0]

    def array(self, member: str) -> Array:
        shape, order, dtype, start = self._header(member)
        return np.ndarray(shape, dtype, self._bytes(member), start, order=order)

    def _header(self, member: str) -> tuple[tuple[int, ...], Any, np.dtype[Any], int]:
        if not member.endswith(".npy"):
            raise self.wrong(
                member,
                "不是 npy 数组；请在 Brightway 中以 numpy 格式保存",
                "it is no npy array; save it in the numpy format",
            )
        stream = io.BytesIO(self._bytes(member, _HEADER))
        try:
            read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
            shape, fortran, dtype = read[np.lib.format.read_magic(stream)](stream)
        except (*_BAD_HEADER, MemoryError, RecursionError) as error:
            raise self.wrong(member, "不是 npy 数组，或已损坏", "it is no npy array, or damaged") from error
        if dtype.hasobject:
            raise self.wrong(member, "含 Python 对象，不予读取", "it holds Python objects, which are not read")
        length = self._entry(member).file_size
        fits = math.prod(shape) * dtype.itemsize == length - stream.tell()
        if not fits or not all(0 <= count <= length for count in shape):
            raise self.wrong(member, f"长度与其形状 {shape} 不符", f"its length does not fit its shape {shape}")
        return shape, "F" if fortran else "C", dtype, stream.tell()

    def _entry(self, member: str) -> zipfile.ZipInfo:
        if member not in self._entries:
            raise self.wrong(
                member, "压缩包中没有这个文件；请重新导出", "the archive has no such file; export it again"
            )
        return self._entries[member]

    def _bytes(self, member: str, first: int | None = None) -> bytes:
        """All of a member, or its first bytes. zipfile gives no more than declared and checks the sum at the end."""
        entry = self._entry(member)
        with self._archive.open(entry) as stream:
            data = stream.read(entry.file_size if first is None else min(first, entry.file_size))
        if first is None and len(data) != entry.file_size:
            raise self.wrong(member, "比所声明的短", "it is shorter than declared")
        return data

    def _checked(self, limit: int) -> dict[str, zipfile.ZipInfo]:
        entries = self._archive.infolist()
        if len(entries) > _MAX_ENTRIES or len({e.filename.lower() for e in entries}) != len(entries):
            raise self.wrong("", "压缩包内的条目过多或重名", "the archive holds too many or duplicate entries")
        for entry in entries:
            if (
                not _PLAIN_NAME.fullmatch(entry.filename.removesuffix("/"))
                or entry.external_attr >> 16 & 0xF000 == _LINK
            ):
                raise self.wrong(entry.filename, "名称异常，或是链接", "an odd name, or a link")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self.wrong(
                    entry.filename, "压缩方式不支持；请用 deflate", "its compression is not supported; use deflate"
                )
        if sum(entry.file_size for entry in entries) > limit:
            raise self.wrong(
                "", f"解压后大于 {limit / 2**20:.6g} MB", f"it unpacks to more than {limit / 2**20:.6g} MB"
            )
        return {entry.filename: entry for entry in entries}


@contextmanager
def opened(source: bytes | Path, name: str, limit: int = MAX_UNPACKED) -> Iterator[Members]:
    """The members of a zip given as bytes or by its path; whatever is damaged inside is WrongDatapackage."""
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                yield Members(name, archive, limit)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise WrongDatapackage(
                Text(
                    f"{name}：不是 zip，或已损坏、不完整、加密（{error}）。请重新导出数据包。",
                    f"{name}: no zip, or damaged, cut short or encrypted ({error}). Export the datapackage again.",
                )
            ) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found
