"""The footprint of a product: one immutable result, and every view of it a sum over its contributions.

    CFP = sum over processes p and gases g of  s_p x (activity datum x factor)_(p, g) x GWP_g
    s   = how much of the measured period of each process one declared unit carries, from A s = f

ISO 14067:2018 6.4 to 6.5 and 7.2; GB/T 24067-2024, the same clauses.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tanbiao.lca import matrices, views
from tanbiao.lca.checks import system_faults
from tanbiao.lca.document import plain, to_document
from tanbiao.lca.faults import raise_faults
from tanbiao.lca.frames import Table
from tanbiao.lca.gases.gwp import GwpSet
from tanbiao.lca.gases.gwp import gwp_set as gwp_set_of
from tanbiao.lca.gases.positions import Positions, positions
from tanbiao.lca.inventory import burdens
from tanbiao.lca.model import Factor, GasClass, ProductSystem, Stage
from tanbiao.lca.network.direct import WORST_RESIDUAL, supply
from tanbiao.lca.network.engine import Solver
from tanbiao.lca.network.productivity import check_productive
from tanbiao.lca.record import Record, gwp_label, sha256_of_document
from tanbiao.lca.views import Contribution, ContributionRow, Cube, UnderSet
from tanbiao.words import Text

_Key = TypeVar("_Key")

FOOTPRINT_FORMAT = "tanbiao.footprint/1"


@dataclass(frozen=True, slots=True)
class Footprint(Table):
    """The footprint per declared unit; every other view of it is a sum over `contributions`."""

    system: ProductSystem
    gwp: GwpSet
    contributions: tuple[Contribution, ...]
    scaling: dict[str, float]  # process id -> how many of its measured periods one declared unit carries
    residual: float  # relative residual of the solution

    @property
    def gwp_set(self) -> str:
        """The id of its GWP set."""
        return self.gwp.id

    def caption(self) -> Text:
        product = self.system.product
        said = f"{self.total_kg_co2e:.6g} kg CO2e / {product.declared_unit} ({self.gwp_set})"
        return Text(f"{product.name}：{said}", f"{product.name_en or product.name}: {said}")

    def table(self) -> list[ContributionRow]:
        """Its lines with their gases added up, the largest (by absolute value) first; they sum to the total."""
        names = {process.id: process.name for process in self.system.processes}
        return views.table(self.contributions, names, self.total_kg_co2e)

    def rows(self) -> list[dict[str, object]]:
        return [plain(row) | {"kg_co2e": row.kg_co2e, "share": row.share} for row in self.table()]

    @property
    def record(self) -> Record:
        """What has to be known to get the same digits again."""
        solver = Solver("factorisation", 0, self.residual, WORST_RESIDUAL)
        return Record(sha256_of_document(to_document(self.system)), gwp_label(self.gwp), solver)

    @property
    def total_kg_co2e(self) -> float:
        return math.fsum(c.kg_co2e for c in self.contributions)

    def by_stage(self) -> dict[Stage, float]:
        """kg CO2e by life-cycle stage, in life-cycle order; only the stages that occur."""
        found = self._sums(lambda c: c.stage)
        return {stage: found[stage] for stage in Stage if stage in found}

    def by_process(self) -> dict[str, float]:
        """kg CO2e by process id, in the order of the system; what a process adds itself, not what it passes on."""
        found = self._sums(lambda c: c.process)
        return {process.id: found.get(process.id, 0.0) for process in self.system.processes}

    def by_gas_class(self) -> dict[GasClass, float]:
        """kg CO2e by class, all classes said apart even where zero (ISO 14067:2018 7.2)."""
        found = self._sums(lambda c: c.gas_class)
        return {gas_class: found.get(gas_class, 0.0) for gas_class in GasClass}

    def by_part(self) -> dict[str, float]:
        """kg CO2e by part; "avoided" says apart what co-products displace (ISO 14067:2018 6.4.6.2)."""
        return self._sums(lambda c: c.part)

    def by_substance(self) -> dict[str, float]:
        """kg CO2e by substance; "CO2e" is what factors give only as a sum."""
        return self._sums(lambda c: c.substance)

    def by_position(self) -> Positions:
        """kg CO2e under the letters of Catena-X and PACT, with both totals: uptake of biogenic CO2 in, and left out."""
        return positions(
            [(c.substance, c.gas_class) for c in self.contributions], [c.kg_co2e for c in self.contributions]
        )

    def under(self, gwp_sets: Iterable[str | GwpSet]) -> tuple[UnderSet, ...]:
        """The footprint under each GWP set, without solving again, and what of it stays as other sets summed it."""
        return views.under(self.contributions, {factor.id: factor for factor in self.system.factors}, gwp_sets)

    def cube(self, gwp_set: str | GwpSet | None = None, *, kg: bool = False, classes: bool = True) -> Cube:
        """Stage x process x gas: in kg CO2e under its own set or another, or in kilograms of the gases.

        classes  False: the classes of a substance added up
        """
        gwp = None if kg else gwp_set_of(gwp_set or self.gwp)
        return views.cube(self.contributions, [p.id for p in self.system.processes], gwp, classes=classes)

    def _sums(self, key: Callable[[Contribution], _Key]) -> dict[_Key, float]:
        parts: defaultdict[_Key, list[float]] = defaultdict(list)
        for contribution in self.contributions:
            parts[key(contribution)].append(contribution.kg_co2e)
        return {k: math.fsum(values) for k, values in parts.items()}


def calculate_footprint(
    system: ProductSystem, gwp_set: str | GwpSet = "AR6", *, lookup: Mapping[str, Factor] | None = None
) -> Footprint:
    """The footprint of one declared unit.

    Processes may supply each other in loops; a process with co-products hands on the allocated share of all its
    burdens. "CO2e" emissions count as they stand, whichever GWP set their factor was summed with (Factor.gwp_set);
    Footprint.under shows how much that is.

    gwp_set  "AR5", "AR6", or a set of one's own (gases.own)
    lookup   more factors by id, so that a refused factor can name the one to use instead
    Raises one Fault (FactorNotPermitted, NoProvider, AllocationNeeded, NotProductive, ...) or Problems with all.
    """
    gwp = gwp_set_of(gwp_set)
    raise_faults(system_faults(system, gwp, lookup))
    names = [process.name for process in system.processes]
    technology = matrices.technology(system)
    check_productive(technology.per_unit, names)
    found = supply(technology.A, matrices.demand(system), names)
    scaling = dict(zip(technology.processes, (found.s * technology.shares).tolist(), strict=True))
    factors = {factor.id: factor for factor in system.factors}
    contributions = tuple(
        Contribution(
            process=burden.process,
            line=burden.line,
            part=part or burden.part,
            stage=burden.stage,
            substance=burden.substance,
            gas_class=burden.gas_class,
            kg=(kg := float(burden.kg) * periods),
            kg_co2e=kg * gwp.of(burden.substance, burden.gas_class),
            factor=burden.factor,
            primary=burden.primary,
            place=burden.place,
            quality=burden.quality,
        )
        for part, running in _caused_and_avoided(technology, found.s, names)
        for process, periods in zip(system.processes, (running * technology.shares).tolist(), strict=True)
        if periods or not part
        for burden in burdens(process, factors)
    )
    return Footprint(system, gwp, contributions, scaling, found.residual)


def _caused_and_avoided(
    technology: matrices.Technology, s: matrices.Vector, names: Sequence[str]
) -> list[tuple[str, matrices.Vector]]:
    """How far processes run because of the demand, and how far less because co-products displace their products.

    With T what processes make less what they take and V what they displace: (T + V) s = f, so T s = f - V s. The chain
    that V s displaces runs by -T^-1 V s; its burdens are the part "avoided", the rest keeps the parts of its lines.
    """
    if not technology.avoided.nnz:
        return [("", s)]
    avoided = -supply(technology.caused, technology.avoided @ s, names).s
    return [("", s - avoided), ("avoided", avoided)]


def footprint_document(footprint: Footprint) -> dict[str, Any]:
    """The result with all its digits (each float as its shortest exact string), without the system itself."""
    return {
        "format": FOOTPRINT_FORMAT,
        "gwp_set": footprint.gwp_set,
        "declared_unit": plain(footprint.system.product.declared_unit),
        "total_kg_co2e": repr(footprint.total_kg_co2e),
        "stages": plain(footprint.by_stage()),
        "processes": plain(footprint.by_process()),
        "gas_classes": plain(footprint.by_gas_class()),
        "substances": plain(footprint.by_substance()),
        "contributions": plain(footprint.contributions),
        "scaling": plain(footprint.scaling),
        "residual": repr(footprint.residual),
    }
