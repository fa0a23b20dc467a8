"""What words say of the boundary of a factor, in Chinese and English; the gate looks for contradictions among them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tanbiao.lca.model import LifeCycleScope

_SAID = {
    "cradle_to_gate": r"摇篮到(大)?门|cradle[- ]to[- ]gate|\bb2b\b",
    "cradle_to_grave": r"摇篮到坟墓|cradle[- ]to[- ]grave|\bb2c\b",
    "gate_to_gate": r"(大)?门到(大)?门|gate[- ]to[- ]gate",
    "direct": r"燃烧|直接排放|仅直接|combustion|\bdirect\b|tank[- ]to[- ]wheel",
    "upstream": r"上游|well[- ]to[- ]tank|\bwtt\b|upstream",
    "life_cycle": r"生命周期|life[- _]cycle",
}
_SCOPES = {
    "cradle_to_gate": LifeCycleScope.CRADLE_TO_GATE,
    "cradle_to_grave": LifeCycleScope.LIFE_CYCLE,
    "gate_to_gate": LifeCycleScope.DIRECT,
    "direct": LifeCycleScope.DIRECT,
    "upstream": LifeCycleScope.UPSTREAM,
    "life_cycle": LifeCycleScope.LIFE_CYCLE,
}


@lru_cache(maxsize=4096)
def boundaries_said(text: str) -> tuple[str, ...]:
    """The boundaries that a text names, e.g. ("cradle_to_gate",); "life cycle" counts where nothing else does."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
    # "从摇篮到大门" holds 到大门 but no 门到门: what a longer pattern has taken is not read again
    found = []
    for code, pattern in _SAID.items():
        folded, times = re.subn(pattern, "|", folded)
        if times:
            found.append(code)
    return tuple(found[:-1] if len(found) > 1 and found[-1] == "life_cycle" else found)


def scope_said(text: str) -> LifeCycleScope | None:
    """The life-cycle scope that a text names; None where it names none, or several."""
    scopes = {_SCOPES[code] for code in boundaries_said(text)}
    return scopes.pop() if len(scopes) == 1 else None
