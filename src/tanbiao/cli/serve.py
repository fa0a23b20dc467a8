"""`tanbiao serve` and `tanbiao demo`: database, migrations, web server, in one process group."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tanbiao.words import TanbiaoError, Text


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
    demo.add_argument("--no-serve", action="store_true", help="只走流程，不启动网站 / walk only, start no web site")
    serve.set_defaults(run=run_serve)
    demo.set_defaults(run=run_demo)


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def platform(port: int) -> Iterator[None]:
    """Django on a running, migrated database: that of DATABASE_URL, else the embedded one (stopped at the end)."""
    from tanbiao.site.place import var_folder

    os.environ.setdefault("TANBIAO_URL", f"http://localhost:{port}")  # where labels and QR codes lead
    os.umask(os.umask(0o022) | 0o022)  # whatever we make, only our own account may change
    if os.environ.get("DATABASE_URL"):
        set_up()
        yield
        return
    from tanbiao.embedded import Server

    # a service manager, a closed window: stop as with Ctrl-C, which a shell's background job would not hear of
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if stop != signal.SIGHUP or signal.getsignal(stop) is not signal.SIG_IGN:  # nohup
            signal.signal(stop, signal.default_int_handler)
    say("启动内置数据库 / starting the embedded database …")
    with Server(var_folder() / "postgres") as server:
        os.environ["DATABASE_URL"] = server.url("tanbiao")
        set_up()
        yield


def set_up() -> None:
    """Raises TanbiaoError where the database does not answer."""
    import django
    from django.core.management import call_command
    from django.db import OperationalError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanbiao.site.settings")
    django.setup()
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise TanbiaoError(
            Text(
                f"数据库不可用，请检查 DATABASE_URL：{error}",
                f"The database cannot be used; check DATABASE_URL: {error}",
            )
        ) from error


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


def listen(host: str, port: int) -> None:
    """Serve until told to stop."""
    import waitress
    from django.conf import settings

    from tanbiao.site.wsgi import application

    behind_proxy: dict[str, Any] = {}
    if settings.HTTPS:  # nobody else's word on the client and the scheme is taken
        behind_proxy = {
            "trusted_proxy": os.environ.get("TANBIAO_PROXY", "127.0.0.1"),
            "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto",
        }
    server = waitress.create_server(
        application,
        host=host,
        port=port,
        threads=8,
        ident="tanbiao",
        max_request_body_size=settings.WORKBOOK_MAX_BYTES + 1024 * 1024,
        **behind_proxy,
    )
    with suppress(KeyboardInterrupt):
        say(f"网站已启动 / listening: http://localhost:{port}  (Ctrl-C 停止 / stops)")
        server.run()


def run_serve(args: argparse.Namespace) -> int:
    if not port_is_free(args.host, args.port):
        return 2
    with platform(args.port):
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
