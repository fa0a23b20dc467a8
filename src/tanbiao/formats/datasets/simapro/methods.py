"""A method of SimaPro: its impact categories with their factors, and what damage and weighting make of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from tanbiao.formats.datasets.simapro.rows import Numbers, cas_of, nature_id
from tanbiao.formats.datasets.simapro.text import Block, Row
from tanbiao.lca.datasets.records import ImpactFactorRecord, MethodRecord
from tanbiao.lca.datasets.report import Report


def methods(block: Block, numbers: Numbers, report: Report) -> Iterator[MethodRecord]:
    """One record for each impact category, and one for each damage category, which has no factors of its own."""
    name = block.text("Name")
    about = _about(block)
    said = _said_of_categories(block)
    category: Row | None = None
    for heading, rows in block.sections:
        if heading == "Impact category" and rows:
            category = rows[0]
        elif heading == "Substances" and category is not None:
            factors = tuple(_factor(row, numbers, report) for row in rows)
            yield _record(name, category, factors, about | said[category.cell(0)])
        elif heading == "Damage category" and rows:
            yield _record(name, rows[0], (), about | said[rows[0].cell(0)] | {"kind": "Damage category"})


def _record(
    method: str, category: Row, factors: tuple[ImpactFactorRecord, ...], documentation: Mapping[str, str]
) -> MethodRecord:
    name = category.cell(0)
    return MethodRecord(
        id=f"{method}: {name}",
        names={"": name},
        method=method,
        unit=category.cell(1),
        factors=factors,
        documentation=documentation,
        place=f"{category.place} {name}",
    )


def _factor(row: Row, numbers: Numbers, report: Report) -> ImpactFactorRecord:
    """Compartment; subcompartment; name; CAS number; factor; unit."""
    compartment, sub, name, cas = (row.cell(i) for i in range(4))
    cas_of(cas, row.place, report)
    return ImpactFactorRecord(
        flow=nature_id(compartment, sub, name),
        flow_name=name,
        value=numbers.amount(row.cell(4), f"{row.place} {name}")[0],
        unit=row.cell(5),
        direction="in" if compartment == "Raw" else "out",
        flow_category=tuple(filter(None, (compartment, sub))),
    )


def _about(block: Block) -> dict[str, str]:
    skipped = ("Name", "Impact category", "Substances", "Damage category", "Impact categories", "Normalization")
    version = ".".join(filter(None, (cell for row in block.rows("Version") for cell in row.cells)))
    texts = {h: "\n".join(row.text for row in rows) for h, rows in block.sections if h not in (*skipped, "Weighting")}
    return {heading: text for heading, text in (texts | {"Version": version}).items() if text}


def _said_of_categories(block: Block) -> defaultdict[str, dict[str, str]]:
    """What normalisation, weighting and damage categories say of each category, by its name."""
    said: defaultdict[str, dict[str, str]] = defaultdict(dict)
    scheme = damage = ""
    for heading, rows in block.sections:
        if heading == "Damage category" and rows:
            damage = rows[0].cell(0)
        elif heading == "Impact categories":
            said[damage]["Impact categories"] = "\n".join(row.text for row in rows)
        elif heading == "Normalization-Weighting set" and rows:
            scheme = rows[0].cell(0)
        elif heading in ("Normalization", "Weighting"):
            for row in rows:
                said[row.cell(0)][f"{heading} {scheme}".strip()] = row.cell(1)
    return said
