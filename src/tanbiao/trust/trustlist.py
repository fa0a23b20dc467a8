"""Whose word counts: the trust list, a small JSON file that comes to the verifier by another way than the certificate.

    {"log": {"origin": "example.org/log", "verifier_key": "example.org/log+..."},
     "issuers": [{"id", "name", "key": 64 hex, "from": "2026-01-01", "to": date, null or ""}, ...]}

A retired key stays in the list with its last day, so that what it signed in its time still verifies; a stolen key
is taken out. An issuer with two keys, or a new name, has two entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tanbiao.trust.canonical import parse_json
from tanbiao.trust.certificate import read_date
from tanbiao.trust.keys import is_public_key
from tanbiao.trust.note import NoteError, VerifierKey
from tanbiao.words import TanbiaoError, Text


class TrustListError(TanbiaoError):
    """A trust list that cannot be relied on; the text names the entry."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """A key under which a certification body signs, with its first day and its last (None: still in use)."""

    id: str
    name: str
    key: str
    begins: date
    ends: date | None

    def was_in_force_on(self, day: date) -> bool:
        return self.begins <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class TrustList:
    log: VerifierKey
    issuers: tuple[Issuer, ...]


def load_trust(data: bytes) -> TrustList:
    """Read a trust list. Raises Unreadable (not strict JSON) or TrustListError (naming the entry)."""
    document = parse_json(data)
    if not isinstance(document, dict) or set(document) != {"log", "issuers"}:
        raise _error("", "应为含 log 与 issuers 两项的对象", "should be an object of log and issuers")
    if not isinstance(document["issuers"], list):
        raise _error("issuers", "应为数组", "should be an array")
    return TrustList(
        _read_log(document["log"]),
        tuple(_read_issuer(entry, f"issuers[{n}]") for n, entry in enumerate(document["issuers"])),
    )


def _read_log(entry: Any) -> VerifierKey:
    if not isinstance(entry, dict) or set(entry) != {"origin", "verifier_key"}:
        raise _error("log", "应为含 origin 与 verifier_key 的对象", "should be an object of origin and verifier_key")
    if not isinstance(entry["verifier_key"], str):
        raise _error("log.verifier_key", "应为字符串", "should be a string")
    try:
        key = VerifierKey.parse(entry["verifier_key"])
    except NoteError as error:
        raise TrustListError(error.text.at("log.verifier_key")) from error
    if key.name != entry["origin"]:
        raise _error("log.origin", "与 verifier_key 中的名称不同", "differs from the name in verifier_key")
    return key


def _read_issuer(entry: Any, place: str) -> Issuer:
    if not isinstance(entry, dict) or set(entry) != {"id", "name", "key", "from", "to"}:
        raise _error(place, "应恰有 id、name、key、from、to 五项", "should have exactly id, name, key, from, to")
    for field in ("id", "name"):
        if not isinstance(entry[field], str) or not entry[field]:
            raise _error(f"{place}.{field}", "应为非空字符串", "should be a string that is not empty")
    if not is_public_key(entry["key"]):
        raise _error(f"{place}.key", "应为 64 位小写十六进制公钥", "should be a public key of 64 lowercase hex digits")
    begins, ends = read_date(entry["from"]), read_date(entry["to"])
    if begins is None or (ends is None and entry["to"] not in (None, "")):
        raise _error(
            place, "from、to 应为日期 YYYY-MM-DD（to 可为空）", "from and to are dates YYYY-MM-DD (to may be empty)"
        )
    return Issuer(entry["id"], entry["name"], entry["key"], begins, ends)


def _error(place: str, zh: str, en: str) -> TrustListError:
    return TrustListError(Text(zh + "。", en + ".").at(place or "trust"))
