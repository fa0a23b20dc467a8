"""Impact methods of an ILCD source: one data set is one impact category."""

from __future__ import annotations

import re
from collections.abc import Callable

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import number
from tanbiao.formats.datasets.ilcd.flows import Quantities
from tanbiao.formats.datasets.ilcd.index import Entry
from tanbiao.formats.datasets.ilcd.parts import reference, texts, uncertainty_of
from tanbiao.lca.datasets.records import ImpactFactorRecord, MethodRecord, text_of
from tanbiao.lca.datasets.report import Report

#: "phosphate (Mass, kg, Emissions to fresh water)", as the reference methods of ILCD describe flows
DESCRIBED = re.compile(r"(?P<name>.+?)\s*\((?P<property>[^(),]+),\s*(?P<unit>[^(),]+),\s*(?P<category>.+)\)")
LONGEST = 500  # characters of such a description
#: what a method says of itself besides -> where
PLACES = {
    name: f"{place}/{name}"
    for place, names in {
        "LCIAMethodInformation/dataSetInformation": ("impactCategory", "impactIndicator", "generalComment"),
        "LCIAMethodInformation/time": ("referenceYear", "duration"),
        "LCIAMethodInformation/geography": (
            "interventionLocation",
            "impactLocation",
            "geographicalRepresentativenessDescription",
        ),
        "LCIAMethodInformation/impactModel": ("modelName", "modelDescription", "consideredMechanisms"),
        "modellingAndValidation": ("useAdviceForDataSet",),
        "modellingAndValidation/LCIAMethodNormalisationAndWeighting": (
            "typeOfDataSet",
            "LCIAMethodPrinciple",
            "deviationsFromLCIAMethodPrinciple",
            "normalisation",
            "weighting",
        ),
        "administrativeInformation/publicationAndOwnership": ("copyright", "licenseType", "permanentDataSetURI"),
    }.items()
    for name in names
}


def method(
    entry: Entry, root: xml.Element, quantities: Quantities, unit_of: Callable[[str], str], report: Report
) -> MethodRecord:
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
        factors=tuple(_factor(factor, place, unit_of, report) for factor in factors),
        documentation=_documentation(root, entry),
        place=entry.name,
    )


def _unit(quantity: str, described: str, quantities: Quantities) -> str:
    """Methods write "kg P equivalents" where others write the name of the quantity, whose unit is meant."""
    known = quantities.properties.get(quantity)
    is_name = known is not None and described in known.names.values()
    return quantities.unit(quantity) if is_name or not described else described


def _factor(element: xml.Element, place: str, unit_of: Callable[[str], str], report: Report) -> ImpactFactorRecord:
    flow, called = reference(xml.child(element, "referenceToFlowDataSet"))
    match = DESCRIBED.fullmatch(called) if len(called) <= LONGEST else None
    where = f"{place} · {called}"
    value = number(xml.text(element, "meanValue"), where, ("特征化因子", "factor"))
    return ImpactFactorRecord(
        flow=flow or f"?{called}",
        flow_name=match["name"] if match else called,
        value=value,
        unit=match["unit"] if match else unit_of(flow),
        direction={"input": "in", "output": "out"}.get(xml.text(element, "exchangeDirection").lower(), ""),
        location=xml.text(element, "location"),
        flow_category=(match["category"],) if match else (),
        uncertainty=uncertainty_of(element, value, where, report),
    )


def _documentation(root: xml.Element, entry: Entry) -> dict[str, str]:
    found = {}
    for name, place in PLACES.items():
        *above, last = place.split("/")
        if said := xml.names(xml.children(xml.child(root, *above), last)):
            found[name] = "\n".join(said.values())
    if entry.version:
        found["dataSetVersion"] = entry.version
    return found
