"""`tanbiao library import`: every source becomes a version of a database, staged, with a report of all that was met.

A folder may hold several sources: each becomes a database of its own, and one that is refused stops none of the others.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tanbiao.cli.answering import answer, print_json, said_of
from tanbiao.cli.library_report import both, lines_of, passed_over, refusal_of, report_of, report_of_all, sums_of
from tanbiao.formats.datasets.reading import parts_of
from tanbiao.words import TanbiaoError, Text

TELLS_NOTHING = {"data", "export", "database", "datasets", "archive"}  # file names that say nothing: their folder does


def run_import(args: argparse.Namespace) -> int:
    if not args.file.exists():
        print(f"{args.file}: 文件不存在 / no such file", file=sys.stderr)
        return 2
    return answer(args, lambda: _bring(args), verdict="reject")


def name_of(path: Path) -> str:
    """What a database is called whose file is called this."""
    path = path.absolute()
    name = path.name if path.is_dir() else _stem(path.name)
    return path.parent.name if name.lower() in TELLS_NOTHING and path.parent.name else name or path.name


def readable(name: str) -> str:
    """The name of a file as text: bytes that are none (an archive unpacked in another encoding) as question marks."""
    return name.encode("utf-8", "replace").decode()


def _stem(name: str) -> str:
    return re.sub(r"(\.[A-Za-z]\w{0,9})+$", "", name)


def _bring(args: argparse.Namespace) -> int:
    try:
        names, beside = [""], []
        if args.file.is_dir():
            found = parts_of(args.file)
            names, beside = [part.name for part in found.parts], found.passed_over
        name = readable(args.name or name_of(args.file))
        if len(names) == 1:
            return _one(args, args.file / names[0], name, beside)
        return _all(args, dict(_named(name, names)), beside)
    except KeyboardInterrupt:
        print(
            "已中断；读入的部分保留（未完成，不可使用），用同一命令继续。\n"
            "Interrupted; what was read stays (unfinished, not usable): the same command goes on.",
            file=sys.stderr,
        )
        return 130
    except OSError as error:
        print(f"{args.file}: 读不出文件 / cannot be read: {error.strerror or error}", file=sys.stderr)
        return 2


def _named(prefix: str, parts: list[str]) -> Iterator[tuple[str, str]]:
    """(name of the database, part): after the part without its ending where that tells it from the others."""
    stems = [_stem(part).casefold() for part in parts]
    for part, stem in zip(parts, stems, strict=True):
        own = part if stems.count(stem) > 1 else _stem(part) or part
        yield f"{prefix}-{readable(own).replace('/', '-')}", part


def _one(args: argparse.Namespace, path: Path, name: str, beside: list[str]) -> int:
    document, again = _imported(args, path, name)
    if args.json:
        print_json(document | ({"passed_over": beside} if args.file.is_dir() else {}))
        return _failed(document)
    _say(document, again)
    if beside:
        print(passed_over(beside))
    return _failed(document)


def _all(args: argparse.Namespace, parts: dict[str, str], beside: list[str]) -> int:
    """Each by itself: what one is refused for is its own answer."""
    documents = []
    for name, part in parts.items():
        if not args.json:
            print(f"── {part}", flush=True)
        try:
            document, again = _imported(args, args.file / part, name)
        except Exception as error:
            document, again = refusal_of(name, said_of(error)[0]), False
        documents.append(document | {"part": part})
        if not args.json:
            _say(document, again)
    whole = report_of_all(documents) | {"passed_over": beside}
    if args.json:
        print_json(whole)
    else:
        print("\n".join([*sums_of(whole), *([passed_over(beside)] if beside else [])]))
    return max(map(_failed, documents))


def _failed(document: dict[str, Any]) -> int:
    return 1 if document["verdict"] == "reject" or "unpublished" in document else 0


def _say(document: dict[str, Any], again: bool) -> None:
    if again:
        print("同一文件已导入过 / this file has been imported before")
    print("\n".join(lines_of(document)), file=sys.stderr if document["verdict"] == "reject" else sys.stdout)
    if unpublished := document.get("unpublished"):
        print(f"未发布 / not published: {unpublished['zh']} / {unpublished['en']}", file=sys.stderr)


def _imported(args: argparse.Namespace, path: Path, name: str) -> tuple[dict[str, Any], bool]:
    """What is said of the import of one source, published where that was asked; and whether it was here already."""
    from tanbiao.cli.library_check import publish_or_say_why
    from tanbiao.cli.progress import Progress
    from tanbiao.platform.library.actions import import_into, start_import
    from tanbiao.platform.library.models import VersionState
    from tanbiao.platform.library.policies import ADMINISTRATOR

    version = start_import(
        ADMINISTRATOR,
        _source(args, name),
        path=path.absolute(),
        filename=readable(path.name),
        link_rule=args.link,
        in_background=False,
    )
    again = version.state != VersionState.IMPORTING
    if not again:
        with Progress() as tell:
            version = import_into(ADMINISTRATOR, version, path.absolute(), tell)
    document = report_of(version)
    if args.publish and document["verdict"] != "reject":
        unpublished = publish_or_say_why(version, "")
        document |= {"state": version.state} | ({"unpublished": both(unpublished)} if unpublished else {})
    return document, again


def _source(args: argparse.Namespace, name: str) -> Any:
    """The source of this name and owner: the one that is there, or a new one."""
    from tanbiao.cli.library_named import organisation_named
    from tanbiao.platform.library.actions import open_source
    from tanbiao.platform.library.models import Access
    from tanbiao.platform.library.policies import ADMINISTRATOR
    from tanbiao.platform.library.queries import source_named

    owner = organisation_named(args.organisation).pk if args.organisation else None
    access = Access.OPEN if args.open else Access.OWN
    found: Any = source_named(ADMINISTRATOR, name, access, owner)
    if found is None:
        return open_source(ADMINISTRATOR, None, name=name, title=name, access=access, owner_id=owner)
    if found.access != access or found.owner_id != owner:
        raise TanbiaoError(
            Text(
                f"已有数据库“{found.name}”，但公开范围或所属单位不同。请用 --name 另取名称，"
                "或给出相同的 --open、--organisation。",
                f'There is a database "{found.name}" with other readers or another owner. Choose another --name, '
                "or give the same --open and --organisation.",
            )
        )
    return found
