"""The web server, and how much it takes in: large files at the one address that asks for them, little elsewhere.

A body beyond its bound is read and thrown away, for a browser shows the answer only once it has sent everything; that
costs neither memory nor disk. A body within its bound goes to a temporary file as it comes.
"""

from __future__ import annotations

import copy
import os
from contextlib import suppress
from typing import Any

import waitress.server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

from tanbiao.cli.platform import say

LARGE = "/library/import/"
BESIDE = 1024 * 1024  # bytes of a form beside its file

PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>文件过大 · Too large</title>
<body style="font-family: sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
<h1>文件过大 · The file is too large</h1>
<p>{zh}什么也没有保存。请用浏览器的“返回”。</p>
<p lang="en">{en} Nothing was kept. Go back with your browser.</p>
"""
USUAL = (
    "这里最多接收 {megabytes} MB。",
    "At most {megabytes} MB are taken here.",
)
COMMAND_LINE = (
    "网页最多接收 {megabytes} MB 的数据库文件；更大的请在服务器上用命令行导入："
    "<code>tanbiao library import FILE</code>。",
    "Database files of up to {megabytes} MB are taken here; import larger ones on the server, by command line: "
    "<code>tanbiao library import FILE</code>.",
)


def listen(host: str, port: int) -> None:
    """Serve the platform until told to stop."""
    from django.conf import settings

    from tanbiao.site.wsgi import application

    behind_proxy: dict[str, Any] = {}
    if settings.HTTPS:  # nobody else's word on the client and the scheme is taken
        behind_proxy = {
            "trusted_proxy": os.environ.get("TANBIAO_PROXY", "127.0.0.1"),
            "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto",
        }
    bound(settings.WORKBOOK_MAX_BYTES, settings.LIBRARY_MAX_BYTES)
    server = waitress.create_server(application, host=host, port=port, threads=8, ident="tanbiao", **behind_proxy)
    with suppress(KeyboardInterrupt):
        say(f"网站已启动 / listening: http://localhost:{port}  (Ctrl-C 停止 / stops)")
        server.run()


def bound(usual: int, large: int) -> None:
    """How large a file may be that is sent to waitress in this process; at its own settings it would take 1 GB."""
    Request.usual, Request.large = usual, large
    waitress.server.BaseWSGIServer.channel_class = Channel


class TooLarge(RequestEntityTooLarge):  # type: ignore[misc]
    """An answer that says what to do, in both languages."""

    def to_response(self, ident: Any = None) -> tuple[str, list[tuple[str, str]], bytes]:
        return f"{self.code} {self.reason}", [("Content-Type", "text/html; charset=utf-8")], self.body.encode()


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request as it arrives: its bound is known once its headers are read."""

    usual = large = 0
    is_large = False
    thrown_away = 0  # bytes of a body that is too large, still to come
    adj: Any
    error: Any

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        self.is_large = self.path == LARGE and "sessionid=" in self.headers.get("COOKIE", "")
        self.adj = copy.copy(self.adj)
        self.adj.max_request_body_size = BESIDE + (self.large if self.is_large else self.usual)

    def received(self, data: bytes) -> int:
        if self.thrown_away:
            taken = min(len(data), self.thrown_away)
            self.thrown_away -= taken
            self.completed = not self.thrown_away
            return taken
        taken = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            zh, en = COMMAND_LINE if self.is_large else USUAL
            said = PAGE.format(zh=zh, en=en)
            self.error = TooLarge(said.format(megabytes=(self.large if self.is_large else self.usual) // 1024**2))
            self.thrown_away = 0 if self.chunked else self.content_length
            self.completed = not self.thrown_away
        return int(taken)


class Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = Request
