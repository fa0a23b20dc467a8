"""How a process with several products shares its burdens: as its data set says, else by mass, else by energy.

ISO 14044:2006 4.3.4.2: physical relations before others. Where there is no common measure nothing is shared: the
reference product carries everything, the co-products are no products of their own, and the report says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tanbiao.lca.datasets.columns import FlowFacts, Shared

_METHODS = ("physical", "economic", "causal")
_OFF = 0.02  # shares that sum to one within this are rounded ones, and are made to


@dataclass(frozen=True, slots=True)
class Shares:
    """method: "physical", "economic", "causal", "mass", "energy", or "" where the first product carries all.

    shares       (k,) of every product, sum one
    by_exchange  exchange -> shares of the products, sum one, where the data set gives them one by one (causal)
    """

    method: str
    shares: tuple[float, ...]
    by_exchange: dict[int, tuple[float, ...]] = field(default_factory=dict)


def declared_shares(
    shared: Shared | None, flows: Sequence[int], exchanges: Sequence[int], *, default_only: bool
) -> Shares | None:
    """Shares of the products (by flow, the reference first) as the data set gives them; None where it does not.

    exchanges     those that causal shares have to be given for
    default_only  only by the method that the data set asks for; else, where that is not whole, by another that is
    """
    if shared is None:
        return None
    for method in dict.fromkeys((shared.default, *(() if default_only else _METHODS))):
        if method == "causal":
            found = _causal(shared, flows, exchanges)
        else:
            given = shared.shares.get(method, {})
            whole = _whole([given.get(flow) for flow in flows])
            found = Shares(method, whole) if whole else None
        if found:
            return found
    return None


def measured_shares(facts: Sequence[FlowFacts], amounts: Sequence[float]) -> Shares:
    """Shares by mass, else by energy, else all to the first."""
    for method, units in (("mass", [f.mass for f in facts]), ("energy", [f.energy for f in facts])):
        sizes = np.array(units) * np.array(amounts)
        if np.isfinite(sizes).all() and (sizes >= 0).all() and sizes.sum() > 0:
            return Shares(method, tuple((sizes / sizes.sum()).tolist()))
    return Shares("", (1.0, *[0.0] * (len(facts) - 1)))


def _whole(given: Sequence[float | None]) -> tuple[float, ...] | None:
    """Shares that sum to one; None where one is missing, negative, or the sum is off."""
    shares = [share for share in given if share is not None]
    total = sum(shares)
    if len(shares) < len(given) or min(shares) < 0 or abs(total - 1) > _OFF:
        return None
    return tuple(share / total for share in shares)


def _causal(shared: Shared, flows: Sequence[int], exchanges: Sequence[int]) -> Shares | None:
    if not shared.causal:
        return None
    by_exchange = {}
    for exchange in exchanges:
        whole = _whole([shared.causal.get(flow, {}).get(exchange) for flow in flows])
        if whole is None:
            return None
        by_exchange[exchange] = whole
    return Shares("causal", (1.0, *[0.0] * (len(flows) - 1)), by_exchange)
