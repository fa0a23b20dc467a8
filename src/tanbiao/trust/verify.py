"""A certificate checked offline, one check a line, each with its own reason.

The checks answer different questions and are run one by one as far as the file allows, so that tampered, unknown
issuer, suspended, expired and not logged are told apart. Valid means that every one of them holds.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from tanbiao.trust import merkle
from tanbiao.trust.canonical import Unreadable, canonical, parse_json
from tanbiao.trust.certificate import (
    certificate_sha256,
    claims_message,
    document_problems,
    find,
    is_hash,
    is_signature,
    log_entry,
    read_date,
    read_instant,
    status_message,
)
from tanbiao.trust.keys import key_id, signature_holds
from tanbiao.trust.note import Checkpoint, NoteError, open_checkpoint, read_note
from tanbiao.trust.trustlist import Issuer, TrustList
from tanbiao.words import Text

TITLES: Mapping[str, Text] = {
    "form": Text("格式", "Form"),
    "issuer": Text("发证机构", "Issuer"),
    "signature": Text("签名", "Signature"),
    "status_signature": Text("状态签名", "Status signature"),
    "status": Text("状态", "Status"),
    "checkpoint": Text("日志检查点", "Log checkpoint"),
    "inclusion": Text("日志收录", "Log inclusion"),
    "validity": Text("有效期", "Validity"),
}

_BEIJING = timezone(timedelta(hours=8))  # dates on a certificate are days in China, which keeps one time all year
_CLOCKS_DIFFER_BY = timedelta(minutes=5)
_NO_TRUST = Text(
    "没有信任清单，无从得知谁的密钥可信。请用 --trust 给出清单文件。",
    "no trust list, so nobody's key is known. Give --trust with the file of the list.",
)
_STATE_TEXTS = {
    "active": Text("有效", "active"),
    "suspended": Text("证书已暂停", "the certificate is suspended"),
    "withdrawn": Text("证书已撤销", "the certificate is withdrawn"),
    "cancelled": Text("证书已注销", "the certificate is cancelled"),
    "expired": Text("证书已过期失效", "the certificate has expired"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One question put to the file: `ok` True holds, False does not, None could not be asked. `text` is the reason."""

    name: str
    ok: bool | None
    text: Text

    @property
    def title(self) -> Text:
        return TITLES[self.name]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks found. `claims` and `status` are what the file states: rely on them only where `valid`."""

    valid: bool
    readable: bool
    checks: tuple[Check, ...]
    claims: Mapping[str, Any] | None
    status: Mapping[str, Any] | None


def verify_certificate(data: bytes, trust: TrustList | None, *, at: datetime) -> Verdict:
    """Check the bytes of a certificate file against a trust list at an instant (with time zone).

    Never raises for whatever stands in `data`. `readable` is False where it is not strict JSON (canonical.parse_json).
    Raises ValueError for an `at` without time zone.
    """
    if at.tzinfo is None:
        raise ValueError("`at` needs a time zone")
    try:
        document = parse_json(data)
    except Unreadable as error:
        not_asked = Text("文件不可读，未检查。", "not checked, the file is unreadable.")
        rest = tuple(Check(name, None, not_asked) for name in TITLES if name != "form")
        return Verdict(False, False, (Check("form", False, error.text), *rest), None, None)
    claims, status = _object(document, "certificate"), _object(document, "status")
    checks = (
        _check_form(document, data),
        _check_issuer(document, trust),
        _check_signature(document),
        _check_status_signature(document, trust),
        _check_status(document, at),
        _check_checkpoint(document, trust),
        _check_inclusion(document),
        _check_validity(document, at),
    )
    return Verdict(all(check.ok for check in checks), True, checks, claims, status)


def shown(value: object) -> str:
    """A text of the file made safe to show: on one line, no control or direction characters, 200 at most."""
    text = value if isinstance(value, str) else canonical(value).decode()
    return "".join(c if c == " " or unicodedata.category(c)[0] not in "CZ" else "\ufffd" for c in text[:200])


def _check_form(document: object, data: bytes) -> Check:
    if problems := document_problems(document):
        said = [problem.text.at(problem.place or "JSON") for problem in problems[:5]]
        return _fails("form", " ".join(shown(text.zh) for text in said), " ".join(shown(text.en) for text in said))
    expected = canonical(document)
    if expected != data:
        place = next((n for n, (a, b) in enumerate(zip(expected, data, strict=False), 1) if a != b), len(expected) + 1)
        return _fails(
            "form",
            f"自第 {place} 字节起不是规范形式（RFC 8785）：文件被重新排版或改动过。",
            f"not the canonical form (RFC 8785) from byte {place} on: the file was reformatted or changed.",
        )
    return _holds("form", "结构完整，字节规范。", "complete shape, canonical bytes.")


def _check_issuer(document: object, trust: TrustList | None) -> Check:
    issued_on = read_date(find(document, "certificate", "valid_from"))
    return _check_key("issuer", document, find(document, "signature", "key"), issued_on, trust)


def _check_key(name: str, document: object, key: object, day: date | None, trust: TrustList | None) -> Check:
    """Whether the trust list knows this key as the stated issuer's on that day, under the stated name."""
    issuer, stated_name = find(document, "certificate", "issuer", "id"), find(document, "certificate", "issuer", "name")
    if trust is None:
        return Check(name, False, _NO_TRUST)
    entries: list[Issuer] = [entry for entry in trust.issuers if entry.id == issuer]
    if not entries:
        return _fails(name, f"信任清单中没有机构 {shown(issuer)}。", f"the trust list has no issuer {shown(issuer)}.")
    entries = [entry for entry in entries if entry.key == key]
    if not entries:
        return _fails(
            name,
            f"密钥不是信任清单中 {shown(issuer)} 的密钥。",
            f"the key is none that the trust list gives for {shown(issuer)}.",
        )
    if day is None or not (entries := [entry for entry in entries if entry.was_in_force_on(day)]):
        return _fails(
            name,
            f"该机构的这一密钥在 {day or '（日期缺失）'} 不在使用期内。",
            f"this key of the issuer was not in use on {day or '(no date)'}.",
        )
    if all(stated_name != entry.name for entry in entries):
        return _fails(
            name,
            f"机构名称“{shown(stated_name)}”与信任清单中的“{shown(entries[0].name)}”不同。",
            f'the issuer\'s name "{shown(stated_name)}" differs from "{shown(entries[0].name)}" in the trust list.',
        )
    return _holds(
        name,
        f"{shown(stated_name)}（{shown(issuer)}），密钥 {key_id(entries[0].key)} 当日在用。",
        f"{shown(stated_name)} ({shown(issuer)}), key {key_id(entries[0].key)} in use on the day.",
    )


def _check_signature(document: object) -> Check:
    signature, claims = find(document, "signature"), find(document, "certificate")
    if not is_signature(signature):
        return _fails("signature", "签名缺失或格式有误。", "the signature is missing or malformed.")
    if not signature_holds(signature["key"], claims_message(claims), bytes.fromhex(signature["value"])):
        return _fails(
            "signature",
            "签名与证书内容不符：内容或签名被改动。",
            "the signature does not match what the certificate says: one of them was changed.",
        )
    return _holds("signature", "证书内容与签名相符。", "the signature matches what the certificate says.")


def _check_status_signature(document: object, trust: TrustList | None) -> Check:
    status, signature = find(document, "status"), find(document, "status", "signature")
    if not is_signature(signature):
        return _fails("status_signature", "状态签名缺失或格式有误。", "the status signature is missing or malformed.")
    if not signature_holds(signature["key"], status_message(status), bytes.fromhex(signature["value"])):
        return _fails(
            "status_signature",
            "状态签名与状态内容不符：内容或签名被改动。",
            "the status signature does not match the status: one of them was changed.",
        )
    as_of = read_instant(status.get("as_of"))
    day = as_of.astimezone(_BEIJING).date() if as_of else None
    return _check_key("status_signature", document, signature["key"], day, trust)


def _check_status(document: object, at: datetime) -> Check:
    status = find(document, "status")
    as_of, state = read_instant(find(status, "as_of")), find(status, "state")
    if as_of is None or not isinstance(state, str) or state not in _STATE_TEXTS:
        return _fails("status", "状态快照缺失或格式有误。", "the status snapshot is missing or malformed.")
    signed = _signed(document)
    if signed is None or find(status, "certificate_sha256") != certificate_sha256(signed):
        return _fails("status", "状态快照属于另一张证书。", "the status snapshot belongs to another certificate.")
    if find(status, "number") != find(document, "certificate", "number"):
        return _fails("status", "状态快照的证书编号不同。", "the status snapshot has another certificate number.")
    moment = as_of.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S +08:00")
    if as_of - _CLOCKS_DIFFER_BY > at:
        return _fails(
            "status",
            f"状态快照的时间 {moment} 晚于所问时刻，不能说明当时的状态。",
            f"the status snapshot is of {moment}, after the moment asked about, and cannot speak for it.",
        )
    text = _STATE_TEXTS[state]
    if state != "active":
        return _fails("status", f"{text.zh}（截至 {moment}）。", f"{text.en} (as of {moment}).")
    return _holds("status", f"{text.zh}（截至 {moment}）。", f"{text.en} (as of {moment}).")


def _check_checkpoint(document: object, trust: TrustList | None) -> Check:
    note = find(document, "log", "checkpoint")
    if trust is None:
        return Check("checkpoint", False, _NO_TRUST)
    if not isinstance(note, str):
        return _fails("checkpoint", "检查点缺失。", "the checkpoint is missing.")
    try:
        checkpoint = open_checkpoint(note, trust.log)
        _, signatures = read_note(note)
    except NoteError as error:
        return Check("checkpoint", False, error.text)
    if len(signatures) > 1:
        # a line nobody can verify would be a place in the file that may be changed unseen
        return _fails("checkpoint", "检查点含日志以外的签名。", "the checkpoint carries more than the log's signature.")
    return _holds(
        "checkpoint",
        f"日志 {checkpoint.origin} 签署，共 {checkpoint.size} 条。",
        f"signed by the log {checkpoint.origin}, {checkpoint.size} entries.",
    )


def _check_inclusion(document: object) -> Check:
    log = find(document, "log")
    index, proof, note = find(log, "index"), find(log, "proof"), find(log, "checkpoint")
    if type(index) is not int or not isinstance(proof, list) or not all(map(is_hash, proof)):
        return _fails("inclusion", "收录证明缺失或格式有误。", "the inclusion proof is missing or malformed.")
    signed = _signed(document)
    if signed is None or not isinstance(note, str):
        return _fails("inclusion", "检查点、证书内容或签名缺失。", "checkpoint, claims or signature are missing.")
    try:
        checkpoint = Checkpoint.parse(read_note(note)[0])
    except NoteError as error:
        return Check("inclusion", False, error.text)
    leaf = merkle.leaf_hash(log_entry(signed))
    if not merkle.verify_inclusion(
        leaf, index, checkpoint.size, [bytes.fromhex(step) for step in proof], checkpoint.root
    ):
        return _fails(
            "inclusion",
            "收录证明与检查点不符：这张证书不在该日志的这一位置。",
            "the proof does not lead to the checkpoint: this certificate is not at this place of the log.",
        )
    return _holds("inclusion", f"日志第 {index} 条（从 0 计）。", f"entry {index} of the log (counted from 0).")


def _check_validity(document: object, at: datetime) -> Check:
    begins, ends = (read_date(find(document, "certificate", key)) for key in ("valid_from", "valid_until"))
    if begins is None or ends is None or begins > ends:
        return _fails("validity", "有效期缺失或格式有误。", "the dates of validity are missing or malformed.")
    day = at.astimezone(_BEIJING).date()
    if day < begins:
        return _fails("validity", f"{begins} 才生效，所问日期为 {day}。", f"begins on {begins}, asked for {day}.")
    if day > ends:
        return _fails("validity", f"已于 {ends} 到期，所问日期为 {day}。", f"ended on {ends}, asked for {day}.")
    return _holds("validity", f"{begins} 至 {ends}，{day} 在期内。", f"{begins} to {ends}, {day} lies within.")


def _signed(document: object) -> dict[str, Any] | None:
    """Claims and signature, where they have the shape that log entry and status speak of."""
    claims, signature = find(document, "certificate"), find(document, "signature")
    if find(claims, "number") is None or not is_signature(signature):
        return None
    return {"certificate": claims, "signature": signature}


def _object(document: object, key: str) -> Mapping[str, Any] | None:
    value = find(document, key)
    return value if isinstance(value, dict) else None


def _holds(name: str, zh: str, en: str) -> Check:
    return Check(name, True, Text(zh, en))


def _fails(name: str, zh: str, en: str) -> Check:
    return Check(name, False, Text(zh, en))
