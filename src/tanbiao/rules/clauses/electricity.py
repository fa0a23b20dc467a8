"""The clause on electricity: the right kind of factor, of the right region and year."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tanbiao.lca.model import Factor, FactorKind, Input
from tanbiao.lca.vocabulary import called
from tanbiao.rules.clauses.base import IN_ORDER, Clause, Remark
from tanbiao.rules.finding import Finding, Verdict
from tanbiao.rules.sections import Code
from tanbiao.rules.study import Study
from tanbiao.words import Text

_ELECTRICITY = (FactorKind.ELECTRICITY_FOOTPRINT, FactorKind.GRID_CO2, FactorKind.TRANSMISSION)


class ElectricityFactor(Clause):
    """Electricity takes the factor of the kind, region and year that the rule asks (ISO 14067:2018 6.4.9.4).

    items  codes of the required items that are electricity; rows with an electricity factor count as well
    The grid factors the rule names pass; another factor of the right kind rests on a contract: a person judges it.
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
            if row.item in self.items or (factor is not None and factor.kind in _ELECTRICITY)
        ]
        if not remarks:
            return self.to_judge(
                Text("没有认出电力数据行。", "No row was recognised as electricity."),
                Text("请确认产品系统确实不用电。", "Make sure that the product system really uses no electricity."),
                limit=limit,
            )
        used = sorted({row.factor for r in remarks if isinstance(row := r.row, Input) and row.factor})
        return self.row_by_row(
            remarks,
            Text(
                "电力均使用规则规定的电力碳足迹因子。", "All electricity takes the footprint factor the rule asks for."
            ),
            Text(
                f"使用：{' / '.join(asked.grid_factors)}。{asked.gec.zh}",
                f"Use: {' / '.join(asked.grid_factors)}. {asked.gec.en}",
            ),
            value=", ".join(used) or "—",
            limit=limit,
        )

    def _remark(self, study: Study, row: Input, factor: Factor | None) -> Remark:
        asked, year = study.rule.electricity, study.system.product.period_end.year
        if factor is None:
            said = Text(
                "自有过程供电，须证明没有出售其环境权益",
                "supplied by an own process: show that its attributes were not sold",
            )
            return Remark(row, Verdict.JUDGEMENT, said)
        if factor.kind is FactorKind.TRANSMISSION:
            said = Text(
                "输配电只加在合同电力上，电网平均因子不再另加",
                "transmission is added to contracted power only, not to the grid average",
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
        if factor.own or factor.id not in asked.grid_factors:
            said = Text(
                "不是电网平均因子，须有绿证或合同凭证", "not the grid average: needs certificates or a contract"
            )
            return Remark(row, Verdict.JUDGEMENT, said)
        return Remark(row, Verdict.PASS, IN_ORDER)
