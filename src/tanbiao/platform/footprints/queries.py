from __future__ import annotations

import json
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet

from tanbiao.formats.report import footprint_csv, footprint_pdf
from tanbiao.formats.workbook import XLSX
from tanbiao.lca.datasets.regions import region_in
from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.footprints import study as documents
from tanbiao.platform.footprints.models import FactorUse, Study
from tanbiao.platform.footprints.proposing import terms
from tanbiao.platform.kernel.evidence import read_file
from tanbiao.platform.library.queries import Filters, Found, datasets_visible_to, find_datasets
from tanbiao.platform.products.queries import FactorRow, factor_rows, factors_of, refusal_of
from tanbiao.words import Text

if TYPE_CHECKING:
    from tanbiao.platform.library.models import Dataset


def studies_of(actor: Actor) -> QuerySet[Study]:
    """The studies of the actor's own enterprise, newest first, for lists: without their documents."""
    return Study.objects.filter(owner_id=actor.organisation_id).defer("frozen", "result")


def study_for(actor: Actor, pk: UUID) -> Study | None:
    """One study of the actor's own enterprise, or None."""
    return Study.objects.filter(owner_id=actor.organisation_id, pk=pk).select_related("workbook__file").first()


def failing_clauses(study: Study) -> list[str]:
    """The clauses of its rule that the study fails by the engine's findings."""
    return [row["clause"] for row in study.result["clauses"] if row["verdict"] == "fail"]


def reproduces(study: Study) -> bool:
    """Whether the frozen study, calculated again now under its own rule, gives the same digits."""
    return documents.reproduces(json.loads(study.frozen))


def study_file(study: Study, form: str) -> tuple[bytes, str, str]:
    """A file of a study as (bytes, name, media type): "pdf" or "csv" report, "frozen" document, "xlsx" workbook."""
    name = f"tanbiao-study-{str(study.pk)[:8]}"
    if form == "xlsx":
        return read_file(study.workbook.file), study.workbook.filename, XLSX
    if form == "frozen":
        return study.frozen.encode(), f"{name}.json", "application/json"
    if form == "csv":
        return footprint_csv(study.result).encode("utf-8-sig"), f"{name}.csv", "text/csv; charset=utf-8"
    return footprint_pdf(study.result), f"{name}.pdf", "application/pdf"


# the factors of a study, and the studies of a factor


@dataclass(frozen=True, slots=True)
class UsedFactor:
    """A factor in one row of a study, with its data set in the library as far as the reader may see it."""

    row: FactorRow
    dataset: Dataset | None

    @property
    def retired(self) -> bool:
        return self.dataset is not None and self.dataset.state == "retired"


def used_factors(actor: Actor, study: Study) -> list[UsedFactor]:
    """Every factor that the inputs of a study name, row by row."""
    rows = factor_rows(study.workbook)
    seen = datasets_visible_to(actor).filter(key__in={row.factor.id for row in rows}).select_related("successor")
    by_key = {dataset.key: dataset for dataset in seen}
    return [UsedFactor(row, by_key.get(row.factor.id)) for row in rows]


@dataclass(frozen=True, slots=True)
class Uses:
    """How many studies of all enterprises use a data set, and which of one's own."""

    count: int
    own: QuerySet[Study]


def uses_of(actor: Actor, key: str) -> Uses:
    return Uses(FactorUse.objects.filter(key=key).count(), studies_of(actor).filter(factor_uses__key=key))


def studies_on_retired(actor: Actor) -> list[tuple[Study, list[Dataset]]]:
    """The actor's own studies that use a retired data set, each with those data sets, newest first."""
    own = FactorUse.objects.filter(study__in=studies_of(actor)).values("key")
    retired = datasets_visible_to(actor).filter(state="retired", key__in=own).select_related("successor")
    by_key = {dataset.key: dataset for dataset in retired}
    studies = studies_of(actor).filter(factor_uses__key__in=by_key).distinct().prefetch_related("factor_uses")
    return [(study, [by_key[use.key] for use in study.factor_uses.all() if use.key in by_key]) for study in studies]


# what may stand in a row instead


@dataclass(frozen=True, slots=True)
class Offer:
    """A data set found for a row: the factor in use now, one to choose, or refused with the reason."""

    dataset: Dataset
    rank: str
    refusal: Text | None
    current: bool


def offers(actor: Actor, study: Study, row: FactorRow, text: str, page: int = 1) -> tuple[Found, list[Offer]]:
    """What the library has under these words per a unit that fits the row, in the order of the rule's hierarchy."""
    beside = factors_of(study.workbook)
    found = find_datasets(actor, text, filters=Filters(unit=row.input.quantity.unit.symbol), page=page)
    return found, [
        Offer(r.dataset, r.rank, refusal_of(row, beside, r.dataset, r.instead), r.dataset.key == row.factor.id)
        for r in found.rows
    ]


def region_of(study: Study) -> str:
    """The code of the region where the product of a study is made, "" where it does not say."""
    product = study.workbook.product_system.product
    return product.region or region_in(f"{product.address} {product.factory}")


def words_for(actor: Actor, row: FactorRow) -> str:
    """The words to begin with: of the row's name as much as still finds something that could stand there."""
    filters = Filters(unit=row.input.quantity.unit.symbol, permitted=True)
    for term in terms(row.input.name):
        if any(found.whole for found in find_datasets(actor, term, filters=filters, size=1).rows):
            return term
    return row.input.name


def address_of(row: FactorRow) -> str:
    """The row as the query of an address."""
    return urlencode(row.address)


# two studies beside each other


@dataclass(frozen=True, slots=True)
class Change:
    """One input or emission in two studies: its factor and kg CO2e in each, and its share of the whole difference."""

    process: str
    line: str
    part: str
    factors: tuple[dict[str, Any] | None, dict[str, Any] | None]
    kg: tuple[float, float]
    share: float

    @property
    def change(self) -> float:
        return self.kg[1] - self.kg[0]

    @property
    def other_factor(self) -> bool:
        return self.factors[0] != self.factors[1]


@dataclass(frozen=True, slots=True)
class Beside:
    """Two studies of one product: totals, and the difference explained by process and input, the largest first."""

    totals: tuple[float, float]
    changes: tuple[Change, ...]

    @property
    def change(self) -> float:
        return self.totals[1] - self.totals[0]

    @property
    def moved(self) -> list[Change]:
        """The lines that are not the same in both."""
        return [line for line in self.changes if line.change or line.other_factor]


def beside(first: Study, second: Study) -> Beside:
    """The difference of two results line by line; the lines of each add up to its total."""
    lines: dict[tuple[str, ...], list[list[dict[str, Any]]]] = {}
    for side, study in enumerate((first, second)):
        for row in study.result["contributions"]:
            key = (row["process"], row["process_name"], row["line"], row["part"], row["place"])
            lines.setdefault(key, [[], []])[side].append(row)
    factors = [{factor["id"]: factor for factor in study.result["factors"]} for study in (first, second)]
    totals = first.result["total_kg_co2e"], second.result["total_kg_co2e"]
    difference = totals[1] - totals[0]
    changes = []
    for (_process, name, line, part, _place), sides in lines.items():
        kg = fsum(row["kg_co2e"] for row in sides[0]), fsum(row["kg_co2e"] for row in sides[1])
        factor_a, factor_b = (
            next((known.get(row["factor"]) for row in rows), None) for known, rows in zip(factors, sides, strict=True)
        )
        share = (kg[1] - kg[0]) / difference if difference else 0.0
        changes.append(Change(name, line, part, (factor_a, factor_b), kg, share))
    return Beside(totals, tuple(sorted(changes, key=lambda row: -abs(row.change))))
