"""From the rows of a workbook to a product system; what does not fit together is noted with its cell."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from tanbiao.formats import sheets
from tanbiao.formats.cells import Findings, Row, wrong_dimension
from tanbiao.formats.factor_names import FactorNames, released_gas
from tanbiao.formats.sheets import Sheet
from tanbiao.formats.starter import Library
from tanbiao.formats.uscc import is_uscc
from tanbiao.formats.vocabulary import find_boundary, matching
from tanbiao.lca.checks import system_faults
from tanbiao.lca.factors import factor_faults
from tanbiao.lca.faults import CountedTwice, Fault, WrongDimension
from tanbiao.lca.gases.gwp import gwp_set
from tanbiao.lca.model import (
    Allocation,
    DataKind,
    DataQuality,
    Displaced,
    Emission,
    Exclusion,
    Input,
    InputKind,
    Output,
    OutputKind,
    Process,
    Product,
    ProductSystem,
    Stage,
)
from tanbiao.lca.units import Quantity, unit
from tanbiao.lca.vocabulary import BOUNDARIES
from tanbiao.rules import Rule, available_rules
from tanbiao.words import Text

Thing = TypeVar("Thing")

MAX_PROCESSES = 200
DISPLACED = ("displaced_factor", "displaced_provider", "displaced_ratio")
REGION = re.compile(r"[A-Z]{2,3}(-[A-Z0-9]{1,3})?")  # ISO 3166-1 or -2; GLO, RER and the like for wider ones
SMALLEST_DECLARED, LARGEST_DECLARED = Decimal("0.000001"), Decimal("1000000000")


def assemble(product: Row, rows: Mapping[str, list[Row]], library: Library, findings: Findings) -> ProductSystem | None:
    """The system that the rows describe, or None where a problem (in `findings`) keeps it from being one.

    library  the background factors that rows may name
    """
    return _Assembly(product, rows, library, findings).system()


class _Assembly:
    """One method for each sheet, and the processes that rows refer to each other by."""

    def __init__(self, product: Row, rows: Mapping[str, list[Row]], library: Library, findings: Findings):
        self.product_row = product
        self.rows = rows
        self.findings = findings
        self.rule = self._rule()
        self.gwp = gwp_set(self.rule.gwp_set if self.rule else "AR6")
        self.factors = FactorNames(rows["own_factors"], library, findings, self.gwp)
        self.unread: set[str] = set()  # processes with an output row that could not be read; "" for any of them
        self.process_ids: dict[str, str] = {}  # as typed ids are compared -> the id
        self.process_rows = self._process_rows()

    def system(self) -> ProductSystem | None:
        outputs: dict[str, list[Output]] = {id: [] for id in self.process_rows}
        inputs: dict[str, list[Input]] = {id: [] for id in self.process_rows}
        emissions: dict[str, list[Emission]] = {id: [] for id in self.process_rows}
        # outputs first: an input from an own process must fit what that process makes
        for row in self.rows["outputs"]:
            process, output = self._process(row), self._output(row)
            _file(outputs, process, output)
            if output is None or not process:
                self.unread.add(process)
        self.made = {id: next((o for o in outs if o.kind is OutputKind.PRODUCT), None) for id, outs in outputs.items()}
        for sheet in sheets.INPUT_SHEETS:
            for row in self.rows[sheet.key]:
                _file(inputs, self._process(row), self._input(row, sheet))
        for row in self.rows["emissions"]:
            _file(emissions, self._process(row), self._emission(row))
        exclusions = [e for row in self.rows["exclusions"] if (e := self._exclusion(row))]
        processes = [
            self._assembled(row, id, outputs[id], inputs[id], emissions[id]) for id, row in self.process_rows.items()
        ]
        product = self._product()
        if self.findings.fatal or product is None:
            return None
        if not any(self.rows[key] for key in (*(sheet.key for sheet in sheets.INPUT_SHEETS), "emissions")):
            self.findings.refuse(
                sheets.INPUT_SHEETS[0].title,
                "没有任何投入，也没有直接排放。请填写活动数据。",
                "there is no input and no direct emission. Fill in the activity data.",
            )
            return None
        system = ProductSystem(
            product,
            tuple(p for p in processes if p),
            tuple(self.factors.used[id] for id in sorted(self.factors.used)),
            tuple(exclusions),
            self.rule.id if self.rule else "",
        )
        for built in system.processes:
            self._warn_of_doubles((*built.inputs, *built.emissions))
        # what only shows when everything stands together: allocation, ranges
        for fault in system_faults(system, self.gwp, self.factors.library):
            for problem in fault.problems:
                self.findings.note(problem)
        return system

    def _warn_of_doubles(self, rows: tuple[Input | Emission, ...]) -> None:
        """A row pasted twice counts twice; two alike may be meant, so it is a warning."""
        seen: dict[Input | Emission, str] = {}
        for row in rows:
            alike = dataclasses.replace(row, place="", source="", quality=None)
            if row.quantity.amount and alike in seen:
                self.findings.warn(
                    row.place,
                    f"“{row.name}”与 {seen[alike]} 完全相同，是否重复填写？两行都已计入。",
                    f'"{row.name}" is the same as {seen[alike]}; is it entered twice? Both rows are counted.',
                )
            seen.setdefault(alike, row.place)

    # The product sheet

    def _rule(self) -> Rule | None:
        typed = self.product_row.text("rule")
        known = {r.id: r for r in available_rules()}
        if typed and typed not in known:
            self.findings.refuse(
                self.product_row.place_of("rule"),
                f"没有规则“{typed}”。可用：{'、'.join(known)}。",
                f'there is no rule "{typed}". Available: {", ".join(known)}.',
            )
        return known.get(typed)

    def _product(self) -> Product | None:
        row = self.product_row
        amount, per = row.number("declared_amount", positive=True), row.unit("declared_unit")
        if amount is not None and not SMALLEST_DECLARED <= amount <= LARGEST_DECLARED:
            self.findings.refuse(
                row.place_of("declared_amount"),
                f"声明单位数量 {amount} 应在 {SMALLEST_DECLARED:f} 与 {LARGEST_DECLARED:f} 之间。请换用合适的单位。",
                f"the declared amount {amount} is to be from {SMALLEST_DECLARED:f} to {LARGEST_DECLARED:f}. "
                "Choose a unit that fits.",
            )
        process = self._process(row)
        start, end = row.date("period_start"), row.date("period_end")
        if start and end and end <= start:
            self.findings.refuse(
                row.place_of("period_end"),
                f"数据期结束 {end} 不晚于开始 {start}。",
                f"the data period ends {end}, not after its start {start}.",
            )
        typed = row.text("boundary")
        boundary = find_boundary(typed)
        if typed and not boundary:
            self.findings.refuse(
                row.place_of("boundary"),
                f"系统边界“{typed}”应为：{'、'.join(words.zh for words in BOUNDARIES.values())}。",
                f'the boundary "{typed}" is to be one of: {", ".join(words.en for words in BOUNDARIES.values())}.',
            )
        texts = {
            key: row.text(key)
            for key in ("name", "name_en", "model", "manufacturer", "factory", "uscc", "address", "region")
        }
        if texts["uscc"] and not is_uscc(texts["uscc"]):
            self.findings.refuse(
                row.place_of("uscc"),
                f"统一社会信用代码“{texts['uscc']}”不正确：应为 18 位，末位为校验码。请按营业执照填写，或留空。",
                f'the unified social credit code "{texts["uscc"]}" is wrong: 18 characters, the last a check digit. '
                "Write it as on the business licence, or leave it empty.",
            )
        if texts["region"] and not REGION.fullmatch(texts["region"]):
            self.findings.refuse(
                row.place_of("region"),
                f"地区“{texts['region']}”不是代码。请填 ISO 3166 代码，如 CN-SH（上海）、CN-JS（江苏）。",
                f'the region "{texts["region"]}" is not a code. Write an ISO 3166 code, such as CN-SH or CN-JS.',
            )
        made = self.made.get(process) if process else None
        if made and per and made.quantity.unit.dimension != per.dimension:
            zh, en = wrong_dimension(per.symbol, made.quantity.unit.dimension, Text("产品产出", "the output"))
            self.findings.refuse(row.place_of("declared_unit"), zh, en)
        if amount is None or per is None or not process or start is None or end is None:
            return None
        return Product(
            **texts,
            declared_unit=Quantity(amount, per),
            process=process,
            period_start=start,
            period_end=end,
            boundary=boundary,
        )

    # Names that rows refer to

    def _process_rows(self) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for row in self.rows["processes"]:
            id = row.text("id")
            if before := self.process_ids.get(matching(id)):
                place = found[before].place_of("id")
                self.findings.refuse(
                    row.place_of("id"),
                    f"过程编号“{id}”重复（另见 {place}，大小写不计）。每个过程用不同的编号。",
                    f'the process id "{id}" stands twice (see {place}; case does not count). Give each its own.',
                )
            elif id:
                found[id] = row
                self.process_ids[matching(id)] = id
            if len(found) > MAX_PROCESSES:
                self.findings.refuse(
                    row.place,
                    f"过程多于 {MAX_PROCESSES} 个。请合并次要的过程。",
                    f"there are more than {MAX_PROCESSES} processes. Combine the minor ones.",
                )
                break
        return found

    def _process(self, row: Row, key: str = "process") -> str:
        """The id of a process that a cell names, or "" where it names none."""
        typed = row.text(key)
        if typed and matching(typed) not in self.process_ids:
            self.findings.refuse(
                row.place_of(key),
                f"“过程”表中没有编号“{typed}”。已有：{'、'.join(self.process_rows)}。",
                f'the Processes sheet has no id "{typed}". It has: {", ".join(self.process_rows)}.',
            )
        return self.process_ids.get(matching(typed), "") if typed else ""

    # One row of each sheet

    def _emission(self, row: Row) -> Emission | None:
        in_unit = row.unit("unit", "mass")
        mass = in_unit.symbol if in_unit else "kg"
        released = released_gas(row, row.text("name"), row.number("amount"), mass, self.gwp)
        stage, data_kind = row.choice("stage", Stage), row.choice("data_kind", DataKind, DataKind.SECONDARY)
        quality, source = self._quality(row), row.text("source")
        if released is None or in_unit is None or data_kind is None:
            return None
        return dataclasses.replace(
            released, stage=stage, data_kind=data_kind, quality=quality, source=source, place=row.place_of("amount")
        )

    def _input(self, row: Row, sheet: Sheet) -> Input | None:
        assert sheet.kind and sheet.stage
        transport = sheet.kind is InputKind.TRANSPORT
        quantity = self._transport_work(row) if transport else self._quantity(row)
        factor = self.factors.named(row, "factor")
        provider = self._process(row, "provider") if "provider" in row.cells else ""
        use_factor = self.factors.named(row, "use_factor") if "use_factor" in row.cells else None
        stage = row.choice("stage", Stage, sheet.stage)
        data_kind = row.choice("data_kind", DataKind, DataKind.SECONDARY)
        quality, item = self._quality(row), self._item(row)
        name, source, note = row.text("name"), row.text("source"), row.text("note")
        self._check_supply(row)
        if quantity is None or stage is None or data_kind is None:
            return None
        at = "mass_unit" if transport else "unit"
        made = self.made.get(provider)
        if made and made.quantity.unit.dimension != quantity.unit.dimension:
            what = Text(f"过程“{provider}”供应的数量", f'the amount from process "{provider}"')
            due = made.quantity.unit.dimension
            self.findings.refuse(row.place_of(at), *wrong_dimension(quantity.unit.symbol, due, what))
        built = Input(
            name,
            sheet.kind,
            quantity,
            stage,
            factor=factor.id if factor else "",
            provider=provider,
            use_factor=use_factor.id if use_factor else "",
            data_kind=data_kind,
            quality=quality,
            item=item,
            source=source,
            note=note,
            place=row.place_of("mass" if transport else "amount"),
        )
        self._check_factors(row, built, row.place_of(at))
        return built

    def _check_supply(self, row: Row) -> None:
        named = [key for key in ("factor", "provider") if key in row.cells and row.cells[key].value is not None]
        if not named:
            self.findings.refuse(
                row.place_of("factor"),
                "缺少排放因子：请选择供应因子，或填写供应过程。",
                "no emission factor: choose a supply factor, or name the process that supplies it.",
            )
        elif len(named) == 2:
            self.findings.refuse(
                row.place_of("provider"),
                "供应因子和供应过程只能填一个。",
                "give either a supply factor or a supplying process, not both.",
            )

    def _check_factors(self, row: Row, built: Input, unit_place: str) -> None:
        """The engine's rules on which factor may be used where, told at the cell concerned."""
        lookup = self.factors.library
        faults: list[tuple[str, Fault]] = []
        for key, other in (("factor", "use_factor"), ("use_factor", "factor")):
            alone = dataclasses.replace(built, **{other: ""})  # type: ignore[arg-type]
            faults += [(row.place_of(key), f) for f in factor_faults("", alone, self.factors.used, lookup)]
        together = factor_faults("", built, self.factors.used, lookup)
        faults += [(row.place_of("use_factor"), f) for f in together if isinstance(f, CountedTwice)]
        for place, fault in faults:
            at = unit_place if isinstance(fault, WrongDimension) else place
            self.findings.refuse(at, fault.text.zh, fault.text.en)

    def _item(self, row: Row) -> str:
        """The code of the rule's required datum that a cell names: by code, or by name in either language."""
        typed = row.text("item")
        if not typed or self.rule is None:
            return typed
        named = {matching(t): i.code for i in self.rule.required_items for t in (i.code, i.name.zh, i.name.en)}
        if matching(typed) not in named:
            offered = "、".join(i.name.zh for i in self.rule.required_items)
            names = ", ".join(i.name.en for i in self.rule.required_items)
            self.findings.refuse(
                row.place_of("item"),
                f"规则 {self.rule.id} 没有必填项“{typed}”。可选：{offered}。",
                f'rule {self.rule.id} has no required item "{typed}". Choose one of: {names}.',
            )
        return str(named.get(matching(typed), ""))

    def _quantity(self, row: Row) -> Quantity | None:
        amount, in_unit = row.number("amount"), row.unit("unit")
        return Quantity(amount, in_unit) if amount is not None and in_unit else None

    def _transport_work(self, row: Row) -> Quantity | None:
        mass, distance = row.number("mass"), row.number("distance")
        mass_unit, distance_unit = row.unit("mass_unit", "mass"), row.unit("distance_unit", "length")
        if mass is None or distance is None or mass_unit is None or distance_unit is None:
            return None
        tonnes = Quantity(mass, mass_unit).to(unit("t")).amount
        kilometres = Quantity(distance, distance_unit).to(unit("km")).amount
        return Quantity(tonnes * kilometres, unit("t·km"))

    def _quality(self, row: Row) -> DataQuality | None:
        keys = [c.key for c in sheets.QUALITY]
        scores = {key: row.score(key) for key in keys}
        given = {k: v for k, v in scores.items() if v is not None}
        if len(given) == len(keys):
            return DataQuality(**given)
        if given and not any(k in row.cells and row.cells[k].value is not None for k in keys if k not in given):
            self.findings.refuse(
                row.place_of(next(iter(given))),
                "数据质量的三项评分要一起填写，或都留空。",
                "give all three data-quality scores, or none.",
            )
        return None

    def _output(self, row: Row) -> Output | None:
        kind = row.choice("kind", OutputKind)
        amount = row.number("amount", positive=kind is OutputKind.PRODUCT)
        in_unit, value = row.unit("unit"), row.number("allocation_value")
        data_kind = row.choice("data_kind", DataKind, DataKind.SECONDARY)
        name, source, note, item = row.text("name"), row.text("source"), row.text("note"), self._item(row)
        displaces = self._displaced(row, kind)
        if kind is None or amount is None or in_unit is None or data_kind is None:
            return None
        return Output(
            name,
            kind,
            Quantity(amount, in_unit),
            allocation_value=value,
            data_kind=data_kind,
            item=item,
            source=source,
            note=note,
            place=row.place_of("amount"),
            displaces=displaces,
        )

    def _displaced(self, row: Row, kind: OutputKind | None) -> Displaced | None:
        """What a co-product displaces: by factor or by own process, as an input is supplied."""
        factor, provider = self.factors.named(row, "displaced_factor"), self._process(row, "displaced_provider")
        ratio = row.number("displaced_ratio")
        told = [key for key in DISPLACED if key in row.cells and row.cells[key].value is not None]
        if told and kind not in (None, OutputKind.COPRODUCT):
            self.findings.refuse(
                row.place_of(told[0]),
                "只有共生产品才能替代其他产品。请清空此格，或改类别。",
                "only a co-product can displace another product. Empty the cell, or change the kind.",
            )
        elif told == ["displaced_ratio"] or told[:2] == ["displaced_factor", "displaced_provider"]:
            self.findings.refuse(
                row.place_of(told[-1]),
                "替代因子和替代过程填且只填一个。",
                "give either a displaced factor or a displaced process, and not both.",
            )
        if not (factor or provider):
            return None
        return Displaced(factor.id if factor else "", provider, Decimal(1) if ratio is None else ratio)

    def _exclusion(self, row: Row) -> Exclusion | None:
        share, name, reason = row.number("share"), row.text("name"), row.text("reason")
        if share is not None and share > 1:
            self.findings.refuse(
                row.place_of("share"),
                f"占比 {share} 大于 1（100%）。请在百分比格式的单元格中填写，如 0.5%。",
                f"the share {share} is above 1 (100 %). Type it into a cell of percent format, such as 0.5%.",
            )
        return Exclusion(name, share, reason, row.place) if share is not None else None

    def _assembled(
        self, row: Row, id: str, outputs: list[Output], inputs: list[Input], emissions: list[Emission]
    ) -> Process | None:
        name, stage = row.text("name"), row.choice("stage", Stage)
        allocation = row.choice("allocation", Allocation, Allocation.NONE)
        products = [o for o in outputs if o.kind is OutputKind.PRODUCT]
        if len(products) != 1 and not self.unread & {id, ""}:  # an unread row has its own problem already
            self.findings.refuse(
                row.place_of("id"),
                f"过程“{id}”在“产出”表中有 {len(products)} 个“产品”，应恰有一个。",
                f'process "{id}" has {len(products)} outputs of kind product; it needs exactly one.',
            )
        if stage is None or allocation is None:
            return None
        return Process(
            id, name, stage, tuple(outputs), tuple(inputs), tuple(emissions), allocation, row.place_of("id"),
            row.text("allocation_property"),
        )  # fmt: skip


def _file(filed: dict[str, list[Thing]], process: str, thing: Thing | None) -> None:
    if process and thing is not None:
        filed[process].append(thing)
