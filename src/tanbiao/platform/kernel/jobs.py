"""Work that outlives its request: handed over in the transaction of the act, done by a process of its own.

    @jobs.task("library.import", given_up=mark_as_failed)
    def import_version(version: str) -> None: ...

    jobs.defer("library.import", version=str(version.pk))  # nothing is queued where the transaction fails

Jobs live in the database (procrastinate). One worker at a time works on a database: it holds a lock that PostgreSQL
lets go when the worker ends in any way, `kill -9` included, and the next one takes over. So whatever is under way when
a worker begins was left by one that died, and is begun again: a job must bear being begun twice. A job that fails is
not tried again; one whose worker dies MOST_STARTS times is given up.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import psycopg
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from procrastinate import manager, tasks, utils
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import Status

QUEUE = "tanbiao"
MOST_STARTS = 3
THE_WORKER = 0x74616E6269616F  # the lock that the one worker holds: "tanbiao"
LOOK_AGAIN = 2.0  # seconds between two looks whether the worker before has gone

log = logging.getLogger(__name__)

Body = TypeVar("Body", bound=Callable[..., None])
_given_up: dict[str, Callable[..., None]] = {}
_at_work = threading.Event()  # this process is the one worker


def task(name: str, *, given_up: Callable[..., None] | None = None) -> Callable[[Body], Body]:
    """Make a function the work of all jobs of a name; it stays an ordinary function. It lives in `tasks.py` of an app.

    given_up  called with the arguments of a job that will not be begun again, since its workers die of it
    """

    def register(body: Body) -> Body:
        app.task(name=name, queue=QUEUE)(body)
        if given_up:
            _given_up[name] = given_up
        return body

    return register


def defer(name: str, **arguments: Any) -> None:
    """Queue a job, in the transaction of the caller. Arguments are plain JSON."""
    if name not in app.tasks:
        raise ValueError(f"no task of this name: {name}")
    tasks.configure_task(name=name, job_manager=_jobs(), queue=QUEUE).defer(**arguments)


def run_worker(stop: threading.Event, *, until_done: bool = False) -> None:
    """Do the jobs of this database one after the other until told to stop; then end after the job in hand.

    Waits while another worker is at work. until_done: stop when no job is left. Raises OSError when the database goes.
    """
    with _the_only_worker(stop) as ours:
        if ours:
            _begin_again()
            _at_work.set()
            try:
                asyncio.run(_work(stop, until_done))
            finally:
                _at_work.clear()


def hand_back() -> None:
    """Put the job in hand back, uncounted: for a worker that was told to stop and will not wait for its end."""
    if not _at_work.is_set():
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing' AND queue_name = %s", [QUEUE]
        )


@contextmanager
def _the_only_worker(stop: threading.Event) -> Iterator[bool]:
    """Hold the lock of the one worker, once it is free; False when told to stop before."""
    with psycopg.connect(**connector_params(), autocommit=True) as own:
        while own.execute("SELECT pg_try_advisory_lock(%s)", [THE_WORKER]).fetchone() != (True,):
            if stop.wait(LOOK_AGAIN):
                yield False
                return
        yield True


def _begin_again() -> None:
    """Queue again what was under way when its worker died."""
    for job in ProcrastinateJob.objects.filter(queue_name=QUEUE, status=Status.DOING.value).order_by("id"):
        if job.attempts + 1 < MOST_STARTS:
            log.warning("job %s (%s): its worker died; it is begun again", job.pk, job.task_name)
            _jobs().retry_job_by_id(job.pk, utils.utcnow())
            continue
        log.error("job %s (%s): its worker died %s times; given up", job.pk, job.task_name, MOST_STARTS)
        with transaction.atomic():
            async_to_sync(_jobs().finish_job_by_id_async)(job.pk, Status.FAILED, delete_job=False)
            if told := _given_up.get(job.task_name):
                _tell(told, job)


def _tell(told: Callable[..., None], job: ProcrastinateJob) -> None:
    """An error here must not keep the worker from the other jobs, now and each time it is begun again."""
    try:
        with transaction.atomic():
            told(**job.args)
    except Exception:
        log.exception("job %s (%s): given up, but nobody could be told", job.pk, job.task_name)


async def _work(stop: threading.Event, until_done: bool) -> None:
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        async with app.open_async():
            told = asyncio.create_task(asyncio.to_thread(stop.wait))
            working = asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE], wait=not until_done, install_signal_handlers=False, delete_jobs="successful"
                )
            )
            await asyncio.wait({told, working}, return_when=asyncio.FIRST_COMPLETED)
            lost = working.done() and not until_done and not stop.is_set()
            stop.set()
            working.cancel()  # it ends after the job in hand
            with suppress(asyncio.CancelledError):
                await working
            await told
    if lost:
        raise OSError("the worker has lost its database")


def _jobs() -> manager.JobManager:
    """The queue by way of Django's connection, and so in the transaction that is open there."""
    return manager.JobManager(DjangoConnector())
