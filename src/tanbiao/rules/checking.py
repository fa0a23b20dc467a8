"""Checking a study against a rule: every clause, in the order of the document."""

from __future__ import annotations

from tanbiao.lca.footprint import Footprint
from tanbiao.rules.finding import Finding
from tanbiao.rules.schema import Rule
from tanbiao.rules.study import Study


def check_rule(rule: Rule, footprint: Footprint) -> tuple[Finding, ...]:
    """One finding for each clause of the rule, in document order. Never raises for what a study contains."""
    study = Study(rule, footprint)
    return tuple(clause.check(study) for clause in rule.clauses)
