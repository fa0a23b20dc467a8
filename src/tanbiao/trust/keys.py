"""Ed25519 keys (RFC 8032). A public key is 64 lowercase hex digits; a private key is a PKCS#8 PEM file, mode 0600."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tanbiao.words import TanbiaoError, Text

_PUBLIC_KEY = re.compile("[0-9a-f]{64}")


class KeyFileError(TanbiaoError):
    """A private key file that is not one, or that others may read."""


class Signer(Protocol):
    """Whoever can sign: a file here, a hardware module elsewhere."""

    @property
    def public_key(self) -> str:
        """64 lowercase hex digits."""

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature over the message."""


class KeySigner:
    """Signs with a private key held in memory."""

    def __init__(self, private_key: Ed25519PrivateKey):
        self._private_key = private_key
        self.public_key = private_key.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> bytes:
        return self._private_key.sign(message)


class FileSigner(KeySigner):
    """Signs with the private key of a file.

    Raises KeyFileError where there is no file, or it is not an Ed25519 key, or open to group or others.
    """

    def __init__(self, path: Path):
        super().__init__(_load(path))


def make_key(path: Path) -> FileSigner:
    """A new private key in a file of mode 0600. Never over a file that stands: raises FileExistsError."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(path, pem)
    return FileSigner(path)


def write_private(path: Path, data: bytes) -> None:
    """A file of mode 0600: whole before it has its name, and never over one that stands (FileExistsError)."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)  # unlike rename, never over a file that stands
    finally:
        Path(name).unlink()


def is_public_key(key: object) -> bool:
    """64 lowercase hex digits; whether a point of the curve stands behind them shows when it verifies."""
    return isinstance(key, str) and _PUBLIC_KEY.fullmatch(key) is not None


def key_id(public_key: str) -> str:
    """A short name of a key for people to compare: the first 8 bytes of its SHA-256, as hex."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:16]


def signature_holds(public_key: str, message: bytes, signature: bytes) -> bool:
    """Whether the signature is one of this key over this message; False too for a key that is no key."""
    if not is_public_key(public_key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _load(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        raise KeyFileError(Text(f"{path}：没有这个私钥文件。", f"{path}: there is no such private key."))
    if path.stat().st_mode & 0o077:
        raise KeyFileError(
            Text(
                f"{path}：私钥文件可被他人读取。请执行 chmod 600。",
                f"{path}: others may read this private key. Run chmod 600 on it.",
            )
        )
    with contextlib.suppress(ValueError, TypeError):  # not PEM, not a key, or one under a password
        key = load_pem_private_key(path.read_bytes(), password=None)
        if isinstance(key, Ed25519PrivateKey):
            return key
    raise KeyFileError(
        Text(
            f"{path}：不是未加密的 Ed25519 私钥（PKCS#8 PEM）。请换回原来的文件。",
            f"{path}: not an unencrypted Ed25519 private key (PKCS#8 PEM). Put the right file back.",
        )
    )
