"""The factors that the rows of a workbook name: the enterprise's own, from their sheet, and those of a library."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from decimal import Decimal

from tanbiao.formats.cells import Findings, Row, closest
from tanbiao.formats.starter import Library
from tanbiao.formats.vocabulary import matching
from tanbiao.lca.gases.gwp import GwpSet
from tanbiao.lca.model import Emission, Factor, FactorKind, GasClass, GasScope, LifeCycleScope
from tanbiao.lca.units import Quantity, unit
from tanbiao.words import TanbiaoError, Text


class FactorNames:
    """Look-up of factors by name. `used`: those that were asked for, by id; `gwp` must know the gases of own ones."""

    def __init__(self, rows: Iterable[Row], library: Library, findings: Findings, gwp: GwpSet):
        self.library = library
        self._gwp = gwp
        self.used: dict[str, Factor] = {}
        self._findings = findings
        self._faulty: set[str] = set()  # names of own factors whose row could not be read
        self._own: dict[str, Factor] = {}
        for row in rows:
            self._enter(row)

    def named(self, row: Row, key: str) -> Factor | None:
        """The factor that a cell names; None where it names none, or one that is not there (which is then noted)."""
        typed = row.text(key)
        if not typed:
            return None
        factor = self._own.get(matching(typed)) or self.library.by_name(typed)
        if factor is None and matching(typed) in self._faulty:
            return None  # its own row says what is wrong
        if factor is None:
            near = closest(typed, [f.name.zh for f in (*self._own.values(), *self.library.values())])
            self._findings.refuse(
                row.place_of(key),
                f"没有因子“{typed}”。"
                + (f"是否指：{'；'.join(near)}？" if near else "请从列表选择，或填入“自有因子”表。"),
                f'there is no factor "{typed}". '
                + (
                    f"Did you mean: {'; '.join(near)}?" if near else "Choose one, or enter it on the Own factors sheet."
                ),
            )
            return None
        self.used[factor.id] = factor
        return factor

    def _enter(self, row: Row) -> None:
        """One row of the Own factors sheet; several rows of one name are several gases of one factor."""
        factor = self._read(row)
        if factor is None:
            if (name := row.cells.get("name")) and isinstance(name.value, str):
                self._faulty.add(matching(name.value))
            return
        key = matching(factor.name.zh)
        before = self._own.get(key)
        if self.library.by_name(factor.name.zh):
            self._findings.refuse(
                row.place_of("name"),
                f"“{factor.name.zh}”是起始库中因子的名称，请另取名称。",
                f'"{factor.name.zh}" is the name of a factor of the starter library; choose another.',
            )
        elif before is None:
            self._own[key] = factor
        elif dataclasses.replace(before, emissions=factor.emissions) == factor:
            self._own[key] = dataclasses.replace(before, emissions=(*before.emissions, *factor.emissions))
        else:
            self._findings.refuse(
                row.place_of("name"),
                f"因子“{factor.name.zh}”的各行除数值、物质和气体类别外应完全相同。",
                f'the rows of factor "{factor.name.zh}" must agree in all but value, substance and gas class.',
            )

    def _read(self, row: Row) -> Factor | None:
        name, per = row.text("name"), row.unit("unit")
        released = released_gas(row, name, row.number("value"), "kg", self._gwp)
        kind, gases = row.choice("kind", FactorKind), row.choice("gas_scope", GasScope)
        scope, year = row.choice("life_cycle_scope", LifeCycleScope), row.year("year")
        gwp, region, source = row.text("gwp_set"), row.text("region"), row.text("source")
        if gwp not in ("", "AR5", "AR6"):
            self._findings.refuse(
                row.place_of("gwp_set"), f"GWP 集“{gwp}”应为 AR5 或 AR6。", f'the GWP set "{gwp}" is to be AR5 or AR6.'
            )
        if released and released.substance == "CO2e" and not gwp:
            self._findings.refuse(
                row.place_of("gwp_set"),
                "以 CO2e 给出的因子必须写明 GWP 集（AR5 或 AR6）。",
                "a factor given as CO2e must say its GWP set (AR5 or AR6).",
            )
        if not name or not (per and released and kind and gases and scope and year):
            return None
        return Factor(
            id=f"own:{name}",
            name=Text(name, row.text("name_en") or name),
            unit=per,
            emissions=(released,),
            kind=kind,
            gas_scope=gases,
            life_cycle_scope=scope,
            region=region,
            year=year,
            source=source,
            document=row.text("document"),
            gwp_set=gwp,
            confidence=row.text("confidence"),
            own=True,
        )


def released_gas(row: Row, name: str, amount: Decimal | None, mass: str, gwp: GwpSet) -> Emission | None:
    """The gas that a row of Emissions or Own factors names, in a unit of mass; None where the row does not say it.

    A substance that `gwp` does not know is noted.
    """
    substance, gas_class = row.text("substance"), row.choice("gas_class", GasClass)
    if not substance or gas_class is None:
        return None
    try:
        gwp.of(substance, gas_class)
    except TanbiaoError as error:
        row.findings.refuse(row.place_of("substance"), error.text.zh, error.text.en)
        return None
    if amount is None:
        return None
    return Emission(substance, gas_class, Quantity(amount, unit(mass)), name, place=row.place)
