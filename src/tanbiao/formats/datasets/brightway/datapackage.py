"""Datapackages of Brightway (`bw_processing`) as a source: what `formats.datapackage` computes with, as records.

Products, processes and flows have numbers and no names, unless a table of names lies in the package; numbers become
ids as texts. A process is linked to the maker of what it takes, as the matrix has it; what it makes besides its
reference product replaces what another process makes, as in the matrix, too. What a package lacks is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tanbiao.formats.datapackage_entries import diagonals, ids_of, of_global_index, settled
from tanbiao.formats.datapackage_groups import Group, read_groups
from tanbiao.formats.datapackage_zip import WrongDatapackage
from tanbiao.formats.datasets.amounts import Flows
from tanbiao.formats.datasets.brightway.columns import Entry, by_column
from tanbiao.formats.datasets.brightway.package import METADATA, folders_of, names_of, resources_of, zip_of
from tanbiao.formats.datasets.brightway.references import reference_products
from tanbiao.formats.datasets.container import Container
from tanbiao.formats.datasets.format import Format, Progress
from tanbiao.lca.datasets.records import (
    Direction,
    ExchangeRecord,
    FlowKind,
    FlowRecord,
    ImpactFactorRecord,
    MethodRecord,
    Names,
    ProcessRecord,
    Record,
)
from tanbiao.lca.datasets.report import Report, SourceRefused
from tanbiao.lca.network.conventions import Entries
from tanbiao.words import Problem, Problems

_KNOWN = ("technosphere_matrix", "biosphere_matrix", "characterization_matrix")
_WEIGHTS = {"normalization_matrix": "normalisation", "weighting_matrix": "weighting"}


def _is_it(container: Container) -> bool:
    found = folders_of(container)
    return bool(found) and b'"data-package"' in container.first_bytes(found[0] + METADATA, 1 << 14)


def _records(container: Container, report: Report, progress: Progress) -> Iterator[Record]:
    groups: list[Group] = []
    names: dict[int, Mapping[str, str]] = {}
    report.facts["resources"] = {}
    try:
        for folder in folders_of(container):
            name = folder.strip("/") or container.name
            data = zip_of(container, folder)
            found, unused = read_groups(data, name)
            groups += found
            _say(report, unused)
            report.facts["resources"] |= resources_of(data, name)
            names |= names_of(container, folder)
        report.facts["documents"] = len(report.facts["resources"])
        yield from _Reader(groups, names, report, container.name).records(progress)
    except WrongDatapackage as error:
        raise SourceRefused(error.text) from error
    except Problems as error:
        raise SourceRefused(error.text) from error


FORMAT = Format("datapackage", "Brightway datapackage", _is_it, _records)


class _Reader:
    def __init__(self, groups: list[Group], names: Mapping[int, Mapping[str, str]], report: Report, place: str):
        self.names, self.report, self.place = names, report, place
        self.of = {
            matrix: [g for g in groups if g.matrix == matrix] for matrix in dict.fromkeys(g.matrix for g in groups)
        }
        self._flows = Flows(report, lambda unit: (unit, 1.0))

    def records(self, progress: Progress) -> Iterator[Record]:
        technosphere = self.of.get("technosphere_matrix", [])
        if technosphere:
            yield from self._processes(technosphere, self.of.get("biosphere_matrix", []), progress)
        else:
            self.report.warn(
                "no_technosphere",
                self.place,
                "没有 technosphere_matrix，因此没有过程；请连同数据库的数据包一起导入",
                "there is no technosphere_matrix and so no process; import it with the package of a database",
            )
        yield from self._methods()
        for matrix in self.of.keys() - {*_KNOWN, *_WEIGHTS}:
            self.report.warn(
                "matrix_not_read",
                self.place,
                f"不认识矩阵 {matrix}，未读",
                f"the matrix {matrix} is not known; not read",
            )

    def _processes(self, technosphere: list[Group], biosphere: list[Group], progress: Progress) -> Iterator[Record]:
        unused: list[Problem] = []
        product_ids, process_ids = ids_of(g.rows for g in technosphere), ids_of(g.columns for g in technosphere)
        flow_ids = ids_of(g.rows for g in biosphere)
        technology, flags = settled(technosphere, product_ids, process_ids, unused)
        interventions, _ = settled(biosphere, flow_ids, process_ids, unused)
        _say(self.report, unused)
        if not flow_ids.size:
            self.report.warn(
                "no_biosphere",
                self.place,
                "没有基本流（biosphere_matrix 缺少或为空），因此没有排放",
                "there are no elementary flows (biosphere_matrix is missing or empty), hence no emissions",
            )
        reference = reference_products(technology, flags, product_ids, process_ids, self.place, self.report)
        makers = {int(product): str(id) for product, id in zip(reference, process_ids, strict=True) if product >= 0}
        taken, released = by_column(technology, process_ids.size), by_column(interventions, process_ids.size)
        for k, id in enumerate(process_ids):
            progress(k, process_ids.size)
            exchanges = [*self._technosphere(taken[k], technology, product_ids, int(reference[k]), makers)]
            exchanges += [self._exchange(str(flow_ids[e.row]), e, FlowKind.ELEMENTARY) for e in released[k]]
            yield from self._flows.new()
            said = self.names.get(int(id), {})
            yield ProcessRecord(
                str(id),
                self._named(int(id)),
                tuple(exchanges),
                location=said.get("location", ""),
                place=f"{self.place} {id}",
            )
        progress(process_ids.size, process_ids.size)

    def _technosphere(
        self,
        entries: list[Entry],
        technology: Entries,
        product_ids: NDArray[np.int64],
        reference: int,
        makers: Mapping[int, str],
    ) -> Iterator[ExchangeRecord]:
        """Outputs are positive. Several entries of the reference product are one amount."""
        own = [e for e in entries if e.row == reference]
        made = [e for e in own if e.amount > 0] or own
        if made:
            total = made[0] if len(made) == 1 else Entry(reference, sum(e.amount for e in made), {})
            yield self._exchange(str(product_ids[reference]), total, FlowKind.PRODUCT, reference=True)
        for e in entries:
            if e not in made:
                taken = e.amount < 0
                yield self._exchange(
                    str(product_ids[e.row]),
                    e.turned() if taken else e,
                    FlowKind.PRODUCT,
                    Direction.IN if taken else Direction.OUT,
                    avoided=not taken,
                    provider=makers.get(e.row, ""),
                )

    def _exchange(
        self,
        flow: str,
        entry: Entry,
        kind: FlowKind,
        direction: Direction = Direction.OUT,
        *,
        reference: bool = False,
        avoided: bool = False,
        provider: str = "",
    ) -> ExchangeRecord:
        unit = self.names.get(int(flow), {}).get("unit", "")
        make = partial(FlowRecord, flow, self._named(int(flow)), kind, unit, place=f"{self.place} {flow}")
        _factor, _counted_in, own_kind = self._flows.counted(flow, unit, kind, self.place, make)
        return ExchangeRecord(
            flow,
            direction,
            entry.amount,
            unit,
            reference=reference,
            avoided=avoided,
            provider=provider,
            uncertainty=entry.uncertainty,
            kind=own_kind,
        )

    def _methods(self) -> Iterator[MethodRecord]:
        factors = of_global_index(self.of.get("characterization_matrix", []))
        if not factors:
            self.report.warn(
                "no_method",
                self.place,
                "没有特征化因子（characterization_matrix）",
                "there are no characterisation factors (characterization_matrix)",
            )
        yield from self._method_records(factors, "")
        for matrix, kind in _WEIGHTS.items():
            yield from self._method_records(self.of.get(matrix, []), kind)

    def _method_records(self, groups: list[Group], kind: str) -> Iterator[MethodRecord]:
        """One method for each identifier; weights and normalisations are kept as such and never applied."""
        for words in dict.fromkeys(g.identifier for g in groups):
            of_one = [g for g in groups if g.identifier == words]
            unused: list[Problem] = []
            ids = ids_of(g.rows for g in of_one)
            values = diagonals(of_one, ids, unused)[words]
            _say(self.report, unused)
            title = " / ".join(words) or kind or "characterization"
            yield MethodRecord(
                id=f"{kind}: {title}" if kind else title,
                names={"": title},
                method=kind or (words[0] if words else ""),
                factors=tuple(
                    ImpactFactorRecord(str(id), next(iter(self._named(int(id)).values())), float(value))
                    for id, value in zip(ids, values, strict=True)
                ),
                documentation={"kind": kind} if kind else {},
                place=of_one[0].place,
            )

    def _named(self, id: int) -> Names:
        return {"": self.names.get(id, {}).get("name") or str(id)}


def _say(report: Report, unused: Iterable[Problem]) -> None:
    for problem in unused:
        report.warn("not_used", problem.place, problem.text.zh, problem.text.en)
