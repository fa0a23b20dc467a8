"""Unit groups and flow properties for what is written: each flow's unit is the reference unit of a group of its own.

An exchange in another unit is given as it was: the unit joins the group where it is of the same kind, else it is one of
a further property of the flow. Where openLCA knows unit, group and property itself, its own ids are used.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import olca_schema as o
from olca_schema import units as known

from tanbiao.formats.datasets.openlca.parts import made_id, refer
from tanbiao.formats.datasets.openlca.units import STANDARD
from tanbiao.lca.datasets.records import ExchangeRecord, FlowRecord
from tanbiao.lca.datasets.source_units import in_base

_OWN = frozenset(STANDARD.values())  # units that are the reference of a group of openLCA


class UnitWriter:
    def __init__(self) -> None:
        self._groups: dict[str, dict[str, float]] = {}  # reference unit -> unit -> factor
        self._quantities: dict[tuple[str, str], str] = {}  # (name, reference unit) -> id
        self._further: dict[str, dict[str, tuple[float, str]]] = {}  # flow -> quantity -> (amount, unit)

    def of_exchange(self, flow: FlowRecord, e: ExchangeRecord) -> tuple[o.Ref, o.Ref]:
        """The unit and the flow property of an exchange."""
        unit = e.unit or flow.unit
        if e.counted_in:
            self._group(e.counted_in).setdefault(unit, e.factor)
            return self._unit(e.counted_in, unit), self._quantity(f"Counted in {e.counted_in}", e.counted_in)
        if _is_usual(unit, flow.unit, e.factor) and self._group(flow.unit).setdefault(unit, e.factor) == e.factor:
            return self._unit(flow.unit, unit), self.reference(flow.unit)
        further = self._further.setdefault(flow.id, dict(flow.properties))
        for name, (amount, other) in further.items():
            factor = e.factor * amount
            if amount <= 0 or not _is_usual(unit, other, factor):
                continue
            if math.isclose(self._group(other).setdefault(unit, factor), factor, rel_tol=1e-12):
                return self._unit(other, unit), self._quantity(name, other)
        name = unit if unit not in further else f"{unit} = {e.factor!r} {flow.unit}"
        further[name] = 1 / e.factor, unit
        return self._unit(unit, unit), self._quantity(name, unit)

    def plain(self, unit: str) -> tuple[o.Ref, o.Ref]:
        """A unit as the reference of its own group, with the property that is counted in it."""
        return self._unit(unit, unit), self.reference(unit)

    def of_flow(self, flow: FlowRecord) -> list[o.FlowPropertyFactor]:
        further = self._further.get(flow.id, flow.properties)
        return [
            o.FlowPropertyFactor(1.0, self.reference(flow.unit), True),
            *(o.FlowPropertyFactor(a, self._quantity(name, unit), False) for name, (a, unit) in further.items()),
        ]

    def reference(self, unit: str) -> o.Ref:
        """The flow property that is counted in a unit."""
        if own := known.property_ref(unit) if unit in _OWN else None:
            self._quantities[own.name or "", unit] = own.id or ""
            self._group(unit)
            return own
        return self._quantity(f"Quantity in {unit}", unit)

    def written(self) -> Iterator[o.UnitGroup | o.FlowProperty]:
        """Everything that has been referred to."""
        for (name, unit), id in sorted(self._quantities.items()):
            yield o.FlowProperty(
                id=id,
                name=name,
                flow_property_type=o.FlowPropertyType.PHYSICAL_QUANTITY,
                unit_group=self._group_ref(unit),
                version="",
                last_change="",
            )
        for reference, units in sorted(self._groups.items()):
            group = self._group_ref(reference)
            listed = [
                o.Unit(id=self._unit(reference, name).id, name=name, conversion_factor=f, is_ref_unit=name == reference)
                for name, f in sorted(units.items())
            ]
            yield o.UnitGroup(id=group.id, name=group.name, units=listed, version="", last_change="")

    def _group(self, reference: str) -> dict[str, float]:
        return self._groups.setdefault(reference, {reference: 1.0})

    def _group_ref(self, reference: str) -> o.Ref:
        own = known.group_ref(reference) if reference in _OWN else None
        name = f"Units of {reference}"
        return own or refer(o.RefType.UnitGroup, made_id("unit group", reference), name)

    def _unit(self, reference: str, unit: str) -> o.Ref:
        self._group(reference)
        own = known.unit_ref(unit) if reference in _OWN else None
        return own or refer(o.RefType.Unit, made_id("unit", f"{reference} {unit}"), unit)

    def _quantity(self, name: str, unit: str) -> o.Ref:
        self._group(unit)
        id = self._quantities.setdefault((name, unit), made_id("flow property", f"{name} {unit}"))
        return refer(o.RefType.FlowProperty, id, name)


def _is_usual(unit: str, other: str, factor: float) -> bool:
    """Whether one unit is `factor` others wherever it is used, so that it may join the group of the other."""
    mine, theirs = in_base(unit), in_base(other)
    if unit == other or mine is None or theirs is None:
        return unit == other and math.isclose(factor, 1.0, rel_tol=1e-12)
    return mine[0] == theirs[0] and math.isclose(factor, mine[1] / theirs[1], rel_tol=1e-12)
