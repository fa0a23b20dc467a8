"""The footprint of a product: one immutable result (stub of the shape; the room is being furnished)."""

from __future__ import annotations

from dataclasses import dataclass

from tanbiao.lca.model import GasClass, ProductSystem, Stage


@dataclass(frozen=True, slots=True)
class Contribution:
    """One line of the contribution table: what one input or emission of one process adds, gas by gas.

    part  "supply" (upstream of an input), "use" (released when used), "direct" (an emission row)
    kg    kilograms of the substance (negative for removals); kg_co2e = kg x GWP100
    All per declared unit.
    """

    process: str  # id
    line: str  # name of the input or emission
    part: str
    stage: Stage
    substance: str
    gas_class: GasClass
    kg: float
    kg_co2e: float
    factor: str = ""
    primary: bool = False  # activity datum is primary data
    place: str = ""


@dataclass(frozen=True, slots=True)
class Footprint:
    """The footprint per declared unit; every other view of it is a sum over `contributions`."""

    system: ProductSystem
    gwp_set: str
    contributions: tuple[Contribution, ...]
    scaling: dict[str, float]  # process id -> how many of its measured periods one declared unit takes
    residual: float  # relative residual of the solution

    @property
    def total_kg_co2e(self) -> float: ...
    def by_stage(self) -> dict[Stage, float]: ...
    def by_process(self) -> dict[str, float]: ...
    def by_gas_class(self) -> dict[GasClass, float]: ...
    def by_substance(self) -> dict[str, float]: ...


def calculate_footprint(system: ProductSystem, gwp_set: str = "AR6") -> Footprint: ...
