"""What holds for the records of every format: they are counted, and no id stands for two different data sets."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import replace
from operator import attrgetter

from tanbiao.formats.datasets.amounts import duplicate
from tanbiao.lca.datasets.records import (
    DeclarationRecord,
    Direction,
    FactorRecord,
    FlowKind,
    FlowRecord,
    MethodRecord,
    ParameterRecord,
    ProcessRecord,
    Record,
)
from tanbiao.lca.datasets.report import Report, refused

_KINDS = {
    FlowRecord: "flow_datasets",
    ProcessRecord: "processes",
    MethodRecord: "methods",
    DeclarationRecord: "declarations",
    FactorRecord: "factors",
    ParameterRecord: "parameters",
}
_EXCHANGES = {
    FlowKind.ELEMENTARY: "elementary_exchanges",
    FlowKind.PRODUCT: "product_exchanges",
    FlowKind.WASTE: "waste_exchanges",
    FlowKind.UNKNOWN: "unknown_type",
}
_LIKE_PRODUCTS = (FlowKind.PRODUCT, FlowKind.UNKNOWN)
# What two data sets of one id must agree in to be the same. An exchange is told by what counts of it.
_EXCHANGE = attrgetter("flow", "direction", "amount", "factor", "unit", "provider", "reference", "avoided", "formula")
_CHARACTERISATION = attrgetter("flow", "flow_name", "value", "unit", "direction", "location")
_PROCESS = attrgetter(
    *("names", "comment", "location", "category", "kind", "year_from", "year_until", "version", "parameters"),
    *("allocation", "default_allocation"),
)


class Tally:
    """Counts record by record; keeps ids and fingerprints, not records."""

    def __init__(self, report: Report):
        self._report = report
        self._counts: Counter[str] = Counter()
        self._kinds: dict[str, FlowKind] = {}
        self._in_exchanges: set[str] = set()
        self._met: dict[tuple[str, str], tuple[int, str]] = {}

    def is_new(self, record: Record) -> bool:
        """Count a record; False where the very same has been read already.

        Raises SourceRefused where another data set of its kind has the same id.
        """
        kind = _KINDS[type(record)]
        if not self._is_first(kind, record):
            return False
        self._counts[kind] += 1
        if isinstance(record, FlowRecord):
            self._kinds[record.id] = record.kind
        elif isinstance(record, ProcessRecord):
            self._count_exchanges(record)
        elif isinstance(record, MethodRecord):
            self._counts["factors"] += len(record.factors)
        return True

    def finish(self) -> None:
        """Put the counts into the report. Raises SourceRefused where nothing at all was read."""
        self._counts["flows"] = len(self._in_exchanges)
        for count in ("processes", "exchanges", "methods", "factors", "declarations"):
            self._counts[count] += 0
        self._report.counts.update({key: n - self._report.counts[key] for key, n in self._counts.items()})
        if self._met or self._report.refused or self._report.facts.get("tables"):  # a table may hold no factors
            return
        if not self._report.facts.get("documents"):
            raise refused("", "里面没有数据集；请检查导出。", "no data sets found; check the export.")
        self._report.warn(
            "no_datasets",
            "",
            "没有流、过程、方法或声明，只有辅助数据（单位、项目等）。",
            "no flows, processes, methods or declarations in it, only what such data sets need (units, projects ...).",
        )

    def _is_first(self, kind: str, record: Record) -> bool:
        if isinstance(record, ParameterRecord):
            uid, place = f"{record.process} {record.name}", f"{record.process} {record.name}".strip()
        else:
            uid, place = record.id, record.place
        content = _fingerprint(record)
        if (kind, uid) not in self._met:
            self._met[kind, uid] = content, place
            return True
        before, first = self._met[kind, uid]
        if before != content:
            raise duplicate(uid, first, place)
        self._report.note(
            "repeated",
            place,
            f"数据集 {uid} 与 {first} 中的完全相同，只读一次",
            f"data set {uid} is the same as in {first}; it is read once",
        )
        return False

    def _count_exchanges(self, process: ProcessRecord) -> None:
        counts = self._counts
        counts["exchanges"] += len(process.exchanges)
        coproduct = reference = zero = False
        for e in process.exchanges:
            kind = self._kinds.get(e.flow, FlowKind.UNKNOWN)
            if e.kind and FlowKind.ELEMENTARY in (e.kind, kind):  # a product given to treatment counts as a product
                kind = e.kind
            counts[_EXCHANGES[kind]] += 1
            counts["exchanges_with_formula"] += bool(e.formula)
            self._in_exchanges.add(e.flow)
            if e.reference:
                reference = True
                zero = zero or e.amount == 0
            elif kind in _LIKE_PRODUCTS and e.direction is Direction.OUT and not e.avoided:
                coproduct = True
        counts["processes_with_coproducts"] += coproduct
        counts["without_reference"] += not reference
        counts["zero_reference"] += zero
        if not reference:
            self._report.warn(
                "no_reference",
                f"{process.place} {process.text.zh}".strip(),
                "过程没有参考流（定量参考），予以保留，但不能用于计算。",
                "the process has no reference flow; it is kept, but cannot be used in calculations.",
            )


def _fingerprint(record: Record) -> int:
    """Equal for equal content, wherever it stood; amounts by their bytes, since Python's hash takes -1 for -2."""
    if isinstance(record, ProcessRecord):
        amounts = array("d", (e.amount for e in record.exchanges)).tobytes()
        return hash((repr(_PROCESS(record)), amounts, tuple(map(_EXCHANGE, record.exchanges))))
    if isinstance(record, MethodRecord):
        values = array("d", (factor.value for factor in record.factors)).tobytes()
        return hash((repr((record.names, record.unit)), values, tuple(map(_CHARACTERISATION, record.factors))))
    if isinstance(record, ParameterRecord):
        return hash(repr(record))
    return hash(repr(replace(record, place="")))
