"""Which data set of another database could stand in a row: by the words for the very thing, by size, else none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tanbiao.lca.model import FactorKind
from tanbiao.platform.library.queries import factor_of, synonyms, usable_in
from tanbiao.platform.products.queries import factors_of, per_base_unit, refusal_of

if TYPE_CHECKING:
    from tanbiao.platform.accounts.actor import Actor
    from tanbiao.platform.footprints.models import Study
    from tanbiao.platform.library.models import Dataset, Version
    from tanbiao.platform.products.queries import FactorRow

LOOKED_AT = 200
PROPOSED = 20
LIKE_SIZE = 5.0  # times: further off, the quality gate would flag it among its peers
SAME = 1.2  # times: equals that differ by more say something else
#: what says nothing of which material, vehicle or energy is meant
GENERIC = frozenset(
    (
        *(
            "运输",
            "货运",
            "物流",
            "生产",
            "制造",
            "加工",
            "材料",
            "原料",
            "产品",
            "合金",
            "服务",
            "处理",
            "能源",
            "燃料",
        ),
        *("transport", "freight", "production", "manufacturing", "processing", "material", "product", "alloy"),
        *("service", "treatment", "energy", "fuel"),
    )
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Data sets of another database for a row, found by `term`: `likely` is the one to begin with, if there is one."""

    term: str
    datasets: list[Dataset]
    likely: Dataset | None = None


def proposals(actor: Actor, study: Study, row: FactorRow, version: Version, term: str | None = None) -> Proposal:
    """Data sets of one version whose product bears the name of a row and that could stand in it, the likeliest first.

    term  what to look for; None: the row's name, shortened until something is found, but never to words that fit many
    """
    beside = factors_of(study.workbook)
    for words in terms(row.input.name) if term is None else filter(None, [term.strip()]):
        fitting = [d for d in _found(actor, row, version, words) if refusal_of(row, beside, d) is None]
        if fitting:
            return Proposal(words, *_ranked(row, fitting))
    return Proposal(_bare(row.input.name) if term is None else term, [])


def terms(name: str) -> Iterator[str]:
    """A name, then ever less of it, then what stands in its brackets.

    The head of a Chinese name comes last, so its beginning is dropped first.
    """
    bare = _bare(name)
    words = bare.split() if bare.isascii() else list(bare)
    joint = " " if bare.isascii() else ""
    shortest = 1 if bare.isascii() else 2
    shorter = (joint.join(words[begin:]) for begin in range(max(1, len(words) - shortest + 1)))
    for term in (*shorter, *re.findall(r"[（(](.*?)[）)]", name)):
        if term.casefold() not in GENERIC:
            yield term


def _found(actor: Actor, row: FactorRow, version: Version, words: str) -> list[Dataset]:
    usable = usable_in(actor, version, words, row.input.quantity.unit.symbol)
    return [dataset for dataset in usable[:LOOKED_AT] if _holds(_title(dataset), words)]


def _title(dataset: Dataset) -> str:
    """What it makes: a process may name what it takes in as well."""
    if dataset.form == "process" and dataset.product:
        return dataset.product.casefold()
    return f"{dataset.name} {dataset.name_en}".casefold()


def _holds(title: str, words: str) -> bool:
    """Whether a title holds some words, or what else they are called: each in one piece, or word by word in English."""
    forms = {words.casefold(), *(form for group in _groups() if words.casefold() in group for form in group)}
    return any(_said(form, title) for form in forms)


def _said(form: str, title: str) -> bool:
    words = re.findall(r"\w+", form) if form.isascii() else ()
    return all(re.search(rf"\b{word}s?\b", title) for word in words) if words else form in title


@cache
def _groups() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(form.casefold() for form in (word, *others)) for word, others in synonyms().items())


def _ranked(row: FactorRow, datasets: list[Dataset]) -> tuple[list[Dataset], Dataset | None]:
    """Of like size, whole, like the row by its words, plain, new: in this order; and the first, where it is likely.

    It is not where it is far off the factor in use, or where others that rank the same say something else.
    """
    now = per_base_unit(row.factor)
    about = f"{row.input.name} {row.factor.name.zh} {row.factor.name.en}".casefold()
    if row.factor.kind is FactorKind.ELECTRICITY_FOOTPRINT and ("平均" in about or "average" in about):
        about += " grid"
    spoken_of = [group for group in _groups() if any(_said(form, about) for form in group)]

    def rank(dataset: Dataset) -> tuple[float, ...]:
        title = _title(dataset)
        return (
            _far(now, per_base_unit(factor_of(dataset)), LIKE_SIZE),
            not dataset.complete,
            -sum(any(_said(form, title) for form in group) for group in spoken_of),
            len(re.findall(r"[a-z]+|[^\W\da-z_]{2,}", title)),
            -(dataset.year or 0),
        )

    ranks = {dataset.key: rank(dataset) for dataset in datasets}
    ranked = sorted(datasets, key=lambda dataset: (ranks[dataset.key], dataset.name, dataset.key))
    first, highest = ranked[0], ranks[ranked[0].key]
    equals = [dataset for dataset in ranked if ranks[dataset.key] == highest]
    unsure = highest[0] or any(_far(first.value or 0, dataset.value or 0, SAME) for dataset in equals)
    return ranked[:PROPOSED], None if unsure else first


def _far(one: float, other: float, times: float) -> bool:
    return min(one, other) <= 0 or max(one, other) > times * min(one, other)


def _bare(name: str) -> str:
    """A name without what stands in brackets."""
    return re.sub(r"[（(].*?[）)]", "", name).strip() or name
