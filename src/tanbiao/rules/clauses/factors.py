"""Clauses on background data: whole life cycles, both parts of a fuel, fitting region, year and GWP set."""

from __future__ import annotations

from typing import Literal

from tanbiao.lca.model import Factor, FactorKind, GasScope, Input, InputKind, LifeCycleScope, Process
from tanbiao.rules.clauses.base import IN_ORDER, Clause, Remark
from tanbiao.rules.finding import Finding, Verdict
from tanbiao.rules.sections import Code
from tanbiao.rules.study import Study, label, listed
from tanbiao.words import Text

_RELEASED_ON_USE = (FactorKind.FUEL_COMBUSTION, FactorKind.PROCESS_EMISSION)
_NOT_A_FUEL = (FactorKind.ELECTRICITY_FOOTPRINT, FactorKind.GRID_CO2, FactorKind.TRANSMISSION, FactorKind.HEAT)


class SupplyFactorsWhole(Clause):
    """A factor used for supply covers all gases and what lies upstream, not the last step's CO2 only.

    Energy with such a factor fails; for materials and transport a person judges the gap (ISO 14067:2018 6.3.4).
    """

    kind: Literal["supply-factors"]

    def check(self, study: Study) -> Finding:
        narrow = {row: factor for _, row, factor in study.supplies(_is_narrow)}
        energy = [row for row in narrow if row.kind is InputKind.ENERGY]
        if energy:
            named = listed(f"{label(row)} ({row.factor})" for row in energy)
            return self.failed(
                Text(
                    f"能源供应用了仅含直接排放或仅含CO2的因子：{named.zh}。",
                    f"Energy supplied with a CO2-only or direct-only factor: {named.en}.",
                ),
                Text("改用生命周期（含上游）的因子。", "Use a life-cycle factor that covers upstream."),
                value=str(len(narrow)),
                limit="0",
                rows=energy,
            )
        if narrow:
            ids = {factor.id for factor in narrow.values()}
            lines = [c for c in study.footprint.contributions if c.part == "supply" and c.factor in ids]
            return self.lines_to_judge(
                study,
                lines,
                Text("这些供应因子仅含直接排放或仅含CO2", "Supply factors that cover direct emissions or CO2 only"),
                Text(
                    "改用生命周期因子，或说明遗漏的上游部分可以忽略。",
                    "Use life-cycle factors, or show that what they lack is negligible.",
                ),
            )
        return self.passed(
            Text("供应因子均覆盖上游和全部温室气体。", "All supply factors cover upstream and all greenhouse gases."),
            value="0",
            limit="0",
        )


def _is_narrow(factor: Factor) -> bool:
    return factor.gas_scope is GasScope.CO2_ONLY or factor.life_cycle_scope is LifeCycleScope.DIRECT


class FuelsBothParts(Clause):
    """A fuel, and a material that releases gas when used, carries its supply and its release, each once.

    items  codes of required items that release gas when used; energy rows that are fuels count as well
    GB/T 24067-2024 / ISO 14067:2018 6.3.4, 6.4.2.
    """

    kind: Literal["fuels-both-parts"]
    items: tuple[Code, ...]

    @property
    def item_codes(self) -> tuple[str, ...]:
        return self.items

    def check(self, study: Study) -> Finding:
        rows = [(p, row) for p, row in study.inputs() if row.quantity.amount and self._concerns(study, row)]
        remarks = [self._remark(study, process, row) for process, row in rows]
        return self.row_by_row(
            remarks,
            Text(f"{len(rows)} 行均含上游和使用排放。", f"All {len(rows)} rows carry supply and release."),
            Text(
                "供应填上游因子，使用填燃烧或过程排放因子，二者各一次。",
                "Give an upstream factor for the supply and a combustion or process factor for the use, each once.",
            ),
            value=str(sum(remark.verdict is Verdict.PASS for remark in remarks)),
            limit=str(len(rows)),
        )

    def _concerns(self, study: Study, row: Input) -> bool:
        supply = study.factors.get(row.factor)
        is_fuel = row.kind is InputKind.ENERGY and supply is not None and supply.kind not in _NOT_A_FUEL
        return is_fuel or bool(row.use_factor) or row.item in self.items

    def _remark(self, study: Study, process: Process, row: Input) -> Remark:
        supply = study.factors.get(row.factor)
        scope = supply.life_cycle_scope if supply else None
        whole = scope is LifeCycleScope.LIFE_CYCLE
        if whole and row.use_factor:
            said = Text("全生命周期因子与使用因子重复计算", "life-cycle factor and use factor count the release twice")
            return Remark(row, Verdict.FAIL, said)
        if not row.provider and scope in (None, LifeCycleScope.DIRECT):
            return Remark(row, Verdict.FAIL, Text("缺上游排放", "no upstream emissions"))
        if not whole and not row.use_factor:
            if process.emissions:
                said = Text("没有使用因子，是否已在直接排放中", "no use factor: is it in the direct emissions?")
                return Remark(row, Verdict.JUDGEMENT, said)
            return Remark(row, Verdict.FAIL, Text("缺使用（燃烧）排放", "no emissions of its use"))
        return Remark(row, Verdict.PASS, IN_ORDER)


class FactorAgeAtMost(Clause):
    """Supply factors are not older, against the end of the data period, than the rule likes (ISO 14067:2018 6.3.6).

    What burning or calcining releases follows from composition and does not age.
    """

    kind: Literal["factor-age"]

    def check(self, study: Study) -> Finding:
        most, year = study.rule.data_quality.max_age_years.value, study.system.product.period_end.year
        limit = f"≤ {most} a"
        used = {c.factor for c in study.footprint.contributions if c.kg_co2e}
        ageing = [f for f in study.system.factors if f.id in used and f.kind not in _RELEASED_ON_USE]
        old = {factor.id for factor in ageing if year - factor.year > most}
        if old:
            lines = [c for c in study.footprint.contributions if c.factor in old]
            return self.lines_to_judge(
                study,
                lines,
                Text(f"因子比数据期末早 {most} 年以上", f"Factors more than {most} years older than the data"),
                Text("换用较新的因子，或说明仍有代表性。", "Use newer factors, or show that these still represent."),
                limit=limit,
            )
        oldest = max((year - factor.year for factor in ageing), default=0)
        return self.passed(
            Text(f"最早的因子早于数据期末 {oldest} 年。", f"The oldest factor is {oldest} years older than the data."),
            value=f"{oldest} a",
            limit=limit,
        )


class ProxyFactors(Clause):
    """Factors of another country than the plant's are listed with their share: a person judges whether they fit.

    GB/T 24067-2024 / ISO 14067:2018 6.3.5 (geographical representativeness).
    """

    kind: Literal["proxies"]

    def check(self, study: Study) -> Finding:
        country = _country(study.system.product.region)
        if not (len(country) == 2 and country.isascii() and country.isalpha()):
            return self.to_judge(
                Text(f"工厂所在地区“{country}”不是地区代码。", f'The region "{country}" of the plant is not a code.'),
                Text("填写地区代码，例如 CN-SH。", "Give the region as a code, e.g. CN-SH."),
                limit="0 %",
            )
        foreign = study.contributions_of(lambda factor: _country(factor.region) != country)
        lines = [line for line in foreign if line.kg_co2e]
        if lines:
            return self.lines_to_judge(
                study,
                lines,
                Text(
                    f"因子不代表工厂所在国家（{country}）", f"Factors that are not of the plant's country ({country})"
                ),
                Text(
                    "换用本国因子，或说明代理数据的适用性。", "Use factors of the country, or show that the proxy fits."
                ),
            )
        return self.passed(Text(f"因子均来自 {country}。", f"All factors are of {country}."), value="0 %", limit="0 %")


def _country(region: str) -> str:
    """The country of a region code: "CN-SH" -> "CN"."""
    return region.strip().upper().split("-")[0]


class GwpSetIs(Clause):
    """Gases are summed with the GWP100 set the rule names; sums made with another set are shown.

    ISO 14067:2018 6.5.1.
    """

    kind: Literal["gwp-set"]

    def check(self, study: Study) -> Finding:
        used, asked = study.footprint.gwp_set, study.rule.gwp_set
        if used != asked:
            return self.failed(
                Text(f"使用了 {used}，规则要求 {asked}。", f"{used} was used; the rule asks for {asked}."),
                Text(f"用 {asked} 重新计算。", f"Calculate again with {asked}."),
                value=used,
                limit=asked,
            )
        sums = [line for line in study.footprint.contributions if line.substance == "CO2e" and line.kg_co2e]
        others = [line for line in sums if _set_of(study, line.factor) != asked]
        if others:
            return self.lines_to_judge(
                study,
                others,
                Text(f"这些CO2e合计值不是用 {asked} 得出", f"CO2e sums that were not made with {asked}"),
                Text(
                    f"换用分气体或 {asked} 的因子，或说明差别可以忽略。",
                    f"Use factors gas by gas or with {asked}, or show that it matters little.",
                ),
                limit=asked,
            )
        return self.passed(Text(f"全部使用 {asked}。", f"{asked} throughout."), value=used, limit=asked)


def _set_of(study: Study, factor_id: str) -> str:
    """The GWP set a CO2e sum was made with; "" where it is not known (an emission given as CO2e)."""
    factor = study.factors.get(factor_id)
    return factor.gwp_set if factor else ""
