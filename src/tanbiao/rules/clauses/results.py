"""Clauses on the result: classes of gases reported apart, nothing set off, and the quality of the data."""

from __future__ import annotations

import math
from typing import Literal

from tanbiao.lca.model import Allocation, GasClass
from tanbiao.lca.vocabulary import called
from tanbiao.rules.clauses.base import Clause
from tanbiao.rules.finding import Finding
from tanbiao.rules.sections import Bilingual
from tanbiao.rules.study import Study, label, listed, percent, settled
from tanbiao.words import Text


class GasClassesApart(Clause):
    """Fossil, biogenic, land-use-change and aviation emissions are reported apart (ISO 14067:2018 7.2).

    A factor that gives only a CO2e sum may hide biogenic or land-use parts: a person looks at its source.
    """

    kind: Literal["gas-classes-apart"]

    def check(self, study: Study) -> Finding:
        classes = study.footprint.by_gas_class()
        amounts = [(called(gas_class), f"{classes.get(gas_class, 0.0):.4g}") for gas_class in GasClass]
        named = listed(Text(f"{name.zh} {amount}", f"{name.en} {amount}") for name, amount in amounts)
        sums = [line for line in study.footprint.contributions if line.substance == "CO2e" and line.kg_co2e]
        if sums:
            return self.lines_to_judge(
                study,
                sums,
                Text(
                    f"已分类报告（{named.zh}）。仅有CO2e合计值的因子",
                    f"Reported apart ({named.en}). Only a CO2e sum is known for factors",
                ),
                Text(
                    "查看这些因子的来源是否含生物源或土地利用变化部分。",
                    "Look in the sources of these factors for biogenic or land-use-change parts.",
                ),
            )
        return self.passed(
            Text(f"分类报告（kg CO2e）：{named.zh}。", f"Reported apart (kg CO2e): {named.en}."),
            value="0 %",
            limit="0 %",
        )


class NothingSetOff(Clause):
    """No offset and no avoided burden is inside: only removals may be negative, and a person looks at those.

    Where the rule permits system expansion, so may what co-products displace. ISO 14067:2018 6.3.4, 6.4.6.2, 6.4.9; an
    offset is never part of a footprint.
    """

    kind: Literal["no-offsets"]

    def check(self, study: Study) -> Finding:
        lines = study.footprint.contributions
        credits = [c for c in lines if c.part == "avoided" and c.kg_co2e]
        removals = [c for c in lines if c.gas_class.removal and c.kg_co2e and c.part != "avoided"]
        expansion = Allocation.SUBSTITUTION in study.rule.allocation.permitted
        expanded = {"avoided"} if expansion else set()
        if set_off := [c for c in lines if c.kg_co2e < 0 and not c.gas_class.removal and c.part not in expanded]:
            named = listed(f"{label(line)} ({line.kg_co2e:.4g} kg)" for line in set_off)
            refused = Text("规则不允许系统扩展。", " The rule does not permit system expansion.")
            also = refused if credits and not expansion else Text("", "")
            return self.failed(
                Text(
                    f"有扣减碳足迹的行：{named.zh}。{also.zh}", f"Rows that set off the footprint: {named.en}.{also.en}"
                ),
                Text(
                    "删除抵消或替代扣减；需要时另行报告。",
                    "Remove offsets and avoided burdens; report them apart if at all.",
                ),
                value=str(len(set_off)),
                limit="0",
                rows=set_off,
            )
        if credits:
            credit = math.fsum(c.kg_co2e for c in credits)
            return self.lines_to_judge(
                study,
                [*credits, *removals],
                Text(
                    f"系统扩展计入 {credit:.4g} kg CO2e" + ("，另有清除量" if removals else ""),
                    f"System expansion counts {credit:.4g} kg CO2e" + (", and there are removals" if removals else ""),
                ),
                Text(
                    "核实被替代的产品和替代比，在报告中单独列出；清除量须为本产品所含生物质或其种植土地的吸收。",
                    "Check what is displaced and the ratio, and report the credit apart; removals must be uptake by "
                    "the product's own biomass or the land it grew on.",
                ),
            )
        if removals:
            said = Text("有温室气体清除量", "There are removals")
            if study.footprint.total_kg_co2e <= 0:
                said = Text(
                    "清除量抵销了全部排放，碳足迹不大于零", "The removals outweigh all emissions: no footprint is left"
                )
            return self.lines_to_judge(
                study,
                removals,
                said,
                Text(
                    "确认是本产品所含生物质或其种植土地的吸收，而不是别处的碳汇或抵消。",
                    "Make sure they are uptake by the product's own biomass or the land it grew on, "
                    "not a carbon sink elsewhere or an offset.",
                ),
            )
        return self.passed(Text("没有抵消或扣减。", "Nothing is set off."), value="0", limit="0")


class DataQualityAtMost(Clause):
    """The contribution-weighted data quality rating is within the limit, over enough of the footprint.

    DQR = (TeR + GeR + TiR) / 3 by line, 1 best to 5 worst; coverage: share of the footprint that has scores
    (PEF method; GB/T 24067-2024 and ISO 14067:2018 6.3.5 ask for the assessment, not for the number).
    """

    kind: Literal["data-quality"]

    def check(self, study: Study) -> Finding:
        asked, quality = study.rule.data_quality, study.quality
        limit = f"DQR ≤ {asked.dqr_max.value}, ≥ {percent(float(asked.coverage_min.value))}"
        coverage = percent(quality.coverage)
        if quality.dqr is None or settled(quality.coverage) < asked.coverage_min.value:
            return self.failed(
                Text(
                    f"只有 {coverage} 的碳足迹有数据质量评分。", f"Only {coverage} of the footprint has quality scores."
                ),
                Text("为贡献大的行补充评分（1 至 5）。", "Score the rows that contribute most (1 to 5)."),
                value=coverage,
                limit=limit,
            )
        value = f"DQR {quality.dqr:.2f}, {coverage}"
        said = Text(
            f"加权数据质量 {quality.dqr:.2f}，覆盖 {coverage}。",
            f"Weighted data quality {quality.dqr:.2f} over {coverage}.",
        )
        if settled(quality.dqr) <= asked.dqr_max.value:
            return self.passed(said, value=value, limit=limit)
        return self.failed(
            said,
            Text("先改进贡献大而评分差的行。", "Improve the rows that contribute much and score badly."),
            value=value,
            limit=limit,
        )


class PrimaryShareAtLeast(Clause):
    """Enough of the footprint rests on primary activity data: PDS = Σ(CFP_i · s_i) / CFP (ISO 14067:2018 6.3.5)."""

    kind: Literal["primary-share"]

    def check(self, study: Study) -> Finding:
        least = study.rule.data_quality.primary_share_min.value
        value, limit = percent(study.quality.primary_share), f"≥ {percent(float(least))}"
        said = Text(f"初级数据占比 {value}。", f"The primary data share is {value}.")
        if settled(study.quality.primary_share) >= least:
            return self.passed(said, value=value, limit=limit)
        secondary = [c for c in study.footprint.contributions if not c.primary and c.kg_co2e]
        secondary.sort(key=lambda line: -abs(line.kg_co2e))
        named = listed((label(line) for line in secondary), most=5)
        return self.failed(
            Text(f"{said.zh}贡献最大的次级数据：{named.zh}。", f"{said.en} Largest secondary data: {named.en}."),
            Text("为这些行收集现场或供应商数据。", "Collect site or supplier data for these rows."),
            value=value,
            limit=limit,
            rows=secondary,
        )


class Statement(Clause):
    """A requirement that only a person can judge: always needs judgement, with what to look at."""

    kind: Literal["statement"]
    look_at: Bilingual

    def check(self, study: Study) -> Finding:
        return self.to_judge(self.text, self.look_at)
