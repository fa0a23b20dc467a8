"""`tanbiao library`: background databases, brought in, looked through, checked, solved, published and written out.

Whoever has the database in hand may do everything here: the command line acts as the administrator.
"""

from __future__ import annotations

import argparse
import importlib
import math
from pathlib import Path
from typing import Any

DB = "数据库名称，或 名称@版本 / name of the database, or NAME@VERSION"
RULES = ("declared", "main-product", "co-products")
RULE = "连接规则，见 docs/library.md / link rule (%(choices)s)"


def register(subparsers: Any) -> None:
    library = subparsers.add_parser("library", help="背景数据库 / background databases")
    verbs = library.add_subparsers(
        metavar="import | list | search | check | inventory | export | publish", required=True
    )

    def verb(name: str, module: str, said: str, more: str = "") -> Any:
        parser = verbs.add_parser(name, help=said, description=f"{said}。{more}" if more else said)
        if name not in ("export", "publish"):
            parser.add_argument("--json", action="store_true", help="机器可读 / for machines")
        parser.set_defaults(run=lambda args: _run(module, name, args))
        return parser

    bring = verb(
        "import",
        "library_import",
        "导入数据库、因子表或 EPD / read in a database, a table of factors or EPDs",
        "0 已导入，1 拒绝，2 文件不存在；中断后用同一命令继续。/ Exit 0 taken, 1 refused, 2 no such file; "
        "interrupted, the same command goes on.",
    )
    bring.add_argument("file", type=Path, metavar="FILE|FOLDER", help="文件或文件夹 / file or folder")
    bring.add_argument("--name", help="名称，默认取自文件名 / its name here (default: of the file)")
    bring.add_argument("--link", choices=RULES, default="declared", help=RULE)
    bring.add_argument("--open", action="store_true", help="对所有人公开 / open to everybody")
    bring.add_argument(
        "--organisation", metavar="X", help="所属单位：名称或信用代码 / whose licence: name or credit code"
    )
    bring.add_argument("--publish", action="store_true", help="随即发布 / publish it at once")

    verb("list", "library_lists", "列出数据库 / the databases there are")

    search = verb("search", "library_lists", "查找数据集 / find data sets")
    search.add_argument("text", nargs="+", help="要找的词 / words")
    search.add_argument("--region", default="", help="地区代码，如 CN-SH / code of the region")
    search.add_argument(
        "--year", type=_year, help="最接近此年的在前，不晚于此年 / nearest to this year first, none later"
    )
    search.add_argument("--unit", default="", help="单位，如 kWh / unit")

    check = verb(
        "check", "library_check", "质量检查与未连接的投入 / quality flags and inputs without supplier",
        "有待决定的严重问题时为 1。/ Exit 1 where blocking flags are undecided.",
    )  # fmt: skip
    check.add_argument("database", metavar="DB", help=DB)

    inventory = verb("inventory", "library_inventory", "生命周期清单与碳足迹 / life-cycle inventory and footprint")
    inventory.add_argument("database", metavar="DB", help=DB)
    inventory.add_argument("product", metavar="PRODUCT", help="过程编号或名称 / id or name of the process")
    inventory.add_argument("--amount", type=_amount, default=1.0, help="数量 / how much of it (%(default)g)")
    inventory.add_argument("--unit", default="", help="数量的单位 / unit of the amount (default: its own)")
    inventory.add_argument("--link", choices=RULES, help=RULE)
    inventory.add_argument("--gwp", choices=("AR6", "AR5"), default="AR6", help="GWP100")

    export = verb("export", "library_export", "写出数据库 / write a database out")
    export.add_argument("database", metavar="DB", help=DB)
    export.add_argument(
        "--format", choices=("openlca", "ilcd", "tidas", "table"), required=True, help="格式 / format (%(choices)s)"
    )
    export.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="写入文件 / file to write")
    export.add_argument("--force", action="store_true", help="覆盖已有文件 / overwrite an existing file")

    publish = verb("publish", "library_check", "发布已导入的版本 / publish what was imported")
    publish.add_argument("database", metavar="DB", help=DB)
    publish.add_argument(
        "--reason", default="", help="接受未决定的严重问题的理由 / why undecided blocking flags are accepted"
    )


def _amount(text: str) -> float:
    amount = float(text)
    if not math.isfinite(amount):
        raise ValueError
    return amount


def _year(text: str) -> int:
    year = int(text)
    if not 1900 <= year <= 2200:
        raise ValueError
    return year


def _run(module: str, verb: str, args: argparse.Namespace) -> int:
    """The module is loaded when it is asked for. Bytes that are no text become question marks: nothing is named so."""
    for name, value in vars(args).items():
        if isinstance(value, str):
            setattr(args, name, value.encode("utf-8", "replace").decode())
    return int(getattr(importlib.import_module(f"tanbiao.cli.{module}"), f"run_{verb}")(args))
