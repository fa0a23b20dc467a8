"""Clauses on what is left out: each exclusion, all of them together, and what may never be left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from tanbiao.lca.model import Exclusion
from tanbiao.rules.clauses.base import Clause
from tanbiao.rules.finding import Finding
from tanbiao.rules.study import Study, label, listed, mentions, percent
from tanbiao.rules.vocabulary import CUTOFF_BASES
from tanbiao.words import Text


def _is_share(exclusion: Exclusion) -> bool:
    return exclusion.share.is_finite() and 0 <= exclusion.share <= 1


def _with_share(exclusion: Exclusion) -> str:
    return f"{label(exclusion)} ({percent(float(exclusion.share))})"


class _ShareLeftOut(Clause):
    """A limit on shares of the footprint; a rule that counts by mass or energy puts the question to a person."""

    def check(self, study: Study) -> Finding:
        exclusions, basis = study.system.exclusions, CUTOFF_BASES[study.rule.cutoff.basis]
        if exclusions and study.rule.cutoff.basis != "ghg":
            named = listed(label(e) for e in exclusions)
            return self.to_judge(
                Text(
                    f"规则按{basis.zh}取舍，排除项给出的是占碳足迹的比例：{named.zh}。",
                    f"The rule counts by {basis.en}; the exclusions give shares of the footprint: {named.en}.",
                ),
                Text(f"请按{basis.zh}核对每个排除项。", f"Check every exclusion by {basis.en}."),
                rows=exclusions,
            )
        return self.compare(study, exclusions)

    def compare(self, study: Study, exclusions: tuple[Exclusion, ...]) -> Finding:
        raise NotImplementedError


class EachExclusionAtMost(_ShareLeftOut):
    """No exclusion passes the single limit of the rule (ISO 14067:2018 6.3.4.3)."""

    kind: Literal["exclusion-each"]

    def compare(self, study: Study, exclusions: tuple[Exclusion, ...]) -> Finding:
        most = study.rule.cutoff.single_max.value
        limit = f"≤ {percent(float(most))}"
        if wrong := [e for e in exclusions if not _is_share(e)]:
            named = listed(label(e) for e in wrong)
            return self.failed(
                Text(f"估算占比不是 0 到 1 之间的数：{named.zh}。", f"Not a share between 0 and 1: {named.en}."),
                Text("写出估算占比，例如 0.005 表示 0.5 %。", "Give the estimated share, e.g. 0.005 for 0.5 %."),
                limit=limit,
                rows=wrong,
            )
        value = percent(float(max((e.share for e in exclusions), default=Decimal(0))))
        if over := [e for e in exclusions if e.share > most]:
            named = listed(_with_share(e) for e in over)
            return self.failed(
                Text(f"排除项超过单项限值：{named.zh}。", f"Exclusions above the single limit: {named.en}."),
                Text("把这些项纳入计算。", "Include them in the calculation."),
                value=value,
                limit=limit,
                rows=over,
            )
        return self.passed(
            Text(f"排除项 {len(exclusions)} 个，最大 {value}。", f"{len(exclusions)} exclusions, the largest {value}."),
            value=value,
            limit=limit,
        )


class ExclusionsTogetherAtMost(_ShareLeftOut):
    """All exclusions together stay within the total limit of the rule (ISO 14067:2018 6.3.4.3)."""

    kind: Literal["exclusions-together"]

    def compare(self, study: Study, exclusions: tuple[Exclusion, ...]) -> Finding:
        most = study.rule.cutoff.total_max.value
        # a share that is none is the other clause's finding; by magnitude, so that it cannot offset one here
        total = sum((abs(e.share) for e in exclusions if e.share.is_finite()), Decimal(0))
        value, limit = percent(float(total)), f"≤ {percent(float(most))}"
        said = Text(
            f"{len(exclusions)} 个排除项合计 {value}。",
            f"{len(exclusions)} exclusions, {value} of the footprint together.",
        )
        if total <= most:
            return self.passed(said, value=value, limit=limit)
        return self.failed(
            said,
            Text("把占比较大的排除项纳入计算。", "Include the larger ones in the calculation."),
            value=value,
            limit=limit,
            rows=exclusions,
        )


class ForbiddenExclusions(Clause):
    """What the rule forbids to leave out is not left out.

    Recognised by the words of the rule; a list of words never has all of them, so other exclusions go to a person.
    """

    kind: Literal["exclusions-forbidden"]

    def check(self, study: Study) -> Finding:
        exclusions, forbidden = study.system.exclusions, study.rule.cutoff.forbidden_exclusions
        limit = "0"
        left_out = [e for e in exclusions if any(mentions(f.words, e.name) for f in forbidden)]
        if left_out:
            named = listed(label(e) for e in left_out)
            return self.failed(
                Text(
                    f"排除了规则不允许排除的内容：{named.zh}。", f"Left out although the rule forbids it: {named.en}."
                ),
                Text(
                    "把它们纳入计算；如果名称引起误解，请改写名称。",
                    "Include them in the calculation; if the name misleads, name the exclusion more exactly.",
                ),
                value=str(len(left_out)),
                limit=limit,
                rows=left_out,
            )
        if exclusions:
            named = listed(label(e) for e in exclusions)
            return self.to_judge(
                Text(
                    f"按名称没有认出不得排除的内容：{named.zh}。",
                    f"By their names, none of the exclusions is forbidden: {named.en}.",
                ),
                Text(
                    "逐个查看排除了什么，确认不是规则不允许排除的内容。",
                    "Look at what each leaves out, and make sure that it is nothing the rule forbids.",
                ),
                value="0",
                limit=limit,
                rows=exclusions,
            )
        return self.passed(Text("没有排除项。", "Nothing is left out."), value="0", limit=limit)
