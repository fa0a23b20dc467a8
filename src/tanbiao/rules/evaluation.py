"""A product system evaluated under the rule it names: footprint, data quality, findings, published figure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tanbiao.lca.footprint import Footprint, calculate_footprint
from tanbiao.lca.model import ProductSystem
from tanbiao.lca.quality import QualitySummary, assess_quality
from tanbiao.rules.checking import check_rule
from tanbiao.rules.documents import load_rule
from tanbiao.rules.finding import Finding
from tanbiao.rules.rounding import round_published
from tanbiao.rules.schema import Rule


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A footprint with the rule it was made under and what the rule's clauses say of it."""

    rule: Rule
    footprint: Footprint
    quality: QualitySummary
    findings: tuple[Finding, ...]
    published: Decimal  # kg CO2e per declared unit, rounded once as the rule states


def evaluate(system: ProductSystem) -> Evaluation:
    """Calculate a system and check it against its rule. Raises UnknownRule, or the Problems of the system."""
    rule = load_rule(system.rule)
    footprint = calculate_footprint(system, rule.gwp_set)
    return Evaluation(
        rule,
        footprint,
        assess_quality(footprint),
        check_rule(rule, footprint),
        round_published(footprint.total_kg_co2e, rule.rounding),
    )
