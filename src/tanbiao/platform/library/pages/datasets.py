"""One data set: what it says, what it covers, how its value came about, what became of it, who uses it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tanbiao.formats.starter import HEADINGS
from tanbiao.lca.datasets.document import to_document
from tanbiao.lca.datasets.records import DeclarationRecord, FactorRecord
from tanbiao.lca.gases.gwp import gwp_set
from tanbiao.lca.vocabulary import words_for
from tanbiao.platform.kernel.pages import download, either, for_reader
from tanbiao.platform.kernel.queries import events_of
from tanbiao.platform.library.pages.acting import verb_page
from tanbiao.platform.library.queries import dataset_for, factor_of, history_of, instead_of, record_of
from tanbiao.platform.library.shown import makeup_of
from tanbiao.platform.library.verbs import RETIRE_DATASET

if TYPE_CHECKING:
    from tanbiao.platform.library.models import Dataset


@require_GET
def dataset(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _visible(request, pk)
    record = record_of(found)
    context = {
        "thing": found,
        "dataset": found,
        "instead": instead_of(request.actor, found),
        "gases": _gases(found),
        "modules": _modules(record) if isinstance(record, DeclarationRecord) else None,
        "formula": _formula(record) if isinstance(record, FactorRecord) else [],
        "makeup": makeup_of(request.actor, found, own=_("过程自身的排放")),
        "flags": found.flags.all(),
        "history": history_of(request.actor, found),
        "events": events_of(found),
        "may_retire": request.actor.signed_in and not RETIRE_DATASET.refusal(request.actor, found),
    }
    return render(request, "library/dataset.html", context)


@require_GET
def as_json(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole record as it was read, and the factor made of it."""
    found = _visible(request, pk)
    document = {"key": found.key, "factor": found.factor, "record": to_document(record_of(found))}
    data = json.dumps(document, ensure_ascii=False, indent=1).encode()
    return download(data, f"{found.uid}.json", "application/json")


@login_required
@require_http_methods(["GET", "POST"])
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _visible(request, pk)
    about = [(_("因子"), either(found.name, found.name_en)), (_("编号"), found.key)]
    return verb_page(request, RETIRE_DATASET, found, about=about, back=reverse("library:dataset", args=[pk]))


def _visible(request: HttpRequest, pk: UUID) -> Dataset:
    found = dataset_for(request.actor, pk)
    if found is None:
        raise Http404
    return found


def _gases(found: Dataset) -> list[dict[str, Any]]:
    """What one unit releases, gas by gas; nothing where the source gives only a sum."""
    if found.factor is None:
        return []
    gwp, factor = gwp_set("AR6"), factor_of(found)
    rows = [
        {
            "substance": e.substance,
            "name": for_reader(words_for(e.gas_class)),
            "kg": (kg := float(e.quantity.amount) * (-1 if e.gas_class.removal else 1)),
            "kg_co2e": kg * gwp.of(e.substance, e.gas_class),
        }
        for e in factor.emissions
    ]
    return sorted(rows, key=lambda row: -abs(row["kg_co2e"])) if len(rows) > 1 else rows


def _modules(record: DeclarationRecord) -> dict[str, Any]:
    """The results of a declaration: indicators by module, in the order in which the modules are met."""
    names = list(dict.fromkeys(module for row in record.indicators for module in row.modules))
    rows = [
        {"name": dict(row.names), "unit": row.unit, "amounts": [row.modules.get(name) for name in names]}
        for row in record.indicators
    ]
    return {"names": names, "rows": rows}


def _formula(record: FactorRecord) -> list[tuple[str, str]]:
    """How the value of a factor was got, as far as its source says."""
    titles = {
        "formula": _("公式"),
        "method": _("方法"),
        "inventory": _("清单"),
        "representativeness": _("代表性"),
        "documents": _("证明文件"),
        "validity": _("有效期"),
        "note": _("说明"),
        **{f"{heading.zh} {heading.en}": for_reader(heading) for heading in HEADINGS.values()},
    }
    said = [(titles.get(name, name), _in_one_language(text)) for name, text in record.documentation.items() if text]
    given = ((_("来源写法"), record.given), (_("来源"), record.source))
    return said + [(name, text) for name, text in given if text]


def _in_one_language(text: str) -> str:
    """Of a text that says the same in Chinese and English ("事实 / facts") the reader's half."""
    chinese, _slash, english = text.partition(" / ")
    return either(chinese, english) if english.isascii() and not chinese.isascii() else text
