"""Clauses on background data: whole life cycles, fitting region, year and GWP set, and what the enterprise brought."""

from __future__ import annotations

from typing import Literal

from tanbiao.lca.factors import USE_KINDS, factor_value
from tanbiao.lca.model import Factor, FactorKind, GasScope, InputKind, LifeCycleScope
from tanbiao.rules.clauses.base import Clause
from tanbiao.rules.finding import Finding
from tanbiao.rules.study import Study, label, listed, percent
from tanbiao.words import Text


class SupplyFactorsWhole(Clause):
    """A factor used for supply covers all gases and what lies upstream, not the last step's CO2 only.

    Energy with such a factor fails; for materials and transport a person judges the gap, and so for fuels whose
    combustion factor leaves out methane and nitrous oxide (ISO 14067:2018 6.3.4).
    """

    kind: Literal["supply-factors"]

    def check(self, study: Study) -> Finding:
        energy = [r for _, r, _ in study.supplies(_is_narrow) if r.kind is InputKind.ENERGY and r.quantity.amount]
        if energy:
            named = listed(f"{label(row)} ({row.factor})" for row in energy)
            return self.failed(
                Text(
                    f"能源供应用了仅含直接排放或仅含CO2的因子：{named.zh}。",
                    f"Energy supplied with a CO2-only or direct-only factor: {named.en}.",
                ),
                Text("改用生命周期（含上游）的因子。", "Use a life-cycle factor that covers upstream."),
                value=str(len(energy)),
                limit="0",
                rows=energy,
            )
        supplied = [c for c in study.contributions_of(_is_narrow) if c.part == "supply"]
        burnt = [c for c in study.contributions_of(_burns_to_co2) if c.part == "use"]
        if lines := [*supplied, *burnt]:
            return self.lines_to_judge(
                study,
                lines,
                Text(
                    "供应因子仅含直接排放或仅含CO2，或燃烧因子仅含CO2",
                    "Supply factors that cover direct emissions or CO2 only, and combustion factors of CO2 only",
                ),
                Text(
                    "改用覆盖全部气体的生命周期因子，或说明遗漏的部分可以忽略。",
                    "Use life-cycle factors of all gases, or show that what they lack is negligible.",
                ),
            )
        return self.passed(
            Text("供应因子均覆盖上游和全部温室气体。", "All supply factors cover upstream and all greenhouse gases."),
            value="0",
            limit="0",
        )


def _is_narrow(factor: Factor) -> bool:
    return factor.gas_scope is GasScope.CO2_ONLY or factor.life_cycle_scope is LifeCycleScope.DIRECT


def _burns_to_co2(factor: Factor) -> bool:
    """What flux and electrodes release is CO2 indeed; burning a fuel gives off other gases as well."""
    return factor.kind is FactorKind.FUEL_COMBUSTION and factor.gas_scope is GasScope.CO2_ONLY


class FactorAgeAtMost(Clause):
    """Supply factors are not older, against the end of the data period, than the rule likes (ISO 14067:2018 6.3.6).

    What burning or calcining releases follows from composition and does not age.
    """

    kind: Literal["factor-age"]

    def check(self, study: Study) -> Finding:
        most, year = study.rule.data_quality.max_age_years.value, study.system.product.period_end.year
        limit = f"≤ {most} a"
        used = {c.factor for c in study.footprint.contributions if c.kg_co2e}
        ageing = [f for f in study.system.factors if f.id in used and f.kind not in USE_KINDS]
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
        oldest = max([0, *(year - factor.year for factor in ageing)])
        said = Text(
            f"最早的因子早于数据期末 {oldest} 年。", f"The oldest factor is {oldest} years older than the data."
        )
        if not oldest:
            said = Text("没有因子早于数据期末的年份。", "No factor is older than the year the data end in.")
        return self.passed(said, value=f"{oldest} a", limit=limit)


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


class OwnFactors(Clause):
    """Factors that the enterprise brought are listed with share, source and confidence: a person looks at each.

    Nobody but the applicant has seen them yet; those of value 0 come first (ISO 14067:2018 6.3.5).
    """

    kind: Literal["own-factors"]

    def check(self, study: Study) -> Finding:
        lines = study.contributions_of(lambda factor: factor.own)
        shares = {f: study.share([c for c in lines if c.factor == f.id]) for f in study.system.factors if f.own}
        rows = [row for _, row in study.inputs() if {row.factor, row.use_factor} & {f.id for f in shares}]
        if not rows:
            return self.passed(Text("没有使用自有因子。", "No own factor is used."), value="0 %", limit="0 %")
        order = sorted(shares, key=lambda factor: (shares[factor] > 0, -shares[factor]))
        named, value = listed((_own(f, shares[f]) for f in order), most=20), percent(study.share(lines))
        return self.to_judge(
            Text(
                f"自有因子 {len(order)} 个，占碳足迹 {value}：{named.zh}。",
                f"{len(order)} own factors, {value} of the footprint: {named.en}.",
            ),
            Text(
                "逐个核对来源文件、数值、范围和年份；数值为 0 的，要有依据。",
                "Check source document, value, scope and year of each; a value of 0 needs its grounds.",
            ),
            value=value,
            limit="0 %",
            rows=rows,
        )


def _own(factor: Factor, share: float) -> Text:
    """The factor with its share and value, and the beginning of what the enterprise says of it."""
    source = factor.source if len(factor.source) <= 60 else f"{factor.source[:60]}…"
    of_footprint, value = percent(share), factor_value(factor)
    return Text(
        f"{factor.name.zh}（{of_footprint}，{value}，可信度：{factor.confidence or '未填'}，来源：{source or '未填'}）",
        f"{factor.name.en} ({of_footprint}, {value}, confidence: {factor.confidence or '—'}, source: {source or '—'})",
    )


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
