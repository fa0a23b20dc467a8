"""What data sets an ILCD source holds: kind, UUID and version of each, found without parsing it whole.

ILCD names a data set by UUID and version, so the same UUID may come twice. The newest version counts; two different
contents under one UUID and version cannot be told apart, and the source is refused. The same holds for TIDAS, which
is ILCD written in JSON: what differs between the two is a `Syntax`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.container import Container, entries_ending
from tanbiao.formats.datasets.format import Progress
from tanbiao.lca.datasets.report import Report, refused

#: root of a data set -> folder it stands in
FOLDERS = {
    "unitGroupDataSet": "unitgroups",
    "flowPropertyDataSet": "flowproperties",
    "flowDataSet": "flows",
    "processDataSet": "processes",
    "LCIAMethodDataSet": "lciamethods",
    "lifeCycleModelDataSet": "lifecyclemodels",
    "sourceDataSet": "sources",
    "contactDataSet": "contacts",
}
COUNTED_ONLY = frozenset({"sourceDataSet", "contactDataSet"})
NIL = "00000000-0000-0000-0000-000000000000"  # what templates put where a UUID belongs

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(" + "|".join(FOLDERS).encode() + rb")[\s>]")
_UUID = re.compile(rb"<(?:[\w.-]+:)?UUID>([^<]*)</")
_VERSION = re.compile(rb"<(?:[\w.-]+:)?dataSetVersion>([^<]*)</")


@dataclass(frozen=True, slots=True)
class Entry:
    """One data set: where it stands, and how it names itself."""

    name: str
    kind: str
    uuid: str
    version: str

    @property
    def age(self) -> tuple[int, ...]:
        """Grows with the version: "01.10.000" is newer than "01.09"."""
        return tuple(int(part) for part in re.findall(r"[0-9]{1,9}", self.version))


class Syntax(Protocol):
    """How data sets are written: XML or JSON."""

    suffix: str

    def kind(self, data: bytes) -> str:
        """The root of the data set these bytes begin, "" where it is none."""

    def identity(self, data: bytes) -> tuple[str, str]:
        """UUID and version, "" where not given."""

    def parse(self, data: bytes, place: str) -> xml.Element:
        """The data set as a tree. Raises SourceRefused."""


class Xml:
    """ILCD as it is published."""

    suffix = ".xml"

    def kind(self, data: bytes) -> str:
        found = _ROOT.search(_plain(data))
        return found[1].decode() if found else ""

    def identity(self, data: bytes) -> tuple[str, str]:
        plain = _plain(data)
        uuid, version = _text(_UUID.search(plain)), _text(_VERSION.search(plain))
        written_plainly = "&" not in uuid + version and b"<![CDATA[" not in plain
        return (uuid, version) if written_plainly else ("", "")

    def parse(self, data: bytes, place: str) -> xml.Element:
        return xml.parse(data, place)


@dataclass(slots=True)
class Index:
    """The data sets of a source: the newest of each UUID by kind, and what it supersedes."""

    container: Container
    syntax: Syntax
    newest: dict[str, dict[str, Entry]] = field(default_factory=lambda: defaultdict(dict))
    older: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)  # by kind, all versions

    def tree(self, entry: Entry) -> xml.Element:
        """The whole data set. Raises SourceRefused."""
        return self.syntax.parse(self.container.read(entry.name), entry.name)

    def trees(self, kind: str) -> Iterator[tuple[Entry, xml.Element]]:
        """The newest data sets of a kind, in the order of their entries."""
        return ((entry, self.tree(entry)) for entry in self.newest[kind].values())


def index(container: Container, syntax: Syntax, report: Report, progress: Progress) -> Index:
    """Look through all entries. Raises SourceRefused for two data sets that cannot be told apart."""
    found = Index(container, syntax)
    names = list(entries_ending(container, syntax.suffix))
    for done, name in enumerate(names):
        progress(done, 2 * len(names))  # looking is half of it, reading the other
        data = container.read(name)
        if not (kind := syntax.kind(data)):
            report.counts["other_files"] += 1
            continue
        uuid, version = syntax.identity(data)
        found.counts[kind] += 1
        if kind in COUNTED_ONLY:
            continue
        if not uuid:  # written in a way that a glance does not see, or damaged, which parsing says
            root = syntax.parse(data, name)
            uuid, version = (xml.text(next(root.iter("{*}" + part), None)) for part in ("UUID", "dataSetVersion"))
        if uuid in ("", NIL):
            report.refuse(
                "no_uuid",
                name,
                "没有 UUID，或只有占位的 UUID；该数据集未导入，请补上 UUID",
                "no UUID, or only a placeholder; this data set was left out, give it a UUID",
            )
            continue
        _take(found, Entry(name, kind, uuid, version), report)
    return found


def _take(found: Index, entry: Entry, report: Report) -> None:
    known = found.newest[entry.kind].get(entry.uuid)
    if known is None:
        found.newest[entry.kind][entry.uuid] = entry
        return
    if known.age == entry.age:
        if found.container.read(known.name) != found.container.read(entry.name):
            raise refused(
                entry.name,
                f"与 {known.name} 的 UUID（{entry.uuid}）和版本（{entry.version or '无'}）相同，但内容不同；"
                "请删去其中一个，或改正版本号",
                f"has the same UUID ({entry.uuid}) and version ({entry.version or 'none'}) as {known.name}, but another"
                " content; remove one of them or correct its version",
            )
        report.note("repeated", entry.name, f"与 {known.name} 完全相同", f"the same as {known.name}")
        return
    old, new = (known, entry) if known.age < entry.age else (entry, known)
    found.newest[entry.kind][entry.uuid] = new
    found.older[entry.kind].append(old)
    report.note(
        "older_version",
        old.name,
        f"同一 UUID 有更新的版本：采用 {new.name}（{new.version}），而非 {old.version}",
        f"a newer version of this UUID is there: {new.name} ({new.version}) counts, not {old.version}",
    )


def _plain(data: bytes) -> bytes:
    """Bytes that ASCII patterns can be found in: no comments, and UTF-16 brought down."""
    if b"\0" in data[:64]:
        data = data.replace(b"\0", b"")
    kept, end = [], 0
    while (start := data.find(b"<!--", end)) >= 0 and (closed := data.find(b"-->", start)) >= 0:
        kept.append(data[end:start])
        end = closed + 3
    return b"".join(kept) + data[end:] if kept else data


def _text(found: re.Match[bytes] | None) -> str:
    return found[1].decode("utf-8", "replace").strip() if found else ""
