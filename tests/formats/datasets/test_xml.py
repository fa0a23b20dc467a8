"""The door to XML lets nothing dangerous in, and nothing that would be read wrongly."""

from __future__ import annotations

import io

import pytest

from tanbiao.formats.datasets import xml
from tanbiao.lca.datasets.report import SourceRefused

EXPANDING = b"""<?xml version="1.0"?>
<!DOCTYPE d [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<d x="&c;">&c;</d>"""


def iterated(data: bytes, place: str) -> list[xml.Element]:
    return list(xml.iterate(io.BytesIO(data), place, "d"))


@pytest.mark.parametrize("door", [xml.parse, iterated])
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (EXPANDING, "entities are not accepted"),
        (b"<!DOCTYPE d [<!ENTITY x SYSTEM 'secret.txt'>]><d>&x;</d>", "entities are not accepted"),
        (b"<!DOCTYPE d SYSTEM 'd.dtd'><d/>", "entities are not accepted"),
        (
            "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE d [<!ENTITY x 'y'>]><d/>".encode("utf-16"),
            "entities are not",
        ),
        (b"<?xml version='1.0' encoding='UTF-8'?>\n<d>\xba\xae\xc4\xe0</d>", "not in the encoding the XML declares"),
        (b"<?xml version='1.0' encoding='GB18030'?>\n<d>\xff\xff</d>", "not in the encoding the XML declares"),
        (b"<?xml version='1.0' encoding='utf-9'?><d/>", "not in the encoding the XML declares"),
        (b"<d><e></d>", "not well-formed"),
        (b"<d>&undefined;</d>", "not well-formed|no element"),
        (b"", "not well-formed"),
        (b"<d>" * 100_000 + b"</d>" * 100_000, "depth"),
    ],
)
def test_refused_by_name_of_the_entry(door, data, said):
    with pytest.raises(SourceRefused, match=said) as refusal:
        door(data, "processes/p.xml")
    assert refusal.value.text.zh.startswith("processes/p.xml")
    assert "lol" not in str(refusal.value)


def test_a_comment_may_speak_of_document_types():
    assert xml.parse(b"<!-- no <!DOCTYPE here --><d>1</d>", "p").text == "1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "GB18030"])
def test_declared_encodings_are_read(encoding):
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    data = f"<?xml version='1.0' encoding='{declared}'?><d>山西㙟焦化厂</d>".encode(encoding)
    assert xml.parse(data, "p").text == "山西㙟焦化厂"
    assert [d.text for d in xml.iterate(io.BytesIO(data), "p", "other")] == []


def test_elements_are_given_one_by_one_and_let_go():
    data = b"<all>" + b"".join(b"<d xmlns='urn:x'><n>%d</n></d>" % n for n in range(50_000)) + b"</all>"
    seen = []
    for element in xml.iterate(io.BytesIO(data), "p", "d"):
        seen.append(int(xml.text(element, "n")))
        parent = element.getparent()
        assert parent is not None and len(parent) < 5_000  # at most those of one chunk
    assert seen == list(range(50_000))


def test_texts_by_language():
    root = xml.parse(
        b"""<r xmlns:c="urn:c" c:place="here"><n xml:lang="en"> Steel </n><n xml:lang="zh">\xe9\x92\xa2</n><n/>
        <n xml:lang="en">bar</n><n>plain <b>and bold</b></n></r>""",
        "p",
    )
    assert xml.names(xml.children(root, "n"), "; ") == {"en": "Steel; bar", "zh": "钢", "": "plain and bold"}
    assert xml.attribute(root, "place") == "here"
    assert xml.attribute(root, "absent") == xml.text(root, "n", "absent") == ""


def test_dirty_cases(shared):
    for name, said in [
        ("05-entity-expansion.xml", "entities"),
        ("06-external-entity.xml", "entities"),
        ("31-xml-wrong-declaration.xml", "encoding"),
    ]:
        with pytest.raises(SourceRefused, match=said) as refusal:
            xml.parse((shared / "cases" / "dirty" / name).read_bytes(), name)
        assert name in str(refusal.value)


def test_what_would_fill_the_memory_is_not_read(monkeypatch):
    monkeypatch.setattr(xml, "MAX_MARKS", 50)
    full = b"<a>" + b'<b c=""/>' * 40 + b"</a>"
    with pytest.raises(SourceRefused, match=r"x\.xml.*divide it"):
        xml.parse(full, "x.xml")
    with pytest.raises(SourceRefused, match=r"x\.xml.*divide it"):
        list(xml.iterate(io.BytesIO(full), "x.xml", "d"))
