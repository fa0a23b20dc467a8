"""TIDAS is ILCD in JSON: read as it is written by others, and by us."""

from __future__ import annotations

import json
import zipfile

import pytest
from ilcd_cast import GROUND, MELTING, STEEL, exchange, only, process
from lxml import etree

from tanbiao.formats.datasets.ilcd.tidas_writer import write_tidas
from tanbiao.formats.datasets.ilcd.writer import write_ilcd
from tanbiao.formats.datasets.reading import read_source
from tanbiao.lca.datasets.records import Direction, FlowKind, FlowRecord, ProcessRecord
from tanbiao.lca.datasets.report import Report, SourceRefused


def text(said, language="en"):
    return {"@xml:lang": language, "#text": said}


def document(**changes):
    """A process as the platform of TianGong exports them: keys in no order, one element or a list of them."""
    made = {
        "@version": "1.1",
        "@xmlns": "http://lca.jrc.it/ILCD/Process",
        "@xmlns:common": "http://lca.jrc.it/ILCD/Common",
        "exchanges": {
            "exchange": [
                {
                    "@dataSetInternalID": "0",
                    "meanAmount": "1000",
                    "exchangeDirection": "Output",
                    "referenceToFlowDataSet": {
                        "@refObjectId": STEEL,
                        "@type": "flow data set",
                        "common:shortDescription": [text("Steel"), text("钢", "zh")],
                    },
                },
                {
                    "@dataSetInternalID": "1",
                    "meanAmount": 2.5,
                    "resultingAmount": "3",
                    "exchangeDirection": "Input",
                    "generalComment": text("dry"),
                    "referenceToFlowDataSet": {"@refObjectId": "f2", "common:shortDescription": text("Ore")},
                },
            ]
        },
        "processInformation": {
            "dataSetInformation": {
                "name": {"baseName": [text("Melting"), text("冶炼", "zh")]},
                "common:UUID": MELTING,
                "classificationInformation": {
                    "common:classification": {"common:class": [{"@level": "0", "@classId": "C", "#text": "Metals"}]}
                },
            },
            "quantitativeReference": {"@type": "Reference flow(s)", "referenceToReferenceFlow": "0"},
            "time": {"common:referenceYear": 2022},
            "geography": {"locationOfOperationSupplyOrProduction": {"@location": "CN-SX"}},
        },
        "administrativeInformation": {"publicationAndOwnership": {"common:dataSetVersion": "01.01.000"}},
    }
    return {"processDataSet": made | changes}


def read(tmp_path, made, name="processes/p.json"):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(made if isinstance(made, str) else json.dumps(made, ensure_ascii=False), "utf-8")
    report = Report()
    return list(read_source(tmp_path, report)), report


def test_a_process_is_read(tmp_path):
    records, report = read(tmp_path, document())
    made = only(records, ProcessRecord)
    assert report.facts["format"] == "tidas"
    assert (made.id, made.names, made.version) == (MELTING, {"en": "Melting", "zh": "冶炼"}, "01.01.000")
    assert (made.location, made.year_from, made.category) == ("CN-SX", 2022, ("Metals",))
    assert [(e.flow, e.direction, e.amount, e.reference) for e in made.exchanges] == [
        (STEEL, Direction.OUT, 1000.0, True),
        ("f2", Direction.IN, 3.0, False),
    ]
    assert made.exchanges[1].comment == {"en": "dry"}
    flows = [r for r in records if isinstance(r, FlowRecord)]
    assert [(f.names, f.kind) for f in flows] == [
        ({"en": "Steel", "zh": "钢"}, FlowKind.UNKNOWN),
        ({"en": "Ore"}, FlowKind.UNKNOWN),
    ]


def test_the_same_as_ilcd(tmp_path):
    """Data sets turned into JSON element by element are read as the XML they come from."""
    content = GROUND | {"processes/p.xml": process(exchanges=exchange(0, STEEL) + exchange(1, STEEL, "Input"))}

    def as_json(element):
        found = {
            "@" + ("xml:lang" if key.endswith("}lang") else etree.QName(key).localname): value
            for key, value in element.attrib.items()
        }
        for child in element:
            prefix = "common:" if "Common" in child.tag else ""
            found.setdefault(prefix + etree.QName(child).localname, []).append(as_json(child))
        return found | ({"#text": element.text} if element.text and element.text.strip() else {})

    (tmp_path / "xml").mkdir()
    (tmp_path / "json").mkdir()
    for number, said in enumerate(content.values()):
        root = etree.fromstring(said)
        (tmp_path / "xml" / f"{number}.x.xml").write_text(said)
        (tmp_path / "json" / f"{number}.x.json").write_text(json.dumps({etree.QName(root).localname: as_json(root)}))
    one, other = (
        [str(r).replace(".json", ".xml") for r in read_source(tmp_path / kind, Report())] for kind in ("xml", "json")
    )
    assert one == other


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (document(exchanges={"exchange": {"meanAmount": "3,0", "@dataSetInternalID": "0"}}), "no finite number"),
        (document(exchanges={"exchange": {"meanAmount": float("nan")}}), "no finite number"),
        (document(**{"not a name": "x"}), "malformed"),
        (document(**{"#text": ["x"]}), "malformed"),
        (document(x="\x00"), "no text|malformed"),
        ('{"processDataSet": {"common:UUID": "a", "a": 1, "a": 2}}', "given twice"),
        ('{"processDataSet": {"common:UUID": "a", "b": ' + '{"a":' * 300 + "1" + "}" * 300 + "}}", "too deeply"),
        ('{"processDataSet": {"common:UUID": "a", "b": ' + "[" * 100_000 + "}}", "too deeply|no sound"),
        ('{"processDataSet": {"common:UUID": ', "no sound JSON"),
    ],
)
def test_what_is_malformed_is_refused_by_its_entry(tmp_path, made, said):
    with pytest.raises(SourceRefused, match=said) as refusal:
        read(tmp_path, made)
    assert "p.json" in str(refusal.value)


def test_ilcd_and_tidas_hold_the_same(tmp_path):
    read_first, _ = read(tmp_path, document())
    write_tidas(read_first, tmp_path / "a.zip")
    write_ilcd(read_first, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        name = f"ILCD/processes/{MELTING}.json"
        made = json.loads(archive.read(name))["processDataSet"]
    assert made["@xmlns:common"] == "http://lca.jrc.it/ILCD/Common"
    assert made["processInformation"]["dataSetInformation"]["common:UUID"] == MELTING
    assert made["processInformation"]["dataSetInformation"]["name"]["baseName"][1] == text("冶炼", "zh")
    again = [[str(r).replace(".json", ".xml") for r in read_source(tmp_path / z, Report())] for z in ("a.zip", "b.zip")]
    assert again[0] == again[1]
