from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trust_world import CLAIMS, ISSUED_AT, ORIGIN, changed, signer

from tanbiao.trust.canonical import canonical
from tanbiao.trust.certificate import build_certificate, sign_status
from tanbiao.trust.note import sign_note
from tanbiao.trust.verify import TITLES, shown, verify_certificate

LATER = datetime(2027, 6, 1, tzinfo=UTC)


def failures(verdict):
    """The reasons (English) of the checks that do not hold, by name."""
    assert verdict.valid == all(check.ok for check in verdict.checks)
    assert tuple(check.name for check in verdict.checks) == tuple(TITLES)
    return {check.name: check.text.en for check in verdict.checks if not check.ok}


def test_an_untouched_certificate_is_valid(world):
    verdict = verify_certificate(world.issue(), world.trust(), at=LATER)
    assert (verdict.valid, verdict.readable, failures(verdict)) == (True, True, {})
    assert verdict.claims == CLAIMS
    assert verdict.status["as_of"] == "2026-11-24T02:00:00Z"
    assert all(check.text.zh != check.text.en for check in verdict.checks)


# ---- any one byte


def field_of(document, data):
    """For every byte of the file, the check that has to fail when the byte is another but the file still reads."""
    expected = ["form"] * len(data)

    def mark(key, value, check, after=0):
        text = canonical(value)
        start = data.index(canonical(key) + b":" + text, after) + len(canonical(key)) + 1
        expected[start : start + len(text)] = [check] * len(text)
        return start

    mark("certificate", document["certificate"], "signature")
    mark("checkpoint", document["log"]["checkpoint"], "checkpoint")
    mark("index", document["log"]["index"], "inclusion")
    mark("proof", document["log"]["proof"], "inclusion")
    mark("status", document["status"], "status_signature")
    signature = mark("signature", document["signature"], "form")
    mark("key", document["signature"]["key"], "issuer", signature)
    mark("value", document["signature"]["value"], "signature", signature)
    return expected


def neighbours(byte):
    """Other bytes for one byte: a flipped low bit, the other case, and the next digit or letter."""
    yield byte ^ 0x01
    yield byte ^ 0x20
    for first, last in (b"09", b"az", b"AZ"):
        if first <= byte <= last:
            yield first + (byte + 1 - first) % (last + 1 - first)
    if byte == ord("f"):
        yield ord("a")  # still hexadecimal


def test_no_byte_of_the_file_can_be_another(world):
    data, trust = world.issue(), world.trust()
    expected = field_of(json.loads(data), data)
    seen = set()
    for place, byte in enumerate(data):
        for other in {*neighbours(byte)} - {byte}:
            verdict = verify_certificate(data[:place] + bytes([other]) + data[place + 1 :], trust, at=LATER)
            failed = failures(verdict)
            assert not verdict.valid, (place, byte, other)
            if verdict.readable:
                assert expected[place] in failed, (place, other, failed)
                seen.add(expected[place])
            else:
                assert next(iter(failed)) == "form"
    assert seen == {"form", "signature", "issuer", "checkpoint", "inclusion", "status_signature"}


def test_no_byte_can_be_missing_or_added_at_either_end(world):
    data, trust = world.issue(), world.trust()
    for cut in range(0, len(data), 7):
        assert not verify_certificate(data[:cut], trust, at=LATER).readable
    for more in (data + b"\n", b" " + data, data + b" ", data[:1] + b"\t" + data[1:]):
        assert "not the canonical form" in failures(verify_certificate(more, trust, at=LATER))["form"]
    assert "byte 1 on" in failures(verify_certificate(b" " + data, trust, at=LATER))["form"]
    assert f"byte {len(data) + 1} on" in failures(verify_certificate(data + b"\n", trust, at=LATER))["form"]


def test_another_layout_of_the_same_document_is_not_the_certificate(world):
    data = world.issue()
    for text in (json.dumps(json.loads(data)), json.dumps(json.loads(data), ensure_ascii=False, indent=1)):
        assert list(failures(verify_certificate(text.encode(), world.trust(), at=LATER))) == ["form"]


# ---- skilled changes: the file stays canonical, one thing is not true


def test_a_better_footprint(world):
    data = changed(world.issue(), lambda d: d["certificate"]["footprint"].update(value="0.1000"))
    failed = failures(verify_certificate(data, world.trust(), at=LATER))
    assert set(failed) == {"signature", "status", "inclusion"}
    assert "does not match what the certificate says" in failed["signature"]


def test_a_forger_with_a_key_of_its_own(world):
    forged = build_certificate({**CLAIMS, "footprint": {"value": "0.1000", "unit": "kg CO2e"}}, signer(9))
    data = changed(
        world.issue(), lambda d: d.update(forged, status=sign_status(forged, "active", ISSUED_AT, signer(9)))
    )
    failed = failures(verify_certificate(data, world.trust(), at=LATER))
    assert set(failed) == {"issuer", "status_signature", "inclusion"}
    assert "the key is none that the trust list gives" in failed["issuer"]


def test_the_right_key_written_over_a_forged_signature(world):
    forged = build_certificate({**CLAIMS, "number": "TB-2026-999999"}, signer(9))
    forged["signature"]["key"] = world.body.public_key
    failed = failures(verify_certificate(changed(world.issue(), lambda d: d.update(forged)), world.trust(), at=LATER))
    assert "issuer" not in failed
    assert {"signature", "inclusion", "status"} <= set(failed)


def test_the_proof_of_another_certificate(world):
    other = json.loads(world.issue(number="TB-2026-000002"))
    data = changed(world.issue(), lambda d: d.update(log=other["log"]))
    failed = failures(verify_certificate(data, world.trust(), at=LATER))
    assert list(failed) == ["inclusion"]
    assert "not at this place of the log" in failed["inclusion"]


def test_the_status_of_another_certificate(world):
    other = json.loads(world.issue(number="TB-2026-000002"))
    data = changed(world.issue(), lambda d: d.update(status=other["status"]))
    failed = failures(verify_certificate(data, world.trust(), at=LATER))
    assert list(failed) == ["status"]
    assert "belongs to another certificate" in failed["status"]


def test_another_place_in_the_log(world):
    data = changed(world.issue(), lambda d: d["log"].update(index=3))
    assert list(failures(verify_certificate(data, world.trust(), at=LATER))) == ["inclusion"]


def test_a_log_of_ones_own(world):
    data = changed(
        world.issue(),
        lambda d: d["log"].update(
            checkpoint=sign_note(d["log"]["checkpoint"].partition("\n\n")[0] + "\n", ORIGIN, signer(9))
        ),
    )
    failed = failures(verify_certificate(data, world.trust(), at=LATER))
    assert list(failed) == ["checkpoint"]
    assert "no signature of a known key" in failed["checkpoint"]


def test_a_further_signature_that_nobody_can_check_is_no_hiding_place(world):
    stranger = sign_note("x\n", "stranger", signer(9)).partition("\n\n")[2]
    data = changed(world.issue(), lambda d: d["log"].update(checkpoint=d["log"]["checkpoint"] + stranger))
    failed = failures(verify_certificate(data, world.trust(), at=LATER))
    assert list(failed) == ["checkpoint"]
    assert "more than the log's signature" in failed["checkpoint"]


def test_unknown_keys_have_no_place_in_the_closed_part(world):
    for part in ((), ("signature",), ("status",), ("status", "signature"), ("log",)):
        document = json.loads(world.issue())
        target = document
        for key in part:
            target = target[key]
        target["x\u202e\x1b[2J"] = "anything"
        failed = failures(verify_certificate(canonical(document), world.trust(), at=LATER))
        assert "unknown key" in failed["form"]
        assert failed["form"].isprintable()


# ---- states, dates, keys: told apart


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("suspended", "is suspended"),
        ("withdrawn", "is withdrawn"),
        ("cancelled", "is cancelled"),
        ("expired", "has expired"),
    ],
)
def test_a_state_other_than_active_is_named_with_its_time(world, state, reason):
    failed = failures(verify_certificate(world.issue(state=state), world.trust(), at=LATER))
    assert list(failed) == ["status"]
    assert reason in failed["status"]
    assert "as of 2026-11-24 10:00:00 +08:00" in failed["status"]


def test_a_snapshot_cannot_speak_for_the_time_before_it(world):
    data = world.issue(as_of=LATER)
    assert failures(verify_certificate(data, world.trust(), at=LATER - timedelta(minutes=4))) == {}
    failed = failures(verify_certificate(data, world.trust(), at=LATER - timedelta(minutes=6)))
    assert "after the moment asked about" in failed["status"]


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("2026-11-23T15:59:59+00:00", "begins on 2026-11-24"),
        ("2026-11-23T16:00:00+00:00", None),
        ("2028-11-23T15:59:59+00:00", None),
        ("2028-11-23T16:00:00+00:00", "ended on 2028-11-23"),
    ],
)
def test_the_dates_are_whole_days_in_china(world, at, reason):
    data = world.issue(as_of=datetime(2026, 11, 23, 16, tzinfo=UTC))
    check = {c.name: c for c in verify_certificate(data, world.trust(), at=datetime.fromisoformat(at)).checks}[
        "validity"
    ]
    assert check.ok == (reason is None)
    assert (reason or "lies within") in check.text.en


def test_the_moment_asked_about_needs_a_time_zone(world):
    with pytest.raises(ValueError, match="time zone"):
        verify_certificate(world.issue(), world.trust(), at=datetime(2027, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"id": "urn:example:body-b"}, "has no issuer urn:example:body-a"),
        ({"key": signer(9).public_key}, "the key is none"),
        ({"from": "2026-11-25"}, "not in use on 2026-11-24"),
        ({"to": "2026-11-23"}, "not in use on 2026-11-24"),
        ({"name": "乙认证有限公司"}, "differs from"),
    ],
)
def test_an_issuer_that_the_trust_list_does_not_bear_out(world, entry, reason):
    failed = failures(verify_certificate(world.issue(), world.trust(**entry), at=LATER))
    assert set(failed) == {"issuer", "status_signature"}
    assert reason in failed["issuer"]


def test_a_retired_key_still_vouches_for_its_own_time(world):
    assert verify_certificate(world.issue(), world.trust(to="2026-11-24"), at=LATER).valid
    failed = failures(verify_certificate(world.issue(as_of=LATER), world.trust(to="2026-11-24"), at=LATER))
    assert list(failed) == ["status_signature"]


def test_without_a_trust_list_nothing_is_valid_but_the_rest_is_said(world):
    verdict = verify_certificate(world.issue(), None, at=LATER)
    failed = failures(verdict)
    assert set(failed) == {"issuer", "status_signature", "checkpoint"}
    assert "Give --trust" in failed["issuer"]


# ---- whatever else may stand in a file


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"{" + b'"a":' * 3, "not JSON"),
        (b'{"type":1,"type":1}', "appears twice"),
        (b'{"type":NaN}', "NaN"),
        (b"[" * 100_000, "nested deeper"),
        (b" " * 2_000_000, "larger than"),
        (b'{"log":{"index":' + b"1" * 5000 + b"}}", "is beyond"),
    ],
    ids=range(8),
)
def test_unreadable_files(world, data, reason):
    verdict = verify_certificate(data, world.trust(), at=LATER)
    assert (verdict.valid, verdict.readable, verdict.claims) == (False, False, None)
    assert reason in failures(verdict)["form"]
    assert [check.ok for check in verdict.checks] == [False] + [None] * 7


def test_duplicate_keys_inside_a_real_certificate(world):
    data = world.issue().replace(b'"state":"active"', b'"state":"active","state":"active"')
    assert "'state' appears twice" in failures(verify_certificate(data, world.trust(), at=LATER))["form"]


PATHS = [
    ("type",), ("certificate",), ("signature",), ("status",), ("log",),
    ("certificate", "number"), ("certificate", "issuer"), ("certificate", "issuer", "id"),
    ("certificate", "issuer", "name"), ("certificate", "footprint"), ("certificate", "valid_from"),
    ("certificate", "valid_until"), ("signature", "key"), ("signature", "value"), ("signature", "algorithm"),
    ("status", "number"), ("status", "state"), ("status", "as_of"), ("status", "certificate_sha256"),
    ("status", "signature"), ("status", "signature", "key"), ("log", "index"), ("log", "proof"), ("log", "checkpoint"),
]  # fmt: skip
GONE = object()
JUNK = (
    st.sampled_from([GONE, None, True, -1, 2**53 - 1, 0.5, "x", "\x1b[31m✓", "9999-12-31T23:59:59Z", [], {}])
    | st.lists(st.none() | st.text(max_size=3), max_size=3)
    | st.dictionaries(st.sampled_from(["id", "name", "key", "value", "number"]), st.none() | st.text(max_size=3))
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(PATHS), JUNK), min_size=1, max_size=3))
def test_any_piece_may_be_anything_and_the_answer_is_no(world, edits):
    data = world.issue()
    document = json.loads(data)
    for path, junk in edits:
        target = document
        for key in path[:-1]:
            target = target.get(key) if isinstance(target, dict) else None
        if isinstance(target, dict):
            target.pop(path[-1], None)
            if junk is not GONE:
                target[path[-1]] = junk
    verdict = verify_certificate(canonical(document), world.trust(), at=LATER)
    assert verdict.readable
    assert not verdict.valid
    assert all(check.text.zh.isprintable() and check.text.en.isprintable() for check in verdict.checks)


@pytest.mark.parametrize("document", [None, [], "x", 7, {}, [[]]])
def test_other_json_is_not_a_certificate(world, document):
    failed = failures(verify_certificate(canonical(document), world.trust(), at=LATER))
    assert set(failed) == set(TITLES)


def test_what_a_forger_signs_with_its_own_key_is_answered_too(world):
    """Signed junk passes the signature check and so reaches the code behind it."""
    for as_of in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", None, 7):
        forger = signer(9)
        status = {"as_of": as_of, "state": "active"}
        value = forger.sign(b"tanbiao.status/1\n" + canonical(status)).hex()
        status["signature"] = {"algorithm": "Ed25519", "key": forger.public_key, "value": value}
        data = changed(world.issue(), lambda d, status=status: d.update(status=status))
        trust = world.trust(key=forger.public_key)
        assert "not in use on (no date)" in failures(verify_certificate(data, trust, at=LATER))["status_signature"]


def test_texts_of_the_file_are_shown_on_one_line_without_control():
    assert shown("a\nb\x1b[31m\u202ec\u2028d") == "a\ufffdb\ufffd[31m\ufffdc\ufffdd"
    assert shown({"zh": "钢\n"}) == '{"zh":"钢\\n"}'
    assert len(shown("x" * 5000)) == 200
