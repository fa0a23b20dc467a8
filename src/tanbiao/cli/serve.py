"""`tanbiao serve` and `tanbiao demo`: database, migrations, worker and web server, begun and ended together."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path
from typing import Any

from tanbiao.cli.listening import listen
from tanbiao.cli.platform import platform, say
from tanbiao.cli.worker import worker_beside


def register(commands: Any) -> None:
    serve = commands.add_parser(
        "serve", help="启动网站 / start the web site (own database, unless DATABASE_URL is set)"
    )
    demo = commands.add_parser("demo", help="演示全流程并启动网站 / walk through the main job, then start the web site")
    for parser in (serve, demo):
        parser.add_argument("--port", type=int, default=8000, help="端口 / port (%(default)s)")
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            help="监听的地址；0.0.0.0 对外开放，须同时设 TANBIAO_HOSTS / address to listen on (%(default)s)",
        )
        parser.add_argument(
            "--no-worker",
            action="store_true",
            help="后台任务另由 tanbiao worker 完成 / jobs are done by a `tanbiao worker` elsewhere",
        )
    demo.add_argument("--no-serve", action="store_true", help="只走流程，不启动网站 / walk only, start no web site")
    serve.set_defaults(run=run_serve)
    demo.set_defaults(run=run_demo)


def port_is_free(host: str, port: int) -> bool:
    """Whether we may listen there; said before any work is done where not."""
    try:
        with socket.create_server((host, port)):
            return True
    except OSError as error:
        why = os.strerror(error.errno or 0)
        print(
            f"不能使用端口 {port}（{why}）。请换一个：tanbiao … --port {port + 1}。 / "
            f"cannot listen on port {port} ({why}). Choose another: tanbiao … --port {port + 1}.",
            file=sys.stderr,
        )
        return False


def run_serve(args: argparse.Namespace) -> int:
    if not port_is_free(args.host, args.port):
        return 2
    with platform(args.port), worker_beside(args.no_worker):
        listen(args.host, args.port)
    return 0


def run_demo(args: argparse.Namespace) -> int:
    from tanbiao.site.place import project_root

    workbooks = sorted((project_root() / "examples" / "steel-rebar").glob("*.xlsx"))
    if not workbooks:
        print("找不到示例工作簿 / example workbook not found: examples/steel-rebar/*.xlsx", file=sys.stderr)
        return 2
    if not args.no_serve and not port_is_free(args.host, args.port):
        return 2
    with platform(args.port):
        _walk(workbooks[0], args.port)
        if not args.no_serve:
            with worker_beside(args.no_worker):
                listen(args.host, args.port)
    return 0


def _walk(workbook: Path, port: int) -> None:
    from tanbiao import demo
    from tanbiao.site.place import var_folder

    certificate = demo.walk(workbook, lambda text: say(f"  ✓ {text}"))
    say("")
    say("演示账号 / demo accounts:")
    names = {person.email: person.name for person in (demo.OPERATOR, *demo.PEOPLE)}
    for email, password in demo.passwords().items():
        say(f"  {email:26} {password}   {names.get(email, '')}")
    say("")
    say(f"公开查验 / public page   http://localhost:{port}/c/{certificate.number}/")
    say(f"碳标识   / label         http://localhost:{port}/c/{certificate.number}/label.svg")
    file = var_folder().absolute() / "demo/certificate.json"
    file = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
    say(f"证书文件 / certificate   {file}   (tanbiao verify {file})")
    say("")
