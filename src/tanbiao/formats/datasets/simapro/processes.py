"""A process of SimaPro: products with their allocation, or a waste that is treated; inputs, emissions, parameters."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from tanbiao.formats.datasets.amounts import Flows, pedigree_in, year_of
from tanbiao.formats.datasets.simapro.rows import (
    Numbers,
    Substance,
    amount_and_unit,
    nature_id,
    parameters,
    uncertainty,
)
from tanbiao.formats.datasets.simapro.text import Block, Row
from tanbiao.formats.datasets.simapro.words import NATURE, TECHNOSPHERE
from tanbiao.lca.datasets.records import (
    AllocationRecord,
    Direction,
    ExchangeRecord,
    FlowKind,
    FlowRecord,
    ProcessRecord,
    as_names,
)
from tanbiao.lca.datasets.report import Report

_YEARS = re.compile(r"(\d{4})\D+(\d{4})")
_PLAIN = ("", "unspecified", "unknown")
_READ = {"PlatformId", "Process identifier", "Process name", "Type", "Category type", "Geography", "Technology"}
_READ |= {"Comment", "Literature references", "Products", "Waste treatment", "Input parameters"}
_READ |= {"Calculated parameters", *TECHNOSPHERE, *NATURE}


@dataclass(slots=True)
class Described:
    """What a file (or the files of one source) says besides its processes.

    descriptions  texts of system descriptions and literature references by name
    """

    substances: dict[tuple[str, str], Substance] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)


def process(block: Block, numbers: Numbers, flows: Flows, described: Described, report: Report) -> ProcessRecord:
    return _Process(block, numbers, flows, described, report).record()


class _Process:
    def __init__(self, block: Block, numbers: Numbers, flows: Flows, described: Described, report: Report):
        self.block, self.flows, self.described, self.report = block, flows, described, report
        self.products = block.rows("Products")
        self.treated = [*block.rows("Waste treatment"), *block.rows("Waste scenario")]
        main = [*self.products, *self.treated, None][0]
        first = main.cell(0) if main else ""
        self.name = block.text("Process name") or first or block.place
        self.id = block.text("PlatformId") or block.text("Process identifier") or self.name
        self.place = f"{block.place} {self.name}"
        own = [(row, False) for row in block.rows("Input parameters")]
        own += [(row, True) for row in block.rows("Calculated parameters")]
        self.parameters, self.numbers = parameters(own, numbers, self.id, self.place, report)

    def record(self) -> ProcessRecord:
        block = self.block
        exchanges = (*self._products(), *self._treated(), *self._technosphere(), *self._nature())
        method = "physical" if "physical" in block.text("Multiple output allocation").lower() else "economic"
        allocation = tuple(self._allocation(method))
        years = _YEARS.search(block.text("Time period"))
        return ProcessRecord(
            id=self.id,
            names={"": self.name},
            exchanges=exchanges,
            category=tuple(self._category()),
            kind="system" if block.text("Type").lower() == "system" else "unit",
            year_from=year_of(years[1]) if years else None,
            year_until=year_of(years[2]) if years else None,
            technology=as_names(_stated(block.text("Technology"))),
            geography=as_names(_stated(block.text("Geography"))),
            comment=as_names(block.text("Comment")),
            parameters=tuple(self.parameters),
            allocation=allocation,
            default_allocation=method if allocation else "",
            sources=tuple(self._source(row) for row in block.rows("Literature references") if any(row.cells)),
            documentation=self._documentation(),
            place=self.place,
        )

    def _category(self) -> Iterator[str]:
        """The type of the process, and the place of its first product in the tree of SimaPro."""
        if kind := self.block.text("Category type"):
            yield kind
        for first, at in ((self.products[:1], 5), (self.treated[:1], 4)):
            yield from (part for row in first for part in row.cell(at).split("\\") if part)

    def _products(self) -> Iterator[ExchangeRecord]:
        for i, row in enumerate(self.products):
            comment = row.cell(6)
            yield self._exchange(row, 1, FlowKind.PRODUCT, Direction.OUT, row.cell(0), comment, reference=i == 0)

    def _treated(self) -> Iterator[ExchangeRecord]:
        """What a treatment is there for goes into it."""
        for i, row in enumerate(self.treated):
            reference = i == 0 and not self.products
            yield self._exchange(row, 1, FlowKind.WASTE, Direction.IN, row.cell(0), row.cell(5), reference=reference)

    def _technosphere(self) -> Iterator[ExchangeRecord]:
        for section in TECHNOSPHERE:
            waste, avoided = section == "Waste to treatment", section == "Avoided products"
            kind = FlowKind.WASTE if waste else FlowKind.PRODUCT
            direction = Direction.OUT if waste or avoided else Direction.IN
            for row in self.block.rows(section):
                yield self._exchange(row, 1, kind, direction, row.cell(0), row.cell(7), avoided=avoided, spread_at=3)
        for section in ("Separated waste", "Remaining waste"):
            for row in self.block.rows(section):
                self.report.refuse(
                    "waste_scenario",
                    row.place,
                    f"废物情景的分流“{row.text[:80]}”未读：它是份额而不是数量；请在 SimaPro 中展开为废物处理过程",
                    f'a branch of a waste scenario, "{row.text[:80]}", was not read: it is a share and not an amount; '
                    "turn it into a waste treatment in SimaPro",
                )

    def _nature(self) -> Iterator[ExchangeRecord]:
        for section, compartment in NATURE.items():
            direction = Direction.IN if compartment == "Raw" else Direction.OUT
            for row in self.block.rows(section):
                name, sub = row.cell(0), row.cell(1)
                id = nature_id(compartment, sub, name)
                yield self._exchange(
                    row, 2, FlowKind.ELEMENTARY, direction, id, row.cell(8), category=(compartment, sub), spread_at=4
                )

    def _exchange(
        self,
        row: Row,
        at: int,
        kind: FlowKind,
        direction: Direction,
        flow: str,
        comment: str,
        *,
        reference: bool = False,
        avoided: bool = False,
        category: tuple[str, str] | None = None,
        spread_at: int = 0,
    ) -> ExchangeRecord:
        """at: the cell of unit and amount; spread_at: that of the uncertainty, 0 where the section has none."""
        text, unit = amount_and_unit(row, at, self.numbers)
        amount, formula = self.numbers.amount(text, f"{row.place} {row.cell(0)}")
        make = partial(self._flow, row, kind, flow, category)
        factor, counted_in, own_kind = self.flows.counted(flow, unit, kind, row.place, make)
        return ExchangeRecord(
            flow=flow,
            direction=direction,
            amount=amount,
            unit=unit,
            factor=factor,
            reference=reference,
            avoided=avoided,
            formula=formula,
            uncertainty=uncertainty(row, spread_at, amount, self.numbers, self.report) if spread_at else {},
            pedigree=pedigree_in(comment),
            comment=as_names(comment),
            counted_in=counted_in,
            kind=own_kind,
        )

    def _flow(self, row: Row, kind: FlowKind, id: str, category: tuple[str, str] | None) -> FlowRecord:
        if category is None:
            return FlowRecord(id, {"": row.cell(0)}, kind, place=row.place)
        said = self.described.substances.get((category[0], row.cell(0)))
        return FlowRecord(
            id,
            {"": row.cell(0)},
            kind,
            category=tuple(filter(None, category)),
            cas=said.cas if said else "",
            comment=as_names(said.comment if said else ""),
            place=row.place,
        )

    def _allocation(self, method: str) -> Iterator[AllocationRecord]:
        shares = []
        for row in self.products if len(self.products) > 1 else ():
            share, formula = self.numbers.amount(row.cell(3) or "0", row.place)
            shares.append(share)
            yield AllocationRecord(method, row.cell(0), share / 100, formula=formula)
        if shares and not math.isclose(sum(shares), 100, rel_tol=1e-6):
            self.report.warn(
                "allocation_sum",
                self.place,
                f"各产品的分配比例之和为 {sum(shares):g}%，应为 100%",
                f"the allocation shares of its products add up to {sum(shares):g}%, not 100%",
            )

    def _source(self, row: Row) -> str:
        name = row.cell(0)
        return f"{name}: {said}" if (said := self.described.descriptions.get(name)) else row.text

    def _documentation(self) -> Mapping[str, str]:
        said: dict[str, str] = {}
        for heading, rows in self.block.sections:
            text = "\n".join(row.text for row in rows)
            if heading not in _READ and text.lower() not in _PLAIN:
                said[heading] = text
        for row in (*self.products, *self.treated):
            waste = row.cell(4 if row in self.products else 3)
            if waste.lower() not in (*_PLAIN, "not defined"):
                said[f"Waste type {row.cell(0)}"] = waste
        if system := next((row.cell(0) for row in self.block.rows("System description")), ""):
            said["System description"] = " ".join(
                filter(None, (said.get("System description"), self.described.descriptions.get(system)))
            )
        return said


def _stated(text: str) -> str:
    return "" if text.lower() in _PLAIN else text
