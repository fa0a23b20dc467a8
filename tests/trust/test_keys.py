from __future__ import annotations

import json
import stat

import pytest

from tanbiao.trust.keys import FileSigner, KeyFileError, key_id, make_key, signature_holds


def test_published_ed25519_cases(vectors):
    cases = 0
    for group in json.loads(vectors("ed25519/ed25519_test.json").read_bytes())["testGroups"]:
        for case in group["tests"]:
            holds = signature_holds(group["publicKey"]["pk"], bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            assert holds == (case["result"] == "valid"), case
            cases += 1
    assert cases > 50


def test_a_key_file_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "keys" / "body.key"
    made = make_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert FileSigner(path).public_key == made.public_key
    assert signature_holds(made.public_key, b"text", made.sign(b"text"))
    assert not signature_holds(made.public_key, b"Text", made.sign(b"text"))
    with pytest.raises(FileExistsError):
        make_key(path)
    assert [file.name for file in path.parent.iterdir()] == ["body.key"]
    assert FileSigner(path).public_key == made.public_key


def test_a_key_that_is_not_there_is_not_made_by_the_way(tmp_path):
    with pytest.raises(KeyFileError, match="no such private key"):
        FileSigner(tmp_path / "body.key")
    assert not list(tmp_path.iterdir())


def test_a_key_file_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "body.key"
    make_key(path)
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        FileSigner(path)


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key_file_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "body.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="not an unencrypted Ed25519 private key"):
        FileSigner(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("key", ["", "00", "AB" * 32, "zz" * 32, "ff" * 32, "ab" * 32 + "\n"])
def test_no_signature_holds_under_what_is_no_key(key):
    assert not signature_holds(key, b"text", bytes(64))


def test_the_short_name_of_a_key():
    assert key_id("00" * 32) == "66687aadf862bd77"  # SHA-256 of 32 zero bytes begins so
