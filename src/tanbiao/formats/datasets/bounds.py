"""Bounds of a source, and what is said where it breaks one.

They leave room for the largest databases there are (20,000 data sets and more than 1 GB unpacked) and stop what only
pretends to be one.
"""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterable

from tanbiao.lca.datasets.report import SourceRefused, refused

MAX_FILE = 2 << 30  # bytes of the file as it is sent
MAX_ENTRIES = 200_000
MAX_UNPACKED = 16 << 30
MAX_ENTRY = 512 << 20
MAX_NAME = 500  # characters
MAX_RATIO = 100  # unpacked to packed, of an entry above RATIO_FREE and of all together above ALL_RATIO_FREE
RATIO_FREE, ALL_RATIO_FREE = 4 << 20, 64 << 20
MAX_DIRECTORY = 128 << 20  # bytes of the list of entries at the end of a zip

OTHER_ARCHIVES = {b"7z\xbc\xaf": "7z", b"Rar!": "rar", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def check_names(place: str, names: list[str]) -> None:
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


def check_entry(name: str, info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise link(name)
    if info.flag_bits & 0x1:
        raise refused(name, "条目已加密；请提供未加密的压缩包。", "the entry is encrypted; send it without a password.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refused(name, "压缩方式不支持；请用 deflate。", "its compression is not supported; pack it with deflate.")
    if info.file_size > MAX_ENTRY:
        raise too_large(name, info.file_size)
    if info.file_size > RATIO_FREE and info.file_size > MAX_RATIO * info.compress_size:
        raise bomb(name, info.file_size, info.compress_size)


def looks_like(begins: bytes) -> tuple[str, str]:
    text = begins.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "看起来是网页（可能是下载失败的提示页）", "it looks like a web page (maybe of a failed download)"
    for magic, name in OTHER_ARCHIVES.items():
        if begins.startswith(magic):
            return f"看起来是 {name} 压缩文件", f"it looks like a {name} archive"
    if text.startswith(b"<"):
        return "看起来是 XML 文件", "it looks like an XML file"
    if text.startswith((b"{", b"[")):
        return "看起来是 JSON 文件", "it looks like a JSON file"
    return "开头不是压缩包应有的内容", "it does not begin as one"


def damaged(place: str) -> SourceRefused:
    return refused(place, "压缩包已损坏或不完整；请重新下载或导出。", "damaged or cut short; get or export it again.")


def link(name: str) -> SourceRefused:
    said = _listed([name])
    return refused(
        said,
        "是链接或特殊文件，不予读取；请换成文件本身。",
        "it is a link or a special file, which is never followed; put the file itself there.",
    )


def too_large(name: str, size: int) -> SourceRefused:
    return refused(
        name,
        f"解压后至少 {size / 2**20:.0f} MB，单个文件上限 {MAX_ENTRY >> 20} MB；请拆分。",
        f"it has {size / 2**20:.0f} MB or more unpacked, at most {MAX_ENTRY >> 20} MB are taken; divide it.",
    )


def too_much(name: str) -> SourceRefused:
    return refused(
        name,
        f"内容过多：最多 {MAX_ENTRIES} 个条目，解压后 {MAX_UNPACKED >> 30} GB；请拆分。",
        f"it holds too much: at most {MAX_ENTRIES} entries and {MAX_UNPACKED >> 30} GB unpacked; divide it.",
    )


def bomb(name: str, unpacked: int, packed: int) -> SourceRefused:
    ratio = unpacked / max(packed, 1)
    return refused(
        name,
        f"{packed} 字节解压后为 {unpacked / 1e6:.0f} MB（{ratio:.0f} 倍，上限 {MAX_RATIO} 倍），疑为压缩炸弹，未解压。",
        f"{packed} bytes unpack to {unpacked / 1e6:.0f} MB ({ratio:.0f} times, at most {MAX_RATIO}): "
        "it looks like a zip bomb and was not unpacked.",
    )


def nothing(name: str) -> SourceRefused:
    return refused(name, "里面没有数据集；请检查导出。", "no data sets found; check the export.")
