"""`tanbiao` in one process of its own for many commands, on a database of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest

# Runs each command line that it is sent, as JSON, and answers with what it said and how much it took.
MANY = """
import contextlib, io, json, resource, sys, time
from tanbiao.cli.main import main
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
for line in sys.stdin:
    out, err = io.StringIO(), io.StringIO()
    before, began = peak(), time.monotonic()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(json.loads(line))
        except SystemExit as ended:
            code = ended.code
    said = {"code": code, "out": out.getvalue(), "err": err.getvalue()}
    took = {"seconds": time.monotonic() - began, "more_mb": peak() - before}
    print(json.dumps(said | took), flush=True)
"""


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str
    seconds: float
    more_mb: float

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture(scope="module")
def own_database(var, own_environment):
    """The environment of commands on a database that is kept running for them."""
    from tanbiao.embedded import Server

    with Server(var / "postgres", durable=False) as server:
        yield own_environment | {"DATABASE_URL": server.url()}


@pytest.fixture(scope="module")
def tanbiao(own_database):
    with subprocess.Popen(
        [sys.executable, "-c", MANY], env=own_database, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def run(*words):
            process.stdin.write(json.dumps([str(word) for word in words]) + "\n")
            process.stdin.flush()
            return Done(**json.loads(process.stdout.readline()))

        yield run
        process.stdin.close()
