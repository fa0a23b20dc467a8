"""Finding a factor: search with filters, comparison side by side, the result as a table to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tanbiao.formats.tables import write_table
from tanbiao.lca.model import FactorKind
from tanbiao.platform.kernel.pages import download, either
from tanbiao.platform.library.queries import Filters, Found, datasets_visible_to, find_datasets, sources_visible_to
from tanbiao.platform.library.templatetags.library import (
    form_name,
    gas_scope_name,
    kind_name,
    life_cycle_name,
    usability,
    years,
)

if TYPE_CHECKING:
    from tanbiao.platform.library.models import Dataset

TEXT_AT_MOST = 100
ON_A_PAGE = 20
COMPARED_AT_MOST = 6
EXPORTED_AT_MOST = 5000
CHOICES = ("region", "year", "life_cycle_scope", "kind", "form", "source", "quality", "state")


@require_GET
def factors(request: HttpRequest) -> HttpResponse:
    """The library: what is looked for first, whether it may be used in a footprint beside it."""
    text, filters = asked(request)
    number = request.GET.get("page", "")
    page = int(number) if number.isdecimal() and len(number) < 7 else 1
    found = find_datasets(request.actor, text, filters=filters, page=page, size=ON_A_PAGE)
    context = {
        "text": text,
        "things": _paged(found),
        "found": found,
        "filters": _filters(request, found),
        "narrowed": sum(bool(request.GET.get(name)) for name in CHOICES),
        "two_kinds": _two_kinds(request, text, found) if page == 1 else None,
    }
    return render(request, "library/factors.html", context)


def _two_kinds(request: HttpRequest, text: str, found: Found) -> dict[str, Any] | None:
    """Where electricity is looked for: the first factor of the grid, which is none for footprints, and one that is.

    Of the same country, whole and usable; failing that, the one that the grid factor names itself.
    """
    count = dict(found.facets["kind"]).get(FactorKind.GRID_CO2)
    if not text or not count:
        return None
    wrong = next(iter(find_datasets(request.actor, text, filters=Filters(kind=FactorKind.GRID_CO2), size=1).rows), None)
    if wrong is None or wrong.refused is None:
        return None
    country = Filters(kind=FactorKind.ELECTRICITY_FOOTPRINT, region=wrong.dataset.region.split("-")[0], permitted=True)
    right = (row.dataset for row in find_datasets(request.actor, text, filters=country).rows if row.dataset.complete)
    return {"right": next(right, wrong.instead), "wrong": wrong.dataset, "count": count}


def asked(request: HttpRequest) -> tuple[str, Filters]:
    """Words and filters of the address; what makes no sense is left out."""
    given = {name: request.GET.get(name, "")[:TEXT_AT_MOST].strip() for name in ("q", "unit", *CHOICES)}
    year = int(given["year"]) if given["year"].isdecimal() and len(given["year"]) == 4 else None
    return given["q"], Filters(
        region=given["region"],
        year_from=year,
        year_to=year,
        kind=given["kind"],
        form=given["form"],
        source=given["source"] if _is_id(given["source"]) else "",
        unit=given["unit"],
        life_cycle_scope=given["life_cycle_scope"],
        quality=given["quality"],
        state=given["state"] or ("" if request.GET.get("state") == "" and "state" in request.GET else "current"),
    )


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _paged(found: Found) -> Any:
    """The rows as a page of a list, so that the links to the others are those of every list."""
    rows = _Rows(found)
    return Paginator(rows, found.size).get_page(found.page)


class _Rows(Sequence[Any]):
    """As long as all that was found, with the rows of one page."""

    def __init__(self, found: Found):
        self.found = found

    def __len__(self) -> int:
        return self.found.total

    def __getitem__(self, place: Any) -> Any:
        return self.found.rows


def _filters(request: HttpRequest, found: Found) -> list[dict[str, Any]]:
    """Each filter with its values and how many data sets have them, the chosen one among them even where none has."""
    sources = {str(source.pk): source for source in sources_visible_to(request.actor)}
    words = {
        "region": (_("地区"), str),
        "year": (_("年份"), str),
        "life_cycle_scope": (_("生命周期范围"), life_cycle_name),
        "kind": (_("种类"), kind_name),
        "form": (_("形式"), form_name),
        "source": (_("来源"), lambda pk: either(sources[pk].title, sources[pk].title_en) if pk in sources else ""),
        "quality": (_("质量评分"), str),
        "state": (_("状态"), {"current": _("现行"), "retired": _("已停用")}.__getitem__),
    }
    made = []
    for name, (label, say) in words.items():
        counts = {str(value): count for value, count in found.facets[name]}
        chosen = request.GET.get(name, "current" if name == "state" and "state" not in request.GET else "")
        if len(counts) < 2 and not chosen:
            continue
        values = sorted(counts, reverse=name == "year") if name in ("year", "region") else list(counts)
        made.append(
            {
                "name": name,
                "label": label,
                "options": [{"value": v, "label": say(v), "count": counts[v], "chosen": v == chosen} for v in values],
            }
        )
    return made


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Some data sets side by side; what differs stands out."""
    keys = request.GET.getlist("key")[:COMPARED_AT_MOST]
    by_key = {d.key: d for d in datasets_visible_to(request.actor).filter(key__in=keys)}
    things = [by_key[key] for key in dict.fromkeys(keys) if key in by_key]
    rows = []
    for name, cells in ((name, [say(d) for d in things]) for name, say in _columns().items()):
        rows.append({"name": name, "cells": cells, "differs": len(set(cells)) > 1})
    return render(request, "library/compare.html", {"things": things, "rows": rows, "finding": _spread(things)})


def _spread(things: list[Dataset]) -> str:
    """What a comparison shows first: how far the values of one unit lie apart."""
    values = [d.value for d in things if d.value and d.value > 0]
    if len(values) < 2 or len({d.unit for d in things}) > 1:
        return _("单位不同的数值不能直接比较。") if len({d.unit for d in things}) > 1 else ""
    return _("最大值是最小值的 %(times)s 倍。") % {"times": f"{max(values) / min(values):.3g}"}


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """All that a search finds as CSV, safe to open in a spreadsheet."""
    text, filters = asked(request)
    found = find_datasets(request.actor, text, filters=filters, size=EXPORTED_AT_MOST)
    columns = _columns()
    rows = [
        [d.key, d.name, d.name_en, "" if d.value is None else d.value, d.unit, *(say(d) for say in columns.values())]
        for d in (row.dataset for row in found.rows)
    ]
    header = ["key", _("名称"), "name", "kg CO2e", _("每"), *columns]
    return download(write_table(header, rows).encode("utf-8-sig"), "factors.csv", "text/csv; charset=utf-8")


def _columns() -> dict[str, Any]:
    """What is said of a data set in a table, by the head of the column."""
    return {
        _("数值"): lambda d: "" if d.value is None else f"{d.value:.6g} kg CO2e/{d.unit}",
        _("可否用于碳足迹"): usability,
        _("种类"): lambda d: kind_name(d.kind) if d.kind else "",
        _("生命周期范围"): lambda d: life_cycle_name(d.life_cycle_scope),
        _("气体范围"): lambda d: gas_scope_name(d.gas_scope),
        _("边界"): lambda d: d.boundary,
        _("地区"): lambda d: d.region,
        _("年份"): years,
        _("技术"): lambda d: d.technology,
        _("数据质量"): lambda d: d.quality,
        _("数据库"): lambda d: f"{either(d.version.source.title, d.version.source.title_en)} v{d.version.number}",
        _("许可"): lambda d: d.version.source.licence,
        _("来源文件"): lambda d: d.citation,
    }
