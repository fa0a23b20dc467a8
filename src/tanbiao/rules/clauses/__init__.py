"""The kinds of clauses a rule document can use. A new kind is one small class, named here once."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tanbiao.rules.clauses.allocation import AllocationPermitted, AllocationSensitivity
from tanbiao.rules.clauses.balance import InboundHaulAtLeast, IntermediatesBalance, MassBalanceWithin
from tanbiao.rules.clauses.base import Clause
from tanbiao.rules.clauses.boundary import BoundaryStages, DeclaredUnitIs, RequiredProcesses
from tanbiao.rules.clauses.cutoff import EachExclusionAtMost, ExclusionsTogetherAtMost, ForbiddenExclusions
from tanbiao.rules.clauses.electricity import ElectricityFactor
from tanbiao.rules.clauses.factors import (
    FactorAgeAtMost,
    GwpSetIs,
    OwnFactors,
    ProxyFactors,
    SupplyFactorsWhole,
)
from tanbiao.rules.clauses.fuels import FuelsBothParts
from tanbiao.rules.clauses.inventory import DataPeriodAtLeast, RequiredItemsPresent
from tanbiao.rules.clauses.results import (
    DataQualityAtMost,
    GasClassesApart,
    NothingSetOff,
    PrimaryShareAtLeast,
    Statement,
)

AnyClause = Annotated[
    DeclaredUnitIs
    | BoundaryStages
    | RequiredProcesses
    | EachExclusionAtMost
    | ExclusionsTogetherAtMost
    | ForbiddenExclusions
    | RequiredItemsPresent
    | DataPeriodAtLeast
    | MassBalanceWithin
    | IntermediatesBalance
    | InboundHaulAtLeast
    | AllocationPermitted
    | AllocationSensitivity
    | ElectricityFactor
    | SupplyFactorsWhole
    | FuelsBothParts
    | FactorAgeAtMost
    | ProxyFactors
    | OwnFactors
    | GwpSetIs
    | GasClassesApart
    | NothingSetOff
    | DataQualityAtMost
    | PrimaryShareAtLeast
    | Statement,
    Field(discriminator="kind"),
]

__all__ = ["AnyClause", "Clause"]
