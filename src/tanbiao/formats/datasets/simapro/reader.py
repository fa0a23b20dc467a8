"""SimaPro CSV: processes, methods, units, parameters and what is said of them.

A file is read twice: units, parameters and substances, which often come last, then processes and methods, one block at
a time. Products are told by their names, as SimaPro itself does it; elementary flows by compartment and name. Units
are converted as the file defines them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from tanbiao.formats.datasets.amounts import Base, Flows
from tanbiao.formats.datasets.container import Container, entries_ending
from tanbiao.formats.datasets.format import Format, Progress
from tanbiao.formats.datasets.simapro.files import File, looks_like_simapro, open_file
from tanbiao.formats.datasets.simapro.methods import methods
from tanbiao.formats.datasets.simapro.processes import Described, process
from tanbiao.formats.datasets.simapro.rows import CONSTANTS, Numbers, definition, nature_id, parameters, substance
from tanbiao.formats.datasets.simapro.text import Block, Row, blocks
from tanbiao.formats.datasets.simapro.words import DESCRIPTIONS, PARAMETERS, SUBSTANCES
from tanbiao.lca.datasets.records import FlowKind, FlowRecord, Record, as_names
from tanbiao.lca.datasets.report import Report
from tanbiao.lca.datasets.source_units import in_base


def _files(container: Container) -> list[str]:
    names = entries_ending(container, ".csv", ".txt")
    return [name for name in names if looks_like_simapro(container.first_bytes(name))]


def _is_it(container: Container) -> bool:
    names = list(entries_ending(container, ".csv", ".txt"))[:20]
    return any(looks_like_simapro(container.first_bytes(name)) for name in names)


def _records(container: Container, report: Report, progress: Progress) -> Iterator[Record]:
    source = _Source(container, report)
    for name in _files(container):
        source.look_through(name)
    yield from source.before_processes()
    for done, file in enumerate(source.files):
        progress(done, len(source.files))
        yield from source.read(file)
    progress(len(source.files), len(source.files))
    source.account()


FORMAT = Format("simapro", "SimaPro CSV", _is_it, _records)


class _Source:
    """All files of a source: units, substances and parameters hold for all of them."""

    def __init__(self, container: Container, report: Report):
        self.container, self.report = container, report
        self.files: list[File] = []
        self._units: dict[str, Base] = {}
        self._quantities: dict[str, str] = {}
        self._described = Described()
        self._parameters: list[tuple[Row, bool, str]] = []  # with whether it is calculated, and the decimal sign
        self._values: dict[str, float] = dict(CONSTANTS)
        self._flows = Flows(report, self._base_of)

    def look_through(self, name: str) -> None:
        """Everything but processes and methods."""
        file = open_file(self.container, name)
        self.files.append(file)
        if "Decimal separator" not in file.head:
            self.report.note(
                "decimal_assumed",
                name,
                "文件头没有说明小数点；按“.”读取",
                'the head does not say the decimal sign; read as "."',
            )
        numbers = Numbers(file.decimal, {})
        for block in blocks(self.container, file, self.report):
            for row in block.rows("Units"):
                symbol, base = definition(row, numbers)
                self._define(symbol, base, row)
            for row in block.rows("Quantities"):
                self._quantities[row.cell(0)] = row.cell(1)
            if block.keyword in DESCRIPTIONS:
                self._describe(block)
            for heading, rows in block.sections:
                if heading in PARAMETERS:
                    self._parameters += [(row, "Calculated" in heading, file.decimal) for row in rows]
                elif heading in SUBSTANCES and block.keyword not in ("Process", "Product stage"):
                    for row in rows:
                        self._described.substances[SUBSTANCES[heading], row.cell(0)] = substance(row, self.report)

    def before_processes(self) -> Iterator[Record]:
        """Parameters of database and project, and the substances that the source lists."""
        for decimal in dict.fromkeys(decimal for _row, _calculated, decimal in self._parameters):
            given = [(row, calculated) for row, calculated, own in self._parameters if own == decimal]
            numbers = Numbers(decimal, self._values)
            records, known = parameters(given, numbers, "", self.container.name, self.report)
            self._values = dict(known.values)
            yield from records
        for (compartment, name), said in self._described.substances.items():
            flow = FlowRecord(
                nature_id(compartment, "", name),
                {"": name},
                FlowKind.ELEMENTARY,
                unit=said.unit,
                category=(compartment,),
                cas=said.cas,
                comment=as_names(said.comment),
                place=said.place,
            )
            self._flows.know(flow, said.place)
        yield from self._flows.new()

    def read(self, file: File) -> Iterator[Record]:
        numbers = Numbers(file.decimal, self._values)
        for block in blocks(self.container, file):
            if block.keyword in ("Process", "Product stage"):
                found = process(block, numbers, self._flows, self._described, self.report)
                yield from self._flows.new()
                yield found
            elif block.keyword == "Method":
                yield from methods(block, numbers, self.report)

    def account(self) -> None:
        """What was found, for comparison with a count by hand."""
        facts = self.report.facts
        facts["encoding"] = ", ".join(dict.fromkeys(file.encoding for file in self.files))
        facts["header"] = {key: value for file in self.files for key, value in file.head.items() if key}
        facts["blocks"] = dict(sum((file.blocks for file in self.files), Counter[str]()))
        facts["rows"] = dict(sum((file.rows for file in self.files), Counter[str]()))
        facts["documents"] = len(self.files)
        if self._quantities:
            facts["quantities"] = self._quantities
        if self._described.descriptions:
            facts["descriptions"] = self._described.descriptions

    def _define(self, symbol: str, base: Base, row: Row) -> None:
        usual = in_base(symbol)
        into = in_base(base[0]) or (base[0], 1.0)
        own = into[0], base[1] * into[1]
        if symbol in self._units and not math.isclose(self._units[symbol][1], own[1], rel_tol=1e-9):
            self.report.warn(
                "unit_twice",
                row.place,
                f"单位“{symbol}”有不同的定义，用先见的",
                f'unit "{symbol}" is defined in different ways; the first one counts',
            )
        self._units.setdefault(symbol, own)
        if usual and usual[0] == own[0] and not math.isclose(usual[1], own[1], rel_tol=1e-9):
            self.report.note(
                "unit_as_defined",
                row.place,
                f"按文件的定义，1 {symbol} = {own[1]:.12g} {own[0]}（通常为 {usual[1]:.12g}）",
                f"as the file defines it, 1 {symbol} = {own[1]:.12g} {own[0]} (usually {usual[1]:.12g})",
            )

    def _base_of(self, symbol: str) -> Base | None:
        return self._units.get(symbol) or in_base(symbol)

    def _describe(self, block: Block) -> None:
        name = block.text("Name")
        texts = (f"{heading}: {text}" for heading, _rows in block.sections if (text := block.text(heading)))
        self._described.descriptions[name] = "\n".join(text for text in texts if not text.startswith("Name: "))
