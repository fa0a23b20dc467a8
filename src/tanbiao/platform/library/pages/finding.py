"""Finding a factor: search with filters, comparison side by side, the result as a table to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tanbiao.formats.tables import write_table
from tanbiao.lca.datasets.regions import region_in
from tanbiao.platform.kernel.pages import download, either, page_number, page_of_found
from tanbiao.platform.library.queries import (
    Filters,
    Found,
    datasets_visible_to,
    find_datasets,
    sources_visible_to,
    two_kinds,
    value_per,
)
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
COMPARED_AT_MOST = 6
EXPORTED_AT_MOST = 5000
CHOICES = ("region", "year", "unit", "life_cycle_scope", "kind", "form", "source", "quality", "state")


@require_GET
def factors(request: HttpRequest) -> HttpResponse:
    """The library: what is looked for first, whether it may be used in a footprint beside it."""
    text, filters = asked(request)
    page = page_number(request)
    found = find_datasets(request.actor, text, filters=filters, page=page)
    context = {
        "text": text,
        "unit": filters.unit,
        "things": page_of_found(found.rows, total=found.total, number=found.page, size=found.size),
        "found": found,
        "filters": _filters(request, found),
        "narrowed": sum(request.GET.get(name, "") not in ("", "current") for name in CHOICES),  # current: the default
        "two_kinds": two_kinds(request.actor, found, filters.region or region_in(text)) if text and page == 1 else None,
    }
    return render(request, "library/factors.html", context)


def asked(request: HttpRequest) -> tuple[str, Filters]:
    """Words and filters of the address; what makes no sense is left out."""
    given = {name: request.GET.get(name, "")[:TEXT_AT_MOST].strip() for name in ("q", *CHOICES)}
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


def _filters(request: HttpRequest, found: Found) -> list[dict[str, Any]]:
    """Each filter with its values and how many data sets have them, the chosen one among them even where none has."""
    sources = {str(source.pk): source for source in sources_visible_to(request.actor)}
    words = {
        "region": (_("地区"), str),
        "year": (_("年份"), str),
        "unit": (_("按单位换算"), str),
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
        if name == "unit":  # all that measures the same is kept, so that a number of each says nothing
            counts = dict.fromkeys({**counts, chosen: None} if chosen else counts)
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
    unit = things[0].unit if things else ""  # of the first, for all that measure the same
    rows = []
    for name, cells in ((name, [say(d) for d in things]) for name, say in _columns(unit).items()):
        rows.append({"name": name, "cells": cells, "differs": len(set(cells)) > 1})
    return render(request, "library/compare.html", {"things": things, "rows": rows, "finding": _spread(things, unit)})


def _spread(things: list[Dataset], unit: str) -> str:
    """What a comparison shows first: how far the values per one unit lie apart."""
    worth = [value_per(d, unit) for d in things]
    values = [value for value, _unit in worth if value and value > 0]
    gases, units = zip(*(per.split("/", 1) for _value, per in worth), strict=True) if worth else ((), ())
    if len(set(units)) > 1:
        return _("单位不同的数值不能直接比较。")
    if len(set(gases)) > 1:
        return _("只含二氧化碳的数值不能与全部温室气体的数值直接比较。")
    if len(values) < 2:
        return ""
    return _("最大值是最小值的 %(times)s 倍。") % {"times": f"{max(values) / min(values):.3g}"}


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """All that a search finds as CSV, safe to open in a spreadsheet."""
    text, filters = asked(request)
    found = find_datasets(request.actor, text, filters=filters, size=EXPORTED_AT_MOST)
    columns = _columns(filters.unit)
    rows = [
        [d.key, d.name, d.name_en, "" if d.value is None else d.value, d.unit, *(say(d) for say in columns.values())]
        for d in (row.dataset for row in found.rows)
    ]
    header = ["key", _("名称"), "name", "kg CO2e", _("每"), *columns]
    return download(write_table(header, rows).encode("utf-8-sig"), "factors.csv", "text/csv; charset=utf-8")


def _columns(unit: str) -> dict[str, Any]:
    """What is said of a data set in a table, by the head of the column; the value per a unit that is asked for."""
    return {
        _("数值"): lambda d: "" if d.value is None else "{:.6g} {}".format(*value_per(d, unit)),
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
