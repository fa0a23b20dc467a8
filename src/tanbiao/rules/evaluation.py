"""A product system evaluated under its rule: footprint, data quality, findings, published figure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tanbiao.lca.footprint import Footprint, calculate_footprint
from tanbiao.lca.model import ProductSystem
from tanbiao.lca.quality.assessment import QualitySummary, assess_quality
from tanbiao.rules.checking import check_rule
from tanbiao.rules.documents import load_rule
from tanbiao.rules.finding import Finding
from tanbiao.rules.rounding import round_published
from tanbiao.rules.schema import Rule
from tanbiao.words import TanbiaoError, Text

SMALLEST, LARGEST = 1e-12, 1e12  # kg CO2e per declared unit; the whole world emits the largest in about a week


class OutOfRange(TanbiaoError):
    """A footprint that no declared unit can have: an amount or a unit is wrong by powers of ten."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A footprint with the rule it was made under and what the rule's clauses say of it."""

    rule: Rule
    footprint: Footprint
    quality: QualitySummary
    findings: tuple[Finding, ...]
    published: Decimal  # kg CO2e per declared unit, rounded once as the rule states


def evaluate(system: ProductSystem, rule: Rule | None = None) -> Evaluation:
    """Calculate a system and check it against a rule: the one given, or that of our own which the system names.

    Raises UnknownRule, OutOfRange, or the system's Problems.
    """
    rule = rule or load_rule(system.rule)
    footprint = calculate_footprint(system, rule.gwp_set)
    largest = max(abs(kg) for kg in (footprint.total_kg_co2e, *footprint.by_stage().values()))
    if largest > LARGEST or 0 < abs(footprint.total_kg_co2e) < SMALLEST:
        raise OutOfRange(
            Text(
                f"每声明单位的碳足迹为 {largest:.3g} kg CO2e，不可能属实。请核对数量、单位和声明单位。",
                f"The footprint is {largest:.3g} kg CO2e per declared unit, which cannot be. "
                "Check amounts, units and the declared unit.",
            )
        )
    return Evaluation(
        rule,
        footprint,
        assess_quality(footprint),
        check_rule(rule, footprint),
        round_published(footprint.total_kg_co2e, rule.rounding),
    )
