"""One row of a factor table as a factor: each cell read by what its column means."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from decimal import Decimal

from tanbiao.formats.cells import shown
from tanbiao.formats.datasets.factor_table.columns import Columns
from tanbiao.formats.datasets.factor_table.numbers import is_converted, number, years
from tanbiao.formats.tables import neutral
from tanbiao.formats.vocabulary import find, matching
from tanbiao.lca.datasets.boundaries import scope_said
from tanbiao.lca.datasets.factor_units import FactorUnit, NotAFactorUnit, factor_unit, gas_named
from tanbiao.lca.datasets.records import FactorRecord
from tanbiao.lca.datasets.regions import region_code
from tanbiao.lca.datasets.report import Report
from tanbiao.lca.model import FactorKind, GasClass, GasScope, LifeCycleScope
from tanbiao.lca.vocabulary import words_for

# A value under one of these headers is a sum of all gases even where its unit says "kg/kg".
_FOOTPRINT = {
    matching(h) for h in ("碳足迹", "碳足迹值", "碳足迹数值", "碳足迹因子", "carbon footprint", "pcf", "footprint")
}
_NOT_KEPT = "此行未保存。"


class FactorRow:
    """A row by column; `place` names a cell by its position in the row."""

    def __init__(self, columns: Columns, line: Sequence[str], place: Callable[[int], str]):
        self._columns, self._line, self._place_at = columns, line, place

    def _text(self, column: str) -> str:
        return self._cell(self._columns.at.get(column, len(self._line)))

    def _cell(self, position: int) -> str:
        """A cell as text; the apostrophe that keeps a formula from running is not part of it."""
        cell = self._line[position].strip() if position < len(self._line) else ""
        return cell[1:] if cell.startswith("'") and neutral(cell[1:]) == cell else cell

    def _place(self, column: str) -> str:
        return self._place_at(self._columns.at.get(column, self._columns.at["value"]))

    def record(self, report: Report) -> FactorRecord | None:
        """The factor; None, and a refusal with its cell, where the row does not say one."""
        name, written = self._text("name"), self._text("value")
        for column, cell, zh, en in (("name", name, "名称", "name"), ("value", written, "因子值", "value")):
            if not cell:
                place = self._place(column)
                report.refuse("empty_cell", place, f"{zh}为空，{_NOT_KEPT}", f"the {en} is empty; the row is left out.")
                return None
        value = number(written)
        if value is None or (self._columns.decimal_commas and "," in written):
            report.refuse(
                "not_a_number",
                self._place("value"),
                f"“{shown(written)}”不是明确的数字，{_NOT_KEPT}请一格只写一个数，用小数点书写。",
                f'"{shown(written)}" is no plain number; the row is left out. Write one number, with a decimal point.',
            )
            return None
        if is_converted(written):
            place = self._place("value")
            report.note("number_converted", place, f"“{written}”读作 {value:f}。", f'"{written}" is read as {value:f}.')
        unit = self._unit(report)
        return self._factor(name, value, unit, report) if unit else None

    def _unit(self, report: Report) -> FactorUnit | None:
        written = self._text("unit") or self._columns.header_unit
        try:
            found = factor_unit(written, self._text("per"))
        except NotAFactorUnit as error:
            zh, en = shown(error.text.zh), shown(error.text.en)
            report.refuse("not_a_factor_unit", self._place("unit"), f"{zh}{_NOT_KEPT}", f"{en} The row is left out.")
            return None
        if self._text("unit") and self._header_says_other(found):
            header = self._columns.header_unit
            report.refuse(
                "units_contradict",
                self._place("unit"),
                f"“{shown(written)}”与因子值列标题中的“{shown(header)}”不一致，{_NOT_KEPT}请只写一处。",
                f'"{shown(written)}" is not what the header of the value says, "{shown(header)}"; the row is left out. '
                "Say it in one place.",
            )
            return None
        gas = found.gas or gas_named(self._text("gas")) or gas_named(self._columns.header_unit)
        if not gas and self._columns.value_header in _FOOTPRINT:
            gas = "CO2e"
            report.note(
                "gas_assumed",
                self._place("unit"),
                f"“{shown(written)}”没有写明气体；列名为碳足迹，按 CO2e 读取。",
                f'"{shown(written)}" names no gas; read as CO2e, since the column holds carbon footprints.',
            )
        if not gas:
            report.refuse(
                "gas_not_said",
                self._place("unit"),
                f"“{shown(written)}”没有写明气体（CO2 还是 CO2e？），{_NOT_KEPT}",
                f'"{shown(written)}" does not name the gas (CO2 or CO2e?); the row is left out.',
            )
            return None
        return FactorUnit(gas, found.kg, found.unit)

    def _header_says_other(self, found: FactorUnit) -> bool:
        try:
            header = factor_unit(self._columns.header_unit, self._text("per"))
        except NotAFactorUnit:
            return False  # nothing, or a gas alone
        gases = {found.gas, header.gas} - {""}
        size = (header.kg / header.unit.factor, header.unit.dimension)
        return len(gases) > 1 or size != (found.kg / found.unit.factor, found.unit.dimension)

    def _factor(self, name: str, value: Decimal, unit: FactorUnit, report: Report) -> FactorRecord:
        first, last = years(self._text("year"))
        boundary = self._text("boundary")
        scope = find(LifeCycleScope, self._text("life_cycle_scope")) or scope_said(boundary)
        english = self._text("name_en")
        given = f"{self._text('value')} {self._text('unit') or self._columns.header_unit}".strip()
        per = self._text("per")
        return FactorRecord(
            id=self._text("id") or "row-" + hashlib.sha256("\x1f".join(self._line).encode()).hexdigest()[:12],
            names={"zh": name, "en": english} if english else {"zh": name},
            value=float(value * unit.kg),
            unit=unit.unit.symbol,
            given=f"{given} / {per}" if per else given,
            kind=self._kind(name, unit, scope, report),
            gas=unit.gas,
            gas_class=(find(GasClass, self._text("gas_class")) or GasClass.FOSSIL).value,
            gas_scope=self._gas_scope(unit.gas),
            life_cycle_scope=scope.value if scope else "",
            boundary=boundary,
            region=region_code(self._text("region")),
            year=last,
            year_from=first if first != last else None,
            gwp_set=self._text("gwp_set").upper().removeprefix("IPCC").strip(),
            technology=self._text("technology"),
            provider=self._text("provider"),
            source=self._text("source"),
            document=self._text("document"),
            category=tuple(part for part in map(str.strip, self._text("category").split("/")) if part),
            confidence=self._text("confidence"),
            use_instead=self._text("use_instead"),
            quality=self._text("quality"),
            documentation=self._words(),
            place=self._place("value"),
        )

    def _gas_scope(self, gas: str) -> str:
        """As the table says it, by its own column or the gas it labels the row with; else as the unit says."""
        said = find(GasScope, self._text("gas_scope"))
        labelled = gas_named(self._text("gas")) or gas
        by_gas = {"CO2e": GasScope.ALL_GHG, "CO2": GasScope.CO2_ONLY}
        return (said or by_gas.get(labelled) or "") and str(said or by_gas[labelled])

    def _kind(self, name: str, unit: FactorUnit, scope: LifeCycleScope | None, report: Report) -> str:
        stated = find(FactorKind, self._text("kind"))
        kind = stated or kind_said(name, unit, scope)
        if kind and not stated:
            words = words_for(kind)
            report.note(
                "kind_assumed",
                self._place("name"),
                f"没有写因子类型；按名称、单位和边界作“{words.zh}”。",
                f'the kind of factor is not said; by name, unit and boundary it is taken as "{words.en}".',
            )
        return kind.value if kind else ""

    def _words(self) -> dict[str, str]:
        """The cells of unknown columns, by header."""
        return {header: self._cell(at) for at, header in self._columns.kept.items() if self._cell(at)}


def kind_said(name: str, unit: FactorUnit, scope: LifeCycleScope | None) -> FactorKind | None:
    """The kind that the words of a name leave no doubt of; None where they do."""
    said, dimension = matching(name), unit.unit.dimension
    if dimension == "transport":
        return FactorKind.TRANSPORT
    if any(word in said for word in ("燃烧", "combustion")):
        return FactorKind.FUEL_COMBUSTION
    if any(word in said for word in ("上游", "well-to-tank", "upstream")):
        return FactorKind.FUEL_UPSTREAM
    if dimension == "energy" and any(word in said for word in ("输配电", "transmission")):
        return FactorKind.TRANSMISSION
    if dimension == "energy" and any(word in said for word in ("热力", "蒸汽", "heat", "steam")):
        return FactorKind.HEAT
    if dimension == "energy" and any(word in said for word in ("电力", "发电", "电网", "electricity", "power", "grid")):
        return FactorKind.GRID_CO2 if unit.gas == "CO2" else FactorKind.ELECTRICITY_FOOTPRINT
    if dimension == "mass" and scope is LifeCycleScope.CRADLE_TO_GATE:
        return FactorKind.MATERIAL
    return None
