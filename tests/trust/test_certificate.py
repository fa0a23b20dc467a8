from __future__ import annotations

import hashlib
import json
from datetime import datetime

import pytest
from trust_world import CLAIMS, ISSUED_AT, changed

from tanbiao.trust.canonical import canonical
from tanbiao.trust.certificate import (
    assemble,
    build_certificate,
    document_problems,
    log_entry,
    read_date,
    read_instant,
    sign_status,
)
from tanbiao.trust.keys import signature_holds
from tanbiao.words import Problems


def test_the_file_is_the_canonical_form_of_the_closed_document(world):
    data = world.issue()
    document = json.loads(data)
    assert canonical(document) == data
    assert document_problems(document) == ()
    assert set(document) == {"type", "certificate", "signature", "status", "log"}
    assert document["certificate"] == CLAIMS


def test_what_is_signed_logged_and_bound(world):
    signed = build_certificate(CLAIMS, world.body)
    signature = signed["signature"]
    message = b"tanbiao.certificate/1\n" + canonical(CLAIMS)
    assert signature_holds(signature["key"], message, bytes.fromhex(signature["value"]))

    digest = hashlib.sha256(canonical(signed)).hexdigest()
    entry = {"type": "certificate.issued", "number": CLAIMS["number"], "sha256": digest}
    assert log_entry(signed) == canonical(entry)

    status = sign_status(signed, "active", ISSUED_AT, world.body)
    of_status = status.pop("signature")
    assert status == {
        "number": CLAIMS["number"],
        "state": "active",
        "as_of": "2026-11-24T02:00:00Z",
        "certificate_sha256": digest,
    }
    message = b"tanbiao.status/1\n" + canonical(status)
    assert signature_holds(of_status["key"], message, bytes.fromhex(of_status["value"]))


def test_the_place_in_the_log_does_not_change_what_was_logged(world):
    document = json.loads(world.issue())
    assert log_entry(document) == log_entry(build_certificate(CLAIMS, world.body))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("number", ""),
        ("number", 7),
        ("issuer", "甲"),
        ("holder", None),
        ("product", {}),
        ("footprint", {"value": 0.582, "unit": "kg"}),
        ("footprint", {"value": "1e3", "unit": "kg"}),
        ("footprint", {"value": "NaN", "unit": "kg"}),
        ("footprint", {"value": "０.5", "unit": "kg"}),
        ("rule", {"id": "steel-eaf", "version": "1", "sha256": "AB" * 32}),
        ("study_sha256", "ab"),
        ("valid_from", "2026-02-30"),
        ("valid_from", "20261124"),
        ("valid_from", "2029-01-01"),
        ("valid_until", 20281123),
        ("share", 0.5),
        ("stages", [{"share": 0.5}]),
    ],
)
def test_claims_that_nobody_should_sign(world, place, value):
    with pytest.raises(Problems) as refusal:
        build_certificate({**CLAIMS, place: value}, world.body)
    places = [problem.place for problem in refusal.value.problems]
    assert any(found.startswith(f"certificate.{place}") for found in places) or places == ["certificate.valid_until"]


@pytest.mark.parametrize("claim", CLAIMS)
def test_no_required_claim_may_be_missing(world, claim):
    with pytest.raises(Problems, match=f"certificate.{claim}"):
        build_certificate({key: value for key, value in CLAIMS.items() if key != claim}, world.body)


def test_a_status_outside_the_five_or_without_time_zone_is_not_signed(world):
    signed = build_certificate(CLAIMS, world.body)
    with pytest.raises(Problems, match="should be one of active"):
        sign_status(signed, "fine", ISSUED_AT, world.body)
    with pytest.raises(Problems, match="needs a time zone"):
        sign_status(signed, "active", datetime(2026, 11, 24), world.body)  # noqa: DTZ001


def test_parts_that_make_no_document_are_not_assembled(world):
    signed = build_certificate(CLAIMS, world.body)
    status = sign_status(signed, "active", ISSUED_AT, world.body)
    with pytest.raises(Problems, match=r"log\.index"):
        assemble(signed, status, -1, [], "note")
    with pytest.raises(Problems, match=r"log\.proof"):
        assemble(signed, status, 0, [b"not a hash"], "note")


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ("", lambda d: d.update(extra=1)),
        ("log", lambda d: d.pop("log")),
        ("type", lambda d: d.update(type="tanbiao.certificate/2")),
        ("signature", lambda d: d["signature"].update(extra=1)),
        ("signature.algorithm", lambda d: d["signature"].update(algorithm="none")),
        ("signature.key", lambda d: d["signature"].update(key=d["signature"]["key"].upper())),
        ("status", lambda d: d.update(status=[])),
        ("status.state", lambda d: d["status"].update(state=[])),
        ("status.as_of", lambda d: d["status"].update(as_of="9999-12-31T23:59:59Z")),
        ("status.signature", lambda d: d["status"].pop("signature")),
        ("log.index", lambda d: d["log"].update(index=True)),
        ("log.proof", lambda d: d["log"].update(proof=["ab" * 32] * 65)),
        ("log.checkpoint", lambda d: d["log"].update(checkpoint=None)),
    ],
)
def test_a_document_of_another_shape_is_told_where(world, where, change):
    problems = document_problems(json.loads(changed(world.issue(), change)))
    assert where in [problem.place for problem in problems]


@pytest.mark.parametrize("value", [None, 5, [], "", "2026-13-01", "1999-01-01", "2026-1-1", "2026-01-01\n"])
def test_what_is_no_date(value):
    assert read_date(value) is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01 00:00:00Z",
    ],
)
def test_what_is_no_instant(value):
    assert read_instant(value) is None
