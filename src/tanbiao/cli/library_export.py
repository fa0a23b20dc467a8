"""`tanbiao library export`: a version written out in a format that other programs read."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tanbiao.cli.answering import answer

if TYPE_CHECKING:
    from tanbiao.cli.progress import Progress

_R = TypeVar("_R")
SHOWN = 20  # of what the format has no place for


def run_export(args: argparse.Namespace) -> int:
    path: Path = args.output
    if path.exists() and not args.force:
        print(f"{path} 已存在，未覆盖（--force 覆盖） / exists, not overwritten (--force overwrites)", file=sys.stderr)
        return 2
    if not path.absolute().parent.is_dir():
        print(f"{path.parent}: 文件夹不存在 / no such folder", file=sys.stderr)
        return 2
    return answer(args, lambda: _export(args))


def _export(args: argparse.Namespace) -> int:
    from tanbiao.cli.library_named import version_named
    from tanbiao.cli.progress import Progress
    from tanbiao.formats.datasets.factor_table.writer import write_factor_table
    from tanbiao.formats.datasets.writing import PACKAGES
    from tanbiao.lca.datasets.report import Report
    from tanbiao.platform.library.queries import records_of
    from tanbiao.platform.library.shown import factors_of

    version = version_named(args.database)
    table = args.format == "table"
    # beside it, renamed when whole: what stands there is never half a database
    unfinished = args.output.with_name(f".{os.getpid()}-{args.output.name}")
    try:
        with Progress() as tell:
            if table:
                write_factor_table(_counted(factors_of(version), tell), unfinished)
                left_out = Report()
            else:
                left_out = PACKAGES[args.format](_counted(records_of(version), tell), unfinished)
        unfinished.replace(args.output)
    except OSError as error:
        print(f"{args.output}: 不能写入 / cannot be written: {error.strerror or error}", file=sys.stderr)
        return 2
    finally:
        unfinished.unlink(missing_ok=True)
    for notice in left_out.warnings[:SHOWN]:
        print(f"! {notice.place}\n    {notice.text.zh}\n    {notice.text.en}", file=sys.stderr)
    if (more := left_out.seen["not_written"] - SHOWN) > 0:
        print(f"  … 另有 {more} 处未写出 / {more} more were left out", file=sys.stderr)
    print(args.output)
    return 0


def _counted(records: Iterable[_R], tell: Progress) -> Iterator[_R]:
    done = 0
    for done, record in enumerate(records, start=1):
        tell("writing", done, 0)
        yield record
    tell("writing", done, done)
