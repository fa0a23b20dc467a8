"""A small cast of ILCD data sets, as text, and how tests read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tanbiao.formats.datasets.reading import read_source
from tanbiao.lca.datasets.records import Record
from tanbiao.lca.datasets.report import Report

MASS = "93a60a56-a3c8-11da-a746-0800200b9a66"
STEEL = "00000001-0000-4000-8000-000000000001"
CO2 = "00000001-0000-4000-8000-000000000002"
SLAG = "00000001-0000-4000-8000-000000000003"
ORE = "00000001-0000-4000-8000-000000000004"
MELTING = "00000002-0000-4000-8000-000000000001"
MINING = "00000002-0000-4000-8000-000000000002"

_SPACES = 'xmlns:common="http://lca.jrc.it/ILCD/Common" xmlns:epd="http://www.iai.kit.edu/EPD/2013" version="1.1"'


def units(uuid: str = "u1", reference: str = "0") -> str:
    return f"""<unitGroupDataSet xmlns="http://lca.jrc.it/ILCD/UnitGroup" {_SPACES}><unitGroupInformation>
      <dataSetInformation><common:UUID>{uuid}</common:UUID></dataSetInformation><quantitativeReference>
      <referenceToReferenceUnit>{reference}</referenceToReferenceUnit></quantitativeReference></unitGroupInformation>
      <units><unit dataSetInternalID="0"><name>kg</name><meanValue>1.0</meanValue></unit>
      <unit dataSetInternalID="1"><name>t</name><meanValue>1000</meanValue></unit></units></unitGroupDataSet>"""


def quantity(uuid: str = MASS, name: str = "Mass", group: str = "u1") -> str:
    return f"""<flowPropertyDataSet xmlns="http://lca.jrc.it/ILCD/FlowProperty" {_SPACES}><flowPropertiesInformation>
      <dataSetInformation><common:UUID>{uuid}</common:UUID><common:name xml:lang="en">{name}</common:name>
      </dataSetInformation><quantitativeReference><referenceToReferenceUnitGroup refObjectId="{group}"/>
      </quantitativeReference></flowPropertiesInformation></flowPropertyDataSet>"""


def flow(uuid: str, kind: str = "Product flow", name: str = "", more: str = "", measures: str = "") -> str:
    name = name or f'<baseName xml:lang="en">Flow {uuid[-1]}</baseName>'
    return f"""<flowDataSet xmlns="http://lca.jrc.it/ILCD/Flow" {_SPACES}><flowInformation><dataSetInformation>
      <common:UUID>{uuid}</common:UUID><name>{name}</name>{more}</dataSetInformation><quantitativeReference>
      <referenceToReferenceFlowProperty>7</referenceToReferenceFlowProperty></quantitativeReference></flowInformation>
      <modellingAndValidation><LCIMethod><typeOfDataSet>{kind}</typeOfDataSet></LCIMethod></modellingAndValidation>
      <flowProperties><flowProperty dataSetInternalID="7"><referenceToFlowPropertyDataSet refObjectId="{MASS}"/>
      <meanValue>1.0</meanValue></flowProperty>{measures}</flowProperties></flowDataSet>"""


def exchange(number: int, of: str, direction: str = "Output", inner: str = "", marks: str = "") -> str:
    amounts = inner or "<meanAmount>2</meanAmount><resultingAmount>1</resultingAmount>"
    return f"""<exchange dataSetInternalID="{number}" {marks} xmlns:olca="http://openlca.org/ilcd-extensions">
      <referenceToFlowDataSet type="flow data set" refObjectId="{of}"><common:shortDescription xml:lang="en">named
      </common:shortDescription></referenceToFlowDataSet>
      <exchangeDirection>{direction}</exchangeDirection>{amounts}</exchange>"""


def process(
    uuid: str = MELTING,
    exchanges: str = "",
    references: tuple[int, ...] = (0,),
    version: str = "01.00.000",
    **parts: Any,
) -> str:
    """parts: name, about, information, modelling, more"""
    name = parts.get("name", '<baseName xml:lang="en">Melting</baseName><baseName xml:lang="zh">冶炼</baseName>')
    wanted = "".join(f"<referenceToReferenceFlow>{number}</referenceToReferenceFlow>" for number in references)
    return f"""<processDataSet xmlns="http://lca.jrc.it/ILCD/Process" {_SPACES}><processInformation>
      <dataSetInformation><common:UUID>{uuid}</common:UUID><name>{name}</name>{parts.get("about", "")}
      </dataSetInformation><quantitativeReference type="Reference flow(s)">{wanted}</quantitativeReference>
      {parts.get("information", "")}</processInformation>
      <modellingAndValidation>{parts.get("modelling", "")}</modellingAndValidation>
      <administrativeInformation><publicationAndOwnership>
      <common:dataSetVersion>{version}</common:dataSetVersion></publicationAndOwnership></administrativeInformation>
      <exchanges>{exchanges or exchange(0, STEEL)}</exchanges>{parts.get("more", "")}</processDataSet>"""


GROUND = {"unitgroups/u.xml": units(), "flowproperties/mass.xml": quantity(), "flows/steel.xml": flow(STEEL)}


def read(folder: Path, files: dict[str, str]) -> tuple[list[Record], Report]:
    """What a folder of these files holds."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    report = Report()
    return list(read_source(folder, report)), report


def only(records: list[Record], kind: type) -> Any:
    """The one record of a kind."""
    found = [record for record in records if isinstance(record, kind)]
    assert len(found) == 1, found
    return found[0]
