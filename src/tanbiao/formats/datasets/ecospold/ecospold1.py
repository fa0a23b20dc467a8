"""EcoSpold 1: data sets of processes in XML, many in one file or one in each.

Exchanges are numbered, and these numbers are the ids of flows: whoever uses number 28302 is supplied by the process
whose reference product has that number (in ecoinvent 2 it is the number of the data set, too). Units stand at each
exchange. The source is read twice: first for its flows, since one number may be water from nature here and water that
is sold there, then for its processes, one at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import Flows, number, pedigree_in
from tanbiao.formats.datasets.container import Container
from tanbiao.formats.datasets.ecospold.ecospold1_exchanges import (
    exchanges_of,
    flow_of,
    kind_of,
    number_of,
    uncertainty_of,
)
from tanbiao.formats.datasets.ecospold.ecospold1_texts import (
    category_of,
    documentation_of,
    languages_of,
    names_of,
    sources_of,
    year_at,
)
from tanbiao.formats.datasets.ecospold.groups import LOOKED_AT, begins, direction_of, files_of
from tanbiao.formats.datasets.format import Format, Progress
from tanbiao.formats.datasets.xml import Element, child, children
from tanbiao.formats.datasets.xml import plain as attribute
from tanbiao.lca.datasets.records import (
    AllocationRecord,
    Direction,
    ExchangeRecord,
    FlowKind,
    FlowRecord,
    ImpactFactorRecord,
    MethodRecord,
    ProcessRecord,
    Record,
    as_names,
)
from tanbiao.lca.datasets.report import Report, refused

_SCHEMA = "ecospold01"  # in the name space
_REFERENCE, _AVOIDED = "0", "1"  # groups of outputs
_IMPACT_CATEGORY = "4"  # type of a data set
_SYSTEMS = ("0", "2")  # types of data sets that are inventories already


def _is_it(container: Container) -> bool:
    return any(begins(container, name, _SCHEMA) for name in islice(files_of(container), LOOKED_AT))


def _records(container: Container, report: Report, progress: Progress) -> Iterator[Record]:
    files = [name for name in files_of(container) if begins(container, name, _SCHEMA)]
    reader = _Reader(report)
    for name in files:
        with container.open(name) as stream:
            for dataset in xml.iterate(stream, name, "dataset"):
                reader.collect(dataset, name)
    yield from reader.flows()
    for done, name in enumerate(files):
        progress(done, len(files))
        with container.open(name) as stream:
            for dataset in xml.iterate(stream, name, "dataset"):
                yield from reader.read(dataset, name)
    progress(len(files), len(files))


FORMAT = Format("ecospold1", "EcoSpold 1", _is_it, _records)


@dataclass(slots=True)
class _Met:
    """A flow while it is collected: how it is described, and how often it is of which kind and unit."""

    flow: FlowRecord
    kinds: Counter[FlowKind] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)


class _Reader:
    def __init__(self, report: Report):
        self.report, self._flows = report, Flows(report)
        self._met: dict[str, _Met] = {}

    def collect(self, dataset: Element, file: str) -> None:
        place = f"{file} {attribute(dataset, 'number')}"
        languages = languages_of(dataset)
        for exchange in exchanges_of(dataset):
            id = number_of(exchange, place)
            if id not in self._met:
                self._met[id] = _Met(flow_of(exchange, id, languages, place))
            elementary = kind_of(exchange) is FlowKind.ELEMENTARY
            self._met[id].kinds[FlowKind.ELEMENTARY if elementary else FlowKind.PRODUCT] += 1
            self._met[id].units[attribute(exchange, "unit")] += 1

    def flows(self) -> Iterator[FlowRecord]:
        """Each of the kind and in the unit that it has most often; what is waste here may be a product there."""
        for met in self._met.values():
            kind, unit = met.kinds.most_common(1)[0][0], met.units.most_common(1)[0][0]
            self._flows.know(replace(met.flow, kind=kind, unit=unit), met.flow.place)
        self._met.clear()
        return iter(self._flows.new())

    def read(self, dataset: Element, file: str) -> Iterator[Record]:
        id = attribute(dataset, "number")
        if not id:
            raise refused(file, "有数据集没有编号（number）", "a data set has no number")
        place = f"{file} {id}"
        about = child(dataset, "metaInformation", "processInformation")
        function = child(about, "referenceFunction")
        if attribute(child(about, "dataSetInformation"), "type") == _IMPACT_CATEGORY:
            yield self._method(dataset, function, id, place)
        else:
            yield self._process(dataset, about, id, place)

    def _process(self, dataset: Element, about: Element | None, id: str, place: str) -> ProcessRecord:
        function, period = child(about, "referenceFunction"), child(about, "timePeriod")
        information, geography = child(about, "dataSetInformation"), child(about, "geography")
        languages = languages_of(dataset)
        names = names_of(function, "name", languages)
        place = f"{place} {next(iter(names.values()), '')}".strip()
        references = self._references(dataset, function, place)
        exchanges = tuple(self._read_exchanges(dataset, references, languages, place))
        allocation = tuple(self._allocation(dataset, place))
        return ProcessRecord(
            id=id,
            names=names or {"": id},
            exchanges=exchanges,
            location=attribute(geography, "location"),
            category=category_of(function),
            kind="system" if attribute(information, "type") in _SYSTEMS else "unit",
            year_from=year_at(period, "start"),
            year_until=year_at(period, "end"),
            technology=as_names(attribute(child(about, "technology"), "text"), languages[0]),
            geography=as_names(attribute(geography, "text"), languages[0]),
            comment=as_names(attribute(function, "generalComment"), languages[0]),
            allocation=allocation,
            default_allocation="causal" if allocation else "",
            sources=tuple(sources_of(dataset)),
            version=attribute(information, "version"),
            documentation=documentation_of(dataset, function, period),
            place=place,
        )

    def _references(self, dataset: Element, function: Element | None, place: str) -> set[int]:
        """Which exchange the process is there for; one that is both an input and output 0 only if there is no other."""
        all_of = list(exchanges_of(dataset))
        zero = [i for i, exchange in enumerate(all_of) if xml.text(exchange, "outputGroup") == _REFERENCE]
        plain = [i for i in zero if child(all_of[i], "inputGroup") is None]
        for i in set(zero) - set(plain):
            self.report.warn(
                "in_and_out",
                f"{place} {attribute(all_of[i], 'name')}",
                "既标为输入（inputGroup），又标为参考产品（outputGroup 0）；按输入读取，此过程因此可能没有可用的产品",
                "it is marked both as an input (inputGroup) and as the reference product (outputGroup 0); read as an "
                "input, so that the process may have no product that can be used",
            )
        if zero:
            return set(plain or zero[:1])
        products = [i for i, exchange in enumerate(all_of) if xml.text(exchange, "outputGroup") == "2"]
        named = [i for i in products if attribute(all_of[i], "name") == attribute(function, "name")]
        if products:  # a data set of several products, none before the others
            self.report.note(
                "several_products",
                place,
                "有几种产品而没有参考产品；以名称相同的（否则以第一种）为参考，其余为联产品",
                "it has several products and none is the reference; the one of its name, else the first, is taken for "
                "it, the others as co-products",
            )
            return {(named or products)[0]}
        return set()

    def _read_exchanges(
        self, dataset: Element, references: set[int], languages: tuple[str, str], place: str
    ) -> Iterator[ExchangeRecord]:
        for i, exchange in enumerate(exchanges_of(dataset)):
            id = number_of(exchange, place)
            here = f"{place} {attribute(exchange, 'name') or id}"
            output = xml.text(exchange, "outputGroup")
            direction = direction_of(child(exchange, "inputGroup") is not None, bool(output), here, self.report)
            if direction is None:
                continue
            unit = attribute(exchange, "unit")
            kind = kind_of(exchange)
            factor, counted_in, own_kind = self._flows.counted(
                id, unit, kind, here, partial(self._flows.__getitem__, id)
            )
            comment = as_names(attribute(exchange, "generalComment"), languages[0])
            yield ExchangeRecord(
                flow=id,
                direction=direction,
                amount=number(attribute(exchange, "meanValue"), here),
                unit=unit,
                factor=factor,
                reference=i in references,
                avoided=direction is Direction.OUT and output == _AVOIDED,
                uncertainty=uncertainty_of(exchange, here, self.report),
                pedigree=pedigree_in(comment),
                internal_id=id,
                location=attribute(exchange, "location"),
                comment=comment,
                counted_in=counted_in,
                kind=own_kind,
            )

    def _allocation(self, dataset: Element, place: str) -> Iterator[AllocationRecord]:
        for allocation in children(child(dataset, "flowData"), "allocation"):
            product = attribute(allocation, "referenceToCoProduct")
            share = number(attribute(allocation, "fraction"), f"{place} allocation {product}") / 100
            targets = [(e.text or "").strip() for e in children(allocation, "referenceToInputOutput")]
            for target in targets or [""]:
                yield AllocationRecord("causal", product, share, target)

    def _method(self, dataset: Element, function: Element | None, id: str, place: str) -> MethodRecord:
        """An impact category of ecoinvent 2: its exchanges are its factors."""
        languages = languages_of(dataset)
        factors = tuple(
            ImpactFactorRecord(
                flow=number_of(exchange, place),
                flow_name=attribute(exchange, "name"),
                value=number(attribute(exchange, "meanValue"), f"{place} {attribute(exchange, 'name')}"),
                unit=attribute(exchange, "unit"),
                location=attribute(exchange, "location"),
                flow_category=category_of(exchange),
            )
            for exchange in exchanges_of(dataset)
        )
        category = category_of(function)
        return MethodRecord(
            id,
            names_of(function, "name", languages) or {"": id},
            method=category[0] if category else "",
            unit=attribute(function, "unit"),
            factors=factors,
            place=place,
        )
