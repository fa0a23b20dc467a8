"""What is said of a footprint: one plain document, and from it the CSV, the terminal tables and the PDF."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import tanbiao
from tanbiao.formats.tables import write_table
from tanbiao.formats.vocabulary import PARTS
from tanbiao.lca.contributions.table import contribution_table, sankey
from tanbiao.lca.footprint import Footprint
from tanbiao.lca.model import Stage
from tanbiao.lca.vocabulary import words_for
from tanbiao.rules import Evaluation, Finding
from tanbiao.words import Problem, Text

Document = dict[str, Any]
THIN = 0.01  # of the total: thinner lines of the Sankey run together


def footprint_json(
    evaluation: Evaluation,
    *,
    warnings: Sequence[Problem] = (),
    choices: Sequence[Document] = (),
    workbook_sha256: str = "",
) -> Document:
    """The footprint as plain JSON: unrounded kg CO2e per declared unit as numbers, every word in both languages.

    Keys: product, declared_unit, total_kg_co2e, published, stages, processes, gas_classes, contributions, sankey,
    data_quality, clauses, exclusions, factors, gwp_set, rule, warnings, workbook_sha256, engine; choices, where other
    factors were taken than those of the workbook: what from, what to and why. Shares are 0 to 1.
    ISO 14067:2018 7.2 and 7.3.
    """
    rule, footprint, quality = evaluation.rule, evaluation.footprint, evaluation.quality
    system, product, total = footprint.system, footprint.system.product, footprint.total_kg_co2e
    return {
        "product": {
            "name": product.name,
            "name_en": product.name_en,
            "model": product.model,
            "manufacturer": product.manufacturer,
            "factory": product.factory,
            "uscc": product.uscc,
            "address": product.address,
            "region": product.region,
            "boundary": product.boundary,
            "period_start": product.period_start.isoformat(),
            "period_end": product.period_end.isoformat(),
        },
        "declared_unit": {
            "amount": f"{product.declared_unit.amount:f}",
            "unit": product.declared_unit.unit.symbol,
        },
        "total_kg_co2e": total,
        "published": {"value": f"{evaluation.published:f}", "unit": "kg CO2e"},
        "stages": [
            {"stage": stage.value, **_words(stage), "kg_co2e": kg, "share": _share(kg, total)}
            for stage, kg in footprint.by_stage().items()
        ],
        "processes": [
            {"process": process.id, "name": process.name, "kg_co2e": kg, "share": _share(kg, total)}
            for process, kg in zip(system.processes, footprint.by_process().values(), strict=True)
        ],
        "gas_classes": [
            {"gas_class": gas_class.value, **_words(gas_class), "kg_co2e": kg, "share": _share(kg, total)}
            for gas_class, kg in footprint.by_gas_class().items()
        ],
        "contributions": _contributions(footprint),
        "sankey": {language: sankey(footprint, language, smallest=THIN) for language in ("zh", "en")},
        "data_quality": {
            "dqr": quality.dqr,
            "technological": quality.technological,
            "geographical": quality.geographical,
            "temporal": quality.temporal,
            "primary_share": quality.primary_share,
            "coverage": quality.coverage,
        },
        "clauses": [_clause(finding) for finding in evaluation.findings],
        "exclusions": [
            {"name": e.name, "share": float(e.share), "reason": e.reason, "place": e.place} for e in system.exclusions
        ],
        "factors": [
            {
                "id": factor.id,
                **_both(factor.name),
                "unit": factor.unit.symbol,
                "emissions": [
                    {"substance": e.substance, "kg": f"{e.quantity.amount:f}"}
                    for e in factor.emissions
                ],
                "region": factor.region,
                "year": factor.year,
                "source": factor.source,
                "document": factor.document,
                "own": factor.own,
            }
            for factor in system.factors
        ],
        "gwp_set": footprint.gwp_set,
        "rule": {"id": rule.id, "version": rule.version, "sha256": rule.digest, **_both(rule.title)},
        "warnings": [{"place": w.place, **_both(w.text)} for w in warnings],
        **({"choices": list(choices)} if choices else {}),
        "workbook_sha256": workbook_sha256,
        "engine": {"name": "tanbiao", "version": tanbiao.__version__},
    }  # fmt: skip


def footprint_csv(document: Document) -> str:
    """The contributions of a document as CSV, safe to open in a spreadsheet; the largest first, the total last."""
    header = [
        "过程 Process", "投入或排放 Line", "部分 Part", "阶段 Stage", "因子 Factor", "kg CO2e", "占比 Share",
        "初级数据 Primary", "位置 Place",
    ]  # fmt: skip
    names = {factor["id"]: factor["zh"] for factor in document["factors"]}
    rows: list[list[object]] = [
        [
            row["process_name"], row["line"], str(PARTS[row["part"]]), str(words_for(Stage(row["stage"]))),
            names.get(row["factor"], ""), row["kg_co2e"], row["share"], "是 yes" if row["primary"] else "否 no",
            row["place"],
        ]
        for row in document["contributions"]
    ]  # fmt: skip
    rows.append(["合计 Total", "", "", "", "", document["total_kg_co2e"], 1, "", ""])
    return write_table(header, rows)


def footprint_pdf(document: Document) -> bytes:
    """The document as a PDF (A4, Chinese first). Raises NoFont where `make setup` has not installed the font."""
    from tanbiao.formats.pdf import report_pdf  # the typesetter is large; only this door needs it

    return report_pdf(document)


def _contributions(footprint: Footprint) -> list[Document]:
    return [
        {
            "process": row.process,
            "process_name": row.process_name,
            "line": row.line,
            "part": row.part,
            "stage": row.stage.value,
            "factor": row.factor,
            "primary": row.primary,
            "kg_co2e": row.kg_co2e,
            "share": row.share,
            "place": row.place,
        }
        for row in contribution_table(footprint)
    ]


def _clause(finding: Finding) -> Document:
    return {
        "clause": finding.clause,
        "title": _both(finding.title),
        "verdict": finding.verdict.value,
        "value": finding.value,
        "limit": finding.limit,
        "text": _both(finding.text),
        "remedy": _both(finding.remedy) if finding.remedy else None,
        "places": list(finding.places),
    }


def _both(text: Text) -> Document:
    return {"zh": text.zh, "en": text.en}


def _words(member: StrEnum) -> Document:
    return _both(words_for(member))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
