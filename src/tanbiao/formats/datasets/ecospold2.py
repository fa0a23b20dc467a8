"""EcoSpold 2: one activity in each file, and the master data of flows beside them where the source brings them.

Where several files hold one activity (a child data set for each of its products, named activity_product), the id of a
data set is "activity_product"; else it is that of the activity. Amounts are those stored; formulas are worked out
beside them, and said where they come to something else.
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import PurePosixPath

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.amounts import Flows, number, number_if_any, spread, year_of
from tanbiao.formats.datasets.container import Container, entries_ending
from tanbiao.formats.datasets.formulas import as_spreadsheet, work_out
from tanbiao.formats.datasets.reading import Format, Progress
from tanbiao.formats.datasets.xml import Element, child, children
from tanbiao.formats.datasets.xml import plain as attribute
from tanbiao.lca.datasets.records import (
    Direction,
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
_CLOSE = 1e-6  # relative: how near the value of a formula is to come to the amount that is stored
_WIDEST = 50  # standard deviation of a logarithm beyond which it is no uncertainty
_ACTIVITY = re.compile(rb"activityDataset", re.IGNORECASE)
_DATASETS = ("activityDataset", "childActivityDataset")
_LARGE = 8 << 20  # bytes
_EXCHANGES = ("{*}intermediateExchange", "{*}elementaryExchange")
_NAMED = ("{*}parameter", "{*}property", *_EXCHANGES)  # what formulas may call by a name
_FORMULA = ("variableName", "mathematicalRelation", "amount")
_PEDIGREE = (
    "reliability",
    "completeness",
    "temporalCorrelation",
    "geographicalCorrelation",
    "furtherTechnologyCorrelation",
)


def _is_it(container: Container) -> bool:
    some = islice(entries_ending(container, ".spold", ".xml"), 20)
    return any(b"ecospold02" in container.first_bytes(name).replace(b"\0", b"").lower() for name in some)


def _records(container: Container, report: Report, progress: Progress) -> Iterator[Record]:
    files = list(entries_ending(container, ".spold", ".xml"))
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
        parameters = self._parameters(dataset, id, place)
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
        for exchange in () if data is None else data.iterchildren(*_EXCHANGES):
            elementary = xml.local(exchange) == "elementaryExchange"
            here = f"{place} {xml.text(exchange, 'name')}"
            id = attribute(exchange, "elementaryExchangeId" if elementary else "intermediateExchangeId")
            if not id:
                raise refused(
                    here, "交换没有流的编号，无法连接", "the exchange has no id of a flow and cannot be linked"
                )
            taken, given = xml.text(exchange, "inputGroup"), xml.text(exchange, "outputGroup")
            if not taken and not given:
                self.report.refuse(
                    "no_direction",
                    here,
                    "既不是输入也不是输出（缺少 inputGroup 和 outputGroup）；未读",
                    "neither an input nor an output (inputGroup and outputGroup are missing); left out",
                )
                continue
            amount = number(attribute(exchange, "amount"), here)
            unit = xml.text(exchange, "unitName")
            group = given if not taken else ""
            kind = FlowKind.ELEMENTARY if elementary else FlowKind.WASTE if group == _WASTE else FlowKind.PRODUCT
            factor, counted_in, own_kind = self.flows.counted(id, unit, kind, here, partial(_flow, exchange, id, here))
            yield ExchangeRecord(
                flow=id,
                direction=Direction.IN if taken else Direction.OUT,
                amount=amount,
                unit=unit,
                factor=factor,
                reference=exchange is reference,
                provider="" if exchange is reference else self._provider(exchange, id),
                formula=attribute(exchange, "mathematicalRelation"),
                uncertainty=self._uncertainty(exchange, here),
                pedigree=_pedigree(exchange),
                internal_id=attribute(exchange, "id"),
                comment=_comment(exchange, "comment"),
                counted_in=counted_in,
                kind=own_kind,
                variable=attribute(exchange, "variableName"),
                properties=_properties(exchange, here),
            )

    def _provider(self, exchange: Element, flow: str) -> str:
        activity = attribute(exchange, "activityLinkId")
        return f"{activity}_{flow}" if activity in self._shared else activity

    def _uncertainty(self, exchange: Element, place: str) -> Mapping[str, object]:
        said = child(exchange, "uncertainty")
        form = (
            None if said is None else next((e for e in said if xml.local(e) not in ("pedigreeMatrix", "comment")), None)
        )
        if form is None:
            return {}

        def value(*names: str) -> float | None:
            text = next((text for name in names if (text := attribute(form, name))), "")
            return number_if_any(text)

        found: Mapping[str, object] = {}
        low, high = value("minValue"), value("maxValue")
        variance = value("varianceWithPedigreeUncertainty", "variance")
        deviation = None if variance is None or variance < 0 else math.sqrt(variance)
        match xml.local(form):
            case "lognormal":
                gsd = None if deviation is None or deviation > _WIDEST else math.exp(deviation)
                found = spread("lognormal", mean=value("meanValue"), gsd=gsd)
            case "normal":
                found = spread("normal", mean=value("meanValue"), sd=deviation)
            case "triangle":
                found = spread("triangular", minimum=low, mode=value("mostLikelyValue"), maximum=high)
            case "uniform":
                found = spread("uniform", minimum=low, maximum=high)
        if not found:
            self.report.note(
                "uncertainty_not_read",
                place,
                f"不确定性（{xml.local(form)}）不完整或不支持，此数量按确定值",
                f"its uncertainty ({xml.local(form)}) is incomplete or not supported; the amount is taken as certain",
            )
        return found

    def _parameters(self, dataset: Element, process: str, place: str) -> tuple[ParameterRecord, ...]:
        """Parameters, after the formulas of the whole data set have been worked out and compared with what is stored.

        Raises SourceRefused for formulas that go in a circle, hold code or have no finite value.
        """
        parameters: list[ParameterRecord] = []
        stored: dict[str, float] = {}
        formulas: dict[str, str] = {}
        data = child(dataset, "flowData")
        for element in () if data is None else data.iter(*_NAMED):
            kind = xml.local(element)
            for prefix in ("", "productionVolume") if kind == "intermediateExchange" else ("",):
                name, formula, amount = (_attribute(element, prefix, what) for what in _FORMULA)
                if not name and not formula:
                    continue
                here = f"{place} {xml.text(element, 'name')}".strip()
                key = name.lower() or f"_{len(stored)}"
                stored[key] = number(amount or "0", here)
                if formula:
                    formulas[key] = as_spreadsheet(formula)
            if kind == "parameter":
                label = (
                    attribute(element, "variableName") or xml.text(element, "name") or attribute(element, "parameterId")
                )
                parameters.append(
                    ParameterRecord(
                        name=label,
                        value=number(attribute(element, "amount"), f"{place} {label}"),
                        formula=attribute(element, "mathematicalRelation"),
                        process=process,
                        uncertainty=self._uncertainty(element, f"{place} {label}"),
                        comment=_comment(element, "comment") or xml.names(children(element, "name")),
                    )
                )
        self._compare(stored, formulas, place)
        return tuple(parameters)

    def _compare(self, stored: Mapping[str, float], formulas: Mapping[str, str], place: str) -> None:
        if not formulas:
            return
        values, faults = work_out({**stored, **formulas}, {"pi": math.pi}, place)
        for name, fault in faults.items():
            self.report.warn(
                "formula_not_read",
                f"{place} {name}",
                f"公式“{formulas[name][:80]}”未能计算，用所存数值 {stored[name]:g}：{fault.text.zh}",
                f'the formula "{formulas[name][:80]}" could not be worked out, the amount stored ({stored[name]:g}) '
                f"stands: {fault.text.en}",
            )
        for name in formulas.keys() - faults.keys():
            if not math.isclose(values[name], stored[name], rel_tol=_CLOSE, abs_tol=1e-300):
                self.report.warn(
                    "formula_differs",
                    f"{place} {name}",
                    f"公式得 {values[name]:g}，所存数值为 {stored[name]:g}；用所存数值",
                    f"the formula gives {values[name]:g}, stored is {stored[name]:g}; the stored amount stands",
                )


def _attribute(element: Element, prefix: str, what: str) -> str:
    return attribute(element, prefix + what[0].upper() + what[1:] if prefix else what)


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
        technology=_comment(child(about, "technology"), "comment"),
        geography=_comment(geography, "comment"),
        comment=_comment(activity, "generalComment"),
        parameters=parameters,
        version=".".join(filter(None, version)),
        documentation=_documentation(dataset, activity, period, reference),
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


def _comment(element: Element | None, name: str) -> Names:
    """A comment, whose paragraphs are texts of their own, or which is the text itself."""
    return xml.names(part for comment in children(element, name) for part in _paragraphs(comment))


def _paragraphs(comment: Element) -> list[Element]:
    texts = list(children(comment, "text"))
    return sorted(texts, key=lambda t: int(index) if (index := attribute(t, "index")).isdecimal() else 0) or [comment]


def _pedigree(exchange: Element) -> str:
    scores = child(exchange, "uncertainty", "pedigreeMatrix")
    return "" if scores is None else "(" + ";".join(attribute(scores, name) or "na" for name in _PEDIGREE) + ")"


def _properties(exchange: Element, place: str) -> Mapping[str, tuple[float, str]]:
    return {
        name: (number(attribute(p, "amount"), f"{place} {name}"), xml.text(p, "unitName"))
        for p in children(exchange, "property")
        if (name := xml.text(p, "name"))
    }


def _documentation(
    dataset: Element, activity: Element | None, period: Element | None, reference: Element | None
) -> dict[str, str]:
    """What else is said, by the names that EcoSpold gives it."""
    about = child(dataset, "activityDescription")
    represents = child(dataset, "modellingAndValidation", "representativeness")
    administrative = child(dataset, "administrativeInformation")
    publication = child(administrative, "dataGeneratorAndPublication")
    said: dict[str, str] = {
        "tags": "; ".join((t.text or "").strip() for t in children(activity, "tag")),
        "macroEconomicScenario": xml.text(about, "macroEconomicScenario", "name"),
        "technologyLevel": attribute(child(about, "technology"), "technologyLevel"),
        "dataEntryBy": attribute(child(administrative, "dataEntryBy"), "personName"),
        "dataGenerator": attribute(publication, "personName"),
        "publishedSource": " ".join(
            filter(None, (attribute(publication, f"publishedSource{w}") for w in ("FirstAuthor", "Year")))
        ),
        "productionVolume": attribute(reference, "productionVolumeAmount"),
    }
    for element, names in (
        (activity, ("includedActivitiesStart", "includedActivitiesEnd", "allocationComment")),
        (represents, ("systemModelName", "samplingProcedure", "extrapolations")),
        (period, ("comment",)),
    ):
        for name in names:
            heading = "timePeriod" if element is period else name
            said[heading] = "\n".join(_comment(element, name).values())
    for name in ("percent", "productionVolumeComment"):
        said[name] = attribute(represents, name)
    for i, review in enumerate(children(child(dataset, "modellingAndValidation"), "review"), 1):
        details = "\n".join(_comment(review, "details").values())
        said[f"review {i}"] = " ".join(
            filter(None, (attribute(review, "reviewerName"), attribute(review, "reviewDate"), details))
        )
    return {name: text for name, text in said.items() if text}
