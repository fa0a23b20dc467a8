"""`tanbiao footprint`: from a filled-in workbook to the footprint, without server or database."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

STDOUT = "-"


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "footprint",
        help="由工作簿计算碳足迹 / the footprint of a workbook",
        description="读取工作簿，计算碳足迹并对照规则：0 完成，1 工作簿有问题，2 文件不存在。/ "
        "Read a workbook, calculate "
        "its footprint and check it against its rule: exit 0 done, 1 problems in the workbook, 2 no such file.",
    )
    parser.add_argument("workbook", nargs="?", help="填好的工作簿 / the filled-in workbook (.xlsx)")
    forms = parser.add_mutually_exclusive_group()
    for form, said in (
        ("json", "机器可读的全部结果 / everything, for machines"),
        ("csv", "贡献表 / the contribution table"),
        ("pdf", "报告 / the report"),
    ):
        forms.add_argument(f"--{form}", nargs="?", const=STDOUT, metavar="FILE", help=said)
    parser.add_argument("-o", "--output", metavar="FILE", help="写入文件 / write to this file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Returns 0, 1 with every problem of the workbook, or 2 where there is no file to read or write."""
    form, target = next(((f, v) for f in ("json", "csv", "pdf") if (v := getattr(args, f))), ("text", STDOUT))
    workbook = args.workbook
    if workbook is None and target.lower().endswith(".xlsx"):  # tanbiao footprint --json x.xlsx
        workbook, target = target, STDOUT
    if workbook is None:
        print("请给出工作簿文件 / name the workbook file", file=sys.stderr)
        return 2
    output = args.output or (None if target == STDOUT else target)
    if form == "pdf" and output is None:
        output = str(Path(workbook).with_suffix(".pdf"))

    from tanbiao.words import Problem, Problems, TanbiaoError

    try:
        made = _made(workbook, form)
    except OSError as error:
        print(f"{workbook}: 读不出文件 / cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    except Problems as error:
        return _refuse(error.problems, as_json=form == "json")
    except TanbiaoError as error:
        return _refuse((Problem("", error.text),), as_json=form == "json")
    return _write(made, output)


def _made(workbook: str, form: str) -> bytes | str:
    """The answer in the form asked for."""
    from tanbiao.formats import report
    from tanbiao.formats.workbook import read_workbook
    from tanbiao.rules import evaluate

    reading = read_workbook(Path(workbook))
    evaluation = evaluate(reading.system)
    document = report.footprint_json(evaluation, warnings=reading.warnings, workbook_sha256=reading.digest)
    if form == "csv":
        return report.footprint_csv(document)
    if form == "pdf":
        return report.footprint_pdf(document)
    if form == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    from tanbiao.formats.terminal import footprint_text

    return footprint_text(document) + "\n"


def _write(made: bytes | str, output: str | None) -> int:
    if output is None:
        sys.stdout.write(made if isinstance(made, str) else made.decode())
        return 0
    try:
        Path(output).write_bytes(made if isinstance(made, bytes) else made.encode(_encoding(output)))
    except OSError as error:
        print(f"{output}: 不能写入 / cannot be written: {error.strerror}", file=sys.stderr)
        return 2
    print(output)
    return 0


def _encoding(output: str) -> str:
    # a spreadsheet takes a CSV for UTF-8 only when it begins with a mark
    return "utf-8-sig" if output.lower().endswith(".csv") else "utf-8"


def _refuse(problems: Any, *, as_json: bool) -> int:
    """Say every problem in both languages (warnings too, marked), and answer 1."""
    if as_json:
        errors = [{"place": p.place, "zh": p.text.zh, "en": p.text.en} for p in problems if p.fatal]
        print(json.dumps({"errors": errors}, ensure_ascii=False, indent=2))
        return 1
    fatal = [p for p in problems if p.fatal]
    print(
        f"工作簿有 {len(fatal)} 个问题，没有计算。/ Nothing was calculated; problems in the workbook: {len(fatal)}.",
        file=sys.stderr,
    )
    for p in problems:
        mark = "✗" if p.fatal else "!"
        print(f"{mark} {p.place or '工作簿 workbook'}\n    {p.text.zh}\n    {p.text.en}", file=sys.stderr)
    return 1
