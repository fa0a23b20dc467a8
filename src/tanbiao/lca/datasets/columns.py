"""The exchanges of a whole database as columns: 600,000 of them in some 20 MB, while the records go by."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tanbiao.lca.datasets.records import AllocationRecord, Direction, FlowKind, FlowRecord, ProcessRecord
from tanbiao.lca.datasets.report import refused
from tanbiao.lca.datasets.source_units import in_base
from tanbiao.words import Text

IN, REFERENCE, AVOIDED = 1, 2, 4  # bits of `flags`
KINDS = (FlowKind.UNKNOWN, FlowKind.PRODUCT, FlowKind.WASTE, FlowKind.ELEMENTARY)
_CODE = {kind: code for code, kind in enumerate(KINDS)}


class Interned:
    """Texts as numbers, in the order they were first met."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        return self.index.setdefault(text, len(self.index))

    def __len__(self) -> int:
        return len(self.index)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self.index)


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """What compiling needs of a flow; mass in kg and energy in MJ of one unit, nan where unknown."""

    name: Text
    kind: FlowKind
    unit: str
    category: tuple[str, ...] = ()
    cas: str = ""
    mass: float = np.nan
    energy: float = np.nan

    def counted_in(self, unit: str) -> FlowFacts:
        """The same flow where it is counted in a unit of another kind."""
        measures = [(1.0, unit)]
        return replace(self, unit=unit, mass=_measure(measures, "kg"), energy=_measure(measures, "MJ"))

    @classmethod
    def of(cls, flow: FlowRecord) -> FlowFacts:
        measures = [(1.0, flow.unit), *(p for name, p in flow.properties.items() if "dry" not in name.lower())]
        return cls(
            flow.text, flow.kind, flow.unit, flow.category, flow.cas, _measure(measures, "kg"), _measure(measures, "MJ")
        )


def _measure(measures: Iterable[tuple[float, str]], base: str) -> float:
    """The first of these amounts that is in units of this base."""
    for amount, unit in measures:
        found = in_base(unit)
        if found is not None and found[0] == base:
            return amount * found[1]
    return np.nan


@dataclass(slots=True)
class Shared:
    """How a data set says it shares its burdens: method -> flow of the product -> share; causal ones by exchange."""

    default: str
    shares: dict[str, dict[int, float]] = field(default_factory=dict)
    causal: dict[int, dict[int, float]] = field(default_factory=dict)  # flow of the product -> exchange -> share


class Columns:
    """Filled record by record; arrays afterwards."""

    def __init__(self) -> None:
        self.flows, self.processes, self.units, self.providers = Interned(), Interned(), Interned(), Interned()
        self.facts: dict[int, FlowFacts] = {}
        self.process_names: list[Text] = []
        self.provider_names: dict[int, str] = {}
        self.shared: dict[int, Shared] = {}
        self._start = array("q", [0])
        self._flow, self._provider, self._unit = array("i"), array("i"), array("i")
        self._counted_in, self._kind = array("i"), array("b")
        self._amount, self._flags = array("d"), array("B")

    def add_flow(self, flow: FlowRecord) -> None:
        self.facts[self.flows(flow.id)] = FlowFacts.of(flow)

    def add_process(self, process: ProcessRecord) -> None:
        """Raises SourceRefused for an id that is there already."""
        if process.id in self.processes.index:
            raise refused(
                process.place,
                f"编号“{process.id}”已属于过程“{self.process_names[self.processes(process.id)].zh}”；"
                "请给每个过程自己的编号。",
                f'the id "{process.id}" already belongs to the process '
                f'"{self.process_names[self.processes(process.id)].en}"; give each process its own.',
            )
        number = self.processes(process.id)
        self.process_names.append(process.text)
        first = len(self._flow)
        for e in process.exchanges:
            if math.isinf(e.counted):
                raise refused(
                    process.place,
                    f"过程“{process.text.zh}”有数量换算后不是有限数：{e.amount:g} {e.unit}。请核对数量和单位。",
                    f'the process "{process.text.en}" has an amount that is not finite in the unit of its flow: '
                    f"{e.amount:g} {e.unit}. Check amount and unit.",
                )
            self._flow.append(self.flows(e.flow))
            self._amount.append(e.counted)
            self._unit.append(self.units(e.unit))
            self._counted_in.append(self.units(e.counted_in))
            self._kind.append(-1 if e.kind is None else _CODE[e.kind])
            self._provider.append(self.providers(e.provider) if e.provider else -1)
            if e.provider_name:
                self.provider_names.setdefault(self.providers(e.provider), e.provider_name)
            self._flags.append((e.direction == Direction.IN) * IN | e.reference * REFERENCE | e.avoided * AVOIDED)
        self._start.append(len(self._flow))
        if process.allocation:
            at: dict[str, list[int]] = {}
            for k, e in enumerate(process.exchanges):
                at.setdefault(e.internal_id, []).append(first + k)
            self.shared[number] = self._shared(process.default_allocation, process.allocation, at)

    def _shared(self, default: str, given: Iterable[AllocationRecord], at: dict[str, list[int]]) -> Shared:
        """Factors of products that are named; those of exchanges that are not there do not count."""
        shared = Shared(default)
        for a in given:
            if not a.product:
                continue
            if a.method != "causal":
                shared.shares.setdefault(a.method, {})[self.flows(a.product)] = a.share
            elif a.exchange:
                for exchange in at.get(a.exchange, ()):
                    shared.causal.setdefault(self.flows(a.product), {})[exchange] = a.share
        return shared

    def fact(self, flow: int) -> FlowFacts:
        """Of a flow whose data set is not in the source: its id, and no more."""
        known = self.facts.get(flow)
        if known is None:
            id = self.flows.texts[flow]
            known = self.facts[flow] = FlowFacts(Text(id, id), FlowKind.UNKNOWN, "")
        return known

    @property
    def flow_kind(self) -> NDArray[np.int8]:
        """(exchanges,) positions in KINDS, of the flows."""
        kinds = np.zeros(len(self.flows), dtype=np.int8)
        for flow, fact in self.facts.items():
            kinds[flow] = _CODE[fact.kind]
        return kinds[self.flow]

    @property
    def kind(self) -> NDArray[np.int8]:
        """(exchanges,) positions in KINDS: of the exchange where it says so, else of its flow."""
        own = np.array(self._kind, dtype=np.int8)
        return np.where(own >= 0, own, self.flow_kind)

    @property
    def process(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self.processes)), np.diff(np.asarray(self._start)))

    @property
    def flow(self) -> NDArray[np.int64]:
        return np.array(self._flow, dtype=np.int64)

    @property
    def amount(self) -> NDArray[np.float64]:
        return np.array(self._amount, dtype=float)

    @property
    def flags(self) -> NDArray[np.uint8]:
        return np.array(self._flags, dtype=np.uint8)

    @property
    def unit(self) -> NDArray[np.int64]:
        return np.array(self._unit, dtype=np.int64)

    @property
    def counted_in(self) -> NDArray[np.int64]:
        """(exchanges,) position in `units` of the unit it is counted in where not in that of its flow; else of ""."""
        return np.array(self._counted_in, dtype=np.int64)

    @property
    def provider(self) -> NDArray[np.int64]:
        """(exchanges,) number of the process named; -1 none, -2 one that is not in the data."""
        known = np.array([self.processes.index.get(id, -2) for id in self.providers.texts] + [-1], dtype=np.int64)
        return known[np.array(self._provider, dtype=np.int64)]

    @property
    def provider_id(self) -> NDArray[np.int64]:
        """(exchanges,) position of the id named in `providers`; -1 none."""
        return np.array(self._provider, dtype=np.int64)
