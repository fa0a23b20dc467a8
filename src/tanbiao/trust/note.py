"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint): how a log states its size and root.

example.org/log                       origin, also the name of the log's key
15                                    size: number of entries
(base64)                              root hash
                                      empty line
— example.org/log (base64)            4-byte key id and Ed25519 signature over the three lines
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from tanbiao.trust.keys import Signer, signature_holds
from tanbiao.words import TanbiaoError, Text

MAX_SIGNATURES = 64
_ED25519 = b"\x01"  # signature type of the key id, C2SP signed-note
_SIGNATURE_LINE = re.compile("— ([^ +]+) ([A-Za-z0-9+/=]+)")
_SIZE = re.compile("0|[1-9][0-9]{0,18}")


class NoteError(TanbiaoError):
    """A note, checkpoint or verifier key that is malformed, or not signed by whom we asked for."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a note key: `name+8 hex digits+base64(type || public key)` in text."""

    name: str
    public_key: str

    @property
    def id(self) -> bytes:
        """First 4 bytes of SHA-256(name || newline || type || public key)."""
        key = bytes.fromhex(self.public_key)
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_to_base64(_ED25519 + bytes.fromhex(self.public_key))}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises NoteError: malformed, a type other than Ed25519, a key id that is not this key's."""
        name, _, rest = text.partition("+")
        _, _, encoded = rest.partition("+")
        raw = _from_base64(encoded)
        if not _is_key_name(name) or len(raw) != 33 or raw[:1] != _ED25519:
            raise _error("不是 Ed25519 验证密钥行", "not an Ed25519 verifier key line")
        key = cls(name, raw[1:].hex())
        if str(key) != text:
            raise _error("验证密钥行的标识与密钥不符", "the id in the verifier key line is not that of the key")
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's size and root at one moment."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{_to_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a checkpoint: exactly three lines, extension lines are refused. Raises NoteError."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise _error("检查点应为三行：来源、大小、树根", "a checkpoint has three lines: origin, size, root")
        if not _SIZE.fullmatch(lines[1]) or int(lines[1]) >= 2**63:
            raise _error("检查点的大小不是十进制整数", "the size in the checkpoint is not a decimal integer")
        tree_root = _from_base64(lines[2])
        if len(tree_root) != 32:
            raise _error("检查点的树根不是 32 字节", "the root in the checkpoint is not 32 bytes")
        return cls(lines[0], int(lines[1]), tree_root)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note, not yet verified."""

    name: str
    key_id: bytes
    value: bytes


def verifier_key(name: str, public_key: str) -> str:
    """The line under which a log publishes its key. Raises NoteError where the name holds a space or a plus."""
    if not _is_key_name(name):
        raise _error("密钥名称不能为空，也不能含空格或加号", "a key name is not empty and has no space or plus")
    return str(VerifierKey(name, public_key))


def sign_note(text: str, name: str, signer: Signer) -> str:
    """The note: the text (ending in a newline) with one signature line under it. Raises NoteError."""
    key = VerifierKey.parse(verifier_key(name, signer.public_key))
    note = f"{text}\n— {name} {_to_base64(key.id + signer.sign(text.encode()))}\n"
    read_note(note)  # refuses a text that could not be read back
    return note


def read_note(note: str) -> tuple[str, tuple[Signature, ...]]:
    """Split a note into its text and its signatures; nothing is verified. Raises NoteError."""
    if any(ord(character) < 0x20 and character != "\n" for character in note):
        raise _error("签名笔记含控制字符", "the signed note has control characters")
    body, separator, signatures = note.rpartition("\n\n")
    lines = signatures.split("\n")
    if not separator or lines.pop() or not lines or len(lines) > MAX_SIGNATURES:
        raise _error(
            "不是签名笔记：缺少正文、空行或签名行", "not a signed note: text, empty line or signatures missing"
        )
    return body + "\n", tuple(_read_signature(line) for line in lines)


def open_note(note: str, keys: Iterable[VerifierKey]) -> tuple[str, tuple[str, ...]]:
    """The text of a note and the names of the keys that signed it.

    Signatures of unknown keys are passed over; a wrong one of a known key refuses the note, and so does a note
    without a signature of a known key (C2SP signed-note). Raises NoteError.
    """
    text, signatures = read_note(note)
    known = {(key.name, key.id): key for key in keys}
    signed_by = []
    for signature in signatures:
        if key := known.get((signature.name, signature.key_id)):
            if not signature_holds(key.public_key, text.encode(), signature.value):
                raise _error("签名笔记的签名不成立", "the signature of the note does not hold")
            signed_by.append(key.name)
    if not signed_by:
        raise _error("签名笔记没有已知密钥的签名", "the note carries no signature of a known key")
    return text, tuple(signed_by)


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The checkpoint as a note signed by the log itself: the key name is the origin. Raises NoteError."""
    Checkpoint.parse(str(checkpoint))  # refuses what could not be read back
    return sign_note(str(checkpoint), checkpoint.origin, signer)


def open_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint of the log whose key this is, its signature verified. Raises NoteError."""
    text, _ = open_note(note, [key])
    checkpoint = Checkpoint.parse(text)
    if checkpoint.origin != key.name:
        raise _error("检查点来自另一个日志", "the checkpoint comes from another log")
    return checkpoint


def _read_signature(line: str) -> Signature:
    match = _SIGNATURE_LINE.fullmatch(line)
    if not match or not _is_key_name(match[1]) or len(raw := _from_base64(match[2])) < 5:
        raise _error("签名行格式有误", "malformed signature line")
    return Signature(match[1], raw[:4], raw[4:])


def _is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and name.isprintable() and not any(map(str.isspace, name))


def _to_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _from_base64(text: str) -> bytes:
    """Strict: one value, one text. Python alone would pass over the unused bits of the last digit."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _error("base64 有误", "malformed base64") from error
    if _to_base64(raw) != text:
        raise _error("base64 不是规范写法", "base64 not in its one canonical form")
    return raw


def _error(zh: str, en: str) -> NoteError:
    return NoteError(Text(zh + "。", en + "."))
