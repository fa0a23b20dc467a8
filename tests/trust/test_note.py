from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from trust_world import signer

from tanbiao.trust.keys import KeySigner
from tanbiao.trust.note import (
    MAX_SIGNATURES,
    Checkpoint,
    NoteError,
    VerifierKey,
    open_checkpoint,
    open_note,
    read_note,
    sign_checkpoint,
    sign_note,
    verifier_key,
)

LOG = signer(3)
KEY = VerifierKey("log.example.org", LOG.public_key)
ROOT = bytes(range(32))


def test_published_notes(vectors):
    for case in json.loads(vectors("tlog/note/open.json").read_bytes()):
        keys = [VerifierKey.parse(text) for text in case["vkeys"]]
        try:
            note = case["msg"] if "msg" in case else bytes.fromhex(case["msg_hex"]).decode()
            _, signed_by = open_note(note, keys)
        except (NoteError, UnicodeDecodeError):
            assert case["result"] != "ok", case["name"]
        else:
            assert (case["result"], list(signed_by)) == ("ok", case["verified"]), case["name"]


def test_published_verifier_keys(vectors):
    for case in json.loads(vectors("tlog/note/vkey.json").read_bytes()):
        if case["ok"] and "0x04" not in case.get("why", ""):
            assert str(VerifierKey.parse(case["vkey"])) == case["vkey"]
        else:  # also a cosigner's key: a log signs with a plain Ed25519 key
            with pytest.raises(NoteError):
                VerifierKey.parse(case["vkey"])


def test_published_signature(vectors):
    (case,) = json.loads(vectors("tlog/note/sign.json").read_bytes())
    _, _, name, _, secret = case["skey"].split("+", 4)
    author = KeySigner(Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret)[1:]))
    assert sign_note(case["text"], name, author) == case["expect"]


def test_published_checkpoints(vectors):
    for case in json.loads(vectors("tlog/checkpoint/parse.json").read_bytes()):
        if case["error"] or len(case["hash_text"]) != 32 or case["rest"]:  # stricter than the vectors: see their README
            with pytest.raises(NoteError):
                Checkpoint.parse(case["text"])
        else:
            assert Checkpoint.parse(case["text"]).size == case["size"]


def test_a_checkpoint_reads_back():
    note = sign_checkpoint(Checkpoint("log.example.org", 2**53, ROOT), LOG)
    assert open_checkpoint(note, KEY) == Checkpoint("log.example.org", 2**53, ROOT)
    assert note.count("\n— ") == 1


def test_the_verifier_key_line_reads_back():
    line = verifier_key("log.example.org", LOG.public_key)
    assert VerifierKey.parse(line) == KEY
    flipped = line.replace(KEY.id.hex(), "00000000")
    with pytest.raises(NoteError, match="id in the verifier key line"):
        VerifierKey.parse(flipped)


def test_another_key_under_the_same_name_is_unknown():
    with pytest.raises(NoteError, match="no signature of a known key"):
        open_checkpoint(sign_checkpoint(Checkpoint("log.example.org", 1, ROOT), signer(4)), KEY)


def test_the_checkpoint_of_another_log_signed_with_this_key():
    note = sign_note(f"other.example.org\n1\n{base64.b64encode(ROOT).decode()}\n", "log.example.org", LOG)
    with pytest.raises(NoteError, match="another log"):
        open_checkpoint(note, KEY)


def test_a_wrong_signature_of_a_known_key_refuses_the_note():
    note = sign_checkpoint(Checkpoint("log.example.org", 1, ROOT), LOG).replace("\n1\n", "\n2\n")
    with pytest.raises(NoteError, match="does not hold"):
        open_checkpoint(note, KEY)


GOOD = sign_checkpoint(Checkpoint("log.example.org", 7, ROOT), LOG)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        GOOD[:-1],
        GOOD + "\n",
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("— ", "- "),
        GOOD.replace("— ", "—  "),
        GOOD[:-2] + "\n",
        GOOD[:-3] + "R" + GOOD[-2:],
        GOOD.replace("\n\n", "\n"),
        GOOD + GOOD.split("\n\n")[1] * MAX_SIGNATURES,
    ],
    ids=range(11),
)
def test_malformed_notes(note):
    with pytest.raises(NoteError):
        open_note(note, [KEY])


@pytest.mark.parametrize(
    "text",
    ["log\n07\n{root}\n", "log\n+7\n{root}\n", "log\n٧\n{root}\n", "log\n7\n{root}\nmore\n", "log\n7\n{root}",
     "log\n9223372036854775808\n{root}\n", "log\n7\nAAAA\n", "\n7\n{root}\n"],
)  # fmt: skip
def test_malformed_checkpoints(text):
    with pytest.raises(NoteError):
        Checkpoint.parse(text.replace("{root}", base64.b64encode(ROOT).decode()))


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2028b", "a\nb"])
def test_names_that_no_key_may_have(name):
    with pytest.raises(NoteError):
        sign_checkpoint(Checkpoint(name, 1, ROOT), LOG)
    with pytest.raises(NoteError):
        verifier_key(name, LOG.public_key)


def test_base64_has_one_form_only():
    # the last digit of 68 bytes leaves two bits unused; another digit there would decode to the same bytes
    line = GOOD.rstrip("\n")
    assert line.endswith("=")
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = line[-2]
    twin = digits[digits.index(last) ^ 1]
    assert base64.b64decode(line.split(" ")[-1]) == base64.b64decode(line.split(" ")[-1][:-2] + twin + "=")
    with pytest.raises(NoteError, match="canonical form"):
        read_note(line[:-2] + twin + "=\n")
