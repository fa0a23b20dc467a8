"""The study document: what is frozen, and how its digits are repeated. Pure; no database.

    {"type": "tanbiao.study/1", "engine", "gwp_set", "rule": {id, version, sha256}, "system": ...,
     "workbook_sha256", "footprint": unrounded results, "findings": [...], "published": {value, unit, per}}

Its canonical form (RFC 8785) is hashed; numbers stand in it as decimal strings.
"""

from __future__ import annotations

from math import isclose
from typing import Any

import tanbiao
from tanbiao.lca.document import footprint_document, system_from_document, to_document
from tanbiao.rules import Evaluation, evaluate

TYPE = "tanbiao.study/1"


def study_document(evaluation: Evaluation, workbook_sha256: str) -> dict[str, Any]:
    """Everything that is frozen of an evaluation, as plain JSON."""
    rule, footprint = evaluation.rule, evaluation.footprint
    return {
        "type": TYPE,
        "engine": {"name": "tanbiao.lca", "version": tanbiao.__version__},
        "gwp_set": footprint.gwp_set,
        "rule": {"id": rule.id, "version": rule.version, "sha256": rule.digest},
        "system": to_document(footprint.system),
        "workbook_sha256": workbook_sha256,
        "footprint": footprint_document(footprint),
        "findings": [{"clause": f.clause, "verdict": f.verdict.value, "value": f.value} for f in evaluation.findings],
        "published": {"value": f"{evaluation.published:f}", "unit": "kg CO2e"},
    }


#: How far a recalculation may be from the frozen digits: another machine's linear algebra rounds the last ones apart.
TOLERANCE = 1e-9


def reproduces(document: dict[str, Any]) -> bool:
    """Whether a recalculation from the document's own inputs gives the same published digits.

    The unrounded results may differ by a relative TOLERANCE, the published figure and the rule's text not at all.
    """
    again = evaluate(system_from_document(document["system"]))
    frozen, fresh = document["footprint"], footprint_document(again.footprint)
    return (
        again.rule.digest == document["rule"]["sha256"]
        and f"{again.published:f}" == document["published"]["value"]
        and all(
            isclose(float(frozen[part][name]), float(value), rel_tol=TOLERANCE, abs_tol=TOLERANCE)
            for part in ("stages", "processes", "gas_classes")
            for name, value in fresh[part].items()
        )
        and isclose(float(frozen["total_kg_co2e"]), again.footprint.total_kg_co2e, rel_tol=TOLERANCE)
    )
