"""A file of SimaPro before its blocks: what it is told by, its head, its encoding and its signs."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass, field

from tanbiao.formats.datasets.container import Container
from tanbiao.formats.datasets.simapro.words import BLOCKS, HEADINGS
from tanbiao.lca.datasets.report import SourceRefused, refused

_SEPARATORS = {"semicolon": ";", "comma": ",", "tab": "\t"}
_HEAD = re.compile(r"\{([^:}]+?)(?::\s*([^}]*))?\}")
_GB2312 = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])*")


@dataclass(slots=True)
class File:
    """One CSV: how it is to be read."""

    name: str
    encoding: str
    head: dict[str, str] = field(default_factory=dict)
    separator: str = ";"
    decimal: str = "."
    blocks: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)


def looks_like_simapro(begins: bytes) -> bool:
    text = begins.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip()
    lines = [line.strip(" \t;,") for line in text.splitlines()[:2]]
    return text.startswith(("{SimaPro", "SimaPro ")) or (
        len(lines) == 2 and lines[0] in BLOCKS and (not lines[1] or lines[1] in HEADINGS)
    )


def open_file(container: Container, name: str) -> File:
    """How a file is written, said by its head or found out. Raises SourceRefused where it is of no one encoding."""
    file = File(name, _encoding(container, name))
    with container.open(name) as stream, io.TextIOWrapper(stream, codec_of(file.encoding)) as lines:
        for line in lines:
            text = line.strip().rstrip(";,\t ")
            if found := _HEAD.fullmatch(text):
                file.head[found[1].strip()] = (found[2] or "").strip()
            elif text.strip(";, ") in BLOCKS:
                break
            elif text:
                file.head[""] = f"{file.head.get('', '')} {text}".strip()
    said = file.head.get("CSV separator", "").lower()
    file.separator = _SEPARATORS.get(said) or _found_separator(container, name)
    file.decimal = "," if file.head.get("Decimal separator") == "," else "."
    return file


def _encoding(container: Container, name: str) -> str:
    """UTF-8, else GB18030 where all that is not ASCII is in its pairs, else windows-1252.

    Raises SourceRefused where none fits, or where Chinese in UTF-8 stands beside what is not UTF-8.
    """
    open_ones = {"UTF-8": "utf-8", "windows-1252": "cp1252"}
    gb = True
    row, chinese = 0, False  # the first that is not UTF-8; whether there is Chinese in UTF-8
    with container.open(name) as stream:
        for number, line in enumerate(stream, 1):
            if b"\0" in line:
                raise _unreadable(name, number)
            if line.isascii():
                continue
            gb = gb and _GB2312.fullmatch(line) is not None
            for encoding, codec in list(open_ones.items()):
                try:
                    line.decode(codec)
                except UnicodeDecodeError:
                    del open_ones[encoding]
            try:
                chinese = chinese or any(character >= "\u0800" for character in line.decode())
            except UnicodeDecodeError:
                row = row or number
    if "UTF-8" in open_ones:
        return "UTF-8"
    if chinese or not (gb or open_ones):
        raise _unreadable(name, row)
    return "GB18030" if gb else "windows-1252"


def _unreadable(name: str, row: int) -> SourceRefused:
    return refused(
        f"{name}:{row}",
        "此行不能与其余各行按同一编码（UTF-8、GB18030 或 windows-1252）读取；请在 SimaPro 中重新导出",
        "this row cannot be read in one encoding with the rest (UTF-8, GB18030 or windows-1252); export it again from "
        "SimaPro",
    )


def codec_of(encoding: str) -> str:
    return {"UTF-8": "utf-8-sig", "windows-1252": "cp1252"}.get(encoding, encoding)


def _found_separator(container: Container, name: str) -> str:
    begins = container.first_bytes(name, 1 << 14)
    return max(";\t,", key=lambda sign: begins.count(sign.encode()))
