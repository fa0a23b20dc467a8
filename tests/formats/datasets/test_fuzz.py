"""Whatever is done to a package, reading it ends in records, or in a refusal that can be shown; in nothing else."""

import io
import json
import math
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openlca_cast import exchange, good, packed, read

from tanbiao.formats.datasets.formulas import value_of
from tanbiao.formats.datasets.openlca_formulas import as_openlca
from tanbiao.lca.datasets.records import ProcessRecord
from tanbiao.lca.datasets.report import SourceRefused
from tanbiao.lca.faults import Fault

quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["kg", "a", "b"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10) | st.just("@id"), inner, max_size=3)
    ),
    max_leaves=5,
)


def rich():
    """The good package with everything in it that is read."""
    documents = good()
    documents["processes/make-a.json"] |= {
        "parameters": [{"name": "p", "value": 2.0, "isInputParameter": True}, {"name": "q", "formula": "p*2"}],
        "allocationFactors": [{"allocationType": "PHYSICAL_ALLOCATION", "product": {"@id": "a"}, "value": 1.0}],
        "processDocumentation": {"validFrom": "2020-01-01", "sources": [{"@id": "s", "name": "S"}]},
        "otherProperties": {"languages": {"name": {"zh": "甲"}}, "documentation": {"x": "y"}},
        "category": {"@id": "c", "name": "C", "categoryPath": ["top"]},
        "location": {"@id": "l", "name": "L"},
    }
    documents["processes/make-a.json"]["exchanges"].append(
        exchange(
            "absent",
            1.0,
            amountFormula="p+q",
            uncertainty={"distributionType": "NORMAL_DISTRIBUTION", "mean": 1, "sd": 0},
        )
    )
    documents["lcia_categories/gwp.json"] = {"@id": "g", "impactFactors": [{"flow": {"@id": "co2"}, "value": 1.0}]}
    return documents


def survives(path: Path) -> None:
    try:
        records, report = read(path)
    except SourceRefused as refusal:
        assert refusal.text.zh and refusal.text.en
        return
    report.document()
    for record in records:
        repr(record).encode()
        if isinstance(record, ProcessRecord):
            assert all(math.isfinite(e.counted) for e in record.exchanges)


def places(node, path=()):
    """Where in a document something can be put."""
    yield path
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(value, (*path, key))


def put(node, path, value):
    if not path:
        return value
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[path[0]] = put(node[path[0]], path[1:], value)
    return copy


@quick
@given(data=st.data())
def test_any_value_anywhere(tmp_path, data):
    documents = rich()
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(documents)))
        path = data.draw(st.sampled_from(list(places(documents[name]))))
        documents[name] = put(documents[name], path, data.draw(values))
    written = {name: json.dumps(document) for name, document in documents.items()}
    survives(packed(written, tmp_path / "x.zip"))


@pytest.fixture(scope="module")
def archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, document in rich().items():
            package.writestr(name, json.dumps(document))
    return stream.getvalue()


@quick
@given(flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8))
def test_flipped_bytes(tmp_path, archive, flips):
    data = bytearray(archive)
    for where, byte in flips:
        data[int(where * len(data))] = byte
    (tmp_path / "x.zip").write_bytes(data)
    survives(tmp_path / "x.zip")


@quick
@given(flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8))
def test_flipped_bytes_of_the_list_of_entries(tmp_path, archive, flips):
    data = bytearray(archive)
    begins = data.index(b"PK\x01\x02")
    for where, byte in flips:
        data[begins + int(where * (len(data) - begins))] = byte
    (tmp_path / "x.zip").write_bytes(data)
    survives(tmp_path / "x.zip")


@quick
@given(cut=st.floats(0, 1), tail=st.binary(max_size=30))
def test_cut_short(tmp_path, archive, cut, tail):
    (tmp_path / "x.zip").write_bytes(archive[: int(cut * len(archive))] + tail)
    survives(tmp_path / "x.zip")


@quick
@given(name=st.text(max_size=30), data=st.binary(max_size=200))
def test_any_entry(tmp_path, name, data):
    documents = rich() | {f"x{name}".encode("utf-8", "replace").decode(): data}
    try:
        path = packed(documents, tmp_path / "x.zip")
    except ValueError:
        return  # the writer of zips refuses it
    survives(path)


@quick
@given(text=st.text(alphabet="0123456789.eE+-*/^()<>=;&|!,_ abxÄ三if", max_size=40) | st.text(max_size=40))
def test_any_formula(text):
    with suppress(SourceRefused, Fault):
        assert math.isfinite(value_of(as_openlca(text), {"a": 1.0, "b": 2.0}, "here"))


@quick
@given(ending=st.sampled_from([".json", ".xml", ".spold", ".csv", ".zip", ".txt", ""]), data=st.binary(max_size=300))
def test_any_file(tmp_path, ending, data):
    """Through the one door, whatever format may take it for its own."""
    (tmp_path / f"x{ending}").write_bytes(data)
    survives(tmp_path / f"x{ending}")
