from __future__ import annotations

import json
from uuid import UUID

from django.db.models import QuerySet

from tanbiao.formats.report import footprint_csv, footprint_pdf
from tanbiao.formats.workbook import XLSX
from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.footprints import study as documents
from tanbiao.platform.footprints.models import Study
from tanbiao.platform.kernel.evidence import read_file


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
