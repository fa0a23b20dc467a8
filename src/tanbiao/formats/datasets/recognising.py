"""Which formats there are, and which of them a source is of."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.brightway import datapackage, workbook
from tanbiao.formats.datasets.container import Container
from tanbiao.formats.datasets.ecospold import ecospold1, ecospold2
from tanbiao.formats.datasets.factor_table import reader as factor_table
from tanbiao.formats.datasets.format import Format
from tanbiao.formats.datasets.ilcd import reader as ilcd
from tanbiao.formats.datasets.ilcd import tidas
from tanbiao.formats.datasets.openlca import reader as openlca
from tanbiao.formats.datasets.simapro import reader as simapro
from tanbiao.lca.datasets.report import SourceRefused, refused

#: formats of many files that belong together
TREES = (
    tidas.FORMAT,  # before openLCA: its folders have the same names, and its data sets name themselves
    openlca.FORMAT,
    ilcd.FORMAT,
    ecospold2.FORMAT,
    ecospold1.FORMAT,
    datapackage.FORMAT,
)
TABLES = (workbook.FORMAT, simapro.FORMAT, factor_table.FORMAT)
FORMATS = TREES + TABLES  # what is told by its names goes before what any table could be
_ELSEWHERE = {
    ".zolca": (
        "openLCA 数据库备份；请在 openLCA 中导出为 JSON-LD",
        "a backup of an openLCA database; export it as JSON-LD",
    ),
    ".bw2package": (
        "Brightway 的 bw2package，含可执行的对象，不予读取；请导出为工作簿或数据包",
        "a bw2package of Brightway, which holds objects that could run; export a workbook or a datapackage",
    ),
    ".pdf": ("PDF 文件；请提供数据文件", "a PDF; send the data file"),
    ".xls": ("旧的 .xls 格式；请另存为 .xlsx", "in the old .xls format; save it as .xlsx"),
}


def format_of(container: Container) -> Format:
    """The format of an open source. Raises SourceRefused, saying what it looks like and what can be read."""
    for each in FORMATS:
        if each.is_it(container):
            return each
    raise _unknown(container)


def _unknown(container: Container) -> SourceRefused:
    names = container.names()
    endings = Counter(PurePosixPath(name).suffix.lower() for name in names)
    zh, en = _looks_like(container, names, endings)
    known = ", ".join(each.name for each in FORMATS)
    return refused(
        container.name,
        f"不是可读取的格式：{zh}。可读取：{known}。",
        f"of no format that can be read: {en}. Formats: {known}.",
    )


def _looks_like(container: Container, names: list[str], endings: Counter[str]) -> tuple[str, str]:
    for ending, said in _ELSEWHERE.items():
        if container.name.lower().endswith(ending) or endings.most_common(1)[0][0] == ending:
            return said
    if any(name.rpartition("/")[2] == "service.properties" for name in names):
        return _ELSEWHERE[".zolca"]
    if first := next((name for name in names if name.lower().endswith((".xml", ".spold"))), None):
        # a document that no reader may open says so itself: a type declaration, an encoding that is not the declared
        root = xml.parse(container.read(first), first)
        return f"XML，根元素为 {root.tag}（{first}）", f"XML with the root {root.tag} ({first})"
    kinds = ", ".join(f"{n} × {ending or '?'}" for ending, n in endings.most_common(4))
    return f"文件类型为 {kinds}", f"it holds {kinds}"
