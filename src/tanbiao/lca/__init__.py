"""Life-cycle assessment: quantities, product systems, footprints. Pure; numpy and scipy only.

>>> import datetime as dt
>>> from tanbiao.lca import *
>>> co2 = lambda kg: (Emission("CO2", GasClass.FOSSIL, quantity(kg, "kg")),)
>>> fuel = Process("fuel", "燃料", Stage.RAW_MATERIALS, emissions=co2(10),
...     outputs=(Output("燃料", OutputKind.PRODUCT, quantity(100, "kg")),))
>>> power = Process("power", "发电", Stage.PRODUCTION, emissions=co2(1),
...     outputs=(Output("电力", OutputKind.PRODUCT, quantity(10, "kWh")),),
...     inputs=(Input("燃料", InputKind.ENERGY, quantity(2, "kg"), Stage.RAW_MATERIALS, provider="fuel"),))
>>> product = Product("电力", "", "", "", quantity(1000, "kWh"), "power", dt.date(2025, 1, 1), dt.date(2025, 12, 31))
>>> footprint = calculate_footprint(ProductSystem(product, (fuel, power), factors=()))
>>> footprint.total_kg_co2e, footprint.by_process()
(120.0, {'fuel': 20.0, 'power': 100.0})

The same on plain arrays, where credits (negative inputs) are welcome too:

>>> solve(A=[[-2, 100], [10, 0]], B=[[1, 10]], f=[0, 1000], c=[1]).h
120.0

From the ground up: units -> model -> (gwp, allocation, factors) -> checks -> inventory -> matrices -> solve ->
footprint -> (quality, contributions, document). fuels, dairy and end_of_life hold formulas of sectors.
"""

from tanbiao.lca.allocation import allocation_shares
from tanbiao.lca.contributions import ContributionRow, contribution_table, sankey
from tanbiao.lca.document import footprint_document, system_from_document, to_document
from tanbiao.lca.footprint import Contribution, Footprint, calculate_footprint
from tanbiao.lca.gwp import GwpSet, gwp_set
from tanbiao.lca.model import (
    Allocation,
    DataKind,
    DataQuality,
    Emission,
    Exclusion,
    Factor,
    FactorKind,
    GasClass,
    GasScope,
    Input,
    InputKind,
    LifeCycleScope,
    Output,
    OutputKind,
    Process,
    Product,
    ProductSystem,
    Stage,
)
from tanbiao.lca.quality import QualitySummary, assess_quality
from tanbiao.lca.solve import Solution, Supply, solve, supply
from tanbiao.lca.units import UNITS, Quantity, Unit, UnitMismatch, UnknownUnit, quantity, suggest, unit

__all__ = [
    "UNITS",
    "Allocation",
    "Contribution",
    "ContributionRow",
    "DataKind",
    "DataQuality",
    "Emission",
    "Exclusion",
    "Factor",
    "FactorKind",
    "Footprint",
    "GasClass",
    "GasScope",
    "GwpSet",
    "Input",
    "InputKind",
    "LifeCycleScope",
    "Output",
    "OutputKind",
    "Process",
    "Product",
    "ProductSystem",
    "QualitySummary",
    "Quantity",
    "Solution",
    "Stage",
    "Supply",
    "Unit",
    "UnitMismatch",
    "UnknownUnit",
    "allocation_shares",
    "assess_quality",
    "calculate_footprint",
    "contribution_table",
    "footprint_document",
    "gwp_set",
    "quantity",
    "sankey",
    "solve",
    "suggest",
    "supply",
    "system_from_document",
    "to_document",
    "unit",
]
