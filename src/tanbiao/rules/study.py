"""A footprint seen through a rule: the few questions that clauses ask, each answered in one place."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from tanbiao.lca.allocation.shares import avoided_inputs
from tanbiao.lca.footprint import Footprint
from tanbiao.lca.model import Emission, Exclusion, Factor, Input, Output, Process, ProductSystem
from tanbiao.lca.quality.assessment import QualitySummary, assess_quality
from tanbiao.lca.views import Contribution
from tanbiao.rules.sections import RuleSections
from tanbiao.words import Text


@dataclass(frozen=True)
class Study:
    """What `Clause.check` is given: the rule's sections and the footprint, with the look-ups clauses need."""

    rule: RuleSections
    footprint: Footprint

    @property
    def system(self) -> ProductSystem:
        return self.footprint.system

    @cached_property
    def factors(self) -> dict[str, Factor]:
        return {factor.id: factor for factor in self.system.factors}

    @cached_property
    def quality(self) -> QualitySummary:
        return assess_quality(self.footprint)

    @cached_property
    def feeding(self) -> frozenset[str]:
        """Ids of the processes that the product draws on: what stands in any other has no part in the footprint."""
        takes = {
            p.id: [row.provider for row in (*p.inputs, *avoided_inputs(p)) if row.quantity.amount]
            for p in self.system.processes
        }
        found: set[str] = set()
        ahead = [self.system.product.process]
        while ahead:
            if (process := ahead.pop()) in takes and process not in found:
                found.add(process)
                ahead += takes[process]
        return frozenset(found)

    def inputs(self) -> Iterator[tuple[Process, Input]]:
        return ((process, row) for process in self.system.processes for row in process.inputs)

    def outputs(self) -> Iterator[tuple[Process, Output]]:
        return ((process, row) for process in self.system.processes for row in process.outputs)

    def supplies(self, wanted: Callable[[Factor], bool]) -> list[tuple[Process, Input, Factor]]:
        """The inputs whose supply comes from a background factor of the wanted kind."""
        found = ((p, row, self.factors.get(row.factor)) for p, row in self.inputs())
        return [(p, row, factor) for p, row, factor in found if factor is not None and wanted(factor)]

    def contributions_of(self, wanted: Callable[[Factor], bool]) -> list[Contribution]:
        """The lines of the footprint that come from factors of the wanted kind, supply and use alike."""
        ids = {factor.id for factor in self.system.factors if wanted(factor)}
        return [line for line in self.footprint.contributions if line.factor in ids]

    def share(self, lines: Iterable[Contribution]) -> float:
        """Share of these lines in the footprint, 0..1, by magnitude: a removal cannot hide an emission."""
        whole = sum(abs(line.kg_co2e) for line in self.footprint.contributions)
        return sum(abs(line.kg_co2e) for line in lines) / whole if whole else 0.0


Row = Process | Input | Output | Emission | Exclusion | Contribution


def label(row: Row) -> str:
    """How a row is called in a finding: its name, and where it stands."""
    name = row.line if isinstance(row, Contribution) else row.name
    if isinstance(row, Emission):
        name = name or row.substance
    return f"{name} [{row.place}]" if row.place else name


def label_as(row: Row, remark: Text) -> Text:
    """The row with a short remark behind it: "废钢 [原材料!D4]（次级数据）"."""
    return Text(f"{label(row)}（{remark.zh}）", f"{label(row)} ({remark.en})")


def places(rows: Iterable[Row]) -> tuple[str, ...]:
    """Where the rows stand, each place once, in order."""
    return tuple(dict.fromkeys(row.place for row in rows if row.place))


def listed(names: Iterable[str | Text], most: int = 12) -> Text:
    """Names in a row for a sentence, each once; a long list is cut, and says so."""
    texts = list(dict.fromkeys(Text(name, name) if isinstance(name, str) else name for name in names))
    more = len(texts) - most
    zh, en = "、".join(t.zh for t in texts[:most]), ", ".join(t.en for t in texts[:most])
    return Text(f"{zh} 等 {len(texts)} 项", f"{en} and {more} more") if more > 0 else Text(zh, en)


def mentions(words: Iterable[str], *names: str) -> bool:
    """Whether any of the words occurs in any of the names (width and case do not matter)."""
    plain = [unicodedata.normalize("NFKC", name).casefold() for name in names]
    return any(unicodedata.normalize("NFKC", word).casefold() in name for word in words for name in plain)


def percent(share: float) -> str:
    """A share as words of a finding: 0.02134 -> "2.134 %"."""
    return f"{100 * share:.4g} %"


def settled(number: float) -> Decimal:
    """A computed number as it is compared with a limit: without the noise of its last binary digits."""
    return Decimal(f"{number:.9f}")
