"""`tanbiao library list` and `search`: which databases there are, and which data sets answer to some words."""

from __future__ import annotations

import argparse
from typing import Any

from tanbiao.cli.answering import answer, print_json

SHOWN = 20
STATES = {"staged": "  [待检查，未发布 staged, not published]", "retired": "  [已停用 retired]"}


def run_list(args: argparse.Namespace) -> int:
    return answer(args, lambda: _list(args))


def run_search(args: argparse.Namespace) -> int:
    return answer(args, lambda: _search(args))


def _list(args: argparse.Namespace) -> int:
    from django.db.models import Count

    from tanbiao.platform.library.policies import ADMINISTRATOR
    from tanbiao.platform.library.queries import versions_visible_to

    versions = (
        versions_visible_to(ADMINISTRATOR)
        .annotate(datasets_held=Count("datasets"))
        .select_related("source__owner")
        .defer("report")
    )
    held: Any = versions.order_by("source__name", "-number")
    rows = [
        {
            "database": version.source.name,
            "title": version.source.title,
            "access": version.source.access,
            "owner": version.source.owner.name if version.source.owner else "",
            "version": version.number,
            "state": version.state,
            "format": version.format,
            "file": version.filename,
            "datasets": version.datasets_held,
            "published_at": version.published_at.isoformat() if version.published_at else None,
        }
        for version in held
    ]
    if args.json:
        print_json(rows)
        return 0
    kept = [row for row in rows if row["state"] != "failed"]
    if not kept:
        print("还没有数据库。导入：tanbiao library import FILE / none yet; tanbiao library import FILE")
    for row in kept:
        readers = "公开 open" if row["access"] == "open" else row["owner"] or "仅平台 platform only"
        print(f"{row['database']}@{row['version']}  {row['state']}  {row['datasets']}  {row['format']}  {readers}")
    return 0


def _search(args: argparse.Namespace) -> int:
    from tanbiao.platform.library.policies import ADMINISTRATOR
    from tanbiao.platform.library.queries import Filters, find_datasets, value_per

    filters = Filters(region=args.region, year_to=args.year, unit=args.unit)
    found = find_datasets(ADMINISTRATOR, " ".join(args.text), filters=filters, staged=True, size=SHOWN)
    rows = [_row(row) for row in found.rows]
    if args.json:
        print_json({"total": found.total, "datasets": rows})
        return 0
    print(f"找到 {found.total} 个数据集 / found: {found.total}")
    for row, (value, per) in zip(rows, (value_per(row.dataset, args.unit) for row in found.rows), strict=True):
        print(f"{row['key']}{STATES.get(row['state'], '')}")
        print(f"    {row['name']}{' / ' + row['name_en'] if row['name_en'] else ''}")
        said = "–" if value is None else f"{value:.6g} {per}"
        low = "" if row["complete"] else " · 数值偏低：上游有缺 / too low: gaps upstream"
        print(f"    {said}{low} · {row['region'] or '–'} {row['year'] or ''} · {row['why']['zh']}")
        if row["refused"]:
            print(f"    ✗ {row['refused']['zh']}\n      {row['refused']['en']}")
    return 0


def _row(row: Any) -> dict[str, Any]:
    dataset = row.dataset
    return {
        "key": dataset.key,
        "name": dataset.name,
        "name_en": dataset.name_en,
        "database": dataset.version.source.name,
        "version": dataset.version.number,
        "state": dataset.version.state,
        "form": dataset.form,
        "value": dataset.value,
        "unit": dataset.unit,
        "kind": dataset.kind,
        "gas_scope": dataset.gas_scope,
        "life_cycle_scope": dataset.life_cycle_scope,
        "region": dataset.region,
        "year": dataset.year,
        "complete": dataset.complete,
        "permitted_use": dataset.permitted_use,
        "why": {"zh": row.why.zh, "en": row.why.en},
        "refused": {"zh": row.refused.zh, "en": row.refused.en} if row.refused else None,
    }
