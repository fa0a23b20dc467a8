"""Subdivision: a process measured as a whole becomes the sub-processes it consists of (ISO 14067:2018 6.4.6.2 a).

What meters or records give to one part goes there; what nobody measured apart is common, and is shared among the parts
by the allocation method of the whole. Sums are preserved to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import TypeVar

from tanbiao.lca.allocation.shares import allocation_shares
from tanbiao.lca.faults import Fault, Unsplittable, WrongShare, raise_faults
from tanbiao.lca.model import Allocation, Emission, Input, Output, OutputKind, Process
from tanbiao.lca.units import Quantity

_DIGITS = 24  # to which an amount is split; the last part takes the rest exactly
_EXACT = Context(prec=120)
_Row = TypeVar("_Row", Input, Emission)


@dataclass(frozen=True, slots=True)
class Part:
    """One sub-process of a process.

    outputs  names of the outputs of the whole that leave it; exactly one of them, or `makes`, is its product
    shares   name of an input or emission of the whole -> the share of it (0..1) that belongs here
    meters   name of such a row -> the amount of it metered here, in any unit of its dimension
    makes    what it makes for other parts only (an intermediate that the whole does not show)
    takes    what it takes from other parts, by `provider`
    """

    id: str
    name: str
    outputs: tuple[str, ...] = ()
    shares: Mapping[str, Decimal | Fraction] = field(default_factory=dict)
    meters: Mapping[str, Quantity] = field(default_factory=dict)
    makes: Output | None = None
    takes: tuple[Input, ...] = ()


def subdivide(process: Process, parts: Sequence[Part]) -> tuple[Process, ...]:
    """The parts of a process as processes of their own; every row of the whole is divided among them without a rest.

    A row of the whole goes to the parts by their stated share or meter. What is left of it (all of it where nobody
    states anything) is common: each part carries what the outputs that leave it would carry of the whole, by the
    method of the whole. A part with several outputs shares its own burdens by that method again.
    The part that makes the reference product keeps the id of the process, so whoever takes from it still does. A
    co-product that leaves a part of its own becomes the product of that part.
    Raises Unsplittable, WrongShare (one or, as Problems, several), and what allocation_shares raises where something
    is common.
    """
    raise_faults(_faults(process, parts))
    stated = [_stated(process, part) for part in parts]
    raise_faults(_share_faults(process, parts, stated))
    rows = {_name(row) for row in _rows(process)}
    left = {name: 1 - sum(shares.get(name, Fraction(0)) for shares in stated) for name in rows}
    common = _common(process, parts) if any(left.values()) else [Fraction(0)] * len(parts)
    divided = [
        {name: shares.get(name, Fraction(0)) + left[name] * carried for name in rows}
        for shares, carried in zip(stated, common, strict=True)
    ]
    inputs = [_divide(row, divided) for row in process.inputs]
    emissions = [_divide(row, divided) for row in process.emissions]
    return tuple(
        replace(
            process,
            id=part.id,
            name=part.name,
            outputs=(outputs := _outputs(process, part)),
            inputs=(*(row[i] for row in inputs if row[i].quantity.amount), *part.takes),
            emissions=tuple(row[i] for row in emissions if row[i].quantity.amount),
            allocation=process.allocation if len(outputs) > 1 else Allocation.NONE,
        )
        for i, part in enumerate(parts)
    )


def _divide(row: _Row, divided: Sequence[Mapping[str, Fraction]]) -> list[_Row]:
    amounts = split(row.quantity.amount, [shares[_name(row)] for shares in divided])
    return [replace(row, quantity=Quantity(amount, row.quantity.unit)) for amount in amounts]


def split(amount: Decimal, shares: Sequence[Fraction]) -> list[Decimal]:
    """An amount in parts by shares that sum to one: to 24 digits each, and together exactly the amount."""
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int) and sum(shares) == 1
    quantum = min(exponent, amount.adjusted() - _DIGITS + 1) if amount else exponent
    parts, carried, before = [], Fraction(0), Decimal(0)
    with localcontext(_EXACT):
        for (
            share
        ) in shares:  # rounding the running sum, so that no part is off by more than one unit, and none negative
            carried += share
            until = Decimal(round(Fraction(amount) * carried / Fraction(10) ** quantum)).scaleb(quantum)
            parts.append(until - before)
            before = until
    return parts


def _name(row: Input | Emission) -> str:
    return row.name or row.substance if isinstance(row, Emission) else row.name


def _outputs(process: Process, part: Part) -> tuple[Output, ...]:
    """The reference product stays it; in a part without it, the intermediate or first co-product becomes one."""
    by_name = {o.name: o for o in process.outputs}
    own = [*([part.makes] if part.makes else []), *(by_name[name] for name in part.outputs)]
    if not any(o.kind is OutputKind.PRODUCT for o in own):
        first = next((i for i, o in enumerate(own) if o.kind is OutputKind.COPRODUCT), 0)
        own[first] = replace(own[first], kind=OutputKind.PRODUCT)
    return tuple(own)


def _stated(process: Process, part: Part) -> dict[str, Fraction]:
    metered = {name: _metered(process, name, reading) for name, reading in part.meters.items()}
    return {**{name: Fraction(share) for name, share in part.shares.items()}, **metered}


def _metered(process: Process, name: str, reading: Quantity) -> Fraction:
    """A reading over all rows of its name together."""
    rows = [row.quantity.to(reading.unit).amount for row in _rows(process) if _name(row) == name]
    whole, part = Fraction(sum(rows, Decimal(0))), Fraction(reading.amount)
    return part / whole if whole else Fraction(2 if part else 0)  # more than there is: refused


def _rows(process: Process) -> Iterable[Input | Emission]:
    return (*process.inputs, *process.emissions)


def _common(process: Process, parts: Sequence[Part]) -> list[Fraction]:
    if process.allocation is Allocation.SUBSTITUTION:
        raise Unsplittable(
            process.place or process.name,
            f"过程“{process.name}”细分后仍有共用的投入，而系统扩展无法分摊它们。请为共用部分另选分配方法，或分别计量。",
            f'Process "{process.name}" still has common inputs when subdivided, which system expansion cannot share. '
            "Choose another method for what is common, or meter it apart.",
        )
    by_name = dict(zip((o.name for o in process.outputs), allocation_shares(process), strict=True))
    return [sum((by_name[name] for name in part.outputs), Fraction(0)) for part in parts]


def _faults(process: Process, parts: Sequence[Part]) -> Iterator[Fault]:
    outputs, rows = [o.name for o in process.outputs], {_name(row) for row in _rows(process)}
    named = [name for part in parts for name in part.outputs]
    for name in dict.fromkeys([*outputs, *named]):
        if not named.count(name) == outputs.count(name) == 1:
            yield _unsplittable(
                process,
                f"产出“{name}”在过程中有 {outputs.count(name)} 个，在细分中有 {named.count(name)} 个，都应恰为一个",
                f'output "{name}" stands {outputs.count(name)} times in the process and {named.count(name)} times in '
                "its parts, and must stand once in both",
            )
    if len({part.id for part in parts}) < len(parts):
        yield _unsplittable(process, "各部分的编号重复", "two parts have the same id")
    products = {o.name for o in process.outputs if o.kind is OutputKind.PRODUCT}
    for part in parts:
        main = bool(products.intersection(part.outputs))
        if main is not (part.id == process.id):
            yield _unsplittable(
                process,
                f"主产品所在的部分（且只有它）应沿用编号“{process.id}”，请改“{part.name}”的编号",
                f'the part that makes the reference product, and only it, has the id "{process.id}": "{part.name}"',
            )
        if not (part.outputs or part.makes) or (main and part.makes):
            yield _unsplittable(
                process,
                f"部分“{part.name}”应恰有一个产品",
                f'part "{part.name}" needs exactly one product',
            )
        for name in dict.fromkeys([*part.shares, *part.meters]):
            if name not in rows or (name in part.shares and name in part.meters):
                yield _unsplittable(
                    process,
                    f"“{name}”（{part.name}）应是过程中的一行，且只写占比或只写计量值",
                    f'"{name}" ({part.name}) must be a row of the process, with either a share or a meter',
                )


def _share_faults(process: Process, parts: Sequence[Part], stated: Sequence[Mapping[str, Fraction]]) -> Iterator[Fault]:
    for name in dict.fromkeys(name for shares in stated for name in shares):
        given = [shares[name] for shares in stated if name in shares]
        if min(given) < 0 or sum(given) > 1:
            said = ", ".join(
                f"{part.name} {float(s[name]):.6g}" for part, s in zip(parts, stated, strict=True) if name in s
            )
            yield WrongShare(
                process.place or process.name,
                f"“{name}”的各部分占比（{said}）应在 0 与 1 之间，合计不超过 1。请核对占比和计量值。",
                f'The shares of "{name}" ({said}) must be between 0 and 1 and together at most 1. '
                "Check the shares and the meters.",
            )


def _unsplittable(process: Process, zh: str, en: str) -> Unsplittable:
    return Unsplittable(
        process.place or process.name,
        f"过程“{process.name}”无法这样细分：{zh}。",
        f'Process "{process.name}" cannot be subdivided so: {en}.',
    )
