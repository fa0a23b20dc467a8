"""Allocation: how a process with several products shares its burdens (ISO 14067:2018 6.4.6; GB/T 24067-2024 6.4.6)."""

from __future__ import annotations

from fractions import Fraction

from tanbiao.lca.faults import AllocationImpossible, AllocationNeeded
from tanbiao.lca.model import Allocation, Output, OutputKind, Process
from tanbiao.lca.units import UNITS
from tanbiao.words import Text

_BY: dict[Allocation, Text] = {
    Allocation.ENERGY: Text("热值（MJ/单位）", "heating value (MJ per unit)"),
    Allocation.ECONOMIC: Text("价格（元/单位）", "price (per unit)"),
    Allocation.PROPERTY: Text("分配属性（每单位）", "property (per unit)"),
}


def allocation_shares(process: Process) -> tuple[Fraction, ...]:
    """The share of the burdens of a process that each of its outputs carries, in the order of `process.outputs`.

    a_i = m_i p_i / sum_j m_j p_j over product and co-products, with m the amount and p = 1 (mass), the heating value
    (energy), the price (economic: an average of one to three years or more) or a property given per unit of amount.
    Shares are exact fractions and sum to exactly one; recycled residues carry nothing (recycled-content approach).
    ISO 14067:2018 6.4.6.2. Raises AllocationNeeded where a method is missing, AllocationImpossible where values are.
    """
    sharing = [o for o in process.outputs if o.kind is not OutputKind.RECYCLED]
    if len(sharing) == 1:
        return tuple(Fraction(o.kind is OutputKind.PRODUCT) for o in process.outputs)
    if process.allocation is Allocation.NONE:
        names = "、".join(o.name for o in sharing)
        raise AllocationNeeded(
            process.place or process.name,
            f"过程“{process.name}”有多个产品（{names}），但没有选择分配方法。"
            "请选择质量、能量、经济价值或属性分配；无负荷转出的残余物请标为“回收利用”。",
            f'Process "{process.name}" has several products ({names}) but no allocation method. '
            "Choose mass, energy, economic or property; mark residues given away without burden as recycled.",
        )
    weights = [Fraction(0) if o.kind is OutputKind.RECYCLED else _weight(process, o) for o in process.outputs]
    if not sum(weights):
        raise _impossible(process, sharing[0], "各产品的分配值之和为零", "the allocation values sum to zero")
    return tuple(w / sum(weights) for w in weights)


def product_share(process: Process) -> Fraction:
    """The share of the burdens that the reference product of the process carries."""
    return next(
        share
        for output, share in zip(process.outputs, allocation_shares(process), strict=True)
        if output.kind is OutputKind.PRODUCT
    )


def _weight(process: Process, output: Output) -> Fraction:
    method, value = process.allocation, output.allocation_value
    dimension = output.quantity.unit.dimension
    if method is Allocation.MASS:
        if dimension != "mass":
            raise _impossible(process, output, "按质量分配需要质量单位", "allocation by mass needs a unit of mass")
        return Fraction(output.quantity.to(UNITS["kg"]).amount)
    if method is Allocation.ENERGY and value is None and dimension == "energy":
        return Fraction(output.quantity.to(UNITS["MJ"]).amount)
    if value is None or not value.is_finite() or value < 0:
        due = _BY[method]
        raise _impossible(process, output, f"需要非负的{due.zh}", f"a {due.en} that is not negative is due")
    return Fraction(output.quantity.amount) * Fraction(value)


def _impossible(process: Process, output: Output, zh: str, en: str) -> AllocationImpossible:
    return AllocationImpossible(
        output.place or f"{process.name} · {output.name}",
        f"过程“{process.name}”无法分配：产出“{output.name}”{zh}。请补充或更换分配方法。",
        f'Process "{process.name}" cannot be allocated: output "{output.name}": {en}. Give it, or change the method.',
    )
