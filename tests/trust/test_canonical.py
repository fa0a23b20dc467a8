from __future__ import annotations

import json
import struct
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanbiao.trust.canonical import MAX_BYTES, MAX_DEPTH, NotCanonical, Unreadable, canonical, parse_json

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-(2.0**53) + 1, 2.0**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "weird"])
def test_published_documents(vectors, name):
    given_bytes = vectors(f"jcs/input/{name}.json").read_bytes()
    expected = bytes.fromhex(vectors(f"jcs/outhex/{name}.txt").read_text())
    assert canonical(parse_json(given_bytes)) == expected


def test_published_numbers(vectors):
    for line in vectors("jcs/es6numbers.txt").read_text().split():
        bits, expected = line.split(",")
        number = struct.unpack(">d", int(bits, 16).to_bytes(8, "big"))[0]
        assert canonical(number).decode() == expected


def test_keys_are_ordered_by_utf16_units_not_code_points():
    assert canonical({"\ufb33": 1, "\U0001f602": 2}) == '{"\U0001f602":2,"\ufb33":1}'.encode()


@given(JSON)
def test_reading_back_and_writing_again_changes_nothing(value):
    written = canonical(value)
    assert canonical(parse_json(written)) == written


@given(JSON)
def test_layout_does_not_matter(value):
    assert canonical(parse_json(json.dumps(value, indent=2, ensure_ascii=True).encode())) == canonical(value)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 2**53, -(2**53), "\ud800", {"\ud800": 1}, Decimal("1.2"), {1: 2}, {"a": object()}],
)
def test_values_without_a_canonical_form_are_refused(value):
    with pytest.raises(NotCanonical, match="decimal strings"):
        canonical(value)


def test_a_bottomless_value_is_refused():
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(NotCanonical):
        canonical(loop)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"a":1,"a":2}', "the key 'a' appears twice"),
        (b'{"b":{"a":1,"\\u0061":1}}', "the key 'a' appears twice"),
        (b'{"z":0,' + b",".join(b'"%d":0' % n for n in range(80_000)) + b',"z":0}', "the key 'z' appears twice"),
        (b"[NaN]", "NaN is not a JSON number"),
        (b"[-Infinity]", "-Infinity is not a JSON number"),
        (b"[1e400]", "too large"),
        (b"[9007199254740992]", "is beyond"),
        (b"[" + b"9" * 100_000 + b"]", "is beyond"),
        (b'["\\ud800"]', "no canonical JSON form"),
        (b'["\xff"]', "byte 3 is not UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        ("{}".encode("utf-16"), "byte 1 is not UTF-8"),
        (b"", "not JSON"),
        (b"{}{}", "line 1, character 3"),
        (b"[" * (MAX_DEPTH + 1), "nested deeper than 32"),
        (b"[" * 500_000, "nested deeper than 32"),
        (b'{"a":' * 100_000, "nested deeper than 32"),
        (b'"' + b"a" * MAX_BYTES, "larger than 1000000 bytes"),
        (b'"' + b'\\"' * 499_000, "not JSON"),
    ],
    ids=lambda value: repr(value[:24]),
)  # fmt: skip
def test_what_readers_disagree_about_is_refused_with_the_reason(data, reason):
    with pytest.raises(Unreadable) as refusal:
        parse_json(data)
    assert reason in refusal.value.text.en
    assert refusal.value.text.zh != refusal.value.text.en


def test_brackets_inside_strings_are_no_depth():
    text = '[{"' * 40 + '\\"[['
    assert parse_json(canonical([text])) == [text]
    assert parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH) is not None
