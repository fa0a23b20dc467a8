"""Proofs that hold without us: what a certificate says, who signed it, and that the public log holds it.

canonical    one JSON value, one sequence of bytes (RFC 8785), and a strict reader of JSON that others made
keys         Ed25519 keys behind a small `Signer`; the private key is a file only its owner reads
merkle       the tree of an append-only log (RFC 6962): root, inclusion and consistency, made and verified
note         signed notes and checkpoints (C2SP), the form in which a log states its size and root
certificate  the certificate document: claims, signature, status snapshot, place in the log; built here
trustlist    whose word counts: keys of certification bodies and of the log, got by another way than the certificate
verify       the certificate checked offline, one check a line, each with its reason

Everything is plain functions over bytes, str and dict. Nothing here reads the clock, the network or a database;
a verifier is told the time and the trust list. Whatever is wrong with bytes from outside is a failed check or a
TanbiaoError with the reason, never a traceback.
"""

from tanbiao.trust.canonical import Unreadable, canonical, parse_json
from tanbiao.trust.certificate import (
    assemble,
    build_certificate,
    certificate_file,
    certificate_sha256,
    log_entry,
    sign_status,
)
from tanbiao.trust.keys import FileSigner, KeyFileError, Signer, make_key
from tanbiao.trust.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)
from tanbiao.trust.note import Checkpoint, VerifierKey, open_checkpoint, sign_checkpoint, verifier_key
from tanbiao.trust.trustlist import TrustList, load_trust
from tanbiao.trust.verify import Check, Verdict, verify_certificate

__all__ = [
    "Check",
    "Checkpoint",
    "FileSigner",
    "KeyFileError",
    "Signer",
    "TrustList",
    "Unreadable",
    "Verdict",
    "VerifierKey",
    "assemble",
    "build_certificate",
    "canonical",
    "certificate_file",
    "certificate_sha256",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "load_trust",
    "log_entry",
    "make_key",
    "open_checkpoint",
    "parse_json",
    "root_hash",
    "sign_checkpoint",
    "sign_status",
    "verifier_key",
    "verify_certificate",
    "verify_consistency",
    "verify_inclusion",
]
