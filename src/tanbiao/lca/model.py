"""The product system: what an enterprise says of its processes, as frozen data.

One clear convention: every amount is positive; what kind of thing it is (input, output, emission) is said by
where it stands. (Only factors of a background may hold less than nothing, where credits outweigh what is released.)
A process gives its amounts for the period it was measured over (say, a year); the solver scales them to the demand.
No clock, no files, no database here.
Clauses: GB/T 24067-2024 / ISO 14067:2018 clause 6.3 to 6.4.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from tanbiao.lca.units import Quantity, Unit
from tanbiao.words import Text


class Stage(StrEnum):
    """Life-cycle stages of GB/T 24067-2024."""

    RAW_MATERIALS = "raw_materials"
    PRODUCTION = "production"
    DISTRIBUTION = "distribution"
    USE = "use"
    END_OF_LIFE = "end_of_life"


class GasClass(StrEnum):
    """Classes of greenhouse gases that ISO 14067:2018 7.2 asks to report apart; land management as PACT v3 asks."""

    FOSSIL = "fossil"
    BIOGENIC_EMISSION = "biogenic_emission"
    BIOGENIC_REMOVAL = "biogenic_removal"  # CO2 that the biomass of the product took up
    DLUC = "dluc"
    LAND_MANAGEMENT_EMISSION = "land_management_emission"  # of land whose use has not changed
    LAND_MANAGEMENT_REMOVAL = "land_management_removal"  # CO2 that stocks such land with more carbon
    AVIATION = "aviation"

    @property
    def removal(self) -> bool:
        """Whether it is CO2 taken up: given as a positive quantity, counted as a negative one."""
        return self in (GasClass.BIOGENIC_REMOVAL, GasClass.LAND_MANAGEMENT_REMOVAL)


class InputKind(StrEnum):
    MATERIAL = "material"
    ENERGY = "energy"
    TRANSPORT = "transport"
    WASTE_TREATMENT = "waste_treatment"  # the service; its quantity is the waste that leaves the process


class OutputKind(StrEnum):
    PRODUCT = "product"  # the reference product of the process: exactly one
    COPRODUCT = "coproduct"  # shares the burdens by the allocation of the process
    RECYCLED = "recycled"  # scrap or residue given away without burden (recycled-content, cut-off)


class Allocation(StrEnum):
    """How a process with several products shares its burdens (ISO 14067:2018 6.4.6)."""

    NONE = "none"  # one product only, or co-products carry nothing by decision of the rule
    MASS = "mass"
    ENERGY = "energy"
    ECONOMIC = "economic"  # prices: an average of one to three years or more
    PROPERTY = "property"  # a property given with each output, named by the process
    DRY_MATTER = "dry_matter"
    CARBON = "carbon"
    SUBSTITUTION = "substitution"  # system expansion: the product carries all, less what its co-products displace


class DataKind(StrEnum):
    """Where an activity datum comes from; the first three are primary data (ISO 14067:2018 3.1.7.1)."""

    MEASURED = "measured"  # site-specific, metered or weighed
    CALCULATED = "calculated"  # site-specific, from a balance or a bill
    SUPPLIER = "supplier"  # primary data of a supplier
    SECONDARY = "secondary"  # and what nobody says anything of

    @property
    def primary(self) -> bool:
        return self is not DataKind.SECONDARY


class FactorKind(StrEnum):
    """What a factor speaks of: decides where it may be used."""

    ELECTRICITY_FOOTPRINT = "electricity_footprint"  # 电力碳足迹因子: life cycle, CO2e
    GRID_CO2 = "grid_co2"  # 电力平均二氧化碳排放因子: combustion CO2 only, never in a footprint
    TRANSMISSION = "transmission"  # 输配电
    FUEL_COMBUSTION = "fuel_combustion"
    FUEL_UPSTREAM = "fuel_upstream"
    MATERIAL = "material"
    PROCESS_EMISSION = "process_emission"  # what a material releases when used (flux, electrode)
    HEAT = "heat"
    TRANSPORT = "transport"
    WATER = "water"
    WASTE = "waste"


class GasScope(StrEnum):
    CO2_ONLY = "co2_only"
    ALL_GHG = "all_ghg"


class LifeCycleScope(StrEnum):
    DIRECT = "direct"  # released at the place of use only
    UPSTREAM = "upstream"  # before the place of use only
    CRADLE_TO_GATE = "cradle_to_gate"
    LIFE_CYCLE = "life_cycle"


@dataclass(frozen=True, slots=True)
class Emission:
    """A greenhouse gas released (or, in a class that is a removal, taken up: then `quantity` is still positive).

    substance  "CO2", "CH4", "N2O", "SF6", ... or "CO2e" where a source gives only the sum
    quantity   a mass
    """

    substance: str
    gas_class: GasClass
    quantity: Quantity
    name: str = ""
    stage: Stage | None = None  # None: the stage of the process
    quality: DataQuality | None = None
    data_kind: DataKind = DataKind.SECONDARY
    source: str = ""
    place: str = ""  # where the datum stands in its input, e.g. "直接排放!C7"


@dataclass(frozen=True, slots=True)
class DataQuality:
    """Scores 1 (best) to 5 (worst), one scale for every method of `quality.methods`.

    technological, geographical, temporal  representativeness: what every method asks for
    completeness, reliability              what PACT v3 and the tables for site data ask for besides
    precision                              the P of the PEF method, of data a company collected itself
    """

    technological: int
    geographical: int
    temporal: int
    completeness: int | None = None
    reliability: int | None = None
    precision: int | None = None


@dataclass(frozen=True, slots=True)
class Factor:
    """A background dataset reduced to its emissions per unit: an emission factor with its provenance.

    emissions  per one `unit`
    gwp_set    the set that a "CO2e" emission was summed with ("AR4", "AR5", "AR6"); "" where gases are given apart
    use_instead  id of the factor to use where this one is not permitted
    """

    id: str
    name: Text
    unit: Unit
    emissions: tuple[Emission, ...]
    kind: FactorKind
    gas_scope: GasScope
    life_cycle_scope: LifeCycleScope
    region: str
    year: int
    source: str
    document: str = ""
    gwp_set: str = ""
    confidence: str = ""
    use_instead: str = ""
    own: bool = False  # brought by the enterprise, not from a library


@dataclass(frozen=True, slots=True)
class Input:
    """One activity datum: something a process takes in (or a waste it hands over for treatment).

    factor      id of the background factor of its supply, or "" when `provider` names a process of the system
    provider    id of the process of this system whose product it is
    use_factor  id of a factor for what it releases when used in the process (fuel burnt, limestone calcined)
    """

    name: str
    kind: InputKind
    quantity: Quantity
    stage: Stage
    factor: str = ""
    provider: str = ""
    use_factor: str = ""
    data_kind: DataKind = DataKind.SECONDARY
    quality: DataQuality | None = None
    item: str = ""  # code of the required activity datum of the rule that this row answers, e.g. "scrap"
    source: str = ""
    note: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """A value by which burdens could be shared, per unit of the output it stands with.

    name  a member of Allocation as text ("economic": a price; "carbon": a mass fraction), or a name of the user's own
    """

    name: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Displaced:
    """What need not be made elsewhere because a co-product is used in its stead (system expansion).

    factor    id of the background factor of the displaced product, or "" when `provider` names a process of the system
    provider  id of the process of this system whose product is displaced
    ratio     amount displaced by one of the co-product, both in the same unit
    """

    factor: str = ""
    provider: str = ""
    ratio: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Output:
    """A product, co-product or recycled residue that leaves a process.

    allocation_value  price, heating value or property per unit of `quantity`, where the allocation needs one (dry
                      matter, carbon: mass fraction)
    properties        such values for other methods, so that their results can be compared
    displaces         what a co-product displaces, for allocation by substitution
    """

    name: str
    kind: OutputKind
    quantity: Quantity
    allocation_value: Decimal | None = None
    data_kind: DataKind = DataKind.SECONDARY
    item: str = ""  # code of the required activity datum of the rule that this row answers, e.g. "slag"
    source: str = ""
    note: str = ""
    place: str = ""
    properties: tuple[Property, ...] = ()
    displaces: Displaced | None = None


@dataclass(frozen=True, slots=True)
class Process:
    """A unit process: what went in, came out and was released over one period."""

    id: str
    name: str
    stage: Stage
    outputs: tuple[Output, ...]
    inputs: tuple[Input, ...] = ()
    emissions: tuple[Emission, ...] = ()
    allocation: Allocation = Allocation.NONE
    place: str = ""
    allocation_property: str = ""  # which property, where the allocation is by a property

    @property
    def product(self) -> Output:
        """The reference product (the model is checked to hold exactly one)."""
        return next(o for o in self.outputs if o.kind is OutputKind.PRODUCT)


@dataclass(frozen=True, slots=True)
class Product:
    """What the study is about, in the words the certificate will carry."""

    name: str
    model: str
    manufacturer: str
    factory: str
    declared_unit: Quantity
    process: str  # id of the process whose reference product it is
    period_start: dt.date
    period_end: dt.date
    name_en: str = ""
    uscc: str = ""
    address: str = ""
    region: str = ""
    boundary: str = "cradle_to_gate"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Something left out by the cut-off criteria, with its estimated share (0..1) of the footprint and the reason."""

    name: str
    share: Decimal
    reason: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class ProductSystem:
    """A product, its foreground processes and the background factors they use: all that a footprint needs."""

    product: Product
    processes: tuple[Process, ...]
    factors: tuple[Factor, ...]
    exclusions: tuple[Exclusion, ...] = field(default=())
    rule: str = ""  # id of the certification rule the study is made under
