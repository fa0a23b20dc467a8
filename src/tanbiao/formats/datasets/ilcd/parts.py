"""What all ILCD data sets are made of: names in four parts, classifications, references, numbers, uncertainties."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import chain

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import number
from tanbiao.formats.datasets.uncertainties import Uncertainty, scaled, spread, uncertainty_not_read
from tanbiao.lca.datasets.records import Names, text_of
from tanbiao.lca.datasets.report import Report

#: parts of the name of a flow or process, joined as ILCD tools show them
NAME_PARTS = (
    "baseName",
    "treatmentStandardsRoutes",
    "mixAndLocationTypes",
    "flowProperties",
    "functionalUnitFlowProperties",
)


def name_of(information: xml.Element | None) -> Names:
    """The name below a dataSetInformation: its parts joined by "; ", in each language that has any."""
    parts: dict[str, list[str]] = {}
    for part in NAME_PARTS:
        for language, said in xml.names(xml.children(xml.child(information, "name"), part)).items():
            parts.setdefault(language, []).append(said)
    return {language: "; ".join(said) for language, said in parts.items()}


def texts(parent: xml.Element | None, name: str) -> Names:
    """Texts of the children of this name, by language."""
    return xml.names(xml.children(parent, name))


def category_of(root: xml.Element) -> tuple[str, ...]:
    """The first category of an elementary flow, else the first class, from the top down."""
    for kind, step in (("elementaryFlowCategorization", "category"), ("classification", "class")):
        for found in root.iter("{*}" + kind):
            levels = [(_level(c), (c.text or "").strip()) for c in xml.children(found, step)]
            if path := tuple(said for _, said in sorted(levels, key=lambda level: level[0]) if said):
                return path
    return ()


def reference(element: xml.Element | None) -> tuple[str, str]:
    """UUID as written and name of the data set that a reference points to, "" where not given; one language."""
    if element is None:
        return "", ""
    named = text_of(texts(element, "shortDescription"))
    return element.get("refObjectId") or "", named.zh if named.zh == named.en else named.en


def optional(element: xml.Element | None, name: str, place: str) -> float | None:
    """A number that need not be there."""
    said = xml.text(element, name)
    return number(said, place, (name, name)) if said else None


def uncertainty_of(element: xml.Element, mean: float, place: str, report: Report, scale: float = 1.0) -> Uncertainty:
    """The distribution of an amount or parameter, each value times `scale`; {} where none, or not enough of one, is
    given (said in the report).

    relativeStandardDeviation95In holds the square of the geometric standard deviation of a log-normal distribution
    and twice the standard deviation of a normal one.
    """
    kind = xml.text(element, "uncertaintyDistributionType").replace("-", "").lower()
    if kind in ("", "undefined"):
        return {}
    wide = optional(element, "relativeStandardDeviation95In", place)
    low, high = optional(element, "minimumAmount", place), optional(element, "maximumAmount", place)
    if low is None and high is None:  # as parameters call them
        low, high = optional(element, "minimumValue", place), optional(element, "maximumValue", place)
    found: Uncertainty = {}
    match kind:
        case "lognormal":
            found = spread("lognormal", mean=mean, gsd=math.sqrt(wide) if wide and wide >= 1 else None)
        case "normal":
            found = spread("normal", mean=mean, sd=None if wide is None else wide / 2)
        case "uniform":
            found = spread("uniform", minimum=low, maximum=high)
        case "triangular":
            likely = xml.attribute(element, "mostLikelyValue")
            mode = number(likely, place, ("mostLikelyValue", "mostLikelyValue")) if likely else mean
            found = spread("triangular", minimum=low, mode=mode, maximum=high)
    if not found:
        uncertainty_not_read(kind, place, report)
    return scaled(found, scale)


def all_texts(elements: Iterable[xml.Element]) -> str:
    """Texts of all languages in one line, each once."""
    return " / ".join(dict.fromkeys(chain.from_iterable(xml.names([e]).values() for e in elements)))


def _level(element: xml.Element) -> int:
    level = element.get("level") or ""
    return int(level) if level.isascii() and level.isdigit() and len(level) < 4 else 0
