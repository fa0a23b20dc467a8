"""The clause on fuels and what else releases gas when used: supply and release, each once."""

from __future__ import annotations

from typing import Literal

from tanbiao.lca.factors import ELECTRICITY_UNITS
from tanbiao.lca.model import Emission, FactorKind, GasClass, Input, InputKind, LifeCycleScope, Process
from tanbiao.rules.clauses.base import IN_ORDER, Clause, Remark
from tanbiao.rules.finding import Finding, Verdict
from tanbiao.rules.sections import Code
from tanbiao.rules.study import Study, mentions
from tanbiao.words import Text

_NOT_A_FUEL = (FactorKind.ELECTRICITY_FOOTPRINT, FactorKind.GRID_CO2, FactorKind.TRANSMISSION, FactorKind.HEAT)


class FuelsBothParts(Clause):
    """A fuel, and a material that releases gas when used, carries its supply and its release, each once.

    items  codes of required items that release gas when used; rows with a use factor, with a fuel's upstream factor,
           and energy that is neither electricity nor heat count as well. A row that only bears the name of an item,
           or takes the factor of one, may be such a material: a person looks.
    ISO 14067:2018 6.3.4, 6.4.2.
    """

    kind: Literal["fuels-both-parts"]
    items: tuple[Code, ...]

    @property
    def item_codes(self) -> tuple[str, ...]:
        return self.items

    def check(self, study: Study) -> Finding:
        used = [(p, row) for p, row in study.inputs() if row.quantity.amount]
        rows = [(p, row) for p, row in used if _is_fuel(study, row) or row.use_factor or row.item in self.items]
        sure = [self._remark(study, process, row) for process, row in rows]
        remarks = [*sure, *self._likely(study, used, {row.place for _, row in rows}), *_beside(study)]
        value, limit = str(sum(remark.verdict is Verdict.PASS for remark in sure)), str(len(rows))
        if not remarks:
            return self.to_judge(
                Text("没有使用任何燃料或含碳材料。", "No fuel and no carbon material is used."),
                Text("请确认确实没有使用。", "Make sure that there really is none."),
                value=value,
                limit=limit,
            )
        return self.row_by_row(
            remarks,
            Text(f"{len(rows)} 行均含上游和使用排放。", f"All {len(rows)} rows carry supply and release."),
            Text(
                "供应填上游因子，使用填燃烧或过程排放因子，二者各一次。",
                "Give an upstream factor for the supply and a combustion or process factor for the use, each once.",
            ),
            value=value,
            limit=limit,
        )

    def _remark(self, study: Study, process: Process, row: Input) -> Remark:
        supply = study.factors.get(row.factor)
        scope = supply.life_cycle_scope if supply else None
        whole = scope is LifeCycleScope.LIFE_CYCLE
        if whole and row.use_factor:
            said = Text("全生命周期因子与使用因子重复计算", "life-cycle factor and use factor count the release twice")
            return Remark(row, Verdict.FAIL, said)
        if not row.provider and scope is LifeCycleScope.DIRECT:
            said = Text("供应因子仅含直接排放，缺其上游", "supply factor of direct emissions only, no upstream")
            return Remark(row, Verdict.FAIL, said)
        if not row.provider and scope is None:
            return Remark(row, Verdict.FAIL, Text("缺上游排放", "no upstream emissions"))
        if not whole and not row.use_factor:
            if _carbon_dioxide(process):
                said = Text("没有使用因子，是否已在直接排放中", "no use factor: is it in the direct emissions?")
                return Remark(row, Verdict.JUDGEMENT, said)
            if row.provider:
                said = Text("自产能源没有使用因子，是否燃烧", "made by an own process, no use factor: is it burnt?")
                return Remark(row, Verdict.JUDGEMENT, said)
            return Remark(row, Verdict.FAIL, Text("缺使用（燃烧）排放", "no emissions of its use"))
        return Remark(row, Verdict.PASS, IN_ORDER)

    def _likely(self, study: Study, used: list[tuple[Process, Input]], seen: set[str]) -> list[Remark]:
        """Material rows without item code and use factor that look like one of the items."""
        items = [study.rule.item(code) for code in self.items]
        names = [name for item in items for name in (item.name.zh, item.name.en)]
        theirs = {row.factor for _, row in used if row.item in self.items and row.factor}
        said = Text("像是使用时释放气体的材料，没有使用因子", "looks like a material that releases gas, no use factor")
        return [
            Remark(row, Verdict.JUDGEMENT, said)
            for _, row in used
            if row.kind is InputKind.MATERIAL and row.place not in seen
            if row.factor in theirs or mentions(names, row.name)
        ]


def _is_fuel(study: Study, row: Input) -> bool:
    supply = study.factors.get(row.factor)
    if supply is None:
        own = bool(row.provider) and row.quantity.unit.symbol not in ELECTRICITY_UNITS
        return row.kind is InputKind.ENERGY and own
    return supply.kind is FactorKind.FUEL_UPSTREAM or (row.kind is InputKind.ENERGY and supply.kind not in _NOT_A_FUEL)


def _carbon_dioxide(process: Process) -> list[Emission]:
    """The direct emissions of a process that may be those of a fuel burnt in it."""
    given = [e for e in process.emissions if e.substance in ("CO2", "CO2e") and e.quantity.amount]
    return [e for e in given if not e.gas_class.removal]


def _beside(study: Study) -> list[Remark]:
    """Direct CO2 of processes that have use factors too: the machine cannot tell whether it is the same CO2."""
    said = Text("直接排放的CO2与使用因子并存，是否重复", "direct CO2 beside use factors: is it counted twice?")
    burning = [p for p in study.system.processes if any(row.use_factor and row.quantity.amount for row in p.inputs)]
    fossil = [e for p in burning for e in _carbon_dioxide(p) if e.gas_class is GasClass.FOSSIL]
    return [Remark(emission, Verdict.JUDGEMENT, said) for emission in fossil]
