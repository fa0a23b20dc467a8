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

A background database, or any supply network, is a `Network`; its footprints come for all products at once:

>>> net = network_from_matrices(A=[[-2, 100], [10, 0]], B=[[1, 10]], names=["power", "fuel"])
>>> net.names, unit_footprints(net, [1]).values.round(9).tolist()
(('fuel', 'power'), [0.1, 0.12])

From the ground up: units -> model -> gases, distributions, network -> allocation -> checks -> inventory -> matrices ->
footprint -> background, quality, contributions, uncertainty, electricity, portfolio -> datasets. docs/engine.md shows
them in use.
"""

from tanbiao.lca.allocation.dairy import Animals, Milk, shared_by_energy_to_make
from tanbiao.lca.allocation.preference import PriceRatioRule
from tanbiao.lca.allocation.shares import allocation_shares
from tanbiao.lca.allocation.subdivision import Part, subdivide
from tanbiao.lca.background import Background, Dataset, Gas, on_background, solve_background
from tanbiao.lca.contributions.edges import Edges, edge_list, edge_lists
from tanbiao.lca.contributions.folding import Folded, fold
from tanbiao.lca.contributions.intensities import Intensities, intensities
from tanbiao.lca.contributions.paths import Paths, supply_paths
from tanbiao.lca.contributions.table import SankeyLinks, contribution_table, sankey, sankey_links
from tanbiao.lca.contributions.top import Top, top
from tanbiao.lca.contributions.upstream import UpstreamTree, upstream_tree
from tanbiao.lca.datasets.compiling import Compiled, Compiler
from tanbiao.lca.datasets.intensities import Intensities as DatabaseIntensities
from tanbiao.lca.datasets.intensities import intensities as database_intensities
from tanbiao.lca.datasets.inventory import LifeCycleInventory, life_cycle_inventory
from tanbiao.lca.datasets.linking import LinkRule, Unlinked
from tanbiao.lca.datasets.report import Report
from tanbiao.lca.distributions.columns import Distributions, Kind
from tanbiao.lca.distributions.making import certain, from_gsd2, lognormal, normal, triangular, uniform
from tanbiao.lca.distributions.pedigree import PedigreeScores, pedigree_matrix, widen
from tanbiao.lca.distributions.sampling import Sampler
from tanbiao.lca.document import system_from_document, to_document
from tanbiao.lca.electricity.account import ElectricityAccount, account_electricity
from tanbiao.lca.electricity.data import (
    Consumption,
    ContractualInstrument,
    DirectLine,
    ElectricityPolicy,
    OwnGeneration,
    PeriodMatch,
)
from tanbiao.lca.electricity.lines import ElectricityLine, ElectricitySource
from tanbiao.lca.electricity.use import (
    ElectricityUse,
    GridSensitivity,
    electricity_inputs,
    grid_sensitivity,
    kg_co2e_per_kwh,
    with_electricity,
)
from tanbiao.lca.end_of_life import MaterialFootprint, MaterialLife, Recycling, compare_recycling, material_footprint
from tanbiao.lca.execution.executors import Executor, InProcess, Processes, Ray, Threads, executor_for
from tanbiao.lca.faults import Cancelled, Fault, NotConverged, NotProductive, NoUncertainty
from tanbiao.lca.footprint import Footprint, calculate_footprint, footprint_document
from tanbiao.lca.fuels import combustion_co2
from tanbiao.lca.gases.gwp import GwpSet, characterisation, gwp_set
from tanbiao.lca.gases.own import own_gwp_set, read_gwp_set
from tanbiao.lca.gases.positions import Position, Positions, position, positions
from tanbiao.lca.model import (
    Allocation,
    DataKind,
    DataQuality,
    Displaced,
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
    Property,
    Stage,
)
from tanbiao.lca.network.activities import Activity, Database, Exchange, Flow, Role, build_database
from tanbiao.lca.network.arrays import Network
from tanbiao.lca.network.conventions import Entries, network_from_exchanges, network_from_matrices
from tanbiao.lca.network.direct import Solution, solve
from tanbiao.lca.network.engine import (
    Inventory,
    Solved,
    Solver,
    check_network,
    inventory_of,
    total_supply,
    unit_footprints,
)
from tanbiao.lca.network.live import Affected, LiveFootprints
from tanbiao.lca.network.productivity import check_productive
from tanbiao.lca.other_allocations import AllocationSensitivity, allocation_sensitivity
from tanbiao.lca.portfolio import Portfolio, calculate_portfolio
from tanbiao.lca.quality.assessment import QualitySummary, assess_quality, primary_data_share
from tanbiao.lca.quality.methods import QUALITY_METHODS, QualityMethod, TableMethod, quality_method
from tanbiao.lca.quality.scoring import Levels, ScoringTable
from tanbiao.lca.record import Record
from tanbiao.lca.uncertainty.foreground import Foreground, compile_foreground, evaluate
from tanbiao.lca.uncertainty.montecarlo import DrawnContributions, MonteCarlo, monte_carlo, only_flows, only_inputs
from tanbiao.lca.uncertainty.pairs import Pair, pair
from tanbiao.lca.uncertainty.parameters import Parameter, ParameterSet
from tanbiao.lca.uncertainty.parametrised import (
    ParametrisedSystem,
    Scenarios,
    parametrise,
    pedigree_spreads,
    scenarios,
    system_in,
)
from tanbiao.lca.uncertainty.propagation import Propagated, compare_propagation, propagate
from tanbiao.lca.uncertainty.simulation import Simulation, intensity_draws, simulate
from tanbiao.lca.units import UNITS, Quantity, Unit, UnitMismatch, UnknownUnit, quantity, suggest, unit
from tanbiao.lca.views import Contribution, ContributionRow, Cube, UnderSet

__all__ = [
    "QUALITY_METHODS",
    "UNITS",
    "Activity",
    "Affected",
    "Allocation",
    "AllocationSensitivity",
    "Animals",
    "Background",
    "Cancelled",
    "Compiled",
    "Compiler",
    "Consumption",
    "ContractualInstrument",
    "Contribution",
    "ContributionRow",
    "Cube",
    "DataKind",
    "DataQuality",
    "Database",
    "DatabaseIntensities",
    "Dataset",
    "DirectLine",
    "Displaced",
    "Distributions",
    "DrawnContributions",
    "Edges",
    "ElectricityAccount",
    "ElectricityLine",
    "ElectricityPolicy",
    "ElectricitySource",
    "ElectricityUse",
    "Emission",
    "Entries",
    "Exchange",
    "Exclusion",
    "Executor",
    "Factor",
    "FactorKind",
    "Fault",
    "Flow",
    "Folded",
    "Footprint",
    "Foreground",
    "Gas",
    "GasClass",
    "GasScope",
    "GridSensitivity",
    "GwpSet",
    "InProcess",
    "Input",
    "InputKind",
    "Intensities",
    "Inventory",
    "Kind",
    "Levels",
    "LifeCycleInventory",
    "LifeCycleScope",
    "LinkRule",
    "LiveFootprints",
    "MaterialFootprint",
    "MaterialLife",
    "Milk",
    "MonteCarlo",
    "Network",
    "NoUncertainty",
    "NotConverged",
    "NotProductive",
    "Output",
    "OutputKind",
    "OwnGeneration",
    "Pair",
    "Parameter",
    "ParameterSet",
    "ParametrisedSystem",
    "Part",
    "Paths",
    "PedigreeScores",
    "PeriodMatch",
    "Portfolio",
    "Position",
    "Positions",
    "PriceRatioRule",
    "Process",
    "Processes",
    "Product",
    "ProductSystem",
    "Propagated",
    "Property",
    "QualityMethod",
    "QualitySummary",
    "Quantity",
    "Ray",
    "Record",
    "Recycling",
    "Report",
    "Role",
    "Sampler",
    "SankeyLinks",
    "Scenarios",
    "ScoringTable",
    "Simulation",
    "Solution",
    "Solved",
    "Solver",
    "Stage",
    "TableMethod",
    "Threads",
    "Top",
    "UnderSet",
    "Unit",
    "UnitMismatch",
    "UnknownUnit",
    "Unlinked",
    "UpstreamTree",
    "account_electricity",
    "allocation_sensitivity",
    "allocation_shares",
    "assess_quality",
    "build_database",
    "calculate_footprint",
    "calculate_portfolio",
    "certain",
    "characterisation",
    "check_network",
    "check_productive",
    "combustion_co2",
    "compare_propagation",
    "compare_recycling",
    "compile_foreground",
    "contribution_table",
    "database_intensities",
    "edge_list",
    "edge_lists",
    "electricity_inputs",
    "evaluate",
    "executor_for",
    "fold",
    "footprint_document",
    "from_gsd2",
    "grid_sensitivity",
    "gwp_set",
    "intensities",
    "intensity_draws",
    "inventory_of",
    "kg_co2e_per_kwh",
    "life_cycle_inventory",
    "lognormal",
    "material_footprint",
    "monte_carlo",
    "network_from_exchanges",
    "network_from_matrices",
    "normal",
    "on_background",
    "only_flows",
    "only_inputs",
    "own_gwp_set",
    "pair",
    "parametrise",
    "pedigree_matrix",
    "pedigree_spreads",
    "position",
    "positions",
    "primary_data_share",
    "propagate",
    "quality_method",
    "quantity",
    "read_gwp_set",
    "sankey",
    "sankey_links",
    "scenarios",
    "shared_by_energy_to_make",
    "simulate",
    "solve",
    "solve_background",
    "subdivide",
    "suggest",
    "supply_paths",
    "system_from_document",
    "system_in",
    "to_document",
    "top",
    "total_supply",
    "triangular",
    "uniform",
    "unit",
    "unit_footprints",
    "upstream_tree",
    "widen",
    "with_electricity",
]
