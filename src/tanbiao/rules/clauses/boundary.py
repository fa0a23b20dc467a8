"""Clauses on what the study is about: declared unit, life-cycle stages, unit processes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tanbiao.lca.model import Stage
from tanbiao.lca.vocabulary import BOUNDARIES, called
from tanbiao.rules.clauses.base import Clause
from tanbiao.rules.finding import Finding
from tanbiao.rules.study import Row, Study, label, listed, mentions
from tanbiao.words import Text


class DeclaredUnitIs(Clause):
    """The study speaks of exactly the amount of product that the rule names (ISO 14067:2018 6.3.3)."""

    kind: Literal["declared-unit"]

    def check(self, study: Study) -> Finding:
        given, asked = study.system.product.declared_unit, study.rule.declared_unit
        value, limit = f"{given.amount} {given.unit.symbol}", f"{asked.amount} {asked.unit}"
        same_dimension = given.unit.dimension == asked.of.dimension
        if same_dimension and given.amount * given.unit.factor == asked.amount * asked.of.factor:
            return self.passed(
                Text(f"声明单位为 {value}，与规则一致。", f"The declared unit is {value}, as the rule asks."),
                value=value,
                limit=limit,
            )
        return self.failed(
            Text(
                f"声明单位为 {value}，规则要求 {limit}。", f"The declared unit is {value}; the rule asks for {limit}."
            ),
            Text(f"把声明单位改为 {limit} 后重新计算。", f"Set the declared unit to {limit} and calculate again."),
            value=value,
            limit=limit,
        )


class BoundaryStages(Clause):
    """The system boundary is that of the rule: its stages are there, and no others (ISO 14067:2018 6.3.4)."""

    kind: Literal["boundary"]

    def check(self, study: Study) -> Finding:
        boundary = study.rule.boundary
        found = {stage for stage, kg in study.footprint.by_stage().items() if kg}
        outside = [row for stage, row in _staged(study) if stage in boundary.excluded]
        empty = [stage for stage in boundary.included if stage not in found]
        value = " + ".join(stage.value for stage in Stage if stage in found)
        limit = " + ".join(stage.value for stage in boundary.included)
        kind = study.system.product.boundary
        if kind != boundary.kind:
            has, due = BOUNDARIES.get(kind, Text(kind, kind)), BOUNDARIES[boundary.kind]
            return self.failed(
                Text(
                    f"系统边界为“{has.zh}”，规则要求“{due.zh}”。",
                    f"The boundary is {has.en}; the rule asks for {due.en}.",
                ),
                Text("按规则的系统边界重新建模。", "Model the system boundary of the rule."),
                value=kind,
                limit=boundary.kind,
            )
        if outside:
            named = listed(label(row) for row in outside)
            return self.failed(
                Text(f"边界外的阶段中有数据：{named.zh}。", f"Rows in stages outside the boundary: {named.en}."),
                Text("删除这些行，或改正其生命周期阶段。", "Remove these rows, or correct their life-cycle stage."),
                value=value,
                limit=limit,
                rows=outside,
            )
        if empty:
            named = listed(called(stage) for stage in empty)
            return self.failed(
                Text(f"边界内的阶段没有任何排放：{named.zh}。", f"No emissions in stages of the boundary: {named.en}."),
                Text("补充这些阶段的活动数据。", "Add the activity data of these stages."),
                value=value,
                limit=limit,
            )
        named = listed(called(stage) for stage in boundary.included)
        return self.passed(
            Text(f"数据覆盖边界内的全部阶段：{named.zh}。", f"The data cover all stages of the boundary: {named.en}."),
            value=value,
            limit=limit,
        )


def _staged(study: Study) -> Iterator[tuple[Stage, Row]]:
    """All that has a stage. What an input releases when used has that of its process (see lca.inventory)."""
    for process in study.system.processes:
        yield process.stage, process
        yield from ((row.stage, row) for row in process.inputs)
        yield from ((row.stage or process.stage, row) for row in process.emissions)


class RequiredProcesses(Clause):
    """The unit processes that the rule names are modelled and feed the product (ISO 14067:2018 6.3.4).

    They are recognised by name, so a doubt is put to a person.
    """

    kind: Literal["required-processes"]

    def check(self, study: Study) -> Finding:
        asked = study.rule.boundary.processes
        like = {p.code: [q for q in study.system.processes if mentions(p.words, q.id, q.name)] for p in asked}
        missing = [p for p in asked if not like[p.code]]
        beside = [q for found in like.values() if not any(q.id in study.feeding for q in found) for q in found]
        value, limit = f"{len(asked) - len(missing)}", f"{len(asked)}"
        if beside:
            named = listed(label(process) for process in beside)
            return self.failed(
                Text(f"这些过程没有供给产品：{named.zh}。", f"Modelled, but not feeding the product: {named.en}."),
                Text(
                    "以“供应过程”把它们与产品连起来；外购的中间产品不能代替必含的过程。",
                    "Connect them to the product by “supplied by”; bought intermediates do not replace them.",
                ),
                value=value,
                limit=limit,
                rows=beside,
            )
        if missing:
            named = listed(process.name for process in missing)
            return self.to_judge(
                Text(f"按名称没有认出这些过程：{named.zh}。", f"Not recognised by name: {named.en}."),
                Text(
                    "如已含在其他过程中，请说明在哪一个；如没有建模，请补充。",
                    "If another process contains them, say which one; if they are not modelled, add them.",
                ),
                value=value,
                limit=limit,
            )
        named = listed(process.name for process in study.system.processes)
        return self.passed(
            Text(f"规则要求的过程均已建模：{named.zh}。", f"The processes asked for are modelled: {named.en}."),
            value=value,
            limit=limit,
        )
