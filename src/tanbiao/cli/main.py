"""`tanbiao`: the one command. Each subcommand lives in its own module, imported only when it is asked for."""

from __future__ import annotations

import argparse
import importlib
import io
import sys
from collections.abc import Sequence

from tanbiao import __version__
from tanbiao.words import TanbiaoError

#: module -> its commands with their one-line help; a module has `register(subparsers)`, which sets `run` for each.
COMMANDS = {
    "tanbiao.cli.workbook": {"workbook": "活动数据工作簿 / the workbook of activity data"},
    "tanbiao.cli.footprint": {"footprint": "由工作簿计算碳足迹 / the footprint of a workbook"},
    "tanbiao.cli.table": {"table": "检查 CSV 表格 / look at a CSV table"},
    "tanbiao.cli.library": {"library": "背景数据库 / background databases"},
    "tanbiao.cli.rule": {"rule": "认证规则 / certification rules"},
    "tanbiao.cli.verify": {"verify": "离线验证证书 / check a certificate offline"},
    "tanbiao.cli.serve": {
        "serve": "启动网站 / start the web site",
        "demo": "演示全流程并启动网站 / walk through the main job, then start the web site",
    },
    "tanbiao.cli.worker": {"worker": "完成后台任务 / do background jobs"},
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the answer is the exit code (2 for a wrong command line)."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot write a character still gets the rest
    parser = argparse.ArgumentParser(
        prog="tanbiao", description="碳标：产品碳标识认证 / product carbon-label certification"
    )
    parser.add_argument("--version", action="version", version=f"tanbiao {__version__}")
    subparsers = parser.add_subparsers(metavar="命令 command", required=True)
    asked = next((word for word in words if not word.startswith("-")), "")
    for module, commands in COMMANDS.items():
        if asked in commands:
            importlib.import_module(module).register(subparsers)
        else:
            for name, said in commands.items():
                subparsers.add_parser(name, help=said)
    args = parser.parse_args(words)
    try:
        return int(args.run(args))
    except TanbiaoError as error:  # with no answer of its own: an unknown rule, a database that does not start
        print(f"{error.text.zh}\n{error.text.en}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\n已停止 / stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has left (| head)
        sys.stderr.close()
        return 0


if __name__ == "__main__":
    sys.exit(main())
