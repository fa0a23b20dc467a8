"""Clauses on balances: mass in and out of a process, what processes hand to each other, and how far materials came."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from tanbiao.lca.model import Input, InputKind, Process
from tanbiao.lca.units import UNITS, Quantity
from tanbiao.rules.clauses.base import Clause
from tanbiao.rules.finding import Finding
from tanbiao.rules.sections import Code, Parameter, Share
from tanbiao.rules.study import Study, label, listed, percent
from tanbiao.words import Text


class MassBalanceWithin(Clause):
    """Of each process, mass in and mass out differ by no more than the tolerance (ISO 14067:2018 6.4.3).

    In: material inputs, own products and returned scrap included. Out: products, co-products, recycled residues, and
    waste handed over. Only rows given as mass count: gases drawn in or given off are within the tolerance.
    difference = |in - out| / max(in, out)

    gain  the tolerance where more comes out than went in: losses are common, a yield above 100 % is not
    """

    kind: Literal["mass-balance"]
    tolerance: Share
    gain: Share

    def check(self, study: Study) -> Finding:
        balances = {process: mass_balance(process) for process in study.system.processes}
        limit = f"≤ {percent(float(self.tolerance.value))}, +{percent(float(self.gain.value))}"
        one_sided = [p for p, (taken, given) in balances.items() if (taken == 0) != (given == 0)]
        differences = {p: abs(i - o) / max(i, o) for p, (i, o) in balances.items() if i and o}
        value = percent(float(max(differences.values()))) if differences else "—"
        if open_ones := [p for p, difference in differences.items() if difference > self._most(*balances[p])]:
            said = listed(_in_and_out(p, *balances[p]) for p in open_ones)
            return self.failed(
                Text(f"物料不平衡：{said.zh}。", f"Mass does not balance: {said.en}."),
                Text(
                    "检查漏记或重复的投入、产出、废物和单位。",
                    "Look for inputs, outputs or waste forgotten or counted twice, and for wrong units.",
                ),
                value=value,
                limit=limit,
                rows=open_ones,
            )
        if one_sided or not differences:
            named = listed(p.name for p in one_sided or balances)
            return self.to_judge(
                Text(
                    f"这些过程的投入和产出没有都以质量给出，无法做物料平衡：{named.zh}。",
                    f"Input and output are not both given as mass, so no balance can be made: {named.en}.",
                ),
                Text("请人工核对其物料平衡。", "Check their material balance by hand."),
                value=value,
                limit=limit,
                rows=one_sided,
            )
        named = listed(f"{p.name} {percent(float(d))}" for p, d in differences.items())
        return self.passed(
            Text(f"各过程物料差：{named.zh}。", f"Difference by process: {named.en}."), value=value, limit=limit
        )

    def _most(self, mass_in: Decimal, mass_out: Decimal) -> Decimal:
        return self.gain.value if mass_out > mass_in else self.tolerance.value


def mass_balance(process: Process) -> tuple[Decimal, Decimal]:
    """Mass in and mass out of a process over its period, in kg."""
    taken = (row.quantity for row in process.inputs if row.kind is InputKind.MATERIAL)
    handed_over = (row.quantity for row in process.inputs if row.kind is InputKind.WASTE_TREATMENT)
    return _kilograms(taken), _kilograms(q for q in (*(o.quantity for o in process.outputs), *handed_over))


def _kilograms(quantities: Iterable[Quantity]) -> Decimal:
    return sum((q.amount * q.unit.factor for q in quantities if q.unit.dimension == "mass"), Decimal(0))


def _in_and_out(process: Process, mass_in: Decimal, mass_out: Decimal) -> str:
    return f"{process.name}: {mass_in / 1000:.6g} t → {mass_out / 1000:.6g} t"


class IntermediatesBalance(Clause):
    """Of each process, what it makes is taken by others: a difference above the tolerance is put to a person.

    Burdens are shared over all that a process makes, so output that goes nowhere lightens the product, and a process
    of which nothing is taken has no part in it (ISO 14067:2018 6.4.3). The process of the product itself is left out:
    what it makes beyond the declared unit is sold.
    """

    kind: Literal["intermediate-balance"]
    tolerance: Share

    def check(self, study: Study) -> Finding:
        limit = f"≤ {percent(float(self.tolerance.value))}"
        inner = [p for p in study.system.processes if p.id != study.system.product.process]
        balances = {p: (p.product.quantity, _taken(study, p)) for p in inner}
        differences = {p: abs(m.amount - t.amount) / max(m.amount, t.amount) for p, (m, t) in balances.items()}
        value = percent(float(max(differences.values(), default=Decimal(0))))
        if apart := [p for p, difference in differences.items() if difference > self.tolerance.value]:
            said = listed(_made_and_taken(p, *balances[p]) for p in apart)
            return self.to_judge(
                Text(f"过程的产量与其他过程的取用量不符：{said.zh}。", f"Made and taken do not agree: {said.en}."),
                Text(
                    "查明差额的去向：外售、库存、漏记的取用；没有供给产品的过程不能作为依据。",
                    "Find where the difference went: sold, in stock, a use forgotten. A process that does not feed "
                    "the product proves nothing.",
                ),
                value=value,
                limit=limit,
                rows=apart,
            )
        return self.passed(
            Text("各过程的产量均为其他过程取用。", "What each process makes is taken by others."),
            value=value,
            limit=limit,
        )


def _taken(study: Study, maker: Process) -> Quantity:
    """How much of a process's product all processes take, in the unit it is made in."""
    unit = maker.product.quantity.unit
    rows = (row.quantity.to(unit).amount for _, row in study.inputs() if row.provider == maker.id)
    return Quantity(sum(rows, Decimal(0)), unit)


def _made_and_taken(process: Process, made: Quantity, taken: Quantity) -> Text:
    name, unit = label(process), made.unit.symbol
    return Text(
        f"{name}：产 {made.amount:f} {unit}，取用 {taken.amount:f} {unit}",
        f"{name}: made {made.amount:f} {unit}, taken {taken.amount:f} {unit}",
    )


class InboundHaulAtLeast(Clause):
    """Transport of materials covers the main ones: a mean haul shorter than the rule expects is put to a person.

    mean haul = transport work of the rows of `items` / mass of the materials bought (those with a supply factor). A
    study that counts the transport of one minor material alone has a haul that no supplier is near enough for.
    ISO 14067:2018 6.4.2.
    """

    kind: Literal["inbound-haul"]
    items: Annotated[tuple[Code, ...], Field(min_length=1)]
    least_km: Parameter

    @property
    def item_codes(self) -> tuple[str, ...]:
        return self.items

    def check(self, study: Study) -> Finding:
        limit = f"≥ {self.least_km.value} km"
        fed = [row for process, row in study.inputs() if process.id in study.feeding]
        bought = [row for row in fed if row.kind is InputKind.MATERIAL and row.factor and _tonnes(row)]
        carried = [row for row in fed if row.kind is InputKind.TRANSPORT and row.item in self.items]
        mass = sum((_tonnes(row) for row in bought), Decimal(0))
        work = sum((row.quantity.to(UNITS["t·km"]).amount for row in carried), Decimal(0))
        haul = work / mass if mass else Decimal(0)
        value = f"{haul:.4g} km"
        said = Text(
            f"外购原料 {mass:,.0f} t，运入 {work:,.0f} t·km，平均 {value}。",
            f"Materials bought {mass:,.0f} t, inbound {work:,.0f} t·km, {value} on average.",
        )
        if haul >= self.least_km.value:
            return self.passed(said, value=value, limit=limit)
        most = sorted(bought, key=_tonnes, reverse=True)
        named = listed((f"{label(row)} {_tonnes(row):,.0f} t" for row in most), most=6)
        carriers = listed(label(row) for row in carried)
        return self.to_judge(
            Text(
                f"{said.zh}原料：{named.zh or '无'}；运输行：{carriers.zh or '无'}。",
                f"{said.en} Materials: {named.en or 'none'}; transport rows: {carriers.en or 'none'}.",
            ),
            Text(
                "核对主要原料是否都有运输行；由供应因子包含运输的，请说明。",
                "See whether the main materials all have a transport row; say where a supply factor includes it.",
            ),
            value=value,
            limit=limit,
            rows=(*most, *carried),
        )


def _tonnes(row: Input) -> Decimal:
    return row.quantity.to(UNITS["t"]).amount if row.quantity.unit.dimension == "mass" else Decimal(0)
