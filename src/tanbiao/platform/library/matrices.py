"""What a version keeps as files by hash: matrices and intensities (npz without pickle), and its flows and methods.

Made once; read again where they are needed. Other link rules are compiled when they are first asked for.
"""

from __future__ import annotations

import functools
import gzip
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanbiao.lca.datasets.compiling import Compiled, Compiler
from tanbiao.lca.datasets.document import from_document, to_document
from tanbiao.lca.datasets.intensities import Intensities, intensities
from tanbiao.lca.datasets.linking import LinkRule
from tanbiao.lca.datasets.records import Record
from tanbiao.lca.datasets.report import Report
from tanbiao.lca.model import GasClass
from tanbiao.lca.network.engine import Solver
from tanbiao.platform.kernel.evidence import keep_file, keep_path, read_file
from tanbiao.platform.kernel.models import EvidenceFile
from tanbiao.platform.library import models
from tanbiao.platform.library.rows import record_of
from tanbiao.words import Text

NPZ = "application/x-npz"


def keep_arrays(arrays: Mapping[str, NDArray[Any]]) -> EvidenceFile:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return keep_file(buffer.getvalue(), NPZ)


def read_arrays(record: EvidenceFile) -> dict[str, NDArray[Any]]:
    with np.load(io.BytesIO(read_file(record)), allow_pickle=False) as kept:
        return dict(kept)


def keep_compiled(version: models.Version, rule: LinkRule, compiled: Compiled, found: Intensities) -> models.Compiled:
    """Keep what was compiled under a rule; where that was done before, the one kept then is answered."""
    kept, _created = models.Compiled.objects.get_or_create(
        version=version,
        link_rule=rule.value,
        defaults={
            "network": keep_arrays(compiled.arrays()),
            "intensities": keep_arrays(_as_arrays(found)),
        },
    )
    return kept


def compiled_of(version: models.Version, rule: LinkRule | str = "") -> Compiled:
    """The matrices of a version under a link rule ("" that of its import): as kept, else compiled now and kept."""
    return _compiled(_kept(version, LinkRule(rule or version.link_rule)).network.sha256)


def intensities_of(version: models.Version, rule: LinkRule | str = "") -> Intensities:
    """kg of every gas per unit of every product, in the order of `compiled_of`."""
    return _intensities(_kept(version, LinkRule(rule or version.link_rule)).intensities.sha256)


class RecordsFile:
    """Records that are no data sets, written as they come: a line of JSON each, gzip."""

    def __init__(self, path: Path):
        self.path = path
        self._file = gzip.GzipFile(path, "wb", compresslevel=6, mtime=0)

    def add(self, record: Record) -> None:
        self._file.write(json.dumps(to_document(record), separators=(",", ":")).encode() + b"\n")

    def keep(self) -> EvidenceFile:
        self._file.close()
        return keep_path(self.path, "application/gzip")


def kept_records(version: models.Version) -> Iterator[Record]:
    """The flows, parameters and methods of a version, as they came."""
    if version.records is not None:
        with gzip.open(io.BytesIO(read_file(version.records)), "rb") as lines:
            for line in lines:
                yield from_document(json.loads(line))


def records_of(version: models.Version) -> Iterator[Record]:
    """Every record of a version again: flows, parameters and methods, then its data sets."""
    yield from kept_records(version)
    for dataset in version.datasets.order_by("uid").iterator(chunk_size=200):
        yield record_of(dataset)


def _kept(version: models.Version, rule: LinkRule) -> models.Compiled:
    kept = version.compiled.filter(link_rule=rule.value).select_related("network", "intensities").first()
    if kept is None:
        compiler = Compiler()
        for record in records_of(version):
            compiler.add(record)
        compiled = compiler.compiled(rule, Report())
        kept = keep_compiled(version, rule, compiled, intensities(compiled))
    return kept


@functools.lru_cache(maxsize=2)
def _compiled(sha256: str) -> Compiled:
    return Compiled.from_arrays(read_arrays(EvidenceFile(sha256=sha256)))


@functools.lru_cache(maxsize=2)
def _intensities(sha256: str) -> Intensities:
    arrays = read_arrays(EvidenceFile(sha256=sha256))
    said = json.loads(arrays["texts"].tobytes())
    return Intensities(
        labels=tuple((substance, GasClass(gas_class)) for substance, gas_class in said["labels"]),
        kg=arrays["kg"],
        unsolved={int(product): Text(*text) for product, text in said["unsolved"].items()},
        uptake_assumed=arrays["uptake_assumed"],
        solver=Solver(**said["solver"]),
    )


def _as_arrays(found: Intensities) -> dict[str, NDArray[Any]]:
    texts = {
        "labels": found.labels,
        "unsolved": {product: (said.zh, said.en) for product, said in found.unsolved.items()},
        "solver": asdict(found.solver),
    }
    return {
        "kg": found.kg,
        "uptake_assumed": found.uptake_assumed,
        "texts": np.frombuffer(json.dumps(texts).encode(), dtype=np.uint8),
    }
