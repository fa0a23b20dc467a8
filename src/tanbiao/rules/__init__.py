"""Rules: a certification rule (认证规则) is a YAML document; here it is validated and its clauses checked.

    evaluation = evaluate(system)  # footprint, quality, findings and published figure under the rule it names

Doors: `available_rules`, `load_rule`, `read_rule` (a document that is not ours), `Rule` (sections, `digest`),
`check_rule` -> `Finding`s with a `Verdict`, `round_published`. A new rule is a new document (docs/rules.md); a new
kind of clause is one small class in `clauses`. No database, no clock, no Django.
"""

from tanbiao.rules.checking import check_rule
from tanbiao.rules.documents import UnknownRule, available_rules, load_rule, read_rule
from tanbiao.rules.evaluation import Evaluation, OutOfRange, evaluate
from tanbiao.rules.finding import Finding, Verdict
from tanbiao.rules.rounding import round_published
from tanbiao.rules.schema import Rule
from tanbiao.rules.sections import RequiredItem

__all__ = [
    "Evaluation",
    "Finding",
    "OutOfRange",
    "RequiredItem",
    "Rule",
    "UnknownRule",
    "Verdict",
    "available_rules",
    "check_rule",
    "evaluate",
    "load_rule",
    "read_rule",
    "round_published",
]
