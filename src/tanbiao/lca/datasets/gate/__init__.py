"""The quality gate: what an import or a submission has to answer for before it is used.

Public tables name one product with factors thousands of times apart, count per kilojoule what is per tonne, and call
the grid's CO2 a footprint. The gate finds such things, names them with place and value, and says what to do; it changes
nothing and refuses nothing: a person decides, with a reason. Pure: today's date is passed in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from tanbiao.lca.datasets.gate.factor_checks import check_factor
from tanbiao.lca.datasets.gate.judgements import Judged, Judgement, Severity, judged
from tanbiao.lca.datasets.gate.peer_checks import check_peers
from tanbiao.lca.datasets.gate.process_checks import check_process

__all__ = ["Judged", "Judgement", "Severity", "check_factors", "check_process", "judged"]


def check_factors(
    rows: Sequence[Judged], peers: Iterable[Judged] = (), *, today: dt.date | None = None
) -> list[Judgement]:
    """All that is wrong with these factors, one by one and among each other; `peers` stand already."""
    single = [judgement for row in rows for judgement in check_factor(row, today)]
    return [*single, *check_peers(rows, peers)]
