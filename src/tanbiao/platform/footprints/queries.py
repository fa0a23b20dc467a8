from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language

from tanbiao.formats.report import footprint_csv, footprint_pdf
from tanbiao.lca.contributions import sankey
from tanbiao.lca.document import system_from_document
from tanbiao.lca.model import ProductSystem
from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.footprints import study as documents
from tanbiao.platform.footprints.models import Study
from tanbiao.platform.kernel.evidence import read_file
from tanbiao.platform.products.actions import XLSX
from tanbiao.rules import evaluate


def studies_of(actor: Actor) -> QuerySet[Study]:
    """The studies of the actor's own enterprise, newest first."""
    return Study.objects.filter(owner_id=actor.organisation_id).select_related("workbook").defer("frozen")


def study_for(actor: Actor, pk: UUID) -> Study | None:
    """One study of the actor's own enterprise, or None."""
    return studies_of(actor).filter(pk=pk).first()


def study_by_id(pk: UUID) -> Study:
    """A study for an app above that has asked its own policy (a body sees the studies applied with)."""
    return Study.objects.select_related("workbook__file", "owner").get(pk=pk)


def system_of(study: Study) -> ProductSystem:
    """What the study calculates: of a frozen study the system in its document, of a draft its workbook's."""
    document = json.loads(study.frozen)["system"] if study.frozen else study.workbook.system
    return system_from_document(document)


def sankey_of(study: Study) -> dict[str, Any]:
    """Nodes and links of the study's footprint in the reader's language; lines below 1 % run together."""
    evaluation = evaluate(system_of(study))
    return sankey(evaluation.footprint, get_language() or "zh-hans", smallest=0.01)


def reproduces(study: Study) -> bool:
    """Whether the frozen study, calculated again now, gives the same digits."""
    return documents.reproduces(json.loads(study.frozen))


def study_file(study: Study, form: str) -> tuple[bytes, str, str]:
    """A file of a study as (bytes, name, media type): "pdf" or "csv" report, "frozen" document, "xlsx" workbook."""
    name = f"tanbiao-study-{str(study.pk)[:8]}"
    if form == "xlsx":
        return read_file(study.workbook.file), study.workbook.filename, XLSX
    if form == "frozen":
        return study.frozen.encode(), f"{name}.json", "application/json"
    evaluation = evaluate(system_of(study))
    if form == "csv":
        return footprint_csv(evaluation).encode("utf-8-sig"), f"{name}.csv", "text/csv; charset=utf-8"
    return footprint_pdf(evaluation, workbook_sha256=study.workbook.file_id), f"{name}.pdf", "application/pdf"
