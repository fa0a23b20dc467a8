"""The one door to XML: every reader of an XML format parses here, and only here.

No document type declarations and no entities, since they can read files and grow without end; no network; depth and
text bounded by libxml2 (`huge_tree` off); bytes that are not in the encoding the file declares are refused, never
replaced. Elements are found by their local names: the formats of the field change namespaces with their versions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any, TypeAlias

from lxml import etree

from tanbiao.lca.datasets.records import Names
from tanbiao.lca.datasets.report import SourceRefused, refused

Element: TypeAlias = etree._Element

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "dtd_validation": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_ENCODING = {
    etree.ErrorTypes.ERR_INVALID_ENCODING,
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
    etree.ErrorTypes.I18N_CONV_FAILED,
}
_CHUNK = 1 << 16
MAX_MARKS = 5_000_000  # signs "<" and "=" held at once: an element or attribute takes some 120 bytes of memory


def parse(data: bytes, place: str) -> Element:
    """The root of one document. Raises SourceRefused, naming `place`."""
    if _marks(data) > MAX_MARKS:
        raise _too_many(place)
    try:
        root = etree.fromstring(data, etree.XMLParser(**_SAFE))
    except etree.XMLSyntaxError as problem:
        raise _refusal(problem, place, declares_type=b"<!DOCTYPE" in data.replace(b"\0", b"")) from None
    _check_type(root, place)
    return root


def iterate(stream: IO[bytes], place: str, *names: str) -> Iterator[Element]:
    """Elements of these local names as they end, each emptied when the next is asked for: memory stays bounded.

    Raises SourceRefused, naming `place`.
    """
    parser = etree.XMLPullParser(events=("start", "end"), **_SAFE)
    wanted, checked, depth, held = frozenset(names), False, 0, 0
    while chunk := stream.read(_CHUNK):
        held += _marks(chunk)
        if held > MAX_MARKS:
            raise _too_many(place)
        try:
            parser.feed(chunk)
        except etree.XMLSyntaxError as problem:
            raise _refusal(problem, place, declares_type=not checked and b"<!DOCTYPE" in chunk) from None
        events: Iterator[tuple[str, Any]] = iter(parser.read_events())
        for event, element in events:
            if not checked:  # at the first element, before anything of it could use an entity
                _check_type(element, place)
                checked = True
            if event == "start":
                depth += local(element) in wanted
            elif local(element) in wanted:
                depth -= 1
                if depth == 0:
                    yield element
                    _let_go(element)
                    held = 0
    try:
        parser.close()
    except etree.XMLSyntaxError as problem:
        raise _refusal(problem, place, declares_type=False) from None


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Children of this local name."""
    return iter(()) if element is None else element.iterchildren("{*}" + name)


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down this path of local names."""
    for name in path:
        element = next(children(element, name), None)
    return element


def text(element: Element | None, *path: str) -> str:
    """The text of the first element down this path, trimmed; "" where there is none."""
    found = child(element, *path)
    return "" if found is None else (found.text or "").strip()


def attribute(element: Element | None, name: str) -> str:
    """An attribute by its local name, whatever its namespace, trimmed; "" where there is none."""
    if element is None:
        return ""
    if (plain := element.get(name)) is not None:
        return plain.strip()
    end = "}" + name
    return next((str(value).strip() for key, value in element.attrib.items() if str(key).endswith(end)), "")


def plain(element: Element | None, name: str) -> str:
    """An attribute of a format that puts its attributes in no namespace, trimmed; "" where there is none."""
    return "" if element is None else (element.get(name) or "").strip()


def names(elements: Iterable[Element], joined: str = "\n") -> Names:
    """Texts by xml:lang ("" where none is given); several of one language are joined; empty ones are left out."""
    found: dict[str, str] = {}
    for element in elements:
        if said := "".join(map(str, element.itertext())).strip():
            language = (element.get(LANGUAGE) or "").strip()
            found[language] = found[language] + joined + said if language in found else said
    return found


def _marks(data: bytes) -> int:
    return data.count(b"<") + data.count(b"=")


def _too_many(place: str) -> SourceRefused:
    million = MAX_MARKS // 1_000_000
    return refused(
        place,
        f"一个数据集超过 {million} 百万个元素和属性；请拆分",
        f"one data set holds more than {million} million elements and attributes; divide it",
    )


def _check_type(element: Element, place: str) -> None:
    information: Any = element.getroottree().docinfo
    if information.doctype:
        raise _type_refused(place)


def _type_refused(place: str) -> SourceRefused:
    return refused(
        place,
        "不接受 XML 中的文档类型声明（DTD）和实体：它们能读取其他文件或无限膨胀；请删去 <!DOCTYPE …> 后重新导入",
        "document type declarations (DTD) and entities are not accepted: they can read other files or grow without "
        "end; remove <!DOCTYPE …> and import again",
    )


def _refusal(problem: etree.XMLSyntaxError, place: str, *, declares_type: bool) -> SourceRefused:
    if declares_type:
        return _type_refused(place)
    line, column = problem.position
    where = f"{place} {line}:{column}".strip()
    said = problem.msg.partition(", line ")[0]  # the position stands in the place already
    if getattr(problem, "code", None) in _ENCODING:
        return refused(
            where,
            f"内容与 XML 声明的编码不符（{said}）；请用声明的编码重新保存，或改正声明",
            f"the bytes are not in the encoding the XML declares ({said}); save the file in that encoding or "
            "correct the declaration",
        )
    return refused(
        where,
        f"不是完好的 XML（{said}）；请从原系统重新导出",
        f"not well-formed XML ({said}); export it again from where it came from",
    )


def _let_go(element: Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and (earlier := element.getprevious()) is not None:
        parent.remove(earlier)
