"""The certificate document: signed claims, a signed status snapshot, and the claims' place in the public log.

    {"type": "tanbiao.certificate/1",
     "certificate": {"number", "issuer": {"id", "name"}, "holder", "product", "footprint": {"value", "unit"},
                     "declared_unit", "boundary", "rule": {"id", "version", "sha256"}, "study_sha256",
                     "valid_from", "valid_until", and whatever else the body states},
     "signature": {"algorithm": "Ed25519", "key": 64 hex, "value": 128 hex},
     "status": {"number", "state", "as_of", "certificate_sha256", "signature": {...}},
     "log": {"index", "proof": [64 hex, ...], "checkpoint": signed note}}

The file is the RFC 8785 bytes of this object and nothing else. Order of making: `build_certificate`, `log_entry`
into the log, `sign_status`, `assemble`. A later status means a new snapshot and `assemble` again; claims,
signature and log entry stay.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from tanbiao.trust.canonical import canonical
from tanbiao.trust.keys import Signer, is_public_key
from tanbiao.words import Problem, Problems, Text

TYPE = "tanbiao.certificate/1"
STATUS_TYPE = "tanbiao.status/1"
STATES = ("active", "suspended", "withdrawn", "cancelled", "expired")

_HASH = re.compile("[0-9a-f]{64}")
_SIGNATURE = re.compile("[0-9a-f]{128}")
_DATE = re.compile("2[0-9]{3}-[0-9]{2}-[0-9]{2}")
_AMOUNT = re.compile("-?(0|[1-9][0-9]{0,30})([.][0-9]{1,30})?")
_INSTANT = re.compile("2[0-9]{3}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")


def build_certificate(claims: Mapping[str, Any], signer: Signer) -> dict[str, Any]:
    """The signed claims: {"certificate": claims, "signature": {...}}. Raises Problems, with the place of each."""
    if problems := tuple(_claim_problems(claims, "certificate")):
        raise Problems(problems)
    return {"certificate": dict(claims), "signature": _signature(signer, claims_message(claims))}


def certificate_sha256(signed: Mapping[str, Any]) -> str:
    """SHA-256, as hex, of the canonical claims and signature: how log and status name the certificate."""
    return hashlib.sha256(canonical({key: signed[key] for key in ("certificate", "signature")})).hexdigest()


def log_entry(signed: Mapping[str, Any]) -> bytes:
    """The entry of the public log that records the issue of this certificate (leaf data, RFC 6962)."""
    return canonical(
        {
            "type": "certificate.issued",
            "number": signed["certificate"]["number"],
            "sha256": certificate_sha256(signed),
        }
    )


def sign_status(signed: Mapping[str, Any], state: str, as_of: datetime, signer: Signer) -> dict[str, Any]:
    """A signed statement of the certificate's state (one of STATES) at an instant with time zone.

    Raises Problems for another state or an instant without time zone.
    """
    if as_of.tzinfo is None:
        raise Problems([Problem("as_of", Text("时间须带时区。", "the instant needs a time zone."))])
    status = {
        "number": signed["certificate"]["number"],
        "state": state,
        "as_of": as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "certificate_sha256": certificate_sha256(signed),
    }
    status["signature"] = _signature(signer, status_message(status))
    if problems := tuple(_status_problems(status, "status")):
        raise Problems(problems)
    return status


def assemble(
    signed: Mapping[str, Any], status: Mapping[str, Any], index: int, proof: Sequence[bytes], checkpoint: str
) -> bytes:
    """The bytes of the certificate file.

    `proof`: hashes, the leaf's sibling first (merkle.inclusion_proof); `checkpoint`: the log's signed note.
    Raises Problems where the parts do not make a certificate document.
    """
    log = {"index": index, "proof": [step.hex() for step in proof], "checkpoint": checkpoint}
    if problems := document_problems({"type": TYPE, **signed, "status": dict(status), "log": log}):
        raise Problems(problems)
    return certificate_file(signed, status, log)


def certificate_file(signed: Mapping[str, Any], status: Mapping[str, Any], log: Mapping[str, Any]) -> bytes:
    """The same from parts that were kept: what comes of parts that do not fit together does not verify."""
    return canonical({"type": TYPE, **signed, "status": dict(status), "log": dict(log)})


def claims_message(claims: object) -> bytes:
    """The bytes that the certification body signs."""
    return TYPE.encode() + b"\n" + canonical(claims)


def status_message(status: Mapping[str, Any]) -> bytes:
    """The bytes that are signed for a status snapshot: all of it but its signature."""
    return STATUS_TYPE.encode() + b"\n" + canonical({k: v for k, v in status.items() if k != "signature"})


def read_date(value: object) -> date | None:
    """A date written YYYY-MM-DD (of the years 2000 to 2999), else None."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and _DATE.fullmatch(value) else None
    except ValueError:
        return None


def read_instant(value: object) -> datetime | None:
    """An instant written YYYY-MM-DDThh:mm:ssZ (of the years 2000 to 2999), else None."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) and _INSTANT.fullmatch(value) else None
    except ValueError:
        return None


def is_hash(value: object) -> bool:
    """64 lowercase hex digits."""
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def is_signature(value: object) -> bool:
    """The closed form {"algorithm": "Ed25519", "key", "value"}; says nothing of whether it holds."""
    return not any(_signature_problems(value, ""))


def document_problems(document: object) -> tuple[Problem, ...]:
    """All that is wrong with the shape of a certificate document; empty where it has the shape."""
    return tuple(_document_problems(document))


def _signature(signer: Signer, message: bytes) -> dict[str, str]:
    return {"algorithm": "Ed25519", "key": signer.public_key, "value": signer.sign(message).hex()}


def _document_problems(document: object) -> Iterator[Problem]:
    if not isinstance(document, dict):
        yield Problem("", Text("最外层不是 JSON 对象。", "the outermost value is not a JSON object."))
        return
    yield from _closed(document, "", ("type", "certificate", "signature", "status", "log"))
    if document.get("type") != TYPE:
        yield Problem("type", Text(f"应为 {TYPE}。", f"should be {TYPE}."))
    yield from _claim_problems(document.get("certificate"), "certificate")
    yield from _signature_problems(document.get("signature"), "signature")
    yield from _status_problems(document.get("status"), "status")
    yield from _log_problems(document.get("log"), "log")


def _claim_problems(claims: object, place: str) -> Iterator[Problem]:
    if not isinstance(claims, Mapping):
        yield _missing(place)
        return
    for path, is_right in _REQUIRED.items():
        value = find(claims, *path.split("."))
        if value is None:
            yield _missing(f"{place}.{path}")
        elif not is_right(value):
            yield _wrong(f"{place}.{path}")
    begins, ends = read_date(claims.get("valid_from")), read_date(claims.get("valid_until"))
    if begins and ends and begins > ends:
        yield Problem(f"{place}.valid_until", Text("早于 valid_from。", "before valid_from."))
    for path in _floats(claims, place):
        yield Problem(path, Text("小数请写成十进制字符串。", "write fractional numbers as decimal strings."))


def _signature_problems(value: object, place: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield _missing(place)
        return
    yield from _closed(value, place, ("algorithm", "key", "value"))
    if value.get("algorithm") != "Ed25519":
        yield Problem(f"{place}.algorithm", Text("应为 Ed25519。", "should be Ed25519."))
    if not is_public_key(value.get("key")):
        yield _wrong(f"{place}.key")
    if not (isinstance(value.get("value"), str) and _SIGNATURE.fullmatch(value["value"])):
        yield _wrong(f"{place}.value")


def _status_problems(status: object, place: str) -> Iterator[Problem]:
    if not isinstance(status, Mapping):
        yield _missing(place)
        return
    yield from _closed(status, place, ("number", "state", "as_of", "certificate_sha256", "signature"))
    if not _is_text(status.get("number")):
        yield _wrong(f"{place}.number")
    if status.get("state") not in STATES:
        yield Problem(
            f"{place}.state", Text(f"应为 {'、'.join(STATES)} 之一。", f"should be one of {', '.join(STATES)}.")
        )
    if not read_instant(status.get("as_of")):
        yield _wrong(f"{place}.as_of")
    if not is_hash(status.get("certificate_sha256")):
        yield _wrong(f"{place}.certificate_sha256")
    yield from _signature_problems(status.get("signature"), f"{place}.signature")


def _log_problems(log: object, place: str) -> Iterator[Problem]:
    if not isinstance(log, Mapping):
        yield _missing(place)
        return
    yield from _closed(log, place, ("index", "proof", "checkpoint"))
    index, proof = log.get("index"), log.get("proof")
    if type(index) is not int or index < 0:
        yield _wrong(f"{place}.index")
    if not (isinstance(proof, list) and len(proof) <= 64 and all(map(is_hash, proof))):
        yield _wrong(f"{place}.proof")
    if not isinstance(log.get("checkpoint"), str):
        yield _wrong(f"{place}.checkpoint")


def find(value: object, *path: str) -> Any:
    """What stands at a path of keys, or None where the path ends early."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 1000 and not value.isspace()


def _is_stated(value: object) -> bool:
    """A text, or an object that says more."""
    return _is_text(value) or (isinstance(value, Mapping) and bool(value))


def _is_amount(value: object) -> bool:
    return isinstance(value, str) and _AMOUNT.fullmatch(value) is not None


_REQUIRED: Mapping[str, Callable[[object], object]] = {
    "number": _is_text,
    "issuer.id": _is_text,
    "issuer.name": _is_text,
    "holder": _is_stated,
    "product": _is_stated,
    "footprint.value": _is_amount,
    "footprint.unit": _is_text,
    "declared_unit": _is_stated,
    "boundary": _is_stated,
    "rule.id": _is_text,
    "rule.version": _is_text,
    "rule.sha256": is_hash,
    "study_sha256": is_hash,
    "valid_from": read_date,
    "valid_until": read_date,
}


def _floats(value: object, place: str) -> Iterator[str]:
    if isinstance(value, float):
        yield place
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _floats(item, f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for position, item in enumerate(value):
            yield from _floats(item, f"{place}[{position}]")


def _closed(value: Mapping[str, Any], place: str, keys: Sequence[str]) -> Iterator[Problem]:
    for key in sorted(value.keys() - set(keys)):
        yield Problem(place, Text(f"多出未知的键 {ascii(key)[:80]}。", f"has the unknown key {ascii(key)[:80]}."))


def _missing(place: str) -> Problem:
    return Problem(place, Text("缺少此项。", "missing."))


def _wrong(place: str) -> Problem:
    return Problem(place, Text("缺少此项或格式有误。", "missing or malformed."))
