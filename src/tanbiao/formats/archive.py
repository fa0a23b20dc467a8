"""A look at an uploaded workbook before anything opens it: size, kind, unpacked size, extent of its sheets.

A spreadsheet is a zip of XML; what opens it trusts what the zip says, so the bounds are checked here first.
"""

from __future__ import annotations

import io
import re
import zipfile

from tanbiao.words import TanbiaoError, Text

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ENTRIES = 1000
MAX_ROWS, MAX_COLUMNS = 20_000, 200

_CELL = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,9})["']""")
_TEMPLATE = Text(
    "请使用 tanbiao workbook new 生成的模板并保存为 .xlsx。",
    "Use the template made by `tanbiao workbook new`, saved as .xlsx.",
)


class NotAWorkbook(TanbiaoError):
    """The file is not a workbook that can be opened safely; says what it is and what to do."""


def check_archive(data: bytes) -> None:
    """Raise NotAWorkbook unless `data` is a small, whole, plain .xlsx file."""
    if len(data) > MAX_BYTES:
        raise _refused(f"文件大于 {MAX_BYTES >> 20} MB", f"the file is larger than {MAX_BYTES >> 20} MB")
    if not data:
        raise _refused("文件为空", "the file is empty")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused("文件加密，或是旧的 .xls 格式", "the file is protected by a password or in the old .xls format")
    if not data.startswith(b"PK"):
        raise _refused("文件不是 Excel 工作簿", "the file is not an Excel workbook")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _refused("文件已损坏或不完整", "the file is damaged or cut short") from error


def _check_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [e.filename for e in entries]
    if len(entries) > MAX_ENTRIES or len(set(names)) != len(names):
        raise _refused("压缩包内的条目过多或重名", "the archive holds too many or duplicate entries")
    if "xl/workbook.xml" not in names:
        raise _refused("文件是压缩包，但不是 Excel 工作簿", "the file is an archive, but not an Excel workbook")
    unpacked = 0
    for entry in entries:
        chunk_before = b""
        with archive.open(entry) as stream:
            # what the header says of the size is not trusted: count what really comes out
            while chunk := stream.read(1 << 20):
                unpacked += len(chunk)
                if unpacked > MAX_UNPACKED:
                    raise _refused(
                        f"解压后大于 {MAX_UNPACKED >> 20} MB",
                        f"it unpacks to more than {MAX_UNPACKED >> 20} MB",
                    )
                if entry.filename.endswith((".xml", ".rels")):
                    _check_xml(entry.filename, chunk_before + chunk)
                chunk_before = chunk[-64:]


def _check_xml(name: str, text: bytes) -> None:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise _refused(f"{name} 含有文档类型声明", f"{name} holds a document type declaration")
    if not name.startswith("xl/worksheets/"):
        return
    # one cell far away would make a reader allocate everything between
    for column, row in _CELL.findall(text):
        if int(row) > MAX_ROWS or _column_number(column) > MAX_COLUMNS:
            cell = f"{column.decode()}{row.decode()}"
            raise _refused(
                f"工作表范围过大（{cell}），最多 {MAX_ROWS} 行 {MAX_COLUMNS} 列",
                f"a sheet is too large ({cell}): at most {MAX_ROWS} rows and {MAX_COLUMNS} columns",
            )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refused(zh: str, en: str) -> NotAWorkbook:
    return NotAWorkbook(Text(f"不能读取：{zh}。{_TEMPLATE.zh}", f"Cannot be read: {en}. {_TEMPLATE.en}"))
