from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanbiao.trust.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)
from tanbiao.trust.note import VerifierKey, open_checkpoint


def decoded(proof):
    return [base64.b64decode(step) for step in proof or []]


def test_published_inclusion_proofs(vectors):
    for case in json.loads(vectors("tlog/merkle/inclusion.json").read_bytes()):
        leaf, root = base64.b64decode(case["leafHash"]), base64.b64decode(case["root"])
        holds = verify_inclusion(leaf, case["leafIdx"], case["treeSize"], decoded(case["proof"]), root)
        assert holds is not case["wantErr"], case


def test_published_consistency_proofs(vectors):
    for case in json.loads(vectors("tlog/merkle/consistency.json").read_bytes()):
        old, new = base64.b64decode(case["root1"]), base64.b64decode(case["root2"])
        holds = verify_consistency(case["size1"], case["size2"], old, new, decoded(case["proof"]))
        # one case has text of 12 bytes for a root; a root here is always 32
        assert holds == (not case["wantErr"] and len(old) == len(new) == 32), case


def test_published_tree_of_eight(vectors):
    tree = json.loads(vectors("tlog/merkle/tree8.json").read_bytes())
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in tree["leaf_inputs_hex"]]
    assert [leaf.hex() for leaf in leaves] == tree["leaf_hashes_hex"]
    for size, root in tree["roots_by_size_hex"].items():
        assert root_hash(leaves[: int(size)]).hex() == root


def test_a_log_written_by_other_software(vectors):
    folder = vectors("tlog/tessera-log")
    key = VerifierKey.parse((folder / "vkey.txt").read_text().strip())
    seen = 0
    for bundle in (folder / "tile/entries/000.p").iterdir():
        checkpoint = open_checkpoint((folder / f"checkpoint.{bundle.name}").read_text(), key)
        rest, leaves = bundle.read_bytes(), []
        while rest:
            length = int.from_bytes(rest[:2], "big")
            leaves.append(leaf_hash(rest[2 : 2 + length]))
            rest = rest[2 + length :]
        assert (len(leaves), root_hash(leaves)) == (checkpoint.size, checkpoint.root)
        seen += 1
    assert seen > 3


LEAVES = [leaf_hash(bytes([n])) for n in range(40)]
SIZES = st.integers(1, len(LEAVES))


@given(SIZES, st.data())
def test_every_leaf_proves_its_own_place_and_no_other(size, data):
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size + 2))
    leaves = LEAVES[:size]
    proof = inclusion_proof(leaves, index)
    assert len(proof) <= (size - 1).bit_length()
    assert verify_inclusion(leaves[index], index, size, proof, root_hash(leaves))
    assert verify_inclusion(leaves[index], other, size, proof, root_hash(leaves)) == (other == index)
    assert not verify_inclusion(leaves[index], index, size, [*proof, LEAVES[0]], root_hash(leaves))
    if proof:
        assert not verify_inclusion(leaves[index], index, size, proof[:-1], root_hash(leaves))


@given(SIZES, SIZES)
def test_every_older_tree_is_the_beginning_of_a_newer_one(one, other):
    old, new = sorted([one, other])
    old_root, new_root = root_hash(LEAVES[:old]), root_hash(LEAVES[:new])
    proof = consistency_proof(LEAVES[:new], old)
    assert verify_consistency(old, new, old_root, new_root, proof)
    assert not verify_consistency(old, new, leaf_hash(b"rewritten"), new_root, proof)
    assert not verify_consistency(old, new, old_root, leaf_hash(b"rewritten"), proof)
    assert not verify_consistency(old, new, old_root, new_root, [*proof, old_root])


def test_a_rewritten_past_has_no_proof():
    rewritten = [leaf_hash(b"other"), *LEAVES[1:8]]
    for old in range(1, 8):
        proof = consistency_proof(rewritten, old)
        assert not verify_consistency(old, 8, root_hash(LEAVES[:old]), root_hash(rewritten), proof)


def test_places_outside_the_tree():
    for index in (-1, 3):
        with pytest.raises(IndexError):
            inclusion_proof(LEAVES[:3], index)
    for size in (0, 4):
        with pytest.raises(IndexError):
            consistency_proof(LEAVES[:3], size)
    assert not verify_inclusion(LEAVES[0], -1, 3, [], LEAVES[0])
    assert not verify_inclusion(b"short", 0, 1, [], b"short")
    assert not verify_consistency(0, 3, root_hash([]), root_hash(LEAVES[:3]), [])
    assert not verify_consistency(3, 2, LEAVES[0], LEAVES[0], [])
