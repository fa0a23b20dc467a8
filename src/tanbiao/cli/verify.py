"""`tanbiao verify`: check a certificate offline. Needs no server, no database and no network."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from tanbiao.trust.canonical import MAX_BYTES
from tanbiao.trust.certificate import find
from tanbiao.trust.trustlist import TrustList, load_trust
from tanbiao.trust.verify import Verdict, shown, verify_certificate
from tanbiao.words import TanbiaoError, Text

VALID, NOT_VALID, UNREADABLE = 0, 1, 2

_BEIJING = timezone(timedelta(hours=8))
_MARKS = {True: "✓", False: "✗", None: "–"}
# what is printed of the claims: label, claim, and where the claim is an object, its fields worth a line
_STATEMENTS = (
    ("证书编号 Certificate", "number", ()),
    ("产品 Product", "product", ("name", "name_en", "model")),
    ("持证人 Holder", "holder", ("name", "name_en", "uscc")),
    ("碳足迹 Footprint", "footprint", ("value", "unit")),
    ("声明单位 Declared unit", "declared_unit", ("amount", "unit")),
    ("系统边界 Boundary", "boundary", ()),
    ("认证规则 Rule", "rule", ("id", "version", "title")),
    ("认证机构 Certification body", "issuer", ("name", "name_en", "id")),
)


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "verify",
        help="离线验证证书 / check a certificate offline",
        description="离线验证证书：0 有效，1 无效，2 不可读。/ Check a certificate offline: exit 0 valid, 1 not valid, "
        "2 unreadable.",
    )
    parser.add_argument("certificate", type=Path, help="证书文件 / the certificate file (JSON)")
    parser.add_argument("--trust", type=Path, metavar="FILE", help="信任清单 / the trust list to rely on")
    parser.add_argument(
        "--at",
        type=_moment,
        metavar="DATE",
        help="所问日期（默认现在）：2026-11-30 或带时区的时刻 / the day or instant asked about (default: now)",
    )
    parser.add_argument("--json", action="store_true", help="机器可读 / machine-readable")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Returns 0 where the certificate is valid, 1 where it is not, 2 where it or the trust list cannot be read."""
    try:
        data = _read(args.certificate)
        path = trust_path(args.trust)
        trust = _load_trust(path)
    except TanbiaoError as error:
        return _refuse(error.text, as_json=args.json)
    verdict = verify_certificate(data, trust, at=args.at or datetime.now(UTC))
    if args.json:
        print(json.dumps(verdict_document(verdict, path), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_report(verdict, path)))
    if not verdict.readable:
        return UNREADABLE
    return VALID if verdict.valid else NOT_VALID


def trust_path(given: Path | None) -> Path | None:
    """The trust list to use: given, $TANBIAO_TRUST, or else this installation's own ($TANBIAO_VAR, the checkout's var).

    Never one of the working folder: who made the certificate may have made that list too, and sent both.
    """
    if named := given or os.environ.get("TANBIAO_TRUST"):
        return Path(named).absolute()
    data = os.environ.get("TANBIAO_VAR")
    checkout = [folder / "var" for folder in Path(__file__).parents if (folder / "pyproject.toml").exists()]
    own = [folder.absolute() / "trust.json" for folder in ([Path(data)] if data else checkout)]
    return next((path for path in own if path.is_file()), None)


def verdict_document(verdict: Verdict, trust: Path | None) -> dict[str, Any]:
    """The verdict for machines. `number`, `state` and `as_of` are what the file states; rely on them where valid."""
    return {
        "valid": verdict.valid,
        "readable": verdict.readable,
        "number": find(verdict.claims, "number"),
        "state": find(verdict.status, "state"),
        "as_of": find(verdict.status, "as_of"),
        "demonstration": find(verdict.claims, "demonstration"),
        "trust": str(trust) if trust else None,
        "checks": [
            {"name": check.name, "ok": check.ok, "zh": check.text.zh, "en": check.text.en} for check in verdict.checks
        ],
    }


def _report(verdict: Verdict, trust: Path | None) -> Iterator[str]:
    if verdict.readable:
        for label, claim, fields in _STATEMENTS:
            yield f"{label}: {_summary(find(verdict.claims, claim), fields)}"
    yield f"信任清单 Trust list: {trust or '无 none'}"
    for check in verdict.checks:
        yield f"{_MARKS[check.ok]} {check.title.zh} {check.title.en}: {check.text}"
    if verdict.valid and find(verdict.claims, "demonstration"):
        yield "演示证书：规则备案号为虚构，不具认证效力 / A demonstration: the filing is made up, it certifies nothing"
    if verdict.valid:
        yield "结论：有效 / Verdict: VALID"
    elif verdict.readable:
        yield "结论：无效，以上内容不可采信 / Verdict: NOT VALID, do not rely on what is stated above"
    else:
        yield "结论：文件不可读 / Verdict: UNREADABLE"


def _summary(statement: object, fields: tuple[str, ...]) -> str:
    """One line for a claim: a text itself, of an object its fields (where it has none of them, all of it)."""
    if isinstance(statement, dict) and (texts := [shown(statement[key]) for key in fields if statement.get(key)]):
        return " · ".join(texts)
    return "–" if statement is None else shown(statement)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)  # one more than is allowed: the reader then says it is too large
    except OSError as error:
        raise TanbiaoError(
            Text(f"{path}：读不出文件（{error.strerror}）。", f"{path}: cannot be read ({error.strerror}).")
        ) from error


def _load_trust(path: Path | None) -> TrustList | None:
    if path is None:
        return None
    try:
        return load_trust(_read(path))
    except TanbiaoError as error:
        raise TanbiaoError(error.text.at("信任清单 trust list")) from error


def _refuse(text: Text, *, as_json: bool) -> int:
    if as_json:
        check = {"name": "form", "ok": False, "zh": text.zh, "en": text.en}
        print(json.dumps({"valid": False, "readable": False, "number": None, "checks": [check]}, ensure_ascii=False))
    else:
        print(text, file=sys.stderr)
    return UNREADABLE


def _moment(text: str) -> datetime:
    """A day means its end in China, so that a snapshot made on that day counts; an instant needs its time zone."""
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time(23, 59, 59), _BEIJING)
        moment = datetime.fromisoformat(text)
        moment.astimezone(_BEIJING)
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"不是日期 / not a date: {text}") from error
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"缺少时区 / without time zone: {text}")
    return moment
