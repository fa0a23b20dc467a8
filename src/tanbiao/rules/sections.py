"""The sections of a certification rule: everything a rule document says before its clauses.

A number that a rule sets (a limit, a tolerance) is a `Parameter`: it never stands without where it comes from and
whether somebody has read it there. The limits live here, once; the clauses read them from here.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from tanbiao.lca.model import Allocation, DataKind, FactorKind, InputKind, OutputKind, Stage
from tanbiao.lca.units import DIMENSIONS, Unit, UnknownUnit, unit
from tanbiao.words import Text


def refuse(zh: str, en: str) -> PydanticCustomError:
    """A schema error said in both languages; `documents.read_rule` adds the place."""
    return PydanticCustomError("tanbiao", "{en}", {"zh": zh, "en": en})


def _both_languages(text: Text) -> Text:
    if not text.zh.strip() or not text.en.strip():
        raise refuse("中文和英文都要写。", "Write both the Chinese and the English text.")
    return text


def _known_unit(symbol: str) -> str:
    try:
        return unit(symbol).symbol
    except UnknownUnit as error:
        raise refuse(error.text.zh, error.text.en)


def _known_dimension(dimension: str) -> str:
    if dimension not in DIMENSIONS:
        listed = ", ".join(DIMENSIONS)
        raise refuse(f"没有量纲“{dimension}”，可用：{listed}。", f'No dimension "{dimension}"; known: {listed}.')
    return dimension


def _item_kind(kind: object) -> InputKind | OutputKind:
    for kinds in (InputKind, OutputKind):
        for member in kinds:
            if kind == member:
                return member
    listed = ", ".join((*InputKind, *OutputKind))
    raise refuse(f"数据项没有种类“{kind}”，可用：{listed}。", f'No kind of item "{kind}"; known: {listed}.')


Bilingual = Annotated[Text, AfterValidator(_both_languages)]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
UnitSymbol = Annotated[str, AfterValidator(_known_unit)]
Dimension = Annotated[str, AfterValidator(_known_dimension)]


ItemKind = Annotated[InputKind | OutputKind, BeforeValidator(_item_kind)]


class Section(BaseModel):
    """A part of a rule document: closed (no unknown fields) and frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Parameter(Section):
    """A number the rule sets, with its source; `verified` says whether it was read in that source."""

    value: Annotated[Decimal, Field(ge=0, le=10**9)]
    source: Words
    verified: bool


class Share(Parameter):
    """A parameter between 0 and 1."""

    value: Annotated[Decimal, Field(ge=0, le=1)]


class SchemeMode(StrEnum):
    """Which track of the label scheme a rule runs on: decides the mark, the numbering and who may use it."""

    NATIONAL_CATALOGUE = "national_catalogue"
    NATIONAL_REFERENCE = "national_reference"
    CB_OWN_RULE = "cb_own_rule"
    LOCAL_PILOT = "local_pilot"


class Evidence(StrEnum):
    """How well the rule's writers know a source."""

    OPENED = "opened"  # the text was read
    SEEN = "seen"  # its beginning, a contents list or a summary was read
    KNOWN = "known"  # known of, not read: check before relying on it


class Basis(Section):
    """One standard or document the rule rests on."""

    number: Words
    title: Bilingual
    evidence: Evidence
    note: Bilingual | None = None


class DeclaredUnit(Section):
    """The amount of product that the footprint speaks of."""

    amount: Annotated[Decimal, Field(gt=0)]
    unit: UnitSymbol

    @property
    def of(self) -> Unit:
        return unit(self.unit)


class RequiredProcess(Section):
    """A unit process that the boundary must hold; recognised by any of `words` in a process's id or name."""

    code: Code
    name: Bilingual
    stage: Stage
    words: Annotated[tuple[Words, ...], Field(min_length=1)]


class Boundary(Section):
    kind: Literal["cradle_to_gate", "cradle_to_grave", "gate_to_gate"]
    text: Bilingual
    included: Annotated[tuple[Stage, ...], Field(min_length=1)]
    excluded: tuple[Stage, ...]
    processes: tuple[RequiredProcess, ...] = ()

    @field_validator("excluded")
    @classmethod
    def _each_stage_once(cls, excluded: tuple[Stage, ...], info: ValidationInfo) -> tuple[Stage, ...]:
        stages = [*info.data.get("included", ()), *excluded]
        missing = [s.value for s in Stage if s not in stages]
        if missing or len(stages) != len(set(stages)):
            named = ", ".join(missing) or "—"
            raise refuse(
                f"每个生命周期阶段必须且只能列入“包括”或“不包括”一次；缺少：{named}。",
                f"Name every life-cycle stage once, either included or excluded; missing: {named}.",
            )
        return excluded


class ForbiddenExclusion(Section):
    """Something that may not be left out; recognised by any of `words` in the name of an exclusion."""

    name: Bilingual
    words: Annotated[tuple[Words, ...], Field(min_length=1)]


class Cutoff(Section):
    """Cut-off criteria: what may be left out, each and together, as a share of the footprint (basis "ghg")."""

    basis: Literal["ghg", "mass", "energy"]
    single_max: Share
    total_max: Share
    forbidden_exclusions: tuple[ForbiddenExclusion, ...]


class AllocationRule(Section):
    """In which order a shared burden is dealt with, and which keys a process may use."""

    order: Bilingual
    permitted: tuple[Allocation, ...]


class RequiredItem(Section):
    """An activity datum that the rule asks for by name.

    kind      what it is: an input (material, energy, transport, waste_treatment) or an output (product, coproduct,
              recycled); `also` lists other kinds that answer it (slag sold, given away or treated)
    process   code of the required process it usually belongs to, "" for any
    weakest   the weakest data kind accepted (order of `DataKind`: measured, calculated, supplier, secondary)
    """

    code: Code
    name: Bilingual
    kind: ItemKind
    also: tuple[ItemKind, ...] = ()
    dimension: Dimension
    unit: UnitSymbol
    stage: Stage
    process: str = ""
    weakest: DataKind
    required: bool = True
    hint: Bilingual | None = None

    @field_validator("unit")
    @classmethod
    def _unit_of_the_dimension(cls, symbol: str, info: ValidationInfo) -> str:
        dimension = info.data.get("dimension", "")
        if dimension and unit(symbol).dimension != dimension:
            raise refuse(
                f"单位“{symbol}”不属于量纲“{dimension}”。",
                f'Unit "{symbol}" is not of the dimension "{dimension}".',
            )
        return symbol


class GridFactor(Section):
    """A published factor of the grid mix: its id in the library, and the year it speaks of."""

    id: Words
    year: Annotated[int, Field(ge=1990, le=2100)]


class Electricity(Section):
    """Which electricity factor a study must use.

    grid_factors  the library factors that stand for the grid mix, of which the one nearest to the data is due; any
                  other factor of the right kind (a generation type, a supplier's) rests on a contract and on `gec`,
                  which a person has to judge
    """

    factor_kind: FactorKind
    grid_factors: Annotated[tuple[GridFactor, ...], Field(min_length=1)]
    region: Words
    max_age_years: Parameter
    gec: Bilingual


class DataQualityRule(Section):
    """Thresholds for data quality; scores run from 1 (best) to 5 (worst)."""

    method: Bilingual
    dqr_max: Parameter
    coverage_min: Share
    primary_share_min: Share
    max_age_years: Parameter
    period_months: Parameter


class Rounding(Section):
    """How the published value is rounded: significant digits, half to even."""

    significant_digits: Annotated[int, Field(ge=1, le=15)]


class Verification(Section):
    materiality: Share
    assurance: Literal["limited", "reasonable"]


class RuleSections(Section):
    """A rule without its clauses (`schema.Rule` adds them)."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+(\.\d+)?$")]
    title: Bilingual
    notice: Bilingual | None = None
    scheme_mode: SchemeMode
    scope: Bilingual
    basis: Annotated[tuple[Basis, ...], Field(min_length=1)]
    declared_unit: DeclaredUnit
    boundary: Boundary
    cutoff: Cutoff
    allocation: AllocationRule
    required_items: Annotated[tuple[RequiredItem, ...], Field(min_length=1)]
    electricity: Electricity
    data_quality: DataQualityRule
    gwp_set: Literal["AR5", "AR6"]
    rounding: Rounding
    verification: Verification

    @field_validator("required_items")
    @classmethod
    def _items_fit(cls, items: tuple[RequiredItem, ...], info: ValidationInfo) -> tuple[RequiredItem, ...]:
        for called in ([i.code for i in items], [i.name.zh for i in items], [i.name.en for i in items]):
            if twice := sorted({name for name in called if called.count(name) > 1}):
                named = ", ".join(twice)
                raise refuse(f"数据项的代码或名称重复：{named}。", f"Item codes or names used twice: {named}.")
        if boundary := info.data.get("boundary"):
            known = {"", *(process.code for process in boundary.processes)}
            if lost := sorted({item.process for item in items} - known):
                named = ", ".join(lost)
                raise refuse(f"边界中没有这些过程：{named}。", f"No such processes in the boundary: {named}.")
        return items

    def item(self, code: str) -> RequiredItem:
        """The required item of this code; the schema has checked that clauses name known codes."""
        return next(item for item in self.required_items if item.code == code)
