"""Small databases made by hand: flows of one unit, processes of a few exchanges."""

from __future__ import annotations

from collections.abc import Iterable

from tanbiao.lca.datasets.compiling import Compiled, Compiler
from tanbiao.lca.datasets.linking import LinkRule
from tanbiao.lca.datasets.records import Direction, ExchangeRecord, FlowKind, FlowRecord, ProcessRecord, Record
from tanbiao.lca.datasets.report import Report

AIR = ("Elementary flows", "Emission to air", "unspecified")
CO2 = FlowRecord("co2", {"en": "Carbon dioxide, fossil", "zh": "二氧化碳，化石"}, FlowKind.ELEMENTARY, "kg", AIR)


def product(id: str, unit: str = "kg", **more: object) -> FlowRecord:
    return FlowRecord(id, {"en": f"Product {id}", "zh": f"产品{id}"}, FlowKind.PRODUCT, unit, **more)


def waste(id: str, unit: str = "kg") -> FlowRecord:
    return FlowRecord(id, {"en": f"Waste {id}", "zh": f"废物{id}"}, FlowKind.WASTE, unit)


def makes(flow: str, amount: float = 1.0, **more: object) -> ExchangeRecord:
    return ExchangeRecord(flow, Direction.OUT, amount, "kg", reference=True, **more)


def takes(flow: str, amount: float, provider: str = "", **more: object) -> ExchangeRecord:
    return ExchangeRecord(flow, Direction.IN, amount, "kg", provider=provider, **more)


def gives(flow: str, amount: float, provider: str = "", **more: object) -> ExchangeRecord:
    return ExchangeRecord(flow, Direction.OUT, amount, "kg", provider=provider, **more)


def process(id: str, *exchanges: ExchangeRecord, **more: object) -> ProcessRecord:
    return ProcessRecord(id, {"en": f"Make {id}", "zh": f"生产{id}"}, exchanges, **more)


def two(a_takes: float = 2.0, b_takes: float = 0.0, provider: str = "B") -> list[Record]:
    """A takes B; where b_takes is given, B takes A: a loop of gain a_takes * b_takes."""
    loop = (takes("a", b_takes, "A"),) if b_takes else ()
    return [
        CO2,
        product("a"),
        product("b"),
        process("A", makes("a"), takes("b", a_takes, provider), gives("co2", 0.5)),
        process("B", makes("b"), *loop, gives("co2", 3.0)),
    ]


def compiler_of(records: Iterable[Record]) -> Compiler:
    compiler = Compiler()
    for record in records:
        compiler.add(record)
    return compiler


def compiled_of(records: Iterable[Record], rule: LinkRule = LinkRule.DECLARED) -> tuple[Compiled, Report]:
    report = Report()
    return compiler_of(records).compiled(rule, report), report
