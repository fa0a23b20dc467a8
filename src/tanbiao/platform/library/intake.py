"""Filling a version from a source: data sets batch by batch, matrices, intensities, and what the gate says of them.

A batch once stored stays when the process dies: run again with the same file, data sets that are there are not stored a
second time. All of it stays invisible until the version is staged; a source that is refused leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from tanbiao.formats.datasets.reading import read_source
from tanbiao.lca.datasets.compiling import Compiled, Compiler
from tanbiao.lca.datasets.gate import Judged, Judgement, check_process, judged
from tanbiao.lca.datasets.intensities import Intensities, intensities
from tanbiao.lca.datasets.linking import LinkRule
from tanbiao.lca.datasets.records import DeclarationRecord, FactorRecord, FlowRecord, ProcessRecord
from tanbiao.lca.datasets.report import Report, refused
from tanbiao.platform.kernel import clock
from tanbiao.platform.kernel.evidence import forget_file
from tanbiao.platform.kernel.search import written
from tanbiao.platform.library.factors import solved
from tanbiao.platform.library.gate import flags_of, judge_factors
from tanbiao.platform.library.matrices import RecordsFile, keep_compiled
from tanbiao.platform.library.models import Dataset, Flag, Form, Version, VersionState
from tanbiao.platform.library.rows import clean, dimension_of, packed, row_of, searched, uid_of
from tanbiao.words import Text

BATCH = 500
TELL_EVERY = 0.5  # seconds

#: told how far an import is: phase ("reading", "linking", "storing", "checking"), done, total (0: not known)
Tell = Callable[[str, int, int], None]


class GivenUp(Exception):
    """The version is no longer importing: somebody has given it up meanwhile."""


def still_importing(version: Version) -> None:
    """Keep a version importing until the transaction ends. Raises GivenUp where it is not."""
    importing = Version.objects.select_for_update().filter(pk=version.pk, state=VersionState.IMPORTING)
    if not importing.exists():
        raise GivenUp


@dataclass(slots=True)
class Intake:
    """One run over a source. `fill` does all of it; what it found out is left in the fields."""

    version: Version
    report: Report = field(default_factory=Report)
    flows: dict[str, FlowRecord] = field(default_factory=dict)
    judgements: list[Judgement] = field(default_factory=list)
    factors: list[Judged] = field(default_factory=list)  # judged together, at the end
    digests: dict[str, str] = field(default_factory=dict)  # uid -> sha256 of the record
    stored: set[str] = field(default_factory=set)  # uids of an earlier run
    batch: list[Dataset] = field(default_factory=list)

    def fill(self, path: Path, tell: Tell) -> None:
        """Raises SourceRefused or GivenUp; then the caller empties the version."""
        self.stored = set(self.version.datasets.values_list("uid", flat=True))
        compiler = Compiler()
        with tempfile.TemporaryDirectory() as folder:
            others = RecordsFile(Path(folder) / "records.gz")
            for record in read_source(path, self.report, lambda done, total: tell("reading", done, total)):
                compiler.add(record)
                match record:
                    case ProcessRecord() | FactorRecord() | DeclarationRecord():
                        self._take(record)
                    case _:
                        if isinstance(record, FlowRecord):
                            self.flows[record.id] = record
                        others.add(record)
            self._store()
            self.version.records = others.keep()
        self._compile(compiler, tell)
        tell("checking", 0, 0)
        self._flag()
        self.version.format = str(self.report.facts.get("format", ""))[:20]
        self.version.content_sha256 = _content(self.digests)
        self.version.report = clean(self.report.document())

    @property
    def empty(self) -> bool:
        """Whether the source was read and holds nothing that a library keeps."""
        return not self.digests and not self.report.counts["methods"]

    def _take(self, record: ProcessRecord | FactorRecord | DeclarationRecord) -> None:
        row = row_of(self.version, record, self.flows)
        if row.uid in self.digests:
            raise refused(
                record.place or row.uid,
                f"两个数据集的编号都是“{row.uid}”。请删去其中一个。",
                f'Two data sets carry the id "{row.uid}". Remove one of them.',
            )
        row.document, self.digests[row.uid] = packed(record)
        if isinstance(record, ProcessRecord):
            self.judgements += check_process(record, self.flows, clock.today())
        if isinstance(record, FactorRecord):
            self.factors.append(judged(record))
        if row.uid not in self.stored:
            row.tokens = written(searched(row))
            self.batch.append(row)
            if len(self.batch) >= BATCH:
                self._store()

    def _store(self) -> None:
        """By COPY, which takes a third of the time of an INSERT."""
        fields = Dataset._meta.concrete_fields
        columns = ", ".join(f'"{field.column}"' for field in fields)
        into = f"COPY library_dataset ({columns}) FROM STDIN"
        with transaction.atomic(), connection.cursor() as cursor:
            still_importing(self.version)
            with cursor.copy(into) as copy:
                for row in self.batch:
                    copy.write_row([f.get_db_prep_save(f.pre_save(row, add=True), connection) for f in fields])
        self.batch.clear()

    def _compile(self, compiler: Compiler, tell: Tell) -> None:
        """Matrices under the rule of the version, intensities, and the results of every process."""
        processes = {row.uid: row for row in self.version.datasets.filter(form=Form.PROCESS).defer("document")}
        if not processes:
            return
        tell("linking", 0, 0)
        rule = LinkRule(self.version.link_rule)
        compiled = compiler.compiled(rule, self.report)
        found = intensities(compiled)
        with transaction.atomic():
            still_importing(self.version)
            keep_compiled(self.version, rule, compiled, found)
            _give_results(self.version, processes, compiled, found, tell)

    def _flag(self) -> None:
        self.judgements += judge_factors(self.factors)
        datasets = dict(self.version.datasets.values_list("uid", "pk"))
        with transaction.atomic():
            still_importing(self.version)
            self.version.flags.all().delete()  # of a run that died here
            flags = flags_of(self.judgements, datasets, version=self.version)
            Flag.objects.bulk_create(flags, batch_size=BATCH)


def _give_results(
    version: Version, rows: Mapping[str, Dataset], compiled: Compiled, found: Intensities, tell: Tell
) -> None:
    """Value, factor and completeness of every process, written a batch at a time."""
    labels = [(substance, gas_class.value) for substance, gas_class in found.labels]
    values = found.co2e("AR6").tolist()
    product_of = {uid_of(process): product for process, product in compiled.index.items()}
    changes: list[tuple[Any, ...]] = []
    for done, (uid, row) in enumerate(rows.items()):
        changes.append(_result(row, product_of.get(uid), labels, values, compiled, found))
        if len(changes) >= BATCH:
            _write(version, changes)
            changes = []
            tell("storing", done + 1, len(rows))
    _write(version, changes)


_NO_REFERENCE = Text(
    "没有可用的参考流，无法计算每单位产品的结果。", "It has no usable reference flow, so nothing can be said per unit."
)


def _result(
    row: Dataset,
    product: int | None,
    labels: list[tuple[str, str]],
    values: list[float],
    compiled: Compiled,
    found: Intensities,
) -> tuple[Any, ...]:
    """(uid, unit, dimension, kind, value, factor, not_usable, complete) of one process."""
    if product is None:
        return row.uid, row.unit, row.dimension, row.kind, None, None, _said(_NO_REFERENCE), False
    complete = not compiled.incomplete[product]
    if product in found.unsolved or not isfinite(values[product]):
        return row.uid, row.unit, row.dimension, row.kind, None, None, _said(found.unsolved[product]), complete
    row.unit = clean(compiled.units[product])[:40]  # as the network counts it
    made = solved(row, labels, found.kg[product].tolist())
    factor, why = (None, _said(made)) if isinstance(made, Text) else (json.dumps(made), None)
    return row.uid, row.unit, dimension_of(row.unit), row.kind, values[product], factor, why, complete


def _said(text: Text) -> str:
    return json.dumps({"zh": text.zh, "en": text.en})


def _write(version: Version, changes: list[tuple[Any, ...]]) -> None:
    if changes:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE library_dataset AS d
                SET unit = r.unit, dimension = r.dimension, kind = r.kind, value = r.value, factor = r.factor,
                    not_usable = r.not_usable, complete = r.complete
                FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::float8[], %s::jsonb[], %s::jsonb[],
                            %s::bool[])
                     AS r(uid, unit, dimension, kind, value, factor, not_usable, complete)
                WHERE d.version_id = %s AND d.uid = r.uid
                """,
                [*(list(column) for column in zip(*changes, strict=True)), version.pk],
            )


def _content(digests: Mapping[str, str]) -> str:
    whole = hashlib.sha256()
    for uid, digest in sorted(digests.items()):
        whole.update(f"{uid}\n{digest}\n".encode())
    return whole.hexdigest()


class Progress:
    """Tells the caller, and writes into the version what everybody sees, at most every half second."""

    def __init__(self, version: Version, tell: Tell):
        self.version, self.tell = version, tell
        self.phase, self.last = "", 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        self.tell(phase, done, total)
        now = time.monotonic()
        if phase != self.phase or now - self.last >= TELL_EVERY:
            self.phase, self.last = phase, now
            Version.objects.filter(pk=self.version.pk).update(progress={"phase": phase, "done": done, "total": total})


def empty_version(version: Version) -> None:
    """Remove everything an import has stored of a version that is not published."""
    with transaction.atomic():
        version.flags.all().delete()
        files = [file for kept in version.compiled.all() for file in (kept.network, kept.intensities)]
        version.compiled.all().delete()
        version.datasets.all()._raw_delete(using="default")
        files += [file for file in (version.upload, version.records) if file]
        version.upload = version.records = None
        version.save(update_fields=["upload", "records"])
        for file in files:
            forget_file(file)
