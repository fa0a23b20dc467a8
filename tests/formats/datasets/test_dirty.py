"""Damaged, dangerous and careless packages: what a reader says to each; what linking says is tested with it."""

import json
import time

import pytest
from openlca_cast import exchange, good, packed, processes, read

from tanbiao.lca.datasets.report import SourceRefused

REFUSED = {
    "01-truncated.zip": r"01-truncated\.zip: damaged or cut short",
    "02-traversal.zip": r"\.\./x\.json, processes/\.\./\.\./y\.json, \.\.\\w\.json",
    "03-symlink-entry.zip": r"flows/link\.json: it is a link",
    "04-zip-bomb.zip": r"processes/big\.json: .*30 MB",
    "05-entity-expansion.xml": "05-entity-expansion.xml.*declaration",
    "06-external-entity.xml": "06-external-entity.xml.*declaration",
    "12-cyclic-formula.zip": "“Make A”: .*a -> b -> c -> a",
    "13-code-in-formula.zip": "“Make A” → “Carbon dioxide”: .*program code",
    "14-huge-formula.zip": "“Make A” → “Carbon dioxide”: .*too large a number",
    "15-duplicate-id.zip": r"000b\.json, .*000b-copy\.json",
    "16-duplicate-entry.zip": r"occurs twice: processes/.*000b\.json",
    "17-unknown-unit.zip": '“Make A” ← “Product B”: the unit "kgg"',
    "20-nan-amount.zip": "“Make B” → “Carbon dioxide” .*no finite number",
    "21-amount-as-text.zip": '“Make B” → “Carbon dioxide” .*the text "3,0"',
    "27-not-a-zip.zip": "web page",
    "28-empty.zip": "no data sets found",
    "29-deep-json.zip": r"processes/deep\.json: nested too deeply",
    "31-xml-wrong-declaration.xml": "31-xml-wrong-declaration.xml",
}
TAKEN = {
    "00-good.zip": {},
    "10-missing-provider.zip": {},
    "11-no-provider-at-all.zip": {},
    "19-zero-reference.zip": {},
    "22-singular-loop.zip": {},
    "23-loop-gain-above-one.zip": {},
    "24-good-loop.zip": {},
    "25-bom-json.zip": {},
    "26-duplicate-key.zip": {"duplicate_key": 1, "no_reference": 1},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(shared, name):
    began = time.monotonic()
    with pytest.raises(SourceRefused, match=REFUSED[name]) as refusal:
        read(shared / "cases" / "dirty" / name)
    assert time.monotonic() - began < 2
    assert "TOP" not in str(refusal.value) and refusal.value.text.zh != refusal.value.text.en


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_and_what_is_said_of_it(shared, name):
    records, report = read(shared / "cases" / "dirty" / name)
    assert dict(report.seen) == TAKEN[name]
    assert len(processes(records)) == (1 if name.startswith("11") else 2)


def with_process(**values):
    documents = good()
    documents["processes/make-a.json"] |= values
    return documents


def parameter(name, formula):
    return {"name": name, "isInputParameter": False, "formula": formula}


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        (with_process(parameters=[parameter("a", "2*b"), parameter("b", "A+1")]), r"“Make A”: .*circle"),
        (with_process(exchanges=[exchange("a", 1, amountFormula="__import__('os')")]), "“Make A” → “Flow a”.*code"),
        (with_process(exchanges=[exchange("a", 1, amountFormula="9^9^9^9")]), "“Make A” → “Flow a”.*too large"),
        (with_process(exchanges=[exchange("a", "3,0")]), '“Make A” → “Flow a” .*the text "3,0"'),
        (with_process(exchanges=[exchange("a", True)]), "a number is expected"),
        (with_process(exchanges=[exchange("a", 10**400)]), "no finite number"),
        (with_process(exchanges=[exchange("a", 1, isInput="false")]), "true or false is expected"),
        (with_process(exchanges=[exchange(["a"], 1)]), "no id"),
        (with_process(exchanges={}), r"\[exchanges\]: a list"),
        (with_process(name=["x"]), r"\[name\]: a text"),
        (good() | {"processes/x.json": b'{"@type": "Process", "name": "\xff"}'}, r"x\.json: it is not UTF-8"),
        (good() | {"processes/x.json": "x".encode("utf-16")}, r"x\.json: it is not UTF-8"),
        (good() | {"processes/x.json": '{"@id": "x", "exchanges": ['}, r"x\.json: no sound JSON"),
        (good() | {"processes/x.json": "[" * 100_000}, r"x\.json: nested too deeply"),
        (good() | {"processes/x.json": '{"@id": "\\ud800"}'}, "no text"),
        (good() | {"processes/x.json": '{"@id": "a\\u0000"}'}, "no text"),
        (good() | {"processes/x.json": "[]"}, "one JSON object"),
    ],
)
def test_our_own_dirt(tmp_path, documents, said):
    with pytest.raises(SourceRefused, match=said):
        read(packed(documents, tmp_path / "x.zip"))


def test_a_byte_order_mark_is_no_dirt_and_a_key_given_twice_is_said(tmp_path):
    documents = good()
    documents["processes/make-b.json"] = b"\xef\xbb\xbf" + json.dumps(documents["processes/make-b.json"]).encode()
    documents["flows/a.json"] = json.dumps(documents["flows/a.json"])[:-1] + ', "cas": "1", "cas": "2"}'
    records, report = read(packed(documents, tmp_path / "x.zip"))
    assert len(processes(records)) == 2
    (notice,) = report.notices
    assert (notice.code, notice.place) == ("duplicate_key", "flows/a.json")


def test_nan_in_a_text_is_nothing(tmp_path):
    documents = good()
    documents["flows/a.json"]["description"] = float("nan")
    _, report = read(packed(documents, tmp_path / "x.zip"))
    assert dict(report.seen) == {"nan": 1}
