"""What every clause is: words and a reference from the rule document, and one question asked of a study."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tanbiao.lca.views import Contribution
from tanbiao.rules.finding import Finding, Verdict
from tanbiao.rules.sections import Bilingual, Section, Words
from tanbiao.rules.study import Row, Study, label, listed, percent, places
from tanbiao.words import Text


@dataclass(frozen=True, slots=True)
class Remark:
    """What a clause says of one row, where it looks at rows one by one."""

    row: Row
    verdict: Verdict
    said: Text


IN_ORDER = Text("符合", "in order")


class Clause(Section):
    """A clause of a rule. A subclass adds a literal `kind`, its own parameters, and `check`.

    id         stable across versions of the rule, e.g. "EAF-5.3"
    text       the requirement, in the rule's own words
    reference  the clause of the standard it carries out
    """

    id: Words
    title: Bilingual
    text: Bilingual
    reference: Words

    @property
    def item_codes(self) -> tuple[str, ...]:
        """Codes of required items this clause names; the schema checks that the rule knows them."""
        return ()

    @abstractmethod
    def check(self, study: Study) -> Finding: ...

    def finding(
        self,
        verdict: Verdict,
        said: Text,
        remedy: Text | None = None,
        *,
        value: str = "—",
        limit: str = "—",
        rows: Iterable[Row] = (),
    ) -> Finding:
        return Finding(self.id, self.title, verdict, value, limit, said, remedy, places(rows))

    def passed(self, said: Text, *, value: str = "—", limit: str = "—") -> Finding:
        return self.finding(Verdict.PASS, said, value=value, limit=limit)

    def failed(
        self, said: Text, remedy: Text, *, value: str = "—", limit: str = "—", rows: Iterable[Row] = ()
    ) -> Finding:
        return self.finding(Verdict.FAIL, said, remedy, value=value, limit=limit, rows=rows)

    def to_judge(
        self, said: Text, remedy: Text, *, value: str = "—", limit: str = "—", rows: Iterable[Row] = ()
    ) -> Finding:
        """The machine cannot decide: say what was found, and what a person has to look at."""
        return self.finding(Verdict.JUDGEMENT, said, remedy, value=value, limit=limit, rows=rows)

    def lines_to_judge(
        self, study: Study, lines: Sequence[Contribution], said: Text, remedy: Text, *, limit: str = "0 %"
    ) -> Finding:
        """Lines of the footprint that a person must look at, the largest first, with their share of the whole."""
        lines = sorted(lines, key=lambda line: -abs(line.kg_co2e))
        value, named = percent(study.share(lines)), listed(label(line) for line in lines)
        return self.to_judge(
            Text(f"{said.zh}，占碳足迹 {value}：{named.zh}。", f"{said.en}, {value} of the footprint: {named.en}."),
            remedy,
            value=value,
            limit=limit,
            rows=lines,
        )

    def row_by_row(
        self, remarks: Sequence[Remark], well: Text, remedy: Text, *, value: str = "—", limit: str = "—"
    ) -> Finding:
        """The gravest of the remarks decides; every row that is not plainly in order is named with its reason."""
        doubts = [remark for remark in remarks if remark.verdict is not Verdict.PASS]
        if not doubts:
            return self.passed(well, value=value, limit=limit)
        named = listed(r.said.at(label(r.row)) for r in doubts)
        verdict = Verdict.worst([remark.verdict for remark in doubts])
        rows = [remark.row for remark in doubts]
        return self.finding(verdict, Text(f"{named.zh}。", f"{named.en}."), remedy, value=value, limit=limit, rows=rows)
