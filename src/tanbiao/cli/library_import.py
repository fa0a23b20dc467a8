"""`tanbiao library import`: a source becomes a version of a database, staged, with a report of all that was met."""

from __future__ import annotations

import argparse
import re
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

from tanbiao.cli.answering import answer, print_json
from tanbiao.words import TanbiaoError, Text

TELLS_NOTHING = {"data", "export", "database", "datasets", "archive"}  # file names that say nothing: their folder does
SHOWN = 3  # notices of one code in words; JSON has those that were kept
COUNTS = {
    "processes": "过程 processes",
    "flows": "流 flows",
    "exchanges": "交换 exchanges",
    "methods": "方法 methods",
    "factors": "因子 factors",
    "declarations": "声明 declarations",
}
SAID = {
    "accept": "已导入 / imported",
    "warn": "已导入，有提醒 / imported, with warnings",
    "reject": "拒绝，没有存入任何内容 / rejected, nothing was stored",
}


def run_import(args: argparse.Namespace) -> int:
    if not args.file.exists():
        print(f"{args.file}: 文件不存在 / no such file", file=sys.stderr)
        return 2
    return answer(args, lambda: _bring(args), verdict="reject")


def name_of(path: Path) -> str:
    """What a database is called whose file is called this."""
    path = path.absolute()
    name = path.name if path.is_dir() else re.sub(r"(\.\w{1,10})+$", "", path.name)
    return path.parent.name if name.lower() in TELLS_NOTHING and path.parent.name else name or path.name


def _bring(args: argparse.Namespace) -> int:
    from tanbiao.cli.progress import Progress
    from tanbiao.platform.library.actions import import_into, start_import
    from tanbiao.platform.library.models import VersionState
    from tanbiao.platform.library.policies import ADMINISTRATOR

    source = _source(args)
    try:
        version = start_import(
            ADMINISTRATOR,
            source,
            path=args.file.absolute(),
            filename=args.file.name,
            link_rule=args.link,
            in_background=False,
        )
        again = version.state != VersionState.IMPORTING
        if not again:
            with Progress() as tell:
                version = import_into(ADMINISTRATOR, version, args.file.absolute(), tell)
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
    return _told(args, version, again)


def _source(args: argparse.Namespace) -> Any:
    """The source of this name and owner: the one that is there, or a new one."""
    from tanbiao.cli.library_named import organisation_named
    from tanbiao.platform.library.actions import open_source
    from tanbiao.platform.library.models import Access
    from tanbiao.platform.library.policies import ADMINISTRATOR
    from tanbiao.platform.library.queries import source_named

    owner = organisation_named(args.organisation).pk if args.organisation else None
    access = Access.OPEN if args.open else Access.OWN
    name = args.name or name_of(args.file)
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


def _told(args: argparse.Namespace, version: Any, again: bool) -> int:
    from tanbiao.cli.library_check import publish_or_say_why

    document = report_of(version)
    refused = document["verdict"] == "reject"
    if args.json:
        unpublished = None
        if args.publish and not refused:
            unpublished = publish_or_say_why(version, "")
            document |= {"state": version.state} | ({"unpublished": _both(unpublished)} if unpublished else {})
        print_json(document)
        return 1 if refused or unpublished else 0
    if again:
        print("同一文件已导入过 / this file has been imported before")
    print("\n".join(_lines(document)), file=sys.stderr if refused else sys.stdout)
    if refused:
        return 1
    if args.publish and (unpublished := publish_or_say_why(version, "")):
        print(f"未发布 / not published: {unpublished}", file=sys.stderr)
        return 1
    return 0


def report_of(version: Any) -> dict[str, Any]:
    """What is said of an import, for machines."""
    from tanbiao.platform.library.queries import verdict_of

    report, counts = version.report, version.report.get("counts", {})
    notices = report.get("notices", [])
    verdict = verdict_of(version)
    document = {
        "verdict": verdict,
        "database": version.source.name,
        "version": version.number,
        "state": version.state,
        "format": version.format,
        **{name: counts.get(name, 0) for name in (*COUNTS, "linked", "unlinked")},
        "refused": report.get("refused", 0),
        "warnings": [notice for notice in notices if notice["severity"] != "note"],
        "notes": [notice for notice in notices if notice["severity"] == "note"],
        "seen": report.get("seen", {}),
        "linking": report.get("facts", {}).get("linking", {}),
        "counts": counts,
        "facts": {name: fact for name, fact in report.get("facts", {}).items() if name != "linking"},
    }
    if verdict == "reject":
        document["errors"] = [{"place": "", **_both(_reason(version))}]
    elif version.progress.get("nothing"):
        document["nothing"] = _both(_reason(version))
    return document


def _reason(version: Any) -> Text:
    return Text(version.progress.get("zh", ""), version.progress.get("en", ""))


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _lines(document: dict[str, Any]) -> list[str]:
    if document["verdict"] == "reject":
        return [SAID["reject"], *(f"  {error[language]}" for error in document["errors"] for language in ("zh", "en"))]
    name = f"{document['database']}@{document['version']}"
    if nothing := document.get("nothing"):
        lines = ["可读，没有存入任何内容 / readable, nothing was stored", f"  {nothing['zh']}", f"  {nothing['en']}"]
    else:
        lines = [f"{SAID[document['verdict']]}: {name}  {document['facts'].get('format_name', '')}"]
    lines.append("  " + " · ".join(f"{word} {document[name]}" for name, word in COUNTS.items() if document[name]))
    if document["processes"]:
        linked, unlinked = document["linked"], document["unlinked"]
        lines.append(f"  投入：已连接 {linked}，未连接 {unlinked} · inputs linked {linked}, unlinked {unlinked}")
    if document["refused"]:
        lines.append(f"  略去 left out: {document['refused']}")
    for code, notices in groupby(sorted(document["warnings"], key=lambda n: n["code"]), key=lambda n: n["code"]):
        lines.append(f"! {code} × {document['seen'].get(code, 1)}")
        for notice in list(notices)[:SHOWN]:
            lines += [f"    {notice['place']}", f"      {notice['zh']}", f"      {notice['en']}"]
    if document["state"] == "staged":
        lines.append(f"下一步 next: tanbiao library check {name}")
    return [line for line in lines if line.strip()]
