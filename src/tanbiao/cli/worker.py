"""`tanbiao worker`: does the background jobs of a database; and the one that `tanbiao serve` keeps beside itself."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tanbiao.cli.platform import platform, say, say_aside, when_told_to_stop

GRACE = 5.0  # seconds that a job in hand gets when the site stops; after that it is handed back
AGAIN = 3.0  # seconds until a worker that died is begun again


def register(commands: Any) -> None:
    parser = commands.add_parser(
        "worker",
        help="完成后台任务（导入等）/ do background jobs (imports, ...)",
        description="tanbiao serve 已自带一个；仅当网站以 --no-worker 运行、或任务在另一台机器上完成时才需要。"
        "同一数据库同时只有一个在工作，其余等候接替。/ `tanbiao serve` has one of its own; run this where the site "
        "runs with --no-worker, or to have jobs done on another machine. One works at a time; others stand by.",
    )
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)  # end when standard input does
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Works until told to stop; 1 where the database is lost."""
    stop = threading.Event()
    if args.with_parent:
        threading.Thread(target=_end_with_parent, args=[stop], daemon=True).start()
    with platform(tell=say_aside):
        from tanbiao.platform.kernel import jobs

        # in threads of their own, since what a signal interrupts may hold the lock that they need
        when_told_to_stop(lambda *_: threading.Thread(target=_leave if stop.is_set() else stop.set).start())
        if not args.with_parent:
            say("任务进程已启动（Ctrl-C：完成手头任务后停止，再按：立即停止）")
            say("worker started (Ctrl-C: stops after the job in hand; again: at once)")
        try:
            jobs.run_worker(stop)
        except OSError as error:
            say_aside(f"任务进程停止：与数据库的连接中断 / the worker stops: {error}")
            return 1
    return 0


def _end_with_parent(stop: threading.Event) -> None:
    """Our parent holds the other end of our standard input; the kernel closes it however the parent ends."""
    sys.stdin.buffer.read()
    stop.set()
    time.sleep(GRACE)
    _leave()


def _leave() -> None:
    """End now, whatever is in hand; it is begun again by the next worker."""
    from tanbiao.platform.kernel import jobs

    try:
        jobs.hand_back()
    finally:
        os._exit(0)


@contextmanager
def worker_beside(elsewhere: bool = False) -> Iterator[None]:
    """A worker in a process of its own, begun again when it dies, ended with the block; killed with us when we are.

    Its memory is its own: an import that takes too much ends it, and not the web site.
    """
    if elsewhere:
        yield
        return
    done = threading.Event()
    keeper = threading.Thread(target=_keep, args=[done])
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _keep(done: threading.Event) -> None:
    # in a session of its own, so that Ctrl-C in a terminal comes to us alone, and from us to it
    command = [sys.executable, "-m", "tanbiao.cli.main", "worker", "--with-parent"]
    while not done.is_set():
        with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as worker:  # noqa: S603
            while worker.poll() is None and not done.wait(1):
                pass
            if worker.stdin:
                worker.stdin.close()
            try:
                worker.wait(timeout=3 * GRACE)
            except subprocess.TimeoutExpired:
                worker.kill()
        if not done.is_set():
            say_aside(f"任务进程意外结束，重新启动 / the worker ended ({worker.returncode}) and is begun again")
            done.wait(AGAIN)
