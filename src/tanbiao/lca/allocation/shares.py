"""Allocation: how a process with several products shares its burdens (ISO 14067:2018 6.4.6; GB/T 24067-2024 6.4.6).

Two ways. By a key (mass, heating value, dry matter, carbon, a property, price) every product carries its share. By
system expansion the product carries all, and is credited with what its co-products displace elsewhere.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tanbiao.lca.faults import AllocationImpossible, AllocationNeeded
from tanbiao.lca.model import Allocation, Input, InputKind, Output, OutputKind, Process
from tanbiao.lca.units import UNITS, Quantity
from tanbiao.words import Text

_BY: dict[Allocation, Text] = {
    Allocation.ENERGY: Text("热值（MJ/单位）", "heating value (MJ per unit)"),
    Allocation.ECONOMIC: Text("价格（元/单位）", "price (per unit)"),
    Allocation.PROPERTY: Text("分配属性（每单位）", "property (per unit)"),
    Allocation.DRY_MATTER: Text("干物质含量（质量分数）", "dry-matter content (mass fraction)"),
    Allocation.CARBON: Text("碳含量（质量分数）", "carbon content (mass fraction)"),
}
_FRACTIONS = frozenset({Allocation.DRY_MATTER, Allocation.CARBON})


def allocation_shares(process: Process) -> tuple[Fraction, ...]:
    """The share of the burdens of a process that each of its outputs carries, in the order of `process.outputs`.

    a_i = m_i p_i / sum_j m_j p_j over product and co-products, with m the amount and p = 1 (mass), the heating value
    (energy), the mass fraction of dry matter or carbon, the price (economic: an average of one to three years or more)
    or a property given per unit of amount. By substitution the product carries all; see `avoided_inputs`.
    Shares are exact fractions and sum to exactly one; recycled residues carry nothing (recycled-content approach).
    ISO 14067:2018 6.4.6.2. Raises AllocationNeeded where a method is missing, AllocationImpossible where values are.
    """
    sharing = burden_bearers(process)
    if process.allocation is Allocation.SUBSTITUTION:
        for output in sharing:
            _check_displaced(process, output)
    if len(sharing) == 1 or process.allocation is Allocation.SUBSTITUTION:
        return tuple(Fraction(o.kind is OutputKind.PRODUCT) for o in process.outputs)
    if process.allocation is Allocation.NONE:
        names = "、".join(o.name for o in sharing)
        raise AllocationNeeded(
            process.place or process.name,
            f"过程“{process.name}”有多个产品（{names}），但没有选择分配方法。"
            "请选择分配方法（质量、能量、经济价值、属性或系统扩展）；无负荷转出的残余物请标为“回收利用”。",
            f'Process "{process.name}" has several products ({names}) but no allocation method. '
            "Choose mass, energy, economic, property or system expansion; "
            "mark residues given away without burden as recycled.",
        )
    weights = [Fraction(0) if o.kind is OutputKind.RECYCLED else _weight(process, o) for o in process.outputs]
    for output, weight in zip(process.outputs, weights, strict=True):
        if output.kind is OutputKind.PRODUCT and not weight:
            raise _impossible(
                process, output, "的分配值为零，主产品就不承担任何负荷", "its value is zero, so it would carry nothing"
            )
    return tuple(w / sum(weights) for w in weights)


def burden_bearers(process: Process) -> list[Output]:
    """The outputs among which the burdens of a process are shared: its product and co-products."""
    return [o for o in process.outputs if o.kind is not OutputKind.RECYCLED]


def product_share(process: Process) -> Fraction:
    """The share of the burdens that the reference product of the process carries."""
    return next(
        share
        for output, share in zip(process.outputs, allocation_shares(process), strict=True)
        if output.kind is OutputKind.PRODUCT
    )


def allocation_key(process: Process) -> str:
    """The name under which `Output.properties` hold the values of the method chosen."""
    by_property = process.allocation is Allocation.PROPERTY
    return process.allocation_property if by_property else process.allocation.value


def allocation_value(process: Process, output: Output) -> Decimal | None:
    """What the method chosen multiplies an amount by, or None. Raises AllocationImpossible where it has two."""
    key = allocation_key(process)
    given = {p.value for p in output.properties if p.name == key} | {output.allocation_value} - {None}
    if len(given) > 1:
        raise _impossible(process, output, "有两个不同的分配参数", "two different values are given")
    return next(iter(given), None)


def avoided_inputs(process: Process) -> tuple[Input, ...]:
    """What the co-products of a process displace, as inputs *not* taken; nothing unless it allocates by substitution.

    credit = - amount of co-product x ratio x footprint of the displaced product. ISO 14067:2018 6.4.6.2 a).
    """
    if process.allocation is not Allocation.SUBSTITUTION:
        return ()
    return tuple(
        Input(
            output.name,
            InputKind.ENERGY if output.quantity.unit.dimension == "energy" else InputKind.MATERIAL,
            Quantity(output.quantity.amount * displaced.ratio, output.quantity.unit),
            process.stage,
            factor=displaced.factor,
            provider=displaced.provider,
            data_kind=output.data_kind,
            place=output.place,
        )
        for output in process.outputs
        if output.kind is OutputKind.COPRODUCT and (displaced := output.displaces)
    )


def _weight(process: Process, output: Output) -> Fraction:
    method, value = process.allocation, allocation_value(process, output)
    dimension = output.quantity.unit.dimension
    if method in {Allocation.MASS, *_FRACTIONS} and dimension != "mass":
        raise _impossible(process, output, "这种分配方法需要质量单位", "this method needs a unit of mass")
    if method is Allocation.MASS:
        return Fraction(output.quantity.to(UNITS["kg"]).amount)
    if method is Allocation.ENERGY and value is None and dimension == "energy":
        return Fraction(output.quantity.to(UNITS["MJ"]).amount)
    if value is None or not value.is_finite() or value < 0:
        due = _BY[method]
        raise _impossible(process, output, f"需要非负的{due.zh}", f"a {due.en} that is not negative is due")
    if method in _FRACTIONS:
        if value > 1:
            due = _BY[method]
            raise _impossible(process, output, f"的{due.zh}为 {value}，应在 0 与 1 之间", f"the {due.en} is {value}")
        return Fraction(output.quantity.to(UNITS["kg"]).amount) * Fraction(value)
    return Fraction(output.quantity.amount) * Fraction(value)


def _check_displaced(process: Process, output: Output) -> None:
    if output.kind is not OutputKind.COPRODUCT:
        return
    if output.displaces is None:
        raise _impossible(process, output, "没有写明替代什么产品", "it does not say which product it displaces")
    if not output.displaces.ratio.is_finite() or output.displaces.ratio < 0:
        ratio = output.displaces.ratio
        raise _impossible(process, output, f"的替代比 {ratio} 应为非负数", f"its ratio {ratio} must not be negative")


def _impossible(process: Process, output: Output, zh: str, en: str) -> AllocationImpossible:
    return AllocationImpossible(
        output.place or f"{process.name} · {output.name}",
        f"过程“{process.name}”无法分配：产出“{output.name}”{zh}。请补充或更换分配方法。",
        f'Process "{process.name}" cannot be allocated: output "{output.name}": {en}. Give it, or change the method.',
    )
