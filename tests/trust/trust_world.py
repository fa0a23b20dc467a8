"""A small world: one certification body, one log that holds its certificate among others, one trust list."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tanbiao.trust import merkle
from tanbiao.trust.canonical import canonical
from tanbiao.trust.certificate import assemble, build_certificate, log_entry, sign_status
from tanbiao.trust.keys import KeySigner
from tanbiao.trust.note import Checkpoint, sign_checkpoint, verifier_key
from tanbiao.trust.trustlist import TrustList, load_trust

ORIGIN = "log.example.org/tanbiao"
ISSUED_AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CLAIMS: Mapping[str, Any] = {
    "number": "TB-2026-000001",
    "issuer": {"id": "urn:example:body-a", "name": "甲认证有限公司"},
    "holder": {"name": "示例钢铁有限公司", "uscc": "91110000MA0000000X"},
    "product": {"name": "热轧带肋钢筋", "model": "HRB400E"},
    "footprint": {"value": "0.5820", "unit": "kg CO2e"},
    "declared_unit": {"amount": "1", "unit": "kg"},
    "boundary": "cradle-to-gate",
    "rule": {"id": "steel-eaf", "version": "1", "sha256": "ab" * 32},
    "study_sha256": "cd" * 32,
    "valid_from": "2026-11-24",
    "valid_until": "2028-11-23",
}


def signer(seed: int) -> KeySigner:
    return KeySigner(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


@dataclass(frozen=True)
class World:
    body: KeySigner
    log: KeySigner

    def trust_document(self, **changes: Any) -> dict[str, Any]:
        issuer = {
            "id": CLAIMS["issuer"]["id"],
            "name": CLAIMS["issuer"]["name"],
            "key": self.body.public_key,
            "from": "2026-01-01",
            "to": None,
        }
        return {
            "log": {"origin": ORIGIN, "verifier_key": verifier_key(ORIGIN, self.log.public_key)},
            "issuers": [issuer | changes],
        }

    def trust(self, **changes: Any) -> TrustList:
        return load_trust(json.dumps(self.trust_document(**changes)).encode())

    def issue(self, *, state: str = "active", as_of: datetime = ISSUED_AT, **claims: Any) -> bytes:
        """The file of a certificate that is the third of five entries of the log."""
        return self.publish(build_certificate({**CLAIMS, **claims}, self.body), state=state, as_of=as_of)

    def publish(self, signed: dict[str, Any], *, state: str = "active", as_of: datetime = ISSUED_AT) -> bytes:
        entries = [b"one", b"two", log_entry(signed), b"four", b"five"]
        leaves = [merkle.leaf_hash(entry) for entry in entries]
        note = sign_checkpoint(Checkpoint(ORIGIN, len(leaves), merkle.root_hash(leaves)), self.log)
        proof = merkle.inclusion_proof(leaves, 2)
        return assemble(signed, sign_status(signed, state, as_of, self.body), 2, proof, note)


def changed(data: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The file with its document changed, and canonical again, as a skilled forger would leave it."""
    document = json.loads(data)
    change(document)
    return canonical(document)
