"""The clause on electricity: the right kind of factor, of the right region and year."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tanbiao.lca.factors import ELECTRICITY_UNITS
from tanbiao.lca.model import Factor, FactorKind, Input, Product
from tanbiao.lca.vocabulary import called
from tanbiao.rules.clauses.base import IN_ORDER, Clause, Remark
from tanbiao.rules.finding import Finding, Verdict
from tanbiao.rules.sections import Code, GridFactor
from tanbiao.rules.study import Study
from tanbiao.words import Text

_HEAT_OR_FUEL = (FactorKind.HEAT, FactorKind.FUEL_UPSTREAM)
_ELECTRICITY = (FactorKind.ELECTRICITY_FOOTPRINT, FactorKind.GRID_CO2, FactorKind.TRANSMISSION)


class ElectricityFactor(Clause):
    """Electricity takes the factor of the kind, region and year that the rule asks (ISO 14067:2018 6.4.9.4).

    items  codes of the required items that are electricity; rows with an electricity factor, and rows measured in a
           unit of electricity, count as well
    Of the grid factors the rule names, the one nearest to the data passes; another factor of the right kind rests on
    a contract: a person judges it.
    """

    kind: Literal["electricity-factor"]
    items: Annotated[tuple[Code, ...], Field(min_length=1)]

    @property
    def item_codes(self) -> tuple[str, ...]:
        return self.items

    def check(self, study: Study) -> Finding:
        asked = study.rule.electricity
        limit = f"{asked.factor_kind}, {asked.region}, ≤ {asked.max_age_years.value} a"
        supplied = [(row, study.factors.get(row.factor)) for _, row in study.inputs()]
        remarks = [
            self._remark(study, row, factor)
            for row, factor in supplied
            if row.quantity.amount and self._concerns(row, factor)
        ]
        if not remarks:
            return self.to_judge(
                Text("没有数量不为 0 的电力数据行。", "No row with an amount was recognised as electricity."),
                Text("请确认产品系统确实不用电。", "Make sure that the product system really uses no electricity."),
                limit=limit,
            )
        due = " / ".join(grid.id for grid in nearest(asked.grid_factors, study.system.product))
        used = sorted({row.factor for r in remarks if isinstance(row := r.row, Input) and row.factor})
        return self.row_by_row(
            remarks,
            Text(
                "电力均使用规则规定的电力碳足迹因子。", "All electricity takes the footprint factor the rule asks for."
            ),
            Text(
                f"使用：{due}。{asked.gec.zh}",
                f"Use: {due}. {asked.gec.en}",
            ),
            value=", ".join(used) or "—",
            limit=limit,
        )

    def _concerns(self, row: Input, factor: Factor | None) -> bool:
        by_factor = factor is not None and factor.kind in _ELECTRICITY
        return row.item in self.items or by_factor or row.quantity.unit.symbol in ELECTRICITY_UNITS

    def _remark(self, study: Study, row: Input, factor: Factor | None) -> Remark:
        asked, year = study.rule.electricity, study.system.product.period_end.year
        if factor is None:
            said = Text(
                "自有过程供电，须证明没有出售其环境权益",
                "supplied by an own process: show that its attributes were not sold",
            )
            return Remark(row, Verdict.JUDGEMENT, said)
        if factor.kind is FactorKind.TRANSMISSION and row.item in self.items:
            said = Text("只有输配电因子，没有计入发电", "transmission only: nothing counts its generation")
            return Remark(row, Verdict.FAIL, said)
        if factor.kind is FactorKind.TRANSMISSION:
            said = Text(
                "输配电只加在合同电力上，电网平均因子不再另加",
                "transmission is added to contracted power only, not to the grid average",
            )
            return Remark(row, Verdict.JUDGEMENT, said)
        if factor.kind in _HEAT_OR_FUEL and row.item not in self.items:
            said = Text(
                f"以电量单位计，用了{called(factor.kind).zh}，是否为电力",
                f"in a unit of electricity with a {called(factor.kind).en}: is it electricity?",
            )
            return Remark(row, Verdict.JUDGEMENT, said)
        if factor.kind is not asked.factor_kind:
            said = Text(
                f"用了{called(factor.kind).zh}，应为{called(asked.factor_kind).zh}",
                f"{called(factor.kind).en}, not {called(asked.factor_kind).en}",
            )
            return Remark(row, Verdict.FAIL, said)
        if factor.region != asked.region:
            said = Text(f"因子地区 {factor.region}，应为 {asked.region}", f"region {factor.region}, not {asked.region}")
            return Remark(row, Verdict.FAIL, said)
        if abs(year - factor.year) > asked.max_age_years.value:
            said = Text(f"因子年份 {factor.year}，数据期止于 {year}", f"factor of {factor.year}, data up to {year}")
            return Remark(row, Verdict.FAIL, said)
        if factor.own or factor.id not in {grid.id for grid in asked.grid_factors}:
            said = Text(
                "不是电网平均因子，须有绿证或合同凭证", "not the grid average: needs certificates or a contract"
            )
            return Remark(row, Verdict.JUDGEMENT, said)
        near = nearest(asked.grid_factors, study.system.product)
        if factor.id not in {grid.id for grid in near}:
            said = Text(f"{near[0].id} 更接近数据期", f"{near[0].id} is nearer to the data period")
            return Remark(row, Verdict.JUDGEMENT, said)
        return Remark(row, Verdict.PASS, IN_ORDER)


def nearest(factors: tuple[GridFactor, ...], product: Product) -> list[GridFactor]:
    """The factors whose year lies nearest to the middle of the data period; two of them where it lies between."""
    start, end = product.period_start, product.period_end
    middle = 12 * (start.year + end.year) + start.month + end.month  # twice the mean month
    distances = {factor: abs(middle - (24 * factor.year + 13)) for factor in factors}
    return [factor for factor in factors if distances[factor] == min(distances.values())]
