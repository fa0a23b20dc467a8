"""The study document: what is frozen, and how its digits are repeated. Pure; no database.

    {"type": "tanbiao.study/1", "engine", "gwp_set", "rule": {id, version, sha256, document}, "system": ...,
     "workbook_sha256", "footprint": unrounded results, "findings": [...], "published": {value, unit},
     "report_sha256": of the report in canonical form, from which certificate and papers are made}

Its canonical form (RFC 8785) is hashed; numbers stand in it as decimal strings. It carries the rule's whole text, so
that it is repeated under the rule of its day, whatever rules come later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from math import isclose
from typing import Any

import tanbiao
from tanbiao.lca.document import system_from_document, to_document
from tanbiao.lca.footprint import footprint_document
from tanbiao.rules import Evaluation, Rule, evaluate
from tanbiao.trust import canonical
from tanbiao.words import TanbiaoError

TYPE = "tanbiao.study/1"


def study_document(evaluation: Evaluation, report: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that is frozen of an evaluation and its report (formats.report), as plain JSON."""
    rule, footprint = evaluation.rule, evaluation.footprint
    return {
        "type": TYPE,
        "engine": {"name": "tanbiao.lca", "version": tanbiao.__version__},
        "gwp_set": footprint.gwp_set,
        "rule": {"id": rule.id, "version": rule.version, "sha256": rule.digest, "document": rule.document},
        "system": to_document(footprint.system),
        "workbook_sha256": report["workbook_sha256"],
        "footprint": footprint_document(footprint),
        "findings": [{"clause": f.clause, "verdict": f.verdict.value, "value": f.value} for f in evaluation.findings],
        "published": {"value": f"{evaluation.published:f}", "unit": "kg CO2e"},
        "report_sha256": hashlib.sha256(canonical(report)).hexdigest(),
    }


#: How far a recalculation may be from the frozen digits: another machine's linear algebra rounds the last ones apart.
TOLERANCE = 1e-9


def reproduces(document: Mapping[str, Any]) -> bool:
    """Whether a recalculation from the document's own inputs and rule gives the same published digits.

    The unrounded results may differ by a relative TOLERANCE, the published figure not at all.
    """
    rule = Rule.model_validate(document["rule"]["document"])
    try:
        again = evaluate(system_from_document(document["system"]), rule)
    except TanbiaoError:  # an engine that no longer takes these inputs does not repeat the digits
        return False
    frozen, fresh = document["footprint"], footprint_document(again.footprint)
    return (
        rule.digest == document["rule"]["sha256"]
        and f"{again.published:f}" == document["published"]["value"]
        and isclose(float(frozen["total_kg_co2e"]), again.footprint.total_kg_co2e, rel_tol=TOLERANCE)
        and all(_alike(frozen[part], fresh[part]) for part in ("stages", "processes", "gas_classes"))
    )


def _alike(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether the same parts have the same amounts; what only one of them names (a class of later days) is zero."""
    return all(
        isclose(float(one.get(name, 0)), float(other.get(name, 0)), rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        for name in one.keys() | other.keys()
    )
