"""Trees of ILCD data sets, grown path by path: namespaces and the order of elements are seen to here.

Elements may be put in any order; `finished` brings them into that of the schemas.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from lxml import etree

from tanbiao.formats.datasets.xml import LANGUAGE, Element
from tanbiao.lca.datasets.records import Names

ILCD, COMMON = "http://lca.jrc.it/ILCD/", "http://lca.jrc.it/ILCD/Common"
EPD = "http://www.iai.kit.edu/EPD/2013"
OLCA = "http://openlca.org/ilcd-extensions"  # attributes for what ILCD has no place for: default providers, formulas
PREFIXES = {COMMON: "common", EPD: "epd", OLCA: "olca"}

_TYPES = {
    "processDataSet": "process data set",
    "flowDataSet": "flow data set",
    "flowPropertyDataSet": "flow property data set",
    "unitGroupDataSet": "unit group data set",
    "LCIAMethodDataSet": "LCIA method data set",
    "sourceDataSet": "source data set",
}
# elements of the common namespace: wherever they stand, all below these, and these below dataSetInformation
_COMMON = frozenset({"UUID", "synonyms", "shortDescription", "other", "class", "category"})
_COMMON_BELOW = frozenset(
    {"time", "review", "dataQualityIndicators", "commissionerAndGoal", "dataGenerator", "dataEntryBy", "compliance"}
    | {"publicationAndOwnership", "classificationInformation"}
)
_EPD = frozenset({"scenarios", "scenario", "description", "subType", "amount", "referenceToUnitGroupDataSet"})

# Order of siblings in the schemas; the data sets agree in what they share. Others follow, in the order they were put.
_SCHEMAS = """
    processInformation flowInformation flowPropertiesInformation unitGroupInformation LCIAMethodInformation
    modellingAndValidation administrativeInformation exchanges LCIAResults flowProperties units
    characterisationFactors
    dataSetInformation quantitativeReference time geography technology mathematicalRelations impactModel
    UUID name baseName methodology synonyms classificationInformation elementaryFlowCategorization classification
    impactCategory impactIndicator CASNumber sumFormula
    referenceToReferenceFlow functionalUnitOrOther
    referenceYear dataSetValidUntil duration timeRepresentativenessDescription
    locationOfOperationSupplyOrProduction interventionLocation impactLocation descriptionOfRestrictions
    technologyDescriptionAndIncludedProcesses referenceToIncludedProcesses technologicalApplicability
    referenceToTechnologyPictogramme referenceToTechnologyFlowDiagrammOrPicture
    modelName modelDescription variableParameter
    LCIMethodAndAllocation LCIMethod typeOfDataSet LCIMethodPrinciple deviationsFromLCIMethodPrinciple
    LCIMethodApproaches LCIMethodApproach deviationsFromLCIMethodApproaches modellingConstants
    deviationsFromModellingConstants referenceToLCAMethodDetails
    dataSourcesTreatmentAndRepresentativeness dataCutOffAndCompletenessPrinciples
    deviationsFromCutOffAndCompletenessPrinciples dataSelectionAndCombinationPrinciples
    deviationsFromSelectionAndCombinationPrinciples dataTreatmentAndExtrapolationsPrinciples
    deviationsFromTreatmentAndExtrapolationPrinciples referenceToDataHandlingPrinciples referenceToDataSource
    percentageSupplyOrProductionCovered annualSupplyOrProductionVolume samplingProcedure dataCollectionPeriod
    uncertaintyAdjustments useAdviceForDataSet
    completeness completenessProductModel completenessElementaryFlows completenessOtherProblemField
    validation review scope dataQualityIndicators dataQualityIndicator reviewDetails
    referenceToNameOfReviewerAndInstitution otherReviewDetails referenceToCompleteReviewReport
    complianceDeclarations compliance referenceToComplianceSystem approvalOfOverallCompliance
    commissionerAndGoal referenceToCommissioner project intendedApplications
    dataGenerator referenceToPersonOrEntityGeneratingTheDataSet
    dataEntryBy timeStamp referenceToDataSetFormat referenceToConvertedOriginalDataSetFrom
    referenceToPersonOrEntityEnteringTheData referenceToDataSetUseApproval
    publicationAndOwnership dateOfLastRevision dataSetVersion referenceToPrecedingDataSetVersion
    permanentDataSetURI workflowAndPublicationStatus referenceToUnchangedRepublication
    referenceToRegistrationAuthority registrationNumber referenceToOwnershipOfDataSet copyright
    referenceToEntitiesWithExclusiveAccess licenseType accessRestrictions
    referenceToFlowDataSet referenceToFlowPropertyDataSet referenceToLCIAMethodDataSet location functionType
    exchangeDirection referenceToVariable formula meanAmount resultingAmount minimumAmount maximumAmount
    meanValue minimumValue maximumValue uncertaintyDistributionType relativeStandardDeviation95In allocations
    dataDerivationTypeStatus comment amount referenceToUnitGroupDataSet
    generalComment referenceToExternalDocumentation other
"""
_ORDER = {name: place for place, name in enumerate(_SCHEMAS.split())}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SPACE = uuid.UUID("5f9c1d52-8e0b-5a4b-9f3e-6f6d2b1c7a10")  # of the UUIDs that stand for other ids


def planted(kind: str) -> Element:
    """The root of a data set."""
    namespace = ILCD + kind.removesuffix("DataSet")[0].upper() + kind.removesuffix("DataSet")[1:]
    declared: Any = {None: namespace, **{prefix: space for space, prefix in PREFIXES.items()}}
    return etree.Element(f"{{{namespace}}}{kind}", {"version": "1.1"}, nsmap=declared)


def grow(element: Element, path: str) -> Element:
    """The element at this path, made where it is not there yet."""
    for name in path.split("/"):
        tag = _tag(element, name)
        found = element.find(tag)
        element = etree.SubElement(element, tag) if found is None else found
    return element


def put(element: Element, path: str, text: str = "", language: str = "") -> Element:
    """A new element at the end of this path, beside others of its name."""
    parent, _, name = path.rpartition("/")
    above = grow(element, parent) if parent else element
    made = etree.SubElement(above, _tag(above, name))
    made.text = _NOT_XML.sub("", text) or None
    if language:
        made.set(LANGUAGE, language)
    return made


def put_names(element: Element, path: str, names: Names) -> None:
    """One element for each language."""
    for language, said in names.items():
        put(element, path, said, language)


def point(element: Element, path: str, kind: str, to: str, names: Names) -> Element:
    """A reference to a data set by UUID and name; without UUID where it is not one of ours."""
    made = put(element, path)
    made.set("type", _TYPES[kind])
    if to:
        made.set("refObjectId", to)
    put_names(made, "shortDescription", names)
    return made


def extend(element: Element, name: str, value: str) -> None:
    """An attribute of the extensions of openLCA."""
    if value:
        element.set(f"{{{OLCA}}}{name}", _NOT_XML.sub("", value))


def mark(element: Element, name: str, value: str) -> None:
    """An attribute of the extensions for declarations."""
    element.set(f"{{{EPD}}}{name}", _NOT_XML.sub("", value))


def finished(root: Element) -> Element:
    """The tree with its elements in the order of the schemas."""
    for element in root.iter():
        if len(element) > 1:
            element[:] = sorted(element, key=lambda child: _ORDER.get(_local(child), len(_ORDER)))
    return root


def as_uuid(id: str) -> str:
    """The id itself where it is a UUID, as ILCD wants, else one that always stands for it."""
    return id if _UUID.fullmatch(id) else str(uuid.uuid5(_SPACE, id))


def _tag(parent: Element, name: str) -> str:
    above = _local(parent)
    root = str(parent.getroottree().getroot().tag)
    common_here = above == "dataSetInformation" and name == "generalComment"
    if above == "dataSetInformation" and name == "name":  # in flows and processes a group of their own
        common_here = not root.endswith(("processDataSet", "flowDataSet"))
    if name in _EPD and above in (*_EPD, "other"):
        space = EPD
    elif name in _COMMON or above in _COMMON_BELOW or above in ("elementaryFlowCategorization", "classification"):
        space = COMMON
    else:
        space = COMMON if common_here else root[1:].partition("}")[0]
    if above == "time" and root.endswith("LCIAMethodDataSet"):
        space = root[1:].partition("}")[0]
    return f"{{{space}}}{name}"


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
