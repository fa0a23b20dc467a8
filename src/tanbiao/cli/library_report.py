"""What is said of an import, for machines and in words: of one source, or of all that a folder holds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from tanbiao.lca.datasets.codes import NOTICES
from tanbiao.words import Text

SHOWN = 3  # notices of one code in words; JSON has those that were kept
KEPT = 500  # warnings of a folder in JSON beside those of each database
NAMED = 20  # files that were passed over, in words
COUNTS = {
    "processes": "过程 processes",
    "flows": "流 flows",
    "exchanges": "交换 exchanges",
    "methods": "方法 methods",
    "factors": "因子 factors",
    "declarations": "声明 declarations",
}
#: said where there are none, too
DETAIL = (
    "elementary_exchanges",
    "product_exchanges",
    "waste_exchanges",
    "unknown_type",
    "without_reference",
    "zero_reference",
    "exchanges_with_formula",
    "processes_with_coproducts",
)
SUMS = (*COUNTS, "linked", "unlinked", "refused")
SAID = {
    "accept": "已导入 / imported",
    "warn": "已导入，有提醒 / imported, with warnings",
    "reject": "拒绝，没有存入任何内容 / rejected, nothing was stored",
}


def report_of(version: Any) -> dict[str, Any]:
    """What is said of one import, for machines."""
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
        "counts": dict.fromkeys(DETAIL, 0) | counts,
        "facts": {name: fact for name, fact in report.get("facts", {}).items() if name != "linking"},
    }
    reason = Text(version.progress.get("zh", ""), version.progress.get("en", ""))
    if verdict == "reject":
        document["errors"] = [{"place": "", **both(reason)}]
    elif version.progress.get("nothing"):
        document["nothing"] = both(reason)
    return document


def refusal_of(database: str, why: Text) -> dict[str, Any]:
    """A source that could not even be begun."""
    empty: dict[str, Any] = dict.fromkeys(SUMS, 0)
    return {"verdict": "reject", "database": database, **empty, "warnings": [], "errors": [{"place": "", **both(why)}]}


def report_of_all(documents: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What is said of a folder of several sources: the worst verdict, the sums, and each of them."""
    warnings = [notice | {"database": one["database"]} for one in documents for notice in one["warnings"]]
    return {
        "verdict": max((one["verdict"] for one in documents), key=list(SAID).index),
        **{name: sum(one[name] for one in documents) for name in SUMS},
        "warnings": warnings[:KEPT],
        "databases": list(documents),
    }


def both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def lines_of(document: dict[str, Any]) -> list[str]:
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
        lines.append(f"! {_named(code)} × {document['seen'].get(code, 1)}")
        for notice in list(notices)[:SHOWN]:
            lines += [f"    {notice['place']}", f"      {notice['zh']}", f"      {notice['en']}"]
    if document["state"] == "staged":
        lines.append(f"下一步 next: tanbiao library check {name}")
    return [line for line in lines if line.strip()]


def _named(code: str) -> str:
    said = NOTICES.get(code)
    return f"{said.zh} / {said.en} ({code})" if said else code


def sums_of(document: dict[str, Any]) -> list[str]:
    """The last lines of a folder of several sources."""
    databases = document["databases"]
    refused = sum(one["verdict"] == "reject" for one in databases)
    return [
        f"共 {len(databases)} 个数据源，拒绝 {refused} 个 / {len(databases)} sources, {refused} rejected",
        "  " + " · ".join(f"{word} {document[name]}" for name, word in COUNTS.items() if document[name]),
    ]


def passed_over(names: Sequence[str]) -> str:
    said = ", ".join(names[:NAMED]) + (f" … ({len(names)})" if len(names) > NAMED else "")
    return f"不是数据，未读 / no data, not read: {said}"
