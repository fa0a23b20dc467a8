"""Everything that an ILCD process says of itself beyond the fields of a record: heading -> text, nothing left out.

A heading is the name of the element, followed by the language where there is one: "licenseType",
"useAdviceForDataSet (zh)". Where two elements of one name stand at different places the second is headed by its path.
"""

from __future__ import annotations

import re

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.ilcd_parts import all_texts

_SECTIONS = ("processInformation", "modellingAndValidation", "administrativeInformation")
#: what the record holds in fields of its own, or what says nothing
_HELD = frozenset(
    {
        "UUID",
        "name",
        "classificationInformation",
        "generalComment",
        "referenceToReferenceFlow",
        "referenceYear",
        "dataSetValidUntil",
        "descriptionOfRestrictions",
        "technologyDescriptionAndIncludedProcesses",
        "variableParameter",
        "referenceToDataSource",
        "dataQualityIndicators",
        "dataSetVersion",
        "referenceToDataSetFormat",
        "scenarios",  # of declarations, whose modules name them
    }
)
_HEADING = re.compile(r"(.+?)(?: \(([A-Za-z][\w-]*)\))?")


def documentation_of(root: xml.Element) -> dict[str, str]:
    """All texts of the data set that no field holds."""
    found: dict[str, str] = {}
    places: dict[str, str] = {}
    for section in _SECTIONS:
        if (element := xml.child(root, section)) is not None:
            _gather(element, section, found, places)
    return found


def heading(name: str, language: str) -> str:
    """The heading of a text in a language."""
    return f"{name} ({language})" if language else name


def unheaded(said: str) -> tuple[str, str]:
    """Name (or path) and language of a heading."""
    match = _HEADING.fullmatch(said)
    return (match[1], match[2] or "") if match else (said, "")


def _gather(element: xml.Element, path: str, found: dict[str, str], places: dict[str, str]) -> None:
    """Walk down; depth is bounded by the parser."""
    for child in element:
        name = xml.local(child)
        if name in _HELD:
            continue
        where = f"{path}/{name}"
        if name.startswith("referenceTo"):
            _keep(name, where, "", all_texts(xml.children(child, "shortDescription")), found, places)
        elif len(child):
            _gather(child, where, found, places)
        else:
            for language, said in xml.names([child]).items():
                _keep(name, where, language, said, found, places)
        if name == "review" and (kind := xml.attribute(child, "type")):
            _keep("reviewType", f"{where}/reviewType", "", kind, found, places)
        if name in ("scope", "method") and (said := xml.attribute(child, "name")):  # of a review
            _keep(name, where, "", said, found, places)


def _keep(name: str, where: str, language: str, said: str, found: dict[str, str], places: dict[str, str]) -> None:
    if not said:
        return
    key = heading(name if places.setdefault(name, where) == where else where, language)
    found[key] = f"{found[key]}\n{said}" if key in found else said
