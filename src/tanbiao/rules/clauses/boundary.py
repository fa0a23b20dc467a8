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
        rows = list(_staged_rows(study))
        found = {stage for stage, _ in rows}
        outside = [row for stage, row in rows if stage in boundary.excluded]
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
                Text(f"边界内的阶段没有任何数据：{named.zh}。", f"No row in stages inside the boundary: {named.en}."),
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


def _staged_rows(study: Study) -> Iterator[tuple[Stage, Row]]:
    for process in study.system.processes:
        yield from ((row.stage, row) for row in process.inputs)
        yield from ((row.stage or process.stage, row) for row in process.emissions)


class RequiredProcesses(Clause):
    """The unit processes that the rule names are modelled; recognised by name, so a doubt is put to a person."""

    kind: Literal["required-processes"]

    def check(self, study: Study) -> Finding:
        asked = study.rule.boundary.processes
        modelled = study.system.processes
        missing = [p for p in asked if not any(mentions(p.words, q.id, q.name) for q in modelled)]
        value, limit = f"{len(asked) - len(missing)}", f"{len(asked)}"
        if not missing:
            named = listed(process.name for process in modelled)
            return self.passed(
                Text(f"规则要求的过程均已建模：{named.zh}。", f"The processes asked for are modelled: {named.en}."),
                value=value,
                limit=limit,
            )
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
