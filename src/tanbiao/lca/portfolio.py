"""Many products at once: a maker's whole catalogue, calculated in chunks wherever an executor puts them.

One faulty product does not stop the others: its answer says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tanbiao.lca.background import Background, on_background
from tanbiao.lca.execution.executors import Cancel, Executor, InProcess
from tanbiao.lca.footprint import Footprint, calculate_footprint
from tanbiao.lca.frames import Table
from tanbiao.lca.gases.gwp import GwpSet
from tanbiao.lca.model import ProductSystem
from tanbiao.words import TanbiaoError, Text

_CHUNK = 20  # systems in one task: lost at most, when a worker dies


@dataclass(frozen=True, slots=True)
class Answer:
    """The footprint of one product, or what is wrong with it."""

    product: str
    footprint: Footprint | None
    wrong: Text | None


@dataclass(frozen=True, slots=True)
class Portfolio(Table):
    """The answers, in the order of the systems."""

    answers: tuple[Answer, ...]

    def caption(self) -> Text:
        wrong = sum(answer.wrong is not None for answer in self.answers)
        return Text(f"{len(self.answers)} 个产品，{wrong} 个有误", f"{len(self.answers)} products, {wrong} with faults")

    def rows(self) -> list[dict[str, object]]:
        return [
            {
                "product": answer.product,
                "unit": str(answer.footprint.system.product.declared_unit) if answer.footprint else "",
                "kg_co2e": answer.footprint.total_kg_co2e if answer.footprint else None,
                "wrong": str(answer.wrong or ""),
            }
            for answer in self.answers
        ]


def calculate_portfolio(
    systems: Sequence[ProductSystem],
    gwp_set: str | GwpSet = "AR6",
    *,
    background: Background | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], object] | None = None,
    cancel: Cancel = None,
) -> Portfolio:
    """The footprints of many product systems.

    background  where the factors come from that a system names and does not bring
    executor    where chunks of systems run (default: here); progress, cancel: as in `Executor.run`
    """
    chunks = [tuple(systems[start : start + _CHUNK]) for start in range(0, len(systems), _CHUNK)]
    answers = (executor or InProcess()).run(
        _answers, chunks, shared=(gwp_set, background), progress=progress, cancel=cancel
    )
    return Portfolio(tuple(answer for chunk in answers for answer in chunk))


def _answers(shared: tuple[str | GwpSet, Background | None], systems: tuple[ProductSystem, ...]) -> tuple[Answer, ...]:
    return tuple(_answer(system, *shared) for system in systems)


def _answer(system: ProductSystem, gwp_set: str | GwpSet, background: Background | None) -> Answer:
    try:
        whole = on_background(system, background) if background else system
        return Answer(system.product.name, calculate_footprint(whole, gwp_set), None)
    except TanbiaoError as error:
        return Answer(system.product.name, None, error.text)
