"""What a clause says of a study: one finding, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tanbiao.words import Text


class Verdict(StrEnum):
    """The three things a clause can say. A machine that cannot know says so: JUDGEMENT, never a silent PASS."""

    PASS = "pass"  # noqa: S105 (a verdict, no secret)
    JUDGEMENT = "judgement"
    FAIL = "fail"

    @property
    def words(self) -> Text:
        return _WORDS[self]

    @classmethod
    def worst(cls, verdicts: list[Verdict]) -> Verdict:
        """The gravest of several verdicts; PASS when there are none."""
        return max(verdicts, key=list(cls).index, default=cls.PASS)


_WORDS = {
    Verdict.PASS: Text("符合", "pass"),
    Verdict.JUDGEMENT: Text("需人工判断", "needs judgement"),
    Verdict.FAIL: Text("不符合", "fail"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One clause, checked against one study.

    clause  id of the clause in the rule document, e.g. "EAF-5.3"
    value   what was found, limit what the rule asks; short, without words where possible ("2.1 %", "≤ 5 %")
    text    what was found and why it has this verdict; remedy: what to do, None when there is nothing to do
    places  where the rows concerned stand in the input, e.g. "能源!D4"; empty where the input gives no places
    """

    clause: str
    title: Text
    verdict: Verdict
    value: str
    limit: str
    text: Text
    remedy: Text | None = None
    places: tuple[str, ...] = ()
