"""`tanbiao workbook new`: the empty workbook of a rule."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    workbook = subparsers.add_parser("workbook", help="活动数据工作簿 / the workbook of activity data")
    verbs = workbook.add_subparsers(metavar="new", required=True)
    new = verbs.add_parser("new", help="生成空白工作簿 / write an empty workbook")
    new.add_argument("--rule", required=True, help="规则编号，如 steel-eaf / id of the rule (tanbiao rule list)")
    new.add_argument("-o", "--output", type=Path, required=True, help="要写的 .xlsx 文件 / the file to write")
    new.add_argument("--force", action="store_true", help="覆盖已有文件 / overwrite an existing file")
    new.set_defaults(run=run_new)


def run_new(args: argparse.Namespace) -> int:
    """Returns 0, or 2 where the file cannot be written. Raises UnknownRule."""
    from tanbiao.formats.template import write_template
    from tanbiao.rules import load_rule

    rule = load_rule(args.rule)
    path: Path = args.output
    if path.exists() and path.stat().st_size and not args.force:
        # it may hold a year of somebody's work
        print(f"{path} 已存在，未覆盖（--force 覆盖） / exists, not overwritten (--force overwrites)", file=sys.stderr)
        return 2
    try:
        write_template(rule, path)
    except OSError as error:
        print(f"{path}: 不能写入 / cannot be written: {error.strerror}", file=sys.stderr)
        return 2
    print(path)
    return 0
