"""EcoSpold 2: one activity in each file, and the master data of flows beside them where the source brings them.

Where several files hold one activity (a child data set for each of its products, named activity_product), the id of a
data set is "activity_product"; else it is that of the activity. Amounts are those stored; formulas are worked out
beside them, and said where they come to something else.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import PurePosixPath

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import Flows, number, year_of
from tanbiao.formats.datasets.container import Container
from tanbiao.formats.datasets.ecospold.ecospold2_numbers import (
    EXCHANGES,
    parameters_of,
    pedigree_of,
    properties_of,
    uncertainty_of,
)
from tanbiao.formats.datasets.ecospold.ecospold2_texts import comment_of, documentation_of
from tanbiao.formats.datasets.ecospold.groups import LOOKED_AT, begins, direction_of, files_of
from tanbiao.formats.datasets.format import Format, Progress
from tanbiao.formats.datasets.xml import Element, child, children
from tanbiao.formats.datasets.xml import plain as attribute
from tanbiao.lca.datasets.records import (
    ExchangeRecord,
    FlowKind,
    FlowRecord,
    Names,
    ParameterRecord,
    ProcessRecord,
    Record,
)
from tanbiao.lca.datasets.report import Report, refused

_MASTER = {"intermediateexchanges.xml": "intermediateExchange", "elementaryexchanges.xml": "elementaryExchange"}
_CHILD = re.compile(r"(?P<activity>[^/_]+)_[^/_]+\.(?:spold|xml)$", re.IGNORECASE)
_REFERENCE, _WASTE = "0", "3"  # groups of outputs
_SYSTEM = "2"  # type of an activity that is an inventory already
_ACTIVITY = re.compile(rb"activityDataset", re.IGNORECASE)
_DATASETS = ("activityDataset", "childActivityDataset")
_LARGE = 8 << 20  # bytes


def _is_it(container: Container) -> bool:
    return any(begins(container, name, "ecospold02") for name in islice(files_of(container), LOOKED_AT))


def _records(container: Container, report: Report, progress: Progress) -> Iterator[Record]:
    files = list(files_of(container))
    reader = _Reader(report, files)
    for name in files:
        if kind := _MASTER.get(PurePosixPath(name).name.lower()):
            with container.open(name) as stream:
                for element in xml.iterate(stream, name, kind):
                    reader.know(element, name)
            yield from reader.flows.new()
    for done, name in enumerate(files):
        progress(done, len(files))
        if PurePosixPath(name).name.lower() in _MASTER:
            continue
        empty = True
        if name.lower().endswith(".spold") or _ACTIVITY.search(container.first_bytes(name, 1 << 14)):
            for dataset in _datasets(container.read(name), name):
                empty = False
                yield from reader.read(dataset, name)
        if empty:
            report.note(
                "not_read",
                name,
                "不含活动数据集（而是地理、人员等主数据之类），未读；各数据集中已有所需内容",
                "it holds no activity (but, say, master data of geographies or persons); not read, since the data sets "
                "repeat what matters",
            )
    progress(len(files), len(files))


def _datasets(data: bytes, name: str) -> Iterator[Element]:
    """One in most files, which are then parsed at one go; a large file may hold many."""
    if len(data) > _LARGE:
        return xml.iterate(io.BytesIO(data), name, *_DATASETS)
    return xml.parse(data, name).iterchildren(*(f"{{*}}{each}" for each in _DATASETS))


FORMAT = Format("ecospold2", "EcoSpold 2", _is_it, _records)


class _Reader:
    def __init__(self, report: Report, files: Iterable[str]):
        self.report, self.flows = report, Flows(report)
        activities = Counter(found["activity"] for name in files if (found := _CHILD.search(name)))
        self._shared = {activity for activity, count in activities.items() if count > 1}
        self._products: dict[str, str] = {}  # of each activity that is not shared

    def know(self, element: Element, file: str) -> None:
        """A flow of the master data."""
        if id := attribute(element, "id"):
            self.flows.know(_flow(element, id, file), file)

    def read(self, dataset: Element, file: str) -> Iterator[Record]:
        about = child(dataset, "activityDescription")
        activity = child(about, "activity")
        said = attribute(activity, "id")
        if not said:
            raise refused(file, "活动没有编号（activity id）", "the activity has no id")
        names = xml.names(children(activity, "activityName"))
        place = f"{file} {next(iter(names.values()), '')}".strip()
        intermediate = list(children(child(dataset, "flowData"), "intermediateExchange"))
        reference = self._reference(intermediate, file, place)
        id = self._id(said, attribute(reference, "intermediateExchangeId"), file)
        parameters = parameters_of(dataset, id, place, self.report)
        exchanges = tuple(self._exchanges(dataset, reference, place))
        yield from self.flows.new()
        yield _process(dataset, id, names, exchanges, parameters, reference, place)

    def _reference(self, intermediate: list[Element], file: str, place: str) -> Element | None:
        """The product of the data set: of several the one that the file is named after, else the first that is made.

        After allocation the other products of an activity stay in its child data sets, with the amount 0.
        """
        zero = [e for e in intermediate if xml.text(e, "outputGroup") == _REFERENCE]
        if not zero:
            return None
        made = [e for e in zero if number(attribute(e, "amount"), f"{place} {xml.text(e, 'name')}")]
        named = [e for e in made if (id := attribute(e, "intermediateExchangeId")) and f"_{id}." in file]
        if len(made) > 1:
            self.report.note(
                "several_products",
                place,
                f"有 {len(made)} 个参考产品；以文件名所指的（否则第一个）为参考，其余为联产品",
                f"it has {len(made)} reference products; the one that the file is named after, else the first, is "
                "taken for it, the others as co-products",
            )
        return (named or made or zero)[0]

    def _id(self, activity: str, product: str, file: str) -> str:
        """The id of a data set: of the activity, with its product where the activity has several data sets."""
        if activity in self._shared:
            return f"{activity}_{product}"
        if self._products.setdefault(activity, product) == product:
            return activity
        id = f"{activity}_{product}"
        self.report.warn(
            "shared_activity",
            file,
            f"活动 {activity} 有几个数据集，而文件未按“活动_产品”命名；此数据集的编号取 {id}，指向它的连接可能找不到它",
            f"activity {activity} has several data sets in files that are not named activity_product; the id of this "
            f"one is {id}, and links to it may miss it",
        )
        return id

    def _exchanges(self, dataset: Element, reference: Element | None, place: str) -> Iterator[ExchangeRecord]:
        data = child(dataset, "flowData")
        for exchange in () if data is None else data.iterchildren(*EXCHANGES):
            elementary = xml.local(exchange) == "elementaryExchange"
            here = f"{place} {xml.text(exchange, 'name')}"
            id = attribute(exchange, "elementaryExchangeId" if elementary else "intermediateExchangeId")
            if not id:
                raise refused(
                    here, "交换没有流的编号，无法连接", "the exchange has no id of a flow and cannot be linked"
                )
            taken, given = xml.text(exchange, "inputGroup"), xml.text(exchange, "outputGroup")
            direction = direction_of(bool(taken), bool(given), here, self.report)
            if direction is None:
                continue
            amount = number(attribute(exchange, "amount"), here)
            unit = xml.text(exchange, "unitName")
            group = given if not taken else ""
            kind = FlowKind.ELEMENTARY if elementary else FlowKind.WASTE if group == _WASTE else FlowKind.PRODUCT
            factor, counted_in, own_kind = self.flows.counted(id, unit, kind, here, partial(_flow, exchange, id, here))
            yield ExchangeRecord(
                flow=id,
                direction=direction,
                amount=amount,
                unit=unit,
                factor=factor,
                reference=exchange is reference,
                provider="" if exchange is reference else self._provider(exchange, id),
                formula=attribute(exchange, "mathematicalRelation"),
                uncertainty=uncertainty_of(exchange, here, self.report),
                pedigree=pedigree_of(exchange),
                internal_id=attribute(exchange, "id"),
                comment=comment_of(exchange, "comment"),
                counted_in=counted_in,
                kind=own_kind,
                variable=attribute(exchange, "variableName"),
                properties=properties_of(exchange, here),
            )

    def _provider(self, exchange: Element, flow: str) -> str:
        activity = attribute(exchange, "activityLinkId")
        return f"{activity}_{flow}" if activity in self._shared else activity


def _process(
    dataset: Element,
    id: str,
    names: Names,
    exchanges: tuple[ExchangeRecord, ...],
    parameters: tuple[ParameterRecord, ...],
    reference: Element | None,
    place: str,
) -> ProcessRecord:
    about = child(dataset, "activityDescription")
    activity, geography = child(about, "activity"), child(about, "geography")
    period = child(about, "timePeriod")
    file = child(dataset, "administrativeInformation", "fileAttributes")
    version = [attribute(file, name) for name in ("majorRelease", "minorRelease", "majorRevision", "minorRevision")]
    return ProcessRecord(
        id=id,
        names=names or {"": id},
        exchanges=exchanges,
        location=xml.text(geography, "shortname"),
        category=tuple(
            f"{xml.text(c, 'classificationSystem')}: {xml.text(c, 'classificationValue')}"
            for c in children(about, "classification")
        ),
        kind="system" if attribute(activity, "type") == _SYSTEM else "unit",
        year_from=year_of(attribute(period, "startDate")),
        year_until=year_of(attribute(period, "endDate")),
        technology=comment_of(child(about, "technology"), "comment"),
        geography=comment_of(geography, "comment"),
        comment=comment_of(activity, "generalComment"),
        parameters=parameters,
        version=".".join(filter(None, version)),
        documentation=documentation_of(dataset, activity, period, reference),
        place=place,
    )


def _flow(element: Element, id: str, place: str) -> FlowRecord:
    """A flow of nature or a product; what is waste here may be a product there."""
    compartment = child(element, "compartment")
    elementary = xml.local(element) == "elementaryExchange"
    category = (
        (xml.text(compartment, "compartment"), xml.text(compartment, "subcompartment"))
        if elementary
        else [xml.text(c, "classificationValue") for c in children(element, "classification")]
    )
    return FlowRecord(
        id=id,
        names=xml.names(children(element, "name")) or {"": id},
        kind=FlowKind.ELEMENTARY if elementary else FlowKind.PRODUCT,
        unit=xml.text(element, "unitName"),
        category=tuple(filter(None, category)),
        cas=attribute(element, "casNumber").lstrip("0"),
        formula=attribute(element, "formula"),
        synonyms=xml.names(children(element, "synonym"), "; "),
        place=place,
    )
