"""Is a product system sound? All faults of it, in the order of the processes, each with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from decimal import Decimal

from tanbiao.lca.allocation.shares import allocation_shares, avoided_inputs
from tanbiao.lca.factors import factor_faults, scope_faults
from tanbiao.lca.faults import (
    AmbiguousProduct,
    Fault,
    NoProvider,
    NoRemoval,
    NoSupply,
    Unbuildable,
    UnknownSubstance,
    WrongAmount,
    WrongDimension,
    WrongScore,
)
from tanbiao.lca.gases.gwp import GwpSet
from tanbiao.lca.model import (
    DataQuality,
    Emission,
    Factor,
    Input,
    Output,
    OutputKind,
    Process,
    ProductSystem,
)
from tanbiao.lca.units import DIMENSIONS, Quantity, Unit
from tanbiao.words import Text

# Far beyond any plant, far inside float64.
_SMALLEST, _LARGEST = Decimal("1e-30"), Decimal("1e30")


def place_of(process: Process, row: Input | Output | Emission) -> str:
    """Where a row stands: its place in the input if it has one, else process and row by name."""
    name = row.substance if isinstance(row, Emission) and not row.name else row.name
    return row.place or f"{process.name} · {name}"


def system_faults(system: ProductSystem, gwp: GwpSet, lookup: Mapping[str, Factor] | None = None) -> Iterator[Fault]:
    """Every fault found in one pass; none means that the footprint can be set up.

    lookup  further factors by id (a library), to name the one to use instead of a refused one
    """
    yield from _identity_faults(system)
    factors = {factor.id: factor for factor in system.factors}
    makers = {process.id: process for process in system.processes}
    for process in system.processes:
        outputs_at_fault = list(_output_faults(process))
        yield from outputs_at_fault
        for row in (*process.inputs, *(() if outputs_at_fault else avoided_inputs(process))):
            place = place_of(process, row)
            yield from _amount_faults(place, row.quantity)
            yield from _score_faults(place, row.quality)
            yield from _supply_faults(place, row, makers)
            yield from factor_faults(place, row, factors, {**(lookup or {}), **factors})
        for emission in process.emissions:
            yield from _emission_faults(place_of(process, emission), emission, gwp)
    for factor in system.factors:
        yield from scope_faults(factor)
        for emission in factor.emissions:
            # credits may outweigh what a background product releases; an enterprise's own factor has none
            yield from _emission_faults(emission.place or factor.name.zh, emission, gwp, signed=not factor.own)


def _identity_faults(system: ProductSystem) -> Iterator[Fault]:
    for kind, ids in (
        (Text("过程", "Process"), [p.id for p in system.processes]),
        (Text("因子", "Factor"), [f.id for f in system.factors]),
    ):
        for id, count in Counter(ids).items():
            if count > 1:
                yield Unbuildable(
                    "",
                    f"{kind.zh}编号“{id}”出现 {count} 次，请改成不同的编号。",
                    f'{kind.en} id "{id}" appears {count} times; give each its own.',
                )
    product = system.product
    maker = next((p for p in system.processes if p.id == product.process), None)
    if maker is None:
        yield Unbuildable(
            product.name,
            f"系统中没有生产该产品的过程“{product.process}”。",
            f'The system has no process "{product.process}" that makes the product.',
        )
        return
    yield from _amount_faults(product.name, product.declared_unit, zero=False)
    made = [o for o in maker.outputs if o.kind is OutputKind.PRODUCT]
    if len(made) == 1:
        yield from _fit_faults(product.name, product.declared_unit.unit, made[0].quantity.unit, made[0].name)


def _output_faults(process: Process) -> Iterator[Fault]:
    products = [o for o in process.outputs if o.kind is OutputKind.PRODUCT]
    if len(products) != 1:
        yield AmbiguousProduct(
            process.place or process.name,
            f"过程“{process.name}”应有且仅有一个主产品，现有 {len(products)} 个。其余请标为共生产品或回收利用。",
            f'Process "{process.name}" needs exactly one reference product but has {len(products)}. '
            "Mark the others as co-products or as recycled.",
        )
    faults = [
        fault
        for output in process.outputs
        for fault in _amount_faults(place_of(process, output), output.quantity, zero=output.kind is OutputKind.RECYCLED)
    ]
    yield from faults
    if len(products) == 1 and not faults:
        try:
            allocation_shares(process)
        except Fault as fault:
            yield fault


def _supply_faults(place: str, row: Input, makers: Mapping[str, Process]) -> Iterator[Fault]:
    if row.factor and row.provider:
        yield NoSupply(
            place,
            f"“{row.name}”同时填写了供应因子和供应过程，请只保留一个。",
            f'"{row.name}" has both a supply factor and a providing process; keep one of them.',
        )
    if not (row.factor or row.provider or row.use_factor):
        yield NoSupply(
            place,
            f"“{row.name}”没有排放因子，也没有供应过程。请选择因子或本系统内的供应过程。",
            f'"{row.name}" has neither a factor nor a providing process. Choose a factor, or a process of this system.',
        )
    if not row.provider:
        return
    maker = makers.get(row.provider)
    if maker is None:
        yield NoProvider(
            place,
            f"“{row.name}”的供应过程“{row.provider}”不在本系统中。请核对过程编号。",
            f'"{row.name}" is to be supplied by process "{row.provider}", which is not in this system. Check the id.',
        )
        return
    for product in (o for o in maker.outputs if o.kind is OutputKind.PRODUCT):
        yield from _fit_faults(place, row.quantity.unit, product.quantity.unit, product.name)


def _emission_faults(place: str, emission: Emission, gwp: GwpSet, *, signed: bool = False) -> Iterator[Fault]:
    yield from _amount_faults(place, abs(emission.quantity) if signed else emission.quantity)
    yield from _score_faults(place, emission.quality)
    if emission.quantity.unit.dimension != "mass":
        symbol = emission.quantity.unit.symbol
        yield WrongDimension(
            place,
            f"排放量的单位“{symbol}”不是质量单位。请改为 kg 或 t。",
            f'Unit "{symbol}" of an emission is not a unit of mass. Use kg or t.',
        )
    if emission.gas_class.removal and emission.substance != "CO2":
        yield NoRemoval(
            place,
            f"“{emission.substance}”不能作为清除量：生物质和土壤吸收的只有CO2。请改正物质或气体类别。",
            f'"{emission.substance}" cannot be a removal: biomass and soil take up CO2. '
            "Correct the substance or the class.",
        )
    try:
        gwp.of(emission.substance, emission.gas_class)
    except UnknownSubstance as unknown:
        text = unknown.problems[0].text
        yield UnknownSubstance(place, text.zh, text.en)


def _amount_faults(place: str, quantity: Quantity, *, zero: bool = True) -> Iterator[Fault]:
    amount = quantity.amount
    if not amount.is_finite() or (amount != 0 and not _SMALLEST <= amount <= _LARGEST):
        yield WrongAmount(
            place,
            f"数量“{amount}”超出范围：应为 0，或 1e-30 至 1e30 之间的正数。",
            f'Amount "{amount}" is out of range: 0, or from 1e-30 to 1e30.',
        )
    elif amount == 0 and not zero:
        yield WrongAmount(place, "数量为零，此处应大于零。", "The amount is zero; it must be greater than zero here.")


def _fit_faults(place: str, has: Unit, due: Unit, product: str) -> Iterator[Fault]:
    if has.dimension != due.dimension:
        wanted, given = DIMENSIONS[due.dimension], DIMENSIONS[has.dimension]
        yield WrongDimension(
            place,
            f"单位“{has.symbol}”（{given.zh}）与产品“{product}”的单位“{due.symbol}”（{wanted.zh}）不符。"
            f"请改用{wanted.zh}单位。",
            f'Unit "{has.symbol}" ({given.en}) does not fit product "{product}", made in "{due.symbol}" ({wanted.en}). '
            f"Use a unit of {wanted.en}.",
        )


def _score_faults(place: str, quality: DataQuality | None) -> Iterator[Fault]:
    if quality and not all(1 <= score <= 5 for score in astuple(quality) if score is not None):
        yield WrongScore(
            place,
            "数据质量评分应为 1（最好）到 5（最差）的整数。",
            "Data-quality scores run from 1 (best) to 5 (worst).",
        )
