"""What EcoSpold 1 says in words: names in two languages, years, sources, documentation."""

from __future__ import annotations

from collections.abc import Iterator

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import year_of
from tanbiao.formats.datasets.xml import Element, child, children
from tanbiao.formats.datasets.xml import plain as attribute
from tanbiao.lca.datasets.records import Names, as_names


def languages_of(dataset: Element) -> tuple[str, str]:
    about = child(dataset, "metaInformation", "processInformation", "dataSetInformation")
    return attribute(about, "languageCode") or "en", attribute(about, "localLanguageCode")


def names_of(element: Element | None, what: str, languages: tuple[str, str]) -> Names:
    """A text in the language of the data set, and in the local one where that says something else."""
    main, local = attribute(element, what), attribute(element, f"local{what[0].upper()}{what[1:]}")
    names = dict(as_names(main, languages[0]))
    if local and local != main:
        names["" if languages[1] == languages[0] else languages[1]] = local
    return names


def category_of(element: Element | None) -> tuple[str, ...]:
    return tuple(filter(None, (attribute(element, "category"), attribute(element, "subCategory"))))


def year_at(period: Element | None, end: str) -> int | None:
    texts = (xml.text(period, f"{end}{form}") for form in ("Date", "Year", "YearMonth"))
    return next((year for text in texts if (year := year_of(text)) is not None), None)


def sources_of(dataset: Element) -> Iterator[str]:
    for source in children(child(dataset, "metaInformation", "modellingAndValidation"), "source"):
        author, year, title = (attribute(source, name) for name in ("firstAuthor", "year", "title"))
        yield " ".join(filter(None, (author, f"({year})" if year else "", title)))


def documentation_of(dataset: Element, function: Element | None, period: Element | None) -> dict[str, str]:
    """What else is said, by the names that EcoSpold gives it."""
    about = child(dataset, "metaInformation")
    validation = child(about, "modellingAndValidation", "validation")
    publication = child(about, "administrativeInformation", "dataGeneratorAndPublication")
    said = {
        f"{xml.local(element)}.{name}": attribute(element, name)
        for element, attributes in (
            (function, ("includedProcesses", "infrastructureProcess", "synonym", "statisticalClassification")),
            (period, ("dataValidForEntirePeriod", "text")),
            (
                child(about, "modellingAndValidation", "representativeness"),
                ("percent", "productionVolume", "samplingProcedure", "extrapolations", "uncertaintyAdjustments"),
            ),
            (validation, ("proofReadingDetails", "proofReadingValidator", "otherDetails")),
            (publication, ("dataPublishedIn", "copyright", "accessRestrictedTo", "pageNumbers")),
        )
        if element is not None
        for name in attributes
    }
    people = {attribute(p, "number"): p for p in children(child(about, "administrativeInformation"), "person")}
    person = people.get(attribute(publication, "person"))
    if person is not None:
        said["person"] = ", ".join(filter(None, (attribute(person, "name"), attribute(person, "address"))))
    return {name: text for name, text in said.items() if text}
