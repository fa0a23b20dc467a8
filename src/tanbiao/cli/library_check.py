"""`tanbiao library check` and `publish`: what the gate says of a version, what is unlinked, and letting it out."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING, Any

from tanbiao.cli.answering import answer, print_json
from tanbiao.lca.datasets.codes import CHECKS
from tanbiao.words import TanbiaoError, Text

if TYPE_CHECKING:
    from tanbiao.lca.datasets.linking import Unlinked

SHOWN = 20
SEVERITIES = {"blocking": "✗", "doubtful": "!", "note": "·"}


def run_check(args: argparse.Namespace) -> int:
    return answer(args, lambda: _check(args))


def run_publish(args: argparse.Namespace) -> int:
    return answer(args, lambda: _publish(args))


def _check(args: argparse.Namespace) -> int:
    from tanbiao.cli.library_named import version_named
    from tanbiao.platform.library.queries import compiled_of

    version = version_named(args.database)
    unlinked = compiled_of(version).unlinked if version.compiled.exists() else ()
    document = _document(version, unlinked)
    if args.json:
        print_json(document)
    else:
        print("\n".join(_lines(document)))
    return 1 if document["undecided"] else 0


def _document(version: Any, unlinked: tuple[Unlinked, ...]) -> dict[str, Any]:
    flags = [
        {
            "check": flag.check_code,
            "severity": flag.severity,
            "state": flag.state,
            "place": flag.place,
            "zh": flag.zh,
            "en": flag.en,
            "reason": flag.reason,
        }
        for flag in version.flags.order_by("check_code", "place")
    ]
    flags.sort(key=lambda flag: list(SEVERITIES).index(flag["severity"]))
    return {
        "database": version.source.name,
        "version": version.number,
        "state": version.state,
        "counts": dict(Counter(flag["severity"] for flag in flags)),
        "undecided": sum(flag["severity"] == "blocking" and flag["state"] == "open" for flag in flags),
        "flags": flags,
        "unlinked": [
            {
                "process": {"id": u.process, "zh": u.process_name.zh, "en": u.process_name.en},
                "flow": {"id": u.flow, "zh": u.flow_name.zh, "en": u.flow_name.en},
                "amount": u.amount,
                "unit": u.unit,
                "reason": u.reason.value,
                "zh": u.text().zh,
                "en": u.text().en,
            }
            for u in unlinked
        ],
        "linking": version.report.get("facts", {}).get("linking", {}),
    }


def _lines(document: dict[str, Any]) -> list[str]:
    lines = [f"{document['database']}@{document['version']}  {document['state']}"]
    counts = document["counts"]
    words = {"blocking": "必须处理 blocking", "doubtful": "需要判断 doubtful", "note": "提示 notes"}
    lines.append("质量检查 flags: " + " · ".join(f"{word} {counts.get(name, 0)}" for name, word in words.items()))
    for flag in document["flags"][:SHOWN]:
        decided = "" if flag["state"] == "open" else f"  [{flag['state']}: {flag['reason']}]"
        said = CHECKS.get(flag["check"], Text(flag["check"], flag["check"]))
        lines.append(f"{SEVERITIES[flag['severity']]} {said.zh} / {said.en}  {flag['place']}{decided}")
        lines += [f"    {flag['zh']}", f"    {flag['en']}"]
    lines += _more(len(document["flags"]))
    unlinked = document["unlinked"]
    lines.append(f"未连接的投入 unlinked inputs: {len(unlinked)}")
    for one in unlinked[:SHOWN]:
        lines += [f"- {one['process']['zh']}", f"    {one['zh']}", f"    {one['en']}"]
    return lines + _more(len(unlinked))


def _more(count: int) -> list[str]:
    return [f"  … 另有 {count - SHOWN} 条，见 --json / {count - SHOWN} more, see --json"] if count > SHOWN else []


def _publish(args: argparse.Namespace) -> int:
    from tanbiao.cli.library_named import version_named
    from tanbiao.platform.library.models import VersionState

    version = version_named(args.database)
    name = f"{version.source.name}@{version.number}"
    if version.state == VersionState.PUBLISHED:
        print(f"已经发布 / is published: {name}")
        return 0
    if why := publish_or_say_why(version, args.reason):
        raise TanbiaoError(why)
    print(f"已发布 / published: {name}")
    return 0


def publish_or_say_why(version: Any, reason: str) -> Text | None:
    """Publish a staged version. With a reason, blocking flags that nobody has decided are accepted for that reason."""
    from tanbiao.platform.library.actions import decide_flags, publish_version
    from tanbiao.platform.library.models import FlagState, Severity, VersionState
    from tanbiao.platform.library.policies import ADMINISTRATOR

    if version.state != VersionState.STAGED:
        return None
    undecided = version.flags.filter(severity=Severity.BLOCKING, state=FlagState.OPEN)
    if count := undecided.count():
        if not reason.strip():
            name = f"{version.source.name}@{version.number}"
            return Text(
                f"有 {count} 个必须处理的质量问题未决定：请看 tanbiao library check {name}，在网页上逐个决定，或用 "
                f"tanbiao library publish {name} --reason 说明理由全部接受。",
                f"{count} blocking flags are undecided: see tanbiao library check {name}; decide each on the web site, "
                f"or accept all with tanbiao library publish {name} --reason WHY.",
            )
        decide_flags(
            ADMINISTRATOR,
            version,
            state=FlagState.ACCEPTED,
            reason=reason,
            flags=list(undecided.values_list("pk", flat=True)),
        )
    publish_version(ADMINISTRATOR, version)
    version.refresh_from_db()
    return None
