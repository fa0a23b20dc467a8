"""What is shown of a data set and of a version: how a value is made up, flags by check, notices by code, a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db.models import Case, Count, F, IntegerField, Min, Q, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy

from tanbiao.formats.datasets.reading import formats
from tanbiao.lca.datasets.records import FactorRecord
from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.kernel.pages import for_reader
from tanbiao.platform.library.models import Dataset, Flag, FlagState, Form, Severity, Submission, Version
from tanbiao.platform.library.queries import compiled_of, datasets_of, record_of

LINES = 15  # inputs shown of a process
SHOWN = 10  # flags of one check, notices of one code


@dataclass(frozen=True, slots=True)
class Line:
    """What one input, or what the process releases itself, adds to the footprint of one unit."""

    name: str
    amount: float | None
    unit: str
    kg_co2e: float | None
    share: float | None
    supplier: Dataset | None = None


@dataclass(frozen=True, slots=True)
class Makeup:
    """How the value of a process comes about: its largest inputs with their suppliers, and what is not linked."""

    lines: list[Line]
    more: int
    unlinked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def largest(self) -> Line | None:
        known = [line for line in self.lines if line.share is not None]
        return max(known, key=lambda line: line.share or 0, default=None)


def makeup_of(actor: Actor, dataset: Dataset, own: str) -> Makeup | None:
    """The makeup of a process of a compiled version; None for other forms. `own`: what its own releases are called."""
    if dataset.form != Form.PROCESS:
        return None
    compiled = compiled_of(dataset.version)
    here = compiled.index.get(dataset.uid)
    unlinked = [
        {"name": for_reader(u.flow_name), "amount": u.amount, "unit": u.unit, "why": for_reader(u.text())}
        for u in compiled.unlinked
        if u.process == dataset.uid
    ]
    if here is None:
        return Makeup([], 0, unlinked) if unlinked else None
    recipe = compiled.network.inputs[[here], :].tocoo()
    taken = dict(zip(recipe.col.tolist(), recipe.data.tolist(), strict=True))
    uids = {compiled.processes[product] for product in taken}
    suppliers = {d.uid: d for d in datasets_of(actor, dataset.version).filter(uid__in=uids).only(*_OF_SUPPLIER)}
    lines = []
    for product, amount in taken.items():
        supplier = suppliers.get(compiled.processes[product])
        each = supplier.value if supplier else None
        kg = None if each is None else amount * each
        name = for_reader(compiled.product_names[product])
        lines.append(Line(name, amount, compiled.units[product], kg, _share(kg, dataset.value), supplier))
    if dataset.value is not None and all(line.kg_co2e is not None for line in lines):
        rest = dataset.value - float(np.sum([line.kg_co2e for line in lines]))
        lines.append(Line(own, None, "", rest, _share(rest, dataset.value)))
    lines.sort(key=lambda line: -abs(line.kg_co2e or 0))
    return Makeup(lines[:LINES], max(0, len(lines) - LINES), unlinked)


_OF_SUPPLIER = ("pk", "uid", "name", "name_en", "value", "unit", "version")


def _share(kg: float | None, whole: float | None) -> float | None:
    return kg / whole if kg is not None and whole else None


def flag_groups(thing: Version | Submission) -> list[dict[str, Any]]:
    """The flags of a version or a submission by check, the gravest first; the open ones before the decided.

    Counted and cut in the database: a large one has tens of thousands.
    """
    first: dict[str, list[Flag]] = {}
    flags = thing.flags.annotate(grave=_GRAVITY, decided=_DECIDED)
    order = [F("decided"), F("grave"), F("place")]
    number = Window(RowNumber(), partition_by="check_code", order_by=order)
    for flag in flags.annotate(number=number).filter(number__lte=SHOWN).order_by("number"):
        first.setdefault(flag.check_code, []).append(flag)
    counted = thing.flags.values("check_code").annotate(
        count=Count("pk"), open=Count("pk", filter=Q(state=FlagState.OPEN)), severity=Min(_GRAVITY)
    )
    found = [
        {
            "code": code,
            "severity": gravest,
            "grave": gravest == 0,
            "look": ("bad", "warn", "settled")[gravest],
            "said": Severity.labels[gravest],
            "count": count,
            "open": still_open,
            "first": first[code],
            "more": max(0, count - SHOWN),
        }
        for code, count, still_open, gravest in counted.values_list("check_code", "count", "open", "severity")
    ]
    return sorted(found, key=lambda group: (group["severity"], -group["open"], -group["count"]))


_GRAVITY = Case(
    *(When(severity=severity, then=place) for place, severity in enumerate(Severity)), output_field=IntegerField()
)
_DECIDED = Case(When(state=FlagState.OPEN, then=0), default=1, output_field=IntegerField())


def notice_groups(notices: Iterable[dict[str, Any]], seen: dict[str, int]) -> list[dict[str, Any]]:
    """The notices of a report by code, what was refused first, then the most frequent."""
    order = {"refused": 0, "warning": 1, "note": 2}
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for notice in notices:
        groups.setdefault((notice["severity"], notice["code"]), []).append(notice)
    found = [
        {
            "code": code,
            "severity": severity,
            "seen": max(seen.get(code, 0), len(first)),
            "first": first[:SHOWN],
            "more": max(0, max(seen.get(code, 0), len(first)) - SHOWN),
        }
        for (severity, code), first in groups.items()
    ]
    return sorted(found, key=lambda group: (order[group["severity"]], -group["seen"], group["code"]))


def factors_of(version: Version) -> Iterator[FactorRecord]:
    """The factors of a version, and what its processes come to per unit, as rows of a table."""
    for row in version.datasets.filter(value__isnull=False).order_by("uid").iterator(chunk_size=200):
        if row.form == Form.FACTOR:
            yield record_of(row)
            continue
        yield FactorRecord(
            id=row.uid,
            names={"zh": row.name, "en": row.name_en or row.name},
            value=row.value,
            unit=row.unit,
            given=f"{row.value!r} kg CO2e/{row.unit}",
            kind=row.kind,
            gas_scope=row.gas_scope,
            life_cycle_scope=row.life_cycle_scope,
            region=row.region,
            year=row.year,
            year_from=row.year_from,
            gwp_set="AR6",
            technology=row.technology,
            source=str(version),
            category=tuple(filter(None, row.category.split(" / "))),
            confidence="" if row.complete else "不完整：有未连接的投入 incomplete: inputs upstream are not linked",
        )


#: formats that are no product's name
PLAIN_FORMATS = {
    "table": gettext_lazy("因子表（CSV、Excel）"),
    "starter": gettext_lazy("随平台提供"),
    "measured": gettext_lazy("平台测算"),
}


def format_name(id: str) -> str:
    """What a format is called."""
    return str(PLAIN_FORMATS.get(id) or next((format.name for format in formats() if format.id == id), id))
