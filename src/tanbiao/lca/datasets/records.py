"""What readers of every format answer with: flows, processes, methods and declarations, in one neutral form.

Nothing of a source is lost here: amounts stand as given, beside the factor that brings them to the unit of their flow;
names stand in every language the source has. How processes are linked and burdens shared is decided later (`linking`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tanbiao.words import Text

Names = Mapping[str, str]  # language code ("zh", "en", "de"; "" where the source says none) -> text


def text_of(names: Names) -> Text:
    """Names as a text in Chinese and English; a language that is missing is said in one that is there."""
    some = next(iter(names.values()), "")
    zh = names.get("zh") or names.get("zh-CN") or names.get("") or names.get("en") or some
    en = names.get("en") or names.get("") or names.get("de") or some or zh
    return Text(zh, en)


def as_names(text: str, language: str = "") -> Names:
    """A text in one language; nothing where it is empty."""
    return {language: text} if text else {}


class FlowKind(StrEnum):
    PRODUCT = "product"
    WASTE = "waste"
    ELEMENTARY = "elementary"
    UNKNOWN = "unknown"  # named by an exchange, but its data set is not in the source


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class FlowRecord:
    """A product, waste or elementary flow.

    unit        what amounts of it are counted in: its reference unit, as the source spells it ("" unknown)
    category    from the top down, e.g. ("Elementary flows", "Emission to air", "unspecified")
    properties  further quantities of one reference unit, for allocation and checks: name -> (amount, unit)
    """

    id: str
    names: Names
    kind: FlowKind
    unit: str = ""
    category: tuple[str, ...] = ()
    cas: str = ""
    formula: str = ""
    location: str = ""
    synonyms: Names = field(default_factory=dict)
    properties: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    comment: Names = field(default_factory=dict)
    place: str = ""  # entry, row or cell of the source

    @property
    def text(self) -> Text:
        return text_of(self.names)


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """An amount of a flow into or out of a process.

    amount       in `unit`, as given; a formula is already worked out
    factor       units of the flow (FlowRecord.unit) per one `unit`: amount * factor is what links and inventories count
    counted_in   the unit that amount * factor is in where it is none of the flow's kind (kg against m3); "" the flow's
    kind         of this exchange where it is another than its flow's (water taken from nature, and water that is sold,
                 under one number of EcoSpold 1); None the flow's
    reference    it is what the process is there for (the quantitative reference)
    avoided      a product that need not be made elsewhere: counts as a negative input
    uncertainty  {"kind": "lognormal", "mean", "gsd"} | {"kind": "normal", "mean", "sd"} | {"kind": "triangular",
                 "minimum", "mode", "maximum"} | {"kind": "uniform", "minimum", "maximum"}; in `unit`
    pedigree     as given, e.g. "(1;2;3;4;5)"
    base_uncertainty  the geometric standard deviation that the scores of the pedigree add to; 0 where none is given
    derivation   how the amount was got, as given: "Measured", "Calculated", "Estimated", ...
    variable     the name that formulas of the process call the amount by
    properties   of one `unit` of this exchange, where it has its own: name -> (amount, unit)
    """

    flow: str
    direction: Direction
    amount: float
    unit: str = ""
    factor: float = 1.0
    reference: bool = False
    avoided: bool = False
    provider: str = ""  # id of the process that supplies (or treats) it
    provider_name: str = ""
    formula: str = ""
    uncertainty: Mapping[str, object] = field(default_factory=dict)
    pedigree: str = ""
    internal_id: str = ""
    location: str = ""
    comment: Names = field(default_factory=dict)
    counted_in: str = ""
    kind: FlowKind | None = None
    derivation: str = ""
    variable: str = ""
    properties: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    base_uncertainty: float = 0.0

    @property
    def counted(self) -> float:
        """The amount in the unit of the flow (or in `counted_in`)."""
        return self.amount * self.factor


@dataclass(frozen=True, slots=True)
class ParameterRecord:
    """A named number, or a formula of others; `process` is "" for a parameter of the whole database."""

    name: str
    value: float
    formula: str = ""
    process: str = ""
    uncertainty: Mapping[str, object] = field(default_factory=dict)
    comment: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AllocationRecord:
    """A share (0..1) of the burdens of a process that goes to one of its products.

    method    "physical", "economic" or "causal"
    exchange  internal id of the one exchange it is for (causal); "" for all
    """

    method: str
    product: str  # id of the flow
    share: float
    exchange: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """A data set of a process.

    kind                "unit" or "system" (a system process is already an inventory)
    default_allocation  the method the data set asks for: "physical", "economic", "causal" or "" (says none)
    documentation       everything else that is said of it: heading -> text
    """

    id: str
    names: Names
    exchanges: tuple[ExchangeRecord, ...] = ()
    location: str = ""
    category: tuple[str, ...] = ()
    kind: str = "unit"
    year_from: int | None = None
    year_until: int | None = None
    technology: Names = field(default_factory=dict)
    geography: Names = field(default_factory=dict)
    comment: Names = field(default_factory=dict)
    parameters: tuple[ParameterRecord, ...] = ()
    allocation: tuple[AllocationRecord, ...] = ()
    default_allocation: str = ""
    quality: str = ""  # pedigree or score of the whole data set, as given
    sources: tuple[str, ...] = ()
    version: str = ""
    documentation: Mapping[str, str] = field(default_factory=dict)
    place: str = ""

    @property
    def text(self) -> Text:
        return text_of(self.names)

    @property
    def references(self) -> tuple[ExchangeRecord, ...]:
        return tuple(e for e in self.exchanges if e.reference)


@dataclass(frozen=True, slots=True)
class ImpactFactorRecord:
    """Characterisation factor of one elementary flow; the flow need not be in the source, hence its name."""

    flow: str
    flow_name: str
    value: float
    unit: str = ""  # of the flow, that the value is per
    direction: str = ""
    location: str = ""
    flow_category: tuple[str, ...] = ()
    uncertainty: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MethodRecord:
    """An impact category of a method, with its factors."""

    id: str
    names: Names
    method: str = ""
    unit: str = ""
    factors: tuple[ImpactFactorRecord, ...] = ()
    documentation: Mapping[str, str] = field(default_factory=dict)
    place: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorRecord:
    """An indicator of a declaration: module -> amount as written; None where it is not declared, which is not 0."""

    names: Names
    unit: str
    modules: Mapping[str, str | None]
    id: str = ""


@dataclass(frozen=True, slots=True)
class DeclarationRecord:
    """An environmental product declaration (EPD): results by life-cycle module, per the amount of a reference flow."""

    id: str
    names: Names
    flow: str
    amount: float
    unit: str
    indicators: tuple[IndicatorRecord, ...]
    location: str = ""
    year_from: int | None = None
    year_until: int | None = None
    category: tuple[str, ...] = ()
    kind: str = ""  # "specific", "average", "generic", "template", as the format names them
    exchanges: tuple[ExchangeRecord, ...] = ()
    documentation: Mapping[str, str] = field(default_factory=dict)
    place: str = ""

    @property
    def text(self) -> Text:
        return text_of(self.names)


@dataclass(frozen=True, slots=True)
class FactorRecord:
    """One row of a table of emission factors, as written; what it means is said by `formats.datasets.factor_table`.

    value          kg of `gas` per `unit` after conversion; given: the value and unit as written, e.g. "17.8 kgCO2e/kJ"
    year           of the data, the last of a period; year_from: the first
    quality        scores or a grade, as given
    documentation  everything else that is said of it (formula, validity, hash of the document): heading -> text
    """

    id: str
    names: Names
    value: float
    unit: str
    given: str
    kind: str = ""  # of lca.model.FactorKind
    gas: str = "CO2e"
    gas_class: str = "fossil"
    gas_scope: str = ""
    life_cycle_scope: str = ""
    boundary: str = ""
    region: str = ""
    year: int | None = None
    gwp_set: str = ""
    technology: str = ""
    provider: str = ""
    source: str = ""
    document: str = ""
    category: tuple[str, ...] = ()
    confidence: str = ""
    use_instead: str = ""
    year_from: int | None = None
    quality: str = ""
    documentation: Mapping[str, str] = field(default_factory=dict)
    place: str = ""

    @property
    def text(self) -> Text:
        return text_of(self.names)


Record = FlowRecord | ProcessRecord | MethodRecord | DeclarationRecord | FactorRecord | ParameterRecord
