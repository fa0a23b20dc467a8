"""Everything that an ILCD process says of itself beyond the fields of a record: heading -> text, nothing left out.

A heading is the name of the element, followed by the language where there is one: "licenseType",
"useAdviceForDataSet (zh)". What stands where the schemas do not foresee it, extensions among it, is headed by its path.
"""

from __future__ import annotations

import re

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.ilcd.parts import all_texts

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
        "subType",  # the kind of a declaration
        "dataSetVersion",
        "referenceToDataSetFormat",
        "scenarios",  # of declarations, whose modules name them
    }
)
#: where the schemas place what processes say, for those who write it
PLACES = {
    name: f"{place}/{name}"
    for place, names in {
        "processInformation/dataSetInformation": "identifierOfSubDataSet synonyms referenceToExternalDocumentation",
        "processInformation/quantitativeReference": "functionalUnitOrOther",
        "processInformation/time": "timeRepresentativenessDescription",
        "processInformation/technology": """technologicalApplicability referenceToIncludedProcesses
            referenceToTechnologyPictogramme referenceToTechnologyFlowDiagrammOrPicture""",
        "processInformation/mathematicalRelations": "modelDescription",
        "modellingAndValidation/LCIMethodAndAllocation": """typeOfDataSet LCIMethodPrinciple
            deviationsFromLCIMethodPrinciple LCIMethodApproaches LCIMethodApproach deviationsFromLCIMethodApproaches
            modellingConstants deviationsFromModellingConstants referenceToLCAMethodDetails""",
        "modellingAndValidation/dataSourcesTreatmentAndRepresentativeness": """dataCutOffAndCompletenessPrinciples
            deviationsFromCutOffAndCompletenessPrinciples dataSelectionAndCombinationPrinciples
            deviationsFromSelectionAndCombinationPrinciples dataTreatmentAndExtrapolationsPrinciples
            deviationsFromTreatmentAndExtrapolationPrinciples referenceToDataHandlingPrinciples
            percentageSupplyOrProductionCovered annualSupplyOrProductionVolume samplingProcedure
            dataCollectionPeriod uncertaintyAdjustments useAdviceForDataSet""",
        "modellingAndValidation/completeness": """completenessProductModel completenessElementaryFlows
            completenessOtherProblemField""",
        "modellingAndValidation/validation/review": """reviewType reviewDetails otherReviewDetails
            referenceToNameOfReviewerAndInstitution referenceToCompleteReviewReport""",
        "modellingAndValidation/complianceDeclarations/compliance": """referenceToComplianceSystem
            approvalOfOverallCompliance""",
        "administrativeInformation/commissionerAndGoal": "referenceToCommissioner project intendedApplications",
        "administrativeInformation/dataGenerator": "referenceToPersonOrEntityGeneratingTheDataSet",
        "administrativeInformation/dataEntryBy": """timeStamp referenceToConvertedOriginalDataSetFrom
            referenceToPersonOrEntityEnteringTheData referenceToDataSetUseApproval""",
        "administrativeInformation/publicationAndOwnership": """dateOfLastRevision permanentDataSetURI
            referenceToPrecedingDataSetVersion workflowAndPublicationStatus referenceToUnchangedRepublication
            referenceToRegistrationAuthority registrationNumber referenceToOwnershipOfDataSet copyright
            referenceToEntitiesWithExclusiveAccess licenseType accessRestrictions""",
    }.items()
    for name in names.split()
}
_HEADING = re.compile(r"(.+?)(?: \(([A-Za-z][\w-]*)\))?")


def documentation_of(root: xml.Element) -> dict[str, str]:
    """All texts of the data set that no field holds."""
    found: dict[str, str] = {}
    for section in _SECTIONS:
        if (element := xml.child(root, section)) is not None:
            _gather(element, section, found)
    return found


def heading(name: str, language: str) -> str:
    """The heading of a text in a language."""
    return f"{name} ({language})" if language else name


def unheaded(said: str) -> tuple[str, str]:
    """Name (or path) and language of a heading."""
    match = _HEADING.fullmatch(said)
    return (match[1], match[2] or "") if match else (said, "")


def place_of(name: str) -> str:
    """The path of what a heading names, "" where ILCD has no place for it."""
    return name if name.partition("/")[0] in _SECTIONS else PLACES.get(name, "")


def _gather(element: xml.Element, path: str, found: dict[str, str]) -> None:
    """Walk down; depth is bounded by the parser."""
    for child in element:
        name = xml.local(child)
        if name in _HELD:
            continue
        where = f"{path}/{name}"
        if name.startswith("referenceTo"):
            _keep(name, where, "", all_texts(xml.children(child, "shortDescription")), found)
        elif len(child):
            _gather(child, where, found)
        else:
            for language, said in xml.names([child]).items():
                _keep(name, where, language, said, found)
        if name == "review" and (kind := xml.attribute(child, "type")):
            _keep("reviewType", PLACES["reviewType"], "", kind, found)
        if name in ("scope", "method") and (said := xml.attribute(child, "name")):  # of a review
            _keep(name, where, "", said, found)


def _keep(name: str, where: str, language: str, said: str, found: dict[str, str]) -> None:
    if not said:
        return
    key = heading(name if PLACES.get(name) == where else where, language)
    found[key] = f"{found[key]}\n{said}" if key in found else said
