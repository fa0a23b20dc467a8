"""A look at an uploaded workbook before anything opens it: size, kind, unpacked size, extent of its sheets.

A spreadsheet is a zip of XML. A few bytes of it can ask a reader for all the memory there is: one cell far away, one
long text shown a thousand times, a sheet under another name. So every part is walked through here first, with a
parser that keeps nothing, and whatever would grow beyond the bounds is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from xml.parsers import expat

from tanbiao.words import TanbiaoError, Text

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ENTRIES = 1000
MAX_ROWS, MAX_COLUMNS = 20_000, 200
MAX_AREA = 1_000_000  # cells between A1 and the last one, of all sheets together
MAX_ELEMENTS = 3_000_000  # XML elements of all parts
MAX_COSTLY = 100_000  # of them those that a reader makes an object of: styles, shared texts, names
MAX_TEXT = 32_767  # characters of one cell; Excel holds no more
MAX_MERGED = 1_000
MAX_SHOWN = 50_000_000  # characters of shared texts, each counted as often as a cell shows it

_CHEAP = {"row", "c", "v", "f", "is", "t"}
_PLAIN_NAME = re.compile(r"[\w./ \[\]()~+-]+")  # what the name of a part may hold
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,9})")
_TEMPLATE = Text(
    "请使用 tanbiao workbook new 生成的模板并保存为 .xlsx。",
    "Use the template made by `tanbiao workbook new`, saved as .xlsx.",
)


class NotAWorkbook(TanbiaoError):
    """The file is not a workbook that can be opened safely; says what it is and what to do (`why`: without advice)."""

    def __init__(self, text: Text, why: Text | None = None):
        super().__init__(text)
        self.why = why or text


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
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise _refused("文件已损坏或不完整", "the file is damaged or cut short") from error


def _check_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {e.filename.lower() for e in entries}  # readers take names for the same whose letters differ by case
    if len(entries) > MAX_ENTRIES or len(names) != len(entries):
        raise _refused("压缩包内的条目过多或重名", "the archive holds too many or duplicate entries")
    if strange := next((e.filename for e in entries if not _PLAIN_NAME.fullmatch(e.filename)), None):
        raise _refused(f"压缩包内有异常的名称 {ascii(strange)[:80]}", f"the odd part name {ascii(strange)[:80]}")
    if "xl/workbook.xml" not in names:
        raise _refused("文件是压缩包，但不是 Excel 工作簿", "the file is an archive, but not an Excel workbook")
    unpacked, tally = 0, _Tally()
    for entry in entries:
        part = tally.part(entry.filename) if entry.filename.lower().endswith((".xml", ".rels")) else None
        with archive.open(entry) as stream:
            # what the header says of the size is not trusted: count what really comes out
            while chunk := stream.read(1 << 20):
                unpacked += len(chunk)
                if unpacked > MAX_UNPACKED:
                    raise _refused(
                        f"解压后大于 {MAX_UNPACKED >> 20} MB",
                        f"it unpacks to more than {MAX_UNPACKED >> 20} MB",
                    )
                if part:
                    part.parser.Parse(chunk)
        if part:
            part.parser.Parse(b"", True)
            tally.area += part.last_row * part.last_column
            if part.lengths:
                tally.texts.append(part.lengths)
    if tally.area > MAX_AREA:
        raise _refused(
            f"各工作表共 {tally.area} 格，最多 {MAX_AREA} 格；请删除表尾空白的行和列",
            f"the sheets span {tally.area} cells, at most {MAX_AREA}; delete the blank rows and columns at their ends",
        )
    if any(
        sum(lengths[i] * n for i, n in tally.shown.items() if i < len(lengths)) > MAX_SHOWN for lengths in tally.texts
    ):
        raise _refused("单元格中的文字过多", "the cells hold too much text")


class _Tally:
    """What all parts of a workbook add up to."""

    def __init__(self) -> None:
        self.area = 0
        self.elements = 0
        self.costly = 0
        self.merged = 0
        self.texts: list[list[int]] = []  # lengths of the shared texts, by part (there is one, but who knows where)
        self.shown: Counter[int] = Counter()  # how often cells refer to each

    def part(self, name: str) -> _Part:
        return _Part(name, self)


class _Part:
    """One XML part: how far its cells reach, which texts they show, where its relationships lead.

    Cells are told by their element, not by the name of the part: a sheet may lie anywhere in the archive.
    """

    def __init__(self, name: str, tally: _Tally):
        self.name, self.tally = name, tally
        self.last_row = self.last_column = 0
        self.lengths: list[int] = []  # of the shared texts it holds
        self._row = self._column = 0
        self._is_shared = False  # the cell at hand shows a shared text
        self._number: list[str] | None = None  # of a shared text, while inside <v>
        self._length: int | None = None  # of a text, while inside <si> or <is>
        self._run = 0  # characters since the last tag
        self.parser = expat.ParserCreate("UTF-8")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _doctype(self, *_declaration: object) -> None:
        raise _refused(f"{self.name} 含有文档类型声明", f"{self.name} holds a document type declaration")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self.tally.elements += 1
        self.tally.costly += name not in _CHEAP
        if self.tally.elements > MAX_ELEMENTS:
            raise _refused("文件内容过多", "the file holds too much")
        if self.tally.costly > MAX_COSTLY:
            raise _refused(
                "字体、格式或富文本过多；请清除单元格格式后另存",
                "it holds too many fonts, formats or rich texts; clear the formats of its cells and save it again",
            )
        self._run = 0
        match name:
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            case "c":
                self._cell(attributes.get("r"))
                self._is_shared = attributes.get("t") == "s"
            case "v" if self._is_shared:
                self._number = []
            case "si" | "is":
                self._length = 0
            case "mergeCell":
                self.tally.merged += 1
                if self.tally.merged > MAX_MERGED:
                    raise _refused("合并的单元格过多", "too many cells are merged")
            case "Relationship" if self.name.lower().startswith("xl/_rels/") or (
                attributes.get("Type", "").lower().endswith("/worksheet")
            ):
                # whatever a reader opens as a sheet is then one of the parts that are walked through here
                if not attributes.get("Target", "").lower().endswith(".xml"):
                    raise _refused("有工作表不是 XML", "a sheet is not XML")

    def _cell(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
        elif found := _REFERENCE.fullmatch(reference.strip()):
            self._row, self._column = int(found[2]), _column_number(found[1])
        else:
            raise _refused(f"单元格地址 {ascii(reference)[:40]} 有误", f"the cell reference {ascii(reference)[:40]}")
        if self._row > MAX_ROWS or self._column > MAX_COLUMNS:
            cell = reference or f"R{self._row}C{self._column}"
            raise _refused(
                f"工作表范围过大（{cell}），最多 {MAX_ROWS} 行 {MAX_COLUMNS} 列",
                f"a sheet is too large ({cell}): at most {MAX_ROWS} rows and {MAX_COLUMNS} columns",
            )
        self.last_row, self.last_column = max(self.last_row, self._row), max(self.last_column, self._column)

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        self._run = 0
        match name:
            case "v" if self._number is not None:
                self.tally.shown[abs(int("".join(self._number)))] += 1
                self._number = None
            case "si" | "is" if self._length is not None:
                if name == "si":
                    self.lengths.append(self._length)
                self._length = None

    def _text(self, text: str) -> None:
        self._run += len(text)
        if self._number is not None:
            self._number.append(text)
        elif self._length is not None:
            self._length += len(text)
        if max(self._run, self._length or 0) > MAX_TEXT:
            raise _refused(
                f"{self.name} 中有多于 {MAX_TEXT} 个字符的文字",
                f"a text of {self.name} has more than {MAX_TEXT} characters",
            )


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _refused(zh: str, en: str) -> NotAWorkbook:
    why = Text(f"不能读取：{zh}。", f"Cannot be read: {en}.")
    return NotAWorkbook(Text(f"{why.zh}{_TEMPLATE.zh}", f"{why.en} {_TEMPLATE.en}"), why)
