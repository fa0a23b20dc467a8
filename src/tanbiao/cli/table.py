"""`tanbiao table`: is this CSV fit to be read, in which encoding, and what needs a look?"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "table",
        help="检查 CSV 表格 / look at a CSV table",
        description="0 可读（可能有提醒），1 拒绝，2 文件不存在。/ "
        "Exit 0 readable (perhaps with warnings), 1 refused, 2 no file.",
    )
    parser.add_argument("file", type=Path, help="CSV 文件 / the CSV file")
    parser.add_argument("--json", action="store_true", help="机器可读 / for machines")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from tanbiao.formats.tables import MAX_BYTES, read_table
    from tanbiao.words import TanbiaoError

    try:
        with args.file.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        print(f"{args.file}: 读不出文件 / cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    try:
        table = read_table(data, args.file.name)
    except TanbiaoError as error:
        if args.json:
            refusal = {"place": "", "zh": error.text.zh, "en": error.text.en}
            print(json.dumps({"verdict": "reject", "errors": [refusal]}, ensure_ascii=False, indent=2))
        else:
            print(f"拒绝 / rejected: {error}", file=sys.stderr)
        return 1
    warnings = [{"place": w.place, "zh": w.text.zh, "en": w.text.en} for w in table.warnings]
    verdict = "warn" if warnings else "accept"
    if args.json:
        answer = {
            "verdict": verdict,
            "encoding": table.encoding,
            "header": table.header,
            "rows": table.rows,
            "warnings": warnings,
        }
        print(json.dumps(answer, ensure_ascii=False, indent=2))
        return 0
    said = {"accept": "可读 / accepted", "warn": "可读，有提醒 / accepted with warnings"}[verdict]
    print(f"{said} · 编码 encoding {table.encoding} · {len(table.rows)} 行 rows × {len(table.header)} 列 columns")
    for w in warnings:
        print(f"! {w['place']}\n    {w['zh']}\n    {w['en']}")
    return 0
