"""Datapackages of Brightway (`bw_processing`) as a source: what `formats.datapackage` computes with, as records.

Products, processes and flows have numbers and no names, unless a table of names lies in the package; numbers become
ids as texts. A process is linked to the maker of what it takes, as the matrix has it; what it makes besides its
reference product replaces what another process makes, as in the matrix, too. What a package lacks is said.
"""

from __future__ import annotations

import csv
import io
import math
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tanbiao.formats.datapackage_entries import diagonals, flagged_reference, ids_of, of_global_index, settled
from tanbiao.formats.datapackage_groups import Group, read_groups
from tanbiao.formats.datapackage_zip import WrongDatapackage, opened
from tanbiao.formats.datasets.amounts import Flows
from tanbiao.formats.datasets.container import Container
from tanbiao.formats.datasets.format import Format, Progress
from tanbiao.formats.datasets.uncertainties import Uncertainty, scaled
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
from tanbiao.lca.distributions.columns import Distributions, Kind
from tanbiao.lca.faults import SystemOfEquations
from tanbiao.lca.network.conventions import Entries, find_reference
from tanbiao.words import Problem, Problems

_METADATA = "datapackage.json"
_KNOWN = ("technosphere_matrix", "biosphere_matrix", "characterization_matrix")
_WEIGHTS = {"normalization_matrix": "normalisation", "weighting_matrix": "weighting"}
_SHOWN = 20


def _packages(container: Container) -> list[str]:
    """Folders in which a package lies; "" for the top."""
    return [name.removesuffix(_METADATA) for name in container.names() if name.rpartition("/")[2] == _METADATA]


def _is_it(container: Container) -> bool:
    found = _packages(container)
    return bool(found) and b'"data-package"' in container.first_bytes(found[0] + _METADATA, 1 << 14)


def _records(container: Container, report: Report, progress: Progress) -> Iterator[Record]:
    groups: list[Group] = []
    names: dict[int, Mapping[str, str]] = {}
    report.facts["resources"] = {}
    try:
        for folder in _packages(container):
            name = folder.strip("/") or container.name
            data = _zip_of(container, folder)
            found, unused = read_groups(data, name)
            groups += found
            _say(report, unused)
            report.facts["resources"] |= _resources(data, name)
            names |= _names(container, folder)
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
        reference = self._reference(technology, flags, product_ids, process_ids)
        makers = {int(product): str(id) for product, id in zip(reference, process_ids, strict=True) if product >= 0}
        taken, released = _by_column(technology, process_ids.size), _by_column(interventions, process_ids.size)
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
        entries: list[_Entry],
        technology: Entries,
        product_ids: NDArray[np.int64],
        reference: int,
        makers: Mapping[int, str],
    ) -> Iterator[ExchangeRecord]:
        """Outputs are positive. Several entries of the reference product are one amount."""
        own = [e for e in entries if e.row == reference]
        made = [e for e in own if e.amount > 0] or own
        if made:
            total = made[0] if len(made) == 1 else _Entry(reference, sum(e.amount for e in made), {})
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
        entry: _Entry,
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

    def _reference(
        self,
        technology: Entries,
        flags: NDArray[np.bool_],
        product_ids: NDArray[np.int64],
        process_ids: NDArray[np.int64],
    ) -> NDArray[np.intp]:
        """Row of the reference product of each process, -1 where it has none: flagged, of its own id, or by amounts."""
        n, m = process_ids.size, product_ids.size
        A = sparse.csc_array((technology.amounts, (technology.rows, technology.columns)), shape=(m, n))
        if n == m:
            flagged = flagged_reference(technology, flags, n)
            if flagged is not None:
                return flagged
            if np.array_equal(product_ids, process_ids) and A.diagonal().all():
                return np.arange(n)
            try:
                return find_reference(A, [str(id) for id in process_ids])
            except SystemOfEquations as fault:
                self.report.warn("no_pairing", self.place, fault.text.zh, fault.text.en)
        else:
            self._not_square(A, product_ids, process_ids)
        found = np.full(n, -1, dtype=np.intp)
        for k in range(n):
            column = slice(A.indptr[k], A.indptr[k + 1])
            made = A.indices[column][A.data[column] > 0]
            own = made[product_ids[made] == process_ids[k]]
            found[k] = own[0] if own.size else made[0] if made.size == 1 else -1
        return found

    def _not_square(self, A: sparse.csc_array, products: NDArray[np.int64], processes: NDArray[np.int64]) -> None:
        made = np.unique(A.indices[A.data > 0])
        lacking = ", ".join(str(id) for id in np.delete(products, made)[:_SHOWN]) or "—"
        self.report.warn(
            "not_square",
            self.place,
            f"有 {products.size} 种产品、{processes.size} 个过程，应一样多；没有过程生产：{lacking}。"
            "若其过程在另一个数据包里，请一起导入",
            f"there are {products.size} products and {processes.size} processes, which should be equally many; no "
            f"process makes: {lacking}. If their processes are in another package, import it too",
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


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """An entry of a column of a matrix."""

    row: int
    amount: float
    uncertainty: Uncertainty

    def turned(self) -> _Entry:
        """With the other sign."""
        return _Entry(self.row, -self.amount, scaled(self.uncertainty, -1.0))


def _by_column(entries: Entries, size: int) -> list[list[_Entry]]:
    columns: list[list[_Entry]] = [[] for _ in range(size)]
    for e, (row, column, amount) in enumerate(zip(entries.rows, entries.columns, entries.amounts, strict=True)):
        uncertainty = _uncertainty(entries.spread, e) if entries.spread is not None else {}
        columns[column].append(_Entry(int(row), float(amount), uncertainty))
    return columns


def _uncertainty(of: Distributions, e: int) -> Uncertainty:
    loc, scale = float(of.loc[e]), float(of.scale[e])
    low, high = float(of.minimum[e]), float(of.maximum[e])
    match of.kind[e]:
        case Kind.LOGNORMAL:
            return {"kind": "lognormal", "mean": math.exp(loc) * (-1 if of.negative[e] else 1), "gsd": math.exp(scale)}
        case Kind.NORMAL:
            return {"kind": "normal", "mean": loc, "sd": scale}
        case Kind.UNIFORM:
            return {"kind": "uniform", "minimum": low, "maximum": high}
        case Kind.TRIANGULAR:
            return {"kind": "triangular", "minimum": low, "mode": loc, "maximum": high}
    return {}


def _say(report: Report, unused: Iterable[Problem]) -> None:
    for problem in unused:
        report.warn("not_used", problem.place, problem.text.zh, problem.text.en)


def _zip_of(container: Container, folder: str) -> bytes:
    """The package as one zip, whatever it came in; its parts have been bounded by the container."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in container.names():
            if name.startswith(folder) and "/" not in (rest := name.removeprefix(folder)):
                archive.writestr(rest, container.read(name))
    return out.getvalue()


def _resources(data: bytes, name: str) -> dict[str, dict[str, Any]]:
    """What lies in the package: matrix, kind, shape and sum of each of its arrays."""
    found: dict[str, dict[str, Any]] = {}
    with opened(data, name) as members:
        for resource in members.metadata()["resources"]:
            path = resource.get("path")
            if isinstance(path, str) and path.endswith(".npy"):
                values = members.array(path)
                total = float(np.nansum(values)) if resource.get("kind") == "data" else None
                found[str(resource.get("name"))] = {
                    "matrix": resource.get("matrix"),
                    "kind": resource.get("kind"),
                    "shape": list(values.shape),
                    "sum": total,
                }
    return found


def _names(container: Container, folder: str) -> dict[int, Mapping[str, str]]:
    """Names, units and locations by id, from tables beside the arrays that have columns id and name."""
    found: dict[int, Mapping[str, str]] = {}
    for name in container.names():
        if name.startswith(folder) and name.lower().endswith(".csv"):
            text = container.read(name).decode("utf-8-sig", "replace")
            for line in csv.DictReader(io.StringIO(text)):
                if (id := line.get("id") or "").isdecimal() and line.get("name"):
                    found[int(id)] = {key: value for key, value in line.items() if key and isinstance(value, str)}
    return found
