"""What EcoSpold 2 says in words: comments by language, and the documentation of a data set."""

from __future__ import annotations

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.xml import Element, child, children
from tanbiao.formats.datasets.xml import plain as attribute
from tanbiao.lca.datasets.records import Names


def comment_of(element: Element | None, name: str) -> Names:
    """A comment, whose paragraphs are texts of their own, or which is the text itself."""
    return xml.names(part for each in children(element, name) for part in _paragraphs(each))


def _paragraphs(comment: Element) -> list[Element]:
    texts = list(children(comment, "text"))
    return sorted(texts, key=lambda t: int(index) if (index := attribute(t, "index")).isdecimal() else 0) or [comment]


def documentation_of(
    dataset: Element, activity: Element | None, period: Element | None, reference: Element | None
) -> dict[str, str]:
    """What else is said, by the names that EcoSpold gives it."""
    about = child(dataset, "activityDescription")
    represents = child(dataset, "modellingAndValidation", "representativeness")
    administrative = child(dataset, "administrativeInformation")
    publication = child(administrative, "dataGeneratorAndPublication")
    said: dict[str, str] = {
        "tags": "; ".join((t.text or "").strip() for t in children(activity, "tag")),
        "macroEconomicScenario": xml.text(about, "macroEconomicScenario", "name"),
        "technologyLevel": attribute(child(about, "technology"), "technologyLevel"),
        "dataEntryBy": attribute(child(administrative, "dataEntryBy"), "personName"),
        "dataGenerator": attribute(publication, "personName"),
        "publishedSource": " ".join(
            filter(None, (attribute(publication, f"publishedSource{w}") for w in ("FirstAuthor", "Year")))
        ),
        "productionVolume": attribute(reference, "productionVolumeAmount"),
    }
    for element, names in (
        (activity, ("includedActivitiesStart", "includedActivitiesEnd", "allocationComment")),
        (represents, ("systemModelName", "samplingProcedure", "extrapolations")),
        (period, ("comment",)),
    ):
        for name in names:
            heading = "timePeriod" if element is period else name
            said[heading] = "\n".join(comment_of(element, name).values())
    for name in ("percent", "productionVolumeComment"):
        said[name] = attribute(represents, name)
    for i, review in enumerate(children(child(dataset, "modellingAndValidation"), "review"), 1):
        details = "\n".join(comment_of(review, "details").values())
        said[f"review {i}"] = " ".join(
            filter(None, (attribute(review, "reviewerName"), attribute(review, "reviewDate"), details))
        )
    return {name: text for name, text in said.items() if text}
