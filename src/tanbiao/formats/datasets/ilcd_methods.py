"""Impact methods of an ILCD source: one data set is one impact category."""

from __future__ import annotations

import re

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import number
from tanbiao.formats.datasets.ilcd_flows import Quantities
from tanbiao.formats.datasets.ilcd_index import Entry
from tanbiao.formats.datasets.ilcd_parts import reference, texts
from tanbiao.lca.datasets.records import ImpactFactorRecord, MethodRecord, text_of

#: "phosphate (Mass, kg, Emissions to fresh water)", as the reference methods of ILCD describe flows
_DESCRIBED = re.compile(r"(?P<name>.+?)\s*\((?P<property>[^(),]+),\s*(?P<unit>[^(),]+),\s*(?P<category>.+)\)")
_DOCUMENTED = ("impactCategory", "impactIndicator", "generalComment", "modelName", "modelDescription", "duration")


def method(entry: Entry, root: xml.Element, quantities: Quantities) -> MethodRecord:
    """One impact category with its factors. Raises SourceRefused for factors that are no numbers."""
    information = xml.child(root, "LCIAMethodInformation")
    about = xml.child(information, "dataSetInformation")
    names = texts(about, "name") or texts(about, "impactCategory") or {"": entry.uuid}
    place = f"{entry.name} · {text_of(names).en}"
    quantity, described = reference(xml.child(information, "quantitativeReference", "referenceQuantity"))
    factors = xml.children(xml.child(root, "characterisationFactors"), "factor")
    return MethodRecord(
        id=entry.uuid,
        names=names,
        method="; ".join(text_of({"": said}).en for said in texts(about, "methodology").values()),
        unit=xml.attribute(about, "olca_category_unit") or _unit(quantity, described, quantities),
        factors=tuple(_factor(factor, place, quantities) for factor in factors),
        documentation=_documentation(information, root, entry),
        place=entry.name,
    )


def _unit(quantity: str, described: str, quantities: Quantities) -> str:
    """Methods write "kg P equivalents" where others write the name of the quantity, whose unit is meant."""
    known = quantities.properties.get(quantity)
    is_name = known is not None and described in known.names.values()
    return quantities.unit(quantity) if is_name or not described else described


def _factor(element: xml.Element, place: str, quantities: Quantities) -> ImpactFactorRecord:
    flow, called = reference(xml.child(element, "referenceToFlowDataSet"))
    match = _DESCRIBED.fullmatch(called)
    value = xml.text(element, "meanValue") or xml.text(element, "resultingValue")
    return ImpactFactorRecord(
        flow=flow or f"?{called}",
        flow_name=match["name"] if match else called,
        value=number(value, f"{place} · {called}", ("特征化因子", "factor")),
        unit=match["unit"] if match else "",
        direction={"input": "in", "output": "out"}.get(xml.text(element, "exchangeDirection").lower(), ""),
        location=xml.text(element, "location"),
        flow_category=(match["category"],) if match else (),
    )


def _documentation(information: xml.Element | None, root: xml.Element, entry: Entry) -> dict[str, str]:
    found = {}
    for name in _DOCUMENTED:
        if information is not None and (said := xml.names(information.iter("{*}" + name))):
            found[name] = "\n".join(said.values())
    for name in ("referenceYear", "interventionLocation", "impactLocation", "typeOfDataSet"):
        if (element := next(root.iter("{*}" + name), None)) is not None and (text := (element.text or "").strip()):
            found[name] = text
    if entry.version:
        found["dataSetVersion"] = entry.version
    return found
