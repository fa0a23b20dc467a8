"""The one door: what a source is, what is counted, and what holds for every format."""

import json
import zipfile

import pytest
from openlca_cast import good, packed, processes, read

from tanbiao.formats.datasets.reading import formats, read_source
from tanbiao.lca.datasets.report import Report, SourceRefused


def test_every_format_is_known_by_its_own_id():
    ids = [each.id for each in formats()]
    assert {"openlca", "ilcd", "tidas", "ecospold1", "ecospold2", "simapro"} <= set(ids)
    assert len(ids) == len(set(ids)) == 9


def test_counts_and_progress(tmp_path):
    report, told = Report(), []
    path = packed(good(), tmp_path / "x.zip")
    for _ in read_source(path, report, lambda done, total: told.append((done, total))):
        pass
    assert report.facts["format"] == "openlca"
    expected = {"processes": 2, "flows": 3, "exchanges": 5, "elementary_exchanges": 2, "product_exchanges": 3}
    assert {key: report.counts[key] for key in expected} == expected
    assert told[-1] == (7, 7)
    assert not report.notices


def test_a_source_of_no_known_format_says_what_it_looks_like(tmp_path):
    for name, data, said in (
        ("x.doc", b"hello", r"it holds 1 × \.doc"),
        ("x.pdf", b"%PDF-1.7", "a PDF"),
        ("x.zolca", b"x", "backup of an openLCA database"),
        ("x.bw2package", b"x", "objects that could run"),
        ("x.xml", b"<svg/>", "XML with the root svg"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SourceRefused, match=said) as refusal:
            list(read_source(tmp_path / name, Report()))
        assert "openLCA JSON-LD" in str(refusal.value)


def test_xml_with_a_type_declaration_is_refused_as_that(tmp_path):
    (tmp_path / "x.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(SourceRefused, match="declaration"):
        list(read_source(tmp_path / "x.xml", Report()))


def test_one_id_for_two_processes_is_refused_naming_both_files(tmp_path):
    documents = good()
    documents["processes/other.json"] = documents["processes/make-b.json"] | {"name": "Make B otherwise"}
    with pytest.raises(SourceRefused, match=r"processes/make-b\.json, processes/other\.json.*one id make-b"):
        read(packed(documents, tmp_path / "x.zip"))


def test_the_same_process_twice_is_read_once(tmp_path):
    documents = good()
    documents["processes/other.json"] = json.dumps(documents["processes/make-b.json"], indent=2)
    records, report = read(packed(documents, tmp_path / "x.zip"))
    assert len(processes(records)) == 2 == report.counts["processes"]
    assert report.seen["repeated"] == 1


def test_a_process_without_reference_flow_is_kept_and_said(tmp_path):
    documents = good()
    documents["processes/make-b.json"]["exchanges"] = []
    records, report = read(packed(documents, tmp_path / "x.zip"))
    assert processes(records)["make-b"].references == ()
    assert report.counts["without_reference"] == report.seen["no_reference"] == 1


def test_nothing_but_units_is_taken_with_a_warning_and_nothing_at_all_refused(tmp_path):
    documents = {name: document for name, document in good().items() if name.startswith("unit_groups")}
    records, report = read(packed(documents, tmp_path / "x.zip"))
    assert records == []
    assert report.seen["no_datasets"] == 1
    with pytest.raises(SourceRefused):
        read(packed({"readme.md": "hello"}, tmp_path / "y.zip"))


def test_an_archive_in_a_zip_is_a_source_of_its_own(tmp_path):
    inner = packed(good(), tmp_path / "data.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as outer:
        outer.writestr("some/data.zip", inner)
        outer.writestr("README.md", "What it is")
    with pytest.raises(SourceRefused, match=r"some/data\.zip.*one by one"):
        read(tmp_path / "outer.zip")


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p["exchanges"][1].update(amount=-2.0),  # Python's hash of -2.0 is that of -1.0
        lambda p: p.update(defaultAllocationMethod="ECONOMIC_ALLOCATION"),
    ],
)
def test_data_sets_that_differ_a_little_are_not_taken_for_one(tmp_path, change):
    documents = good()
    first = documents["processes/make-b.json"]
    first["exchanges"][1]["amount"] = -1.0
    documents["processes/again.json"] = second = json.loads(json.dumps(first))
    change(second)
    with pytest.raises(SourceRefused, match=r"again\.json.*two different data sets carry one id make-b"):
        read(packed(documents, tmp_path / "x.zip"))


def test_what_would_fill_the_memory_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("tanbiao.formats.datasets.json.MAX_VALUES", 100)
    documents = good()
    documents["processes/make-a.json"]["tags"] = [{}] * 200
    with pytest.raises(SourceRefused, match=r"make-a\.json: it holds more than .* values; divide it"):
        read(packed(documents, tmp_path / "x.zip"))


def test_a_backslash_that_stands_for_itself_is_text(tmp_path):
    documents = good()
    documents["processes/make-a.json"]["name"] = "C:\\u0000 é"
    records, _ = read(packed(documents, tmp_path / "x.zip"))
    assert processes(records)["make-a"].text.en == "C:\\u0000 é"
